"""The whole sign-in: choose the flows that can be offered, and let them get the tokens."""

from ...errors import as_error
from ...providers.fields import Registration
from ...verdicts.local_sign_in import (
    NO_BROWSER_BUT_DEVICE_CODE,
    NO_BROWSER_NO_TERMINAL,
    NO_DEVICE_CODES,
)
from ...verdicts.verdict import Verdict
from ..permissions import permission_error
from ..registration_facts import parameters_of
from ..tokens import Tokens
from .code_flow import CodeFlow
from .device_flow import DeviceFlow
from .flow import Flow, SignIn
from .methods import SignInMethods
from .race import race

DEVICE_CODE = "device code"
# In the order of preference. Add a flow here.
FLOWS: dict[str, Flow] = {"browser": CodeFlow(), DEVICE_CODE: DeviceFlow()}


def offered(registration: Registration, methods: SignInMethods) -> tuple[str, ...]:
    """The names of the flows that the registration and this computer allow, the best one first."""
    return tuple(name for name, flow in FLOWS.items() if flow.can_be_offered(registration, methods))


def sign_in(asked: SignIn) -> Tokens:
    """Let the user sign in by the best flow, or by another that they start, and return the tokens.

    Raises `SignInNeeded` if no flow can be offered or the user doesn't sign in, `Cancelled`, and
    the `AppError` that the provider's answer means.
    """
    registration = asked.registration
    names = offered(registration, asked.methods)
    if not names:
        verdict = _why_nothing(asked)
        raise as_error(verdict, **parameters_of(registration, asked.sign_in_as))
    first, *others = names
    if DEVICE_CODE in others:
        tokens = race(FLOWS[first], FLOWS[DEVICE_CODE], asked)
    else:
        tokens = FLOWS[first].run(asked)
    if error := permission_error(tokens, registration, asked.sign_in_as, certain=True):
        raise error
    return tokens


def _why_nothing(asked: SignIn) -> Verdict:
    has_device_codes = bool(asked.registration.device_authorization_uri)
    if asked.methods.device_code:
        return NO_DEVICE_CODES
    return NO_BROWSER_BUT_DEVICE_CODE if has_device_codes else NO_BROWSER_NO_TERMINAL
