"""The catalog as it is now: the user's own providers.toml is read again after each change."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from ..errors import AppError
from .catalog import Catalog, load_catalog

log = logging.getLogger(__name__)

Load = Callable[[Path], Catalog]  # from the path of the user's own file


class LiveCatalog:
    """Loads the catalog, and again when the user's own file has changed; for use in all threads.

    A change that can't be read must not stop mailboxes that are kept fresh: the last catalog stays
    in use then, and `problem` is the error until the file is corrected.
    """

    def __init__(self, own_file: Path, load: Load = load_catalog) -> None:
        """Raises `AppError` if a file can't be read or a value in it is invalid."""
        self.own_file = own_file
        self.problem: AppError | None = None
        self._load = load
        self._lock = threading.Lock()
        self._seen = _stamp(own_file)
        self._catalog = load(own_file)

    def current(self) -> Catalog:
        """The catalog of the files as they are; the same object until the user's file changes."""
        with self._lock:
            stamp = _stamp(self.own_file)
            if stamp != self._seen:
                self._seen = stamp
                self._read_again()
            return self._catalog

    def check(self) -> None:
        """Raise `AppError` if the user's own file can't be read as it is now."""
        self.current()
        if self.problem is not None:
            raise self.problem

    def _read_again(self) -> None:
        try:
            self._catalog, self.problem = self._load(self.own_file), None
        except AppError as exc:
            self.problem = exc
            log.warning("The providers stay as they were: %s", exc.message)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """What changes with each save of a file; None if there is none."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
