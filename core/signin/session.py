"""A requests session under the rules of `core.http`: what msal and oauthlib speak through."""

from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from ..http import LOOPBACK_HOSTS, USER_AGENT, Network, tls_context

S = TypeVar("S", bound=requests.Session)


def new_session(network: Network) -> requests.Session:
    """A session of our own."""
    return under_rules(requests.Session(), network)


def under_rules(session: S, network: Network) -> S:
    """Give a library's session the machine's certificate store, time limits and no redirects."""
    session.mount("https://", _Adapter(network))
    session.max_redirects = 0
    session.headers["User-Agent"] = USER_AGENT
    return session


class _Adapter(HTTPAdapter):
    """Verifies by our context alone: requests would let the environment's CA variables win."""

    def __init__(self, network: Network) -> None:
        self._context = tls_context(network)
        self._timeout = network.timeout
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Add no certificates of certifi or of the environment to the context."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        kwargs["verify"] = True
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        if urlsplit(request.url).hostname in LOOPBACK_HOSTS:
            kwargs["proxies"] = {}
        return super().send(request, *args, **kwargs)
