"""The client of a sign-in: the application under which this program is known to a server.

A server that offers it registers this program without a question (RFC 7591). The client is public:
it lies on the user's computer, so it can keep no secret (RFC 8252 section 8.4).
"""

from dataclasses import dataclass, field

from ..errors import as_error
from ..model import ClientAuthentication
from ..net.http import post_json
from ..net.network import Network, quoted
from ..net.response import HttpResponse
from ..oauth.answer import json_object, read_answer
from ..providers import values
from ..verdicts import local_discovery
from ..verdicts.match import match
from ..verdicts.verdict import Origin, Symptom
from .finding import valid
from .sign_in_server import SignInServer

NAME = "oauth2_imap"  # what the sign-in page calls this program
# The port is added when the page opens (RFC 8252 section 7.3).
REDIRECT_URI = "http://localhost"
_GRANTS = ("authorization_code", "refresh_token")
_DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_PUBLIC, _BASIC = "none", "client_secret_basic"
# What this program can do, by the names of RFC 7591, the best first.
_WAYS = {
    _PUBLIC: ClientAuthentication.BODY,
    _BASIC: ClientAuthentication.BASIC,
    "client_secret_post": ClientAuthentication.BODY,
}


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client; `secret` is empty for a public one."""

    client_id: str
    secret: str = field(default="", repr=False)
    authentication: ClientAuthentication = ClientAuthentication.BODY


def register(server: SignInServer, network: Network) -> Client:
    """Register this program at a server, and return the client that it gave.

    Raises `Misconfigured` if the server registers nobody or refuses, the error of a network
    problem, and `Cancelled`.
    """
    if not server.registration_uri:
        raise as_error(local_discovery.NO_FREE_REGISTRATION, issuer=server.issuer)
    offered = server.client_authentication or (_PUBLIC,)
    wanted = {
        "client_name": NAME,
        "application_type": "native",
        "redirect_uris": [REDIRECT_URI],
        "grant_types": [*_GRANTS, *([_DEVICE_CODE] if server.device_uri else [])],
        "response_types": ["code"],
        "token_endpoint_auth_method": next((way for way in _WAYS if way in offered), _PUBLIC),
    }
    return _read(post_json(server.registration_uri, wanted, network), server)


def _read(response: HttpResponse, server: SignInServer) -> Client:
    content = json_object(response.body)
    client_id = valid(values.non_empty_text, content.get("client_id"), "")
    secret = valid(values.text, content.get("client_secret", ""), "")
    way = valid(values.text, content.get("token_endpoint_auth_method", _BASIC), _BASIC)
    if response.status in (200, 201) and client_id:
        if way == _PUBLIC or not secret:
            return Client(client_id)
        return Client(client_id, secret, _WAYS.get(way, ClientAuthentication.BODY))
    answer = read_answer(response.body)
    is_success = response.status < 400
    symptom = Symptom(
        Origin.REGISTRATION,
        "foreign_answer" if is_success else answer.error,
        words=answer.words,
        status=response.status,
    )
    words = ": ".join(filter(None, (answer.error, answer.words)))
    raise as_error(
        match(symptom),
        detail=quoted(f"HTTP {response.status} {words}".strip(), secret),
        issuer=server.issuer,
        redirect_uri=REDIRECT_URI,
    )
