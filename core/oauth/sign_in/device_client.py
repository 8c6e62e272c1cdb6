"""Asks the provider for a device code, and for its tokens (RFC 8628), with one form POST each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from ...net.http import post_form
from ...net.network import Network
from ...net.response import HttpResponse
from ...providers.fields import Registration
from ..client_parameters import credentials_of, resource_of
from ..token_response import TokenRequest, read_tokens
from ..tokens import Tokens
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
        form = {"scope": " ".join(registration.scopes)}
        response = self._post(registration.device_authorization_uri, form)
        authorization = read_device_authorization(response, self._request)
        self._device_code = authorization.device_code
        self._request = replace(self._request, secrets=(self._device_code, authorization.user_code))
        return authorization

    def poll(self) -> Tokens:
        """Ask for the tokens once."""
        now = self._clock()
        form = {"grant_type": GRANT, "device_code": self._device_code}
        response = self._post(self._registration.token_uri, form)
        return read_tokens(response, self._request, now=now)

    def _post(self, uri: str, form: Mapping[str, str]) -> HttpResponse:
        """Send a form with what every request says of the application."""
        credentials = credentials_of(self._registration)
        fields = {**form, **credentials.fields, **resource_of(self._registration)}
        return post_form(uri, fields, self._network, credentials.headers)
