"""Keeps mailboxes fresh: the switches, the tray and its messages."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject

from core.errors import AppError
from core.i18n.translation import N_, _
from core.verdicts.verdict import Kind
from gui.controllers.parts import Parts

_SIGN_IN = N_("{mailbox}: sign-in required")
_OTHER_ACT = N_("{mailbox}: you must do something")


class RefreshController(QObject):
    """Connects the mailboxes with the widgets that control and show how they are refreshed."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._connect()

    def _connect(self) -> None:
        parts = self._parts
        bar, table, mailboxes = parts.refresh_bar, parts.mailbox_table, parts.mailboxes
        bar.keep_toggled.connect(self._keep_all)
        bar.interval_changed.connect(self._set_interval)
        table.refresh.connect(lambda paths: mailboxes.refresh(paths, even_young=True))
        table.check.connect(mailboxes.check)
        table.keep.connect(mailboxes.keep_many)
        mailboxes.noted.connect(parts.window.note)
        mailboxes.user_needed.connect(self._tell_user_needed)
        mailboxes.recovered.connect(self._tell_recovered)
        mailboxes.state_changed.connect(parts.tray.show_state)
        mailboxes.kept_changed.connect(self._remember_kept)
        mailboxes.files.listed.connect(self._show_kept)
        parts.model.rowsRemoved.connect(lambda *_: self._show_kept())

    def restore(self) -> None:
        """Show the saved settings; what was kept fresh before is, as soon as it is listed."""
        settings = self._parts.settings
        self._parts.refresh_bar.show_settings(
            keep=settings.keep_refreshing,
            minutes=settings.interval_minutes,
        )
        self._keep_again(settings.kept)

    def _keep_again(self, kept: Iterable[str]) -> None:
        """Keep the mailboxes of these token files fresh, also those outside the folder."""
        mailboxes, model = self._parts.mailboxes, self._parts.model
        known = set()
        for text in kept:
            if not mailboxes.files.covers(text):
                path = Path(text)
                mailboxes.files.include(path)
                text = str(path)  # a user may have written it in another way
            known.add(os.path.normcase(text))

        def keep() -> None:
            paths = (row.path for row in model.rows)
            mailboxes.keeping.keep([p for p in paths if os.path.normcase(p) in known], True)

        mailboxes.files.when_complete(keep)

    def _keep_all(self, on: bool) -> None:
        """It also counts for new mailboxes, unless only pretend ones are there to try it with."""
        rows, is_pretend = self._parts.model.rows, self._parts.rehearsal.has
        if not rows or any(not is_pretend(row.path) for row in rows):
            self._parts.settings.keep_refreshing = on
        self._parts.mailboxes.keep_all(on)

    def _set_interval(self, minutes: int) -> None:
        self._parts.settings.interval_minutes = minutes
        self._parts.mailboxes.set_interval(minutes * 60.0)

    def _remember_kept(self, paths: Iterable[Path]) -> None:
        rehearsal = self._parts.rehearsal  # whose mailboxes end with the program
        kept = (path for path in paths if not rehearsal.has(path))
        self._parts.settings.kept = {str(path.absolute()) for path in kept}
        self._show_kept()

    def _show_kept(self) -> None:
        """Tick the box for what is so; without a mailbox, for what new ones can expect."""
        model, settings = self._parts.model, self._parts.settings
        kept, total = len(model.kept_rows), len(model.rows)
        will_keep = settings.keep_refreshing
        self._parts.refresh_bar.show_kept(kept if total else int(will_keep), total or 1)

    def _tell_user_needed(self, path: Path, error: AppError) -> None:
        needed = _SIGN_IN if error.kind is Kind.DEAD_GRANT else _OTHER_ACT
        title = _(needed, mailbox=self._parts.model.name(path))
        self._parts.tray.notify(title, error.message, urgent=True)

    def _tell_recovered(self, path: Path, refreshed: bool) -> None:
        text = _("Refreshing works again") if refreshed else _("The login works again")
        self._parts.tray.notify(self._parts.model.name(path), text, urgent=False)
