"""Grants: the ways to get new tokens from a token endpoint without the user (RFC 6749).

A registration and a token file name their grant. All that depends on it is decided here. To add a
grant, add it to `GRANTS`.
"""

from typing import TYPE_CHECKING, Protocol

from ..errors import AppError, as_error
from ..model import DEFAULT_GRANT
from ..net.network import quoted
from ..tokenfile.format import TokenFile
from ..verdicts.local_renewal import GRANT_REFUSED, GRANT_UNKNOWN
from ..verdicts.verdict import Kind
from .client_credentials import ClientCredentials
from .service_account import ServiceAccount

if TYPE_CHECKING:
    from ..providers.fields import Registration
    from .client_parameters import TokenForm


class Grant(Protocol):
    """One grant type."""

    @property
    def needs_sign_in(self) -> bool:
        """Whether it begins with a sign-in of the user, who then signs in again when it ends."""
        ...

    @property
    def serves_all_mailboxes(self) -> bool:
        """Whether one token opens every mailbox for which the application is allowed."""
        ...

    def can_renew(self, file: TokenFile) -> bool:
        """Whether new tokens can be got for this token file without the user."""
        ...

    def form(self, registration: "Registration", file: TokenFile, *, now: float) -> "TokenForm":
        """The request for new tokens. Raises an `AppError` if something for it is missing.

        `now` is for requests that hold a time, as signed ones do (RFC 7523). A grant that needs no
        sign-in also gets a file that has only the address, for the first tokens.
        """
        ...


class RefreshToken:
    """The grant of RFC 6749 section 6: a sign-in has given a refresh token."""

    needs_sign_in = True
    serves_all_mailboxes = False

    def can_renew(self, file: TokenFile) -> bool:
        """Whether there is a refresh token."""
        return file.has_refresh_token

    def form(self, registration: "Registration", file: TokenFile, *, now: float) -> "TokenForm":
        """The refresh request; Microsoft wants the scopes again."""
        # Imported late, as in all grants: what only reads or lists token files asks for nothing.
        from .client_parameters import TokenForm, credentials_of, resource_of

        credentials = credentials_of(registration)
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": file.refresh,
            **credentials.fields,
            **resource_of(registration),
        }
        if registration.refresh_repeats_scope:
            fields["scope"] = " ".join(registration.scopes)
        return TokenForm(fields, (file.refresh,), credentials.headers)


GRANTS: dict[str, Grant] = {
    DEFAULT_GRANT: RefreshToken(),
    "client_credentials": ClientCredentials(),
    "jwt_bearer": ServiceAccount(),
}


def grant_of(names_it: "Registration | TokenFile") -> Grant:
    """The grant that a registration or a token file names; raises `Misconfigured` if unknown."""
    name = names_it.grant
    if name not in GRANTS:
        raise as_error(GRANT_UNKNOWN, name=quoted(name), known=", ".join(GRANTS))
    return GRANTS[name]


def can_be_renewed(file: TokenFile) -> bool:
    """Whether new tokens can be got for a token file without the user; not by an unknown grant."""
    return file.grant in GRANTS and GRANTS[file.grant].can_renew(file)


def is_shared(file: TokenFile) -> bool:
    """Whether the access token in a token file may also be in the files of other mailboxes."""
    return file.grant in GRANTS and GRANTS[file.grant].serves_all_mailboxes


def sign_in_helps(file: TokenFile) -> bool:
    """Whether the user has to sign in if the file can't be renewed; not for an unknown grant."""
    return file.grant in GRANTS and GRANTS[file.grant].needs_sign_in


def error_by(grant: Grant, error: AppError) -> AppError:
    """The error of a request by this grant: it asks for a sign-in only if one would help."""
    if error.kind is not Kind.DEAD_GRANT or grant.needs_sign_in:
        return error
    detail = error.detail or error.message
    return as_error(GRANT_REFUSED, detail=detail, **error.parameters)  # type: ignore[arg-type]
