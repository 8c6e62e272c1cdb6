"""The command line keeps the computer awake: a real child, and the flags for Windows."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.keeping.awake import ES_CONTINUOUS, ES_SYSTEM_REQUIRED, kept_awake
from privileges import ROOT, need_root
from program import Program, program_of
from servers import ADDRESS, AT_ONCE, MakeStage

pytestmark = pytest.mark.only_on("linux", reason="looks at processes in /proc")

# Like systemd-inhibit: it runs a command, and ends with it.
_INHIBIT = """#!/bin/sh
echo $$ >"{pid}"
while [ "${{1#--}}" != "$1" ]; do shift; done
exec "$@"
"""
# In a namespace of its own, where systemd seems to run.
_WITH_SYSTEMD = 'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec "$@"'


@pytest.fixture
def pid(tmp_path: Path) -> Path:
    """The file into which the stand-in for systemd-inhibit writes its number."""
    program = tmp_path / "bin" / "systemd-inhibit"
    program.parent.mkdir()
    program.write_text(_INHIBIT.format(pid=tmp_path / "pid"), "ascii")
    program.chmod(0o755)
    return tmp_path / "pid"


def command(pid: Path) -> list[str]:
    """The command, as `inhibitor` gives it."""
    return [str(pid.parent / "bin" / "systemd-inhibit"), "--what=idle:sleep", "cat"]


def wait_for(pid: Path) -> int:
    """The number of the child, when it has started."""
    deadline = time.monotonic() + AT_ONCE
    while not (pid.exists() and pid.read_text("ascii").endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(pid.read_text("ascii"))


def runs(number: int) -> bool:
    """Whether a process runs; a zombie doesn't any more."""
    try:
        state = Path(f"/proc/{number}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def has_ended(number: int) -> bool:
    """Whether a process ends soon."""
    deadline = time.monotonic() + AT_ONCE
    while runs(number) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not runs(number)


def test_a_child_runs_during_the_block(pid: Path) -> None:
    """And not after it."""
    with kept_awake(platform="linux", command=command(pid)):
        number = wait_for(pid)
        assert runs(number)
        assert os.getsid(number) != os.getsid(0)  # a Ctrl-C at the terminal doesn't reach it
    assert not runs(number)


def test_the_child_ends_with_us_however_we_end(pid: Path) -> None:
    """Even if we are killed, the closed pipe ends the child."""
    code = (
        "import sys, time\n"
        "from core.keeping.awake import kept_awake\n"
        "with kept_awake(platform='linux', command=sys.argv[1:]): time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, *command(pid)], cwd=ROOT) as us:
        number = wait_for(pid)
        us.kill()
    assert has_ended(number)


@pytest.mark.parametrize(
    "refusing", [["/bin/sh", "-c", "exit 1"], ["/nowhere/systemd-inhibit"], []]
)
def test_a_system_that_refuses_ends_nothing(refusing: list[str]) -> None:
    """The block runs as it would without."""
    reached = False
    with kept_awake(platform="linux", command=refusing):
        reached = True
    assert reached


def test_it_can_be_switched_off(pid: Path) -> None:
    """Then no child is started."""
    with kept_awake(wanted=False, platform="linux", command=command(pid)):
        pass
    assert not pid.exists()


def test_windows_is_asked_and_told_again() -> None:
    """The flags keep the system awake, but not the screen."""
    asked: list[int] = []

    def set_state(flags: int) -> bool:
        asked.append(flags)
        return True

    with kept_awake(platform="win32", set_state=set_state):
        assert [ES_CONTINUOUS | ES_SYSTEM_REQUIRED] == asked
    assert ES_CONTINUOUS == asked[-1]


@pytest.mark.needs_program("unshare", reason="it makes a namespace")
@pytest.mark.parametrize("off", [False, True])
def test_the_loop_keeps_it_awake(make_stage: MakeStage, pid: Path, off: bool) -> None:
    """As long as it runs, unless --no_keep_awake is given."""
    need_root()
    stage = make_stage()
    stage.sign_in()
    plain = program_of(stage)
    environ = {**plain.environ, "PATH": f"{pid.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    unshare = (str(shutil.which("unshare")), "-m", "sh", "-c", _WITH_SYSTEMD, "sh")
    program = Program(plain.folder, plain.home, environ, (*unshare, *plain.command))
    words = ("--loop", "--no_check", "--ca_file", str(stage.ca_file))
    with program.start(*words, *(["--no_keep_awake"] if off else []), ADDRESS) as running:
        running.line_with("valid until")
        if off:
            assert not pid.exists()
            return
        number = wait_for(pid)
        assert runs(number)
        running.process.terminate()
        assert 130 == running.finish().code
    assert has_ended(number)
