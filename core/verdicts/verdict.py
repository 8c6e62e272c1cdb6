"""What a verdict is: the meaning of an answer, who can act, and how the answer is recognised.

Everything here is data. The tables beside this file hold one entry a meaning; `match` looks an
answer up in them. Only `core.i18n` is imported, since `core.errors` builds on this.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from string import Formatter
from typing import NamedTuple

from ..i18n.translation import N_, _

# Below `core.REPOSITORY`, which can't be imported here.
NEWEST_RELEASE = "https://github.com/oauth2-imap/oauth2_imap/releases/latest"


class Origin(StrEnum):
    """Where an answer came from."""

    AUTHORIZATION = "authorization response"
    TOKEN = "token endpoint"  # not a password
    LOGIN = "IMAP login"
    LIST = "IMAP LIST"
    REGISTRATION = "registration endpoint"
    NETWORK = "network"
    LOCAL = "this computer"


class Kind(StrEnum):
    """What follows from a verdict: the exit code, the keeper's waits, and whether to sign in."""

    PASSING = "passing"  # time may heal it; nothing is thrown away
    DEAD_GRANT = "dead grant"  # only a new sign-in helps
    MISCONFIGURED = "misconfigured"  # the registration or its settings; a sign-in would fail too
    REFUSED_ACCOUNT = "refused account"  # this account is not let in, whatever the token
    REFUSED_WAY = "refused way"  # the server does not take OAuth2 tokens over IMAP
    REFUSED = "refused, reason unknown"
    LOCAL = "local"  # this computer: files, folders, stores
    USAGE = "usage"  # what was asked can't be done as it was written
    CANCELLED = "cancelled"


class Actor(StrEnum):
    """Who can act."""

    YOU = N_("you")
    MAILBOX_OWNER = N_("the mailbox's owner")
    ADMINISTRATOR = N_("your administrator")
    REGISTRATION_OWNER = N_("the owner of the registration")
    PROVIDER = N_("the provider")
    NOBODY = N_("nobody")


class Action(StrEnum):
    """What to do. Each face shows it in its own terms: an option, or a button."""

    NONE = "none"
    WAIT = "wait"
    SIGN_IN = "sign in"
    SIGN_IN_AGAIN = "sign in again"
    SIGN_IN_AS_ANOTHER = "sign in as another account"
    ASK_FOR_CONSENT = "ask for consent"
    ASK_ADMINISTRATOR = "ask the administrator"
    CHOOSE_TENANT = "choose the tenant"
    CHOOSE_APPLICATION = "choose another application"
    CHOOSE_PROVIDER = "choose the provider"
    DESCRIBE_PROVIDER = "give the endpoints of the provider"
    CONFIRM_SERVER = "confirm the sign-in server"
    GIVE_SECRET = "give the client secret"  # not a password
    REMOVE_SECRET = "remove the client secret"  # not a password
    MEND_REGISTRATION = "mend the registration"
    CHANGE_PASSWORD = "change the password"  # not a password
    SWITCH_IMAP_ON = "switch IMAP on"
    CHECK_NETWORK = "check the network"
    CHECK_PROXY = "check the proxy"
    CHECK_CLOCK = "check the clock"
    CHECK_SERVER = "check the IMAP server"
    NAME_CA = "name a CA certificate"
    PASTE_ANSWER = "paste the browser's answer"
    USE_BROWSER = "sign in with a browser"
    USE_DEVICE_CODE = "sign in with a code on another device"
    ALLOW_MORE_TIME = "allow more time"
    CORRECT_INPUT = "correct the input"
    READ_HELP = "read the help"
    USE_COMMAND = "use another command line"
    CHOOSE_FILE = "choose another token file"
    MEND_FILE = "mend the token file"
    MEND_FOLDER = "mend the folder"
    MEND_SETTINGS = "mend providers.toml"
    LEAVE_STORE = "sign in without the secret store"
    IMPORT_DECRYPTED = "decrypt the file and import the result"
    GIVE_ADDRESS = "give the address of the mailbox"
    GIVE_CLIENT_ID = "give the client ID"
    REPLACE_FILE = "replace the token file"
    REPORT = "report it"


class Symptom(NamedTuple):
    """What a mapper took out of an answer; `match` decides what it means.

    `error` is the OAuth2 error name, the IMAP response code or the name of a network fault;
    `codes` are the AADSTS numbers; `words` are the other side's own words. The rest are facts that
    decide where the same words have two causes: `flow` is the provider's (microsoft, google or
    generic), `grant` the grant type that was sent,
    `shipped` whether the registration comes with the program, `age` the seconds since the sign-in,
    `same_account` whether the account that signed in is the mailbox's, by the id token.
    """

    origin: Origin
    error: str = ""
    suberror: str = ""
    codes: tuple[int, ...] = ()
    words: str = ""
    status: int = 0
    flow: str = ""
    grant: str = ""
    shipped: bool | None = None
    has_secret: bool | None = None
    age: float | None = None
    same_account: bool | None = None

    def __repr__(self) -> str:
        """Without the words, which may hold what the server was sent."""
        return f"Symptom({self.origin!r}, {self.error!r}, codes={self.codes!r})"


class Pattern(NamedTuple):
    """How an answer is recognised: every part that is given must fit, case doesn't count.

    Of `origins`, `errors`, `suberrors` and `codes` one must fit; `words` is a regular expression
    that is searched for. An age fits from `older_than` on and below `younger_than`, in seconds;
    an unknown age fits neither.
    """

    origins: tuple[Origin, ...] = ()
    errors: tuple[str, ...] = ()
    suberrors: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    words: str = ""
    statuses: range | None = None
    flow: str = ""
    grant: str = ""
    shipped: bool | None = None
    has_secret: bool | None = None
    older_than: float | None = None
    younger_than: float | None = None
    same_account: bool | None = None

    def fits(self, symptom: Symptom) -> bool:
        """Whether the answer is one of these."""
        return (
            (not self.origins or symptom.origin in self.origins)
            and (not self.errors or symptom.error.casefold() in self.errors)
            and (not self.suberrors or symptom.suberror.casefold() in self.suberrors)
            and (not self.codes or not set(self.codes).isdisjoint(symptom.codes))
            and (self.statuses is None or symptom.status in self.statuses)
            and (not self.flow or symptom.flow == self.flow)
            and (not self.grant or symptom.grant == self.grant)
            and (self.shipped is None or symptom.shipped is self.shipped)
            and (self.has_secret is None or symptom.has_secret is self.has_secret)
            and (self.same_account is None or symptom.same_account is self.same_account)
            and self._fits_age(symptom.age)
            and (not self.words or _compiled(self.words).search(symptom.words) is not None)
        )

    def _fits_age(self, age: float | None) -> bool:
        if self.older_than is None and self.younger_than is None:
            return True
        if age is None:
            return False
        return (self.older_than or 0.0) <= age < (self.younger_than or float("inf"))


@cache
def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


class Verdict(NamedTuple):
    """One meaning: a sentence on what happened, why, what to do, and who can do it.

    `id` is stable: scripts read it (`--json`). The texts have named placeholders; what is unknown
    is named in general words. `source` is where the meaning comes from: a thread, a document, or
    "not verified". `link` is the provider's own page, for the user.
    """

    id: str
    kind: Kind
    actor: Actor
    action: Action
    message: str
    explanation: str = ""
    remedy: str = ""
    source: str = ""
    link: str = ""
    patterns: tuple[Pattern, ...] = ()


# What a placeholder says where its value isn't known.
IN_GENERAL: Mapping[str, str] = {
    "account": N_("another account"),
    "address": N_("this account"),
    "application": N_("the application"),
    "candidates": N_("one of several"),
    "clues": N_("nothing that decides"),
    "client_id": N_("the application's client ID"),
    "delegation_page": N_("the page about domain-wide delegation"),
    "domain": N_("the domain"),
    "field": N_("a field"),
    "file": N_("the file"),
    "files": N_("several files"),
    "filter": N_("a mail filter"),
    "folder": N_("the folder"),
    "host": N_("the server"),
    "issuer": N_("the sign-in server of the provider"),
    "known": N_("the names that oauth2_imap knows"),
    "length": N_("too many"),
    "missing": N_("more fields"),
    "mx_host": N_("another server"),
    "name": N_("the given name"),
    "new_file": N_("the new file beside it"),
    "other": N_("another provider"),
    "page": N_("the provider's help pages"),
    "path": N_("the token file"),
    "provider": N_("the provider"),
    "proxy": N_("that is set on this computer"),
    "proxy_source": N_("the settings of this computer"),
    "redirect_uri": N_("an address of this computer"),
    "rule": N_("It has a form that is not allowed."),
    "scopes": N_("those of another service"),
    "table": "[providers.NAME.applications.NAME]",
    "tenant": N_("that was asked"),
    "text": N_("This"),
    "time": N_("an unknown time"),
    "variables": N_("its name is unknown"),
}


def filled(text: str, parameters: Mapping[str, object]) -> str:
    """A text in the user's language, with its placeholders filled; what is unknown is so named."""
    names = {name for _before, name, _format, _conversion in Formatter().parse(text) if name}
    return _(text, **{name: _value(name, parameters) for name in names})


def _value(name: str, parameters: Mapping[str, object]) -> object:
    return parameters[name] if name in parameters else _(IN_GENERAL.get(name, "…"))
