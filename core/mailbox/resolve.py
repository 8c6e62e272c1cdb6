"""Resolves an address to its token file and to the registration that refreshes its tokens."""

import sys
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from ..address import domain_of, same_address
from ..errors import UsageProblem, as_error
from ..i18n.translation import N_, _
from ..tokenfile.format import NotATokenFile, TokenFile
from ..tokenfile.place import names_of, place_of
from ..tokenfile.read import read_token_file
from ..verdicts import local_files, local_settings
from .client_secret_storage import with_client_secret
from .job import Job

if TYPE_CHECKING:
    from ..detection.detect import Detection
    from ..providers.fields import Registration

_CHOSEN = N_("Provider of {address}: {provider} (chosen)")
_BY_ENDPOINTS = N_("Provider of {address}: {provider} (named after your endpoints)")
_BY_ISSUER = N_("Provider of {address}: {provider} (its sign-in server is {issuer})")
_DETECTED = N_("Provider of {address}: {found}")


class Recorded(Protocol):
    """The names that a token file records; empty if it doesn't."""

    @property
    def provider(self) -> str:
        """The provider's name."""

    @property
    def application(self) -> str:
        """The application's name."""


@dataclass(slots=True)
class Mailbox:
    """One mailbox, found once for a job and handed on. The path of its token file identifies it.

    `file` is what the token file said then; it is None if there is none. Only the lock of the file
    is a reason to read it again.
    """

    job: Job
    path: Path
    file: TokenFile | None
    _registration: "Registration | None" = field(default=None, init=False, repr=False)

    @property
    def registration(self) -> "Registration":
        """What refreshes the tokens; found at its first use, which may ask the name servers."""
        # In Python 3.11 a cached_property has one lock for all mailboxes, so that a slow name
        # server would hold up the others.
        if self._registration is None:
            self._registration = registration_of(self.job, self.file)
        return self._registration

    @property
    def login_hint(self) -> str:
        """The account that signs in, if it is another than the address; else empty."""
        return self.job.request.login_hint or (self.file.login_hint if self.file else "")

    def with_file(self, file: TokenFile) -> "Mailbox":
        """The same mailbox after its tokens were written into the file."""
        saved = replace(self, file=file)
        saved._registration = self._registration
        return saved

    def read_again(self) -> TokenFile | None:
        """What the token file says now."""
        return read_own(self.job, self.path)


def mailbox_of(job: Job) -> Mailbox:
    """The mailbox that a job is for, as its token file is now."""
    path = locate(job)
    return Mailbox(job, path, read_own(job, path))


def locate(job: Job, *, provider: str = "") -> Path:
    """The absolute path of the token file, which may not exist.

    `provider` is the mailbox's provider if it is known; else the one that the user chose counts.
    """
    request = job.request
    if request.token_file is not None:
        return request.token_file.absolute()
    return place_of(
        request.address,
        request.folder.absolute(),
        provider=provider or _chosen_provider(job),
        application=request.application,
        known_names=lambda: _known_names(job),
        unnamed_belongs_to=lambda: _detected_name(job),
    )


def read_own(job: Job, path: Path) -> TokenFile | None:
    """The token file of this address, or None if there is none.

    Raises `Refused` if it belongs to another account: such a file is neither used nor replaced. A
    sign-in that starts over needs nothing of a file that is no token file. If the file names no
    provider or application, they are taken from its file name, which the original script chose.
    """
    try:
        file = read_token_file(path)
    except NotATokenFile:
        if not job.request.start_over:
            raise
        return None
    if file is None:
        return None
    if file.account and not same_address(file.account, job.address):
        raise as_error(
            local_files.TOKEN_FILE_OF_ANOTHER,
            path=path,
            account=file.account,
            address=job.address,
        )
    return file if file.provider else with_names(file, path, job.address, _known_names(job))


def with_names(
    file: TokenFile, path: Path, address: str, known_names: Collection[str]
) -> TokenFile:
    """A file that records no provider, with the provider and the application of its name."""
    names = names_of(path, address, known_names)
    application = file.application or names.application
    return replace(file, provider=names.provider, application=application)


def refuse_foreign(file: TokenFile | None, provider: str) -> None:
    """Raise `UsageProblem` if the file holds tokens of another provider.

    They must neither be sent to this provider nor be replaced by its tokens.
    """
    if file is not None and file.provider not in ("", provider):
        raise as_error(
            local_files.TOKEN_FILE_OF_OTHER_PROVIDER, other=file.provider, provider=provider
        )


def registration_of(job: Job, file: TokenFile | None) -> "Registration":
    """The registration that refreshes the tokens.

    Its provider is the one that the user chose, else the one in the token file, else the detected
    one; a note tells the user which it is if no file names it.
    """
    from ..providers.registration import resolve  # imported late, since a fresh token needs none

    provider, note = _provider(job, file)
    refuse_foreign(file, provider)
    registration = resolve(
        job.dependencies.catalog,
        provider,
        _application(job, file, provider),
        job.request.overrides,
        tenant=file.tenant if file else "",
    )
    if note:
        job.say(note)
    return with_client_secret(job, registration)


def _application(job: Job, file: TokenFile | None, provider: str) -> str:
    """The application's name: the chosen one, the one in the file, or that of the domain.

    It is empty for the provider's default, and if the user gave a client ID.
    """
    request, known = job.request, job.dependencies.catalog.providers.get(provider)
    if request.application or "client_id" in request.overrides.given:
        return request.application
    if file is not None:
        return file.application
    return known.application_for(domain_of(job.address)) if known else ""


def token_host(job: Job, recorded: Recorded | None) -> str:
    """The host of the token endpoint; empty if it isn't known without asking name servers."""
    request, catalog = job.request, job.dependencies.catalog
    given = request.overrides.text("token_uri")
    names = [request.provider, recorded.provider if recorded else ""]
    provider = next((p for name in names if (p := catalog.providers.get(name))), None)
    if provider is not None and not given:
        name = request.application or (recorded.application if recorded else "")
        application = provider.applications.get(name or provider.default_application)
        given = (application or provider).token_uri
    try:
        host = urlsplit(given).hostname or ""
    except ValueError:  # the user's own endpoint; the refresh will say what is wrong with it
        return ""
    return sys.intern(host)  # one text for thousands of mailboxes


def _provider(job: Job, file: TokenFile | None) -> tuple[str, str]:
    """The provider's name, and the note that says why it is this one; empty if a file names it."""
    chosen, catalog = _chosen_provider(job), job.dependencies.catalog
    if chosen:
        issuer = job.request.overrides.text("issuer")
        by_own_values = _BY_ISSUER if issuer else _BY_ENDPOINTS
        note = _CHOSEN if job.request.provider else by_own_values
        return chosen, _(note, address=job.address, provider=chosen, issuer=issuer)
    if file is not None and file.provider:
        if file.provider not in catalog.providers:
            raise as_error(local_settings.RECORDED_PROVIDER_UNKNOWN, name=file.provider)
        return file.provider, ""  # the user knows it from the sign-in
    found = _detected(job)
    return found.provider, _(_DETECTED, address=job.address, found=found.sentence())


def _chosen_provider(job: Job) -> str:
    """The provider that the user chose by its name or by new endpoints; empty if none."""
    request = job.request
    if not request.provider and not request.overrides.given:
        return ""
    from ..providers.by_hand import has_endpoints, provider_name_of, provider_of_issuer
    from ..providers.registration import refuse_unknown
    from ..providers.values import uri_host

    catalog = job.dependencies.catalog
    if request.provider:
        refuse_unknown(catalog, request.provider, request.overrides)
        return request.provider
    if has_endpoints(request.overrides, catalog):
        return provider_name_of(request.overrides)
    # One that isn't known is named after its host, as a provider by endpoints is.
    issuer = request.overrides.text("issuer")
    return provider_of_issuer(issuer, catalog) or uri_host(issuer)


def _detected(job: Job) -> "Detection":
    from ..detection.detect import detect

    dependencies = job.dependencies
    return detect(
        job.address, dependencies.catalog, lookups=dependencies.lookups, network=job.network
    )


def _detected_name(job: Job) -> str:
    try:
        return _detected(job).provider
    except UsageProblem:  # not detected, or a provider without OAuth2
        return ""


def _known_names(job: Job) -> set[str]:
    request = job.request
    return job.dependencies.catalog.names() | {request.provider, request.application}
