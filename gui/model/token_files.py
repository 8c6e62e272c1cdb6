"""Reads the token files in a thread and lists them in the model; other programs change them too."""

import os
import time
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.cancel import Cancellation
from core.error_lines import sentence
from core.errors import AppError
from core.i18n.translation import _, joined
from core.mailbox.inventory import MailboxInfo, mailbox_at, mailboxes_at
from core.mailbox.job import Dependencies
from core.providers.catalog import Catalog
from core.tokenfile.place import is_token_file_name, token_files
from gui.model.mailbox_model import MailboxModel
from gui.model.tasks import Progress, Tasks, Threads, is_cancelled

_SLICE = 0.05  # seconds; a list of thousands appears little by little
_NEXT_TURN = 5  # ms; Qt does what is due in 0 ms before it paints and takes keys


class TokenFiles(QObject):
    """The token files of a folder, and single ones elsewhere.

    A file is read again only when it has changed, or when the providers have.
    """

    begun = Signal()  # the folder is read from now on
    listed = Signal()  # the model shows what was read
    gone = Signal(list)  # of Path: files that were deleted, before `listed`
    warned = Signal(object)  # about the folder or the providers, as sentences
    failed = Signal(AppError)
    catalog_changed = Signal()

    def __init__(
        self,
        model: MailboxModel,
        tasks: Tasks,
        dependencies: Dependencies,
        folder: Path,
        parent: QObject | None = None,
    ) -> None:
        """`reload` reads the folder."""
        super().__init__(parent)
        self.folder = folder
        self._model = model
        self._tasks = tasks
        self._dependencies = dependencies
        self._catalog = dependencies.catalog
        self._problem: AppError | None = None  # with the user's own providers
        self._shown_with: Catalog | None = None  # the providers that the rows were read with
        self._elsewhere: dict[Path, None] = {}  # files outside the folder, or with other names
        self._is_reading = self._again = self._is_complete = False
        self._waiting: list[Callable[[], object]] = []
        self._next_turn = QTimer(self, interval=_NEXT_TURN, singleShot=True)
        self._next_turn.timeout.connect(self._do_what_waits)

    @property
    def folder(self) -> Path:
        """The folder that is listed; after a change call `reload`."""
        return self._folder

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._folder_text = str(self._folder)

    @property
    def is_reading(self) -> bool:
        """Whether the list may change soon."""
        return self._is_reading or bool(self._waiting)

    def covers(self, path: str) -> bool:
        """Whether a file is listed without `include`, under this very path."""
        folder, _, name = path.rpartition(os.sep)  # asked about thousands at the start
        return folder == self._folder_text and is_token_file_name(name)

    def include(self, path: Path) -> None:
        """List this file too from the next `reload` on, while it exists, in whatever folder."""
        self._elsewhere.setdefault(path)

    def when_complete(self, act: Callable[[], object]) -> None:
        """Call a function as soon as all files have been read for the first time."""
        if self._is_complete and not self._waiting:
            act()
        else:
            self._waiting.append(act)

    def reload(self) -> None:
        """Read what has changed, and show it; `listed` tells when that is done."""
        if self._is_reading:
            self._again = True
            return
        self._is_reading = True
        self.begun.emit()
        catalog, folder, elsewhere = self._catalog, self.folder, tuple(self._elsewhere)
        before = {row.path: row.info for row in self._model.rows}
        known = before if catalog is self._shown_with else {}

        def call(progress: Progress, cancelled: Cancellation) -> list[MailboxInfo]:
            return _read(folder, elsewhere, catalog, known, progress, cancelled)

        task = self._tasks.start(call, Threads.FILES)
        task.progressed.connect(self._show_new)
        task.succeeded.connect(lambda infos: self._show_all(infos, before, catalog))
        task.failed.connect(self._fail)
        task.finished.connect(self._end)

    def warn(self) -> None:
        """Look for reasons to warn of the folder."""
        folder = self.folder

        def call(_progress: Progress, _cancelled: Cancellation) -> list[str]:
            from core.tokenfile.folder_warnings import folder_warnings

            return folder_warnings(folder)

        task = self._tasks.start(call, Threads.FILES)
        task.succeeded.connect(self._warn)

    def _warn(self, warnings: list[str]) -> None:
        for text in warnings:
            self.warned.emit(text)

    def show(self, path: Path) -> None:
        """Read this file only, and show it; a file that is gone is shown no more."""
        if not path.exists():
            self.drop(path)
            return
        info = mailbox_at(path, self._dependencies.catalog)
        if self._model.row(path) is None:
            order = bisect(
                self._model.rows,
                _order(self.folder, path),
                key=lambda r: _order(self.folder, r.path),
            )
            self._model.put([info], order)
        else:
            self._model.change(path, info=info)

    def show_many(self, paths: Sequence[Path]) -> None:
        """Read these files in a thread, and show them; `reload` puts new ones in their order.

        A change of the whole list would take too long while thousands are written.
        """
        catalog = self._dependencies.catalog

        def call(_progress: Progress, _cancelled: Cancellation) -> list[MailboxInfo]:
            return list(mailboxes_at(paths, catalog, {}))

        self._tasks.start(call, Threads.FILES).succeeded.connect(self._show_more)

    def _show_more(self, infos: list[MailboxInfo]) -> None:
        rows = [(row, info) for info in infos if (row := self._model.row(info.path))]
        self._model.change_rows(row._replace(info=info) for row, info in rows)
        self._show_new(infos)
        self.listed.emit()

    def drop(self, path: Path) -> None:
        """Show a file no more, since it was deleted."""
        if self._model.row(path) is not None:
            self._model.remove(path)
            self.gone.emit([path])

    def look_at_catalog(self) -> None:
        """Notice that the user's own providers have changed, and warn of a mistake in them."""
        catalog, problem = self._dependencies.catalog, self._dependencies.providers.problem
        if problem is not self._problem:
            self._problem = problem
            if problem:
                self.warned.emit(
                    joined((sentence(problem.message), _("The providers stay as they were.")))
                )
        if catalog is not self._catalog:
            self._catalog = catalog
            self.catalog_changed.emit()
            self.reload()

    def _show_new(self, infos: list[MailboxInfo]) -> None:
        self._model.put([info for info in infos if self._model.row(info.path) is None])

    def _show_all(
        self, read: list[MailboxInfo], before: Mapping[Path, MailboxInfo], catalog: Catalog
    ) -> None:
        """Show what was read; what was done with a file since `before` is newer than that."""
        self._shown_with = catalog
        self._is_complete = True
        if read == [row.info for row in self._model.rows]:  # usual after a start: slice by slice
            self._model.tick(self._now())
            return
        infos = []
        for info in read:
            row = self._model.row(info.path)
            if row is not None and row.info is not before.get(info.path):
                infos.append(row.info)
            elif row is not None or info.path not in before:
                infos.append(info)
        paths = {info.path for info in read}
        added = [r.info for r in self._model.rows if r.path not in paths and r.path not in before]
        gone = [path for path in before if path not in paths and self._model.row(path)]
        if added:
            infos = sorted([*infos, *added], key=lambda info: _order(self.folder, info.path))
        self._model.show(infos, self._now())
        if gone:
            self.gone.emit(gone)

    def _fail(self, error: AppError) -> None:
        if not is_cancelled(error):
            self._is_complete = True
            self.failed.emit(error)

    def _end(self) -> None:
        self._is_reading = False
        if self._is_complete:
            self.listed.emit()
            self._next_turn.start()
        if self._again:
            self._again = False
            self.reload()

    def _do_what_waits(self) -> None:
        """Act in a turn of the event loop for each: with thousands of files each takes a while."""
        if self._waiting:
            self._waiting.pop(0)()
            self._next_turn.start()

    def _now(self) -> float:
        return self._dependencies.clock()


def _read(
    folder: Path,
    elsewhere: tuple[Path, ...],
    catalog: Catalog,
    known: Mapping[Path, MailboxInfo],
    progress: Progress,
    cancelled: Cancellation,
) -> list[MailboxInfo]:
    """Read all files; those that were not known before are reported slice by slice.

    Each slice takes twice as long as the one before, since each arranges the whole list. The last
    one is reported too: a list that is complete needn't be arranged anew.
    """
    infos: list[MailboxInfo] = []
    new: list[MailboxInfo] = []
    length = _SLICE
    end = time.monotonic() + length
    for info in mailboxes_at(_paths(folder, elsewhere), catalog, known):
        cancelled.check()
        infos.append(info)
        if info.path not in known:
            new.append(info)
        if new and time.monotonic() > end:
            progress(new)
            length *= 2
            new, end = [], time.monotonic() + length
    if new:
        progress(new)
    return infos


def _paths(folder: Path, elsewhere: tuple[Path, ...]) -> list[Path]:
    inside = token_files(folder)
    others = (path for path in set(elsewhere) - set(inside) if path.is_file())
    return sorted([*inside, *others], key=lambda path: _order(folder, path))


def _order(folder: Path, path: Path) -> tuple[bool, Path]:
    """The files of the folder come first."""
    return path.parent != folder, path
