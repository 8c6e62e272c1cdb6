"""Tokens of the application itself (RFC 6749 section 4.4): Microsoft calls it app-only access.

An organisation allows an application to open mailboxes. Nobody signs in, and there is no refresh
token: the application shows its secret or signs with its certificate, and gets one token for all of
these mailboxes.
"""

from typing import TYPE_CHECKING

from ..errors import as_error
from ..tokenfile.format import TokenFile
from ..verdicts.local_app_only import SECRET_MISSING, TENANT_NOT_ONE

if TYPE_CHECKING:
    from ..providers.fields import Registration
    from .client_parameters import TokenForm

# They stand for many organisations, so nobody there can have allowed the application:
# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
_MANY_TENANTS = frozenset({"common", "organizations", "consumers"})
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class ClientCredentials:
    """The application asks in its own name."""

    needs_sign_in = False
    serves_all_mailboxes = True

    def can_renew(self, file: TokenFile) -> bool:
        """The registration has all that it takes."""
        return True

    def form(self, registration: "Registration", file: TokenFile, *, now: float) -> "TokenForm":
        """The request, which names no mailbox."""
        from .client_parameters import TokenForm, credentials_of, resource_of

        if registration.tenant.casefold() in _MANY_TENANTS:
            raise as_error(TENANT_NOT_ONE, tenant=registration.tenant)
        fields = {
            "grant_type": "client_credentials",
            "scope": " ".join(registration.scopes),
            **resource_of(registration),
        }
        if registration.certificate:
            assertion = _assertion(registration, now)
            signed = {
                "client_id": registration.client_id,
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": assertion,
            }
            return TokenForm({**fields, **signed}, (assertion,))
        if not registration.client_secret:
            raise as_error(SECRET_MISSING, application=registration.application)
        credentials = credentials_of(registration)
        return TokenForm({**fields, **credentials.fields}, (), credentials.headers)


def _assertion(registration: "Registration", now: float) -> str:
    """What the application signs with its certificate."""
    # Imported late, since it is needed once an hour.
    from .client_certificate import certificate_of, refuse_expired

    certificate = certificate_of(registration)
    refuse_expired(certificate, registration.certificate, now)
    return certificate.assertion(registration.client_id, registration.token_uri, now)
