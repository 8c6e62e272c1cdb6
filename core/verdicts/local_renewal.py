"""Why a token file can't be renewed, before anybody is asked."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

REFRESH_TOKEN_MISSING = Verdict(
    "refresh_token_missing",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("The token file of {address} contains no refresh token"),
    N_("Without a refresh token, the access token can't be refreshed."),
    N_("Sign in again."),
    source="oauth2_imap",
)
REFRESH_TOKEN_NOT_IN_STORE = Verdict(
    "refresh_token_not_in_store",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("The system's secret store has no refresh token of {address} for this user"),
    N_(
        "The entry in the store was deleted, or the token file comes from another user or another "
        "computer."
    ),
    N_("Sign in again."),
    source="oauth2_imap",
)

GRANT_UNKNOWN = Verdict(
    "grant_unknown",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("oauth2_imap does not know the grant {name}"),
    N_(
        "The token file or the registration names this way to get tokens. Known ways: {known}. The "
        "token file was not changed."
    ),
    N_("Use a newer version of oauth2_imap, or correct the name."),
    source="oauth2_imap",
)
GRANT_REFUSED = Verdict(
    "grant_refused",
    Kind.MISCONFIGURED,
    Actor.REGISTRATION_OWNER,
    Action.MEND_REGISTRATION,
    N_("{provider} gives {application} no token for {address}"),
    N_("This registration gets its tokens without a user, so a sign-in would not help."),
    N_(
        "Check the registration: its secret or its key, its permission to read mail, and whether "
        "an administrator has allowed this permission."
    ),
    source="https://www.rfc-editor.org/rfc/rfc6749#section-4.4",
)

VERDICTS = (
    REFRESH_TOKEN_MISSING,
    REFRESH_TOKEN_NOT_IN_STORE,
    GRANT_UNKNOWN,
    GRANT_REFUSED,
)
