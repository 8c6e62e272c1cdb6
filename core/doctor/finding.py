"""One problem of a token file, as data."""

from dataclasses import dataclass

from ..i18n.translation import N_


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` says what is wrong and `hint` what to do. Neither contains a part of a token.

    Both have no full stop at the end. `fixable` is set if `fix` can repair it.
    """

    name: str
    message: str
    hint: str
    fixable: bool = False


GET_NEW_TOKEN = N_("Get a new token: oauth2_imap ADDRESS")
RUN_FIX = N_("Run oauth2_imap doctor --fix FILE")
IMPORT_IT = N_("Run oauth2_imap import FILE")
