"""`schedule`: the command, and the files for cron, systemd and the Task Scheduler."""

import re
import subprocess
import time
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from core.errors import AppError
from core.schedule import cron, systemd, task_scheduler
from core.schedule.plan import Plan
from core.tokenfile.format import TokenFile, serialize
from core.verdicts import local_commands
from program import Program, installed_python

ADDRESS = "you@gmail.com"
# What a shell, cron or systemd would read as something else.
NASTY = "we\"ird $HOME %h 'x' & \\n"
SHOW = '#!/bin/sh\npwd\nprintf "%s\\n" "$OAUTH2_IMAP_HOME" "$@"\n'


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """An installed program, in a folder with one token file."""
    tokens = tmp_path / "work" / "tokens"
    tokens.mkdir(parents=True)
    file = TokenFile("an-access-token", "a-refresh-token", account=ADDRESS, provider="gmail")
    (tokens / f"oauth2_tokens_{ADDRESS}.txt").write_bytes(serialize(file, now=time.time()))
    python = installed_python(tmp_path / "installed")
    return Program(tmp_path / "work", tmp_path / "home", command=(str(python), "-m", "core"))


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A plan with a program and a folder whose names are as bad as they can be."""
    folder = tmp_path / NASTY
    folder.mkdir()
    show = tmp_path / "$HOME 100%h" / "show it"
    show.parent.mkdir()
    show.write_text(SHOW, "ascii")
    show.chmod(0o755)
    return Plan(
        program=(str(show),),
        folder=folder,
        tokens=folder / "tokens",
        addresses=(ADDRESS, "o'hara+100%@example.com"),
        every=15,
        home=str(folder / "home"),
    )


def shown_by(plan: Plan) -> list[str]:
    """What the program of the plan shows when it is started as planned."""
    options = ["--refresh_only", "--min_left", "30"]
    return [str(plan.folder), plan.home, *options, *plan.addresses]


@pytest.mark.only_on("posix", reason="there is cron and sh")
def test_the_line_of_cron(plan: Plan) -> None:
    """The shell, which gets what cron leaves of the line, starts the program with its words."""
    [written] = cron.write(plan)
    *times, command = written.text.rstrip("\n").split(" ", 5)
    assert ["*/15", "*", "*", "*", "*"] == times
    assert not re.search(r"(?<!\\)%", command)  # cron would end the line there
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("\\%", "%")],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    assert shown_by(plan) == done.stdout.splitlines()


@pytest.mark.only_on("linux", reason="systemd is a part of Linux")
@pytest.mark.needs_program("systemd-analyze", reason="it reads the units")
def test_systemd_accepts_the_units(plan: Plan, tmp_path: Path) -> None:
    """It finds the program by its quoted path, and has nothing to say."""
    units = []
    for written in systemd.write(plan):
        units.append(tmp_path / written.name)
        units[-1].write_text(written.text, "utf-8")
    verify = ["systemd-analyze", "--user", "--man=no", "verify", *map(str, units)]
    environ = {"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(verify, capture_output=True, text=True, check=False, env=environ)
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.only_on("posix", reason="a name on Windows has none of these characters")
def test_the_words_of_systemd(plan: Plan) -> None:
    """Unquoted as its manual says, they are the words of the plan; only variables differ."""
    service, timer = systemd.write(plan)
    lines = dict(line.split("=", 1) for line in service.text.splitlines() if "=" in line)
    words = re.findall(r'"((?:\\.|[^"\\])*)"', lines["ExecStart"])
    plain = [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]
    assert [*plan.program, *shown_by(plan)[2:]] == plain
    assert str(plan.folder) == lines["WorkingDirectory"].replace("%%", "%")
    assert "OnCalendar=*:0/15\n" in timer.text


def test_the_task_of_windows() -> None:
    """The file is UTF-16, as schtasks reads it, and its parts are in the order of the schema."""
    folder = Path("C:/Users/Jörg & Co")
    plan = Plan(
        program=(r"C:\Program Files\oauth2_imap\oauth2_imap_cli.exe",),
        folder=folder,
        tokens=folder / "tokens",
        addresses=(ADDRESS,),
        every=30,
    )
    [written] = task_scheduler.write(plan)
    task = fromstring(written.text.encode(written.encoding))  # noqa: S314  # our own text
    space = f"{{{task_scheduler.NAMESPACE}}}"
    assert f"{space}Task" == task.tag
    parts = ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert parts == [part.tag.removeprefix(space) for part in task]
    trigger = task.find(f"{space}Triggers/{space}TimeTrigger")
    assert trigger is not None
    assert ["Repetition", "StartBoundary", "Enabled"] == [
        t.tag.removeprefix(space) for t in trigger
    ]
    assert "PT30M" == task.findtext(f".//{space}Interval")
    texts = {part.tag.removeprefix(space): part.text for part in task.iter()}
    assert r"C:\Program Files\oauth2_imap\oauth2_imap.exe" == texts["Command"]
    assert f"--refresh_only --min_left 60 {ADDRESS}" == texts["Arguments"]
    assert str(folder) == texts["WorkingDirectory"]


def test_one_file_is_printed_as_it_is(program: Program) -> None:
    """So it can be sent into a file; the steps go to standard error."""
    done = program.run("schedule", "--for", "cron", "--every", "15")
    assert 0 == done.code, done.err
    assert 1 == len(done.out.splitlines())
    assert done.out.startswith(f"*/15 * * * * cd {program.folder} && OAUTH2_IMAP_HOME=")
    assert done.out.endswith(f"/oauth2_imap --refresh_only --min_left 30 {ADDRESS}\n")
    assert "1. Add the line to your crontab" in done.err


def test_several_files_have_their_names(program: Program) -> None:
    """In a comment above each of them."""
    done = program.run("schedule", "--for", "systemd", ADDRESS)
    assert 0 == done.code, done.err
    names = [line for line in done.out.splitlines() if line.startswith("# File:")]
    assert ["# File: oauth2_imap.service", "# File: oauth2_imap.timer"] == names


def test_a_changed_file_stays(program: Program) -> None:
    """The same content may be written again; what the user has changed is not replaced."""
    words = ("schedule", "--for", "compose", "--to", "files")
    assert 0 == program.run(*words).code
    assert 0 == program.run(*words).code
    changed = program.folder / "files" / "compose.yaml"
    changed.write_text("mine", "ascii")
    done = program.run(*words)
    assert 2 == done.code
    assert f"{changed.relative_to(program.folder)} is there already" in done.err
    assert "mine" == changed.read_text("ascii")


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ((), local_commands.SCHEDULE_FOR_WHAT),
        (("--for", "at"), local_commands.SCHEDULE_FOR_WHAT),
        (("--for", "cron", "--every", "7"), local_commands.SCHEDULE_EVERY),
        (("--for", "cron", "--every", "0.5"), local_commands.SCHEDULE_EVERY),
        (("--for", "cron"), local_commands.SCHEDULE_NOT_INSTALLED),
        (("--for", "docker", "--to", "tokens/a_file"), local_commands.SCHEDULE_NOT_WRITTEN),
    ],
)
def test_what_it_refuses(program: Program, words: tuple[str, ...], verdict: object) -> None:
    """With the exit code of a wrong command line, or of a failure."""
    (program.folder / "tokens" / "a_file").write_text("x", "ascii")
    here = Program(program.folder, program.home)  # the sources, which nobody has installed
    done = here.run_here("schedule", *words, ADDRESS)
    expected = AppError(verdict).exit_code  # type: ignore[arg-type]
    assert expected == done.code, done.err


def test_what_windows_would_replace_is_refused(program: Program) -> None:
    """The Task Scheduler reads %NAME% in a path, and nothing switches that off."""
    folder = program.folder / "100%"
    program.folder.joinpath("tokens").rename(folder.parent / "moved")
    folder.mkdir()
    (folder.parent / "moved").rename(folder / "tokens")
    there = Program(folder, program.home, command=program.command)
    done = there.run("schedule", "--for", "task_scheduler")
    assert 2 == done.code
    assert "task_scheduler can't start a command with this text in it" in done.err
    assert 0 == there.run("schedule", "--for", "cron").code


def test_systemd_refuses_quotes_in_the_program(program: Program, tmp_path: Path) -> None:
    """It would not start the unit, so the command says it before."""
    python = installed_python(tmp_path / "o'hara")
    there = Program(program.folder, program.home, command=(str(python), "-m", "core"))
    assert 2 == there.run("schedule", "--for", "systemd").code
    assert 0 == there.run("schedule", "--for", "cron").code
