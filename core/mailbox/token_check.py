"""Tests access tokens with an IMAP login, and decides what a failed test means."""

from ..address import same_address
from ..errors import AppError, Refused, TryAgain
from ..model import Registration, Tokens
from ..tokenfile.expiry import left
from ..tokenfile.format import TokenFile
from .job import Job

_LOGGED_IN = "IMAP login of {address} at {host} succeeded: {count} folders found"
_LOGGED_IN_ONE_FOLDER = "IMAP login of {address} at {host} succeeded: 1 folder found"


def access_token_works(job: Job, registration: Registration, file: TokenFile) -> bool:
    """Whether the access token in the file is valid, tested with an IMAP login if requested.

    Raises `TryAgain` if the server can't be asked and the token can't be refreshed either.
    """
    remaining = left(file, job.now())
    if not file.access or remaining == 0:
        return False
    if not job.request.check:
        return remaining is not None
    try:
        _count_folders(job, registration, file.access)
    except AppError as exc:
        if isinstance(exc, TryAgain) and not file.renewable:
            raise  # a network problem is no reason to open a browser
        job.say(f"The IMAP login with the token in the file failed: {exc}")
        return False
    job.say("The IMAP login with the token in the file succeeded")
    return True


def check_refreshed(job: Job, registration: Registration, file: TokenFile) -> bool:
    """Test a refreshed token, which is saved already; returns False if it couldn't be tested."""
    if not job.request.check:
        return False
    try:
        log_in(job, registration, file.access)
    except TryAgain as exc:
        job.say(f"The token was refreshed, but its login was not tested: {exc}", warning=True)
        return False
    return True


def check_signed_in(
    job: Job, registration: Registration, tokens: Tokens, expected: str, file_exists: bool
) -> bool:
    """Test the tokens of a new sign-in before they replace the old ones.

    Returns False if they couldn't be tested and may be saved anyway. A login that opens the
    requested mailbox is sufficient, even if the id token names another account, as it does for
    aliases and shared mailboxes (docs/DECISIONS.md).
    """
    wrong_account = bool(tokens.account) and not same_address(tokens.account, expected)
    if not job.request.check:
        if wrong_account:
            job.say(f"{tokens.account} signed in, not {expected}", warning=True)
        return False
    try:
        log_in(job, registration, tokens.access)
    except Refused as exc:
        if wrong_account:
            raise _wrong_account(exc, tokens.account, expected) from exc
        raise
    except TryAgain as exc:
        if wrong_account:
            raise _wrong_account(exc, tokens.account, expected) from exc
        if file_exists and not tokens.account:
            raise
        job.say(f"You are signed in, but the login was not tested: {exc}", warning=True)
        return False
    return True


def log_in(job: Job, registration: Registration, access_token: str) -> None:
    """Log in to the mailbox and tell the user how many folders it has."""
    count = _count_folders(job, registration, access_token)
    template = _LOGGED_IN_ONE_FOLDER if count == 1 else _LOGGED_IN
    job.say(template.format(host=registration.imap_host, address=job.address, count=count))


def _count_folders(job: Job, registration: Registration, access_token: str) -> int:
    # Imported late, since a refresh without a check needs neither imaplib nor TLS.
    from .imap_login import check_mailbox

    return check_mailbox(registration, job.address, access_token, network=job.request.network)


def _wrong_account(exc: AppError, account: str, expected: str) -> Refused:
    return Refused(
        f"{account} signed in, not {expected}; the token file is as it was",
        detail=exc.detail or exc.message,
        hint=f"Sign in as {expected}, or say --login_hint {account} if that account may open "
        "the mailbox.",
    )
