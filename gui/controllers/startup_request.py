"""Does what the command line asks for, and what a second start of the program hands over."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from core.address import same_address
from core.errors import AppError, as_error
from core.model import Outcome
from core.verdicts import local_settings
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController
from gui.controllers.sign_in_queue import Turn
from gui.model.mailbox_row import Row
from gui.model.start_arguments import StartArguments
from gui.widgets.address_bar import OTHER


class StartupRequestController(QObject):
    """Refreshes the mailbox that was asked for, or starts its sign-in."""

    def __init__(
        self, parts: Parts, sign_in: SignInController, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sign_in = sign_in
        self._named: StartArguments | None = None  # None once `claim` has answered for them

    def claim(self, address: str, provider: str, path: Path) -> bool:
        """Return whether the command line named this mailbox; True only the first time.

        Such a mailbox is kept fresh: a script that called the program waits until the window
        closes, so its own loop can't refresh the token. Afterwards the user decides.
        """
        named = self._named
        if named is None or not same_address(address, named.address):
            return False
        if named.provider not in ("", provider):
            return False
        if named.token_file is not None and named.token_file.absolute() != path:
            return False
        self._named = None
        return True

    def start(self, arguments: StartArguments) -> None:
        """Do what the command line asked for."""
        parts, mailboxes = self._parts, self._parts.mailboxes
        self._named = arguments if arguments.address else None
        is_new = arguments.provider not in ("", *mailboxes.catalog.providers)
        if is_new and "authorization_endpoint" not in arguments.fields:
            parts.window.address_bar.set_address(arguments.address)
            parts.message_bar.show_error(
                as_error(
                    local_settings.PROVIDER_UNKNOWN,
                    name=arguments.provider,
                    known=", ".join(mailboxes.catalog.providers),
                )
            )
            return
        is_other = is_new or arguments.discover
        self._fill_fields(arguments, OTHER if is_other else arguments.provider)
        row = None
        if arguments.token_file is not None:
            mailboxes.files.include(arguments.token_file)
            mailboxes.files.show(arguments.token_file)
            row = parts.model.row(arguments.token_file)
        if row is not None and not arguments.start_over:
            parts.window.come_to_front()
            self._refresh([row], keep=True)
            return
        self._sign_in.use_arguments(arguments if is_new else replace(arguments, provider=""))
        if arguments.token_file is not None or arguments.start_over:
            parts.window.come_to_front()
            self._get_token(arguments.address or (row.info.address if row else ""))
        else:
            self.take_address(arguments.address, arguments.provider)

    def take_address(self, address: str, provider: str = "") -> None:
        """Refresh the mailboxes of an address, or sign in; "" only shows the window."""
        self._parts.window.come_to_front()
        if address:
            self._parts.mailboxes.files.when_complete(partial(self._take, address, provider))

    def take_call(
        self,
        address: str,
        done: Callable[[Outcome | AppError], None],
        is_wanted: Callable[[], bool],
    ) -> None:
        """Get the token of an address for a second start, which waits for the outcome."""
        self._parts.window.come_to_front()
        request = self._parts.mailboxes.requests.for_address(address)
        self._sign_in.queue.add(Turn(request, done=done, is_wanted=is_wanted))

    def _take(self, address: str, provider: str) -> None:
        rows = [
            row
            for row in self._parts.model.rows
            if same_address(row.info.address, address) and provider in ("", row.info.provider)
        ]
        if rows:
            claimed = [self.claim(address, row.info.provider, row.path) for row in rows]
            self._refresh(rows, keep=any(claimed))
        else:  # the end of the sign-in asks whether it is claimed
            self._get_token(address)

    def _fill_fields(self, arguments: StartArguments, provider: str) -> None:
        parts = self._parts
        parts.window.address_bar.set_provider(provider)
        mailboxes, network = parts.mailboxes, parts.mailboxes.requests.network
        if arguments.fields:
            from gui.model.option_values import OptionValues  # most starts name none

            parts.options.show_values(OptionValues(**arguments.fields))
        ca_file = arguments.ca_file or network.ca_file
        mailboxes.requests.network = replace(network, timeout=arguments.timeout, ca_file=ca_file)
        if arguments.browser:
            parts.sign_in_task.choice = arguments.browser
        if arguments.protect is not None:
            mailboxes.requests.protect = arguments.protect

    def _refresh(self, rows: Sequence[Row], *, keep: bool) -> None:
        paths = [row.path for row in rows]
        self._parts.mailboxes.refresh(paths)
        self._parts.mailbox_table.select(paths[0])
        if keep:
            self._parts.mailboxes.keep_many(paths, True)

    def _get_token(self, address: str) -> None:
        if address:
            bar = self._parts.window.address_bar
            bar.set_address(address)
            self._sign_in.get_token(address, bar.provider())
