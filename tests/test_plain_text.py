"""Text from outside is plain text: in the terminal, in the log and in the report."""

import ast
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from core.cancel import Cancellation
from core.cli.output import Console, print_lines
from core.errors import as_error
from core.i18n.translation import DOMAIN, ENGLISH, LANGUAGES, LOCALE, number, use_language
from core.log import set_up
from core.net.network import Network
from core.paths import LOG_FILE
from core.plain_text import readable, visible
from core.report.report import question_here, report_text
from core.verdicts.local_files import INTERNAL_ERROR
from program import Finished, Program

ROOT = Path(__file__).resolve().parent.parent
# Escape sequences with ESC and with C1, a bell, DEL, marks of direction, and odd line ends.
EVIL = "\x1b[31m\x9b2J\x07\x7f\u202e\u2066\u200b\r\x85\u2028"
# A file name can hold no NUL; everything else is possible on Linux, a line end too.
EVIL_NAME = EVIL + "\n"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a folder for evil files."""
    (tmp_path / "work" / "tokens").mkdir(parents=True)
    return Program(tmp_path / "work", tmp_path / "home", {"NO_PROXY": "*"})


def _control_characters(text: str) -> set[str]:
    return {c for c in text if not c.isprintable() and c != "\n"}


def _assert_plain(done: Finished, program: Program) -> None:
    said = done.out + done.err
    assert set() == _control_characters(said), said
    for log in program.home.rglob(LOG_FILE):
        assert set() == _control_characters(log.read_text("utf-8"))


@given(st.text())
def test_a_visible_text_is_printable(text: str) -> None:
    """It is one line, a printable text stays as it is, and doing it twice changes nothing."""
    shown = visible(text)
    assert shown.isprintable()
    assert shown == visible(shown)
    assert not text.isprintable() or text == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("C:\\tokens\\a b.txt", "C:\\tokens\\a b.txt"),
        ("Müller 例え 🙂 «x»", "Müller 例え 🙂 «x»"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\tb\r\n", "a\\tb\\r\\n"),
        ("a\x9bb\x7f", "a\\x9bb\\x7f"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("a\xa0b\u200b\ufeff", "a\\xa0b\\u200b\\ufeff"),
        ("a\ud800\U000e0001", "a\\ud800\\U000e0001"),
    ],
)
def test_what_can_not_be_seen_is_escaped(text: str, shown: str) -> None:
    """Letters of all scripts and the backslashes of paths stay."""
    assert shown == visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fichier\xa0: «\xa0x\xa0»\xa0; 1\u202f234", "Fichier\xa0: «\xa0x\xa0»\xa0; 1\u202f234"),
        ("a\xa0b", "a\\xa0b"),
        ("«\u202fx", "«\\u202fx"),
        ("\x1b\xa0:\u202e", "\\x1b\xa0:\\u202e"),
    ],
)
def test_a_sentence_keeps_its_no_break_spaces(text: str, shown: str) -> None:
    """Those of French typography and of numbers; elsewhere they may hide in a name."""
    assert shown == readable(text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_translation_is_shown_with_an_escape(code: str) -> None:
    """The terminal and the window print the texts and the numbers of each language as they are."""
    use_language(code)
    lines = [line for text in _translations(code) for line in text.splitlines()]
    for line in (*lines, number(1_234_567.8, 1)):
        assert line == readable(line)


def _translations(code: str) -> Iterator[str]:
    if code != ENGLISH:
        with (Path(LOCALE) / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
            for message in read_po(file):
                text = message.string
                yield from [text] if isinstance(text, str) else text or ()


def test_all_output_goes_through_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Results, messages, warnings and errors are escaped where they are printed."""
    error = as_error(INTERNAL_ERROR, detail=EVIL, address=EVIL)
    print_lines(EVIL, f"a{EVIL}\n")
    console = Console(prefix="oauth2_imap: ")
    console.say(EVIL)
    console.error(error, EVIL, mailbox=[EVIL])
    console.warning(error, EVIL)
    captured = capsys.readouterr()
    assert set() == _control_characters(captured.out + captured.err)
    assert "\\x1b[31m" in captured.out
    assert all(line.startswith("oauth2_imap: ") for line in captured.err.splitlines())


def test_nothing_else_prints() -> None:
    """A `print` outside core/cli/output.py would go around that place."""
    found = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "core").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (
            (isinstance(node, ast.Attribute) and node.attr in ("write", "writelines"))
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in ("stdout", "stderr")
        )
    }
    assert {"core/cli/output.py"} == found


@pytest.mark.only_on("posix", reason="Windows forbids these names")
@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["status", "--json"],
        ["status", "--check"],
        ["doctor"],
        ["doctor", "--fix"],
        ["inspect"],
        ["inspect", "--json"],
        ["status", f"x{EVIL}y@lab.example"],
        ["--refresh_only", "you@gmail.com"],
        ["--print_token", "you@gmail.com"],
        ["--debug", "--refresh_only", "you@gmail.com"],
        ["run", "you@gmail.com", "--", sys.executable],
        ["run", f"tokens/oauth2_tokens_{EVIL_NAME}@gmail.com.txt", "--", "true"],
        ["forget", "--yes", "--no_revoke", "you@gmail.com"],
        ["providers"],
    ],
    ids=lambda words: " ".join(words)[:20],
)
def test_evil_token_files(program: Program, words: list[str]) -> None:
    """Names of token files and each of their lines may come from another user."""
    tokens = program.folder / "tokens"
    lines = "".join(
        f"# {key} is {EVIL}x@gmail.com{EVIL}\n"
        for key in ("Account", "Provider", "Application", "Login hint", "Refresh token", EVIL)
    )
    (tokens / f"oauth2_tokens_{EVIL_NAME}@gmail.com.txt").write_text(f"token\n\n{lines}", "utf-8")
    (tokens / f"oauth2_tokens_{EVIL_NAME}x.txt").write_text(
        f"tok{EVIL}en\n{EVIL}\n{EVIL}\n", "utf-8"
    )
    (tokens / "oauth2_tokens_you@gmail.com.txt").write_text(
        f"token\nrefresh{EVIL}\n# Account is you@gmail.com\n# Provider is {EVIL}\n", "utf-8"
    )
    _assert_plain(program.run_here(*words), program)


@pytest.mark.parametrize(
    "toml",
    [
        '[providers."a\\u001b[31m\\u202e"]\ntoken_uri = "x"\n',
        '[providers.gmail]\n"imap\\u001b[31m\\u009b" = 1\n',
        '[providers.gmail.applications."x\\u0007\\u202e"]\nclient_id = 1\n',
        '["\\u001b[31m"]\n',
        '[providers.gmail]\nlabel = "Mail\\u001b[31m\\u202e"\n',
        "[providers.gmail]\nimap_host = \x1b[31m\n",
    ],
)
@pytest.mark.parametrize("words", [["status", "--check"], ["providers"], ["you@gmail.com"]])
def test_evil_settings(program: Program, toml: str, words: list[str]) -> None:
    """A key or a value of a providers.toml may come from a web page."""
    program.configure(toml)
    done = program.run_here(*words)
    assert 0 != done.code
    _assert_plain(done, program)


@pytest.mark.parametrize(
    "words",
    [
        ["--token_file", f"/nope{EVIL}/x", "a@gmail.com", "--refresh_only"],
        ["--token_file", f"/nope{EVIL}/x"],
        ["--ca_file", f"/nope{EVIL}", "--refresh_only", "a@gmail.com"],
        [f"x{EVIL}y@gmail.com"],
        [f"x{EVIL}y@gmail.com", "a@gmail.com"],
        ["--json", f"x{EVIL}y@gmail.com", "a@gmail.com"],
        ["--provider", f"l{EVIL}", "a@gmail.com"],
        ["--application", f"l{EVIL}", "a@gmail.com"],
        ["--until", f"1{EVIL}", "--loop", "a@gmail.com"],
        ["run", "a@gmail.com", "--side", "1", "--", f"/bin/nope{EVIL}"],
        ["run", "--", "imapsync", "--user1", f"x{EVIL}"],
        ["doctor", f"/nope{EVIL}"],
        [f"--foo{EVIL}"],
        ["--every", f"x{EVIL}", "a@b.example"],
        ["--tenant", f"x{EVIL}", "a@outlook.com"],
        ["--redirect_uri", f"x{EVIL}", "a@gmail.com"],
        ["detect", f"a@b{EVIL}c.example"],
        ["a@gmail.com", f"tokens/{EVIL}.txt", "localhost"],
        ["a@gmail.com", "tokens/\udcff.txt"],
    ],
    ids=lambda words: " ".join(words)[:16],
)
def test_evil_command_lines(program: Program, words: list[str]) -> None:
    """A web page that shows a command to copy may hide characters in it."""
    done = program.run_here(*words)
    assert 0 != done.code
    assert "Internal error" not in done.err
    _assert_plain(done, program)


def test_the_log_is_plain_text(tmp_path: Path) -> None:
    """No message and no traceback looks like another record or acts on a terminal."""
    root, forged = logging.getLogger(), "\n2026-01-02 03:04:05,678 ERROR core: forged"
    handlers, level = root.handlers[:], root.level
    set_up(folder=tmp_path)
    try:
        raise ValueError(f"a{EVIL}{forged}")
    except ValueError:
        root.exception("b%s", f"{EVIL}{forged}")
    finally:
        for handler in set(root.handlers) - set(handlers):
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    text = (tmp_path / LOG_FILE).read_text("utf-8")
    assert set() == _control_characters(text)
    first, *others = text.splitlines()
    assert "b\\x1b[31m" in first
    assert all(line.startswith("    ") for line in others)
    assert 2 == sum(line.startswith("    2026-01-02") for line in others)


def test_the_report_is_plain_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of token files, keys of settings and old lines of the log are escaped in it."""
    for name in ("https_proxy", "HTTPS_PROXY"):  # so that nothing leaves this computer
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    evil = tmp_path / f"oauth2_tokens_{EVIL if os.name == 'posix' else ''}@gmail.com.txt"
    evil.write_text(f"to{EVIL}ken\n# Provider is {EVIL}\n", "utf-8")
    (tmp_path / "own.toml").write_text('[providers.x]\n"a\\u001b[31m" = 1\n')
    (tmp_path / LOG_FILE).write_text(f"an old line {EVIL}\n", "utf-8")
    question = replace(
        question_here([], [evil], Network(0.01)),
        own_file=tmp_path / "own.toml",
        settings_file=tmp_path / f"none{EVIL}.ini",
        log_folder=tmp_path,
    )
    text = report_text(question, Cancellation())
    assert set() == _control_characters(text)
    assert "\\x1b[31m" in text
