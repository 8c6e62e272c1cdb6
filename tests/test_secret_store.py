"""The system's store of secrets: the real one of this system, and what it says when it can't."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bed.secret_service import SecretService
from core.errors import AppError, ExitCode
from core.secret_store.store import Store, new_entry, try_store
from core.secret_store.system_store import SystemStore
from core.verdicts.verdict import Action

linux_only = pytest.mark.only_on("linux", reason="the Secret Service is Linux's")
windows_only = pytest.mark.only_on("win32", reason="data protection is Windows'")


def test_what_is_put_comes_back(system_store: Store) -> None:
    """Long texts of any script do; the newest counts; each entry is its own."""
    store = system_store
    one, other = new_entry(), new_entry()
    assert store.get(one) is None
    store.put(one, "first")
    store.put(one, "é" * 4000)
    store.put(other, "second")
    assert ("é" * 4000, "second") == (store.get(one), store.get(other))


def test_deleted_is_gone(system_store: Store) -> None:
    """And deleting it once more is no error."""
    store = system_store
    one, other = new_entry(), new_entry()
    store.put(one, "first")
    store.put(other, "second")
    store.delete(one)
    store.delete(one)
    assert (None, "second") == (store.get(one), store.get(other))


def test_the_trial_leaves_nothing(system_store: Store) -> None:
    """It passes with a store that works."""
    try_store(system_store)


class Forgetful(SystemStore):
    """Takes everything and keeps nothing."""

    def put(self, entry: str, secret: str) -> None:
        """Throws it away."""


def test_the_trial_notices_a_store_that_forgets(system_store: Store) -> None:
    """A round trip is what counts."""
    with pytest.raises(AppError) as caught:
        try_store(Forgetful())
    assert "store_unreliable" == caught.value.verdict.id


def test_a_name_says_nothing() -> None:
    """32 random hexadecimal digits."""
    names = {new_entry() for _ in range(100)}
    assert 100 == len(names)
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in names)


@linux_only
def test_a_locked_keyring_asks_nobody(secret_service: SecretService) -> None:
    """It is an error at once."""
    store = SystemStore()
    store.put(new_entry(), "x")
    secret_service.lock()
    acts: list[Callable[[], object]] = [
        lambda: store.get("0"),
        lambda: store.put("0", "x"),
        lambda: store.delete("0"),
    ]
    for act in acts:
        with pytest.raises(AppError) as caught:
            act()
        assert "store_locked" == caught.value.verdict.id
        assert ExitCode.FAILED == caught.value.exit_code


@linux_only
def test_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a D-Bus session there is no store; one can sign in again without it."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(AppError) as caught:
        SystemStore().put(new_entry(), "x")
    assert "no_store" == caught.value.verdict.id
    assert Action.LEAVE_STORE is caught.value.action


@linux_only
def test_a_session_that_is_gone(secret_service: SecretService) -> None:
    """A session whose bus has ended counts as none."""
    secret_service.end_keyring()
    with pytest.raises(AppError) as caught:
        SystemStore().get(new_entry())
    assert "no_store" == caught.value.verdict.id


@windows_only
def test_the_file_holds_no_plain_text(tmp_path: Path) -> None:
    """What lies in the folder is encrypted, and only one file for each entry."""
    from core.secret_store.windows_dpapi import DataProtection

    store, entry = DataProtection(tmp_path / "store"), new_entry()
    store.put(entry, "a-refresh-token")
    store.put(entry, "a-refresh-token")
    files = list((tmp_path / "store").iterdir())
    assert [f"{entry}.dpapi"] == [file.name for file in files]
    assert b"a-refresh-token" not in files[0].read_bytes()


@windows_only
def test_another_users_file_is_explained(tmp_path: Path) -> None:
    """What can't be decrypted is an error with advice, not a missing token."""
    from core.secret_store.windows_dpapi import DataProtection

    store, entry = DataProtection(tmp_path), new_entry()
    (tmp_path / f"{entry}.dpapi").write_bytes(os.urandom(300))
    with pytest.raises(AppError) as caught:
        store.get(entry)
    assert "protected_token_unreadable" == caught.value.verdict.id
