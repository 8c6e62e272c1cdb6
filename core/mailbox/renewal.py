"""Refreshes the tokens of one file: under its lock, and in such a way that no token is lost.

The space for the new tokens is reserved before the request, and they are saved before anything else
happens.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import AppError, as_error
from ..i18n.translation import _, english
from ..oauth.grant import error_by, grant_of
from ..times import local_time
from ..tokenfile.expiry import left
from ..tokenfile.format import TokenFile, serialize
from ..tokenfile.save import Replacement, prepare
from ..verdicts.local_renewal import REFRESH_TOKEN_MISSING, REFRESH_TOKEN_NOT_IN_STORE
from ..verdicts.verdict import Kind
from .job import Job
from .new_tokens import new_tokens
from .recording import record_failed_refresh, record_refresh
from .refresh_token_storage import (
    check_store,
    store_refresh_token,
    with_refresh_token,
)
from .resolve import Mailbox, refuse_foreign
from .saving import lock, mend_locked, recover

if TYPE_CHECKING:
    from ..oauth.tokens import Tokens
    from ..providers.fields import Registration

log = logging.getLogger(__name__)

# The share of the time limit for waiting for the lock. The rest is for the response: if the program
# stopped waiting for it, a rotated refresh token would be lost.
_LOCK_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Renewal:
    """The current content of the file; `renewed` is False if its token was still fresh."""

    file: TokenFile
    renewed: bool


@dataclass(frozen=True, slots=True)
class NoGrant:
    """The tokens can't be refreshed, so the user has to sign in; `error` says why."""

    error: AppError


def renew_locked(
    mailbox: Mailbox, *, is_fresh_enough: Callable[[TokenFile], bool]
) -> Renewal | NoGrant:
    """Refresh under the file's lock, unless `is_fresh_enough` accepts its current content.

    Takes at most the network's time limit, including the wait for the lock. Raises an `AppError` if
    the tokens could not be renewed, but a sign-in is not what helps; then the file has not changed,
    or only a new refresh token has been saved in it. The mailbox's history says what happened.
    """
    try:
        renewal = _renew_locked(mailbox, is_fresh_enough)
    except AppError as exc:
        record_failed_refresh(mailbox, exc)
        raise
    if isinstance(renewal, NoGrant):
        record_failed_refresh(mailbox, renewal.error)
    elif renewal.renewed:
        record_refresh(mailbox, renewal.file.expires_at)
    return renewal


def _renew_locked(
    mailbox: Mailbox, is_fresh_enough: Callable[[TokenFile], bool]
) -> Renewal | NoGrant:
    # Not for a fresh token.
    from ..oauth.permissions import permission_error
    from ..oauth.token_response import RefreshTokenOnly

    job, path, registration = mailbox.job, mailbox.path, mailbox.registration
    deadline = time.monotonic() + job.request.network.timeout
    with lock(job, path, share=_LOCK_SHARE), job.cancelled.shield():
        recover(job, path)
        file = mailbox.read_again()
        # The file may have changed before it was locked.
        refuse_foreign(file, registration.provider)
        if file is None or not (grant := grant_of(file)).can_renew(file):
            return NoGrant(as_error(REFRESH_TOKEN_MISSING, address=job.address))
        if is_fresh_enough(file):
            mend_locked(job, path, file)
            return Renewal(file, renewed=False)
        file = with_refresh_token(job, file)
        refuse_foreign(file, registration.provider)
        if file.store_entry and not file.refresh:
            return NoGrant(as_error(REFRESH_TOKEN_NOT_IN_STORE, address=job.address))
        check_store(job, file)
        with prepare(path, reserve=file.has_refresh_token) as replacement:
            try:
                file, tokens = _post_with_retry(mailbox, file, deadline)
            except RefreshTokenOnly as exc:
                file = _with_refresh(file, exc.refresh, exc.refresh_expires_at)
                _save_renewed(job, replacement, file)
                raise
            except AppError as exc:
                return _no_grant(exc)
            renewed = with_tokens(file, job.address, registration, tokens)
            _save_renewed(job, replacement, renewed)
            log.debug(
                "The new token of %s from %s is saved", job.address, english(registration.label)
            )
            # Only now, since the old refresh token may have ended.
            error = permission_error(tokens, registration, job.address, certain=True)
            return _no_grant(error_by(grant, error)) if error else Renewal(renewed, renewed=True)


def _no_grant(error: AppError) -> NoGrant:
    """The result if a sign-in is what helps against this error; else raises the error."""
    if error.kind is not Kind.DEAD_GRANT:
        raise error
    return NoGrant(error)


def with_tokens(
    file: TokenFile | None, address: str, registration: "Registration", tokens: "Tokens"
) -> TokenFile:
    """The file with new tokens; the old refresh token stays if the provider sent no new one."""
    known = file or TokenFile(access="", refresh="", grant=registration.grant)
    return replace(
        _with_refresh(known, tokens.refresh, tokens.refresh_expires_at),
        access=tokens.access,
        account=address,
        provider=registration.provider,
        application=registration.application,
        tenant=registration.tenant,
        issued_at=tokens.issued_at,
        expires_at=tokens.expires_at,
    )


def _with_refresh(file: TokenFile, refresh: str, expires_at: float | None) -> TokenFile:
    """The file with what an answer says about the refresh token; both may be missing there.

    If the answer doesn't say when a new refresh token ends, that is unknown. The end of the same
    one stays as it was.
    """
    is_new = refresh not in ("", file.refresh)
    known_end = None if is_new else file.refresh_expires_at
    return replace(
        file, refresh=refresh or file.refresh, refresh_expires_at=expires_at or known_end
    )


def _save_renewed(job: Job, replacement: Replacement, file: TokenFile) -> None:
    """Save refreshed tokens, which exist only in this process.

    If the store fails, the access token is saved nevertheless: imapsync can use it for an hour. The
    refresh token is not written to the file then, since the user wants it to be protected.
    """
    try:
        store_refresh_token(job, file)
    except AppError as exc:
        exc.add_note(_("The new refresh token is not saved, so a new sign-in may be needed."))
        raise
    finally:
        replacement.commit(serialize(file, now=job.now()))


def _post_with_retry(
    mailbox: Mailbox, file: TokenFile, deadline: float
) -> "tuple[TokenFile, Tokens]":
    """Send the refresh request; send it again if the file has another refresh token by then."""
    job, registration = mailbox.job, mailbox.registration

    def post(content: TokenFile) -> "tuple[TokenFile, Tokens]":
        network = replace(job.network, timeout=max(deadline - time.monotonic(), 0.001))
        try:
            return content, new_tokens(job, registration, content, network)
        except AppError as exc:
            exc.add_note(_time_left(content, job.now()))
            raise

    try:
        return post(file)
    except AppError as exc:
        if exc.kind is not Kind.DEAD_GRANT:
            raise
        changed = mailbox.read_again()
        if changed is not None:
            changed = with_refresh_token(job, changed)
        refuse_foreign(changed, registration.provider)
        # Another program may have signed in or refreshed meanwhile: the original script, which
        # takes no lock, or one that uses a copy of a protected file.
        if changed is None or changed.refresh in ("", file.refresh):
            raise
    return post(changed)


def _time_left(file: TokenFile, now: float) -> str:
    """How long imapsync can use the token in the file, in a sentence."""
    if not file.usable:
        return _("The first line of the token file is no token that imapsync can use.")
    seconds = left(file, now)
    if seconds is None or file.expires_at is None:
        return _("It is not known how long the token in the file is still valid.")
    if seconds > 0:
        until = local_time(file.expires_at, now)
        return _("imapsync can use the token in the file until {time}.", time=until)
    return _("The token in the file has expired, so imapsync can't log in.")
