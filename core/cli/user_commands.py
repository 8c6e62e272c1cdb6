"""Starts the user's commands, `--hook` and `--on_trouble`, for the results of a run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..cancel import Cancellation
from ..errors import AppError
from ..mailbox.job import Job
from ..mailbox.resolve import locate
from ..model import Outcome
from .options import Options

if TYPE_CHECKING:
    from ..keeping.hooks import Hooks


class UserCommands:
    """The commands of one run; without the two options, nothing is loaded and nothing happens."""

    def __init__(
        self, options: Options, tell: Callable[[str], None], cancelled: Cancellation
    ) -> None:
        """Raises `UsageProblem` for a command that can't be started."""
        self._cancelled = cancelled
        self._hooks: Hooks | None = None
        if options.hook or options.on_trouble:
            from .hook_options import hooks_of

            self._hooks = hooks_of(options, tell)

    def start(self, job: Job, result: Outcome | AppError) -> None:
        """Start the command for this result, if there is one."""
        if self._hooks:
            file = result.file if isinstance(result, Outcome) else _file_of(job)
            self._hooks.take(job.address, file, result)

    @contextmanager
    def finished(self) -> Iterator[None]:
        """At the end of the block, wait for the commands that still run."""
        try:
            yield
        finally:
            if self._hooks:
                self._hooks.finish(cancelled=self._cancelled.is_set())


def _file_of(job: Job) -> str:
    """The path of the mailbox's token file; "" if it is not known."""
    try:
        return str(locate(job))
    except AppError:
        return ""
