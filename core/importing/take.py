"""Take over the mailboxes of a file: save their registrations and their token files.

The file itself is never changed. No provider is asked: the next refresh shows whether the tokens
still work. Name servers are asked if a token file doesn't name the provider of its address.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..address import parse_address
from ..errors import AppError, as_error
from ..files import make_folder, read_regular
from ..i18n.translation import _
from ..mailbox.client_secret_storage import save_registration
from ..mailbox.job import Job
from ..mailbox.recording import record_import
from ..mailbox.resolve import Mailbox, locate, read_own, registration_of, with_names
from ..mailbox.saving import check_can_save, save_sign_in
from ..paths import TOKENS
from ..providers.fields import Registration
from ..tokenfile.format import TokenFile
from ..tokenfile.place import address_in_name, candidates
from ..verdicts import local_import
from .found import Found, ReadCall
from .kinds import LARGEST, read_content
from .outcome import MayReplace, Result, outcome_of, result_of
from .registration import at_known_provider, request_for


@dataclass(frozen=True, slots=True)
class Imported:
    """The result for one mailbox of a file; for a file that can't be read, there is only `error`.

    `path` is its token file. `error` says why there are no tokens.
    """

    source: str
    result: Result
    address: str = ""
    provider: str = ""
    application: str = ""
    path: Path | None = None
    error: AppError | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """How to import. `job` has what the user chose; its address is empty if none was given.

    `may_replace` is asked before other tokens, which can still be refreshed, are replaced. With
    `dry_run` nothing is written.
    """

    job: Job
    read_call: ReadCall
    may_replace: MayReplace
    dry_run: bool = False


def import_file(source: Path, how: Import) -> list[Imported]:
    """Import all mailboxes of a file."""
    try:
        content = read_regular(source, limit=LARGEST + 1)
    except OSError as exc:
        error = as_error(local_import.FILE_UNREADABLE, detail=exc.strerror or "", path=source)
        return [Imported(str(source), Result.FAILED, error=error)]
    return import_content(content, source, how)


def import_content(content: bytes, source: Path, how: Import) -> list[Imported]:
    """Import all mailboxes of a file with this content."""
    try:
        found = read_content(content, how.read_call)
    except AppError as exc:
        parameters: dict[str, Any] = {**exc.parameters, "path": source}
        error = as_error(exc.verdict, detail=exc.detail, **parameters)
        return [Imported(str(source), Result.FAILED, error=error)]
    return [_take(one, source, how) for one in found]


def _take(found: Found, source: Path, how: Import) -> Imported:
    address = found.file.account or how.job.address
    try:
        found = _with_its_file(found, source, how)
        address = parse_address(_address(found, source, how))
        return _taken(found, address, source, how)
    except AppError as exc:
        return Imported(str(source), Result.FAILED, address, error=exc)


def _address(found: Found, source: Path, how: Import) -> str:
    names = how.job.dependencies.catalog.names()
    address = found.file.account or how.job.address or address_in_name(source, names)
    if not address:
        raise as_error(local_import.NO_ADDRESS)
    return address


def _with_its_file(found: Found, source: Path, how: Import) -> Found:
    """A mailbox of a script with the tokens of its token file, which is beside the script."""
    address = found.file.account
    if found.has_tokens or found.problem or "@" not in address:
        return found
    folder = source.absolute().parent
    if found.token_file:
        paths = [folder / found.token_file.replace("\\", "/")]
    else:
        names = how.job.dependencies.catalog.names()
        paths = [one.path for one in candidates(address, folder / TOKENS, names)]
    files = [file for path in paths if (file := _read(path, found, how))]
    return replace(found, file=files[0]) if len(files) == 1 else found


def _read(path: Path, found: Found, how: Import) -> TokenFile | None:
    """A token file, with what the script says of it; None if it is another provider's.

    A script must not send the tokens of a file that names its provider to other endpoints.
    """
    said = found.file
    job = replace(how.job, request=replace(how.job.request, address=said.account))
    file = read_own(job, path)
    if file is None or (said.provider and file.provider not in ("", said.provider)):
        return None
    of_servers = at_known_provider(found, file.provider, job.dependencies.catalog).file.provider
    names_servers = not {"token_uri", "authorize_uri"}.isdisjoint(found.given)
    if file.provider and names_servers and file.provider != of_servers:
        return None
    return replace(
        file,
        account=said.account,
        provider=file.provider or said.provider,
        application=file.application or said.application,
        login_hint=file.login_hint or said.login_hint,
    )


def _taken(found: Found, address: str, source: Path, how: Import) -> Imported:
    """Import one mailbox whose address is known."""
    if found.problem and not (found.given or found.file.provider):
        return Imported(str(source), result_of(found.problem), address, error=found.problem)
    catalog = how.job.dependencies.catalog
    if not found.file.provider:
        found = replace(found, file=with_names(found.file, source, address, catalog.names()))
    found = at_known_provider(found, how.job.request.provider, catalog)
    request = request_for(found, address, how.job.request)
    if found.client_unknown and not (request.application or "client_id" in request.overrides.given):
        raise as_error(local_import.NO_CLIENT_ID, address=address)
    job = replace(how.job, request=request)
    registration = registration_of(job, found.file)
    path = locate(job, provider=registration.provider)
    mailbox = Mailbox(job, path, read_own(job, path))
    result, error = outcome_of(found, mailbox, registration, source, how.may_replace)
    if result in (Result.SAVED, Result.SIGN_IN) and not how.dry_run:
        _save_registration(job, registration)
    if result is Result.SAVED and not how.dry_run:
        mailbox = _save_tokens(found.file, mailbox, registration)
    return Imported(
        str(source),
        result,
        address,
        registration.provider,
        registration.application,
        mailbox.path,
        error,
    )


def _save_registration(job: Job, registration: Registration) -> None:
    """Save what the catalog doesn't know of the registration."""
    saved = save_registration(job, registration)
    if saved:
        job.say(
            _(
                "The client ID of {address} is saved as the application {application} in {file}",
                address=job.address,
                application=saved.application,
                file=job.dependencies.own_file,
            )
        )


def _save_tokens(file: TokenFile, mailbox: Mailbox, registration: Registration) -> Mailbox:
    job = mailbox.job
    make_folder(mailbox.path.parent)
    check_can_save(mailbox)
    mailbox = save_sign_in(
        mailbox,
        replace(
            file,
            account=job.address,
            provider=registration.provider,
            application=registration.application,
            tenant=registration.tenant,
            grant=registration.grant,
            expires_at=_expiry(file, job.now()),
        ),
    )
    record_import(mailbox)
    return mailbox


def _expiry(file: TokenFile, now: float) -> float | None:
    """When the access token expires; if that is unknown, it is due for a refresh at once."""
    known = file.expires_at if file.access else None
    return known or (now if file.refresh else None)
