"""The list of mailboxes as a Qt model: a row for each token file, its state in words and icon."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.errors import AppError
from core.mailbox.inventory import Condition, MailboxInfo
from core.times import local_time
from core.tokenfile.expiry import left
from core.verdicts.verdict import Kind
from gui.model.icons import state_icon

LEFT_ROLE = Qt.ItemDataRole.UserRole  # how much of the token's lifetime is left, 0 to 1, or None
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns from left to right."""

    ADDRESS = 0
    PROVIDER = 1
    STATE = 2
    LEFT = 3
    LAST = 4
    NEXT = 5
    SIGNED_IN = 6


_TITLES = {
    Column.ADDRESS: "Mailbox",
    Column.PROVIDER: "Provider",
    Column.STATE: "State",
    Column.LEFT: "Time left",
    Column.LAST: "Last refresh",
    Column.NEXT: "Next refresh",
    Column.SIGNED_IN: "Signed in",
}
_WORDS = {
    Condition.FRESH: "Fresh",
    Condition.SOON: "Expires soon",
    Condition.UNKNOWN: "Expiry unknown",
    Condition.EXPIRED: "Expired. Press Refresh now.",
    Condition.BROKEN: "Can't be read",
}
_ICONS = {
    Condition.FRESH: "fresh",
    Condition.SOON: "soon",
    Condition.UNKNOWN: "soon",
    Condition.EXPIRED: "trouble",
    Condition.BROKEN: "trouble",
}
_MOST_NAMED = 5  # mailboxes in the tray's tool tip
WORST_FIRST = ("sign-in", "trouble", "soon", "fresh")


@dataclass(frozen=True, slots=True)
class Row:
    """A token file, and what the window knows about it.

    `busy` says what is being done with it, `due` when it is refreshed next, and `error` what went
    wrong the last time.
    """

    info: MailboxInfo
    kept: bool = False
    busy: str = ""
    due: float | None = None
    error: AppError | None = None

    @property
    def path(self) -> Path:
        """The token file, which identifies the row."""
        return self.info.path

    def state(self, now: float) -> tuple[str, str]:
        """Return the name of the state's icon, and the state in words."""
        if self.busy:
            return "soon", self.busy
        if self.error is not None:
            if self.error.kind is Kind.DEAD_GRANT:
                return "sign-in", "Sign-in required"
            if self.error.kind is Kind.PASSING and self.kept and self.due:
                next_try = local_time(self.due, now)
                return "trouble", f"{self.error.message}. The next try is at {next_try}."
            return "trouble", self.error.message
        condition = self.info.condition(now)
        if self.info.needs_sign_in(now):
            return _ICONS[condition], "Expired. Sign in again."
        if self.info.problem is not None:
            return _ICONS[condition], self.info.problem.message
        return _ICONS[condition], _WORDS[condition]


class MailboxModel(QAbstractTableModel):
    """The rows, in the order of the file names; `tick` updates what depends on the time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._now = 0.0

    @property
    def rows(self) -> Sequence[Row]:
        """All rows."""
        return self._rows

    @property
    def kept_rows(self) -> Sequence[Row]:
        """The rows of mailboxes that are kept fresh."""
        return [row for row in self._rows if row.kept]

    def row(self, path: Path) -> Row | None:
        """Return the row of a token file, or None."""
        return next((row for row in self._rows if row.path == path), None)

    def show(self, infos: Sequence[MailboxInfo], now: float) -> None:
        """Show these token files; what is known about a file that was shown before stays."""
        known = {row.path: row for row in self._rows}
        rows = [replace(known.get(i.path, Row(i)), info=i) for i in infos]
        self._now = now
        if [row.path for row in rows] == list(known):
            self._rows = rows
            self._changed(0, len(rows) - 1)
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def change(self, path: Path, **facts: Any) -> None:
        """Change what is known about one token file."""
        for number, row in enumerate(self._rows):
            if row.path == path:
                self._rows[number] = replace(row, **facts)
                self._changed(number, number)

    def tick(self, now: float) -> None:
        """Update the times and what depends on them."""
        self._now = now
        self._changed(0, len(self._rows) - 1)

    def worst(self, now: float) -> str:
        """Return the name of the icon of the worst state, for the tray."""
        states = {row.state(now)[0] for row in self._rows}
        return next((state for state in WORST_FIRST if state in states), "fresh")

    def summary(self, now: float) -> str:
        """Return the states of the first few mailboxes in words, for the tray."""
        states = (f"{row.info.address}: {row.state(now)[1]}" for row in self._rows[:_MOST_NAMED])
        return "; ".join(states) or "No mailbox yet"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as in Qt
        """Return the number of mailboxes."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as in Qt
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[Column(section)]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, icon, tool tip or text for screen readers."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, column)
        if role == Qt.ItemDataRole.DecorationRole and column == Column.STATE:
            return state_icon(row.state(self._now)[0])
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(row.path) if column == Column.ADDRESS else self._text(row, column)
        if role == LEFT_ROLE and column == Column.LEFT:
            return self._fraction(row.info)
        return None

    def _text(self, row: Row, column: Column) -> str:
        info = row.info
        match column:
            case Column.ADDRESS:
                return info.address or info.path.name
            case Column.PROVIDER:
                return info.label or "not known yet"
            case Column.STATE:
                return row.state(self._now)[1]
            case Column.LEFT:
                remaining = left(info, self._now)
                return "—" if remaining is None else _span(remaining)
            case Column.LAST:
                return time_text(info.issued_at or info.written_at or None, self._now)
            case Column.NEXT:
                return time_text(row.due, self._now) if row.kept else "not refreshed"
            case Column.SIGNED_IN:
                return _days_ago(info.signed_in_at, self._now)

    def _fraction(self, info: MailboxInfo) -> float | None:
        remaining = left(info, self._now)
        if remaining is None or info.expires_at is None or info.issued_at is None:
            return None
        return min(remaining / max(info.expires_at - info.issued_at, 1), 1)

    def _changed(self, first: int, last: int) -> None:
        if last >= first:
            corner = self.index(last, len(Column) - 1)
            self.dataChanged.emit(self.index(first, 0), corner)


def time_text(moment: float | None, now: float) -> str:
    """Return a moment in local time, with its date unless that is today; "—" for None."""
    return local_time(moment, now) if moment else "—"


def _span(seconds: float) -> str:
    if seconds <= 0:
        return "expired"
    minutes = int(seconds // 60)
    if minutes >= 120:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{int(seconds)} s"


def _days_ago(moment: float | None, now: float) -> str:
    if not moment:
        return "—"
    days = (datetime.fromtimestamp(now).date() - datetime.fromtimestamp(moment).date()).days
    if days > 1:
        return f"{days} days ago"
    return "yesterday" if days == 1 else "today"
