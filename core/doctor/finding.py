"""One thing that is wrong with a token file, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` says what happens, `todo` what to do; neither ever holds a part of a token.

    `fixable` where `fix` mends it without anybody's help.
    """

    name: str
    sentence: str
    todo: str
    fixable: bool = False


SIGN_IN = "Get a new token: oauth2_imap ADDRESS"
MEND = "Run oauth2_imap doctor --fix FILE"
