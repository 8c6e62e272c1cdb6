"""What the advanced fields hold, and what each of them may hold."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from core.address import parse_address
from core.errors import UsageProblem
from core.model import IMAPS_PORT
from core.net.network import Network
from core.providers import values
from core.providers.registration import Overrides


@dataclass(frozen=True, slots=True)
class AdvancedValues:
    """As typed, without blanks around it; empty (0) where the provider's own value holds."""

    application: str = ""
    tenant: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    scope: str = ""
    redirect_uri: str = ""
    imap_host: str = ""
    imap_port: int = 0  # a wrong one is negative, which the core refuses
    login_hint: str = ""
    token_folder: str = ""
    ca_file: str = ""
    check: bool = True
    protect: bool | None = None  # where nobody touched it, as each file is

    def overrides(self) -> Overrides:
        """What takes the place of the provider's data."""
        return Overrides(
            client_id=self.client_id,
            client_secret=self.client_secret,
            authorize_uri=self.authorization_endpoint,
            token_uri=self.token_endpoint,
            redirect_uri=self.redirect_uri,
            scopes=tuple(self.scope.split()),
            imap_host=self.imap_host,
            imap_port=self.imap_port,
            tenant=self.tenant,
        )

    def network(self, timeout: float) -> Network:
        """The network's limits and trust."""
        return Network(timeout, Path(self.ca_file) if self.ca_file else None)


class Browse(StrEnum):
    """What a field's Browse button looks for."""

    NOTHING = ""
    FOLDER = "folder"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Field:
    """One line of text; `name` is that of `AdvancedValues`, `label` has the mnemonic."""

    name: str
    label: str
    hint: str
    check: Callable[[str], object]
    half: bool = False  # shares its row with the next one
    secret: bool = False
    browse: Browse = Browse.NOTHING

    @property
    def plain_label(self) -> str:
        """Without the mnemonic."""
        return self.label.replace("&", "")

    def problem(self, text: str) -> str:
        """What is wrong with a text, as a sentence; empty where nothing is."""
        try:
            if text:
                self.check(text)
        except values.Invalid as exc:
            return f"{self.plain_label} {exc}."
        except UsageProblem as exc:
            return f"{exc.message}. {exc.hint}"
        return ""


def port_of(text: str) -> int:
    """The number; 0 for no text, -1 for what is no number."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


FIELDS = (
    Field("tenant", "&Tenant", "Microsoft: common, a domain or an id", values.tenant),
    Field("client_id", "&Client id", "of a registration of your own", values.text, half=True),
    Field("client_secret", "Client &secret", "where it has one", values.text, secret=True),
    Field("authorization_endpoint", "A&uthorization endpoint", "https://…", values.endpoint),
    Field("token_endpoint", "To&ken endpoint", "https://…", values.endpoint),
    Field("scope", "Sc&ope", "several with a space between", values.text),
    Field("redirect_uri", "&Redirect", "http://localhost or https://…", values.redirect_uri),
    Field("imap_host", "&IMAP server", "imap.example.com", values.host, half=True),
    Field("imap_port", "&Port", str(IMAPS_PORT), lambda text: values.port(port_of(text))),
    Field(
        "login_hint",
        "Sign in as (&login hint)",
        "somebody else's address, for a shared mailbox",
        parse_address,
    ),
    Field(
        "token_folder",
        "Token &folder",
        "where new token files go",
        values.text,
        browse=Browse.FOLDER,
    ),
    Field("ca_file", "CA fil&e", "of a private authority (PEM)", values.text, browse=Browse.FILE),
)
