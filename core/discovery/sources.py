"""The sources that may name the sign-in server of a mail domain; add a source here.

Each is a function of one place, which providers.toml lists (`Discovery`). It returns what the
source says, or None. Only the domain is sent to anybody, never the address.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ..model import IMAPS_PORT
from ..net.http import get
from ..net.imap_session import Heard, imap_session
from ..net.network import Network
from ..net.tls import tls_context
from ..oauth.answer import json_object
from ..providers import values
from ..providers.fields import Discovery
from .autoconfig import fetch_autoconfig
from .finding import Finding, valid
from .scopes import mail_scopes
from .sign_in_server import find_sign_in_server

Ask = Callable[[], Finding | None]
_OPENID = "/.well-known/openid-configuration"
_OAUTH = "/.well-known/oauth-authorization-server"
# No token: the server refuses it, and may say where tokens come from (RFC 7628 section 3.2.2).
_NO_TOKEN = b"n,,\1auth=Bearer none\1\1"


def questions(domain: str, known: Discovery, network: Network) -> Iterator[Ask]:
    """All questions about a domain, the most reliable source first."""
    sources: tuple[tuple[tuple[str, ...], Callable[..., Finding | None]], ...] = (
        (known.resources, partial(ask_resource, known=known)),
        (known.configurations, ask_configuration),
        (known.autoconfig, partial(fetch_autoconfig, domain=domain)),
        (known.issuers, partial(ask_issuer, known=known)),
        (known.imap_servers, ask_imap_server),
    )
    for places, ask in sources:
        for place in places:
            yield partial(ask, place.replace("{domain}", domain), network=network)


def ask_resource(resource: str, network: Network, *, known: Discovery) -> Finding | None:
    """The metadata of a protected resource, by its address (RFC 9728 section 3)."""
    parts = urlsplit(resource)
    path = parts.path.rstrip("/")
    content = _json(f"https://{parts.netloc}/.well-known/oauth-protected-resource{path}", network)
    if str(content.get("resource", "")).rstrip("/") != resource.rstrip("/"):
        return None
    servers, scopes = content.get("authorization_servers"), content.get("scopes_supported")
    issuer = servers[0] if isinstance(servers, list) and servers else None
    offered = (
        [scope for scope in scopes if isinstance(scope, str)] if isinstance(scopes, list) else []
    )
    return Finding(issuer=valid(values.page, issuer, ""), scopes=mail_scopes(offered, known))


def ask_configuration(uri: str, network: Network) -> Finding | None:
    """The file of PACC: https://datatracker.ietf.org/doc/draft-ietf-mailmaint-pacc/.

    Its digest in DNS is not compared, since the user confirms the server that the file names.
    """
    content = _json(uri, network)
    issuer = _inside(content, "authentication", "oauth-public", "issuer")
    host = valid(values.host, _inside(content, "protocols", "imap", "host"), "")
    found = Finding(issuer=valid(values.page, issuer, ""), imap_host=host)
    return found if found != Finding() else None


def ask_issuer(issuer: str, network: Network, *, known: Discovery) -> Finding | None:
    """The domain itself as an issuer; only if it offers scopes of mail, since it is a guess."""
    server = find_sign_in_server(issuer, network)
    scopes = mail_scopes(server.scopes, known)
    return Finding(issuer=issuer, scopes=scopes) if scopes else None


def ask_imap_server(place: str, network: Network) -> Finding | None:
    """An IMAP server, by its name and perhaps its port: whether it takes OAuth2, and from whom.

    Raises an OSError if it can't be reached, and whatever imaplib makes of an answer.
    """
    host, _, port = place.partition(":")
    server = Finding(imap_host=host, imap_port=int(port or IMAPS_PORT), imap_takes_oauth=True)
    heard = Heard()
    with imap_session(server, tls_context(network), network, heard) as imap:
        ways = {"AUTH=OAUTHBEARER", "AUTH=XOAUTH2"} & set(imap.capabilities)
        if not ways:
            return None
        if "AUTH=OAUTHBEARER" in ways:
            issuer = _issuer_of(imap, heard)
            return Finding(
                issuer=issuer,
                imap_host=host,
                imap_port=server.imap_port,
                imap_takes_oauth=True,
            )
    return server


def _issuer_of(imap: Any, heard: Heard) -> str:
    """The issuer in the refusal of a login without a token; empty if it names none."""

    def respond(challenge: bytes) -> bytes:
        heard.challenge = heard.challenge or challenge
        return b"\1" if challenge else _NO_TOKEN

    with contextlib.suppress(imap.error):  # as expected
        imap.authenticate("OAUTHBEARER", respond)
    try:
        reason = json.loads(heard.challenge or b"{}")
    except ValueError:
        return ""
    uri = reason.get("openid-configuration") if isinstance(reason, dict) else None
    address = valid(values.page, uri, "")
    return address.replace(_OPENID, "").replace(_OAUTH, "")


def _json(uri: str, network: Network) -> dict[str, Any]:
    """The object at an address; empty if there is none."""
    response = get(uri, network)
    return json_object(response.body) if response.status == 200 else {}


def _inside(content: object, *names: str) -> object:
    """A value below these names; None if there is none."""
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content
