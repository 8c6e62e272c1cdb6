"""Asks the provider for a device code, and for its tokens (RFC 8628), with one form POST each."""

from dataclasses import replace
from typing import Protocol

from ...model import Tokens
from ...net.http import post_form
from ...net.network import Network
from ...providers.fields import Registration
from ..token_response import TokenRequest, read_tokens
from .code_client import Clock
from .device_authorization import GRANT, DeviceAuthorization, read_device_authorization


class DeviceClient(Protocol):
    """The requests of a single sign-in; used once."""

    def begin(self, login_hint: str) -> DeviceAuthorization:
        """Ask for a device code; raises the `AppError` that the answer means."""
        ...

    def poll(self) -> Tokens:
        """Ask for the tokens once.

        Raises the `AppError` that the answer means; it is passing if the user isn't ready yet.
        """
        ...


class PlainDeviceClient:
    """Any provider that needs no special code."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._network = network
        self._clock = clock
        self._request = TokenRequest(registration, GRANT)
        self._device_code = ""

    def begin(self, login_hint: str) -> DeviceAuthorization:
        """Ask for a device code."""
        registration = self._registration
        self._request = replace(self._request, address=login_hint)
        form = {**self._client(), "scope": " ".join(registration.scopes)}
        response = post_form(registration.device_authorization_uri, form, self._network)
        authorization = read_device_authorization(response, self._request)
        self._device_code = authorization.device_code
        self._request = replace(self._request, secrets=(self._device_code, authorization.user_code))
        return authorization

    def poll(self) -> Tokens:
        """Ask for the tokens once."""
        now = self._clock()
        form = {**self._client(), "grant_type": GRANT, "device_code": self._device_code}
        response = post_form(self._registration.token_uri, form, self._network)
        return read_tokens(response, self._request, now=now)

    def _client(self) -> dict[str, str]:
        """What names the client; the secret is sent in the form, as in a refresh."""
        registration = self._registration
        secret = {"client_secret": registration.client_secret} if registration.client_secret else {}
        return {"client_id": registration.client_id, **secret}
