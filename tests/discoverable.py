"""A mail domain that describes its servers: pages on loopback, about the servers of a stage."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from core.demo.http_server import DemoRequest, DemoResponse, HttpServer
from core.oauth.sign_in.certificate import Certificate
from core.providers.fields import Discovery
from servers import Stage

AUTOCONFIG = "/autoconfig.xml"
CONFIGURATION = "/configuration.json"
METADATA = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"
RESOURCE = "/.well-known/oauth-protected-resource"
REGISTER = "/register"
MAIL = "urn:ietf:params:oauth:scope:mail"


class Domain(HttpServer):
    """The pages; `registered` are the requests of clients, `asked` the paths so far."""

    def __init__(self, stage: Stage, certificate: Certificate) -> None:
        """Publish nothing yet."""
        super().__init__(certificate)
        self.stage = stage
        self.issuer = self.origin
        self.registered: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self._routes: dict[tuple[str, str], Callable[[DemoRequest], DemoResponse]] = {}

    def respond(self, request: DemoRequest) -> DemoResponse:
        """The page, if there is one."""
        self.asked.append(request.target)
        route = self._routes.get((request.method, request.path))
        return route(request) if route else DemoResponse(404)

    @property
    def authorize_uri(self) -> str:
        """The stage's, but not in the form of Microsoft's endpoints, which mean its library."""
        return f"{self.stage.server.authorize_uri}?by=discovery"

    @property
    def places(self) -> Discovery:
        """The places of the shipped data, all of them here."""
        here = self.issuer
        return Discovery(
            resources=(here,),
            configurations=(here + CONFIGURATION,),
            autoconfig=(here + AUTOCONFIG,),
            mail_scopes=(MAIL, "mail"),
            account_scopes=("openid email", "openid"),
        )

    def publish(self, path: str, content: object, **changes: Any) -> None:
        """Answer a GET with this text, or with this in JSON; `changes` are other parts of it."""
        text = content if isinstance(content, str) else json.dumps(content)
        response = replace(DemoResponse(body=text.encode()), **changes)
        self._routes["GET", path] = lambda _: response

    def describe(self, path: str = METADATA, **changes: Any) -> None:
        """Publish what the server offers; None leaves a field out."""
        server = self.stage.server
        content = {
            "issuer": self.issuer,
            "authorization_endpoint": self.authorize_uri,
            "token_endpoint": server.token_uri,
            "revocation_endpoint": server.revocation_uri,
            "registration_endpoint": self.issuer + REGISTER,
            "scopes_supported": ["openid", "mail", "calendar"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            **changes,
        }
        self.publish(path, {name: value for name, value in content.items() if value is not None})

    def take_clients(self, status: int = 201, **answer: Any) -> None:
        """Register clients; `answer` replaces what is told of them."""
        given = answer or {"client_id": self.stage.server.client_id}

        def register(request: DemoRequest) -> DemoResponse:
            self.registered.append(json.loads(request.body))
            return DemoResponse(status, json.dumps(given).encode())

        self._routes["POST", REGISTER] = register

    def publish_autoconfig(self, oauth: str = "") -> None:
        """Name the stage's IMAP server, and perhaps a sign-in server."""
        box = self.stage.mailbox
        self.publish(
            AUTOCONFIG,
            '<clientConfig version="1.1"><emailProvider id="demo.example">'
            f'<incomingServer type="imap"><hostname>{box.host}</hostname><port>{box.port}</port>'
            "<socketType>SSL</socketType><authentication>OAuth2</authentication></incomingServer>"
            f"</emailProvider>{oauth}</clientConfig>",
        )


@contextmanager
def domain_of(stage: Stage) -> Iterator[Domain]:
    """Runs until the end of the block."""
    domain = Domain(stage, stage.browser.certificate)
    domain.start()
    try:
        yield domain
    finally:
        domain.close()
