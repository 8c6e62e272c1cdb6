"""The request that refreshes a token (RFC 6749 section 6).

The request is the same for every provider, so it needs neither msal nor google-auth. That makes a
refresh fast. Besides, msal would add scopes, request the provider's metadata first and repeat old
errors from its cache.
"""

from ..model import Tokens
from ..net.network import Network
from ..providers.fields import Registration
from .token_response import TokenRequest, read_tokens

GRANT = "refresh_token"


def post_refresh_request(
    registration: Registration,
    refresh_token: str,
    *,
    network: Network,
    now: float,
    address: str = "",
    age: float | None = None,
) -> Tokens:
    """Send the refresh token to the provider and return the new tokens.

    `tokens.refresh` is empty if the old refresh token goes on. Raises the `AppError` that the
    answer, or a fault of the network, means. `address` is whose tokens they are, and `age` the
    seconds since the sign-in.
    """
    fields = {
        "grant_type": GRANT,
        "refresh_token": refresh_token,
        "client_id": registration.client_id,
    }
    if registration.client_secret:  # Microsoft refuses a public client that sends an empty one
        fields["client_secret"] = registration.client_secret
    if registration.refresh_repeats_scope:
        fields["scope"] = " ".join(registration.scopes)
    from ..net.http import post_form  # imported late, since it takes 50 ms

    request = TokenRequest(registration, GRANT, address, age, (refresh_token,))
    return read_tokens(post_form(registration.token_uri, fields, network), request, now=now)
