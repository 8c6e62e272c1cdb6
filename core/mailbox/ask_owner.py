"""Asks the owner of a mailbox to sign in elsewhere, and finishes with the answer they send."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import AppError, Cancelled, as_error
from ..files import make_folder
from ..i18n.translation import N_, _
from ..model import FlowKind, Outcome
from ..oauth.grant import grant_of
from ..oauth.registration_facts import parameters_of
from ..oauth.sign_in import later_answer
from ..oauth.sign_in.begun_sign_in import BegunSignIn
from ..oauth.sign_in.code_flow import asks_for_less
from ..oauth.sign_in.flow import SignIn
from ..oauth.tokens import Tokens
from ..open_requests.folder import OpenRequests
from ..open_requests.open_request import LIFE, OpenRequest, SecretPart
from ..providers.by_hand import by_hand
from ..providers.fields import Registration
from ..secret_store.store import new_entry
from ..times import short_time
from ..verdicts import local_requests
from .get_token import save_first_tokens
from .job import Job, Request
from .refresh_token_storage import should_use_store
from .saving import check_can_save, find_mailbox

if TYPE_CHECKING:
    from ..oauth.sign_in.methods import SignInMethods

_STAYS = N_("The request stays open until {time}. The owner can use the same link again.")
_NEW_LINK = N_(
    "The request has a new link now, which asks for the mail permission alone, as Thunderbird "
    "does. Send the new text to the owner. The request stays open until {time}."
)
_STILL_OPEN = N_(
    "The sign-in request for {address} of {time} is still open, so it is shown again. To use other "
    "options, cancel it first."
)
# The fields of a `Request` that are kept with an open request; the network is that of the answer.
_KEPT = ("address", "provider", "application", "login_hint", "check", "protect")


def open_requests_of(job: Job) -> OpenRequests:
    """The open requests, with the store and the clock of this job."""
    return OpenRequests(job.dependencies.store, job.dependencies.clock)


def ask_owner(job: Job) -> OpenRequest:
    """Make a request to the owner of a mailbox; an open one for its token file is returned.

    At Microsoft this asks for the tenant's metadata. Raises `AppError` if the tokens couldn't be
    saved, or if nobody has to sign in.
    """
    mailbox = find_mailbox(job)
    requests = open_requests_of(job)
    known = requests.of_file(mailbox.path)
    if known is not None:
        time = short_time(known.made_at, job.now())
        job.say(_(_STILL_OPEN, address=job.address, time=time))
        return known
    registration = mailbox.registration
    if not grant_of(registration).needs_sign_in:
        raise as_error(
            local_requests.REQUEST_NOT_NEEDED, **parameters_of(registration, job.address)
        )
    if registration.note:
        job.say(_(registration.note))
    make_folder(mailbox.path.parent)
    check_can_save(mailbox)
    sign_in_as = mailbox.login_hint or job.address
    request = OpenRequest(
        address=job.address,
        token_file=str(mailbox.path),
        sign_in_as=sign_in_as,
        provider_label=registration.label,
        application_label=registration.application_label or registration.application,
        redirect_uri=registration.redirect_uri,
        made_at=job.now(),
        ends_at=job.now() + LIFE,
        store_entry=new_entry() if should_use_store(job, mailbox.file) else "",
    )
    secret = SecretPart(
        begun=_begin(job, registration, sign_in_as),
        flow=registration.flow,
        client_id=registration.client_id,
        endpoints=_endpoints(registration),
        asked=_asked(job),
    )
    requests.add(request, secret)
    return request


def finish(job: Job, request: OpenRequest, methods: "SignInMethods") -> Outcome:
    """Take the owner's answer, get the tokens, test them and save them.

    Of the job's own request, only the network and the secret from the environment count. After an
    error the request stays open, since its link can be used again. Where Microsoft refuses consent,
    it gets another link, with exactly the registration's scopes.
    """
    requests = open_requests_of(job)
    secret = requests.secret_of(request)
    mailbox = find_mailbox(replace(job, request=_request_of(secret.asked, job.request)))
    registration = mailbox.registration
    made_with = (secret.client_id, *secret.endpoints)
    if made_with != (registration.client_id, *_endpoints(registration)):
        raise as_error(
            local_requests.REQUEST_OF_OTHER_REGISTRATION,
            **parameters_of(registration, request.address),
        )
    make_folder(mailbox.path.parent)
    try:
        ask_user = partial(_tokens, methods, secret)
        outcome = save_first_tokens(mailbox, ask_user, methods.ask_account)
    except Cancelled:
        raise
    except AppError as exc:
        is_last = secret.flow == FlowKind.PLAIN or not asks_for_less(registration, exc)
        if not is_last:
            begun = _begin(job, replace(registration, flow=FlowKind.PLAIN), request.sign_in_as)
            requests.add(request, replace(secret, begun=begun, flow=FlowKind.PLAIN))
        note = _STAYS if is_last else _NEW_LINK
        exc.add_note(_(note, time=short_time(request.ends_at, job.now())))
        raise
    requests.remove(request)
    return outcome


def _begin(job: Job, registration: Registration, sign_in_as: str) -> BegunSignIn:
    clock = job.dependencies.clock
    return later_answer.begin(registration, sign_in_as, network=job.network, clock=clock)


def _tokens(
    methods: "SignInMethods",
    secret: SecretPart,
    job: Job,
    registration: Registration,
    sign_in_as: str,
) -> Tokens:
    asked = SignIn(
        replace(registration, flow=FlowKind(secret.flow)),
        sign_in_as=sign_in_as,
        methods=methods,
        network=job.network,
        progress=job.progress,
        cancelled=job.cancelled,
        clock=job.dependencies.clock,
    )
    return later_answer.finish(asked, secret.begun)


def _endpoints(registration: Registration) -> tuple[str, ...]:
    return registration.authorize_uri, registration.token_uri


def _asked(job: Job) -> dict[str, Any]:
    """The job's request as JSON can hold it."""
    request = job.request
    return {
        **{name: getattr(request, name) for name in _KEPT},
        "folder": str(request.folder.absolute()),
        "token_file": str(request.token_file.absolute()) if request.token_file else "",
        "overrides": dict(request.overrides.given),
    }


def _request_of(asked: Mapping[str, Any], now: Request) -> Request:
    """The request as it was asked, with the network and the environment of now."""
    file = asked["token_file"]
    environment = now.overrides.secret_from_environment
    return Request(
        **{name: asked[name] for name in _KEPT},
        folder=Path(asked["folder"]),
        token_file=Path(file) if file else None,
        overrides=by_hand(secret_from_environment=environment, **asked["overrides"]),
        network=now.network,
    )
