"""Asks for new tokens of a mailbox, or shares those that another mailbox has just got."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import AppError
from ..i18n.translation import N_, _
from ..net.network import Network
from ..oauth.grant import grant_of
from ..oauth.refresh_request import post_refresh_request
from ..times import local_time
from ..tokenfile.format import TokenFile
from ..verdicts.app_only import NOT_DELEGATED
from .job import Job

if TYPE_CHECKING:
    from ..oauth.tokens import Tokens
    from ..providers.fields import Registration

_FALLBACK = N_(
    "The token for {address} is only for the scope {scopes}. With it, IMAP does not show what the "
    'user\'s Gmail settings hide from mail programs: labels without "Show in IMAP", and messages '
    "above the folder size limit. To copy these too, let an administrator allow the scope "
    "https://www.googleapis.com/auth/gmail.imap_admin for the service account."
)
_CERTIFICATE_ENDS = N_(
    "The certificate in {file} expires at {time}. Upload a new one in Microsoft Entra before that, "
    "and replace the file."
)
_IN_TIME = 30 * 86400.0  # seconds; the user is told so long before a certificate expires


def new_tokens(
    job: Job, registration: "Registration", file: TokenFile, network: Network
) -> "Tokens":
    """New tokens by the file's grant; raises the `AppError` that says why there are none.

    Where one token opens all mailboxes of an application, it is asked for once.
    """

    if not grant_of(file).serves_all_mailboxes:
        return _ask(job, registration, file, network)

    def ask() -> "Tokens":
        if registration.certificate:  # before the request, so that no new token can get lost
            _warn_of_certificate(job, registration)
        return _ask(job, registration, file, network)

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
        application,
        ask,
        address=job.address,
        instead_of=file.access,
        now=job.now(),
        patience=network.timeout,
    )


def _ask(job: Job, registration: "Registration", file: TokenFile, network: Network) -> "Tokens":
    """Ask the provider; ask for the fallback scopes if it doesn't allow those of the registration.

    If both are refused, the first error counts.
    """

    def post(asked: "Registration") -> "Tokens":
        return post_refresh_request(
            asked, file, network=network, now=job.now(), address=job.address
        )

    fallback = registration.fallback_scopes
    try:
        return post(registration)
    except AppError as exc:
        if exc.verdict.id != NOT_DELEGATED or fallback in ((), registration.scopes):
            raise
        try:
            tokens = post(replace(registration, scopes=fallback))
        except AppError:
            raise exc from None
    job.say(_(_FALLBACK, address=job.address, scopes=" ".join(fallback)), warning=True)
    return tokens


def _warn_of_certificate(job: Job, registration: "Registration") -> None:
    """Tell the user in time that the certificate must be replaced."""
    from ..oauth.client_certificate import certificate_of

    end = certificate_of(registration).expires_at
    if end - job.now() < _IN_TIME:
        time = local_time(end, job.now())
        job.say(_(_CERTIFICATE_ENDS, file=registration.certificate, time=time), warning=True)
