"""Keeping the computer awake: with real child processes, and with the flags for Windows."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from core.keeping.awake import inhibitor
from gui.system.keep_awake import KeepAwake
from privileges import ROOT
from servers import AT_ONCE
from window import SOON

_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 1
linux = pytest.mark.only_on("linux", reason="looks at processes in /proc")

# Like systemd-inhibit: it runs a command, and ends with it.
_INHIBIT = """#!/bin/sh
echo $$ >"$(dirname "$0")/pid"
while [ "${1#--}" != "$1" ]; do shift; done
exec "$@"
"""


@pytest.fixture
def inhibit(tmp_path: Path) -> list[str]:
    """Return a command that stands for systemd-inhibit."""
    program = tmp_path / "systemd-inhibit"
    program.write_text(_INHIBIT)
    program.chmod(0o755)
    (tmp_path / "systemd").mkdir()
    return inhibitor("linux", lambda _: str(program), tmp_path / "systemd")


def _pid(command: list[str]) -> int:
    try:
        return int((Path(command[0]).parent / "pid").read_text() or 0)
    except FileNotFoundError:
        return 0


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie doesn't run any more.
    return "Z" != Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@linux
def test_a_child_holds_it_and_is_ended(qtbot: QtBot, inhibit: list[str]) -> None:
    """The child runs while it is on; switching it on twice starts one child."""
    awake = KeepAwake(platform="linux", command=inhibit)
    failed: list[str] = []
    awake.failed.connect(failed.append)
    assert (True, False) == (awake.available, awake.on)
    awake.set(True)
    awake.set(True)
    qtbot.waitUntil(lambda: _pid(inhibit) > 0, timeout=SOON)
    pid = _pid(inhibit)
    assert (True, True) == (awake.on, _runs(pid))
    awake.set(False)
    assert (False, False) == (awake.on, _runs(pid))
    (child,) = awake.findChildren(QProcess)
    assert signal.SIGTERM == child.exitCode(), "it had to be killed"
    awake.set(True)
    awake.close()
    qtbot.wait(20)
    assert ([], True) == (failed, awake.available)


@linux
def test_the_child_inherits_nothing_of_a_loader(
    qtbot: QtBot, inhibit: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child doesn't get the library paths of a frozen program."""
    monkeypatch.setattr(sys, "_MEIPASS", "/opt/_MEI123", raising=False)
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "x")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/_MEI123")
    awake = KeepAwake(platform="linux", command=inhibit)
    awake.set(True)
    qtbot.waitUntil(lambda: _pid(inhibit) > 0, timeout=SOON)
    environ = Path(f"/proc/{_pid(inhibit)}/environ").read_bytes()
    awake.close()
    assert b"PATH=" in environ
    assert b"_PYI_" not in environ
    assert b"_MEI123" not in environ


@linux
def test_the_child_ends_with_us_however_we_end(inhibit: list[str]) -> None:
    """Even if we are killed, the closed pipe ends the child."""
    code = (
        "import os, signal, sys\n"
        "from PySide6.QtCore import QCoreApplication, QTimer\n"
        "from pathlib import Path\n"
        "from gui.system.keep_awake import KeepAwake\n"
        "app = QCoreApplication([])\n"
        "awake = KeepAwake(platform='linux', command=sys.argv[1:])\n"
        "awake.set(True)\n"
        "pid = Path(sys.argv[1]).parent / 'pid'\n"
        "timer = QTimer()\n"
        "timer.timeout.connect(lambda: pid.exists() and os.kill(os.getpid(), signal.SIGKILL))\n"
        "timer.start(10)\n"
        "app.exec()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *inhibit], cwd=ROOT, check=False, timeout=20)
    assert -9 == done.returncode
    deadline = time.monotonic() + AT_ONCE
    while _runs(_pid(inhibit)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(_pid(inhibit))


@linux
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["/bin/sh", "-c", "echo Access denied >&2; exit 1"], "sh doesn't run: Access denied"),
        (["/bin/sh", "-c", "exit 1"], "sh doesn't run."),
        (["/nowhere/systemd-inhibit"], "systemd-inhibit doesn't run."),
    ],
    ids=["refused", "silent", "missing"],
)
def test_a_system_that_refuses_is_told(qtbot: QtBot, command: list[str], said: str) -> None:
    """It is told once, and not offered any more."""
    awake = KeepAwake(platform="linux", command=command)
    failed: list[str] = []
    awake.failed.connect(failed.append)
    awake.set(True)
    qtbot.waitUntil(lambda: bool(failed), timeout=SOON)
    qtbot.wait(20)
    assert [f"This computer can't be kept awake, because {said}"] == failed
    assert (False, False) == (awake.available, awake.on)
    awake.set(True)
    assert not awake.on


@linux
def test_a_stubborn_child_is_killed(qtbot: QtBot, tmp_path: Path) -> None:
    """A child that ignores SIGTERM is killed."""
    script = "trap '' TERM; echo $$ >pid; while :; do sleep 0.1; done"
    command = ["/bin/sh", "-c", f"cd {tmp_path}; {script}"]
    awake = KeepAwake(platform="linux", command=command)
    awake.set(True)
    file = tmp_path / "pid"
    qtbot.waitUntil(lambda: file.exists() and bool(file.read_text()), timeout=SOON)
    awake.close()
    assert not _runs(int(file.read_text()))


def test_windows_is_asked_and_told_again(qtbot: QtBot) -> None:
    """The flags keep the system awake, but not the screen."""
    asked: list[int] = []

    def set_state(flags: int) -> bool:
        asked.append(flags)
        return True

    awake = KeepAwake(platform="win32", set_state=set_state)
    awake.set(True)
    assert (True, True) == (awake.available, awake.on)
    awake.set(False)
    awake.set(False)
    assert [_CONTINUOUS | _SYSTEM_REQUIRED, _CONTINUOUS] == asked


def test_windows_may_refuse(qtbot: QtBot) -> None:
    """The refusal is told, and it counts as off."""
    awake = KeepAwake(platform="win32", set_state=lambda _: False)
    with qtbot.waitSignal(awake.failed, timeout=SOON):
        awake.set(True)
    assert not awake.on


@pytest.mark.parametrize(
    ("platform", "found", "systemd", "expected"),
    [
        ("linux", True, True, ["/x/systemd-inhibit", "--what=idle:sleep"]),
        ("linux", True, False, []),
        ("linux", False, True, []),
        ("darwin", True, False, ["/x/caffeinate", "-i"]),
        ("darwin", False, False, []),
        ("freebsd14", True, True, []),
        ("win32", True, True, []),
    ],
)
def test_each_system_has_its_own_command(
    tmp_path: Path, platform: str, found: bool, systemd: bool, expected: list[str]
) -> None:
    """There is a command only if the program exists and, on Linux, systemd runs."""
    command = inhibitor(
        platform,
        lambda name: f"/x/{name}" if found else None,
        tmp_path if systemd else tmp_path / "none",
    )
    assert expected == command[:2]


def test_caffeinate_watches_this_process() -> None:
    """It ends when this process ends."""
    command = inhibitor("darwin", lambda name: name)
    assert ["-w", str(os.getpid())] == command[2:]


def test_what_nothing_offers_is_not_available(qtbot: QtBot) -> None:
    """Setting it does nothing."""
    awake = KeepAwake(platform="linux", command=[])
    awake.set(True)
    assert (False, False) == (awake.available, awake.on)


@pytest.mark.needs_program("systemd-inhibit", reason="it is asked whether it takes our options")
def test_the_real_program_takes_our_options() -> None:
    """systemd-inhibit accepts its command line, even if it may not inhibit here."""
    command = inhibitor("linux", systemd=ROOT)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert b"option" not in done.stderr
    assert b"Usage" not in done.stderr
