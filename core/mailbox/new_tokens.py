"""Asks for new tokens of a mailbox, or shares those that another mailbox has just got."""

from typing import TYPE_CHECKING

from ..model import Tokens
from ..net.network import Network
from ..oauth.grant import grant_of
from ..oauth.refresh_request import post_refresh_request
from ..tokenfile.format import TokenFile
from .job import Job

if TYPE_CHECKING:
    from ..providers.fields import Registration


def new_tokens(job: Job, registration: "Registration", file: TokenFile, network: Network) -> Tokens:
    """New tokens by the file's grant; raises the `AppError` that says why there are none.

    Where one token opens all mailboxes of an application, it is asked for once.
    """

    def ask() -> Tokens:
        return post_refresh_request(
            registration, file, network=network, now=job.now(), address=job.address
        )

    if not grant_of(file).serves_all_mailboxes:
        return ask()
    application = (
        file.grant,
        registration.token_uri,
        registration.client_id,
        registration.client_secret,
        registration.certificate,
        registration.scopes,
        registration.resource,
    )
    return job.dependencies.shared_tokens.get(
        application, ask, instead_of=file.access, now=job.now(), patience=network.timeout
    )
