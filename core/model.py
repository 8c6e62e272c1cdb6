"""Data that several packages share.

Times are seconds since the epoch (`time.time`), in UTC. None means unknown.
"""

from enum import StrEnum
from typing import NamedTuple

from .errors import AppError
from .i18n.translation import N_

DEFAULT_GRANT = "refresh_token"  # of a registration and a token file that name none
IMAPS_PORT = 993  # TLS from the start (RFC 8314)
IMAP_PORT = 143  # plain text until STARTTLS


class ClientAuthentication(StrEnum):
    """How a client secret is sent to the token endpoint (RFC 6749 section 2.3.1)."""

    BODY = "body"
    BASIC = "basic"


class FlowKind(StrEnum):
    """Which library does the sign-in."""

    MICROSOFT = "microsoft"
    GOOGLE = "google"
    PLAIN = "plain"


class Note(NamedTuple):
    """A message about the progress; with `warning` the user should read it."""

    text: str
    warning: bool = False


class State(StrEnum):
    """The state of a mailbox after a run, as `--json` prints it."""

    FRESH = N_("fresh")
    SIGN_IN_NEEDED = N_("sign-in needed")
    TRY_AGAIN = N_("try again")
    REFUSED = N_("refused")
    FAILED = N_("failed")


class Outcome(NamedTuple):
    """The result of a successful run for one address.

    `checked` is True if an IMAP login in this run succeeded with the access token. `login_error` is
    the error of the login after a new sign-in whose tokens are saved nevertheless. The last three
    are for the keeper, so that it need not read the file: when its token was issued, whether it can
    be renewed without the user, and when the file was written.
    """

    address: str
    provider: str
    file: str
    imap_host: str
    imap_port: int
    imap_starttls: bool
    expires_at: float | None
    renewed: bool
    checked: bool
    login_error: AppError | None = None
    issued_at: float | None = None
    renewable: bool = False
    written_at: float = 0.0
