"""The user, the mounts and the modes of the compose file, in namespaces instead of containers.

Each service is a process with mounts of its own, as the user that the file names.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core.schedule import docker
from core.schedule.plan import TOKENS, Plan
from privileges import AS_NOBODY, NOBODY, need_root
from program import Program, program_of
from servers import ADDRESS, MakeStage, Stage

OWNER = (12345, 12346)
WORK = Path("/mnt")  # stands for the image's /work, only in the namespace
# Words: the folder to mount, the options of that mount, the user and the group, and the program.
_CONTAINER = f"""
mount -t tmpfs -o mode=1777 tmpfs {WORK} && mkdir {WORK}/tokens &&
mount --bind "$1" {WORK}/tokens && mount -o "remount,bind,$2" {WORK}/tokens &&
cd {WORK} && shift 2 && exec "$@"
"""
_PLAIN_USER = ("setpriv", "--clear-groups", "--no-new-privs", "--inh-caps=-all")

pytestmark = pytest.mark.needs_program("unshare", reason="it makes a namespace")


def as_user(words: Sequence[str], user: str) -> list[str]:
    """A command that runs as the user and the group of a service."""
    uid, gid = user.split(":")
    ids = {f"--reuid={NOBODY}": f"--reuid={uid}", f"--regid={NOBODY}": f"--regid={gid}"}
    return [ids.get(word, word) for word in words]


def contained(mount: dict[str, Any], *words: str, program: Program) -> tuple[int, str]:
    """Run a command with the folder of the tokens mounted; its exit code and its output."""
    how = "ro" if mount["read_only"] else "rw"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", _CONTAINER, "sh", mount["source"], how, *words],
        env=program.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A mailbox whose token has expired; its files belong to another user than the test's."""
    need_root()
    stage = make_stage()
    stage.sign_in()
    stage.age()
    return stage


@pytest.mark.parametrize(("mode", "group_reads"), [(0o600, False), (0o640, True)])
def test_one_service_refreshes_and_the_other_reads(
    stage: Stage, mode: int, group_reads: bool
) -> None:
    """The owner and the mode stay; imapsync can't write, and others can't even read."""
    program, stale = program_of(stage), stage.path.read_bytes()
    stage.path.chmod(mode)
    for path in (stage.path.parent, *stage.path.parent.rglob("*"), program.home, program.own_file):
        os.chown(path, *OWNER)
    stage.path.parent.chmod(0o755)
    plan = Plan((), stage.folder, stage.path.parent, (ADDRESS,), 30, owner=OWNER)
    services: Any = docker.compose(plan)["services"]
    refresher, imapsync = services["oauth2_imap"], services["imapsync"]

    assert ["--loop", "--refresh_only", "--every", "30"] == refresher["command"][:4]
    options = ("--refresh_only", *refresher["command"][4:])  # once is enough
    user = as_user(AS_NOBODY, refresher["user"])
    words = (*user, *program.command, *options, "--ca_file", str(stage.ca_file), "--no_check")
    code, said = contained(refresher["volumes"][0], *words, program=program)
    assert 0 == code, said
    assert stale != stage.path.read_bytes()
    found = stage.path.stat()
    assert (*OWNER, mode) == (found.st_uid, found.st_gid, found.st_mode & 0o777)

    file = imapsync["command"][-1].replace(str(TOKENS), f"{WORK}/tokens")
    [mount] = imapsync["volumes"]

    def shell(script: str, user: str) -> int:
        words = as_user((*_PLAIN_USER, *AS_NOBODY[1:3]), user)
        return contained(mount, *words, "sh", "-c", script, "sh", file, program=program)[0]

    assert 0 == shell('cat "$1"', imapsync["user"])
    assert 0 != shell('echo >> "$1"', imapsync["user"])
    assert 0 != shell('cat "$1"', "12999:12999")
    assert group_reads == (0 == shell('cat "$1"', f"12999:{OWNER[1]}"))
