"""Writes what happens to a mailbox into its history; nothing is imported before something does."""

from ..errors import AppError
from ..history.entry import Entry, Happened
from ..verdicts.verdict import Kind
from .resolve import Mailbox


def record(mailbox: Mailbox, what: Happened, *, until: float | None = None) -> None:
    """Record what worked; `until` is the end of a new token's validity."""
    from ..history.journal import append

    append(mailbox.path, Entry(mailbox.job.now(), what, until))


def record_failure(mailbox: Mailbox, what: Happened, error: AppError) -> None:
    """Record what failed, unless the user has cancelled it."""
    if error.kind is Kind.CANCELLED:
        return
    from ..history.journal import append

    failed = Entry(mailbox.job.now(), what, verdict=error.verdict.id, kind=error.kind)
    append(mailbox.path, failed)
