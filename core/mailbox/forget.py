"""Forgets a mailbox: revokes its tokens and deletes its token file and all that belongs to it."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..errors import AppError, as_error
from ..history.journal import delete as delete_history
from ..i18n.translation import N_, _
from ..oauth.grant import is_shared
from ..oauth.revocation import revoke_tokens
from ..open_requests.folder import OpenRequests
from ..tokenfile.format import TokenFile
from ..tokenfile.lock import lock_path, locked
from ..tokenfile.read import target_of
from ..tokenfile.remove import copies_of, remove
from ..tokenfile.save import adopt, new_path, second_path
from ..verdicts import local_files
from .job import Job
from .refresh_token_storage import delete_unused_entry, with_refresh_token
from .resolve import locate, read_own, registration_of

_OTHERS_NEED_IT = N_(
    "The token was not revoked: {provider} gives the same token to the application's other "
    "mailboxes. It ends by itself within hours."
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The deleted file, and whether its tokens were revoked.

    If they were not, `pages` are the provider's web pages where the user can end the access.
    """

    file: Path
    revoked: bool
    pages: tuple[str, ...]


def forget(job: Job, *, revoke: bool = True) -> Forgotten:
    """Revoke the tokens, then delete the token file, its copies, its lock and its store entry.

    If the revocation fails, nothing is deleted: another try needs the tokens. Raises the `AppError`
    that the provider's answer means.
    """
    path = locate(job)
    target = target_of(path)
    if not any(os.path.lexists(file) for file in (path, new_path(target), second_path(target))):
        raise as_error(local_files.NO_TOKEN_FILE, address=job.address, path=path)
    timeout = job.request.network.timeout
    with locked(path, timeout=timeout, cancelled=job.cancelled, removes=True):
        adopt(path)  # an earlier run may have left newer tokens beside the file
        file = read_own(job, path)
        with_token = with_refresh_token(job, file) if file is not None else None
        revoked = revoke and with_token is not None and _revoke(job, with_token)
        delete_unused_entry(job, file, None)
        remove(path, target, new_path(target), second_path(target), *copies_of(target))
        if path != target:  # the lock of a link is that of its file, so nobody holds this one
            remove(lock_path(path))
        delete_history(path)
        _cancel_request(job, path)
    pages = _pages(job, with_token) if with_token is not None and not revoked else ()
    job.say(_("Deleted {path} and everything that belongs to it", path=path))
    if pages:
        told = _("To end the access yourself, open: {pages}", pages=", ".join(pages))
        job.say(told, warning=True)
    return Forgotten(path, revoked, pages)


def _revoke(job: Job, file: TokenFile) -> bool:
    """Revoke the tokens; returns False if the provider has no revocation endpoint."""
    registration = registration_of(job, file)
    if is_shared(file):
        job.say(_(_OTHERS_NEED_IT, provider=registration.label), warning=True)
        return False
    if not registration.revocation_uri:
        job.say(
            _(
                "The tokens were not revoked: {provider} has no revocation endpoint",
                provider=registration.label,
            ),
            warning=True,
        )
        return False
    try:
        revoke_tokens(registration, file, network=job.network)
    except AppError as exc:
        exc.add_note(_(local_files.NOTHING_DELETED))
        raise
    provider = registration.label
    job.say(_("{provider} revoked the tokens of {address}", provider=provider, address=job.address))
    return True


def _cancel_request(job: Job, path: Path) -> None:
    requests = OpenRequests(job.dependencies.store, job.dependencies.clock)
    if request := requests.of_file(path):
        requests.remove(request)


def _pages(job: Job, file: TokenFile) -> tuple[str, ...]:
    provider, application = file.provider or job.request.provider, file.application
    known = job.dependencies.catalog.application(provider, application)
    return known.revocation_pages if known is not None else ()
