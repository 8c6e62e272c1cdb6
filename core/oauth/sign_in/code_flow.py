"""The authorization code flow: the user signs in on a page in a browser (RFC 6749 section 4.1).

The page's answer comes from the browser by loopback, or the user pastes it, whichever is first.
"""

import logging
from contextlib import ExitStack
from dataclasses import replace

from ...errors import AppError
from ...events import BrowserFailed, WaitingForBrowser
from ...i18n.translation import N_, _, english
from ...model import FlowKind, Note
from ...providers.fields import Registration
from ..tokens import Tokens
from .authorization_response import PendingSignIn
from .clients import new_client
from .flow import SignIn
from .loopback import Loopback, is_loopback
from .methods import SignInMethods
from .response_queue import ResponseQueue

log = logging.getLogger(__name__)

# msal adds these to the registration's scopes, and a tenant may allow the mail permission alone.
_MSAL_SCOPES = frozenset({"openid", "profile"})
_CONSENT_REFUSED = frozenset({"ms_admin_consent_needed", "ms_consent_missing"})
_NOT_VERIFIED = N_(
    "The settings for {provider} are not verified live: nobody has signed in with them in "
    "oauth2_imap so far. If the sign-in fails, please report it."
)
_SECOND_TRY = N_(
    "{provider} did not give the permission: {reason}. The page now opens once more and asks for "
    "the mail permission alone, as Thunderbird does."
)


class CodeFlow:
    """The page opens in a browser here, or the user opens its link somewhere else."""

    def can_be_offered(self, registration: Registration, methods: SignInMethods) -> bool:
        """Whether the answer can be pasted, or both a browser opens here and its answer comes."""
        if methods.device_code:
            return False
        opens = methods.opener is not None and _listens(registration, methods)
        return methods.paste is not None or opens

    def run(self, asked: SignIn) -> Tokens:
        """Let the user sign in.

        Where Microsoft refuses consent, the user is asked once more with exactly the registration's
        scopes.
        """
        registration = asked.registration
        try:
            return _attempt(asked, registration.flow)
        except AppError as exc:
            if not asks_for_less(registration, exc):
                raise
            text = _(_SECOND_TRY, provider=registration.label, reason=exc.message)
        asked.progress(Note(text, warning=True))
        return _attempt(asked, FlowKind.PLAIN)


def _attempt(asked: SignIn, kind: FlowKind) -> Tokens:
    """Open the page, wait for its answer, and exchange the code with this kind of library."""
    registration, methods = asked.registration, asked.methods
    client = new_client(replace(registration, flow=kind), asked.network, clock=asked.clock)
    with ExitStack() as stack:
        listens = _listens(registration, methods)
        loopback = stack.enter_context(Loopback(registration.redirect_uri)) if listens else None
        redirect_uri = loopback.redirect_uri if loopback else registration.redirect_uri
        url, state = client.begin(redirect_uri, asked.sign_in_as)
        asked.cancelled.check()
        responses = ResponseQueue()
        if loopback:
            loopback.serve(state, responses.deliver)
        certificate_warning = loopback is not None and loopback.certificate_warning
        _ask_to_sign_in(asked, url, certificate_warning)
        if methods.paste:
            stack.callback(methods.paste(responses))
        response = responses.wait(
            PendingSignIn(registration, asked.sign_in_as, url, state),
            seconds=methods.wait,
            listens=loopback is not None,
            takes_paste=methods.paste is not None,
            progress=asked.progress,
            cancelled=asked.cancelled,
        )
        log.info(
            "%s sent a response to the sign-in of %s", english(registration.label), asked.sign_in_as
        )
        return client.finish(response)


def _listens(registration: Registration, methods: SignInMethods) -> bool:
    """Whether a browser on this computer can bring its answer here."""
    reachable = is_loopback(registration.redirect_uri) and not registration.exact_redirect
    return reachable and not methods.remote


def asks_for_less(registration: Registration, error: AppError) -> bool:
    """Whether the plain library, without the scopes that msal adds, is worth a second try."""
    return (
        registration.flow is FlowKind.MICROSOFT
        and error.verdict.id in _CONSENT_REFUSED
        and not set(registration.scopes) >= _MSAL_SCOPES
    )


def _ask_to_sign_in(asked: SignIn, url: str, certificate_warning: bool) -> None:
    """Tell the user what the sign-in page will show, then open it."""
    registration, methods, progress = asked.registration, asked.methods, asked.progress
    if not registration.verified:
        progress(Note(_(_NOT_VERIFIED, provider=registration.label)))
    if registration.note:
        progress(Note(_(registration.note)))
    progress(
        WaitingForBrowser(
            url=url,
            seconds=methods.wait,
            sign_in_as=asked.sign_in_as,
            application_label=registration.application_label,
            application=registration.application,
            client_id=registration.client_id,
            opens_browser=methods.opener is not None,
            takes_paste=methods.paste is not None,
            takes_device_code=methods.takes_device_code(registration),
            certificate_warning=certificate_warning,
            error_page=registration.redirect_uri if registration.exact_redirect else "",
        )
    )
    if methods.opener and not methods.opener(url):
        progress(BrowserFailed(url))
