"""What a store of secrets can do, and the test that it works.

An entry is a random name of hexadecimal digits that says nothing about its content. A refresh token
is never written as plain text instead: if a store can't be used, each call raises `AppError`.
"""

import secrets
from typing import Protocol

from ..errors import as_error
from ..verdicts import local_files


class Store(Protocol):
    """Keeps short texts under names. Every method raises `AppError` if the store refuses."""

    def get(self, entry: str) -> str | None:
        """The text of an entry; None if there is no such entry."""
        ...

    def put(self, entry: str, secret: str) -> None:
        """Write an entry. An earlier text is replaced at once, or stays."""
        ...

    def delete(self, entry: str) -> None:
        """Delete an entry, if it exists."""
        ...


def new_entry() -> str:
    """A new random name."""
    return secrets.token_hex(16)


def try_store(store: Store) -> None:
    """Write, read and delete a random text; raises `AppError` if the store doesn't return it.

    Call it before the provider is asked for a token that is to be kept in the store.
    """
    entry, text = new_entry(), secrets.token_hex(16)
    store.put(entry, text)
    kept = store.get(entry)
    store.delete(entry)
    if kept != text:
        raise as_error(local_files.STORE_UNRELIABLE)
