"""Which mailboxes are kept fresh, and what their rows show of it; for thousands without a pause."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.keeping.keeper import Keeper
from core.keeping.kept_mailbox import KeptMailbox
from core.mailbox.inventory import MailboxInfo
from core.mailbox.job import Job
from gui.model.mailbox_model import MailboxModel

_SLICE = 0.02  # seconds of the event loop at a time
_SAVE_AFTER = 200  # ms
_FEW = 16  # rows
_AT_ONCE = 800  # rows that are shown as one change


@dataclass(slots=True)
class _Wish:
    """Mailboxes to be kept fresh, or no longer; `done` are those whose rows don't show it yet."""

    paths: deque[Path]
    on: bool
    done: list[Path] = field(default_factory=list)
    has_changed: bool = False


class Keeping(QObject):
    """Tells the keeper which mailboxes to keep, in slices, and shows that as few changes."""

    changed = Signal(object)  # set[Path]: the token files that are kept fresh
    warned = Signal(object)

    def __init__(
        self,
        model: MailboxModel,
        job_for: Callable[[MailboxInfo], Job],
        interval: float,
        parent: QObject | None = None,
    ) -> None:
        """`interval` is in seconds."""
        super().__init__(parent)
        self.keeper = Keeper(interval=interval, planned=self._note_plan, say=self.warned.emit)
        self._model = model
        self._job_for = job_for
        self._wishes: deque[_Wish] = deque()
        self._absent: set[Path] = set()  # kept fresh again if another program writes them anew
        self._planned: set[Path] = set()  # their rows may show another due time
        self._next_slice = QTimer(self, interval=0, singleShot=True)
        self._next_slice.timeout.connect(self._fulfil)
        self._save = QTimer(self, interval=_SAVE_AFTER, singleShot=True)
        self._save.timeout.connect(self._emit_changed)

    def keep(self, paths: Iterable[Path], on: bool) -> None:
        """Keep mailboxes fresh, or no longer. A few are done at once, thousands soon."""
        self._wishes.append(_Wish(deque(paths), on))
        if not self._next_slice.isActive():
            self._fulfil()

    def due(self, path: Path) -> float | None:
        """When a mailbox is refreshed next; None if it is not."""
        kept = self.keeper.kept(path)
        return None if kept is None or kept.ended else kept.due

    def keeps(self, path: Path) -> bool:
        """Whether a mailbox is refreshed; may be called in any thread."""
        return self.due(path) is not None

    def lose(self, path: Path) -> None:
        """Stop keeping a file that another program deleted, until it comes back."""
        if self.keeper.kept(path) is not None:
            self.keeper.remove(path)
            self._absent.add(path)

    def find_again(self) -> None:
        """Keep those fresh that came back."""
        self.keep([path for path in self._absent if self._model.row(path)], True)

    def forget(self, path: Path) -> None:
        """Stop keeping a file that the user has deleted."""
        self._absent.discard(path)
        self.keeper.remove(path)
        if not self._save.isActive():
            self._save.start()

    def show_plans(self) -> None:
        """Show the due times that the keeper has changed."""
        planned, self._planned = self._planned, set()
        rows = [row for path in planned if (row := self._model.row(path)) and row.kept]
        changed = [row._replace(due=due) for row in rows if row.due != (due := self.due(row.path))]
        if len(changed) > _FEW:
            self._model.change_rows(changed)
        else:  # a range from the first to the last could be the whole list
            for row in changed:
                self._model.change_rows([row])

    def _fulfil(self) -> None:
        end = time.monotonic() + _SLICE
        while self._wishes:
            wish = self._wishes[0]
            while wish.paths:
                path = wish.paths.popleft()
                if self._change(path, wish.on):
                    wish.done.append(path)
                if wish.paths and time.monotonic() > end:
                    if len(wish.done) > _AT_ONCE:
                        self._show(wish)
                    self._next_slice.start()
                    return
            self._wishes.popleft()
            self._show(wish)
            if wish.has_changed:
                self._emit_changed()

    def _change(self, path: Path, on: bool) -> bool:
        """Tell the keeper; return whether that changed anything."""
        self._absent.discard(path)
        row = self._model.row(path)
        if row is None or row.kept == on:
            return False
        if not on:
            self.keeper.remove(path)
            return True
        self.keeper.add(self._job_for(row.info), path, None if row.info.problem else row.info)
        if row.busy:
            self.keeper.hold(path)
        return True

    def _show(self, wish: _Wish) -> None:
        rows = [row for path in wish.done if (row := self._model.row(path))]
        self._model.change_rows(r._replace(kept=wish.on, due=self.due(r.path)) for r in rows)
        wish.has_changed = wish.has_changed or bool(rows)
        wish.done = []

    def _note_plan(self, kept: KeptMailbox) -> None:
        self._planned.add(kept.path)

    def _emit_changed(self) -> None:
        self.changed.emit({row.path for row in self._model.kept_rows} | self._absent)
