"""The request for new tokens without the user: a refresh, or what another grant sends.

The request is the same for every provider, so it needs neither msal nor google-auth. That makes a
refresh fast. Besides, msal would add scopes, request the provider's metadata first and repeat old
errors from its cache.
"""

from typing import TYPE_CHECKING

from ..errors import SignInNeeded
from ..net.network import Network
from ..tokenfile.format import TokenFile
from .grant import error_by, grant_of

if TYPE_CHECKING:
    from ..providers.fields import Registration
    from .tokens import Tokens


def post_refresh_request(
    registration: "Registration", file: TokenFile, *, network: Network, now: float, address: str
) -> "Tokens":
    """Ask the provider for new tokens by the file's grant, and return them.

    `tokens.refresh` is empty if an old refresh token goes on. Raises the `AppError` that the
    answer, or a fault of the network, means. `address` is whose tokens they are.
    """
    # Imported late, since most calls of `--refresh_only` find a fresh token.
    from ..net.http import post_form
    from .token_response import TokenRequest, read_tokens

    grant = grant_of(file)
    form = grant.form(registration, file, now=now)
    request = TokenRequest(
        registration, form.fields["grant_type"], address, _age(file, now), form.secrets
    )
    response = post_form(registration.token_uri, form.fields, network, form.headers)
    try:
        return read_tokens(response, request, now=now)
    except SignInNeeded as exc:
        raise error_by(grant, exc) from None


def _age(file: TokenFile, now: float) -> float | None:
    """Seconds since the sign-in; None if the file doesn't say when it was."""
    return None if file.signed_in_at is None else max(now - file.signed_in_at, 0.0)
