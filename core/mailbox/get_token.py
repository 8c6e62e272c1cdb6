"""The two sentences that the program exists for: get a token, and keep it fresh.

`get_token` is "Get token" in the window and `oauth2_imap EMAIL` on the command line: refresh what
is there, else sign in; prove it by IMAP; save it. `refresh` opens no browser.
"""

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..address import same_address
from ..errors import AppError, Refused, SignInNeeded, TryAgain
from ..files import make_folder
from ..model import Outcome, Registration, Tokens
from ..providers.registration import has_endpoints
from ..providers.save_overrides import save_overrides
from ..tokenfile.expiry import good_enough, left
from ..tokenfile.format import TokenFile
from ..tokenfile.read import written_at
from ..tokenfile.readers import warning_of_readers
from .job import Job
from .renewal import (
    NoGrant,
    check_can_save,
    local_time,
    move_refresh_token,
    recover_unfinished_save,
    renew_locked,
    save_sign_in,
    with_tokens,
)
from .resolve import locate, read_own, registration_of

if TYPE_CHECKING:
    from ..oauth.sign_in.sign_in import SignInMethods

log = logging.getLogger(__name__)

MIN_LEFT = 10 * 60.0  # seconds of life that make a refresh needless for `refresh`


def get_token(job: Job, methods: "SignInMethods | None") -> Outcome:
    """A valid token in the file: refreshed where that works, else by a sign-in.

    Without `methods`, since nobody is to be asked now, it raises `SignInNeeded` in place of that.
    """
    path = locate(job)
    recover_unfinished_save(job, path)
    if not job.request.start_over:  # else the old one isn't needed, nor its store
        move_refresh_token(job, path)
    file = read_own(job, path)
    _warn_of_readers(job, path)
    registration = registration_of(job, file)
    make_folder(path.parent)
    if file is not None and not job.request.start_over:
        works = _access_token_works(job, registration, file)
        if works and not file.renewable:
            return _outcome(job, registration, path, file, checked=job.request.check)
        renewal = renew_locked(job, path, registration, is_fresh_enough=lambda _: False)
        job.cancelled.check()  # what was refreshed is on disk by now
        if not isinstance(renewal, NoGrant):
            _tell_refreshed(job, registration, renewal.file)
            _save_given_overrides(job, registration)
            checked = _check_refreshed(job, registration, renewal.file)
            return _outcome(job, registration, path, renewal.file, renewed=True, checked=checked)
        if methods is None:
            raise _needs_sign_in(job, renewal.detail)
        job.say(f"The file holds nothing to refresh from: sign in. {renewal.detail}".rstrip())
    if methods is None:
        raise _needs_sign_in(job)
    return _sign_in(job, methods, registration, path, file.login_hint if file else "")


def refresh_mailbox(job: Job, *, min_left: float = MIN_LEFT, check: bool = False) -> Outcome:
    """A file whose access token lives longer than `min_left` seconds, or is only seconds old.

    Costs nothing where that is so already; `check` proves a renewed token by a login. Raises
    `SignInNeeded` where there is no grant.
    """
    path = locate(job)
    recover_unfinished_save(job, path)
    move_refresh_token(job, path)
    file = read_own(job, path)
    if file is None:
        raise SignInNeeded(
            f"There is no token of {job.address} in {path}",
            hint=f"Sign in first: {job.command()}",
        )

    def is_fresh_enough(content: TokenFile) -> bool:
        age_from = written_at(path)
        return good_enough(content, now=job.now(), written_at=age_from, min_left=min_left)

    if is_fresh_enough(file) or (not file.renewable and left(file, job.now())):
        return _outcome(job, None, path, file)
    registration = registration_of(job, file)
    renewal = renew_locked(job, path, registration, is_fresh_enough=is_fresh_enough)
    if isinstance(renewal, NoGrant):
        raise _needs_sign_in(job, renewal.detail)
    job.cancelled.check()
    if renewal.renewed:
        _tell_refreshed(job, registration, renewal.file)
        _save_given_overrides(job, registration)
    checked = check and _check_refreshed(job, registration, renewal.file)
    return _outcome(job, registration, path, renewal.file, renewed=renewal.renewed, checked=checked)


def check_login(job: Job) -> Outcome:
    """Log in with the access token that is in the file, and change nothing."""
    path = locate(job)
    file = read_own(job, path)
    if file is None or not file.access:
        raise SignInNeeded(
            f"There is no token of {job.address} in {path}",
            hint=f"Sign in first: {job.command()}",
        )
    registration = registration_of(job, file)
    _log_in(job, registration, file.access)
    return _outcome(job, registration, path, file, checked=True)


def _needs_sign_in(job: Job, detail: str = "") -> SignInNeeded:
    return SignInNeeded(
        f"{job.address} has to sign in again",
        detail=detail,
        hint=f"Where a browser is, run {job.command()}",
    )


def _sign_in(
    job: Job, methods: "SignInMethods", registration: Registration, path: Path, known_hint: str
) -> Outcome:
    from ..oauth.sign_in.sign_in import sign_in

    hint = job.request.login_hint or known_hint
    file_exists = check_can_save(job, path)
    tokens = sign_in(
        registration,
        sign_in_as=hint or job.address,
        methods=methods,
        network=job.request.network,
        progress=job.progress,
        cancelled=job.cancelled,
        clock=job.dependencies.clock,
    )
    job.cancelled.check()
    checked = _check_signed_in(job, registration, tokens, hint or job.address, file_exists)
    file = replace(
        with_tokens(None, job.address, registration, tokens),
        login_hint=hint,
        signed_in_at=tokens.issued_at,
    )
    save_sign_in(job, path, file)
    if not file_exists:
        _warn_of_readers(job, path)
    log.info("%s signed in at %s", job.address, registration.label)
    job.say(f"{job.address} is signed in at {registration.label}{_until(file)}")
    if not tokens.refresh:
        job.say("There is no refresh token, so sign in again when it ends.", warning=True)
    _save_given_overrides(job, registration)
    return _outcome(job, registration, path, file, renewed=True, checked=checked)


def _access_token_works(job: Job, registration: Registration, file: TokenFile) -> bool:
    """Whether the access token that is there logs in; informative where it can be refreshed."""
    remaining = left(file, job.now())
    if not file.access or remaining == 0:
        return False
    if not job.request.check:
        return remaining is not None
    try:
        _count_folders(job, registration, file.access)
    except AppError as exc:
        if isinstance(exc, TryAgain) and not file.renewable:
            raise  # the network's trouble opens no browser
        job.say(f"The access token in the file doesn't log in now: {exc}")
        return False
    job.say("The access token in the file still logs in")
    return True


def _check_refreshed(job: Job, registration: Registration, file: TokenFile) -> bool:
    """Prove a refreshed token, which is on disk already; False where it couldn't be asked."""
    if not job.request.check:
        return False
    try:
        _log_in(job, registration, file.access)
    except TryAgain as exc:
        job.say(f"Refreshed, but not checked: {exc}", warning=True)
        return False
    return True


def _check_signed_in(
    job: Job, registration: Registration, tokens: Tokens, expected: str, file_exists: bool
) -> bool:
    """Prove a new sign-in before the old file is replaced; False where it may go unproved.

    A login that opens the mailbox asked for is proof, whatever name the id token has: aliases and
    shared mailboxes have another one (docs/DECISIONS.md).
    """
    wrong_account = bool(tokens.account) and not same_address(tokens.account, expected)
    if not job.request.check:
        if wrong_account:
            job.say(f"{tokens.account} signed in, not {expected}", warning=True)
        return False
    try:
        _log_in(job, registration, tokens.access)
    except Refused as exc:
        if wrong_account:
            raise _wrong_account(exc, tokens.account, expected) from exc
        raise
    except TryAgain as exc:
        if wrong_account:
            raise _wrong_account(exc, tokens.account, expected) from exc
        if file_exists and not tokens.account:
            raise
        job.say(f"Signed in, but not checked: {exc}", warning=True)
        return False
    return True


def _log_in(job: Job, registration: Registration, access_token: str) -> None:
    count = _count_folders(job, registration, access_token)
    job.say(f"{registration.imap_host} lets {job.address} in and shows {count} folders")


def _count_folders(job: Job, registration: Registration, access_token: str) -> int:
    from .imap_login import check_mailbox  # TLS and imaplib, which a refresh alone doesn't need

    return check_mailbox(registration, job.address, access_token, network=job.request.network)


def _wrong_account(exc: AppError, account: str, expected: str) -> Refused:
    return Refused(
        f"{account} signed in, not {expected}; the token file is as it was",
        detail=exc.detail or exc.message,
        hint=f"Sign in as {expected}, or say --login_hint {account} if that account may open "
        "the mailbox.",
    )


def _warn_of_readers(job: Job, path: Path) -> None:
    if warning := warning_of_readers(path):
        job.say(warning, warning=True)


def _save_given_overrides(job: Job, registration: Registration) -> None:
    overrides, dependencies = job.request.overrides, job.dependencies
    endpoints = has_endpoints(overrides, dependencies.catalog)
    own_file = dependencies.own_file
    try:
        saved = save_overrides(registration, overrides, own_file=own_file, endpoints=endpoints)
    except AppError as exc:  # the tokens are saved: no reason to fail
        job.say(f"{exc.message}. {exc.hint}", warning=True)
    else:
        if saved:
            job.say(f"What you gave by hand is kept in {own_file}")


def _tell_refreshed(job: Job, registration: Registration, file: TokenFile) -> None:
    job.say(f"{registration.label} refreshed the token of {job.address}{_until(file)}")


def _until(file: TokenFile) -> str:
    return f", good until {local_time(file.expires_at)}" if file.expires_at else ""


def _outcome(
    job: Job,
    registration: Registration | None,
    path: Path,
    file: TokenFile,
    *,
    renewed: bool = False,
    checked: bool = False,
) -> Outcome:
    """`registration` is None where it wasn't needed, since the file was good enough."""
    return Outcome(
        address=job.address,
        provider=registration.provider if registration else file.provider,
        file=str(path),
        imap_host=registration.imap_host if registration else "",
        imap_port=registration.imap_port if registration else 0,
        imap_starttls=registration.imap_starttls if registration else False,
        expires_at=file.expires_at,
        renewed=renewed,
        checked=checked,
    )
