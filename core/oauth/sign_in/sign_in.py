"""The whole sign-in: listen, open the browser, wait for the response, exchange the code."""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from ...cancel import Cancellation
from ...errors import AppError, SignInNeeded
from ...model import FlowKind, LinkAsked, Note, Progress, Tokens, WaitingForBrowser
from ...net.network import Network
from ...providers.fields import Registration
from ...verdicts.local_sign_in import NO_BROWSER_NO_TERMINAL
from ..registration_facts import parameters_of
from ..token_response import scope_error
from .authorization_response import PendingSignIn
from .flow import Clock, Flow
from .loopback import Loopback, is_loopback
from .response_queue import ResponseQueue

log = logging.getLogger(__name__)

WAIT = 5 * 60.0  # seconds that the user has for the sign-in page

# msal adds these to the registration's scopes, and a tenant may allow the mail permission alone.
_MSAL_SCOPES = frozenset({"openid", "profile"})
_CONSENT_REFUSED = frozenset({"ms_admin_consent_needed", "ms_consent_missing"})
_SECOND_ROAD = (
    "{provider} did not give the permission: {reason}. The page now opens once more and asks for "
    "the mail permission alone, as Thunderbird does."
)

OpenBrowser = Callable[[str], bool]
# Called with the queue when the wait begins; returns a function that ends the pasting.
PasteSource = Callable[[ResponseQueue], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class SignInMethods:
    """The ways to sign a user in: opening a browser, and reading a pasted response.

    `remote` means that the browser is on another computer: no browser is opened here and nothing
    listens. `wait` is the time limit in seconds.
    """

    open_browser: OpenBrowser | None
    paste: PasteSource | None
    remote: bool = False
    wait: float = WAIT

    @property
    def opener(self) -> OpenBrowser | None:
        """The function that opens a browser here; None if that is not wanted or not possible."""
        return None if self.remote else self.open_browser


def sign_in(
    registration: Registration,
    *,
    sign_in_as: str,
    methods: SignInMethods,
    network: Network,
    progress: Progress,
    cancelled: Cancellation,
    clock: Callable[[], float] = time.time,
) -> Tokens:
    """Let the user sign in and return the tokens.

    `sign_in_as` is only a hint for the sign-in page, so the tokens may belong to another account.
    Where Microsoft refuses consent, the user is asked once more with exactly the registration's
    scopes. Raises `SignInNeeded` if no method works or the time is over, `Cancelled`, and the
    `AppError` that the provider's answer means.
    """
    listens = is_loopback(registration.redirect_uri) and not methods.remote
    if methods.paste is None and not (methods.opener and listens):
        raise SignInNeeded(NO_BROWSER_NO_TERMINAL, **parameters_of(registration, sign_in_as))

    def attempt(kind: FlowKind) -> Tokens:
        flow = new_flow(replace(registration, flow=kind), network, clock=clock)
        return _sign_in_once(flow, registration, sign_in_as, methods, listens, progress, cancelled)

    try:
        tokens = attempt(registration.flow)
    except AppError as exc:
        if not _asks_for_less(registration, exc):
            raise
        text = _SECOND_ROAD.format(provider=registration.label, reason=exc.message)
        progress(Note(text, warning=True))
        tokens = attempt(FlowKind.PLAIN)
    if error := scope_error(tokens, registration, sign_in_as, certain=True):
        raise error
    return tokens


def _sign_in_once(
    flow: Flow,
    registration: Registration,
    sign_in_as: str,
    methods: SignInMethods,
    listens: bool,
    progress: Progress,
    cancelled: Cancellation,
) -> Tokens:
    """Open the page, wait for its answer, and exchange the code with this flow."""
    with ExitStack() as stack:
        loopback = stack.enter_context(Loopback(registration.redirect_uri)) if listens else None
        redirect_uri = loopback.redirect_uri if loopback else registration.redirect_uri
        url, state = flow.begin(redirect_uri, sign_in_as)
        cancelled.check()
        responses = ResponseQueue()
        if loopback:
            loopback.serve(state, responses.deliver)
        certificate_warning = loopback is not None and loopback.certificate_warning
        _ask_to_sign_in(registration, url, sign_in_as, methods, certificate_warning, progress)
        if methods.paste:
            stack.callback(methods.paste(responses))
        response = responses.wait(
            PendingSignIn(registration, sign_in_as, url, state),
            seconds=methods.wait,
            listens=loopback is not None,
            takes_paste=methods.paste is not None,
            progress=progress,
            cancelled=cancelled,
        )
        log.info("%s sent a response to the sign-in of %s", registration.label, sign_in_as)
        return flow.finish(response)


def _asks_for_less(registration: Registration, error: AppError) -> bool:
    """Whether the plain flow, without the scopes that msal adds, is worth a second try."""
    return (
        registration.flow is FlowKind.MICROSOFT
        and error.verdict.id in _CONSENT_REFUSED
        and not set(registration.scopes) >= _MSAL_SCOPES
    )


def new_flow(registration: Registration, network: Network, *, clock: Clock = time.time) -> Flow:
    """The flow for a registration, not yet begun.

    Its library is imported only now: msal takes 0.13 s, google-auth 0.19 s.
    """
    match registration.flow:
        case FlowKind.MICROSOFT:
            from .microsoft import MicrosoftFlow

            return MicrosoftFlow(registration, network, clock)
        case FlowKind.GOOGLE:
            from .google import GoogleFlow

            return GoogleFlow(registration, network, clock)
        case FlowKind.PLAIN:
            from .generic import PlainFlow

            return PlainFlow(registration, network, clock)


def _ask_to_sign_in(
    registration: Registration,
    url: str,
    sign_in_as: str,
    methods: SignInMethods,
    certificate_warning: bool,
    progress: Progress,
) -> None:
    """Tell the user what the sign-in page will show, then open it."""
    if registration.note:
        progress(Note(registration.note))
    progress(
        WaitingForBrowser(
            url=url,
            seconds=methods.wait,
            sign_in_as=sign_in_as,
            application_label=registration.application_label,
            opens_browser=methods.opener is not None,
            takes_paste=methods.paste is not None,
            certificate_warning=certificate_warning,
        )
    )
    if methods.opener and not methods.opener(url):
        progress(Note("No browser could be started. Open the link yourself.", warning=True))
        progress(LinkAsked(url))
