"""What is asked of the core, and what it takes from outside: one `Job` runs through a procedure."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..cancel import Cancellation
from ..model import Note, Progress
from ..net.network import Network
from ..providers.catalog import Catalog, load_catalog, own_file
from ..providers.detection import ResolveMx, resolve_mx_by_dns
from ..providers.registration import Overrides
from ..secret_store.store import Store
from ..secret_store.system_store import SystemStore


@dataclass(frozen=True, slots=True)
class Request:
    """What a face asks for; empty where the person chose nothing.

    `address` was parsed; `token_file` wins over `folder`; `login_hint` is whoever signs in where
    that is somebody else (a shared mailbox). `protect` tells where the refresh token shall live: in
    the system's store, in the file, or (None) where it lives already; a new one, in the file.
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


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the core takes from outside, so that tests can put other things there.

    `own_file` is where the user's own providers.toml lies, or would; `store` keeps the refresh
    tokens that shall not lie in a file.
    """

    catalog: Catalog
    own_file: Path
    resolve_mx: ResolveMx
    clock: Callable[[], float]
    store: Store = field(default_factory=SystemStore)


def new_dependencies() -> Dependencies:
    """The real ones; raises `AppError` where the user's own providers.toml can't be read."""
    own = own_file()
    return Dependencies(load_catalog(own), own, resolve_mx_by_dns, time.time)


@dataclass(frozen=True, slots=True)
class Job:
    """A request on its way: how it is going goes out through `progress`."""

    request: Request
    dependencies: Dependencies
    progress: Progress
    cancelled: Cancellation

    @property
    def address(self) -> str:
        """Whose mailbox it is about."""
        return self.request.address

    def command(self) -> str:
        """The command line that would sign this mailbox in, for a person."""
        request = self.request
        words = ["oauth2_imap"]
        if request.provider:
            words += ["--provider", request.provider]
        if request.token_file is not None:
            words += ["--token_file", f'"{request.token_file}"']
        return " ".join([*words, self.address])

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.dependencies.clock()

    def say(self, text: str, *, warning: bool = False) -> None:
        """Tell the person."""
        self.progress(Note(text, warning))
