"""The pages in other languages name the buttons as the window does in that language."""

import re
from pathlib import Path

import pytest

import catalogs
from core.i18n.translation import ENGLISH, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
CODES = [code for code in LANGUAGES if code != ENGLISH]
PAGES = ("README.md", "docs/WINDOW.md")
_EMPHASIZED = re.compile(r"\*\*([^*\n]+)\*\*|(?<!\*)\*([^*\n]+)\*(?!\*)")


def _label(text: str) -> str:
    """A text of the window without the letter to press, as a page names it."""
    return re.sub(r"&(?!&)|\s\(&\w\)", "", re.sub(r"\s?\(&\w\)", "", text)).rstrip(
        " \N{NO-BREAK SPACE}:"
    )


def _labels(code: str) -> dict[str, str]:
    """The translation of each text of the window."""
    return {
        _label(one.id): _label(str(one.string))
        for one in catalogs.read(code)
        if isinstance(one.id, str) and any(place.startswith("gui/") for place, _ in one.locations)
    }


def _emphasized(page: str) -> set[str]:
    return {
        bold or slanted for bold, slanted in _EMPHASIZED.findall((ROOT / page).read_text("utf-8"))
    }


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("page", PAGES)
def test_a_translated_page_names_the_buttons_of_the_window(page: str, code: str) -> None:
    labels = _labels(code)
    named = _emphasized(page) & labels.keys()
    assert len(named) > 5, "the page names buttons"
    translated = (ROOT / page.replace(".md", f".{code}.md")).read_text("utf-8")
    folded = translated.casefold()
    missing = {name: labels[name] for name in named if labels[name].casefold() not in folded}
    assert not missing
