"""The catalogues of the translations: current, whole, and without a mistake of form."""

import re
from collections.abc import Iterable
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

import catalogs
from core.i18n.translation import ENGLISH, LANGUAGES

CODES = [code for code in LANGUAGES if code != ENGLISH]
_OPTION = re.compile(
    r"(?<![\w-])--?[a-z][a-z0-9_]+|[A-Z]+_[A-Z_]+"
)  # an option, or the name of a variable


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return catalogs.marked_texts()


@pytest.mark.parametrize("code", CODES)
def test_catalogues_are_current(code: str, texts: Catalog) -> None:
    for path, content in catalogs.current(code, texts).items():
        assert path.read_bytes() == content, f"run: {catalogs.COMMAND}"


def _messages(code: str) -> list[Message]:
    return [message for message in catalogs.read(code) if message.id]


def _forms(message: Message) -> Iterable[tuple[str, str]]:
    """Each translated form, with the English one that it stands for."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string or (), strict=True))


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_translated(code: str) -> None:
    missing = [
        original for one in _messages(code) for original, form in _forms(one) if not form.strip()
    ]
    assert not missing, f"{len(missing)} texts have no translation"


def _placeholders(text: str) -> set[str]:
    return {name for _before, name, _form, _conversion in Formatter().parse(text) if name}


def _mistakes(original: str, form: str) -> Iterable[str]:
    """What must be the same in a translation: rules of form, not of language."""
    if _placeholders(original) != _placeholders(form):
        yield "placeholders"
    if set(_OPTION.findall(original)) != set(_OPTION.findall(form)):
        yield "options and names"
    if _keys(original) != _keys(form):
        yield "letter to press (&)"
    if original.strip() and (original[0].isspace(), original[-1].isspace()) != (
        form[0].isspace(),
        form[-1].isspace(),
    ):
        yield "space at an end"
    if original.count("\n") != form.count("\n"):
        yield "lines"
    if original.endswith("…") != form.endswith("…"):
        yield "…"
    if original.endswith(".") != form.endswith("."):
        yield "full stop"
    if "\N{EM DASH}" in form:
        yield "dash"


def _keys(text: str) -> int:
    return len(re.findall(r"(?<!&)&(?=[^\W_])", text.replace("&&", "")))


@pytest.mark.parametrize("code", CODES)
def test_translations_have_the_form_of_the_text(code: str) -> None:
    wrong = [
        (mistake, original, form)
        for one in _messages(code)
        for original, form in _forms(one)
        if form
        for mistake in _mistakes(original, form)
    ]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    ("original", "form", "mistake"),
    [
        ("{path} is empty", "{pfad} ist leer", "placeholders"),
        ("Use --loop.", "Nutzen Sie --schleife.", "options and names"),
        ("&Open", "Öffnen", "letter to press (&)"),
        ("Open…", "Öffnen", "…"),
        ("Done.", "Fertig", "full stop"),
        ("a\nb", "a b", "lines"),
        ("a: ", "a:", "space at an end"),
    ],
)
def test_a_mistake_of_form_is_found(original: str, form: str, mistake: str) -> None:
    assert mistake in _mistakes(original, form)
