"""Gets the tokens for `run`: refreshes all at once, then lets the user sign in to the rest.

A token that is still valid is enough if the network fails, or if the server refuses the login
without speaking of the token or the account.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..cancel import Cancellation
from ..errors import AppError, Cancelled, ExitCode
from ..keeping.worker_threads import all_at_once
from ..mailbox.get_token import NotRefreshed, refresh_now, sign_in
from ..mailbox.resolve import Mailbox
from ..mailbox.saving import mend
from ..tokenfile.expiry import good_enough
from ..tokenfile.read import written_at
from ..verdicts.verdict import Kind
from .output import Console
from .runner import Runner

_TOKEN_MAY_BE_GOOD = (Kind.PASSING, Kind.REFUSED, Kind.REFUSED_WAY)


def get_tokens(
    mailboxes: Sequence[Mailbox], runner: Runner, console: Console, cancelled: Cancellation
) -> int:
    """Put a valid token into the file of each mailbox; the errors are printed.

    Returns the exit code of the first mailbox that failed, or 0. Nobody is asked to sign in after
    an error. Raises `Cancelled`.
    """
    refreshes = [partial(_refresh, mailbox, runner, console) for mailbox in mailboxes]
    results = all_at_once(refreshes, cancelled)
    failed = [
        (mailbox.job, result)
        for mailbox, result in zip(mailboxes, results, strict=True)
        if isinstance(result, AppError)
    ]
    for job, error in failed:
        runner.tell(job, error)
    if failed:
        return failed[0][1].exit_code
    for needed in results:
        if isinstance(needed, NotRefreshed):
            try:
                _sign_in(needed, runner, console)
            except Cancelled:
                raise
            except AppError as exc:
                runner.tell(needed.mailbox.job, exc)
                return exc.exit_code
    return ExitCode.DONE


def _refresh(mailbox: Mailbox, runner: Runner, console: Console) -> NotRefreshed | None:
    try:
        result = refresh_now(mailbox)
    except AppError as exc:
        _warn_if_valid(mailbox, exc, console)
        return None
    if isinstance(result, NotRefreshed):
        return result
    runner.user_commands.start(mailbox.job, result)
    return None


def _sign_in(needed: NotRefreshed, runner: Runner, console: Console) -> None:
    try:
        outcome = sign_in(needed, runner.sign_in_methods())
    except AppError as exc:
        _warn_if_valid(needed.mailbox, exc, console)
        return
    runner.user_commands.start(needed.mailbox.job, outcome)
    if outcome.login_error is not None:
        console.warning(outcome.login_error, needed.mailbox.job.address)


def _warn_if_valid(mailbox: Mailbox, error: AppError, console: Console) -> None:
    """Print an error as a warning if the token in the file is enough; else raise it."""
    if error.kind not in _TOKEN_MAY_BE_GOOD or not _has_valid_token(mailbox):
        raise error
    console.warning(error, mailbox.job.address)


def _has_valid_token(mailbox: Mailbox) -> bool:
    """Whether the file holds a valid access token, in the form that imapsync needs.

    The provider has just been asked, so it is not asked again.
    """
    try:
        file = mailbox.read_again()
        written, now = written_at(mailbox.path), mailbox.job.now()
        if file is None or not file.access:
            return False
        if not good_enough(file, now=now, written_at=written, min_left=0.0):
            return False
        mend(replace(mailbox, file=file))
    except Cancelled:
        raise
    except AppError:
        return False
    return True
