"""A whole sign-in: listen, begin, open the browser, wait for the answer, finish."""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from ...cancel import Cancellation
from ...errors import SignInNeeded
from ...model import FlowKind, LinkAsked, Note, Progress, Registration, Tokens, WaitingForBrowser
from ...net.network import Network
from .flow import Clock, Flow
from .loopback import Loopback, is_loopback
from .response_queue import ResponseQueue

log = logging.getLogger(__name__)

WAIT = 5 * 60.0  # seconds a person has in front of the browser

OpenBrowser = Callable[[str], bool]
# Called with the inbox when the wait begins; gives back what ends the way.
PasteSource = Callable[[ResponseQueue], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class SignInMethods:
    """How a person can be reached: a browser they can see, and a place to paste into.

    `remote`: the browser is on another computer, so none is opened here and nothing listens.
    """

    open_browser: OpenBrowser | None
    paste: PasteSource | None
    remote: bool = False
    wait: float = WAIT

    @property
    def opener(self) -> OpenBrowser | None:
        """What opens a browser here, if that is wanted and possible."""
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
    """The tokens of whoever signed in, unchecked; `sign_in_as` is only a hint to the page."""
    listens = is_loopback(registration.redirect_uri) and not methods.remote
    if methods.paste is None and not (methods.opener and listens):
        raise SignInNeeded(
            f"{sign_in_as} has to sign in, and here is neither a browser nor a terminal",
            hint="Run this once in a terminal, with --remotebrowser where it has no browser.",
        )
    flow = new_flow(registration, network, clock=clock)
    with ExitStack() as stack:
        loopback = stack.enter_context(Loopback(registration.redirect_uri)) if listens else None
        redirect_uri = loopback.redirect_uri if loopback else registration.redirect_uri
        url, state = flow.begin(redirect_uri, sign_in_as)
        cancelled.check()
        responses = ResponseQueue()
        if loopback:
            loopback.serve(state, responses.deliver)
        warns = loopback is not None and loopback.certificate_warning
        _ask_to_sign_in(registration, url, sign_in_as, methods, warns, progress)
        if methods.paste:
            stack.callback(methods.paste(responses))
        response = responses.wait(
            url,
            state,
            seconds=methods.wait,
            only_paste=loopback is None,
            progress=progress,
            cancelled=cancelled,
        )
        log.info("%s answered the sign-in of %s", registration.label, sign_in_as)
        return flow.finish(response)


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
    """Say what the page will show, then open it."""
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
        progress(Note("No browser could be started: open the link by hand.", warning=True))
        progress(LinkAsked(url))
