"""A mailbox of a list as work: what is to do for it, and what has become of it."""

from dataclasses import dataclass

from ..errors import AppError
from ..mailbox.job import Job
from ..model import Outcome
from .entries import Listed


@dataclass(frozen=True, slots=True)
class Task:
    """A mailbox of the list, and the job for it."""

    listed: Listed
    job: Job


@dataclass(frozen=True, slots=True)
class Done:
    """What has become of a mailbox."""

    task: Task
    result: Outcome | AppError
