"""What a flow is: one way for the user to grant access, from the first question to the tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ...cancel import Cancellation
from ...events import Progress
from ...net.network import Network
from ...providers.fields import Registration
from ..tokens import Tokens
from .methods import SignInMethods


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in that is asked for.

    `sign_in_as` is only a hint for the provider, so the tokens may belong to another account.
    """

    registration: Registration
    sign_in_as: str
    methods: SignInMethods
    network: Network
    progress: Progress
    cancelled: Cancellation
    clock: Callable[[], float]


class Flow(Protocol):
    """A way to sign in; it has no state of its own, so one object serves all sign-ins."""

    def can_be_offered(self, registration: Registration, methods: SignInMethods) -> bool:
        """Whether the registration and this computer allow it."""
        ...

    def run(self, asked: SignIn) -> Tokens:
        """Let the user sign in and return the tokens.

        Raises `SignInNeeded` if the user doesn't sign in, `Cancelled`, and the `AppError` that the
        provider's answer means.
        """
        ...
