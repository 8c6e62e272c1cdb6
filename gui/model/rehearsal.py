"""The pretend mailboxes of a window, and the demo's servers for them. They end with the window."""

import contextlib
import shutil
import tempfile
import threading
from dataclasses import replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import AppError
from core.i18n.translation import N_, _, ngettext
from core.mailbox.job import Request
from core.net.network import Network
from core.providers.live_catalog import LiveCatalog
from core.tokenfile.place import file_name, token_files

if TYPE_CHECKING:  # imported by the first rehearsal
    from core.demo.provider import DemoProvider

PROVIDER = "pretend"
_LABEL = N_("Pretend provider")
_ADDRESS = "you@pretend{number}.example"  # RFC 2606 keeps .example free
_IT_WORKS = N_("It works: the pretend mailbox {address} has a token")
# One line each in a small window: a third line of the message bar would move the list.
_AFTER_ONE = N_(
    "Now enter your own address. To try a migration: "
    '"Try it with a pretend mailbox" in the Program menu.'
)
_AFTER_TWO = N_(
    "To try a migration, see the card Migration beside the list. The mailboxes hold no mail."
)


class Rehearsal:
    """Pretend mailboxes are mailboxes like any other, with token files in a temporary folder."""

    def __init__(self, providers: LiveCatalog) -> None:
        """`providers` gets the pretend provider with the first sign-in."""
        self._providers = providers
        self._lock = threading.Lock()
        self._demo: DemoProvider | None = None

    def has(self, path: Path | None) -> bool:
        """Return whether this is the token file of a pretend mailbox."""
        return path is not None and "_folder" in self.__dict__ and path.parent == self._folder

    def new_request(self) -> Request:
        """Return the request for a pretend mailbox that isn't there yet."""
        addresses = (_ADDRESS.format(number="" if n == 1 else n) for n in count(1))
        files = ((address, self._folder / file_name(address)) for address in addresses)
        address, path = next((address, file) for address, file in files if not file.exists())
        return replace(self.request(address, path), provider=PROVIDER)

    def request(self, address: str, path: Path) -> Request:
        """Return the request for a pretend mailbox."""
        return Request(
            address=address,
            folder=self._folder,
            token_file=path,
            network=Network(ca_file=self._ca_file),
        )

    def open_account(self, address: str) -> "DemoProvider":
        """Return the running provider, which lets this address sign in; call it in a thread."""
        from core.demo.provider import DemoProvider

        with self._lock:
            if self._demo is None:
                demo = DemoProvider(self._ca_file, address, name=PROVIDER, label=_(_LABEL))
                demo.start()
                self._providers.add(demo.provider)
                self._demo = demo
            self._demo.open_account(address)
            return self._demo

    def end_sign_in(self, address: str) -> None:
        """Let the provider withdraw what this address has granted: its next refresh is refused."""
        if self._demo is not None:
            self._demo.withdraw(address)

    def close(self) -> None:
        """Stop the servers, and delete all pretend mailboxes."""
        with self._lock:
            if self._demo is not None:
                self._demo.close()
        if "_folder" not in self.__dict__:
            return
        from core.mailbox.remove import remove_mailbox

        for path in token_files(self._folder):
            with contextlib.suppress(AppError):
                remove_mailbox(path)  # with its history, which lies elsewhere
        shutil.rmtree(self._folder, ignore_errors=True)

    @cached_property
    def _folder(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="oauth2_imap_pretend_"))

    @property
    def _ca_file(self) -> Path:
        return self._folder / "pretend_ca.pem"


def standing(count: int) -> tuple[str, str]:
    """Return that only so many pretend mailboxes are there, and what is next."""
    headline = ngettext(
        "This pretend mailbox lasts until you close oauth2_imap",
        "These pretend mailboxes last until you close oauth2_imap",
        count,
    )
    return headline, _next(count)


def praise(address: str, count: int) -> tuple[str, str]:
    """Return that a sign-in worked, and what is next if there are so many pretend mailboxes."""
    return _(_IT_WORKS, address=address), _next(count)


def _next(count: int) -> str:
    return _(_AFTER_ONE if count < 2 else _AFTER_TWO)
