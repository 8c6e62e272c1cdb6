"""Imports the files of other programs, which are chosen from the menu or dropped."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.errors import AppError
from core.i18n.translation import _
from core.verdicts.verdict import Action
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController
from gui.model.messages import in_one_paragraph

if TYPE_CHECKING:
    from core.importing.take import Imported
    from gui.widgets.import_dialog import ImportDialog

AskFiles = Callable[[QWidget], Sequence[str]]

# What core/importing/kinds.py takes, besides token files and scripts of oauth2_imap itself.
_PROGRAMS = "mutt_oauth2, email-oauth2-proxy, DavMail, msal, google-auth"


def ask_files(window: QWidget) -> Sequence[str]:
    """Ask for the files; return their paths, none where the user has chosen none."""
    from PySide6.QtWidgets import QFileDialog  # seldom needed

    title = _("Choose token files of oauth2_imap or of {programs}", programs=_PROGRAMS)
    kinds = _("Token files, files of {programs}, scripts that call oauth2_imap", programs=_PROGRAMS)
    return QFileDialog.getOpenFileNames(window, title, str(Path.home()), f"{kinds} (*)")[0]


class ImportController(QObject):
    """Imports in a task, shows the new mailboxes, and what is left to do."""

    def __init__(
        self,
        parts: Parts,
        sign_in: SignInController,
        *,
        ask: AskFiles = ask_files,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sign_in = sign_in
        self._ask = ask
        self._others: list[Imported] = []  # to be told again, after a file that lacked something
        parts.importer.noted.connect(parts.window.note)
        parts.importer.done.connect(self._show)
        parts.importer.failed.connect(self._fail)

    def choose(self) -> None:
        """Ask for files, and import them."""
        if chosen := self._ask(self._parts.window):
            self._parts.importer.start([Path(name) for name in chosen])

    def _show(self, results: Sequence["Imported"]) -> None:
        from core.importing.outcome import Result  # all this is seldom needed
        from gui.model.import_words import details, field_text, headline, missing, what_is_next
        from gui.widgets.import_dialog import ImportDialog

        parts = self._parts
        self._list([one.path for one in results if one.result is Result.SAVED and one.path])
        parts.window.note(_("Import: {results}", results=headline(results)))
        results, self._others = [*results, *self._others], []
        if all(one.error is None for one in results):
            parts.message_bar.show_success(headline(results), what_is_next(results))
            return
        to_sign_in = [one for one in results if one.result is Result.SIGN_IN and one.provider]
        kept = [one for one in results if one.error and one.error.action is Action.REPLACE_FILE]
        lacking = missing(results)
        dialog = ImportDialog(
            headline(results),
            details(results),
            field_text(lacking) if lacking else "",
            can_sign_in=bool(to_sign_in),
            can_replace=bool(kept),
            parent=parts.window,
        )
        dialog.sign_in.connect(lambda: self._sign_in_to(to_sign_in))
        dialog.replace.connect(lambda: self._replace(kept))
        if lacking:
            dialog.given.connect(partial(self._give, dialog, lacking, results))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fail(self, error: AppError) -> None:
        self._others = []
        self._parts.message_bar.show_error(error)

    def _list(self, paths: Sequence[Path]) -> None:
        """Show the new mailboxes, and keep them fresh as those that were signed in to here.

        The import has asked nobody, so it is not known yet whether their logins work.
        """
        for path in paths:
            self._parts.mailboxes.files.show(path)
            self._parts.model.change(path, untested=True)
        if paths and self._parts.settings.keep_refreshing:
            self._parts.mailboxes.keep_many(paths, True)
        if paths:
            self._parts.mailbox_table.select(paths[0])

    def _sign_in_to(self, wanted: Sequence["Imported"]) -> None:
        """Sign in to one mailbox after the other."""
        for one in wanted:
            request = self._parts.mailboxes.requests.for_address(one.address)
            self._sign_in.start(
                replace(request, provider=one.provider, application=one.application)
            )

    def _give(
        self, dialog: "ImportDialog", lacking: "Imported", results: Sequence["Imported"], text: str
    ) -> None:
        """Import a file again with what it lacked."""
        is_address = lacking.error is not None and lacking.error.action is Action.GIVE_ADDRESS
        address, client_id = (text, "") if is_address else (lacking.address, text)
        try:
            self._parts.importer.start([Path(lacking.source)], address=address, client_id=client_id)
        except AppError as exc:
            dialog.show_mistake(in_one_paragraph(exc))
            return
        self._others = [one for one in results if one.error and one.source != lacking.source]
        dialog.accept()

    def _replace(self, kept: Sequence["Imported"]) -> None:
        """Import these files again, over the tokens that are there."""
        sources = dict.fromkeys(Path(one.source) for one in kept)
        self._parts.importer.start(list(sources), replaces=True)
