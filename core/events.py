"""What a sign-in reports while it waits, and what it asks.

All that other work reports is a `Note`, which is in model.py: so only a sign-in loads this module.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from . import expectations
from .errors import AppError
from .i18n.translation import _
from .model import Note


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
