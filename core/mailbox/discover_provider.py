"""Finds a provider that the catalog doesn't know, and describes it as the user could by hand.

The result is in the overrides of the request, so what worked is saved like a provider by hand, and
a refresh needs no discovery.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..address import domain_of
from ..error_lines import sentence
from ..errors import AppError, Cancelled, UsageProblem, as_error
from ..events import FoundServer
from ..i18n.translation import N_, _
from ..providers.by_hand import provider_of_issuer
from ..providers.catalog import Catalog
from ..providers.values import uri_host
from ..verdicts import local_discovery, local_settings
from .job import Job

if TYPE_CHECKING:
    from ..discovery.finding import Finding
    from ..discovery.sign_in_server import SignInServer
    from ..oauth.sign_in.methods import SignInMethods

# The detection's errors after which the domain's own servers are asked.
_UNKNOWN = (
    local_settings.PROVIDER_NOT_FOUND,
    local_settings.MAIL_FILTER_HIDES_PROVIDER,
    local_settings.DOMAIN_WITHOUT_MAIL,
)
_ASKING = N_("Searching for the sign-in server of {domain}")
_MOST_DETAIL = 300  # characters


def as_asked(job: Job, methods: "SignInMethods") -> Job:
    """The job with the provider that the user's issuer, or the address's domain, leads to.

    An issuer that the catalog knows needs no discovery.
    """
    issuer = job.request.overrides.text("issuer")
    known = provider_of_issuer(issuer, job.dependencies.catalog)
    return job if known else _discovered(job, methods)


def after_detection(job: Job, methods: "SignInMethods | None", error: UsageProblem) -> Job:
    """The job with the provider that the address's domain leads to, if nobody knows another.

    `error` is raised if it doesn't say that the provider is unknown, if nobody can be asked, or if
    nothing was found.
    """
    if methods is None or error.verdict not in _UNKNOWN:
        raise error
    return _discovered(job, methods, error)


def _discovered(job: Job, methods: "SignInMethods", reason: UsageProblem | None = None) -> Job:
    """The job with the provider that was found and described.

    A server that only the domain names must be confirmed by the user before anything is sent to it
    but a request for its description. Raises `reason` if nothing was found, `SignInNeeded` if
    nobody can confirm, and the `AppError` of a server that can't be used.
    """
    from ..discovery.search import search  # imported late, since most providers are known
    from ..discovery.sign_in_server import checked_issuer, find_sign_in_server

    given = job.request.overrides
    issuer = given.text("issuer") and checked_issuer(given.text("issuer"))
    known, domain = job.dependencies.catalog.discovery, domain_of(job.address)
    job.say(_(_ASKING, domain=domain))
    found = search(domain, known, job.network)
    if not issuer and (name := _known(job.dependencies.catalog, found)):
        return _with(job, provider=name)
    if not (issuer or found.issuer):
        raise _nothing_found(domain, reason)
    server = find_sign_in_server(issuer or found.issuer, job.network)
    described = _described(job, server, found)
    if not issuer:
        _confirm(job, methods, server, described["imap_host"])
    client = {} if "client_id" in given.given else _client(job, server)
    return _with(job, overrides=replace(given, given={**described, **client, **given.given}))


def _known(catalog: Catalog, found: "Finding") -> str:
    """The name of the provider with this sign-in server or IMAP server; empty if there is none."""
    providers = catalog.providers.values()
    same = (p.name for p in providers if found.imap_host and p.imap_host == found.imap_host)
    return provider_of_issuer(found.issuer, catalog) or next(same, "")


def _with(job: Job, **changes: Any) -> Job:
    return replace(job, request=replace(job.request, discover=False, **changes))


def _nothing_found(domain: str, reason: AppError | None) -> AppError:
    error = as_error(local_discovery.NOTHING_DISCOVERED, domain=domain)
    if reason is None:
        return error
    reason.add_note(sentence(error.message))
    return reason


def _described(job: Job, server: "SignInServer", found: "Finding") -> dict[str, Any]:
    """The fields of the provider, without those of its client.

    Raises `AppError` if the IMAP server or the scopes are not known; the user's own count first.
    """
    from ..discovery.scopes import OFFLINE, scopes_to_ask

    given = job.request.overrides.given
    scopes = given.get("scopes") or scopes_to_ask(server, found, job.dependencies.catalog.discovery)
    host = given.get("imap_host") or found.imap_host
    if not host:
        raise as_error(local_discovery.IMAP_SERVER_NOT_FOUND, domain=domain_of(job.address))
    if not scopes:
        detail = " ".join(server.scopes)[:_MOST_DETAIL]
        raise as_error(local_discovery.NO_MAIL_SCOPE, detail=detail, issuer=server.issuer)
    fields = {
        "issuer": server.issuer,
        "sends_issuer": server.sends_issuer,
        "authorize_uri": server.authorize_uri,
        "token_uri": server.token_uri,
        "device_authorization_uri": server.device_uri,
        "revocation_uri": server.revocation_uri,
        "scopes": scopes,
        "imap_host": host,
        "imap_port": found.imap_port,
        # OpenID Connect Core, section 11: else the scope has no effect.
        "authorize_parameters": {"prompt": "consent"} if OFFLINE in scopes else {},
    }
    return {name: value for name, value in fields.items() if value}


def _confirm(job: Job, methods: "SignInMethods", server: "SignInServer", imap_host: str) -> None:
    """Ask the user once; raises `SignInNeeded` if nobody can be asked, `Cancelled` after a no."""
    asked = FoundServer(
        address=job.address,
        domain=domain_of(job.address),
        host=uri_host(server.authorize_uri),
        imap_host=imap_host,
    )
    if methods.ask_server is None:
        raise as_error(
            local_discovery.HOST_NOT_CONFIRMED,
            issuer=server.issuer,
            address=asked.address,
            domain=asked.domain,
            host=asked.host,
        )
    if not methods.ask_server(asked):
        raise Cancelled
    job.cancelled.check()


def _client(job: Job, server: "SignInServer") -> dict[str, Any]:
    """Register this program, and return the fields of the client that the server gave."""
    from ..discovery.client import NAME, REDIRECT_URI, register

    client = register(server, job.network)
    registered = _(
        "{issuer} has registered {name} as an application", issuer=server.issuer, name=NAME
    )
    job.say(registered)
    fields = {
        "client_id": client.client_id,
        "client_secret": client.secret,
        "client_authentication": client.authentication,
        "redirect_uri": REDIRECT_URI,
        "application_label": NAME,
    }
    return {name: value for name, value in fields.items() if value}
