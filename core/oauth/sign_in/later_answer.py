"""A sign-in on another computer, whose answer is pasted here later, perhaps in another run.

The link and the answer go by mail or chat. The PKCE verifier stays here, so nobody who reads them
on the way can exchange the code (RFC 7636 section 1).
"""

from collections.abc import Callable
from contextlib import ExitStack

from ...errors import SignInNeeded, as_error
from ...events import WaitingForOwner
from ...net.network import Network
from ...providers.fields import Registration
from ...verdicts.local_requests import REQUEST_NOT_ANSWERED
from ...verdicts.local_sign_in import INPUT_ENDED, NO_ANSWER_IN_TIME
from ..permissions import permission_error
from ..tokens import Tokens
from .authorization_response import AuthorizationResponse, PendingSignIn
from .begun_sign_in import BegunSignIn
from .clients import new_client
from .flow import SignIn
from .response_queue import ResponseQueue


def begin(
    registration: Registration, sign_in_as: str, *, network: Network, clock: Callable[[], float]
) -> BegunSignIn:
    """Make the link. Its last page has the redirect URI as registered, where nothing listens."""
    client = new_client(registration, network, clock=clock)
    url, state = client.begin(registration.redirect_uri, sign_in_as)
    return BegunSignIn(url, state, client.kept())


def finish(asked: SignIn, begun: BegunSignIn) -> Tokens:
    """Wait until the answer is pasted, and exchange its code for tokens.

    Raises `SignInNeeded` if none is pasted, `Cancelled`, and the `AppError` that the provider's
    answer means. The link is still good then: each sign-in on its page gives a new code.
    """
    registration = asked.registration
    asked.progress(WaitingForOwner(begun.url, asked.methods.wait, asked.sign_in_as))
    response = _pasted(asked, begun)
    client = new_client(registration, asked.network, clock=asked.clock)
    client.restore(begun.kept, asked.sign_in_as)
    tokens = client.finish(response)
    if error := permission_error(tokens, registration, asked.sign_in_as, certain=True):
        raise error
    return tokens


def _pasted(asked: SignIn, begun: BegunSignIn) -> AuthorizationResponse:
    methods, responses = asked.methods, ResponseQueue()
    pending = PendingSignIn(asked.registration, asked.sign_in_as, begun.url, begun.state)
    with ExitStack() as stack:
        if methods.paste:
            stack.callback(methods.paste(responses))
        try:
            return responses.wait(
                pending,
                seconds=methods.wait,
                listens=False,
                takes_paste=methods.paste is not None,
                progress=asked.progress,
                cancelled=asked.cancelled,
            )
        except SignInNeeded as exc:
            if exc.verdict not in (INPUT_ENDED, NO_ANSWER_IN_TIME):
                raise
            raise as_error(REQUEST_NOT_ANSWERED, **pending.parameters) from None
