"""What programs and developers read is the same in every language: logs, `--json`, reports.

The language of the tests puts each text of the program between brackets.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import pseudo_language
from core.i18n import translation
from core.i18n.translation import ENGLISH, use_language
from core.paths import LOG_FILE
from core.times import local_time
from program import Finished, Program, program_of
from servers import Stage

_NUMBER = re.compile(r"\d+")  # times, durations and ports differ from run to run
_OF_SERVERS = "core.net.loopback"


@pytest.fixture(autouse=True)
def _pseudo_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("locale")
        pseudo_language.write_catalogue(folder)
        patch.setattr(translation, "LOCALE", str(folder))
        translation._catalog_of.cache_clear()
        yield
    translation._catalog_of.cache_clear()
    use_language(ENGLISH)


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the folder of a signed-in mailbox."""
    stage.sign_in()
    return program_of(stage)


def in_both(
    program: Program, words: Sequence[str], prepare: Callable[[], object] = lambda: None
) -> tuple[Finished, Finished]:
    """Run it in English, then in the other language; each time after `prepare`."""
    runs = []
    for code in (ENGLISH, pseudo_language.CODE):
        log_of(program).unlink(missing_ok=True)
        prepare()
        runs.append(program.run_here(*words, "--language", code))
        program.home.joinpath(code).write_text(log_text(program), "utf-8")
    english, other = runs
    assert english.code == other.code, other.err
    return english, other


def log_of(program: Program) -> Path:
    """The log file of the program."""
    return next(program.home.rglob(LOG_FILE), program.home / LOG_FILE)


def log_text(program: Program) -> str:
    """The log without the lines of the servers, which run in this process; empty if none."""
    file = log_of(program)
    lines = file.read_text("utf-8").splitlines(keepends=True) if file.exists() else []
    return "".join(line for line in lines if _OF_SERVERS not in line)


def is_translated(text: str) -> bool:
    """Whether any part of a text is in the other language."""
    return pseudo_language.untranslated(text) != text


def lasting(text: str) -> str:
    """A text without its numbers."""
    return _NUMBER.sub("#", text)


def assert_same_logs(program: Program) -> None:
    """The logs of both runs have the same lines."""
    english, other = (
        program.home.joinpath(code).read_text("utf-8") for code in (ENGLISH, pseudo_language.CODE)
    )
    assert english
    assert lasting(english) == lasting(other)


def words_of(stage: Stage, *more: str) -> list[str]:
    """A command line for the mailbox of the stage."""
    return [stage.file().account, "--ca_file", str(stage.ca_file), *more]


def test_the_log_of_a_refresh(stage: Stage, program: Program) -> None:
    """The terminal speaks the language of the user, the log speaks English."""
    english, other = in_both(program, words_of(stage), stage.age)
    assert is_translated(other.err)
    assert not is_translated(english.err)
    assert_same_logs(program)


def test_the_log_of_an_error(stage: Stage, program: Program) -> None:
    """The notes of an error are not in the log, its message is."""
    stage.change(refresh="a-token-that-was-never-issued", expires_at=stage.clock() - 100)
    _english, other = in_both(program, words_of(stage, "--refresh_only"))
    assert other.code != 0
    assert is_translated(other.err)
    assert_same_logs(program)


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("doctor",),
        ("inspect",),
        ("providers",),
        ("schedule", "--for", "cron"),
    ],
    ids=lambda words: words[0],
)
def test_json(words: Sequence[str], program: Program) -> None:
    """A script reads the same lines, whatever the language."""
    english, other = in_both(program, (*words, "--json"))
    assert not is_translated(other.out)
    assert lasting(english.out) == lasting(other.out)


def test_the_report_on_a_list(stage: Stage, program: Program) -> None:
    """Its two files are the same; the terminal translates the messages."""
    lines = ["address,provider", f"{stage.file().account},demo", "nobody,demo", "a@b.example,none"]
    (program.folder / "list.csv").write_text("\n".join(lines), "utf-8")
    files = [program.folder / f"list.report.{kind}" for kind in ("csv", "json")]
    before: list[str] = []

    def put_aside() -> None:
        before.extend(file.read_text("utf-8") for file in files if file.exists())
        stage.age()

    words = ["batch", "list.csv", "--no_check", "--ca_file", str(stage.ca_file)]
    _english, other = in_both(program, words, put_aside)
    assert is_translated(other.err)
    assert before
    assert list(map(lasting, before)) == [lasting(file.read_text("utf-8")) for file in files]
    assert_same_logs(program)


def test_the_report_for_developers(program: Program) -> None:
    """`report` writes English, whoever asks for help."""
    english, other = in_both(program, ["report"])
    texts = [Path(done.out.strip()).read_text("utf-8") for done in (english, other)]
    assert not is_translated(texts[1])
    assert "imapsync uses it as: a file" in texts[1]


def test_a_time_in_the_log_is_that_of_a_program() -> None:
    """The date of another day is as sortable as ever."""
    use_language(pseudo_language.CODE)
    shown = local_time(1e9, 0)
    assert is_translated(shown)
    assert re.fullmatch(r"[\d-]{10} [\d:]{5}", translation.english(shown))
