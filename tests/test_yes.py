"""What counts as a yes: the English words, and those of the language of the question."""

import re
from collections.abc import Iterator

import pytest

import catalogs
from core.cli.yes import is_yes
from core.i18n.translation import ENGLISH, LANGUAGES, use_language

QUESTION = re.compile(r"\[(\w)/N\]$")


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    use_language(ENGLISH)


@pytest.mark.parametrize(
    ("code", "yes", "no"),
    [
        ("en", ("y", "yes\n", " YES "), ("n", "", "\n", "j", "yesterday")),
        ("de", ("j", "Ja\n", "y", "yes"), ("n", "nein", "", "o")),
        ("fr", ("o", "Oui\n", "y", "yes"), ("n", "non", "", "j")),
    ],
)
def test_what_counts_as_a_yes(code: str, yes: tuple[str, ...], no: tuple[str, ...]) -> None:
    """English counts everywhere, as guides show it. All that is not a yes is a no."""
    use_language(code)
    assert all(map(is_yes, yes))
    assert not any(map(is_yes, no))


@pytest.mark.parametrize("code", LANGUAGES)
def test_questions_show_a_letter_that_counts(code: str) -> None:
    """The letter in [y/N] of each translated question is one that means yes."""
    use_language(code)
    texts = catalogs.marked_texts() if code == ENGLISH else catalogs.read(code)
    questions = [text for text in texts if QUESTION.search(str(text.id))]
    letters = [QUESTION.search(str(text.string or text.id)) for text in questions]
    assert letters
    assert all(letter and is_yes(letter[1]) for letter in letters)
