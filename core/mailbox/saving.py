"""Saves tokens under the lock of their file, except those of a refresh (renewal.py).

A new sign-in, a refresh token that moves between the file and the system's store, and tokens that
an earlier run could not put in place.
"""

import contextlib
import os
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import count
from pathlib import Path

from ..errors import AppError, as_error
from ..files import create_private
from ..i18n.translation import N_, _
from ..tokenfile.format import TokenFile, serialize
from ..tokenfile.hazards import hazards
from ..tokenfile.lock import LockTimeout, locked
from ..tokenfile.read import target_of
from ..tokenfile.readers import warning_of_readers
from ..tokenfile.save import adopt, prepare, waiting_path
from ..verdicts import local_files
from .job import Job
from .refresh_token_storage import (
    check_store,
    delete_unused_entry,
    should_use_store,
    store_refresh_token,
    with_refresh_token,
    with_store_entry,
)
from .resolve import Mailbox, locate, read_own, refuse_foreign

_BEFORE = ".before_startover"
_KEPT = N_("{path} is not a token file. What is in it stays as {copy}")
_MENDED = N_(
    "{path} was not in the form that imapsync needs. It is written anew with the same tokens."
)
_MOVED_TO_STORE = N_("The refresh token of {address} is now in the system's store")
_MOVED_TO_FILE = N_("The refresh token of {address} is now in the token file")


def find_mailbox(job: Job) -> Mailbox:
    """The mailbox that a job is for; it uses newer tokens that an earlier run could not put there.

    Such a run saved them in another place. This doesn't wait for the lock: a program that holds it
    has done the same, or is writing its own `.new` file.
    """
    path = locate(job)
    if waiting_path(path):
        with contextlib.suppress(LockTimeout), lock(job, path, share=0.0):
            recover(job, path)
    return Mailbox(job, path, read_own(job, path))


def move_refresh_token(mailbox: Mailbox) -> Mailbox:
    """Move the refresh token between the file and the system's store if the user chose so.

    Returns the mailbox as it is then.
    """
    job, path = mailbox.job, mailbox.path
    if job.request.protect is None or not _must_move(job, mailbox.file):
        return mailbox
    with lock(job, path), job.cancelled.shield():
        recover(job, path)
        before = mailbox.read_again()
        if before is not None and _must_move(job, before):  # else another program has moved it
            check_store(job, before)
            file = with_refresh_token(job, before)
            if file.refresh:  # else the entry may be in another user's store: its name must stay
                _save(job, path, with_store_entry(job, file, before), before)
                moved = _MOVED_TO_STORE if job.request.protect else _MOVED_TO_FILE
                job.say(_(moved, address=job.address))
        return replace(mailbox, file=mailbox.read_again())


def mend(mailbox: Mailbox) -> Mailbox:
    """Write the token file anew if its token is good but imapsync can't use it as it is.

    Nothing is asked of the provider. Returns the mailbox as it is then.
    """
    job, path, file = mailbox.job, mailbox.path, mailbox.file
    if file is None or file.usable:
        return mailbox
    with lock(job, path), job.cancelled.shield():
        recover(job, path)
        file = mailbox.read_again()
        if file is not None:
            mend_locked(job, path, file)
    return replace(mailbox, file=mailbox.read_again())


def mend_locked(job: Job, path: Path, file: TokenFile) -> None:
    """`mend` for a file that was read under its lock."""
    if file.access and not file.usable:
        with prepare(path) as replacement:
            replacement.commit(serialize(file, now=job.now()))
        job.say(_(_MENDED, path=path))


def save_sign_in(mailbox: Mailbox, file: TokenFile) -> Mailbox:
    """Save the tokens of a new sign-in; returns the mailbox with the file that they are in.

    That is another file than before if the file holds tokens of another provider by now: the other
    side of the same address may have been signed in at the same time. Raises `AppError` if the file
    can't be written.
    """
    job, path = mailbox.job, mailbox.path
    with lock(job, path), job.cancelled.shield():
        before = mailbox.read_again()
        is_foreign = before is not None and before.provider not in ("", file.provider)
        if not is_foreign or job.request.token_file is not None:
            refuse_foreign(before, file.provider)
            _save(job, path, with_store_entry(job, file, before), before, keep_access=False)
            return mailbox.with_file(file)
    other = locate(job, provider=file.provider)
    return save_sign_in(replace(mailbox, path=other), file)


def check_can_save(mailbox: Mailbox, *, reserve: bool = True) -> bool:
    """Raise `AppError` if the tokens of a sign-in couldn't be saved; called before the sign-in.

    `reserve` tries whether the disk has room. Returns whether the token file exists.
    """
    job, path = mailbox.job, mailbox.path
    with lock(job, path):
        recover(job, path)
        file = mailbox.read_again()
        check_store(job, file)
        if file is not None and should_use_store(job, file):
            with_refresh_token(job, file)  # raises if the entry belongs to another mailbox
        if file is None:
            _keep_other_content(job, path)
        if reserve:
            with prepare(path, keep_access=False):
                pass
        return file is not None


def _keep_other_content(job: Job, path: Path) -> None:
    """Keep what is in the token file's place, if it is something else: a path may be mistyped."""
    target = target_of(path)
    if not os.path.exists(target) or os.path.getsize(target) == 0:
        return
    import filecmp  # imported late, since few paths are mistyped

    names = (f"{target.name}{_BEFORE}{number or ''}" for number in count())
    for copy in (target.with_name(name) for name in names):
        try:
            if not os.path.lexists(copy):
                _copy(target, copy)
                job.say(_(_KEPT, path=path, copy=copy), warning=True)
                return
            if filecmp.cmp(copy, target, shallow=False):  # of a sign-in that was not finished
                return
        except OSError as exc:
            raise as_error(
                local_files.COPY_NOT_WRITTEN, detail=exc.strerror or "", path=path
            ) from exc


def _copy(target: Path, copy: Path) -> None:
    """Give a file another name, or copy it where the file system has no hard links."""
    try:
        os.link(target, copy)
    except OSError:
        import shutil

        with target.open("rb") as source, open(create_private(copy), "wb") as sink:
            shutil.copyfileobj(source, sink)


def warn_of_place(mailbox: Mailbox) -> None:
    """Tell who else can read the token file, and what is wrong with its place."""
    for warning in (warning_of_readers(mailbox.path), *hazards(mailbox.path)):
        if warning:
            mailbox.job.say(warning, warning=True)


def lock(job: Job, path: Path, *, share: float = 1.0) -> AbstractContextManager[None]:
    """The lock of a token file, waited for at most a share of the job's time limit."""
    return locked(path, timeout=job.request.network.timeout * share, cancelled=job.cancelled)


def recover(job: Job, path: Path) -> None:
    """Put tokens in place that an earlier run could not put there; call it under the lock."""
    if place := adopt(path):
        job.say(_("Recovered newer tokens that an earlier run saved in {path}", path=place))


def _must_move(job: Job, file: TokenFile | None) -> bool:
    return (
        file is not None
        and file.has_refresh_token
        and should_use_store(job, file) != bool(file.store_entry)
    )


def _save(
    job: Job,
    path: Path,
    file: TokenFile,
    before: TokenFile | None,
    *,
    keep_access: bool = True,
) -> None:
    """Write the store, then the file, and finally delete an unused store entry."""
    with prepare(path, keep_access=keep_access, reserve=bool(file.store_entry)) as replacement:
        store_refresh_token(job, file)
        replacement.commit(serialize(file, now=job.now()))
    try:
        delete_unused_entry(job, before, file)
    except AppError as exc:  # not fatal, since the tokens are saved
        job.say(
            _(
                "The old entry in the system's store could not be deleted: {reason}",
                reason=exc.message,
            ),
            warning=True,
        )
