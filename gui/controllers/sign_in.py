"""The sign-in: reads the address and the fields, then shows the result."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from core.address import did_you_mean, intended_address
from core.error_lines import log_line, sentence
from core.errors import AppError
from core.i18n.translation import N_, _, joined
from core.mailbox.job import Request
from core.model import Outcome
from gui.controllers.options import OptionsController
from gui.controllers.parts import Parts
from gui.controllers.sign_in_progress import SignInProgressController
from gui.controllers.sign_in_queue import SignInQueue, Turn
from gui.controllers.waiting import WaitingController
from gui.model.bar_message import Message, error_message, note_message
from gui.model.rehearsal import PROVIDER as PRETEND
from gui.model.rehearsal import praise
from gui.model.start_arguments import StartArguments
from gui.widgets.address_bar import OTHER

if TYPE_CHECKING:  # imported by the first sign-in
    from PySide6.QtWidgets import QMessageBox

    from gui.model.asked import AccountAsked, ServerAsked

log = logging.getLogger(__name__)

_CANCELLED = N_("Sign-in cancelled")
_ONE_WAITS = N_("A pretend mailbox already waits for its sign-in. Go on in the browser.")
_NONE_NEEDS = N_("None of the selected mailboxes needs a sign-in. To sign in again, select one.")
_DESCRIBE_IT = N_("The address's domain is asked where to sign in, or describe it under Options…")


class SignInController(QObject):
    """Connects the widgets of a sign-in with the task that signs in."""

    signed_in = Signal(Outcome)

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._arguments = StartArguments()
        self._options = OptionsController(parts, parent=self)
        self.queue = SignInQueue(parts.sign_in_task, parent=self)
        self._progress = SignInProgressController(parts, self.queue, parent=self)
        self._waiting = WaitingController(parts, self.queue, parent=self)
        self._failure: Message | None = None  # of the last sign-in
        self._connect()

    def _connect(self) -> None:
        parts = self._parts
        bar, task = parts.window.address_bar, parts.sign_in_task
        bar.submitted.connect(self.get_token)
        bar.cancelled.connect(task.cancel)
        QShortcut(QKeySequence("Esc"), parts.window, self._leave)
        bar.edited.connect(self._forget_failure)
        parts.message_bar.dismissed.connect(self._tell_in_field)
        bar.address_changed.connect(self._look_up)
        bar.provider_changed.connect(self._choose_provider)
        parts.provider_lookup.found.connect(bar.show_detection)
        parts.mailbox_table.sign_in.connect(self.sign_in_again)
        parts.message_bar.sign_in_again.connect(self._sign_in_from_bar)
        parts.mailbox_table.demo.connect(self.rehearse)
        self.queue.begun.connect(self._show_busy)
        task.noted.connect(parts.window.note)
        task.asked.connect(self._ask_account)
        task.server_asked.connect(self._ask_server)
        task.succeeded.connect(self._succeed)
        task.failed.connect(self._fail)
        task.cancelled.connect(self._cancel)

    def use_arguments(self, arguments: StartArguments) -> None:
        """Follow the command line; its token file and --startover count for one sign-in.

        Its provider is the name of one that its other options describe, until a sign-in worked.
        """
        self._arguments = arguments

    def get_token(self, address: str, provider: str) -> None:
        """Sign in with what the fields hold, or show the first wrong field."""
        if pretend := self._pretend(address):
            self.sign_in_again([pretend])
            return
        request = self.request_in_fields(address, provider)
        if request is not None:
            device_code = self._parts.options.values().device_code
            self.start(request, remote=self._arguments.remote, device_code=device_code)
            self._arguments = replace(self._arguments, token_file=None, start_over=False)

    def request_in_fields(self, address: str, provider: str) -> Request | None:
        """Return the request that the fields describe, or show the first wrong field."""
        parts = self._parts
        parts.message_bar.clear()
        if not address:
            parts.options.close()  # it may cover the field
            parts.window.address_bar.focus_address()
            mistake = note_message(_("Enter the address of the mailbox first"))
            parts.message_bar.show_mistake(mistake)
            return None
        values = self._options.use(address)
        if values is None:
            return None
        try:
            known = "" if provider == OTHER else provider
            request = parts.mailboxes.requests.for_fields(address, known, values)
        except AppError as exc:
            parts.message_bar.show_mistake(error_message(exc))
            return None
        arguments = self._arguments
        if provider == OTHER:
            is_found = not (arguments.provider or values.describes_provider)
            request = replace(request, provider=arguments.provider, discover=is_found)
        return replace(request, token_file=arguments.token_file, start_over=arguments.start_over)

    def sign_in_again(self, paths: Sequence[Path]) -> None:
        """Sign in for the first of these token files that needs it, or for the only one.

        Its token may still be valid. It waits for a sign-in that is under way.
        """
        mailboxes, model = self._parts.mailboxes, self._parts.model
        rows = [row for path in paths if (row := model.row(path))]
        needing = [row for row in rows if row.needs_sign_in(model.now)]
        if needing or len(rows) == 1:
            request = mailboxes.requests.for_sign_in((needing or rows)[0].info)
            self.start(request, remote=self._arguments.remote)
        elif rows:
            self._parts.message_bar.show_mistake(note_message(_(_NONE_NEEDS)))

    def _sign_in_from_bar(self, wanted: object) -> None:
        """Sign in to a mailbox, or try once more, unchanged, the sign-in that has failed."""
        if isinstance(wanted, Path):
            self.sign_in_again([wanted])
        elif isinstance(wanted, Turn):
            self._parts.message_bar.clear()
            self.queue.add(wanted._replace(done=None, is_wanted=lambda: True))

    def rehearse(self) -> None:
        """Sign in to a new pretend mailbox, without an account and without a network."""
        request = self._parts.rehearsal.new_request()
        if self.queue.has(request):
            self._parts.message_bar.show_mistake(note_message(_(_ONE_WAITS)))
        else:
            self.start(request)

    def start(self, request: Request, *, remote: bool = False, device_code: bool = False) -> None:
        """Sign in as soon as no other sign-in is under way.

        `remote`: the browser is on another computer. `device_code`: the user types a code there.
        """
        self._parts.message_bar.clear()
        self.queue.add(Turn(request, remote, device_code))

    def _show_busy(self, name: str) -> None:
        """Show that a sign-in begins; why the one before it has failed is still to be read."""
        failed = self._parts.message_bar.message.failed
        if not isinstance(failed, Turn) or failed.name == name:
            self._parts.message_bar.clear()
        self._parts.provider_lookup.cancel()
        self._parts.window.address_bar.set_busy(True, name)

    def _leave(self) -> None:
        """Do what Esc means: end the sign-in, or else close the message."""
        if self.queue.current is None:
            self._parts.message_bar.close_message()
        else:
            self._parts.sign_in_task.cancel()

    def _tell_in_field(self, closed: Message) -> None:
        """Say again what the closed message has said."""
        if closed is self._failure:
            self._failure = None
            self._look_up(self._parts.window.address_bar.address())

    def _forget_failure(self) -> None:
        """What the user types now may be right; what else the bar says stays."""
        if self._parts.message_bar.message is self._failure:
            self._parts.message_bar.clear()

    def _show_idle(self) -> None:
        parts = self._parts
        bar, header = parts.window.address_bar, parts.window.header
        had_focus = header.has_focus()
        parts.waiting.end()
        bar.set_busy(False)
        header.turn_to(bar)
        if had_focus:
            bar.focus_address()

    def _look_up(self, address: str) -> None:
        bar, lookup = self._parts.window.address_bar, self._parts.provider_lookup
        if bar.provider():
            lookup.cancel()
            bar.show_detection(_(_DESCRIBE_IT) if bar.provider() == OTHER else "")
        elif self._pretend(address):
            lookup.cancel()
            bar.show_detection(_("This pretend mailbox is in the list"))
        else:
            lookup.look_up(address)

    def _pretend(self, address: str) -> Path | None:
        """The token file of a pretend mailbox in the list: no name server knows its domain."""
        paths = self._parts.model.of_address(address)
        return next(filter(self._parts.rehearsal.has, paths), None)

    def offer_providers(self) -> None:
        """Offer the providers and applications as they are now."""
        bar = self._parts.window.address_bar
        providers = self._parts.mailboxes.catalog.providers.values()
        real = (provider for provider in providers if provider.name != PRETEND)
        bar.offer_providers([(provider.name, provider.label) for provider in real])
        self._options.offer_applications()

    def _choose_provider(self) -> None:
        self._look_up(self._parts.window.address_bar.address())

    def _ask_account(self, asked: "AccountAsked") -> None:
        """Ask in front of the window; a sign-in that has ended needs no answer."""
        from gui.widgets.account_box import show_account_box  # rarely needed

        self._parts.window.call_user()
        self._end_with_sign_in(show_account_box(asked.question, asked.answer, self._parts.window))

    def _ask_server(self, asked: "ServerAsked") -> None:
        """Ask whether to trust the server that was found."""
        from gui.widgets.server_box import show_server_box  # rarely needed

        self._parts.window.call_user()
        self._end_with_sign_in(show_server_box(asked.question, asked.answer, self._parts.window))

    def _end_with_sign_in(self, box: "QMessageBox") -> None:
        task = self._parts.sign_in_task
        for ended in (task.cancelled, task.failed):
            ended.connect(box.reject)

    def _succeed(self, outcome: Outcome) -> None:
        self._show_idle()
        self.take(outcome)

    def take(self, outcome: Outcome) -> None:
        """Show a new token, and remember what worked."""
        parts, path = self._parts, Path(outcome.file)
        parts.window.call_user()
        self._arguments = replace(self._arguments, provider="")
        parts.window.note(
            _("The token of {address} is in {file}", address=outcome.address, file=outcome.file)
        )
        if not parts.rehearsal.has(path):
            parts.settings.remember_address(outcome.address)
            parts.window.address_bar.offer_addresses(parts.settings.addresses)
        self._options.forget(outcome.address)
        if parts.window.address_bar.provider() == OTHER:
            parts.window.address_bar.set_provider("")
        is_new = parts.model.row(path) is None
        self.signed_in.emit(outcome)
        if outcome.login_error is not None:
            parts.message_bar.show_error(outcome.login_error, parts.model.name(path), path=path)
        elif is_new and parts.rehearsal.has(path) and not parts.imapsync_run.is_running:
            rehearsed = sum(parts.rehearsal.has(row.path) for row in parts.model.rows)
            parts.message_bar.show_success(*praise(outcome.address, rehearsed), path=path)

    def _fail(self, error: AppError) -> None:
        failed, bar = self.queue.last, self._parts.message_bar
        name = failed.name if failed else ""
        log.warning("%s", log_line(error, name))
        self._show_idle()
        self._parts.window.call_user()
        if failed is not None and self._is_well(failed):
            error.add_note(_("The sign-in of before still works."))
        bar.show_error(error, name, failed=failed)
        self._failure = bar.message
        if failed is not None:
            self._tell_once(error, failed.request)

    def _is_well(self, turn: Turn) -> bool:
        """Whether the mailbox of a sign-in has another one, which works."""
        row = self._parts.model.row(turn.path)
        now = self._parts.model.now
        return bool(row and row.is_usable(now) and not (row.error or row.needs_sign_in(now)))

    def _tell_once(self, error: AppError, request: Request) -> None:
        """Leave only the address that was probably meant to the field: the bar tells the rest."""
        meant, known = intended_address(request.address), self._parts.provider_lookup.failed_by
        if not request.provider and (meant or known == error.verdict.id):
            question = did_you_mean(request.address)
            self._parts.window.address_bar.show_detection(question, meant)

    def _cancel(self) -> None:
        self._show_idle()
        headline, below = _(_CANCELLED), _("You can close its page in the browser.")
        if self._parts.message_bar.message.is_calm:  # else there is something to be done
            self._parts.message_bar.show_mistake(Message(None, headline, below))
        self._parts.window.note(joined((sentence(headline), below)))
