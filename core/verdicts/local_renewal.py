"""Why a token file can't be renewed, before anybody is asked."""

from .verdict import N_, Action, Actor, Kind, Verdict

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

VERDICTS = (REFRESH_TOKEN_MISSING, REFRESH_TOKEN_NOT_IN_STORE)
