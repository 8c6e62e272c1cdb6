"""The parts of `run`: reading the command, the sides, lines about logins, restarts."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.errors import Cancelled, UsageProblem
from core.imapsync.command import Side
from core.imapsync.run.command_line import ImapsyncCommand
from core.imapsync.run.exit_codes import meaning_of
from core.imapsync.run.process import end_tree, reports_refused_login
from core.imapsync.run.restart_policy import (
    Ended,
    NoRestart,
    Restart,
    RestartPolicy,
)
from core.imapsync.run.sides import additions, choose_sides, notes_on, users_without_login
from core.imapsync.run.version import Version, version_asked
from core.imapsync.shell_quoting import own_shells, quote

OLD, NEW = "old@example.com", "new@example.org"
SOURCE = Side(OLD, Path("/t/old.txt"), "imap.gmail.com")
DESTINATION = Side(NEW, Path("/t/new.txt"), "outlook.office365.com")
TODAY = (2, 277)


def command(text: str) -> ImapsyncCommand:
    """An imapsync command with these options."""
    return ImapsyncCommand(("imapsync", *text.split()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--user1 a@b.example", "a@b.example"),
        ("--user1=a@b.example", "a@b.example"),
        ("-user1 a@b.example", "a@b.example"),
        ("--USER1 a@b.example", "a@b.example"),
        ("--user1 first --user1 a@b.example", "a@b.example"),
        ("--user2 a@b.example", None),
        ("user1 a@b.example", None),
        ("", None),
    ],
)
def test_options_as_imapsync_reads_them(text: str, expected: str | None) -> None:
    """Options may have one dash or two, any case, = or a space; the last one counts."""
    assert expected == command(text).value("user1")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("imapsync", "--dry"), 1),
        (("/opt/imapsync", "--dry"), 1),
        (("imapsync.exe",), 1),
        (("IMAPSYNC.EXE",), 1),
        (("./imapsync-2.229", "x"), 1),
        (("perl", "./imapsync", "--dry"), 2),
        (("/usr/bin/perl5.36", "imapsync"), 2),
        (("imapsync_bin_Darwin", "--dry"), 1),
        (("./imapsync_bin_Darwin_12.7", "--dry"), 1),
        (("imapsync-2.288.exe",), 1),
        (("perl", "/opt/imapsync_2.277.pl"), 2),
        (("docker", "run", "gilleslamiral/imapsync", "imapsync"), 0),
        (("./imapsync_old@example.com_to_new@example.org.sh",), 0),
        (("imapsync.bat",), 0),
        (("imapsync_all.cmd",), 0),
        (("my-imapsync",), 0),
        (("./migrate.sh", "imapsync"), 0),
        (("perl", "other.pl"), 0),
        (("perl",), 0),
    ],
)
def test_what_is_asked_for_its_version(words: tuple[str, ...], expected: int) -> None:
    """Only imapsync is asked for its version, directly or by perl."""
    assert words[:expected] == ImapsyncCommand(words).imapsync


needs_sh = pytest.mark.only_on("posix", reason="the programs are scripts for sh")


def imapsync(folder: Path, script: str) -> ImapsyncCommand:
    """An imapsync that answers to --version by this script."""
    program = folder / "imapsync"
    program.write_text(f'#!/bin/sh\n[ "$*" = --version ] || exit 9\n{script}\n')
    program.chmod(0o755)
    return ImapsyncCommand((str(program), "--dry"))


def version_of(command: ImapsyncCommand) -> Version | None:
    """What it answers."""
    with version_asked(command, os.environ, Cancellation()) as answer:
        return answer()


@needs_sh
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 2.229", (2, 229)),
        ("echo 2.1000", (2, 1000)),
        ("echo warning >&2; echo 2.306", (2, 306)),
        ("echo nothing", None),
        ("exit 3", None),
    ],
)
def test_the_version(tmp_path: Path, script: str, expected: Version | None) -> None:
    """The version is what --version prints on standard output; None if that is no version."""
    assert expected == version_of(imapsync(tmp_path, script))


@needs_sh
def test_the_version_is_asked_beside_other_work(tmp_path: Path) -> None:
    """imapsync has begun to answer before anybody waits for it."""
    os.mkfifo(tmp_path / "asked")
    os.mkfifo(tmp_path / "other_work")
    command = imapsync(tmp_path, 'cd "${0%/*}"; echo >asked; read done <other_work; echo 2.288')
    with version_asked(command, os.environ, Cancellation()) as answer:
        assert "\n" == (tmp_path / "asked").read_text()
        (tmp_path / "other_work").write_text("done\n")
        assert (2, 288) == answer()


@needs_sh
@pytest.mark.parametrize("waits", [True, False], ids=["waited for", "not needed any more"])
def test_a_version_that_never_comes(tmp_path: Path, waits: bool) -> None:
    """The question ends with a cancellation and with its block, and so do its children."""
    os.mkfifo(tmp_path / "alive")
    script = 'exec 3>"${0%/*}/alive"; echo 2.288 >&3; sleep 600 & wait'
    cancelled = Cancellation()
    with version_asked(imapsync(tmp_path, script), os.environ, cancelled) as answer:
        alive = (tmp_path / "alive").open()
        assert "2.288\n" == alive.readline()
        if waits:
            cancelled.set()
            with pytest.raises(Cancelled):
                answer()
    with alive:
        assert "" == alive.read()  # nobody holds the other end any more


@needs_sh
@pytest.mark.parametrize(
    ("name", "interpreter", "asked"),
    [
        ("imapsync", "sh", True),
        ("imapsync_bin_Linux", "perl", True),
        ("imapsync_all", "sh", False),
    ],
)
def test_a_script_that_only_starts_imapsync(
    tmp_path: Path, name: str, interpreter: str, asked: bool
) -> None:
    """It isn't asked for its version, since it would start a migration."""
    (tmp_path / interpreter).symlink_to("/bin/sh")
    program, started = tmp_path / name, tmp_path / "started"
    program.write_text(f"#!{tmp_path / interpreter}\necho 2.229\ntouch '{started}'\n")
    program.chmod(0o755)
    command = ImapsyncCommand((str(program),))
    assert ((2, 229) if asked else None) == version_of(command)
    assert asked == started.exists()


@pytest.mark.parametrize(
    ("text", "chosen", "expected"),
    [
        (f"--user1 {OLD} --user2 x@y.example", 0, 1),
        (f"--user1 x@y.example --user2 {OLD}", 0, 2),
        (f"--user2 {OLD.upper()}", 0, 2),
        ("--host2 new.example --user2 me --password2 p", 0, 1),
        ("--user1 me --password1 p", 0, 2),
        ("--host1 old.example --host2 imap.gmail.com", 0, 2),
        ("--host1 IMAP.gmail.com --host2 new.example", 0, 1),
        (f"--user1 {OLD} --user2 {OLD} --host2 imap.gmail.com", 0, 2),
        (f"--user1 {OLD}", 2, 2),
        ("--password2 p", 0, 1),
        ("--host1 h --passfile1 p.txt", 0, 2),
        ("--user1 a --user2 b --PASSWORD1=p", 0, 2),
        ("--user1 a --user2 b --oauthdirect2 x", 0, 1),
        ("--user1 a --user2 b --oauthaccesstoken1 their.txt", 0, 2),
        (f"--user1 a --user2 b --oauthaccesstoken1 {SOURCE.token_file}", 0, 1),
        ("--password1 p --password2 q --oauthaccesstoken2 /inside/old.txt", 0, 2),
    ],
)
def test_the_side_of_one(text: str, chosen: int, expected: int) -> None:
    """The side comes from --side, else from the user, the file, the other login, or the server."""
    found = choose_sides([SOURCE], command(text), chosen=chosen)
    assert [expected] == [choice.number for choice in found]
    assert found[0].message.startswith(f"{OLD} is side {expected} (")


@pytest.mark.parametrize(
    "text", ["--dry", "--password1 p --password2 q", "--user1 a --password2 p"]
)
def test_a_side_that_nothing_tells(text: str) -> None:
    """If nothing shows the side, or two signs contradict each other, it is not guessed."""
    with pytest.raises(UsageProblem) as caught:
        choose_sides([SOURCE], command(text), chosen=0)
    assert "side_unknown" == caught.value.verdict.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 2]),
        (f"--user1 {OLD} --user2 {NEW}", [1, 2]),
        (f"--user1 {NEW}", [2, 1]),
        (f"--user2 {OLD}", [2, 1]),
    ],
)
def test_the_sides_of_two(text: str, expected: list[int]) -> None:
    """The order of the addresses counts, unless --user1 and --user2 say otherwise."""
    found = choose_sides([SOURCE, DESTINATION], command(text), chosen=0)
    assert expected == [choice.number for choice in found]


def test_one_address_on_both_sides() -> None:
    """If both sides have the same address, the first file is the source."""
    other = Side(OLD, Path("/t/other.txt"), "outlook.office365.com")
    found = choose_sides([SOURCE, other], command(f"--user1 {OLD} --user2 {OLD}"), chosen=0)
    assert [1, 2] == [choice.number for choice in found]


def test_a_chosen_side_for_two() -> None:
    """--side is refused for two mailboxes."""
    with pytest.raises(UsageProblem) as caught:
        choose_sides([SOURCE, DESTINATION], command(""), chosen=1)
    assert "side_for_one_mailbox" == caught.value.verdict.id


SSL = ["--host1", "imap.gmail.com", "--ssl1"]
USER = ["--user1", OLD]
TOKEN = ["--oauthaccesstoken1", str(SOURCE.token_file)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [*SSL, *USER, *TOKEN]),
        ("--host2 a --user2 b --oauthaccesstoken2 c", [*SSL, *USER, *TOKEN]),
        ("--host1 other.example", [*USER, *TOKEN]),
        ("--gmail1", [*USER, *TOKEN]),
        ("--ssl1", ["--host1", "imap.gmail.com", *USER, *TOKEN]),
        ("--nossl1", ["--host1", "imap.gmail.com", *USER, *TOKEN]),
        ("--user1 shared@example.com", [*SSL, *TOKEN]),
        ("--oauthaccesstoken1 /mine", [*SSL, *USER]),
        ("--oauthdirect1=/mine", [*SSL, *USER]),
    ],
)
def test_only_what_is_missing_is_added(text: str, expected: list[str]) -> None:
    """Options that are on the command line already are not added."""
    assert expected == additions(1, SOURCE, command(text), TODAY)


def test_another_port_is_added() -> None:
    """For a server with an unusual port and STARTTLS, both are added."""
    side = Side(OLD, SOURCE.token_file, "localhost", 1143, imap_starttls=True)
    assert ["--host1", "localhost", "--tls1", "--port1", "1143", *USER, *TOKEN] == list(
        additions(1, side, command(""), TODAY)
    )


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ("", (2, 229), True),
        ("", (2, 250), True),
        ("", (2, 251), False),
        ("", None, False),
        ("--password1 x", (2, 229), False),
        ("--passfile1=x", (2, 229), False),
    ],
)
def test_a_password_that_nobody_needs(text: str, version: Version | None, expected: bool) -> None:
    """imapsync before 2.251 gets an unused password, since it would ask for one."""
    assert expected == ("--password1" in additions(1, SOURCE, command(text), version))


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ("", (2, 266), False),
        ("", (2, 267), True),
        ("", (2, 288), True),
        ("", None, False),
        ("--oauthrefreshcmd1 mine", (2, 288), False),
        ("--oauthrefreshcmd2 mine", (2, 288), True),
        ("--oauthdirect1 x", (2, 288), False),
        ("--oauthaccesstoken1 /mine", (2, 288), False),
        (f"--oauthaccesstoken1 {SOURCE.token_file}", (2, 288), True),
    ],
)
def test_the_refresh_command(text: str, version: Version | None, expected: bool) -> None:
    """Only an imapsync that knows the option gets it, if it uses our file and no other command."""
    words = additions(1, SOURCE, command(text), version, "refresh it")
    assert expected == (("--oauthrefreshcmd1", "refresh it") == tuple(words[-2:]))
    assert expected == ("--oauthrefreshcmd1" in words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (f"--user1 {OLD.upper()} --host1 IMAP.GMAIL.COM", []),
        (f"--oauthaccesstoken1 {SOURCE.token_file}", []),
        ("--user1 shared@example.com", ["--user1 shared@example.com is not changed"]),
        ("--host1 other.example", ["--host1 other.example is not changed"]),
        ("--oauthaccesstoken1 ya29.secret", ["--oauthaccesstoken1 is not changed"]),
    ],
)
def test_what_stays_is_said(text: str, expected: list[str]) -> None:
    """A note names each option that differs from ours; it never contains a token."""
    notes = notes_on(1, SOURCE, command(text))
    assert len(expected) == len(notes)
    assert all(note.startswith(begin) for note, begin in zip(notes, expected, strict=True))
    assert "ya29.secret" not in "".join(notes)


def test_a_shared_mailbox() -> None:
    """A user who is not the token's account may be a shared mailbox: the note says what to do."""
    [note] = notes_on(1, SOURCE, command("--user1 shared@example.com"))
    assert f"run shared@example.com --login_hint {OLD} -- imapsync" in note
    [note] = notes_on(1, SOURCE, command("--user1 $(x)@example.com"))
    quoted = quote("$(x)@example.com", own_shells(sys.platform)[0])
    assert f"run {quoted} --login_hint {OLD} -- imapsync" in note


INSIDE = "--oauthaccesstoken1 /inside/old.txt"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docker run --rm gilleslamiral/imapsync imapsync", True),
        ("sudo -E /usr/bin/docker --context x run gilleslamiral/imapsync imapsync", True),
        ("podman run x", True),
        (r"DOCKER.EXE run x", True),
        (f"docker run -v /t:/inside gilleslamiral/imapsync imapsync {INSIDE}", False),
        ("imapsync --user2 docker", False),
        ("/opt/docker/imapsync", False),
    ],
)
def test_a_container_sees_other_paths(text: str, expected: bool) -> None:
    """A note says how the container gets the token file, unless the command gives it already."""
    notes = notes_on(1, SOURCE, ImapsyncCommand(tuple(text.split())))
    assert expected == bool(notes)
    if expected:
        assert f"-v {SOURCE.token_file.parent}:/tokens1 " in notes[0]
        assert "--oauthaccesstoken1 /tokens1/old.txt" in notes[0]


def test_the_options_for_a_container_are_quoted() -> None:
    """They can be copied."""
    side = Side(OLD, Path("/a b/old.txt"), "imap.gmail.com")
    [note] = notes_on(1, side, ImapsyncCommand(("docker", "run", "x")))
    assert f"-v {quote('/a b:/tokens1', own_shells(sys.platform)[0])} " in note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"--user1 {OLD} --user2 {NEW}", [OLD, NEW]),
        (f"--user1 {OLD} --password1 x --user2 {NEW}", [NEW]),
        (f"--user1 {OLD} --user2 {NEW} --passfile2=x", [OLD]),
        ("--user2 me --oauthaccesstoken2 x", []),
        ("", []),
    ],
)
def test_whose_tokens_are_wanted(text: str, expected: list[str]) -> None:
    """Users without a password or token in the command need our tokens."""
    assert expected == users_without_login(command(text))


MESSAGE = (
    b"- msg INBOX/7 {9} could not append ( Subject:[%s], Date:[x], Size:[9], Flags:[] ) to folder "
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            b"Host1 failure: Error login on [h] with user [u] auth [XOAUTH2]: 2 NO LOGIN failed.",
            True,
        ),
        (b"Err 1/50: - msg INBOX/7 {0} could not be fetched: 3 NO [AUTHENTICATIONFAILED] x", True),
        (b"x: * BYE Session invalidated - AccessTokenExpired; 3 NO AUTHENTICATE failed.", True),
        (MESSAGE % b"hello" + b"INBOX: 3 NO AUTHENTICATE failed.", True),
        (MESSAGE % b"hello" + b"INBOX: 117 BAD Parse Error", False),
        (MESSAGE % b"NO [AUTHENTICATIONFAILED]" + b"INBOX: 117 BAD Parse Error", False),
        (MESSAGE % b"a ] ) to folder INBOX: 1 NO AUTHENTICATE failed." + b"INBOX: 1 BAD", False),
        (b"Host1: success login on [h] with user [u] auth [XOAUTH2]", False),
        (b"msg INBOX/7 {9} copied to INBOX/7", False),
        (b"Err 3/50: - msg INBOX/8 {0} could not be fetched: 4 NO not connected", False),
    ],
)
def test_lines_of_refused_logins(line: bytes, expected: bool) -> None:
    """Server responses count; the subject of a message does not."""
    assert expected == reports_refused_login(line)


def ended(code: int, *, refused: bool = True, expired: bool = True, replaced: bool) -> Ended:
    """A run that has ended after its token expired."""
    return Ended(code, refused, expired, replaced)


GOOD = ended(0, replaced=True)
CUT = ended(115, replaced=True)
NOTHING_NEW = ended(143, replaced=False)
CTRL_C = Ended(130, refused=False, expired=True, replaced=True, interrupted=True)
CTRL_C_AT_START = Ended(161, refused=False, expired=True, replaced=True, interrupted=True)
OLD_CODE = ended(16, refused=False, replaced=True)
BAD_MESSAGE = ended(115, refused=False, replaced=True)
AT_START = ended(161, expired=False, replaced=False)
AT_START_LATE = ended(162, replaced=True)
PAUSES = (1.0, 2.0)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([GOOD], [None]),
        ([BAD_MESSAGE], [None]),
        ([AT_START], [None]),
        ([CTRL_C], [None]),
        ([CUT, CTRL_C_AT_START], [0, None]),
        ([OLD_CODE], [1]),
        ([ended(115, expired=False, replaced=False)], [None]),
        ([CUT, CUT, CUT, CUT, GOOD], [0, 0, 0, 0, None]),
        ([CUT, BAD_MESSAGE], [0, None]),
        ([NOTHING_NEW, NOTHING_NEW, NOTHING_NEW], [1, 2, None]),
        ([NOTHING_NEW, CUT, NOTHING_NEW], [1, 0, 1]),
        ([CUT, AT_START, AT_START, AT_START], [0, 1, 2, None]),
        ([AT_START_LATE, AT_START_LATE, AT_START_LATE], [1, 2, None]),
        ([CUT, AT_START, CUT, AT_START, AT_START], [0, 1, 0, 1, 2]),
    ],
)
def test_restarts(runs: list[Ended], expected: list[float | None]) -> None:
    """With a newer token it restarts at once; without one, after growing pauses and not forever."""
    restarts = RestartPolicy(PAUSES)
    decisions = [restarts.after(run) for run in runs]
    assert expected == [d.pause if isinstance(d, Restart) else None for d in decisions]


def test_why_not() -> None:
    """If a refused login ended imapsync, a message says so and what happens next."""
    assert NoRestart() == RestartPolicy().after(GOOD)
    assert "the token was fresh" in RestartPolicy().after(AT_START).message
    assert "--login_hint" in RestartPolicy().after(AT_START).message
    restarts = RestartPolicy(())
    assert "token was old" in restarts.after(CUT).message
    assert "not restarted" in restarts.after(AT_START).message


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (101, "the server of the source can't be reached"),
        (113, "the mailbox of the destination is full"),
        (162, "the destination refused the login"),
        (143, "signal 15 has ended it"),
        (182, "this code is not known here"),
        (200, "this code is not known here"),
    ],
)
def test_exit_codes_in_words(code: int, expected: str) -> None:
    """One sentence with the code, so that users find it in imapsync's own documents too."""
    assert f"imapsync has ended with exit code {code}: {expected}." == meaning_of(code)
    assert "" == meaning_of(0)


def test_the_end_reaches_what_the_child_has_started() -> None:
    """Ending a process also ends its children: the packed imapsync.exe works in a child."""
    inner = "import time; print('ready', flush=True); time.sleep(60)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    command = [sys.executable, "-c", outer]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
        end_tree(process.pid)
        assert "" == process.stdout.read()  # it ends when no process holds the other end
    end_tree(process.pid)  # a process that has ended is no error


@needs_sh
def test_the_end_reaches_what_the_child_is_just_starting(tmp_path: Path) -> None:
    """A process that is about to start another one has done so before its children are listed."""
    os.mkfifo(tmp_path / "alive")
    starts = "n=0; while [ $n -lt 40 ]; do sleep 600 & n=$((n+1)); done; wait"
    script = f"exec 3>{tmp_path}/alive; {starts}"
    for number in range(60):
        with subprocess.Popen(["sh", "-c", script]) as process:
            alive = (tmp_path / "alive").open()
            time.sleep(number * 0.0003)  # it is further each time
            end_tree(process.pid)
        with alive:
            assert "" == alive.read()  # nobody holds the other end any more
