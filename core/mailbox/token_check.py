"""Tests access tokens with an IMAP login, and decides what a failed test means.

The kind of the verdict on the server's answer decides. A trouble that passes, and a refusal that
speaks neither of the token nor of the account, cost no tokens and open no browser.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..address import same_address
from ..error_lines import sentence
from ..errors import AppError, Cancelled, ExitCode, as_error
from ..i18n.translation import N_, _, joined, ngettext
from ..tokenfile.expiry import left
from ..tokenfile.format import TokenFile
from ..verdicts.local_mailbox import SIGNED_IN_AS_ANOTHER
from ..verdicts.verdict import Kind
from .job import Job
from .recording import record_failed_login
from .resolve import Mailbox

if TYPE_CHECKING:
    from ..events import AccountQuestion
    from ..oauth.tokens import Tokens
    from ..providers.fields import Registration

_OPENS_IT = N_("{account} has signed in. This account opens the mailbox of {address}.")
_SAVED = N_("You are signed in, and the tokens are saved. Only the login was not tested.")
_SAVED_ALTHOUGH_REFUSED = N_("You are signed in, and the tokens are saved.")
_NOT_SAVED = N_("The tokens of this sign-in are not saved, and nothing else was changed.")

# What the server means by these may change within seconds, for example while a mailbox is busy.
_ASK_AGAIN_AFTER = 5.0
_LONGEST_PAUSE = 10.0  # seconds; nobody waits at the screen for longer


def access_token_works(job: Job, registration: "Registration", file: TokenFile) -> bool:
    """Whether the access token in the file is valid, tested with an IMAP login if requested.

    It is for a file without a refresh token. Raises the error if the test didn't show it: then a
    browser must not open.
    """
    remaining = left(file, job.now())
    if not file.access or remaining == 0:
        return False
    if not job.request.check:
        return remaining is not None
    try:
        _ask_patiently(job, registration, file.access)
    except AppError as exc:
        if exc.kind is not Kind.REFUSED_ACCOUNT:
            raise
        reason = exc.message
        job.say(_("The IMAP login with the token in the file failed: {reason}", reason=reason))
        return False
    return True


def check_refreshed(mailbox: Mailbox, file: TokenFile) -> bool:
    """Test a refreshed token, which is saved already; returns False if the test showed nothing."""
    job = mailbox.job
    if not job.request.check:
        return False
    try:
        log_in(job, mailbox.registration, file.access)
    except AppError as exc:
        record_failed_login(mailbox, exc)
        if exc.kind not in (Kind.PASSING, Kind.REFUSED):
            raise
        why = sentence(exc.message)
        untested = _(
            "The token was refreshed, but the login could not be tested. {reason}", reason=why
        )
        said = _("Server response: {detail}", detail=exc.detail) if exc.detail else ""
        job.say(joined((untested, said)), warning=True)
        return False
    return True


@dataclass(frozen=True, slots=True)
class Tested:
    """What the login with the tokens of a new sign-in showed. They may be saved.

    `login_error` is None if the login worked or was not tested. If there is a `question`, another
    account signed in, and the tokens may be saved only if the user says that this is right.
    """

    login_error: AppError | None = None
    question: "AccountQuestion | None" = None


def check_signed_in(mailbox: Mailbox, tokens: "Tokens", login_hint: str) -> Tested:
    """Test the tokens of a new sign-in before they replace the old ones.

    Raises the error if they must not be saved: if the account is refused, or if it is unknown whose
    tokens they are and they would replace usable ones. A login that opens the requested mailbox is
    sufficient, even if the tokens name another account, as they do for aliases and shared mailboxes
    (docs/DECISIONS.md), or if the scopes have other names than those that were asked for.
    """
    from ..oauth.permissions import permission_error  # needed after a sign-in only

    job, registration = mailbox.job, mailbox.registration
    expected = login_hint or job.address
    account = account_among(tokens.accounts, login_hint, job.address)
    is_other = bool(account) and not is_one_of(account, expected, job.address)
    replaces_usable = _is_usable(job, mailbox.read_again())
    without_mail = permission_error(tokens, registration, expected, certain=False)
    error = _login_error(job, registration, tokens.access, account) if job.request.check else None
    if job.request.check and error is None:
        if is_other:
            job.say(_(_OPENS_IT, account=account, address=job.address))
        return Tested()
    if without_mail is not None and (error is None or error.kind is not Kind.PASSING):
        raise not_saved(without_mail)
    if is_other:
        from ..events import AccountQuestion

        about = _about_other_account(error, account, expected)
        return Tested(error, AccountQuestion(about, account, expected, job.address))
    if error is None:
        return Tested()
    if error.kind is Kind.REFUSED_ACCOUNT or (replaces_usable and not account):
        raise not_saved(error)
    return Tested(error)


def account_among(names: Sequence[str], *expected: str) -> str:
    """Of the names of an account the expected one, else the first; empty if there is none."""
    return next((name for name in names if is_one_of(name, *expected)), next(iter(names), ""))


def is_one_of(account: str, *expected: str) -> bool:
    """Whether an account is one of these addresses."""
    return any(same_address(account, name) for name in expected)


def not_saved(error: AppError) -> AppError:
    """The error, with the note that the tokens are lost."""
    error.add_note(_(_NOT_SAVED))
    return error


def saved_although(error: AppError) -> AppError:
    """The error, with the note that the tokens are saved."""
    error.add_note(_(_SAVED if error.kind is Kind.PASSING else _SAVED_ALTHOUGH_REFUSED))
    return error


def _login_error(
    job: Job, registration: "Registration", access_token: str, account: str
) -> AppError | None:
    """Why the login failed; None if it worked."""
    try:
        _ask_patiently(job, registration, access_token, account)
    except Cancelled:
        raise
    except AppError as exc:
        return exc
    return None


def _about_other_account(error: AppError | None, account: str, expected: str) -> AppError:
    """The error that names both accounts: that of the login if it does so."""
    if error is not None and error.exit_code is ExitCode.REFUSED and account in error.message:
        return error
    detail = (error.detail or error.message) if error else ""
    return as_error(SIGNED_IN_AS_ANOTHER, detail=detail, account=account, address=expected)


def _is_usable(job: Job, file: TokenFile | None) -> bool:
    """Whether a sign-in would replace tokens that may still be used.

    Unless the user wants to start over, there is a sign-in only after the grant has ended.
    """
    return file is not None and (job.request.start_over or left(file, job.now()) != 0)


def log_in(job: Job, registration: "Registration", access_token: str, account: str = "") -> None:
    """Log in to the mailbox and tell the user how many folders it has.

    `account` is the account that signed in, if it is known.
    """
    # Imported late, since a refresh without a check needs neither imaplib nor TLS.
    from .imap_login import check_mailbox

    count = check_mailbox(
        registration, job.address, access_token, network=job.network, account=account
    )
    job.say(
        ngettext(
            "IMAP login of {address} at {host} succeeded: {count} folder found",
            "IMAP login of {address} at {host} succeeded: {count} folders found",
            count,
            address=job.address,
            host=registration.imap_host,
        )
    )


def _ask_patiently(
    job: Job, registration: "Registration", access_token: str, account: str = ""
) -> None:
    """Log in; if the answer may change within seconds, wait and ask once more."""
    try:
        log_in(job, registration, access_token, account)
    except AppError as exc:
        pause = _pause_after(exc)
        if not pause:
            raise
        again = _("The server is asked once more in {seconds} s.", seconds=round(pause))
        job.say(joined((sentence(exc.message), again)))
    else:
        return
    job.cancelled.wait(pause)
    job.cancelled.check()
    log_in(job, registration, access_token, account)


def _pause_after(error: AppError) -> float:
    """The seconds before the server is asked once more; 0 if it is not."""
    if error.kind is Kind.REFUSED:
        return _ASK_AGAIN_AFTER
    if error.kind is Kind.PASSING and error.retry_after <= _LONGEST_PAUSE:
        return error.retry_after
    return 0.0
