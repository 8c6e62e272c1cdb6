"""One problem of a token file, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` says what is wrong and `hint` what to do. Neither contains a part of a token.

    Both have no full stop at the end. `fixable` is set if `fix` can repair it.
    """

    name: str
    message: str
    hint: str
    fixable: bool = False


GET_NEW_TOKEN = "Get a new token: oauth2_imap ADDRESS"  # noqa: S105  # a hint
RUN_FIX = "Run oauth2_imap doctor --fix FILE"
IMPORT_IT = "Run oauth2_imap import FILE"
