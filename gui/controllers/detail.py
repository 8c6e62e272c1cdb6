"""The detail pane: what is selected in the list, and its history, which is read in a thread."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QTimer

from gui.controllers.parts import Parts
from gui.model.detail import Detail, detail_of, summary_of
from gui.model.mailbox_row import Row
from gui.model.tasks import Threads
from gui.system.power import on_battery

if TYPE_CHECKING:  # imported in the thread
    from gui.model.mailbox_history import MailboxHistory

_SOON = 100  # ms; a summary of thousands is not made for each change
_READ_EVERY = 300.0  # seconds; what the history says changes with the time too


class DetailController(QObject):
    """Shows only what is selected; with nothing selected it does nothing."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._selected: Sequence[Path] = ()
        self._detail: Detail | None = None
        self._history_of: object = None  # what the history was read for
        self._has_read = False
        self._soon = QTimer(self, interval=_SOON, singleShot=True)
        self._soon.timeout.connect(self._show_many)
        parts.mailbox_table.selected.connect(self._select)
        parts.model.dataChanged.connect(self._change)
        parts.refresh_bar.stop_changed.connect(self._show_again)

    def _select(self, paths: Sequence[Path]) -> None:
        self._selected = paths
        self._detail = self._history_of = None
        self._soon.stop()
        if len(paths) > 1:
            self._show_many()
        elif row := self._row():
            self._show_one(row)
        else:
            self._parts.detail.show_nothing()

    def _change(self, first: QModelIndex, last: QModelIndex) -> None:
        if len(self._selected) > 1:
            if not self._soon.isActive():
                self._soon.start()
        elif row := self._row():
            number = self._parts.model.number(row.path)
            if number is not None and first.row() <= number <= last.row():
                self._show_one(row)

    def _show_again(self) -> None:
        if row := self._row():
            self._show_one(row)

    def _row(self) -> Row | None:
        """The only selected mailbox."""
        return self._parts.model.row(self._selected[0]) if len(self._selected) == 1 else None

    def _show_many(self) -> None:
        model = self._parts.model
        rows = [row for path in self._selected if (row := model.row(path))]
        self._parts.detail.show_many(summary_of(rows, model.now))

    def _show_one(self, row: Row) -> None:
        now = self._parts.mailboxes.now()
        detail = detail_of(row, now)
        if detail != self._detail:
            self._detail = detail
            self._parts.detail.show_one(detail)
        awake, stops = self._parts.keep_awake.on, row.kept_for_run or self._parts.refresh_bar.stops
        since = now // _READ_EVERY
        wanted = (row.path, row.info.stamp, row.error, row.kept, stops, awake, since)
        if row.busy:
            self._history_of = None  # what is done now will be in it
        elif wanted != self._history_of:
            self._history_of = wanted
            self._read_history(row, now, wanted, stops=stops)

    def _read_history(self, row: Row, now: float, wanted: object, *, stops: bool) -> None:
        parts, is_awake = self._parts, self._parts.keep_awake.on
        is_first, self._has_read = not self._has_read, True

        def call(*_: object) -> object:
            from core.history.journal import tidy
            from gui.model.mailbox_history import history_of

            if is_first:
                tidy(now)
            may_sleep = not is_awake and on_battery()
            catalog = parts.mailboxes.catalog
            return history_of(row, catalog, now, may_sleep=may_sleep, stops=stops)

        task = parts.tasks.start(call, Threads.FILES)
        task.succeeded.connect(lambda history: self._show_history(history, wanted))

    def _show_history(self, history: "MailboxHistory", wanted: object) -> None:
        if wanted == self._history_of:  # nothing else was selected meanwhile
            self._parts.detail.show_history(history)
