"""Chooses the library that exchanges the code of a sign-in."""

import time

from ...model import FlowKind
from ...net.network import Network
from ...providers.fields import Registration
from .code_client import Clock, CodeClient


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
