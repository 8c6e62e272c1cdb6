"""A device code at Microsoft, with msal."""

from functools import partial
from typing import Any

import requests

from ...net.network import Network
from ...providers.fields import Registration
from ..token_response import TokenRequest
from ..tokens import Tokens
from .code_client import Clock, exchange, http_response, on_response, post, replace_body
from .device_authorization import GRANT, DeviceAuthorization, read_device_authorization
from .http_session import new_session
from .microsoft_app import msal_scopes, new_app


class MicrosoftDeviceClient:
    """The device code flow of msal, over our HTTP session; the waits are ours."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._clock = clock
        self._session = new_session(network)
        self._app: Any = None
        self._flow: Any = None
        self._request = TokenRequest(registration, GRANT)

    def begin(self, login_hint: str) -> DeviceAuthorization:
        """Request the tenant's metadata, then a device code."""
        registration = self._registration
        request = TokenRequest(registration, GRANT, login_hint)
        self._app = new_app(self._session, request)
        received: list[DeviceAuthorization] = []

        def read(response: requests.Response, *_: Any, **__: Any) -> None:
            received.append(read_device_authorization(http_response(response), request))
            # msal fails if a number is none.
            replace_body(response, {"device_code": received[0].device_code})

        on_response(self._session, read)
        begin = partial(self._app.initiate_device_flow, msal_scopes(registration))
        self._flow = post(begin, registration)
        authorization = received[0]
        secrets = (authorization.device_code, authorization.user_code)
        self._request = TokenRequest(registration, GRANT, login_hint, secrets=secrets)
        return authorization

    def poll(self) -> Tokens:
        """Ask for the tokens once: msal would wait a second before it notices a cancellation."""
        send = partial(
            self._app.acquire_token_by_device_flow, self._flow, exit_condition=lambda _: True
        )
        return exchange(send, self._session, self._request, now=self._clock())
