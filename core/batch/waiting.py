"""The mailboxes of a list that wait for their turn, and the token hosts that want a pause.

A host that accepts no more requests for now (429) is left alone for as long as it asks for. Then
its mailboxes are tried again. If it asks for more time than a run has, or again and again, then its
mailboxes fail with its answer: it would give that to thousands of further requests too.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ..errors import AppError
from ..i18n.translation import _
from ..keeping.host_limits import HostLimits
from ..mailbox.resolve import token_host
from ..times import local_time
from .task import Done, Task

_LONGEST_PAUSE = 5 * 60.0  # seconds
_MOST_PAUSES = 5  # at one host, without tokens between them

Tell = Callable[[str], None]


class Waiting:
    """The tasks that have not begun, by their token host; it is empty where it isn't known yet.

    `tell` tells the user of a pause.
    """

    def __init__(
        self, tasks: Iterable[Task], tell: Tell, now: Callable[[], float] = time.time
    ) -> None:
        self._tell = tell
        self._now = now
        self._limits = HostLimits()
        self._tasks: dict[str, deque[Task]] = {}
        for task in tasks:
            self._tasks.setdefault(_host_of(task), deque()).append(task)

    def __bool__(self) -> bool:
        return any(self._tasks.values())

    def take(self, count: int) -> Iterator[Task]:
        """Take at most `count` tasks whose host is open, in the order of the list."""
        now = self._now()
        is_open = [
            tasks for host, tasks in self._tasks.items() if self._limits.opens_at(host) <= now
        ]
        while count and (some := [tasks for tasks in is_open if tasks]):
            yield min(some, key=lambda tasks: tasks[0].listed.line).popleft()
            count -= 1

    def settle(self, done: Done) -> Iterator[Done]:
        """What is final after a result: nothing for a mailbox that is tried again."""
        host, error = _host_of(done.task), done.result
        if not isinstance(error, AppError):
            self._limits.accepted(host, self._now())
            yield done
        elif not error.busy_host:
            yield done
        elif self._pause(host, error):
            self._tasks[host].appendleft(done.task)
        else:
            yield done
            yield from self._give_up(host, error)

    def _pause(self, host: str, error: AppError) -> bool:
        """Leave a host alone for a while; False if that is no use any more."""
        if error.retry_after > _LONGEST_PAUSE:
            return False
        is_news = self._limits.refused(host, self._now(), error.retry_after, lambda wait: wait)
        if self._limits.refusals(host) > _MOST_PAUSES:
            return False
        if is_news:
            until = local_time(self._limits.opens_at(host), self._now())
            self._tell(
                _(
                    "{host} accepts no more requests for now. Its mailboxes wait until {time}.",
                    host=error.busy_host,
                    time=until,
                )
            )
        return True

    def _give_up(self, host: str, error: AppError) -> Iterator[Done]:
        """The same result for all others at this host, unless they may be at different hosts."""
        while host and self._tasks[host]:
            task = self._tasks[host].popleft()
            yield Done(task, error.about(task.job.address))


def _host_of(task: Task) -> str:
    return token_host(task.job, None)
