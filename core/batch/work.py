"""Gets the tokens for all mailboxes of a list that need no user, some at a time.

A token that is still valid for some minutes is left alone. So the same list can be worked through
again after an interruption: the token files say what is done.
"""

import contextlib
import logging
import queue
from collections.abc import Iterable, Iterator
from functools import partial

from ..cancel import Cancellation
from ..errors import AppError
from ..files import make_folder
from ..keeping.worker_threads import WorkerThreads, stop
from ..log import internal_error
from ..mailbox.get_token import NotRefreshed, refresh_mailbox, sign_in
from ..mailbox.job import Job
from ..mailbox.saving import find_mailbox
from ..model import Outcome
from .task import Done, Task
from .waiting import Tell, Waiting

log = logging.getLogger(__name__)

_SLICE = 0.5  # seconds; Ctrl-C doesn't interrupt a long wait on Windows


def obtain(job: Job) -> Outcome:
    """Put a valid token into the file of one mailbox, without the user.

    Raises `SignInNeeded` if only the user can get one.
    """
    mailbox = find_mailbox(job)
    if mailbox.file is not None:
        return refresh_mailbox(job, check=job.request.check)
    make_folder(mailbox.path.parent)
    return sign_in(NotRefreshed(mailbox, None), None)


def obtain_all(
    tasks: Iterable[Task], at_once: int, cancelled: Cancellation, tell: Tell
) -> Iterator[Done]:
    """Get the tokens of all mailboxes, `at_once` at a time; each result as soon as it is known.

    `tell` tells the user that a token host wants a pause. Raises `Cancelled`. Then, and if the
    caller stops early, tokens that were got are saved first.
    """
    done: queue.SimpleQueue[Done] = queue.SimpleQueue()
    workers = WorkerThreads(at_once, done)
    waiting = Waiting(tasks, tell)
    running = 0
    try:
        while True:
            for task in waiting.take(workers.free):
                workers.start(partial(_try, task))
                running += 1
            if not running and not waiting:
                return
            with contextlib.suppress(queue.Empty):
                result = done.get(timeout=_SLICE)
                running -= 1
                yield from waiting.settle(result)
            cancelled.check()
    finally:
        if running:
            stop(cancelled, workers)


def _try(task: Task) -> Done:
    """Run one try in its thread. Any error, even a bug, is the result of this mailbox only."""
    try:
        return Done(task, obtain(task.job))
    except AppError as exc:
        return Done(task, exc)
    except Exception as exc:
        log.exception("unexpected error in a list")
        return Done(task, internal_error(exc))
