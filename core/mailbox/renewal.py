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
from ..oauth.refresh_request import DeadGrant, Fresh, RefreshAnswer, Rejected, Transient, ask
from ..tokenfile.expiry import left
from ..tokenfile.format import TokenFile, serialize
from ..tokenfile.lock import LockTimeout, locked
from ..tokenfile.read import target_of
from ..tokenfile.save import Replacement, adopt, new_path, prepare
from .job import Job
from .refresh_token_storage import drop_entry, opened, placed, put_away, try_protection, wants_store
from .resolve import read_own, refuse_foreign

log = logging.getLogger(__name__)

# The rest is the answer's: one that came too late would have rotated the refresh token for nothing.
_PART_FOR_THE_LOCK = 0.5


@dataclass(frozen=True, slots=True)
class Renewal:
    """The file as it stands now; `renewed` is False where it was good enough already."""

    file: TokenFile
    renewed: bool


@dataclass(frozen=True, slots=True)
class Dead:
    """There is no grant to renew from; `detail` is the provider's word, if it was asked."""

    detail: str


def renew(
    job: Job, path: Path, registration: Registration, *, enough: Callable[[TokenFile], bool]
) -> Renewal | Dead:
    """Refresh under the file's lock, unless `enough` says that somebody just did.

    Takes the network's time limit at most, waiting for the lock included. Raises `TryAgain` for
    what time may heal and `AppError` for what it won't; the file is then byte for byte what it was.
    """
    deadline = time.monotonic() + job.request.network.timeout
    with _locked(job, path, part=_PART_FOR_THE_LOCK), job.cancelled.shield():
        _take_over(job, path)
        file = read_own(job, path)
        refuse_foreign(file, registration.provider)  # it may have changed before the lock was ours
        if file is None or not file.renewable:
            return Dead("")
        if enough(file):
            return Renewal(file, renewed=False)
        file = opened(job, file)
        refuse_foreign(file, registration.provider)
        if not file.refresh:
            return Dead("The system's store has no refresh token for this user and this file")
        try_protection(job, file)
        with prepare(path) as replacement:
            file, answer = _ask(job, path, file, registration, deadline)
            match answer:
                case Fresh(tokens):
                    renewed = updated(file, job.address, registration, tokens)
                    _save_renewed(job, replacement, renewed)
                    log.info("%s refreshed the token of %s", registration.label, job.address)
                    return Renewal(renewed, renewed=True)
                case DeadGrant(detail):
                    return Dead(detail)
                case Transient(error):
                    raise _with_life_left(error, file, job.now())
                case Rejected(refusal):
                    raise refusal


def take_over(job: Job, path: Path) -> None:
    """Adopt what an earlier run could not put in its place, if there is such a thing.

    Whoever holds the lock has done that, or is making a `.new` of its own: it isn't waited for.
    """
    if os.path.exists(new_path(target_of(path))):
        with contextlib.suppress(LockTimeout), _locked(job, path, part=0.0):
            _take_over(job, path)


def move_refresh_token(job: Job, path: Path) -> None:
    """Between the file and the system's store, where the person wants it elsewhere than it is."""
    if job.request.protect is None or not _lies_elsewhere(job, read_own(job, path)):
        return
    with _locked(job, path), job.cancelled.shield():
        _take_over(job, path)
        before = read_own(job, path)
        if before is None or not _lies_elsewhere(job, before):
            return  # another program was quicker
        try_protection(job, before)
        file = opened(job, before)
        if not file.refresh:
            return  # the store may be another user's; what says where it is must not be lost
        _save(job, path, placed(job, file, before), before)
        job.say(f"The refresh token of {job.address} lives in {_home_of(job)} now")


def save_sign_in(job: Job, path: Path, file: TokenFile) -> None:
    """Put a new sign-in in the file's place."""
    with _locked(job, path), job.cancelled.shield():
        before = read_own(job, path)
        refuse_foreign(before, file.provider)  # another may have come meanwhile
        _save(job, path, placed(job, file, before), before)


def try_place(job: Job, path: Path) -> bool:
    """Make sure that tokens can be saved, before anybody signs in; whether a file is there."""
    with _locked(job, path):
        _take_over(job, path)
        file = read_own(job, path)
        try_protection(job, file)
        if file is not None and wants_store(job, file):
            opened(job, file)  # refuses an entry of another mailbox, which would be written over
        with prepare(path):
            return file is not None


def updated(
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


def _locked(job: Job, path: Path, *, part: float = 1.0) -> AbstractContextManager[None]:
    return locked(path, timeout=job.request.network.timeout * part, cancelled=job.cancelled)


def _take_over(job: Job, path: Path) -> None:
    if adopt(path):
        job.say(f"Took over the tokens that an earlier run left in {path.name}.new")


def _lies_elsewhere(job: Job, file: TokenFile | None) -> bool:
    return file is not None and file.renewable and wants_store(job, file) != bool(file.store_entry)


def _home_of(job: Job) -> str:
    return "the system's store" if job.request.protect else "the token file"


def _save(job: Job, path: Path, file: TokenFile, before: TokenFile | None) -> None:
    """The store first, then the file; what the store needn't keep any more goes last."""
    with prepare(path) as replacement:
        put_away(job, file)
        replacement.commit(serialize(file, now=job.now()))
    try:
        drop_entry(job, before, file)
    except AppError as exc:  # the tokens are saved; a store that is gone needs no entry deleted
        job.say(f"An old entry stays in the system's store: {exc.message}", warning=True)


def _save_renewed(job: Job, replacement: Replacement, file: TokenFile) -> None:
    """The same for an answer that exists nowhere else: each half is saved whatever the other does.

    The access token serves imapsync for an hour; and a refresh token in plain text is no way out.
    """
    try:
        put_away(job, file)
    except AppError as exc:
        raise AppError(
            f"The system's store didn't take the new refresh token of {job.address}",
            detail=exc.message,
            hint=f"{exc.hint}. Then run this again; you may have to sign in",
        ) from exc
    finally:
        replacement.commit(serialize(file, now=job.now()))


def _ask(
    job: Job, path: Path, file: TokenFile, registration: Registration, deadline: float
) -> tuple[TokenFile, RefreshAnswer]:
    """Ask with the file's refresh token, and once more if the file has another one by then."""

    def ask_with(refresh_token: str) -> RefreshAnswer:
        network = replace(job.request.network, timeout=max(deadline - time.monotonic(), 0.001))
        return ask(registration, refresh_token, network=network, now=job.now())

    answer = ask_with(file.refresh)
    if isinstance(answer, DeadGrant):
        changed = read_own(job, path)
        if changed is not None:
            changed = opened(job, changed)
        refuse_foreign(changed, registration.provider)
        # A program without our lock (the original), or that of a copy of a protected file, may
        # have signed in or refreshed meanwhile.
        if changed is not None and changed.refresh not in ("", file.refresh):
            return changed, ask_with(changed.refresh)
    return file, answer


def _with_life_left(error: TryAgain, file: TokenFile, now: float) -> TryAgain:
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
