"""Frozen data that crosses a border between rooms, and the words for what happens meanwhile.

Times are seconds since the epoch (`time.time`), UTC; None means unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import AppError

IMAPS_PORT = 993  # TLS from the start (RFC 8314)
IMAP_PORT = 143  # plain until STARTTLS


class FlowKind(StrEnum):
    """Which library signs in."""

    MICROSOFT = "microsoft"
    GOOGLE = "google"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Registration:
    """One application at one provider, everything resolved: what a sign-in and a refresh need.

    `client_secret` is empty for a public client, and is only ever sent to `token_uri` and, where
    the provider has one, `revocation_uri` (RFC 7009).
    """

    provider: str
    label: str
    application: str
    application_label: str
    flow: FlowKind
    authorize_uri: str
    token_uri: str
    scopes: tuple[str, ...]
    redirect_uri: str
    client_id: str
    client_secret: str = field(repr=False)
    imap_host: str
    imap_port: int
    imap_starttls: bool
    authorize_parameters: Mapping[str, str]
    refresh_repeats_scope: bool
    dead_grant_errors: frozenset[str]
    tenant: str = ""
    note: str = ""
    revocation_uri: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a token endpoint handed out; `refresh` is empty where it gave none.

    `account` is whom the id token names, empty where there is none: a hint, not a proof.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    issued_at: float | None
    expires_at: float | None
    account: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth saying; `warning` where the person should read it."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class WaitingForBrowser:
    """The person's turn, for `seconds` at most; said before the browser opens.

    `url` holds no secret of the exchange (PKCE's verifier stays here) but does hold the state, so
    it is shown and never logged.
    """

    url: str = field(repr=False)
    seconds: float
    sign_in_as: str
    application_label: str
    opens_browser: bool
    takes_paste: bool
    certificate_warning: bool


@dataclass(frozen=True, slots=True)
class LinkAsked:
    """The person wants to see the link, since no page came or it came in the wrong browser."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasteRefused:
    """What was pasted is something else; the wait goes on."""

    error: AppError


Event = Note | WaitingForBrowser | LinkAsked | PasteRefused
Progress = Callable[[Event], None]


class State(StrEnum):
    """How a mailbox's token file stands after a run."""

    FRESH = "fresh"
    SIGN_IN_NEEDED = "sign-in needed"
    TRY_AGAIN = "try again"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run on one address came to, when it went well.

    `checked` tells whether a real IMAP login proved the access token in this run.
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
