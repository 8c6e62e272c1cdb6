"""Windows: one file for each entry, encrypted with the user's own key (DPAPI).

Only this user on this computer can decrypt it, even from a copy of the file.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from msal_extensions import FilePersistenceWithDataProtection

from ..errors import as_error
from ..files import make_folder, put_in_place, while_held
from ..paths import user_store_folder
from ..verdicts import local_files
from ..verdicts.verdict import Verdict


class DataProtection:
    """A `Store` in a folder of its own, which the first `put` makes."""

    def __init__(self, folder: Path | None = None) -> None:
        """Use the user's own folder by default."""
        self._folder = folder or user_store_folder()

    def get(self, entry: str) -> str | None:
        """As `Store.get`."""
        path = self._path(entry)
        if not path.exists():
            return None
        with _explained(local_files.PROTECTED_TOKEN_UNREADABLE):
            text: str = while_held(FilePersistenceWithDataProtection(str(path)).load)
            return text

    def put(self, entry: str, secret: str) -> None:
        """As `Store.put`. The file is replaced, since msal-extensions would truncate it first."""
        make_folder(self._folder)
        path, new = self._path(entry), self._new_path(entry)
        with _explained(local_files.PROTECTED_TOKEN_NOT_WRITTEN):
            FilePersistenceWithDataProtection(str(new)).save(secret)
            _sync(new)
            put_in_place(new, path)

    def delete(self, entry: str) -> None:
        """As `Store.delete`."""
        with _explained(local_files.PROTECTED_TOKEN_NOT_DELETED):
            for path in (self._new_path(entry), self._path(entry)):
                while_held(partial(path.unlink, missing_ok=True))

    def _path(self, entry: str) -> Path:
        return self._folder / f"{entry}.dpapi"

    def _new_path(self, entry: str) -> Path:
        return self._folder / f"{entry}.new"


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _explained(verdict: Verdict) -> Iterator[None]:
    try:
        yield
    except OSError as exc:  # the errors of msal-extensions are OSErrors too
        code = getattr(exc, "winerror", None) or exc.errno
        raise as_error(verdict, detail=f"error {code}" if code else type(exc).__name__) from exc
