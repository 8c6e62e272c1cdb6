"""The store of secrets of this system: Windows, macOS or the Linux desktop."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Store


class SystemStore:
    """A `Store`; the system's libraries are loaded when a method is called."""

    def get(self, entry: str) -> str | None:
        """As `Store.get`."""
        return _system_store().get(entry)

    def put(self, entry: str, secret: str) -> None:
        """As `Store.put`."""
        _system_store().put(entry, secret)

    def delete(self, entry: str) -> None:
        """As `Store.delete`."""
        _system_store().delete(entry)


def _system_store() -> "Store":
    if sys.platform == "win32":
        from .windows_dpapi import DataProtection

        return DataProtection()
    if sys.platform == "darwin":
        from .macos_keychain import Keychain

        return Keychain()
    from .linux_secret_service import SecretService

    return SecretService()
