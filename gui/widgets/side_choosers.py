"""Names the source and the destination of a migration: two lists of all mailboxes."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.i18n.translation import _
from gui.model.mailbox_model import MailboxModel
from gui.model.mailbox_names import MailboxNames
from gui.model.migration_sides import MigrationSides
from gui.widgets.keep_room import keep_room
from gui.widgets.key_button import key_button
from gui.widgets.mailbox_drag import MailboxDrop
from gui.widgets.plain_label import PlainLabel
from gui.widgets.wheel import leave_wheel_to_page

_ROOM = 12  # characters of a name that are visible at least
_GAP = 8  # pixels
_ARROW = " → "


class SideChoosers(QWidget):
    """Emits what the user names; the owner then calls `show_sides`.

    `clear` is a button that the owner puts beside its heading.
    """

    source_chosen = Signal(Path)
    destination_chosen = Signal(Path)
    source_dropped = Signal(Path)
    destination_dropped = Signal(Path)
    pair_chosen = Signal(Path, Path)
    swapped = Signal()
    cleared = Signal()

    def __init__(self, model: MailboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = MailboxNames(model, self)
        self._shown = MigrationSides()
        self._is_locked = False
        self._source = _list(_("Source"), _("Choose a mailbox"))
        self._destination = _list(_("Destination"), _("Choose a mailbox"))
        for box in (self._source, self._destination):
            box.setModel(self._names)
            box.setToolTip(_("Choose a mailbox, or drag it here from the list"))
            box.setCurrentIndex(-1)
        self._pairs = _list(_("Pairs of the selected mailboxes"), _("Or choose a pair"))
        leave_wheel_to_page(self._source, self._destination, self._pairs)
        self._note = PlainLabel(break_words=True)
        self._note.setWordWrap(True)
        self._swap = key_button("⇄", _("Swap source and destination"), "Alt+Shift+S")
        self.clear = key_button(_("Clear"), _("Forget source and destination"), "Alt+Shift+X")
        keep_room(self.clear)
        self._lay_out()
        self._connect()
        self.show_sides(self._shown)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for row, (text, box, dropped) in enumerate(
            (
                (_("&Source:"), self._source, self.source_dropped),
                (_("D&estination:"), self._destination, self.destination_dropped),
            )
        ):
            label = QLabel(text)
            label.setBuddy(box)
            MailboxDrop(box, label).dropped.connect(
                # A mailbox of another window may not be listed here.
                lambda path, dropped=dropped: self._names.number(path) < 0 or dropped.emit(path)
            )
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
        grid.setColumnStretch(1, 1)
        self._swap.setFixedWidth(self._swap.sizeHint().height() + _GAP)
        grid.addWidget(self._swap, 0, 2, 2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self._note)
        column.addWidget(self._pairs)

    def _connect(self) -> None:
        for box, signal in (
            (self._source, self.source_chosen),
            (self._destination, self.destination_chosen),
        ):
            box.activated.connect(lambda n, signal=signal: signal.emit(self._names.path(n)))
        self._pairs.activated.connect(lambda n: self.pair_chosen.emit(*self._shown.pairs[n]))
        self._swap.clicked.connect(self.swapped)
        self.clear.clicked.connect(self._forget)
        # Qt then chooses a row of its own.
        for changed in (
            self._names.modelReset,
            self._names.rowsInserted,
            self._names.rowsRemoved,
        ):
            changed.connect(lambda *_: self._show_current(), Qt.ConnectionType.QueuedConnection)

    def _forget(self) -> None:
        self._source.setFocus()  # the button that has the focus disappears
        self.cleared.emit()

    def show_sides(self, sides: MigrationSides) -> None:
        """Show who is who, and what is missing."""
        if sides.pairs != self._shown.pairs:
            self._pairs.clear()
            names = self._names.name
            self._pairs.addItems([f"{names(a)}{_ARROW}{names(b)}" for a, b in sides.pairs])
            self._pairs.setCurrentIndex(-1)
        # Other words about two sides must not move what is below them.
        are_still_two = self._note.isVisible() and sides.both and self._shown.both
        self._note.setMinimumHeight(self._note.height() if are_still_two else 0)
        self._shown = sides
        self._show_current()
        if not sides.pairs and self.window().focusWidget() is self._pairs:
            self._source.setFocus()  # Qt would move it somewhere else in the window
        self._pairs.setVisible(bool(sides.pairs))
        self._allow()
        self.clear.setVisible(sides.chosen)
        self._note.setText(sides.note)
        self._note.setVisible(bool(sides.note))

    def lock(self, locked: bool) -> None:
        """Leave the sides as they are while imapsync runs; what is said of them stays readable."""
        self._is_locked = locked
        self._allow()

    def _allow(self) -> None:
        for widget in (self._source, self._destination, self._pairs, self.clear):
            widget.setEnabled(not self._is_locked)
        source, destination = self._shown.source, self._shown.destination
        are_two = bool(source and destination and source != destination)
        self._swap.setEnabled(are_two and not self._is_locked)

    def _show_current(self) -> None:
        for box, side in (
            (self._source, self._shown.source),
            (self._destination, self._shown.destination),
        ):
            with QSignalBlocker(box):
                box.setCurrentIndex(self._names.number(Path(side.token_file)) if side else -1)


class NameBox(QComboBox):
    """A list of names: thousands are shown without a pause, since all are equally high."""

    def showPopup(self) -> None:
        """Show the list."""
        view = self.view()
        if isinstance(view, QListView):
            view.setUniformItemSizes(True)
        super().showPopup()


def _list(name: str, placeholder: str) -> QComboBox:
    box = NameBox()
    box.setAccessibleName(name)
    box.setPlaceholderText(placeholder)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_ROOM)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box
