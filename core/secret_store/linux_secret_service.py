"""Linux: the desktop's Secret Service (GNOME Keyring, KWallet, KeePassXC) over the session's D-Bus.

The user is never asked for a password, since a refresh runs at any hour: a locked keyring is an
error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import secretstorage
from jeepney import DBusErrorResponse
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError
from secretstorage.exceptions import (
    ItemNotFoundException,
    LockedException,
    SecretStorageException,
)

from ..errors import as_error
from ..verdicts import local_files

_SERVICE = "oauth2_imap"
_PATIENCE = 10.0  # seconds that the service has for one answer


class SecretService:
    """A `Store` in the default collection of the Secret Service."""

    def get(self, entry: str) -> str | None:
        """As `Store.get`."""
        with _explained():
            found: str | None = _collection().get_password(_SERVICE, entry)
            return found

    def put(self, entry: str, secret: str) -> None:
        """As `Store.put`."""
        with _explained():
            _collection().set_password(_SERVICE, entry, secret)

    def delete(self, entry: str) -> None:
        """As `Store.delete`."""
        with _explained():
            try:
                _collection().delete_password(_SERVICE, entry)
            except PasswordDeleteError:  # there is no such entry
                return


class _Unprompted(Keyring):
    """The base class would ask the user to make or unlock a collection, and wait for ever."""

    def get_preferred_collection(self) -> Any:
        bus = secretstorage.dbus_init()
        bus.send_and_get_reply = partial(bus.send_and_get_reply, timeout=_PATIENCE)
        try:
            collection = secretstorage.Collection(bus)
            collection.ensure_not_locked()
        except BaseException:
            bus.close()
            raise
        return collection


def _collection() -> Any:  # keyring's backends have no types
    made: Any = _Unprompted
    return made()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (LockedException, KeyringLocked) as exc:
        raise as_error(local_files.STORE_LOCKED) from exc
    except ItemNotFoundException as exc:
        raise as_error(local_files.STORE_WITHOUT_KEYRING) from exc
    except (SecretStorageException, DBusErrorResponse, KeyringError, OSError) as exc:
        raise as_error(local_files.NO_STORE, detail=str(exc) or type(exc).__name__) from exc
