"""What a sign-in server publishes about itself: RFC 8414, or OpenID Connect Discovery.

A description counts only if its issuer is exactly the one that was asked, and if all its endpoints
are https. Nothing of it is believed that this program doesn't need.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ..errors import as_error
from ..i18n.translation import N_, _
from ..net.http import get
from ..net.network import Network, quoted
from ..net.response import HttpResponse
from ..oauth.answer import json_object
from ..providers import values
from ..verdicts import local_discovery, local_settings

_MOST_ITEMS = 200  # of a list; Keycloak names about 20 scopes
# What a sign-in needs. A server that publishes no such list has the default, which is enough.
_NEEDED: Mapping[str, tuple[str, str]] = {
    "response_types_supported": ("code", N_("sign-ins with a code")),
    "grant_types_supported": ("authorization_code", N_("sign-ins with a code")),
    "code_challenge_methods_supported": ("S256", N_("protection of the code (PKCE with S256)")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInServer:
    """An authorization server; empty where it says nothing.

    `client_authentication` are the names of the ways in which a client may prove itself, `none`
    among them if it needs no secret. `device_uri` is for device codes (RFC 8628). `sends_issuer`:
    its answers name it (RFC 9207).
    """

    issuer: str
    authorize_uri: str
    token_uri: str
    registration_uri: str = ""
    device_uri: str = ""
    revocation_uri: str = ""
    scopes: tuple[str, ...] = ()
    client_authentication: tuple[str, ...] = ()
    sends_issuer: bool = False


def checked_issuer(issuer: str) -> str:
    """The issuer as the user or a server wrote it; raises `UsageProblem` if it can't be one."""
    try:
        address = values.page(issuer)
    except values.Invalid as exc:
        raise as_error(local_discovery.NOT_AN_ISSUER, rule=exc.rule) from exc
    if urlsplit(address).query or "{" in address:
        raise as_error(local_discovery.NOT_AN_ISSUER)
    return address


def metadata_uris(issuer: str) -> tuple[str, ...]:
    """Where the description of an issuer may be.

    RFC 8414 inserts the well-known part before the path of the issuer; OpenID Connect appends it.
    """
    parts = urlsplit(issuer)
    origin, path = f"https://{parts.netloc}", parts.path.rstrip("/")
    known = (
        f"{origin}/.well-known/oauth-authorization-server{path}",
        f"{origin}{path}/.well-known/openid-configuration",
        f"{origin}/.well-known/openid-configuration{path}",
    )
    return tuple(dict.fromkeys(known))


def find_sign_in_server(issuer: str, network: Network) -> SignInServer:
    """Ask an issuer for its description.

    Raises `UsageProblem` if the issuer can't be one, `AppError` if the description is missing or
    can't be used, the error of a network problem, and `Cancelled`.
    """
    checked_issuer(issuer)
    statuses = []
    for uri in metadata_uris(issuer):
        response = get(uri, network)
        content = json_object(response.body)
        if response.status == 200 and content:
            return _read(content, issuer)
        statuses.append(_in_words(response))
    raise as_error(
        local_discovery.NO_METADATA, detail=", ".join(dict.fromkeys(statuses)), issuer=issuer
    )


def _in_words(response: HttpResponse) -> str:
    """What a server answered instead; a redirect is not followed, but named."""
    location = response.headers.get("location", "")
    return f"HTTP {response.status}" + (f" to {quoted(location)}" if location else "")


def _read(content: Mapping[str, Any], issuer: str) -> SignInServer:
    given = content.get("issuer")
    if given != issuer:
        raise as_error(
            local_discovery.ISSUER_DIFFERS, detail=f"issuer {quoted(given)}", issuer=issuer
        )
    for name, (value, feature) in _NEEDED.items():
        if name in content and value not in _texts(content, name):
            raise as_error(local_discovery.SERVER_LACKS, issuer=issuer, feature=_(feature))
    return SignInServer(
        issuer=issuer,
        authorize_uri=_endpoint(content, "authorization_endpoint", issuer),
        token_uri=_endpoint(content, "token_endpoint", issuer),
        registration_uri=_endpoint(content, "registration_endpoint", issuer, optional=True),
        device_uri=_endpoint(content, "device_authorization_endpoint", issuer, optional=True),
        revocation_uri=_endpoint(content, "revocation_endpoint", issuer, optional=True),
        scopes=_texts(content, "scopes_supported"),
        client_authentication=_texts(content, "token_endpoint_auth_methods_supported"),
        sends_issuer=content.get("authorization_response_iss_parameter_supported") is True,
    )


def _texts(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = content.get(name)
    items = value[:_MOST_ITEMS] if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str) and item.isprintable())


def _endpoint(content: Mapping[str, Any], name: str, issuer: str, *, optional: bool = False) -> str:
    value = content.get(name)
    if optional and value is None:
        return ""
    try:
        address = values.endpoint(value)
    except values.Invalid as exc:
        _refuse(name, exc.rule, issuer)
    if "{" in address:  # here it would be a placeholder
        _refuse(name, local_settings.MUST_BE_ADDRESS, issuer)
    return address


def _refuse(field: str, rule: str, issuer: str) -> NoReturn:
    raise as_error(local_discovery.METADATA_INVALID, issuer=issuer, field=field, rule=rule)
