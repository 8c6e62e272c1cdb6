"""The whole sign-in: choose a flow that can be offered, and let it get the tokens."""

from ...errors import SignInNeeded
from ...model import Tokens
from ...providers.fields import Registration
from ...verdicts.local_sign_in import NO_BROWSER_NO_TERMINAL
from ..permissions import permission_error
from ..registration_facts import parameters_of
from .code_flow import CodeFlow
from .flow import Flow, SignIn
from .methods import SignInMethods

# In the order of preference. Add a flow here.
FLOWS: dict[str, Flow] = {"browser": CodeFlow()}


def offered(registration: Registration, methods: SignInMethods) -> tuple[str, ...]:
    """The names of the flows that the registration and this computer allow, the best one first."""
    return tuple(name for name, flow in FLOWS.items() if flow.can_be_offered(registration, methods))


def sign_in(asked: SignIn) -> Tokens:
    """Let the user sign in by the best flow and return the tokens.

    Raises `SignInNeeded` if no flow can be offered or the user doesn't sign in, `Cancelled`, and
    the `AppError` that the provider's answer means.
    """
    registration = asked.registration
    names = offered(registration, asked.methods)
    if not names:
        raise SignInNeeded(NO_BROWSER_NO_TERMINAL, **parameters_of(registration, asked.sign_in_as))
    tokens = FLOWS[names[0]].run(asked)
    if error := permission_error(tokens, registration, asked.sign_in_as, certain=True):
        raise error
    return tokens
