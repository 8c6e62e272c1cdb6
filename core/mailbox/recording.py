"""Writes what happens to a mailbox into its history.

The history is imported when there is something to write: a fresh token needs none of it.
"""

from ..errors import AppError
from ..verdicts.verdict import Kind
from .resolve import Mailbox


def record_sign_in(mailbox: Mailbox, until: float | None) -> None:
    """Record new tokens of a new sign-in; `until` is the end of the access token."""
    _record(mailbox, "signed in", until=until)


def record_import(mailbox: Mailbox) -> None:
    """Record that tokens were taken over from another program; nobody has tried them yet."""
    _record(mailbox, "imported")


def record_refresh(mailbox: Mailbox, until: float | None) -> None:
    """Record a refresh; `until` is the end of the new access token."""
    _record(mailbox, "refreshed", until=until)


def record_login(mailbox: Mailbox) -> None:
    """Record that a login with the access token worked."""
    _record(mailbox, "login worked")


def record_failed_refresh(mailbox: Mailbox, error: AppError) -> None:
    """Record a refresh that failed."""
    _record(mailbox, "refresh failed", error=error)


def record_failed_login(mailbox: Mailbox, error: AppError) -> None:
    """Record a login that failed."""
    _record(mailbox, "login failed", error=error)


def _record(
    mailbox: Mailbox, what: str, *, until: float | None = None, error: AppError | None = None
) -> None:
    if error is not None and error.kind is Kind.CANCELLED:
        return
    from ..history.entry import Entry, Happened
    from ..history.journal import append

    failure = (error.verdict.id, error.kind) if error else ("", None)
    append(mailbox.path, Entry(mailbox.job.now(), Happened(what), until, *failure))
