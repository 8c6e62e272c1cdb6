"""Chooses the library for a sign-in."""

import time
from typing import TYPE_CHECKING

from ...model import FlowKind
from ...net.network import Network
from ...providers.fields import Registration
from .code_client import Clock, CodeClient

if TYPE_CHECKING:
    from .device_client import DeviceClient


def new_client(
    registration: Registration, network: Network, *, clock: Clock = time.time
) -> CodeClient:
    """The client for a registration, not yet begun.

    Its library is imported only now: msal takes 0.13 s, google-auth 0.19 s.
    """
    match registration.flow:
        case FlowKind.MICROSOFT:
            from .microsoft import MicrosoftClient

            return MicrosoftClient(registration, network, clock)
        case FlowKind.GOOGLE:
            from .google import GoogleClient

            return GoogleClient(registration, network, clock)
        case FlowKind.PLAIN:
            from .generic import PlainClient

            return PlainClient(registration, network, clock)


def new_device_client(
    registration: Registration, network: Network, *, clock: Clock = time.time
) -> "DeviceClient":
    """The client for a device code, not yet begun; msal has none for a client with a secret."""
    if registration.flow is FlowKind.MICROSOFT and not registration.client_secret:
        from .microsoft_device import MicrosoftDeviceClient

        return MicrosoftDeviceClient(registration, network, clock)
    from .device_client import PlainDeviceClient

    return PlainDeviceClient(registration, network, clock)
