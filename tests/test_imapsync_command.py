"""A pasted line reaches imapsync with the right arguments (core.imapsync).

The tests use the real sh, and Perl if it is installed. cmd.exe runs on Windows only, so `Cmd` below
reads a line by the rules of cmd. Two phases matter here: percent signs, then quotes and carets.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageProblem
from core.imapsync.command import (
    CALL_NOTE,
    MINIMUM_TO_CALL,
    MINIMUM_TO_REREAD,
    REREAD_NOTE,
    Side,
    both_options,
    command,
    login_test,
    refresh_command,
    script,
    script_suffix,
    side_options,
    starter,
)
from core.imapsync.shell_quoting import Shell, own_shells, quote, seen_path

posix = pytest.mark.only_on("posix", reason="the shell is sh")
PROGRAM = r"C:\Program Files (x86)\100% &^!\oauth2_imap_cli.exe"
ADDRESSES = [
    "foo@example.com",
    "o'neil+x@example.com",
    "50%off%path%^&!`whoami`$HOME#{a}=@example.com",
    "%path%@example.com",
    "%%path%%@example.com",
    "-x@example.com",
    "~root@example.com",
]


def windows_side(address: str, folder: str = r"C:\Users\Jörg & Söhne\100% %path%") -> Side:
    """A mailbox on Windows, whose token file is in a folder with special characters."""
    file = PureWindowsPath(folder) / f"oauth2_tokens_{address}.txt"
    return Side(address, file, "imap.example.com")


def side_words(number: int, side: Side, file: str) -> list[str]:
    """The arguments that imapsync should get for a side."""
    return [
        *(f"--host{number}", side.imap_host, f"--ssl{number}"),
        *(f"--user{number}", side.address, f"--oauthaccesstoken{number}", file),
    ]


# --- cmd, by its rules -----------------------------------------------------------------------


@dataclass
class Cmd:
    """Reads a line as cmd does. Every variable with a name of letters and digits exists here.

    Sources: https://stackoverflow.com/a/4095133 (how cmd parses) and
    https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments (how programs do).
    """

    in_file: bool = False

    def argv(self, line: str) -> list[str]:
        """The arguments of the program that the line starts."""
        return c_arguments(self._quotes_and_carets(self._percents(line)))

    def _percents(self, line: str) -> str:
        done, at = "", 0
        while at < len(line):
            if line[at] != "%":
                done, at = done + line[at], at + 1
            elif self.in_file and line.startswith("%%", at):
                done, at = done + "%", at + 2
            elif variable := re.compile(r"%[A-Za-z0-9]+(:[^%]*)?%").match(line, at):
                done, at = done + "EXPANDED", variable.end()
            elif self.in_file:
                end = line.find("%", at + 1)  # cmd removes an unknown variable or a single %
                at = end + 1 if end > 0 else at + 1
            else:
                done, at = done + "%", at + 1
        return done

    @staticmethod
    def _quotes_and_carets(line: str) -> str:
        done, quoted, signs = "", False, iter(line)
        for sign in signs:
            if sign == '"':
                quoted = not quoted
            if quoted or sign not in "^&|<>()!":
                done += sign
            elif sign == "^":
                done += next(signs, "")
            else:
                # `!` and parentheses are harmless here, but not in every block of a batch file.
                raise AssertionError(f"cmd acts on {sign} in {line}")
        return done


def c_arguments(line: str) -> list[str]:
    """The arguments that Microsoft's C runtime finds in a command line."""
    name = re.match(r'((?:"[^"]*"|[^\s"])+)\s*', line)
    assert name is not None
    arguments, rest = [name[1].replace('"', "")], line[name.end() :]
    word, quoted, at, open_word = "", False, 0, False
    while at < len(rest):
        slashes = re.compile(r"\\*").match(rest, at)
        count = len(slashes[0]) if slashes else 0
        if rest.startswith('"', at + count):
            word += "\\" * (count // 2)
            at += count + 1
            open_word = True
            if count % 2:
                word += '"'
            elif quoted and rest.startswith('"', at):
                word, at = word + '"', at + 1
            else:
                quoted = not quoted
        elif count:
            word, at, open_word = word + "\\" * count, at + count, True
        elif rest[at] in " \t" and not quoted:
            arguments += [word] if open_word else []
            word, open_word, at = "", False, at + 1
        else:
            word, at, open_word = word + rest[at], at + 1, True
    assert not quoted, line
    return arguments + ([word] if open_word else [])


WINDOWS_TEXT = st.text(
    st.sampled_from(list("abcPATH09 .\\/:@+-_%%%%^&!()'`$#{}=,;~üß")), max_size=30
)


@given(WINDOWS_TEXT, st.booleans())
def test_cmd_quoting(value: str, in_file: bool) -> None:
    """cmd passes on any value unchanged, typed or in a batch file."""
    line = f"imapsync {quote(value, Shell.CMD, in_file=in_file)} next"
    assert ["imapsync", value, "next"] == Cmd(in_file).argv(line)


@given(WINDOWS_TEXT, WINDOWS_TEXT, st.booleans())
def test_cmd_quoting_twice(program: str, value: str, in_file: bool) -> None:
    """A command line inside a command line is read correctly twice."""
    program = "C:\\" + program.strip(" \\") + "x"
    inner = f"{quote(program, Shell.CMD)} --token_file {quote(value, Shell.CMD)}"
    line = f"imapsync {quote(inner, Shell.CMD, in_file=in_file)}"
    [_, seen] = Cmd(in_file).argv(line)
    assert inner == seen
    # A program name has no escapes, so its backslashes may be doubled.
    [first, *rest] = Cmd().argv(seen)
    assert program.replace("\\", "") == first.replace("\\", "")
    assert ["--token_file", value] == rest


def test_cmd_reader_expands() -> None:
    """`Cmd` refuses special characters that are not quoted."""
    assert ["x", "EXPANDED"] == Cmd().argv('x "%PATH%"')
    assert ["x", "EXPANDED50off"] == Cmd(in_file=True).argv('x "%PATH%50%off"')
    with pytest.raises(AssertionError):
        Cmd().argv("x a&b")


@pytest.mark.parametrize("address", ADDRESSES)
def test_windows_command(address: str) -> None:
    """cmd reads the whole command correctly, and so does the cmd that imapsync starts."""
    source, destination = windows_side(address), windows_side("to@example.com")
    words = Cmd().argv(command(source, destination, Shell.CMD, program=[PROGRAM, "--quiet"]))
    refresh = [words.pop(words.index(f"--oauthrefreshcmd{n}") + 1) for n in (1, 2)]
    expected = [
        *side_words(1, source, str(source.token_file)),
        "--oauthrefreshcmd1",
        *side_words(2, destination, str(destination.token_file)),
        "--oauthrefreshcmd2",
    ]
    assert ["imapsync", *expected] == words
    for called, side in zip(refresh, (source, destination), strict=True):
        expected = [PROGRAM, "--quiet", "--refresh_only", "--token_file", str(side.token_file)]
        assert expected == [w.replace("\\\\", "\\") for w in Cmd().argv(called)]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("shell", [Shell.CMD, Shell.DOCKER])
def test_batch_file(address: str, shell: Shell) -> None:
    """cmd reads both commands of a batch file correctly, the login test and the whole command."""
    source, destination = windows_side(address), windows_side("to@example.com")
    text = script(source, destination, shell=shell)
    assert text.count("\r\n") == text.count("\n") == text.count("\r")
    assert text[: text.index("chcp 65001")].isascii()
    assert text.startswith("@echo off\r\n")
    lines = text.replace("^\r\n", "").splitlines()
    first = "docker " if shell is Shell.DOCKER else "imapsync "
    tested, run = (line for line in lines if line.startswith(first))
    assert run.endswith(" %*")
    inside = f"/tokens/oauth2_tokens_{address}.txt"
    file = inside if shell is Shell.DOCKER else str(source.token_file)
    other = file.replace(address, "to@example.com")
    words = [*side_words(1, source, file), *side_words(2, destination, other)]
    reader = Cmd(in_file=True)
    assert [*words, "--justlogin"] == reader.argv(tested)[-len(words) - 1 :]
    assert words == reader.argv(run.removesuffix(" %*"))[-len(words) :]
    between = "".join(lines[lines.index(tested) : lines.index(run)])
    assert re.search(r"if not %code%==0 \(.*exit /b %code%\)", between)


CHOSEN = r"C:\Program Files (x86)\100% &^!\imapsync.exe"


def test_windows_starts_the_chosen_imapsync() -> None:
    """cmd finds its path in the command and in both lines of the batch file."""
    side = windows_side("me@example.com")
    whole = command(side, side, Shell.CMD, imapsync=CHOSEN)
    for line in (whole, login_test(whole)):
        assert CHOSEN == Cmd().argv(line)[0]
    text = script(side, side, shell=Shell.CMD, imapsync=CHOSEN).replace("^\r\n", "")
    lines = [line for line in text.splitlines() if "--host1" in line]
    assert [CHOSEN] * 2 == [Cmd(in_file=True).argv(line.removesuffix(" %*"))[0] for line in lines]
    plain = command(side, side, Shell.CMD, imapsync="C:/imapsync/imapsync.exe")
    assert plain.startswith(r"C:\imapsync\imapsync.exe --host1 ")


@pytest.mark.parametrize("shell", [Shell.WSL, Shell.DOCKER])
def test_wsl_and_docker_have_an_imapsync_of_their_own(shell: Shell) -> None:
    """They can't start the one of Windows."""
    side = windows_side("me@example.com", r"C:\t")
    assert command(side, side, shell) == command(side, side, shell, imapsync=CHOSEN)
    assert script(side, side, shell=shell) == script(side, side, shell=shell, imapsync=CHOSEN)


@pytest.mark.parametrize("name", ["imapsync.bat", "IMAPSYNC.CMD"])
def test_a_script_starts_no_batch_file(name: str) -> None:
    """cmd would not come back from it, and end after the login test without a word."""
    side = Side("a@example.com", PureWindowsPath(r"C:\t\a.txt"), "imap.example.com")
    chosen = rf"C:\tools\{name}"
    with pytest.raises(UsageProblem, match="is a batch file"):
        script(side, side, shell=Shell.CMD, imapsync=chosen)
    assert command(side, side, Shell.CMD, imapsync=chosen).startswith(chosen)
    assert "docker" in script(side, side, shell=Shell.DOCKER, imapsync=chosen)


def test_batch_file_calls_back() -> None:
    """A percent sign is doubled for the batch file, but not for the cmd that imapsync starts."""
    side = windows_side("50%off%path%@example.com")
    text = script(side, side, shell=Shell.CMD, program=[PROGRAM]).replace("^\r\n", "")
    line = next(line for line in text.splitlines() if line.startswith("imapsync "))
    words = Cmd(in_file=True).argv(line)
    called = Cmd().argv(words[words.index("--oauthrefreshcmd1") + 1])
    assert str(side.token_file) == called[-1]
    assert CALL_NOTE in text


def test_batch_file_stays_readable() -> None:
    """Without special characters, nothing is quoted."""
    side = Side("me@example.com", PureWindowsPath(r"C:\My files\t.txt"), "imap.example.com")
    assert (
        "--host1 imap.example.com --ssl1 --user1 me@example.com "
        r'--oauthaccesstoken1 "C:\My files\t.txt" '
        r'--oauthrefreshcmd1 "C:\o\o.exe --refresh_only --token_file \"C:\My files\t.txt\""'
    ) == side_options(1, side, Shell.CMD, program=[r"C:\o\o.exe"])


# --- Docker and WSL --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folders", "mounts"),
    [
        ((r"C:\a b", r"C:\a b"), [r"C:\a b:/tokens"]),
        ((r"C:\a b", r"D:\c"), [r"C:\a b:/tokens", r"D:\c:/tokens2"]),
    ],
)
def test_docker(folders: tuple[str, str], mounts: list[str]) -> None:
    """Docker mounts the folders of the token files, and imapsync gets the paths inside Docker."""
    source, destination = (
        windows_side(a, f) for a, f in zip(("a@b.example", "c@d.example"), folders, strict=True)
    )
    words = Cmd().argv(command(source, destination, Shell.DOCKER))
    image = words.index("gilleslamiral/imapsync")
    assert ["docker", "run", "--rm"] == words[:3]
    assert [part for value in mounts for part in ("-v", value)] == words[3:image]
    second = mounts[-1].rpartition(":")[2]
    assert [
        "imapsync",
        *side_words(1, source, "/tokens/oauth2_tokens_a@b.example.txt"),
        *side_words(2, destination, f"{second}/oauth2_tokens_c@d.example.txt"),
    ] == words[image + 1 :]
    assert starter(Shell.DOCKER, source) in command(source, source, Shell.DOCKER)


def test_docker_cant_call() -> None:
    """imapsync in Docker can't start a program of this computer, so this is refused."""
    with pytest.raises(UsageProblem, match="Docker"):
        refresh_command([PROGRAM], windows_side("a@b.example"), Shell.DOCKER)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\Users\me\a b.txt", "/mnt/c/Users/me/a b.txt"),
        (r"d:\t.txt", "/mnt/d/t.txt"),
        (r"\\wsl.localhost\Debian\home\me\t.txt", "/home/me/t.txt"),
        (r"\\wsl$\Debian\home\me\t.txt", "/home/me/t.txt"),
    ],
)
def test_wsl_paths(path: str, expected: str) -> None:
    """In WSL, drives are under /mnt, and WSL's own files have their own paths."""
    assert expected == seen_path(PureWindowsPath(path), Shell.WSL)


@pytest.mark.parametrize("shell", [Shell.WSL, Shell.DOCKER])
def test_share_is_out_of_reach(shell: Shell) -> None:
    """A folder that the shell can't see is refused: imapsync would use the path as a token."""
    side = windows_side("a@b.example", r"\\server\share")
    with pytest.raises(UsageProblem, match="has no access to"):
        command(side, side, shell)


@posix
@pytest.mark.parametrize("address", ADDRESSES)
def test_wsl_command(address: str) -> None:
    """sh reads the command. The program is under /mnt, but gets a Windows path for the file."""
    source = windows_side(address)
    words = argv_of_sh(side_options(1, source, Shell.WSL, program=[PROGRAM]))
    seen = seen_path(source.token_file, Shell.WSL)
    assert [*side_words(1, source, seen), "--oauthrefreshcmd1"] == words[:-1]
    program = "/mnt/c" + PROGRAM[2:].replace("\\", "/")
    expected = [program, "--refresh_only", "--token_file", str(source.token_file)]
    assert expected == argv_of_sh(words[-1])


def argv_of_sh(line: str) -> list[str]:
    """The words that the real sh finds in a line."""
    code = "import json, sys; print(json.dumps(sys.argv[1:]))"
    done = subprocess.run(
        ["sh", "-c", f'"$0" -c "$1" {line}', sys.executable, code],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    words: list[str] = json.loads(done.stdout)
    return words


# --- the real sh -----------------------------------------------------------------------------

IMAPSYNC = """\
#!{python}
import json, os, subprocess, sys
with open(os.environ["CALLS"], "a", encoding="utf-8") as calls:
    calls.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
for name, value in zip(sys.argv, sys.argv[1:]):
    if name.startswith("--oauthrefreshcmd"):
        {run}
sys.exit(int(os.environ.get("RC", "0")))
"""
BY_SH = "subprocess.run(value, shell=True, check=True)"
BY_PERL = "subprocess.run(['perl', '-e', 'print `$ARGV[0]`; exit($? >> 8)', value], check=True)"


@dataclass
class Stand:
    """Stand-ins for imapsync on the PATH and for oauth2_imap, in a folder with a difficult name."""

    folder: Path

    def __post_init__(self) -> None:
        self.program = str(self._make('it\'s $HOME `x` "y" ü/oauth2_imap', BY_SH))
        self.calls = self.folder / "calls"

    def _make(self, name: str, run: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(IMAPSYNC.format(python=sys.executable, run=run), "utf-8")
        file.chmod(0o755)
        return file

    def side(self, address: str) -> Side:
        """A mailbox whose token file is in the same folder."""
        file = Path(self.program).parent / f"oauth2_tokens_{address}.txt"
        return Side(address, file, "imap.example.com")

    def run(self, command: Sequence[str], *, perl: bool = False, rc: int = 0) -> int:
        """Run the line and return the exit code."""
        self._make("bin/imapsync", BY_PERL if perl else BY_SH)
        environment = os.environ | {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "CALLS": str(self.calls),
            "RC": str(rc),
            "LC_ALL": "C.UTF-8",
        }
        # It runs in another folder, since every path must be absolute.
        done = subprocess.run(
            command, env=environment, cwd=self.folder / "bin", capture_output=True, check=False
        )
        return done.returncode

    def said(self) -> list[list[str]]:
        """All calls so far, each with the name of the program."""
        return [json.loads(line) for line in self.calls.read_text("utf-8").splitlines()]


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    """The stand-ins for imapsync and oauth2_imap."""
    return Stand(tmp_path)


SHELLS = [name for name in ("sh", "bash", "dash", "zsh", "ksh") if shutil.which(name)]


@posix
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_posix_command(stand: Stand, shell: str, address: str) -> None:
    """The real shell reads the command correctly, and a second one the refresh command."""
    source, destination = stand.side(address), stand.side("to@example.com")
    whole = command(source, destination, Shell.SH, program=[stand.program, "--quiet"])
    line = login_test(whole)
    assert 0 == stand.run([shell, "-c", line])
    check_calls(stand, source, destination)


@posix
@pytest.mark.needs_program("perl", reason="it reads what is written for it")
@pytest.mark.parametrize("address", ADDRESSES)
def test_refresh_by_perl(stand: Stand, address: str) -> None:
    """Perl's backticks, which imapsync uses, call the program with the right arguments."""
    source, destination = stand.side(address), stand.side("to@example.com")
    whole = command(source, destination, Shell.SH, program=[stand.program, "--quiet"])
    line = login_test(whole)
    assert 0 == stand.run(["sh", "-c", line], perl=True)
    check_calls(stand, source, destination)


def check_calls(stand: Stand, source: Side, destination: Side) -> None:
    """The login test of both sides works and refreshes both tokens."""
    [words, *refreshed] = stand.said()
    values = [words.pop(words.index(f"--oauthrefreshcmd{n}") + 1) for n in (1, 2)]
    assert all(value.startswith("'/") for value in values)
    assert [
        "imapsync",
        *side_words(1, source, str(source.token_file)),
        "--oauthrefreshcmd1",
        *side_words(2, destination, str(destination.token_file)),
        "--oauthrefreshcmd2",
        "--justlogin",
    ] == words
    assert [
        ["oauth2_imap", "--quiet", "--refresh_only", "--token_file", str(side.token_file)]
        for side in (source, destination)
    ] == refreshed


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=40)


@posix
@given(st.lists(TEXT, min_size=5, max_size=20))
def test_sh_quoting(values: list[str]) -> None:
    """sh passes on any value unchanged."""
    assert values == argv_of_sh(" ".join(quote(value, Shell.SH) for value in values))


@posix
@pytest.mark.parametrize(("rc", "calls"), [(0, 2), (161, 1)])
def test_sh_script(stand: Stand, rc: int, calls: int) -> None:
    """The script runs the command only after a good login test, with the script's arguments."""
    source, destination = stand.side(ADDRESSES[2]), stand.side("to@example.com")
    text = script(source, destination, shell=Shell.SH)
    assert text.startswith("#!/bin/sh\n")
    assert "\nset -eu\n" in text
    assert "\r" not in text
    file = stand.folder / "run.sh"
    file.write_text(text, "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    assert rc == stand.run([str(file), "--exclude", "a b"], rc=rc)
    words = [
        "imapsync",
        *side_words(1, source, str(source.token_file)),
        *side_words(2, destination, str(destination.token_file)),
    ]
    assert [[*words, "--justlogin"], [*words, "--exclude", "a b"]][:calls] == stand.said()


@posix
def test_sh_starts_the_chosen_imapsync(stand: Stand) -> None:
    """In a folder with a difficult name; the one on the PATH is another one."""
    chosen = stand._make('it\'s $HOME `x` "y" ü/imapsync_2.314', BY_SH)
    side = stand.side("me@example.com")
    whole = command(side, side, Shell.SH, imapsync=str(chosen))
    for line in (whole, login_test(whole)):
        assert 0 == stand.run(["sh", "-c", line])
    file = stand.folder / "run.sh"
    file.write_text(script(side, side, shell=Shell.SH, imapsync=str(chosen)), "utf-8")
    assert 0 == stand.run(["sh", str(file)])
    assert ["imapsync_2.314"] * 4 == [words[0] for words in stand.said()]


# --- the rest --------------------------------------------------------------------------------


def test_a_relative_path_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are absolute, since imapsync uses the path of a missing file as a token."""
    monkeypatch.chdir(tmp_path)
    side = Side("a@b.example", Path("t.txt"), "h.example")
    assert side_words(2, side, str(tmp_path / "t.txt")) == side_options(
        2, side, own_shells(sys.platform)[0]
    ).split(" ")


def test_starttls_on_another_port() -> None:
    """STARTTLS is used if the provider's data says so."""
    side = Side("a@b.example", PurePosixPath("/t"), "h", 1143, imap_starttls=True)
    assert "--host1 h --tls1 --port1 1143 --user1" in side_options(1, side, Shell.SH)


@pytest.mark.parametrize(
    ("port", "words"),
    [(993, "--ssl1"), (143, "--tls1"), (1993, "--ssl1 --port1 1993")],
)
def test_port(port: int, words: str) -> None:
    """TLS is used, but STARTTLS on port 143; an unusual port is passed on."""
    side = Side("a@b.example", PurePosixPath("/t"), "h", port)
    expected = f"--host1 h {words} --user1 a@b.example --oauthaccesstoken1 /t"
    assert expected == side_options(1, side, Shell.SH)


def test_relative_program() -> None:
    """A relative program is a bug, since imapsync works in another folder."""
    side = Side("a@b.example", PurePosixPath("/t"), "h")
    with pytest.raises(ValueError, match="absolute"):
        refresh_command(["oauth2_imap"], side, Shell.SH)


def test_options_fit_the_command() -> None:
    """The options shown for each side are those in the whole command."""
    source, destination = windows_side("a@b.example"), windows_side("c@d.example", r"D:\t")
    for shell in own_shells("win32"):
        both = " ".join(both_options(source, destination, shell))
        assert command(source, destination, shell).endswith(f"imapsync {both}")


def test_shells_and_suffixes() -> None:
    """Windows has three shells, cmd first; scripts for sh end with .sh, those for cmd with .bat."""
    assert (Shell.SH,) == own_shells("linux") == own_shells("darwin")
    suffixes = [(shell, script_suffix(shell)) for shell in own_shells("win32")]
    assert [(Shell.CMD, ".bat"), (Shell.WSL, ".sh"), (Shell.DOCKER, ".bat")] == suffixes


def test_versions_are_said() -> None:
    """The notes contain the required versions."""
    assert ("2.230", "2.267") == (MINIMUM_TO_REREAD, MINIMUM_TO_CALL)
    assert "2.230" in REREAD_NOTE
    assert "2.267" in CALL_NOTE
