"""What a store of secrets can do, and which one this system has.

An entry is a random name of hexadecimal digits, which tells nothing. There is no fall-back to plain
text: where a store can't be used, each call says so.
"""

import secrets
import sys
from typing import Protocol

from ..errors import AppError


class Store(Protocol):
    """Keeps short texts under names; every method raises `AppError` where it can't."""

    def get(self, entry: str) -> str | None:
        """The text; None where there is no such entry."""
        ...

    def put(self, entry: str, secret: str) -> None:
        """Keep a text, in place of an earlier one at once or not at all."""
        ...

    def delete(self, entry: str) -> None:
        """Forget one, if it is there."""
        ...


class SystemStore:
    """This system's store; nothing of it is loaded before it is used."""

    def get(self, entry: str) -> str | None:
        """As `Store.get`."""
        return _system_store().get(entry)

    def put(self, entry: str, secret: str) -> None:
        """As `Store.put`."""
        _system_store().put(entry, secret)

    def delete(self, entry: str) -> None:
        """As `Store.delete`."""
        _system_store().delete(entry)


def new_entry() -> str:
    """A name that nobody has yet."""
    return secrets.token_hex(16)


# What every trouble with a store ends with; what it holds stays there.
WITHOUT_IT = "sign in anew without it (--startover --no_protect)"


def try_store(store: Store) -> None:
    """Make sure, before anything is asked of a provider, that the store keeps what it is given."""
    entry, text = new_entry(), secrets.token_hex(16)
    store.put(entry, text)
    kept = store.get(entry)
    store.delete(entry)
    if kept != text:
        raise AppError(
            "The system's store of secrets doesn't give back what it was given",
            hint=f"Mend it, or {WITHOUT_IT}",
        )


def _system_store() -> Store:
    if sys.platform == "win32":
        from .windows_dpapi import DataProtection

        return DataProtection()
    if sys.platform == "darwin":
        from .macos_keychain import Keychain

        return Keychain()
    from .linux_secret_service import SecretService

    return SecretService()
