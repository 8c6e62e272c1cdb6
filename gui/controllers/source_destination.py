"""Decides which mailbox is imapsync's source, and which its destination; never by a guess.

What the user has named by hand stays: two other mailboxes that are selected only fill a side that
is still empty.

Of two mailboxes that are signed in for the first time, one after the other, the first one is the
source: that is the order in which the card asks for them.
"""

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction

from core.i18n.translation import N_, _, ngettext
from gui.controllers.parts import Parts
from gui.controllers.sign_in import SignInController
from gui.model.bar_message import note_message
from gui.model.mailbox_row import Row
from gui.model.migration_sides import MigrationSides
from gui.model.not_kept import IN_A_TERMINAL, KEPT_WHILE_IT_RUNS, WHILE_IT_RUNS, not_kept_text
from gui.model.side_order import Named, order_text
from gui.model.side_trouble import side_trouble

if TYPE_CHECKING:  # imported when a mailbox is selected for the first time
    from core.imapsync.command import Side

_PAIR = 2
_SOON = 50  # ms without another change: with thousands of mailboxes each one takes a while
_MOST_IN_PAIRS = 8  # selected mailboxes whose pairs are offered: the list stays short
_ONE_MORE = N_("Choose or drag the other mailbox here, or click it with Ctrl.")
_NAME_BOTH = N_("Choose both mailboxes, drag them here, or select both with Ctrl.")
_ONLY_ONE = N_("A migration needs two mailboxes. Sign in to the other one too.")
_SAME = N_("Source and destination are the same mailbox. Choose another one.")
_DROP_ON_SIDE = N_("Drop the mailbox onto Source or Destination.")
_NO_SERVER = N_("The IMAP server of {name} is not known yet. Refresh the mailbox first.")


class SourceDestinationController(QObject):
    """Takes two mailboxes in the order of selection, or those that the user names.

    Those of the selection end once exactly two others, or more than two, are selected. A mailbox
    that is selected alone is no side: whoever then names the other one might copy in the wrong
    direction.
    """

    def __init__(
        self, parts: Parts, sign_in: SignInController, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._known: set[Path] = set()  # when the last sign-in began
        self._new: Path | None = None  # the last mailbox that was signed in for the first time
        self._selected: list[Path] = []
        self._source: Path | None = None
        self._destination: Path | None = None
        self._named = Named.BY_HAND
        self._may_show = False
        self._shown: MigrationSides | None = None
        self._soon = QTimer(self, interval=_SOON, singleShot=True)
        self._as_source = QAction(_("Use as &source"), self)
        self._as_destination = QAction(_("Use as &destination"), self)
        self._connect()
        sign_in.queue.begun.connect(self._remember_known)
        sign_in.signed_in.connect(lambda outcome: self._take_sign_in(Path(outcome.file)))

    def _connect(self) -> None:
        parts, card = self._parts, self._parts.migration
        parts.mailbox_table.offer(self._as_source, self._as_destination)
        parts.mailbox_table.selected.connect(self._select)
        parts.window.completed.connect(self._begin)
        self._soon.timeout.connect(self._show_sides)
        parts.mailboxes.removed.connect(self._forget_side)
        model = parts.model
        for changed in (parts.mailboxes.files.listed, model.dataChanged, model.rowsRemoved):
            changed.connect(lambda *_: self._soon.start())
        self._as_source.triggered.connect(lambda: self._put_as_source(self._selected[0]))
        self._as_destination.triggered.connect(lambda: self._put_as_destination(self._selected[0]))
        for moved in (parts.imapsync_run.begun, parts.imapsync_run.ended):
            moved.connect(lambda *_: self._follow_run())
        card.source_chosen.connect(self._name_source)
        card.destination_chosen.connect(self._name_destination)
        card.source_dropped.connect(self._put_as_source)
        card.destination_dropped.connect(self._put_as_destination)
        card.mailbox_dropped.connect(self._name_missing)
        card.pair_chosen.connect(lambda one, two: self._name(one, two))
        card.swapped.connect(self._swap)
        card.cleared.connect(self._clear)

    def _begin(self) -> None:
        """Show the card from now on: it would delay the first sight of the window."""
        self._may_show = True
        self._show_sides()

    def _select(self, paths: list[Path]) -> None:
        if paths == self._selected:
            return  # a list that grows says so again
        self._selected = paths
        self._offer_sides()
        if self._parts.imapsync_run.is_running:
            self._show_sides()  # the sides of the run stay in view
        elif len(paths) == _PAIR and {*paths} != {self._source, self._destination}:
            self._take_two(*paths)
        elif len(paths) > _PAIR and self._named.ends_with_selection:
            self._forget()
        else:
            self._show_sides()

    def _take_two(self, first: Path, second: Path) -> None:
        """Name two selected mailboxes, or of them the side that the user has not named by hand."""
        by_hand = (self._source, self._destination) if self._named is Named.BY_HAND else ()
        if not any(by_hand):
            self._name(first, second, Named.BY_SELECTION)
        elif None in by_hand:
            self._name_missing(first if second in by_hand else second)
        else:
            self._show_sides()

    def _follow_run(self) -> None:
        self._offer_sides()
        self._soon.start()  # once the card knows of the run

    def _offer_sides(self) -> None:
        """The sides of a run stay as they are until it ends."""
        is_free = not self._parts.imapsync_run.is_running
        for action in (self._as_source, self._as_destination):
            action.setEnabled(is_free and len(self._selected) == 1)

    def _name_source(self, path: Path) -> None:
        self._name(path, self._destination)

    def _name_destination(self, path: Path) -> None:
        self._name(self._source, path)

    def _put_as_source(self, path: Path) -> None:
        """Name the source; the destination and the source change places."""
        other = self._source if path == self._destination else self._destination
        self._name(path, other)

    def _put_as_destination(self, path: Path) -> None:
        """Name the destination; the source and the destination change places."""
        other = self._destination if path == self._source else self._source
        self._name(other, path)

    def _name_missing(self, path: Path) -> None:
        """Name the side that the user has not named yet."""
        if self._parts.model.row(path) is None:
            return  # a mailbox of another window
        if self._source is None:
            self._name_source(path)
        elif self._destination is None:
            self._name_destination(path)
        else:
            self._parts.message_bar.show_mistake(note_message(_(_DROP_ON_SIDE)))

    def _remember_known(self) -> None:
        self._known = {row.path for row in self._parts.model.rows}

    def _take_sign_in(self, path: Path) -> None:
        """Name two mailboxes that were signed in one after the other, if no side is named."""
        if path in self._known:
            return
        first, self._new = self._new, path
        is_named = self._source or self._destination
        if first and first != path and not is_named and self._parts.model.row(first):
            has = self._parts.rehearsal.has
            if has(first) == has(path):  # a real mailbox is never moved to a pretend one
                self._name(first, path, Named.BY_SIGN_INS)
                self._parts.migration.come_into_view()

    def _name(
        self, source: Path | None, destination: Path | None, named: Named = Named.BY_HAND
    ) -> None:
        if self._parts.imapsync_run.is_running:
            return
        self._source, self._destination = source, destination
        self._named = named
        self._show_sides()

    def _swap(self) -> None:
        self._name(self._destination, self._source, self._named.turned)

    def _clear(self) -> None:
        """Forget both sides, or take the two selected mailboxes in place of others."""
        if self._keeps_others():
            source, destination = self._selected
            self._name(source, destination, Named.BY_SELECTION)
        else:
            self._forget()

    def _keeps_others(self) -> bool:
        """Whether two others are selected than the user has named by hand."""
        others = {*self._selected} - {self._source, self._destination}
        return self._named is Named.BY_HAND and len(self._selected) == _PAIR and bool(others)

    def _forget(self) -> None:
        self._name(None, None)

    def _forget_side(self, path: Path) -> None:
        """A mailbox that comes back is another one, which nobody has named."""
        if path in (self._source, self._destination):
            source, destination = self._source, self._destination
            self._name(
                None if path == source else source, None if path == destination else destination
            )

    def _show_sides(self) -> None:
        never_any = not self._parts.model.rows and self._shown is None
        if never_any or not (self._may_show or self._selected):
            return  # the card explains itself
        source, destination = (self._side(path) for path in (self._source, self._destination))
        is_open = source is None or destination is None
        named = [path for path in (self._source, self._destination) if path]
        sides = MigrationSides(
            source=source,
            destination=destination,
            selected=self._side(self._selected[0]) if len(self._selected) == 1 else None,
            note=self._note(source, destination) or self._trouble() or self._how_named(),
            pairs=self._pairs() if is_open else (),
            chosen=bool(self._source or self._destination),
            may_call=not any(map(self._parts.rehearsal.has, named or self._selected)),
            not_kept=self._not_kept(named),
        )
        if sides != self._shown:
            self._shown = sides
            self._parts.migration.show_sides(sides)

    def _note(self, source: "Side | None", destination: "Side | None") -> str:
        sides = [side for side in (source, destination) if side]
        unknown = [side.address for side in sides if not side.imap_host]
        if unknown:
            return _(_NO_SERVER, name=unknown[0])
        if source and source == destination:
            return _(_SAME)
        if len(sides) < _PAIR <= len(self._selected):
            return ngettext(
                "{count} mailbox is selected. Choose the source and the destination.",
                "{count} mailboxes are selected. Choose the source and the destination.",
                len(self._selected),
            )
        if len(self._parts.model.rows) == 1:
            return _(_ONLY_ONE)
        if sides:
            return _(_ONE_MORE) if len(sides) == 1 else ""
        return _(_NAME_BOTH) if self._parts.model.rows else ""

    def _trouble(self) -> str:
        """Say which side imapsync can't use for long."""
        model = self._parts.model
        paths = (path for path in (self._source, self._destination) if path)
        rows = [row for path in paths if (row := model.row(path))]
        return side_trouble(rows, model.name, model.now)

    def _how_named(self) -> str:
        """Say why both sides are these."""
        if self._source is None or self._destination is None:
            return ""
        return order_text(
            self._named,
            is_locked=self._parts.imapsync_run.is_running,
            keeps_others=self._keeps_others(),
            is_selected_reversed=self._selected == [self._destination, self._source],
        )

    def _not_kept(self, paths: list[Path]) -> str:
        model = self._parts.model
        rows = [row for path in paths if (row := model.row(path))]
        if not self._parts.imapsync_run.is_running:
            return not_kept_text(rows, model.name, model.now, IN_A_TERMINAL)
        text = not_kept_text(rows, model.name, model.now, WHILE_IT_RUNS)
        return text or ("" if self._trouble() else _(KEPT_WHILE_IT_RUNS))

    def _pairs(self) -> tuple[tuple[Path, Path], ...]:
        """All pairs of the selected mailboxes, unless they are too many to read."""
        if _PAIR <= len(self._selected) <= _MOST_IN_PAIRS:
            return tuple((a, b) for a, b in itertools.permutations(self._selected, _PAIR))
        return ()

    def _side(self, path: Path | None) -> "Side | None":
        row = self._parts.model.row(path) if path else None
        return _side_of(row) if row else None


def _side_of(row: Row) -> "Side":
    from core.imapsync.command import Side

    info = row.info
    return Side(info.address, info.path, info.imap_host, info.imap_port, info.imap_starttls)
