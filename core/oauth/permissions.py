"""Whether new tokens may open a mailbox: by the granted scopes, and by what a token says of itself.

The table in `core.verdicts` says what a missing permission means. Only the mail server decides; but
it refuses such a token without a reason.
"""

from ..errors import AppError
from ..model import FlowKind
from ..providers.fields import Registration
from ..verdicts.verdict import Origin, Symptom
from .claims import Claims, read_claims
from .token_response import TokenRequest, error_of
from .tokens import Tokens

# They say who signs in and for how long. No server needs them to let somebody read mail.
_IDENTITY = frozenset({"openid", "profile", "email", "offline_access"})
# What else Microsoft and Google grant, in other places than IMAP:
# https://learn.microsoft.com/graph/permissions-reference
# https://developers.google.com/identity/protocols/oauth2/scopes
_OTHER_ACCESS = _IDENTITY | frozenset(
    [
        "user.read",
        "user.readbasic.all",
        "mail.read",
        "mail.readbasic",
        "mail.readwrite",
        "mail.send",
        "smtp.send",
        "pop.accessasuser.all",
        "ews.accessasuser.all",
        "eas.accessasuser.all",
        "calendars.read",
        "calendars.readwrite",
        "contacts.read",
        "contacts.readwrite",
        "files.read",
        "people.read",
        "userinfo.email",
        "userinfo.profile",
        "gmail.readonly",
        "gmail.send",
        "gmail.modify",
        "gmail.compose",
        "gmail.metadata",
        "gmail.labels",
        "calendar",
        "calendar.readonly",
        "contacts",
        "contacts.readonly",
    ]
)
# At Microsoft: https://learn.microsoft.com/entra/identity-platform/scopes-oidc
_EVERYTHING = ".default"
# What an application without a user needs at Microsoft:
# https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
_ROLE = "imap.accessasapp"
# Microsoft's other services, by the claim `aud`; the numbers are those of Graph and of its
# predecessor: https://learn.microsoft.com/graph/deployments
_OTHER_SERVICES = frozenset(
    [
        "https://graph.microsoft.com",
        "https://graph.microsoft.us",
        "https://dod-graph.microsoft.us",
        "https://microsoftgraph.chinacloudapi.cn",
        "https://graph.windows.net",
        "00000003-0000-0000-c000-000000000000",
        "00000002-0000-0000-c000-000000000000",
    ]
)


def permission_error(
    tokens: Tokens, registration: Registration, address: str, *, certain: bool
) -> AppError | None:
    """The error for tokens that lack the permission to read mail by IMAP; None if they have it.

    With `certain`, only if that is known: then there is no login. A provider may give its scopes
    other names in an answer than in the request, and claims are not verified, so there a login that
    opens the mailbox is proof.
    """
    fault, detail = _fault(tokens, registration, certain)
    if not fault:
        return None
    request = TokenRequest(registration, "", address)
    return error_of(Symptom(Origin.TOKEN, fault), request, detail=detail)


def _fault(tokens: Tokens, registration: Registration, certain: bool) -> tuple[str, str]:
    """The name of the fault and what shows it; empty if there is none."""
    # No other provider documents the claims of its access tokens.
    is_told = registration.flow is FlowKind.MICROSOFT and not certain
    claims = (read_claims(tokens.access) if is_told else None) or Claims()
    other = [name for name in claims.audience if name.rstrip("/").casefold() in _OTHER_SERVICES]
    if other:
        return "other_audience", f"aud: {' '.join(other)}"
    granted = tokens.scopes or claims.scopes
    if _is_missing(granted, registration.scopes, certain):
        return "scope_missing", f"scope: {' '.join(granted)}"
    # A token of a user has scopes, that of an application roles.
    if claims.audience and not granted and _ROLE not in map(str.casefold, claims.roles):
        return "role_missing", f"roles: {' '.join(claims.roles) or 'none'}"
    return "", ""


def _is_missing(scopes: tuple[str, ...], asked: tuple[str, ...], certain: bool) -> bool:
    """Whether the granted scopes lack the one for mail.

    With `certain`, only if all of them are known to be for something else. Only the last parts are
    compared, since servers shorten addresses. An answer that names no scopes has granted what was
    asked for (RFC 6749 section 5.1).
    """
    wanted = {_last_part(scope) for scope in asked} - _IDENTITY
    granted = {_last_part(scope) for scope in scopes}
    if not (wanted and granted) or _EVERYTHING in wanted or wanted & granted:
        return False
    return not certain or granted <= _OTHER_ACCESS


def _last_part(scope: str) -> str:
    return scope.rstrip("/").rpartition("/")[2].casefold()
