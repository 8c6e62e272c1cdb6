"""The demo's page for consent without TLS, so that no browser warns of an unknown certificate.

Only the browser of the user who tries the demo comes here. The program itself uses the
authorization server with TLS, as with every provider.
"""

from dataclasses import replace

from ..events import BrowserFailed, Event, LinkAsked, Progress, WaitingForBrowser
from .authorization_server import AUTHORIZE_PATH, AuthorizationServer
from .http_server import DemoRequest, DemoResponse, HttpServer


class ConsentServer(HttpServer):
    """Shows what the authorization server shows at the same path, and nothing else."""

    def __init__(self, server: AuthorizationServer) -> None:
        """Bind a free port."""
        super().__init__(None)
        self._server = server
        self.page = self.origin + AUTHORIZE_PATH

    def respond(self, request: DemoRequest) -> DemoResponse:
        """Return the page."""
        if request.path != AUTHORIZE_PATH:
            return DemoResponse(404)
        return self._server.respond(request)

    def link(self, url: str) -> str:
        """Return the address here of a page of the authorization server."""
        return self.page + url.removeprefix(self._server.authorize_uri)

    def progress(self, progress: Progress) -> Progress:
        """Return what passes events on, with addresses here in their links."""

        def pass_on(event: Event) -> None:
            if isinstance(event, WaitingForBrowser | LinkAsked | BrowserFailed):
                event = replace(event, url=self.link(event.url))
            progress(event)

        return pass_on
