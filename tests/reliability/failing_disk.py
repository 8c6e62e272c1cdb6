"""Cases of disk.py in which single system calls on the file beside the token file fail."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Mapping
from functools import partial

from failing_calls import FOR_EVER, FailingCall
from stage import Stage

_BEFORE = (("write", 1), ("fsync", 1))  # the room for the answer
_AFTER = (("write", 2), ("ftruncate", 1), ("fsync", 2))  # the answer


def fails_before(stage: Stage, call: FailingCall) -> None:
    """The room can't be reserved, so nothing is asked."""
    before = stage.path.read_bytes()
    with stage.nothing_asked():
        stage.expect(stage.run(call), 1, "so no token was requested", os.strerror(call.error))
    stage.expect_usable(before)


def fails_once(stage: Stage, call: FailingCall) -> None:
    """The tokens are saved by a new file."""
    stage.expect_refreshed(stage.run(call))


def fails_always(stage: Stage, call: FailingCall) -> None:
    """The tokens are saved in the second place, and stay there while the disk still fails."""
    before = stage.path.read_bytes()
    stage.expect(stage.run(call), 1, "so they are in", os.strerror(call.error))
    stage.expect_usable(before)
    stage.check(len(stage.waiting()) == 1, "nothing is in the second place")
    with stage.nothing_asked():
        stage.expect(stage.run(FailingCall(call.name, 1, FOR_EVER, call.error)), 1)
    stage.expect_usable(before)
    stage.check(len(stage.waiting()) == 1, "nothing is in the second place any more")


def rename_fails(stage: Stage, call: FailingCall) -> None:
    """The tokens wait beside the file, and stay there while the disk still fails."""
    before = stage.path.read_bytes()
    for _ in range(2):
        said = "can't be replaced, so the new tokens are still in"
        stage.expect(stage.run(call), 1, said, os.strerror(call.error))
        stage.expect_usable(before)


def killed_while_moving(stage: Stage, call: FailingCall) -> None:
    """A run is killed while it moves the tokens from the second place into the token file."""
    stage.expect(stage.run(FailingCall("write", 2, FOR_EVER, errno.EIO)), 1, "so they are in")
    done = stage.run(call)
    stage.check(done.code == -signal.SIGKILL, f"it was not killed: {done.code}")


def cases(*errors: int) -> Mapping[str, Callable[[Stage], None]]:
    """Return the cases for these error numbers by name."""
    made: dict[str, Callable[[Stage], None]] = {}
    for name, first in (*_AFTER, ("rename", 1)):
        kill = FailingCall(name, first, first)
        made[f"second place, killed after {name}"] = partial(killed_while_moving, call=kill)
    for error in errors:
        word = errno.errorcode[error]
        for name, first in _BEFORE:
            call = FailingCall(name, first, FOR_EVER, error)
            made[f"{word} at {name} before the request"] = partial(fails_before, call=call)
        for name, first in _AFTER:
            once, always = (FailingCall(name, first, last, error) for last in (first, FOR_EVER))
            made[f"{word} at {name} of the answer, once"] = partial(fails_once, call=once)
            made[f"{word} at {name} of the answer, always"] = partial(fails_always, call=always)
        call = FailingCall("rename", 1, FOR_EVER, error)
        made[f"{word} at rename"] = partial(rename_fails, call=call)
    return made
