"""Lists the mailboxes of a folder; everything is read from the token files themselves."""

import os
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from ..errors import AppError, as_error
from ..i18n.translation import N_
from ..model import DEFAULT_GRANT, IMAPS_PORT
from ..oauth.grant import can_be_renewed, sign_in_helps
from ..providers.catalog import Catalog
from ..tokenfile.expiry import due_at, is_from_the_future, left, scarce
from ..tokenfile.place import address_in_name, token_files
from ..tokenfile.read import read_token_file
from ..tokenfile.save import has_second_folder, waiting_path
from ..verdicts import local_files
from .resolve import with_names

Stamp = tuple[int, int, int]  # when a file was written, its size, its number on the disk


class Condition(StrEnum):
    """The condition of an access token, from best to worst."""

    FRESH = N_("fresh")
    SOON = N_("expires soon")
    UNKNOWN = N_("unknown")
    EXPIRED = N_("expired")
    UNUSABLE = N_("not in the form for imapsync")
    BROKEN = N_("can't be read")


class MailboxInfo(NamedTuple):
    """What is known of one token file; empty or None if unknown.

    `imap_host` is empty if the provider is unknown. `renewable` says whether its grant can renew it
    without the user, and `sign_in_helps` whether a sign-in helps if not. `problem` says why the
    file can't be read. `newer` is a file in which newer tokens wait, after a disk error. `stamp`
    tells whether the token file has changed since. `usable` says whether imapsync can use the file
    as it is.
    """

    path: Path
    address: str
    provider: str = ""
    label: str = ""
    application: str = ""
    imap_host: str = ""
    imap_port: int = IMAPS_PORT
    imap_starttls: bool = False
    login_hint: str = ""
    grant: str = DEFAULT_GRANT
    renewable: bool = False
    sign_in_helps: bool = True
    written_at: float = 0.0
    issued_at: float | None = None
    expires_at: float | None = None
    signed_in_at: float | None = None
    refresh_expires_at: float | None = None
    problem: AppError | None = None
    newer: Path | None = None
    stamp: Stamp | None = None
    usable: bool = True

    def condition(self, now: float) -> Condition:
        """The condition of the access token at the time `now`."""
        if self.problem:
            return Condition.BROKEN
        if not self.usable:
            return Condition.UNUSABLE
        remaining = left(self, now)
        if remaining is None:
            return Condition.UNKNOWN
        if not remaining:
            return Condition.EXPIRED
        return Condition.SOON if remaining <= scarce(self) else Condition.FRESH

    def needs_sign_in(self, now: float) -> bool:
        """Whether the user has to sign in, as far as the file tells.

        A refresh token that the provider refuses is not noticed here.
        """
        may_need = not self.renewable and self.sign_in_helps
        return may_need and self.condition(now) is Condition.EXPIRED

    def due_at(self, interval: float, now: float) -> float | None:
        """The latest time of the next refresh; None if there is none without the user."""
        if not self.renewable:
            return None
        if is_from_the_future(self, now) or not self.usable:
            return now  # a refresh doesn't trust it either
        return due_at(self, interval=interval, written_at=self.written_at)


def mailboxes_in(folder: Path, catalog: Catalog) -> list[MailboxInfo]:
    """The mailboxes of all token files in a folder, sorted by file name."""
    return list(mailboxes_at(token_files(folder.absolute()), catalog, {}))


def mailboxes_at(
    paths: Iterable[Path], catalog: Catalog, known: Mapping[Path, MailboxInfo]
) -> Iterator[MailboxInfo]:
    """Read what is known of token files; a file that can't be read raises no error.

    What is `known` of a file is returned if the file has not changed since it was read.
    """
    second = has_second_folder()  # once, since it takes longer than to read a file
    for path in paths:
        yield _read(path, catalog, known.get(path), second)


def mailbox_at(path: Path, catalog: Catalog) -> MailboxInfo:
    """Read what is known of one token file; a file that can't be read raises no error."""
    return next(mailboxes_at([path], catalog, {}))


def _read(path: Path, catalog: Catalog, known: MailboxInfo | None, second: bool) -> MailboxInfo:
    stamp, written = _stat(path)  # before the file is read, so that no change is missed
    if known is not None and stamp is not None and stamp == known.stamp:
        return known
    try:
        file = read_token_file(path)
        problem = None if file else as_error(local_files.TOKEN_FILE_EMPTY, path=path)
    except AppError as exc:
        file, problem = None, exc
    if file is None:
        address = address_in_name(path, catalog.names())
        return MailboxInfo(path, address, problem=problem, stamp=stamp)
    address = file.account or address_in_name(path, catalog.names())
    if not file.provider:
        file = with_names(file, path, address, catalog.names())
    provider = catalog.providers.get(file.provider)
    used = catalog.application(file.provider, file.application) or provider
    return MailboxInfo(
        path=path,
        address=address,
        provider=file.provider,
        label=provider.label if provider else file.provider,
        application=file.application,
        imap_host=used.imap_host if used else "",
        imap_port=used.imap_port if used else IMAPS_PORT,
        imap_starttls=used.imap_starttls if used else False,
        login_hint=file.login_hint,
        grant=file.grant,
        renewable=can_be_renewed(file),
        sign_in_helps=sign_in_helps(file),
        written_at=written,
        issued_at=file.issued_at,
        expires_at=file.expires_at,
        signed_in_at=file.signed_in_at,
        refresh_expires_at=file.refresh_expires_at,
        newer=waiting_path(path, second),
        usable=file.usable,
        stamp=stamp,
    )


def _stat(path: Path) -> tuple[Stamp | None, float]:
    try:
        stat = os.stat(path)
    except OSError:
        return None, 0.0
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino), stat.st_mtime
