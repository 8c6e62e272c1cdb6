"""Gets the first tokens of a grant: from the user who signs in, or where none is needed, alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..model import Tokens
from ..oauth.grant import error_by, grant_of
from ..tokenfile.format import TokenFile
from .job import Job

if TYPE_CHECKING:
    from ..oauth.sign_in.methods import SignInMethods
    from ..providers.fields import Registration

# Lets a user sign in: the job, the registration, and the account that should sign in.
AskUser = Callable[[Job, "Registration", str], Tokens]


def tokens_by_sign_in(
    methods: "SignInMethods", job: Job, registration: "Registration", sign_in_as: str
) -> Tokens:
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


def tokens_without_user(job: Job, registration: "Registration") -> Tokens:
    """Ask for tokens of the application itself; raises what the grant makes of a refusal."""
    from ..oauth.permissions import permission_error
    from ..oauth.refresh_request import post_refresh_request

    new = TokenFile("", "", account=job.address, grant=registration.grant)
    tokens = post_refresh_request(
        registration, new, network=job.network, now=job.now(), address=job.address
    )
    if error := permission_error(tokens, registration, job.address, certain=True):
        raise error_by(grant_of(registration), error)
    return tokens
