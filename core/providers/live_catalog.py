"""The catalog as it is now: the user's own providers.toml is read again after each change."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AppError

if TYPE_CHECKING:
    from .catalog import Catalog, Provider

log = logging.getLogger(__name__)

_Stamp = tuple[int, int, int]
Load = Callable[[Path], "Catalog"]  # from the path of the user's own file


def _load_files(own_file: Path) -> "Catalog":
    from .catalog import load_catalog  # imported late, since a fresh token needs no catalog

    return load_catalog(own_file)


class LiveCatalog:
    """Loads the catalog at its first use, and again when the user's own file has changed.

    All threads can use it. A change that can't be read must not stop mailboxes that are kept fresh:
    the last catalog stays in use then, and `problem` is the error until the file is corrected.
    """

    def __init__(self, own_file: Path, load: Load = _load_files) -> None:
        """Nothing is read yet."""
        self.own_file = own_file
        self.problem: AppError | None = None
        self._load = load
        self._lock = threading.Lock()
        self._seen: _Stamp | None = None
        self._catalog: Catalog | None = None
        self._added: dict[str, Provider] = {}

    def current(self) -> "Catalog":
        """The catalog of the files as they are; the same object until the user's file changes.

        Raises `AppError` if there is no earlier catalog and a file can't be read.
        """
        with self._lock:
            stamp = _stamp(self.own_file)
            if self._catalog is None:
                self._catalog = self._complete(self._load(self.own_file))
            elif stamp != self._seen:
                self._read_again()
            self._seen = stamp
            return self._catalog

    def add(self, provider: "Provider") -> None:
        """Add a provider for this process alone: it is in no file."""
        with self._lock:
            self._added[provider.name] = provider
            if self._catalog is not None:
                self._catalog = self._complete(self._catalog)

    def check(self) -> None:
        """Raise `AppError` if the user's own file can't be read as it is now."""
        self.current()
        if self.problem is not None:
            raise self.problem

    def _read_again(self) -> None:
        try:
            self._catalog, self.problem = self._complete(self._load(self.own_file)), None
        except AppError as exc:
            self.problem = exc
            log.warning("The providers stay as they were: %s", exc)

    def _complete(self, catalog: "Catalog") -> "Catalog":
        """Return the catalog with the added providers; the same object if there are none."""
        if not self._added:
            return catalog
        return catalog._replace(providers={**catalog.providers, **self._added})


def _stamp(file: Path) -> _Stamp | None:
    """What changes with each save of a file; None if there is none."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
