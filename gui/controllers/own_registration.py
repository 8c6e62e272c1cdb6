"""A registration of the user's own: the steps to it, its test, and its file for colleagues."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.errors import AppError, UsageProblem
from core.i18n.translation import N_, _
from core.model import Outcome
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController
from gui.model.messages import in_one_paragraph
from gui.model.rehearsal import PROVIDER as PRETEND
from gui.model.tasks import Threads

if TYPE_CHECKING:  # imported when the dialog is opened
    from core.registering.sharing import Shared
    from gui.widgets.registration_dialog import Choice, RegistrationDialog

AskFile = Callable[[QWidget], str]

_FILES = N_("Registrations (*.toml)")
_ANOTHER = N_("Another provider")
_NEEDS_ID = N_("⚠ Enter the client ID. The last step says where it is.")
_EXPORTED = N_("The registration is in {file}, without a client secret.")
_ADDED = N_("The registration {application} was added. Choose it under Options for a sign-in.")


def ask_new_file(window: QWidget) -> str:
    """Ask where to write; an existing file is refused later, so it is not asked about here."""
    from PySide6.QtWidgets import QFileDialog  # seldom needed

    option = QFileDialog.Option.DontConfirmOverwrite
    return QFileDialog.getSaveFileName(
        window, _("Export the registration"), "registration.toml", _(_FILES), options=option
    )[0]


def ask_file(window: QWidget) -> str:
    """Ask for the file of a registration; empty where the user has chosen none."""
    from PySide6.QtWidgets import QFileDialog  # seldom needed

    return QFileDialog.getOpenFileName(window, _("Import a registration"), "", _(_FILES))[0]


class OwnRegistrationController(QObject):
    """Connects the dialog with the sign-in, which tests what its fields hold."""

    def __init__(
        self,
        parts: Parts,
        sign_in: SignInController,
        *,
        ask_new: AskFile = ask_new_file,
        ask: AskFile = ask_file,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sign_in = sign_in
        self._ask_new, self._ask = ask_new, ask

    def open(self) -> None:
        """Show the dialog, with what was typed there before."""
        self._dialog.offer(list(self._choices()))
        self._dialog.show()
        self._dialog.fit_height()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @cached_property
    def _dialog(self) -> "RegistrationDialog":
        from gui.widgets.registration_dialog import RegistrationDialog

        dialog = RegistrationDialog(self._parts.window)
        dialog.test_wanted.connect(self._test)
        dialog.export_wanted.connect(self._export)
        dialog.import_wanted.connect(self._import)
        self._sign_in.signed_in.connect(self._end)
        return dialog

    def _choices(self) -> "Iterator[Choice]":
        from core.mailbox.own_registration import guide_for
        from gui.widgets.registration_dialog import Choice

        catalog = self._parts.mailboxes.catalog
        for provider in catalog.providers.values():
            own = [a.application for a in provider.applications.values() if not a.shipped]
            if provider.name != PRETEND:
                yield Choice(provider.name, provider.label, guide_for(provider.name, catalog), own)
        yield Choice("", _(_ANOTHER), guide_for("", catalog), ())

    def _test(self) -> None:
        """Sign in with what the fields hold; the wait is in the window behind the dialog."""
        dialog, requests = self._dialog, self._parts.mailboxes.requests
        values = dialog.values()
        if not (values.client_id or values.issuer):
            dialog.tell(_(_NEEDS_ID))
            return
        try:
            request = requests.for_fields(dialog.address(), dialog.provider(), values)
        except UsageProblem as exc:
            self._refuse(exc)
            return
        self._parts.message_bar.clear()
        dialog.close()
        self._sign_in.start(replace(request, start_over=True, own_registration=True))

    def _end(self, outcome: Outcome) -> None:
        self._dialog.forget_secret()

    def _export(self, provider: str, name: str) -> None:
        from core.registering.sharing import export, own_registration

        registration = own_registration(self._parts.mailboxes.catalog, name, provider)
        if chosen := self._ask_new(self._dialog):
            task = self._parts.tasks.start(
                lambda *_: export(registration, Path(chosen)), Threads.FILES
            )
            task.succeeded.connect(lambda _done: self._dialog.tell(_(_EXPORTED, file=chosen)))
            task.failed.connect(self._refuse)

    def _import(self) -> None:
        from core.registering.sharing import read_shared

        catalog, name = self._parts.mailboxes.catalog, self._dialog.values().application
        if chosen := self._ask(self._dialog):
            task = self._parts.tasks.start(
                lambda *_: read_shared(Path(chosen), catalog, name), Threads.FILES
            )
            task.succeeded.connect(self._confirm)
            task.failed.connect(self._refuse)

    def _confirm(self, shared: "Shared") -> None:
        from gui.widgets.shared_box import show_shared_box

        show_shared_box(shared, lambda: self._add(shared), self._dialog)

    def _add(self, shared: "Shared") -> None:
        from core.registering.sharing import save_shared

        catalog = self._parts.mailboxes.catalog
        own_file = self._parts.mailboxes.own_file
        task = self._parts.tasks.start(
            lambda *_: save_shared(shared, catalog, own_file), Threads.FILES
        )
        task.succeeded.connect(lambda _done: self._tell_added(shared))
        task.failed.connect(self._refuse)

    def _tell_added(self, shared: "Shared") -> None:
        self._parts.mailboxes.files.look_at_catalog()
        self._dialog.offer(list(self._choices()))
        self._dialog.tell(_(_ADDED, application=shared.registration.application))

    def _refuse(self, error: AppError) -> None:
        self._dialog.tell(f"⚠ {in_one_paragraph(error)}")
