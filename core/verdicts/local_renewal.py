"""Why a token file can't be renewed, before anybody is asked."""

from .verdict import N_, Action, Actor, Kind, Verdict

REFRESH_TOKEN_MISSING = Verdict(
    "refresh_token_missing",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("The token file of {address} holds no refresh token"),
    N_("Without a refresh token, the access token can't be renewed."),
    N_("Sign in again."),
    source="oauth2_imap",
)
REFRESH_TOKEN_NOT_IN_STORE = Verdict(
    "refresh_token_not_in_store",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("The system's store of secrets has no refresh token of {address} for this user"),
    N_("Its entry was deleted, or the token file is of another user or computer."),
    N_("Sign in again."),
    source="oauth2_imap",
)

VERDICTS = (REFRESH_TOKEN_MISSING, REFRESH_TOKEN_NOT_IN_STORE)
