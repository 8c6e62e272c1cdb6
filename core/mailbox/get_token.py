"""The two main procedures of the program: get a token, and refresh it.

`get_token` is "Get token" in the window and `oauth2_imap EMAIL` on the command line. It refreshes
the token or lets the user sign in, tests the token with an IMAP login and saves it.
`refresh_mailbox` never opens a browser.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ..error_lines import sentence
from ..errors import AppError, UsageProblem, as_error
from ..files import make_folder
from ..i18n.translation import N_, _, joined
from ..model import Outcome
from ..oauth.grant import can_be_renewed, grant_of
from ..times import local_time
from ..tokenfile.expiry import good_enough, left
from ..tokenfile.format import TokenFile
from ..tokenfile.read import written_at
from ..verdicts.local_mailbox import NO_TOKEN, SIGN_IN_NEEDED
from .client_secret_storage import is_elsewhere, save_registration
from .first_tokens import AskUser, first_tokens, tokens_by_sign_in
from .job import Job
from .recording import record_failed_login, record_login, record_sign_in
from .renewal import NoGrant, renew_locked, with_tokens
from .resolve import Mailbox, mailbox_of
from .saving import (
    check_can_save,
    find_mailbox,
    mend,
    move_refresh_token,
    save_sign_in,
    warn_of_place,
)
from .token_check import access_token_works, check_refreshed, log_in

if TYPE_CHECKING:
    from ..events import AskAccount
    from ..oauth.sign_in.methods import SignInMethods
    from ..providers.fields import Registration


MIN_LEFT = 10 * 60.0  # seconds; `refresh_mailbox` keeps a token that is valid for longer
_SHORT_SIGN_IN = 30 * 86400.0  # seconds; the user is told when a shorter one will end

_REFRESHED = N_("{provider} refreshed the token of {address}")
_REFRESHED_UNTIL = N_("{provider} refreshed the token of {address}; it is valid until {time}")
_SIGNED_IN = N_("{address} is signed in at {provider}")
_SIGNED_IN_UNTIL = N_("{address} is signed in at {provider}; the token is valid until {time}")
_SAVED = N_("Your registration is saved as the application {application} in {file}")
_REPLACED = N_("The client secret that was saved for {application} is replaced by the new one.")
_ISSUED = N_("{provider} gave a token for {address}")
_ISSUED_UNTIL = N_("{provider} gave a token for {address}; it is valid until {time}")
_ENDS_SOON = N_("{provider} ends this sign-in at {time}. After that, sign in again.")


@dataclass(frozen=True, slots=True)
class NotRefreshed:
    """A mailbox that needs its first tokens or new ones; `sign_in` goes on from here.

    `reason` is the error of the refresh; None if there was nothing to refresh.
    """

    mailbox: Mailbox
    reason: AppError | None


def get_token(job: Job, methods: "SignInMethods | None") -> Outcome:
    """Put a valid token into the file, by a refresh if possible, else by a sign-in.

    `methods` is None if the user must not be asked to sign in. Then `SignInNeeded` is raised if a
    sign-in is needed. Where the grant of the registration needs none, nobody is asked.
    """
    job.dependencies.providers.check()
    result = _refresh_or_discover(job, methods)
    return sign_in(result, methods) if isinstance(result, NotRefreshed) else result


def _refresh_or_discover(job: Job, methods: "SignInMethods | None") -> Outcome | NotRefreshed:
    """`refresh_now`, after a search for the provider if the catalog doesn't know it."""
    request = job.request
    if methods and (request.discover or request.overrides.text("issuer")):
        from .discover_provider import as_asked  # imported late, since few providers are new

        job = as_asked(job, methods)
    try:
        return refresh_now(find_mailbox(job))
    except UsageProblem as exc:
        from .discover_provider import after_detection

        job = after_detection(job, methods, exc)
    return refresh_now(find_mailbox(job))


def refresh_now(mailbox: Mailbox) -> Outcome | NotRefreshed:
    """The part of `get_token` that needs no user.

    A token that can't be refreshed, but still works, is left as it is.
    """
    job = mailbox.job
    start_over = job.request.start_over
    if not start_over:  # a new sign-in needs neither the old token nor the store
        mailbox = move_refresh_token(mailbox)
    file = mailbox.file
    warn_of_place(mailbox)
    registration = mailbox.registration
    make_folder(mailbox.path.parent)
    if file is None or start_over:
        return NotRefreshed(mailbox, None)
    if not grant_of(file).can_renew(file) and access_token_works(job, registration, file):
        mend(mailbox)
        return _outcome(mailbox, registration, file, checked=job.request.check)
    renewal = renew_locked(mailbox, is_fresh_enough=lambda _: False)
    job.cancelled.check()  # a refreshed token has been saved
    if isinstance(renewal, NoGrant):
        return NotRefreshed(mailbox, renewal.error)
    _tell(mailbox, renewal.file, _REFRESHED_UNTIL, _REFRESHED)
    _save_registration(mailbox)
    checked = check_refreshed(mailbox, renewal.file)
    return _outcome(mailbox, registration, renewal.file, renewed=True, checked=checked)


def sign_in(needed: NotRefreshed, methods: "SignInMethods | None") -> Outcome:
    """The rest of `get_token` after `refresh_now`: get new tokens, in most cases from the user."""
    mailbox, reason = needed.mailbox, needed.reason
    job = mailbox.job
    if not grant_of(mailbox.registration).needs_sign_in:
        methods = None
    elif methods is None:
        raise reason or as_error(SIGN_IN_NEEDED, address=job.address)
    elif reason:
        _say_why(job, reason)
    if methods is None:
        return save_first_tokens(mailbox, None)
    return save_first_tokens(mailbox, partial(tokens_by_sign_in, methods), methods.ask_account)


def refresh_mailbox(
    job: Job, *, min_left: float = MIN_LEFT, check: bool = False, even_young: bool = False
) -> Outcome:
    """Refresh the token unless it is valid for longer than `min_left` seconds, or seconds old.

    `check` tests a refreshed token with an IMAP login. With `even_young` its age and life don't
    count. Raises `SignInNeeded` if the user has to sign in.
    """
    mailbox = move_refresh_token(find_mailbox(job))
    file = mailbox.file
    if file is None:
        raise as_error(NO_TOKEN, address=job.address, path=mailbox.path)

    def is_fresh_enough(content: TokenFile) -> bool:
        if even_young:  # unless another program has refreshed it while this one waited
            return bool(content.access) and content.access != file.access
        age_from = written_at(mailbox.path)
        good = good_enough(content, now=job.now(), written_at=age_from, min_left=min_left)
        return bool(content.access) and good

    lasts = bool(file.access and left(file, job.now()))
    if is_fresh_enough(file) or (lasts and not can_be_renewed(file)):
        mailbox = mend(mailbox)
        return _outcome(mailbox, None, mailbox.file or file)
    registration = mailbox.registration
    renewal = renew_locked(mailbox, is_fresh_enough=is_fresh_enough)
    if isinstance(renewal, NoGrant):
        raise renewal.error
    job.cancelled.check()
    if renewal.renewed:
        _tell(mailbox, renewal.file, _REFRESHED_UNTIL, _REFRESHED)
        _save_registration(mailbox)
    checked = check and check_refreshed(mailbox, renewal.file)
    return _outcome(mailbox, registration, renewal.file, renewed=renewal.renewed, checked=checked)


def check_login(job: Job) -> Outcome:
    """Test the access token in the file with an IMAP login; nothing is changed.

    Raises `SignInNeeded` if there is no token, and `Refused` if the server refuses it.
    """
    mailbox = mailbox_of(job)
    file = mailbox.file
    if file is None or not file.access:
        raise as_error(NO_TOKEN, address=job.address, path=mailbox.path)
    try:
        log_in(job, mailbox.registration, file.access)
    except AppError as exc:
        record_failed_login(mailbox, exc)
        raise
    return _outcome(mailbox, mailbox.registration, file, checked=True)


def _say_why(job: Job, error: AppError) -> None:
    job.say(_("A sign-in is needed: {reason}", reason=error.message))
    if error.detail:
        job.say(_("Server response: {detail}", detail=error.detail))


def save_first_tokens(
    mailbox: Mailbox, ask_user: AskUser | None, ask_account: "AskAccount | None" = None
) -> Outcome:
    """Get the first tokens of a grant, test them and save them.

    `ask_user` lets a user sign in; it is None for a grant that needs no user. `ask_account` asks
    them after a sign-in with another account.
    """
    job, registration = mailbox.job, mailbox.registration
    # What needs no user can be asked for again, so it doesn't matter if the disk is full by then.
    file_exists = check_can_save(mailbox, reserve=ask_user is not None)
    first = first_tokens(mailbox, ask_user, ask_account)
    tokens, error = first.tokens, first.login_error
    file = replace(
        with_tokens(None, job.address, registration, tokens),
        login_hint=first.login_hint,
        signed_in_at=tokens.issued_at if ask_user else None,
    )
    mailbox = save_sign_in(mailbox, file)
    if not file_exists:
        warn_of_place(mailbox)
    record_sign_in(mailbox, file.expires_at)
    if error:
        record_failed_login(mailbox, error)
    told = (_SIGNED_IN_UNTIL, _SIGNED_IN) if ask_user else (_ISSUED_UNTIL, _ISSUED)
    _tell(mailbox, file, *told)
    if tokens.refresh_expires_at and tokens.refresh_expires_at - job.now() < _SHORT_SIGN_IN:
        end = local_time(tokens.refresh_expires_at, job.now())
        job.say(_(_ENDS_SOON, provider=registration.label, time=end), warning=True)
    if not can_be_renewed(file):
        job.say(
            _(
                "{provider} sent no refresh token. Sign in again when the access token expires.",
                provider=registration.label,
            ),
            warning=True,
        )
    _save_registration(mailbox)
    checked = job.request.check and not error
    outcome = _outcome(mailbox, registration, file, renewed=True, checked=checked)
    return outcome._replace(login_error=error)


def _save_registration(mailbox: Mailbox) -> None:
    job, registration = mailbox.job, mailbox.registration
    if not job.request.overrides.given and not is_elsewhere(job, registration):
        return
    try:
        saved = save_registration(job, registration)
    except AppError as exc:  # not fatal, since the tokens are saved
        job.say(joined((sentence(exc.message), exc.hint)), warning=True)
        return
    if saved:
        job.say(_(_SAVED, application=saved.application, file=job.dependencies.own_file))
        if saved.replaced_secret:
            job.say(_(_REPLACED, application=saved.application), warning=True)


def _tell(mailbox: Mailbox, file: TokenFile, until: str, plain: str) -> None:
    """Tell the user with the template `until` if the expiry is known, else with `plain`."""
    job, label = mailbox.job, mailbox.registration.label
    template = until if file.expires_at else plain
    time = local_time(file.expires_at, job.now()) if file.expires_at else ""
    job.say(_(template, address=job.address, provider=label, time=time))


def _outcome(
    mailbox: Mailbox,
    registration: "Registration | None",
    file: TokenFile,
    *,
    renewed: bool = False,
    checked: bool = False,
) -> Outcome:
    """The result; `registration` is None if the token was fresh and nothing was resolved."""
    if checked:
        record_login(mailbox)
    return Outcome(
        address=mailbox.job.address,
        provider=registration.provider if registration else file.provider,
        file=str(mailbox.path),
        imap_host=registration.imap_host if registration else "",
        imap_port=registration.imap_port if registration else 0,
        imap_starttls=registration.imap_starttls if registration else False,
        expires_at=file.expires_at,
        renewed=renewed,
        checked=checked,
        issued_at=file.issued_at,
        renewable=can_be_renewed(file),
        written_at=written_at(mailbox.path),
    )
