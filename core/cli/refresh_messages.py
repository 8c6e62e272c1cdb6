"""What `run` prints of the refreshes while imapsync runs: as little as possible."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..error_lines import detail_line, headline, log_line, sentence
from ..errors import AppError
from ..i18n.translation import _, english, joined
from ..mailbox.job import Job
from ..model import Note, Outcome
from ..verdicts.verdict import Kind
from .output import Console

if TYPE_CHECKING:
    from ..events import Event

log = logging.getLogger(__name__)


class RefreshMessages:
    """Prints one line when an outage begins and one when it is over, however many tries it takes.

    Any other error needs somebody, so `tell` prints it in full. Notes go to the log only, and each
    warning is printed once.
    """

    def __init__(self, console: Console, tell: Callable[[Job, AppError], None]) -> None:
        self._console = console
        self._tell = tell
        self._failing: list[Job] = []
        self._warned: set[str] = set()

    def progress(self, event: "Event") -> None:
        """Take what a refresh has to say."""
        if not isinstance(event, Note):
            return
        log.log(logging.WARNING if event.warning else logging.INFO, "%s", english(event.text))
        if event.warning and event.text not in self._warned:
            self._warned.add(event.text)
            self._console.say(f"! {event.text}")

    def __call__(self, job: Job, result: Outcome | AppError) -> None:
        """Take the result of a refresh."""
        if not isinstance(result, AppError):
            self._over(job)
        elif result.kind is not Kind.PASSING:
            self._tell(job, result)
        else:
            self._passing(job, result)

    def _over(self, job: Job) -> None:
        if job in self._failing:
            self._failing.remove(job)
            self._console.say(_("{address}: the token is refreshed again.", address=job.address))

    def _passing(self, job: Job, error: AppError) -> None:
        log.warning("%s", log_line(error, job.address))
        if job in self._failing:
            return
        self._failing.append(job)
        said = [sentence(headline(error, job.address))]
        if detail := detail_line(error):
            said.append(sentence(detail))
        said.append(_("The refresh is tried again until it works."))
        self._console.say(f"! {joined(said)}")
