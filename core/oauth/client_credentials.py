"""Tokens of the application itself (RFC 6749 section 4.4): Microsoft calls it app-only access.

An organisation allows an application to open mailboxes. Nobody signs in, and there is no refresh
token: the application shows its secret, and gets one token for all of these mailboxes.
"""

from typing import TYPE_CHECKING

from ..errors import as_error
from ..tokenfile.format import TokenFile
from ..verdicts.local_app_only import SECRET_MISSING, TENANT_NOT_ONE
from .client_parameters import TokenForm, credentials_of, resource_of

if TYPE_CHECKING:
    from ..providers.fields import Registration

# They stand for many organisations, so nobody there can have allowed the application:
# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
_MANY_TENANTS = frozenset({"common", "organizations", "consumers"})


class ClientCredentials:
    """The application asks in its own name."""

    needs_sign_in = False
    serves_all_mailboxes = True

    def can_renew(self, file: TokenFile) -> bool:
        """The registration has all that it takes."""
        return True

    def form(self, registration: "Registration", file: TokenFile, *, now: float) -> TokenForm:
        """The request, which names no mailbox."""
        if registration.tenant.casefold() in _MANY_TENANTS:
            raise as_error(TENANT_NOT_ONE, tenant=registration.tenant)
        if not registration.client_secret:
            raise as_error(SECRET_MISSING, application=registration.application)
        credentials = credentials_of(registration)
        fields = {
            "grant_type": "client_credentials",
            "scope": " ".join(registration.scopes),
            **credentials.fields,
            **resource_of(registration),
        }
        return TokenForm(fields, (), credentials.headers)
