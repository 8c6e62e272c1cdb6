"""The mailboxes as a Qt model: a row for each token file; mailbox_list.py arranges them."""

import heapq
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.i18n.translation import _, ngettext
from core.mailbox.inventory import MailboxInfo
from gui.model.mailbox_row import WORST_FIRST, Row

Index = QModelIndex | QPersistentModelIndex

_MOST_NAMED = 5  # mailboxes in the tray's tool tip


class MailboxModel(QAbstractListModel):
    """The rows, in the order of the file names; `tick` updates what depends on the time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._numbers: dict[Path, int] = {}
        self._of_address: dict[str, list[Path]] = {}
        self._needing: dict[Path, None] = {}  # a set in the order in which they came to need it
        self._now = 0.0

    @property
    def rows(self) -> Sequence[Row]:
        """All rows."""
        return self._rows

    @property
    def now(self) -> float:
        """The time that the rows show."""
        return self._now

    @property
    def kept_rows(self) -> Sequence[Row]:
        """The rows of mailboxes that are kept fresh."""
        return [row for row in self._rows if row.kept]

    @property
    def needing(self) -> Collection[Path]:
        """The mailboxes whose errors the user has to solve, in the order of these errors."""
        return self._needing.keys()

    def row(self, path: Path) -> Row | None:
        """Return the row of a token file, or None."""
        number = self._numbers.get(path)
        return None if number is None else self._rows[number]

    def dead(self, path: Path) -> Row | None:
        """Return the row of a token file if its mailbox needs a sign-in, or None."""
        row = self.row(path)
        return row if row and row.needs_sign_in(self.now) else None

    def number(self, path: Path) -> int | None:
        """Return the number of the row of a token file, or None."""
        return self._numbers.get(path)

    def of_address(self, address: str) -> Sequence[Path]:
        """Return the token files of the mailboxes with this address."""
        return self._of_address.get(address.casefold(), ())

    def name(self, path: Path) -> str:
        """Return the address of a mailbox, with what tells it from others of the same address."""
        row = self.row(path)
        if row is None:
            return path.name
        address = row.info.address
        same = [self._rows[self._numbers[p]] for p in self.of_address(address)]
        if not address or len(same) < 2:
            return address or path.name
        label = row.info.label
        is_alone = label and sum(other.info.label == label for other in same) == 1
        return f"{address} ({label if is_alone else path})"

    def show(self, infos: Sequence[MailboxInfo], now: float) -> None:
        """Show these token files; what is known about a file that was shown before stays."""
        self._now = now
        if [info.path for info in infos] == [row.path for row in self._rows]:
            pairs = zip(self._rows, infos, strict=True)
            self.change_rows(r._replace(info=i) for r, i in pairs if r.info is not i)
            self.tick(now)
            return
        self.beginResetModel()
        self._rows = [self._row_of(info) for info in infos]
        self._index()
        self.endResetModel()

    def put(self, infos: Sequence[MailboxInfo], number: int | None = None) -> None:
        """Show more token files, before the row with this number or after the last row."""
        if not infos:
            return
        at = len(self._rows) if number is None else number
        self.beginInsertRows(QModelIndex(), at, at + len(infos) - 1)
        self._rows[at:at] = [Row(info) for info in infos]
        self._index(at)
        self.endInsertRows()

    def remove(self, path: Path) -> None:
        """Show a token file no more."""
        if (number := self._numbers.get(path)) is None:
            return
        self.beginRemoveRows(QModelIndex(), number, number)
        del self._rows[number]
        self._index()
        self.endRemoveRows()

    def change(self, path: Path, **facts: Any) -> None:
        """Change what is known about one token file."""
        if (row := self.row(path)) is not None:
            self.change_rows([row._replace(**facts)])

    def change_rows(self, rows: Iterable[Row]) -> None:
        """Put new rows in place of those with the same token files, as one change."""
        numbers = []
        for row in rows:
            number = self._numbers[row.path]
            before, self._rows[number] = self._rows[number], row
            numbers.append(number)
            if row.info.address != before.info.address:
                self._of_address[before.info.address.casefold()].remove(row.path)
                self._of_address.setdefault(row.info.address.casefold(), []).append(row.path)
            if row.needs_user:
                self._needing.setdefault(row.path)
            else:
                self._needing.pop(row.path, None)
        if numbers:
            self._changed(min(numbers), max(numbers))

    def tick(self, now: float) -> None:
        """Update the times and what depends on them."""
        self._now = now
        self._changed(0, len(self._rows) - 1)

    def summary(self, now: float) -> tuple[str, str]:
        """Return the icon of the worst state, and the worst mailboxes in words, for the tray."""
        if not self._rows:
            return WORST_FIRST[-1], _("No mailbox yet")
        states = [row.state(now)[0] for row in self._rows]
        needing = [row.needs_user or row.needs_sign_in(now) for row in self._rows]
        worst = heapq.nsmallest(
            _MOST_NAMED,
            range(len(states)),
            key=lambda n: (not needing[n], WORST_FIRST.index(states[n])),
        )
        counts = [ngettext("{count} mailbox", "{count} mailboxes", len(states))]
        if any(needing):
            counts.append(ngettext("{count} needs you", "{count} need you", sum(needing)))
        named = (self._rows[n] for n in worst)
        words = "; ".join(f"{self.name(row.path)}: {row.state(now)[1]}" for row in named)
        return min(states, key=WORST_FIRST.index), f"{', '.join(counts)}: {words}"

    def _row_of(self, info: MailboxInfo) -> Row:
        before = self.row(info.path)
        return Row(info) if before is None else before._replace(info=info)

    def _index(self, first: int = 0) -> None:
        """Find rows by their paths and addresses, from this row on."""
        if not first:
            self._numbers, self._of_address, self._needing = {}, {}, self._still_needing()
        for number in range(first, len(self._rows)):
            row = self._rows[number]
            if row.path not in self._numbers:
                self._of_address.setdefault(row.info.address.casefold(), []).append(row.path)
            self._numbers[row.path] = number

    def _still_needing(self) -> dict[Path, None]:
        needing = {row.path for row in self._rows if row.needs_user}
        return {path: None for path in self._needing if path in needing}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as in Qt
        """Return the number of mailboxes."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return nothing: `row` has the facts, and the lines of mailbox_list.py are shown."""

    def _changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first), self.index(last))
