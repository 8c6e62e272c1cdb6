"""The lines of the list: the mailboxes below the headings of their groups, sorted and searched.

The lines are one sorted sequence, so a line is found by bisection, and a mailbox whose group
changes is moved alone. Where many change at once, the model is reset instead, which costs the same
for a hundred as for thousands.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from core.i18n.translation import _, number
from gui.model.line_text import heading_text, mailbox_text
from gui.model.list_line import HEADINGS, Line, Order, has_expired, line_of
from gui.model.mailbox_model import Index, MailboxModel
from gui.model.mailbox_row import Group, Row

_FEW = 16  # lines that are moved one by one


class MailboxList(QAbstractListModel):
    """Arranges the rows of the `MailboxModel`, and follows its changes."""

    arranging = Signal()  # lines are about to come, go or move
    arranged = Signal()
    counted = Signal()  # `total`, `found`, `needing` or `busy` may have changed

    def __init__(self, model: MailboxModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._order = Order.ADDRESS
        self._words: list[str] = []
        self._folded: frozenset[Group] = frozenset()
        self._seen: dict[Path, Row] = {}
        self._now = model.now  # of the places below
        self._places: dict[Path, Line] = {}  # of all mailboxes, also of those not found
        self._lines: list[Line] = []
        self._sizes: Counter[Group] = Counter()  # how many mailboxes are shown below each heading
        self._busy: set[Path] = set()
        self._removed: list[Path] = []
        self._connect()
        self._read_all()

    def _connect(self) -> None:
        model = self._model
        model.modelReset.connect(self._read_all)
        model.rowsInserted.connect(lambda _, first, last: self._update(first, last))
        model.rowsAboutToBeRemoved.connect(self._note_removed)
        model.rowsRemoved.connect(lambda *_: self._remove())
        model.dataChanged.connect(lambda a, b: self._update(a.row(), b.row()))

    @property
    def now(self) -> float:
        """The time that the rows show."""
        return self._model.now

    @property
    def total(self) -> int:
        """How many mailboxes there are."""
        return len(self._places)

    @property
    def found(self) -> int:
        """How many of them the search has found."""
        return self._sizes.total()

    @property
    def needing(self) -> int:
        """How many of all mailboxes need the user."""
        if not self._words:  # then all are found, and counted
            return self._sizes[Group.NEEDS_YOU]
        return sum(line.group is Group.NEEDS_YOU for line in self._places.values())

    @property
    def busy(self) -> int:
        """With how many of all mailboxes something is being done, or waits to be done."""
        return len(self._busy)

    def sort_by(self, order: Order) -> None:
        """Sort the mailboxes below each heading in another order."""
        self._order = order
        self._read_all()

    def find(self, text: str) -> None:
        """Show only the mailboxes whose address or provider has all of these words."""
        self._words = text.casefold().split()
        self._arrange()

    @property
    def folded(self) -> frozenset[Group]:
        """The groups whose mailboxes are hidden below their heading, unless one searches."""
        return frozenset() if self._words else self._folded

    def fold(self, *groups: Group) -> None:
        """Hide the mailboxes of these groups, and show all others."""
        if self._folded != frozenset(groups):
            self._folded = frozenset(groups)
            self._arrange()

    def path(self, line: int) -> Path | None:
        """Return the token file of a line, or None for a heading."""
        return self._lines[line].path

    def paths(self, first: int, last: int) -> list[Path]:
        """Return the token files of these lines."""
        return [line.path for line in self._lines[first : last + 1] if line.path is not None]

    def group(self, line: int) -> Group:
        """Return the group of a heading or of a mailbox."""
        return self._lines[line].group

    def line(self, path: Path) -> int | None:
        """Return the line of a token file, or None if it is not shown."""
        place = self._shown(self._places.get(path))
        return bisect_left(self._lines, place) if place else None

    def heading_line(self, group: Group) -> int:
        """Return the line of a heading."""
        return bisect_left(self._lines, Line(group))

    def row(self, line: int) -> Row | None:
        """Return what is known about the mailbox in a line; None for a heading."""
        path = self._lines[line].path
        return self._model.row(path) if path else None

    def heading(self, line: int) -> str:
        """Return a heading with the number of mailboxes below it."""
        return f"{_(HEADINGS[self.group(line)])} ({number(self._sizes[self.group(line)])})"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as in Qt
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return what a screen reader says of the column. A line has its own text, no number."""
        is_column = orientation == Qt.Orientation.Horizontal
        return _("Mailbox") if is_column and role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let mailboxes be selected. Keys skip the headings, except folded ones."""
        if index.isValid() and self.path(index.row()):
            return super().flags(index)
        folded = index.isValid() and self.group(index.row()) in self.folded
        return Qt.ItemFlag.ItemIsEnabled if folded else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a line's text, tool tip, or words for screen readers."""
        if not index.isValid():
            return None
        if row := self.row(index.row()):
            return mailbox_text(row, self.now, role)
        folded = self.group(index.row()) in self.folded
        return heading_text(self.heading(index.row()), role, is_folded=folded)

    def _read_all(self) -> None:
        self._seen, self._places, self._busy, self._now = {}, {}, set(), self.now
        for row in self._model.rows:
            self._note(row)
        self._arrange()

    def _note(self, row: Row) -> None:
        """Remember where a mailbox belongs; what it is sorted by depends on its file alone."""
        before = self._seen.get(row.path)
        self._seen[row.path] = row
        if before is not None and before.info is row.info:
            place = self._places[row.path]._replace(group=row.group(self.now))
        else:
            place = line_of(row, self._order, self.now)
        self._places[row.path] = place
        if row.busy:
            self._busy.add(row.path)
        else:
            self._busy.discard(row.path)

    def _update(self, first: int, last: int) -> None:
        """Follow changed rows; most of a range are unchanged, and only the time has moved."""
        before, self._now = self._now, self.now
        rows = [
            row
            for row in self._model.rows[first : last + 1]
            if self._seen.get(row.path) is not row or has_expired(row, before, self._now)
        ]
        old, busy = {row.path: self._places.get(row.path) for row in rows}, self.busy
        for row in rows:
            self._note(row)
        moved = [row for row in rows if old[row.path] != self._places[row.path]]
        if len(moved) > _FEW:
            self._arrange()
        elif moved:
            self._rearrange({row.path: old[row.path] for row in moved})
        elif busy != self.busy:
            self.counted.emit()
        self._repaint(self._model.rows[first].path if first == last else None)

    def _repaint(self, path: Path | None) -> None:
        """Paint the line of a mailbox anew, or all lines."""
        line = self.line(path) if path else None
        if path is None and self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))
        elif line is not None:
            self.dataChanged.emit(self.index(line), self.index(line))

    def _note_removed(self, _parent: Index, first: int, last: int) -> None:
        self._removed = [row.path for row in self._model.rows[first : last + 1]]

    def _remove(self) -> None:
        gone = {path: self._places.pop(path) for path in self._removed}
        for path in gone:
            del self._seen[path]
            self._busy.discard(path)
        self._rearrange(gone)

    def _arrange(self) -> None:
        """Arrange all lines anew."""
        self.arranging.emit()
        self.beginResetModel()
        places, folded = list(self._places.values()), self.folded
        found = list(filter(self._is_found, places)) if self._words else places
        self._sizes = Counter(line.group for line in found)
        shown = [line for line in found if line.group not in folded] if folded else found
        self._lines = sorted([*shown, *map(Line, self._sizes)])
        self.endResetModel()
        self.arranged.emit()
        self.counted.emit()

    def _rearrange(self, old: Mapping[Path, Line | None]) -> None:
        """Bring a few lines from their old places to their new ones."""
        self.arranging.emit()
        for path, before in old.items():
            place = self._places.get(path)
            after = place if place and self._is_found(place) else None
            # Its words may have changed: only its line tells whether it was found.
            self._bring(self._shown(before) if self._words else before, after)
        self.arranged.emit()
        self.counted.emit()

    def _shown(self, place: Line | None) -> Line | None:
        """Return a place if there is a line, or None."""
        number = bisect_left(self._lines, place) if place else 0
        return place if place and self._lines[number : number + 1] == [place] else None

    def _bring(self, before: Line | None, after: Line | None) -> None:
        if after and not self._sizes[after.group]:
            self._insert(Line(after.group))
        both = (before, after)
        start, end = (line if line and line.group not in self.folded else None for line in both)
        if start and end:
            self._move(start, end)
        elif end:
            self._insert(end)
        elif start:
            self._delete(start)
        if after:
            self._sizes[after.group] += 1
        if before:
            self._sizes[before.group] -= 1
            if not self._sizes[before.group]:
                self._delete(Line(before.group))
        for group in {line.group for line in both if line}:
            self._repaint_heading(group)

    def _insert(self, line: Line) -> None:
        number = bisect_left(self._lines, line)
        self.beginInsertRows(QModelIndex(), number, number)
        self._lines.insert(number, line)
        self.endInsertRows()

    def _delete(self, line: Line) -> None:
        number = bisect_left(self._lines, line)
        self.beginRemoveRows(QModelIndex(), number, number)
        del self._lines[number]
        self.endRemoveRows()

    def _move(self, before: Line, after: Line) -> None:
        start, end = bisect_left(self._lines, before), bisect_left(self._lines, after)
        parent = QModelIndex()
        if end in (start, start + 1):  # it stays where it is
            self._lines[start] = after
        elif self.beginMoveRows(parent, start, start, parent, end):
            del self._lines[start]
            self._lines.insert(end - (start < end), after)
            self.endMoveRows()

    def _repaint_heading(self, group: Group) -> None:
        if self._shown(Line(group)):
            index = self.index(self.heading_line(group))
            self.dataChanged.emit(index, index)

    def _is_found(self, place: Line) -> bool:
        if not self._words:
            return True
        row = self._seen[place.path]  # type: ignore[index]  # no heading has a place
        text = f"{row.title}\n{row.provider}".casefold()
        return all(word in text for word in self._words)
