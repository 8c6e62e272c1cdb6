"""macOS: an entry in the user's login keychain.

The tests don't run on a Mac, so this module is not tested.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msal_extensions import KeychainPersistence
from msal_extensions.persistence import PersistenceNotFound

from ..child_environment import without_loader
from ..errors import as_error
from ..files import make_folder
from ..paths import user_store_folder
from ..verdicts import local_files

_SERVICE = "oauth2_imap"
_SECURITY = "/usr/bin/security"  # msal-extensions can't delete an entry
_NOT_FOUND = 44  # its exit status for errSecItemNotFound


class Keychain:
    """A `Store` that keeps each entry as a generic password."""

    def get(self, entry: str) -> str | None:
        """As `Store.get`."""
        with _explained():
            try:
                text: str = _persistence(entry).load()
            except PersistenceNotFound:
                return None
            return text

    def put(self, entry: str, secret: str) -> None:
        """As `Store.put`."""
        with _explained():
            _persistence(entry).save(secret)

    def delete(self, entry: str) -> None:
        """As `Store.delete`."""
        command = [_SECURITY, "delete-generic-password", "-s", _SERVICE, "-a", entry]
        with _explained():
            with without_loader():
                done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
            if done.returncode not in (0, _NOT_FOUND):
                raise OSError(done.returncode, "security delete-generic-password failed")


def _persistence(entry: str) -> Any:
    # msal-extensions only touches this file, so that other programs notice a change.
    touched = user_store_folder() / "keychain"
    make_folder(touched.parent)
    return KeychainPersistence(str(touched), service_name=_SERVICE, account_name=entry)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        status = getattr(exc, "exit_status", None) or exc.errno
        detail = f"status {status}" if status else type(exc).__name__
        raise as_error(local_files.KEYCHAIN_REFUSED, detail=detail) from exc
