"""The start at login: each system's entry, and the command line in it."""

import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import AppError
from gui.system.autostart import Autostart, entry_of_system, running_program
from gui.system.autostart_entries import (
    DesktopFile,
    Entry,
    LaunchAgent,
    RunKey,
    exec_line,
    run_line,
)

PROGRAM = ("/opt/My Programs/oauth2_imap",)


class Registry:
    """A Run key in memory: it stores what `RunKey` writes, on any system."""

    def __init__(self) -> None:
        self.line = ""

    def starts(self, command: Sequence[str]) -> bool:
        """See `Entry`."""
        return self.line == run_line(command)

    def write(self, command: Sequence[str]) -> None:
        """See `Entry`."""
        self.line = run_line(command)

    def remove(self) -> None:
        """See `Entry`."""
        self.line = ""


@pytest.fixture(params=["desktop file", "launch agent", "registry"])
def entry(request: pytest.FixtureRequest, tmp_path: Path) -> Entry:
    """Return each system's entry, in a folder that doesn't exist yet."""
    kinds: dict[str, Entry] = {
        "desktop file": DesktopFile(tmp_path / "config" / "autostart"),
        "launch agent": LaunchAgent(tmp_path / "LaunchAgents"),
        "registry": Registry(),
    }
    return kinds[request.param]


def test_on_off_and_off_again(entry: Entry) -> None:
    """Another start of the program finds what was set."""
    autostart = Autostart(command=PROGRAM, entry=entry)
    assert (True, False) == (autostart.available, autostart.enabled)
    autostart.set_enabled(True)
    autostart.set_enabled(True)
    assert Autostart(command=PROGRAM, entry=entry).enabled
    autostart.set_enabled(False)
    autostart.set_enabled(False)
    assert not autostart.enabled


def test_a_program_that_moved_is_not_started(entry: Entry) -> None:
    """An entry with the old path doesn't count, and is replaced."""
    Autostart(command=("/old/oauth2_imap",), entry=entry).set_enabled(True)
    autostart = Autostart(command=PROGRAM, entry=entry)
    assert not autostart.enabled
    autostart.set_enabled(True)
    assert autostart.enabled


def test_a_program_that_is_not_installed_is_not_offered(entry: Entry) -> None:
    """A source checkout has no command to start."""
    autostart = Autostart(command=(), entry=entry)
    autostart.set_enabled(True)
    assert (False, False) == (autostart.available, autostart.enabled)


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_a_desktop_s_own_switch_counts(tmp_path: Path, line: str) -> None:
    """Desktops write such a line when the user switches the program off there."""
    autostart = Autostart(command=PROGRAM, entry=DesktopFile(tmp_path))
    autostart.set_enabled(True)
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text() + line + "\n")
    assert not autostart.enabled
    autostart.set_enabled(True)
    assert autostart.enabled


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"\xff\xfe", b"[Desktop Entry]\n", b"<plist>"]
)
def test_what_can_t_be_read_starts_nothing(tmp_path: Path, content: bytes) -> None:
    """A broken entry does no harm, and can be replaced."""
    entries: tuple[Entry, ...] = (DesktopFile(tmp_path / "d"), LaunchAgent(tmp_path / "l"))
    for entry in entries:
        autostart = Autostart(command=PROGRAM, entry=entry)
        autostart.set_enabled(True)
    for file in (*(tmp_path / "d").iterdir(), *(tmp_path / "l").iterdir()):
        file.write_bytes(content)
    for entry in entries:
        autostart = Autostart(command=PROGRAM, entry=entry)
        assert not autostart.enabled
        autostart.set_enabled(True)
        assert autostart.enabled


def test_a_folder_that_can_t_be_made_is_told(tmp_path: Path) -> None:
    """The error is a sentence, not a traceback."""
    (tmp_path / "file").touch()
    autostart = Autostart(command=PROGRAM, entry=DesktopFile(tmp_path / "file" / "autostart"))
    with pytest.raises(AppError, match="start at login"):
        autostart.set_enabled(True)


@pytest.mark.parametrize(
    ("entry", "command"),
    [
        (Registry(), ("C:\\" + "x" * 260 + "\\oauth2_imap.exe",)),
        (DesktopFile(Path("/nowhere")), ("/opt/a\nb/oauth2_imap",)),
        (DesktopFile(Path("/nowhere")), ("/opt/a=b/oauth2_imap",)),
    ],
    ids=["too long for Windows", "line end", "equals sign"],
)
def test_a_path_that_can_t_be_written_is_told(entry: Entry, command: Sequence[str]) -> None:
    """An error is better than an entry that starts nothing, or another program."""
    autostart = Autostart(command=command, entry=entry)
    assert not autostart.enabled
    with pytest.raises(AppError, match="start at login"):
        autostart.set_enabled(True)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ((r"C:\tools\oauth2_imap.exe",), r'"C:\tools\oauth2_imap.exe"'),
        ((r"C:\Program Files\o.exe", "a b"), r'"C:\Program Files\o.exe" "a b"'),
        ((r"C:\o.exe", 'say "hi"', ""), r'"C:\o.exe" "say \"hi\"" ""'),
    ],
)
def test_windows_command_lines(command: Sequence[str], line: str) -> None:
    r"""The path is always quoted; otherwise C:\Program.exe might be started."""
    assert line == run_line(command)


@pytest.mark.only_on("posix", reason="the shell is sh")
@pytest.mark.parametrize(
    "argument",
    ["plain", "a b", 'a"b', "a$HOME`id`", "a\\b", "100%f", "é'+;&|", "\\\\server\\share", ""],
)
def test_desktop_command_lines(argument: str) -> None:
    """A shell reads the line back as the same arguments."""
    line = exec_line(["/usr/bin/oauth2_imap", argument])
    quoted = line.replace("\\\\", "\\").replace("%%", "%")  # as a shell reads it
    shell = ["/bin/sh", "-c", f"printf '%s\\n' {quoted}"]
    printed = subprocess.run(shell, capture_output=True, text=True, check=True).stdout
    assert f"/usr/bin/oauth2_imap\n{argument}\n" == printed
    assert 0 == line.replace("%%", "").count("%")


def test_a_property_list_names_the_program(tmp_path: Path) -> None:
    """It starts the program at login, and not again after the user quit it."""
    LaunchAgent(tmp_path).write(PROGRAM)
    (file,) = tmp_path.iterdir()
    content = plistlib.loads(file.read_bytes())
    assert (list(PROGRAM), True) == (content["ProgramArguments"], content["RunAtLoad"])
    assert "KeepAlive" not in content
    assert file.stem == content["Label"]


def test_a_desktop_file_is_valid(tmp_path: Path) -> None:
    """It has the lines that the specification requires."""
    DesktopFile(tmp_path).write(PROGRAM)
    (file,) = tmp_path.iterdir()
    lines = file.read_text().splitlines()
    assert "[Desktop Entry]" == lines[0]
    assert {"Type=Application", "Name=oauth2_imap", f'Exec="{PROGRAM[0]}"'} <= set(lines)


def test_the_place_of_each_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux follows XDG_CONFIG_HOME; an unknown system has no entry."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    entry = entry_of_system("linux")
    assert entry is not None
    entry.write(PROGRAM)
    assert (tmp_path / "autostart" / "oauth2_imap.desktop").is_file()
    assert isinstance(entry_of_system("win32"), RunKey)
    assert isinstance(entry_of_system("darwin"), LaunchAgent)
    assert entry_of_system("freebsd14") is None


@pytest.mark.parametrize(
    ("name", "argument", "found"),
    [
        ("oauth2_imap", "oauth2_imap", True),
        ("oauth2_imap.exe", "oauth2_imap.exe", True),
        ("oauth2_imap.exe", "oauth2_imap", True),
        ("__main__.py", "__main__.py", False),
        ("pytest", "pytest", False),
        ("other", "oauth2_imap", False),
    ],
)
def test_the_running_program(tmp_path: Path, name: str, argument: str, found: bool) -> None:
    """It is the script of an installation, and no other program."""
    (tmp_path / name).touch()
    expected = (str(tmp_path / name),) if found else ()
    assert expected == tuple(running_program([str(tmp_path / argument)]))
    assert () == tuple(running_program([]))


def test_a_frozen_program_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the exe, whatever argv says."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert (sys.executable,) == tuple(running_program(["whatever"]))


if sys.platform == "win32":  # elsewhere there is no registry
    import winreg

    def test_the_real_registry() -> None:
        """Windows reads the command line back, in a key of this test."""
        key = r"Software\oauth2_imap_test"
        autostart = Autostart(command=(sys.executable, "-c", "print('a b')"), entry=RunKey(key))
        try:
            autostart.set_enabled(True)
            assert autostart.enabled
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                line, _ = winreg.QueryValueEx(opened, "oauth2_imap")
            assert b"a b" == subprocess.check_output(line).strip()
            autostart.set_enabled(False)
            autostart.set_enabled(False)
            assert not autostart.enabled
        finally:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
