"""The request for one mailbox, and the `Job` that carries it through a procedure."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..cancel import Cancellation
from ..model import Note
from ..net.network import Network
from ..oauth.shared_tokens import SharedTokens
from ..paths import own_providers_file
from ..providers.live_catalog import LiveCatalog
from ..providers.overrides import Overrides
from ..secret_store.system_store import SystemStore

if TYPE_CHECKING:
    from ..detection.question import Lookups
    from ..events import Progress
    from ..providers.catalog import Catalog
    from ..secret_store.store import Store


@dataclass(frozen=True, slots=True)
class Request:
    """What the window or the command line asks for; empty if the user chose nothing.

    `address` is a parsed address. `token_file` takes precedence over `folder`. `login_hint` is the
    account that signs in, if it is another than `address` (shared mailboxes). `protect` says where
    to save the refresh token: True means the system's store, False the token file, and None leaves
    it where it is; a new one is saved in the token file. With `discover` the provider is none of
    the catalog, and the address's domain is asked who it is. With `own_registration` the sign-in
    tests a registration that the user has just made.
    """

    address: str
    folder: Path
    provider: str = ""
    application: str = ""
    overrides: Overrides = field(default_factory=Overrides)
    token_file: Path | None = None
    login_hint: str = ""
    start_over: bool = False
    check: bool = True
    protect: bool | None = None
    network: Network = field(default_factory=Network)
    discover: bool = False
    own_registration: bool = False


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a job needs from outside; tests replace it.

    `lookups` is None for the real ones, which detect the provider. `store` holds the refresh tokens
    and client secrets that are in no file; `client_secrets` has those that were read already, by
    entry. `shared_tokens` are those that serve many mailboxes.
    """

    providers: LiveCatalog
    lookups: "Lookups | None" = None
    clock: Callable[[], float] = time.time
    store: "Store" = field(default_factory=SystemStore)
    client_secrets: dict[str, str] = field(default_factory=dict, repr=False)
    shared_tokens: SharedTokens = field(default_factory=SharedTokens)

    @property
    def catalog(self) -> "Catalog":
        """The providers as they are now; raises `AppError` if they can't be read."""
        return self.providers.current()

    @property
    def own_file(self) -> Path:
        """The path of the user's own providers.toml, which may not exist."""
        return self.providers.own_file


def new_dependencies() -> Dependencies:
    """The real dependencies."""
    return Dependencies(LiveCatalog(own_providers_file()))


@dataclass(frozen=True, slots=True)
class Job:
    """A request with all that its procedure needs; it reports through `progress`."""

    request: Request
    dependencies: Dependencies
    progress: "Progress"
    cancelled: Cancellation

    @property
    def address(self) -> str:
        """The address of the mailbox."""
        return self.request.address

    @property
    def network(self) -> Network:
        """The network settings of the request; waiting for a server ends with this job."""
        return replace(self.request.network, cancelled=self.cancelled)

    def now(self) -> float:
        """The current time in seconds since the epoch."""
        return self.dependencies.clock()

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a note to the user."""
        self.progress(Note(text, warning))
