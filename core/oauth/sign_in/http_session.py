"""The requests session for msal and oauthlib, with the same rules as `core.net.http`."""

import socket
import time
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from ...net.compression import LARGEST_ANSWER, decompressed
from ...net.connecting import GRACE, connect, in_time, remaining
from ...net.faults import AnswerTooLarge
from ...net.http import TimedResponse
from ...net.network import USER_AGENT, Network
from ...net.proxy import blamed_on_proxy, proxy_for
from ...net.tls import new_tls_context

S = TypeVar("S", bound=requests.Session)


def new_session(network: Network) -> requests.Session:
    """A new session with the rules of this program."""
    return configure_session(requests.Session(), network)


def configure_session(session: S, network: Network) -> S:
    """Set up a library's session: system certificate store, timeouts, no redirects.

    Returns the same session.
    """
    session.mount("https://", _Adapter(network))
    session.adapters.pop("http://", None)  # nothing is ever sent unencrypted
    session.auth = _no_auth
    session.max_redirects = 0
    session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
    return session


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add no credentials; without this function requests would send those in ~/.netrc."""
    return request


class _Connection(urllib3.connection.HTTPSConnection):
    response_class = TimedResponse

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._network = network
        self._deadline: float | None = None  # of connecting and of the first answer together

    def connect(self) -> None:
        deadline = self._deadline = time.monotonic() + self._network.timeout
        in_time(
            super().connect,
            deadline + GRACE,
            self._network.cancelled,
            discard=lambda _: self.close(),
        )

    def getresponse(self) -> Any:
        """As urllib3's, within the time that connecting has left."""
        if self._deadline is not None:
            self.timeout = remaining(self._deadline)
            self._deadline = None
        return super().getresponse()

    def _new_conn(self) -> socket.socket:
        # urllib3's own would give the whole timeout to each address, and none to the name servers.
        with blamed_on_proxy(self._tunnel_host):
            deadline = self._deadline or 0.0
            return connect((self.host, self.port), deadline, self._network.cancelled)

    def _tunnel(self) -> None:
        with blamed_on_proxy(tunnel=True):
            super()._tunnel()


class _Pool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    """Verifies with our TLS context alone; requests would prefer the environment's variables."""

    def __init__(self, network: Network) -> None:
        self._context = new_tls_context(network)
        self._timeout = network.timeout
        self._pools = {"https": partial(_Pool, network=network)}
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Do nothing: no certificates of certifi or the environment are added to the context."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send the request; the answer is decompressed as that of a refresh is.

        Then the connection is closed. The user may take minutes until the next request, and a
        connection that died meanwhile would lose the only copy of the code: RFC 9112, 9.3.1.
        """
        proxy = proxy_for(urlsplit(request.url or "").hostname or "")
        kwargs["verify"] = True
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        kwargs["proxies"] = {"https": proxy.uri} if proxy else {}
        try:
            response = super().send(request, *args, **{**kwargs, "stream": True})
            encoding = response.headers.pop("Content-Encoding", "")
            response._content = decompressed(_read_limited(response), encoding)
        except (
            urllib3.exceptions.HTTPError,
            AnswerTooLarge,
            ValueError,
        ) as exc:  # requests doesn't convert all of them
            raise requests.RequestException(type(exc).__name__) from exc
        finally:
            self.close()
        return response


def _read_limited(response: requests.Response) -> bytes:
    body = b""
    try:
        for piece in response.raw.stream(LARGEST_ANSWER, decode_content=False):
            body += piece
            if len(body) > LARGEST_ANSWER:
                response.close()
                raise AnswerTooLarge
    except urllib3.exceptions.ProtocolError as exc:
        if any(isinstance(cause, OSError) for cause in exc.args):
            raise
        # Only the end mark is missing, or more: what has come is read, as by a refresh.
    return body
