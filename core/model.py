"""Data that several packages share, and the events that report progress.

Times are seconds since the epoch (`time.time`), in UTC. None means unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from . import expectations
from .errors import AppError
from .i18n.translation import N_, _

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


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that a token endpoint sent; `refresh` is empty if it sent no refresh token.

    `accounts` are the names of the account that signed in, as the tokens say: a hint, not a proof.
    `refresh_expires_at` is when the refresh token ends, and `scopes` are those that were granted,
    where the answer says so.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    issued_at: float | None
    expires_at: float | None
    accounts: tuple[str, ...] = ()
    refresh_expires_at: float | None = None
    scopes: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        """The first name of the account; empty if the tokens name none."""
        return next(iter(self.accounts), "")


class Note(NamedTuple):
    """A message about the progress; with `warning` the user should read it."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class WaitingForBrowser:
    """The user has to sign in now and has `seconds` for it; sent before the browser opens.

    `url` holds the state of the sign-in, so it is shown but never logged. It holds no secret: the
    PKCE verifier stays in this process. `application_label` is the name that the page shows; where
    it is empty, `application` and `client_id` say which one it is. With `takes_device_code`, the
    user can start a sign-in on another device in the same wait. `error_page` is the address that
    the browser can't open at the end, so that it must be pasted; else it is empty.
    """

    url: str = field(repr=False)
    seconds: float
    sign_in_as: str
    application_label: str
    application: str
    client_id: str
    opens_browser: bool
    takes_paste: bool
    takes_device_code: bool
    certificate_warning: bool
    error_page: str = ""

    @property
    def expectations(self) -> tuple[str, ...]:
        """Sentences about what the browser will show, so that nothing there alarms the user."""
        return expectations.of_browser(
            expectations.of_application(self.application_label, self.application, self.client_id),
            certificate_warning=self.certificate_warning,
            error_page=self.error_page,
        )


@dataclass(frozen=True, slots=True)
class WaitingForDevice:
    """The user has `seconds` to type `user_code` on the page `uri`, in a browser on any device.

    `complete_uri` is the page with the code already in it, or `uri` again. The code lets anybody
    sign in for this program, so it is shown but never logged.
    """

    user_code: str = field(repr=False)
    uri: str
    complete_uri: str = field(repr=False)
    seconds: float
    sign_in_as: str
    application_label: str
    application: str
    client_id: str

    @property
    def expectations(self) -> tuple[str, ...]:
        """Sentences about what the page will show."""
        return expectations.of_device_code(
            expectations.of_application(self.application_label, self.application, self.client_id)
        )


class WayEnded(NamedTuple):
    """The browser has failed, or the device code; the wait continues with the other one."""

    error: AppError
    is_device_code: bool


@dataclass(frozen=True, slots=True)
class WaitingForOwner:
    """The user has `seconds` to paste the answer that the owner of a mailbox has sent.

    `url` is the link that the owner got, and `sign_in_as` the account that should have signed in.
    """

    url: str = field(repr=False)
    seconds: float
    sign_in_as: str


class FoundServer(NamedTuple):
    """A sign-in server that only a mail domain names, so the user has to say whether to trust it.

    `host` has the page where the user would type a password, `imap_host` would get the token.
    """

    address: str
    domain: str
    host: str
    imap_host: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, and what to think of before saying yes."""
        return (
            _(
                "The mail settings published for {domain} say that its users sign in at {host}, "
                "and that their mail is at {imap_host}.",
                domain=self.domain,
                host=self.host,
                imap_host=self.imap_host,
            ),
            _(
                "Go on only if you know that your provider uses these servers: a false sign-in "
                "page could take your password."
            ),
        )


@dataclass(frozen=True, slots=True)
class LinkAsked:
    """The user asks for the link, because no page opened or the wrong browser opened it."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BrowserFailed:
    """No browser could be started, or it ended at once with an error; the wait continues."""

    url: str = field(repr=False)


class PasteRefused(NamedTuple):
    """The pasted text is not an answer of the sign-in page; the wait continues."""

    error: AppError


Event = (
    Note
    | WaitingForBrowser
    | WaitingForDevice
    | WaitingForOwner
    | LinkAsked
    | BrowserFailed
    | PasteRefused
    | WayEnded
)
Progress = Callable[[Event], None]


class AccountQuestion(NamedTuple):
    """Another account has signed in, and no login has shown that it opens the mailbox.

    `error` says so, and is raised if the user wants to stop. `expected` is the account that was
    asked to sign in: that of the mailbox, or another one that the user named.
    """

    error: AppError
    account: str
    expected: str
    mailbox: str


class AccountAnswer(Enum):
    """What the user says about it."""

    SIGN_IN_AGAIN = auto()  # it is the wrong account
    SHARED_MAILBOX = auto()  # it is right: this account opens the mailbox, so save the tokens
    STOP = auto()


AskAccount = Callable[[AccountQuestion], AccountAnswer]
AskServer = Callable[[FoundServer], bool]


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
