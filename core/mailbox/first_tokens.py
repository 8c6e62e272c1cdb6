"""Gets the first tokens of a grant: from the user who signs in, or where none is needed, alone.

They are tested before anything is saved. If another account has signed in than was asked for, and
no login shows that it opens the mailbox, the user decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..oauth.grant import error_by, grant_of
from ..tokenfile.format import TokenFile
from .job import Job
from .resolve import Mailbox
from .token_check import (
    Tested,
    account_among,
    check_signed_in,
    is_one_of,
    not_saved,
    saved_although,
)

if TYPE_CHECKING:
    from ..errors import AppError
    from ..events import AskAccount
    from ..oauth.sign_in.methods import SignInMethods
    from ..oauth.tokens import Tokens
    from ..providers.fields import Registration

# Lets a user sign in: the job, the registration, and the account that should sign in.
AskUser = Callable[[Job, "Registration", str], "Tokens"]


@dataclass(frozen=True, slots=True)
class FirstTokens:
    """Tokens that may be saved, and the error of the login with them.

    `login_hint` is the account that signs in to this mailbox, if it is known to be another one.
    """

    tokens: "Tokens"
    login_hint: str
    login_error: "AppError | None" = None


def first_tokens(
    mailbox: Mailbox, ask_user: AskUser | None, ask_account: "AskAccount | None"
) -> FirstTokens:
    """Get tokens and test them.

    `ask_user` is None for a grant that needs no user, and `ask_account` if nobody can answer.
    Raises the error if the tokens must not be saved.
    """
    job, registration, hint = mailbox.job, mailbox.registration, mailbox.login_hint
    while True:
        if ask_user is None:
            tokens = _tokens_without_user(job, registration)
        else:
            tokens = ask_user(job, registration, hint or job.address)
        job.cancelled.check()
        tested = check_signed_in(mailbox, tokens, hint)
        question = tested.question
        if question is None:
            return _accepted(tokens, _login_hint(tokens, hint, job.address), tested)
        from ..events import AccountAnswer  # a refresh needs no answer

        answer = ask_account(question) if ask_account else AccountAnswer.STOP
        if answer is AccountAnswer.STOP:
            raise not_saved(question.error)
        if answer is AccountAnswer.SHARED_MAILBOX:
            return _accepted(tokens, question.account, tested)


def _accepted(tokens: "Tokens", login_hint: str, tested: Tested) -> FirstTokens:
    error = tested.login_error
    return FirstTokens(tokens, login_hint, saved_although(error) if error else None)


def _login_hint(tokens: "Tokens", hint: str, address: str) -> str:
    """Who signs in to this mailbox, for the next time; empty if it is its own account."""
    account = account_among(tokens.accounts, hint, address)
    if not account or is_one_of(account, hint):
        return hint
    return "" if is_one_of(account, address) else account


def tokens_by_sign_in(
    methods: "SignInMethods", job: Job, registration: "Registration", sign_in_as: str
) -> "Tokens":
    """Let the user sign in as this account."""
    from ..oauth.sign_in.flow import SignIn  # imported late, since a refresh doesn't need them
    from ..oauth.sign_in.sign_in import sign_in as let_user_sign_in

    return let_user_sign_in(
        SignIn(
            registration,
            sign_in_as=sign_in_as,
            methods=methods,
            network=job.network,
            progress=job.progress,
            cancelled=job.cancelled,
            clock=job.dependencies.clock,
        )
    )


def _tokens_without_user(job: Job, registration: "Registration") -> "Tokens":
    """Ask for tokens of the application itself; raises what the grant makes of a refusal."""
    from ..oauth.permissions import permission_error
    from .new_tokens import new_tokens

    new = TokenFile("", "", account=job.address, grant=registration.grant)
    tokens = new_tokens(job, registration, new, job.network)
    if error := permission_error(tokens, registration, job.address, certain=True):
        raise error_by(grant_of(registration), error)
    return tokens
