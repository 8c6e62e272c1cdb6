"""The language of the user: which one it is, and what a translated text still knows."""

import copy
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.error_lines import log_line
from core.errors import as_error
from core.i18n import translation
from core.i18n.system_languages import system_languages
from core.i18n.translation import _, english, joined, language, ngettext, number, use_language
from core.verdicts import local_commands

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    use_language(translation.ENGLISH)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (("de",), "de"),
        (("de_AT.UTF-8",), "de"),
        (("fr-CA",), "fr"),
        (("FR_fr@euro",), "fr"),
        (("nl", "de"), "de"),
        (("en_GB", "de"), "en"),
        (("de.UTF-8",), "de"),
        (("delta",), "en"),
        (("",), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_the_program_has(wanted: tuple[str, ...], chosen: str) -> None:
    use_language(*wanted)
    assert language() == chosen


@pytest.mark.only_on("posix", reason="without variables Windows asks the system")
@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, ""),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "fr_FR"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "fr_FR", "LC_ALL": "de_DE"}, "de"),
        ({"LANG": "de_DE", "LANGUAGE": "fr:de"}, "fr"),
        ({"LANG": "de_DE", "LANGUAGE": "en_US:fr"}, "en"),
        # https://www.gnu.org/software/gettext/manual/html_node/The-LANGUAGE-variable.html
        ({"LC_ALL": "C", "LANGUAGE": "fr"}, ""),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "fr"}, ""),
        ({"LC_ALL": "POSIX", "LANG": "de_DE"}, ""),
    ],
)
def test_the_language_of_the_system(
    variables: dict[str, str], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    use_language(*system_languages())
    assert language() == (found or translation.ENGLISH)


def test_a_translated_text_knows_its_english_one() -> None:
    use_language("de")
    text = _("Next step: {step}", step="Los")
    assert text != "Next step: Los"
    assert text.endswith("Los")
    assert english(text) == "Next step: Los"
    assert english(joined((text, "", text))) == "Next step: Los Next step: Los"


def test_a_copy_knows_its_english_one_too() -> None:
    use_language("de")
    text = _("Next step: {step}", step="a")
    for copied in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301  # our own
        assert (copied, english(copied)) == (text, "Next step: a")


def test_a_value_is_translated_in_the_text_and_english_in_the_log() -> None:
    use_language("de")
    inner = _("Next step: {step}", step="a")
    outer = _("Next step: {step}", step=inner)
    assert english(outer) == "Next step: Next step: a"
    assert inner in outer


@pytest.mark.parametrize(
    ("code", "written"),
    [("en", "1,234,567.5"), ("de", "1.234.567,5"), ("fr", "1\u202f234\u202f567,5")],
)
def test_numbers_are_written_as_in_the_language(code: str, written: str) -> None:
    use_language(code)
    assert number(1_234_567.5, 1) == written
    assert english(number(1_234_567.5, 1)) == "1,234,567.5"


@pytest.mark.parametrize(
    ("code", "one"), [("en", {1}), ("de", {1}), ("fr", {0, 1})], ids=["en", "de", "fr"]
)
def test_the_form_that_goes_with_a_number(code: str, one: set[int]) -> None:
    use_language(code)
    catalog = translation._catalog()
    for count in range(4):
        text = ngettext("{count} fly", "{count} flies", count)
        assert text.startswith(str(count))
    if catalog is not None:
        rules = {count: catalog.ngettext("one", "many", count) for count in range(4)}
        assert len(set(rules.values())) == 2
        plural = getattr(catalog, "plural")  # noqa: B009  # gettext's own, without a type
        assert {count for count in range(4) if plural(count) == 0} == one


def test_an_error_is_translated_for_the_user_and_english_for_the_log() -> None:
    use_language("fr")
    error = as_error(local_commands.LANGUAGE_UNKNOWN, name="xx", known="en, de, fr")
    in_french = error.message
    use_language("en")
    assert in_french != error.message
    assert str(error) == error.message
    use_language("fr")
    assert str(error) in log_line(error)
    assert in_french not in log_line(error)


def test_a_damaged_catalogue_is_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "de" / "LC_MESSAGES" / "oauth2_imap.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no catalogue")
    monkeypatch.setattr(translation, "LOCALE", tmp_path)
    translation._catalog_of.cache_clear()
    use_language("de")
    assert _("Next step: {step}", step="a") == "Next step: a"
    translation._catalog_of.cache_clear()


def test_english_needs_no_catalogue() -> None:
    code = (
        "import sys; from core.i18n.translation import _; _('a'); print('gettext' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("code", ["de", "fr"])
def test_the_terminal_speaks_the_language(code: str) -> None:
    command = [sys.executable, "-m", "core", "--language", code, "--every", "5", "a@example.com"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    english_one = subprocess.run(
        [*command[:3], *command[5:]], capture_output=True, text=True, check=False
    )
    assert done.returncode == english_one.returncode == 2
    assert done.stderr != english_one.stderr
    assert not re.search(r"Next step", done.stderr)


def test_json_is_english_in_every_language(tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.write_text("")
    command = [sys.executable, "-m", "core", "doctor", "--json", str(file)]
    runs = [
        subprocess.run(given, capture_output=True, text=True, check=False)
        for given in (command, [*command, "--language", "de"])
    ]
    assert runs[0].stdout
    assert runs[0].stdout == runs[1].stdout


def test_an_unknown_language_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "core", "--language", "tlh", "providers"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "en, de, fr" in done.stderr
