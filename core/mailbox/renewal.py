"""Renew the tokens of one file: locked, the new place made ready, asked once, saved first."""

import contextlib
import logging
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ..errors import AppError, TryAgain
from ..model import Registration, Tokens
from ..oauth.refresh_request import (
    DeadGrant,
    Fresh,
    RefreshResult,
    Rejected,
    Transient,
    post_refresh_request,
)
from ..tokenfile.expiry import left
from ..tokenfile.format import TokenFile, serialize
from ..tokenfile.lock import LockTimeout, locked
from ..tokenfile.read import target_of
from ..tokenfile.save import Replacement, adopt, new_path, prepare
from .job import Job
from .refresh_token_storage import (
    check_store,
    delete_unused_entry,
    should_use_store,
    store_refresh_token,
    with_refresh_token,
    with_store_entry,
)
from .resolve import read_own, refuse_foreign

log = logging.getLogger(__name__)

# The rest is the answer's: one that came too late would have rotated the refresh token for nothing.
_LOCK_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Renewal:
    """The file as it stands now; `renewed` is False where it was good enough already."""

    file: TokenFile
    renewed: bool


@dataclass(frozen=True, slots=True)
class NoGrant:
    """There is no grant to renew from; `detail` is the provider's word, if it was asked."""

    detail: str


def renew_locked(
    job: Job,
    path: Path,
    registration: Registration,
    *,
    is_fresh_enough: Callable[[TokenFile], bool],
) -> Renewal | NoGrant:
    """Refresh under the file's lock, unless `enough` says that somebody just did.

    Takes the network's time limit at most, waiting for the lock included. Raises `TryAgain` for
    what time may heal and `AppError` for what it won't; the file is then byte for byte what it was.
    """
    deadline = time.monotonic() + job.request.network.timeout
    with _locked(job, path, share=_LOCK_SHARE), job.cancelled.shield():
        _recover_locked(job, path)
        file = read_own(job, path)
        refuse_foreign(file, registration.provider)  # it may have changed before the lock was ours
        if file is None or not file.renewable:
            return NoGrant("")
        if is_fresh_enough(file):
            return Renewal(file, renewed=False)
        file = with_refresh_token(job, file)
        refuse_foreign(file, registration.provider)
        if not file.refresh:
            return NoGrant("The system's store has no refresh token for this user and this file")
        check_store(job, file)
        with prepare(path) as replacement:
            file, result = _post_with_retry(job, path, file, registration, deadline)
            match result:
                case Fresh(tokens):
                    renewed = with_tokens(file, job.address, registration, tokens)
                    _save_renewed(job, replacement, renewed)
                    log.info("%s refreshed the token of %s", registration.label, job.address)
                    return Renewal(renewed, renewed=True)
                case DeadGrant(detail):
                    return NoGrant(detail)
                case Transient(error):
                    raise _with_time_left(error, file, job.now())
                case Rejected(refusal):
                    raise refusal


def recover_unfinished_save(job: Job, path: Path) -> None:
    """Adopt what an earlier run could not put in its place, if there is such a thing.

    Whoever holds the lock has done that, or is making a `.new` of its own: it isn't waited for.
    """
    if os.path.exists(new_path(target_of(path))):
        with contextlib.suppress(LockTimeout), _locked(job, path, share=0.0):
            _recover_locked(job, path)


def move_refresh_token(job: Job, path: Path) -> None:
    """Between the file and the system's store, where the person wants it elsewhere than it is."""
    if job.request.protect is None or not _must_move(job, read_own(job, path)):
        return
    with _locked(job, path), job.cancelled.shield():
        _recover_locked(job, path)
        before = read_own(job, path)
        if before is None or not _must_move(job, before):
            return  # another program was quicker
        check_store(job, before)
        file = with_refresh_token(job, before)
        if not file.refresh:
            return  # the store may be another user's; what says where it is must not be lost
        _save(job, path, with_store_entry(job, file, before), before)
        job.say(f"The refresh token of {job.address} lives in {_home_of(job)} now")


def save_sign_in(job: Job, path: Path, file: TokenFile) -> None:
    """Put a new sign-in in the file's place."""
    with _locked(job, path), job.cancelled.shield():
        before = read_own(job, path)
        refuse_foreign(before, file.provider)  # another may have come meanwhile
        _save(job, path, with_store_entry(job, file, before), before)


def check_can_save(job: Job, path: Path) -> bool:
    """Make sure that tokens can be saved, before anybody signs in; whether a file is there."""
    with _locked(job, path):
        _recover_locked(job, path)
        file = read_own(job, path)
        check_store(job, file)
        if file is not None and should_use_store(job, file):
            with_refresh_token(
                job, file
            )  # refuses an entry of another mailbox, which would be written over
        with prepare(path):
            return file is not None


def with_tokens(
    file: TokenFile | None, address: str, registration: Registration, tokens: Tokens
) -> TokenFile:
    """The file's next content; a provider that sends no new refresh token leaves the old one."""
    known = file or TokenFile(access="", refresh="")
    return replace(
        known,
        access=tokens.access,
        refresh=tokens.refresh or known.refresh,
        account=address,
        provider=registration.provider,
        application=registration.application,
        tenant=registration.tenant,
        issued_at=tokens.issued_at,
        expires_at=tokens.expires_at,
    )


def local_time(moment: float) -> str:
    """A moment as the person's clock shows it."""
    return datetime.fromtimestamp(moment).strftime("%H:%M:%S")


def _locked(job: Job, path: Path, *, share: float = 1.0) -> AbstractContextManager[None]:
    return locked(path, timeout=job.request.network.timeout * share, cancelled=job.cancelled)


def _recover_locked(job: Job, path: Path) -> None:
    if adopt(path):
        job.say(f"Took over the tokens that an earlier run left in {path.name}.new")


def _must_move(job: Job, file: TokenFile | None) -> bool:
    return (
        file is not None
        and file.renewable
        and should_use_store(job, file) != bool(file.store_entry)
    )


def _home_of(job: Job) -> str:
    return "the system's store" if job.request.protect else "the token file"


def _save(job: Job, path: Path, file: TokenFile, before: TokenFile | None) -> None:
    """The store first, then the file; what the store needn't keep any more goes last."""
    with prepare(path) as replacement:
        store_refresh_token(job, file)
        replacement.commit(serialize(file, now=job.now()))
    try:
        delete_unused_entry(job, before, file)
    except AppError as exc:  # the tokens are saved; a store that is gone needs no entry deleted
        job.say(f"An old entry stays in the system's store: {exc.message}", warning=True)


def _save_renewed(job: Job, replacement: Replacement, file: TokenFile) -> None:
    """The same for an answer that exists nowhere else: each half is saved whatever the other does.

    The access token serves imapsync for an hour; and a refresh token in plain text is no way out.
    """
    try:
        store_refresh_token(job, file)
    except AppError as exc:
        raise AppError(
            f"The system's store didn't take the new refresh token of {job.address}",
            detail=exc.message,
            hint=f"{exc.hint}. Then run this again; you may have to sign in",
        ) from exc
    finally:
        replacement.commit(serialize(file, now=job.now()))


def _post_with_retry(
    job: Job, path: Path, file: TokenFile, registration: Registration, deadline: float
) -> tuple[TokenFile, RefreshResult]:
    """Ask with the file's refresh token, and once more if the file has another one by then."""

    def post(refresh_token: str) -> RefreshResult:
        network = replace(job.request.network, timeout=max(deadline - time.monotonic(), 0.001))
        return post_refresh_request(registration, refresh_token, network=network, now=job.now())

    result = post(file.refresh)
    if isinstance(result, DeadGrant):
        changed = read_own(job, path)
        if changed is not None:
            changed = with_refresh_token(job, changed)
        refuse_foreign(changed, registration.provider)
        # A program without our lock (the original), or that of a copy of a protected file, may
        # have signed in or refreshed meanwhile.
        if changed is not None and changed.refresh not in ("", file.refresh):
            return changed, post(changed.refresh)
    return file, result


def _with_time_left(error: TryAgain, file: TokenFile, now: float) -> TryAgain:
    """Say how long imapsync can go on with the token that is there."""
    seconds = left(file, now)
    if seconds is None or file.expires_at is None:
        goes_on = "How long the token in the file still lives isn't known."
    elif seconds > 0:
        until = local_time(file.expires_at)
        goes_on = f"imapsync can go on until {until} with the token in the file."
    else:
        goes_on = "The token in the file has expired, so imapsync can't log in until then."
    return TryAgain(
        error.message,
        detail=error.detail,
        hint=f"{error.hint} {goes_on}",
        actor=error.actor,
        retry_after=error.retry_after,
    )
