"""Tests of the catalog that follows the user's own providers.toml."""

import logging
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import AppError
from core.mailbox.get_token import get_token, refresh_mailbox
from core.providers.catalog import Catalog, load_catalog
from core.providers.live_catalog import LiveCatalog
from servers import Stage

HOST = '[providers.gmail]\nimap_host = "{}"\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The path of the user's own file, which doesn't exist yet."""
    return tmp_path / "providers.toml"


def host_of(live: LiveCatalog) -> str:
    """The field that the tests change."""
    return live.current().providers["gmail"].imap_host


def test_it_follows_the_file(own: Path) -> None:
    """The file appears, changes, is replaced by one as old and as long, and goes."""
    live = LiveCatalog(own)
    shipped = live.current()
    assert shipped is live.current()
    own.write_text(HOST.format("a.example"))
    assert "a.example" == host_of(live)
    assert live.current() is live.current()
    new = own.with_name("new")
    new.write_text(HOST.format("b.example"))
    before = own.stat()
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.replace(own)
    assert "b.example" == host_of(live)
    own.unlink()
    assert shipped == live.current()


def test_a_mistake_changes_nothing(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The catalog stays, the log says it once, and `check` raises until the file is right."""
    own.write_text(HOST.format("a.example"))
    live = LiveCatalog(own)
    live.check()
    own.write_text("[providers.gmail")
    with caplog.at_level(logging.WARNING):
        assert ["a.example"] * 3 == [host_of(live) for _ in range(3)]
    assert 1 == len(caplog.records)
    assert str(own) in caplog.text
    with pytest.raises(AppError) as raised:
        live.check()
    assert "settings_not_toml" == raised.value.verdict.id
    own.write_text(HOST.format("b.example"))
    live.check()
    assert "b.example" == host_of(live)


def test_a_mistake_at_the_start_is_an_error(own: Path) -> None:
    """There is no earlier catalog then; it goes on once the mistake is corrected."""
    own.write_text("[providers.gmail")
    live = LiveCatalog(own)
    for _ in range(2):
        with pytest.raises(AppError):
            live.current()
    own.write_text(HOST.format("a.example"))
    assert "a.example" == host_of(live)


def test_many_threads_read_a_change_once(own: Path) -> None:
    """All of them see the same new catalog."""
    loads: list[Path] = []

    def load(path: Path) -> Catalog:
        loads.append(path)
        return load_catalog(path)

    live = LiveCatalog(own, load)
    live.current()
    own.write_text(HOST.format("a.example"))
    seen: list[Catalog] = []
    threads = [threading.Thread(target=lambda: seen.append(live.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [True] * 8 == [catalog is seen[0] for catalog in seen]
    assert 2 == len(loads)


def test_a_mistake_is_told_to_a_user_and_stops_no_keeping(stage: Stage) -> None:
    """Get token says what is wrong with the file; a refresh by the keeper goes on."""
    stage.sign_in()
    job = stage.job()
    text = stage.own_file
    catalog = stage.catalog

    def load(path: Path) -> Catalog:
        load_catalog(path)  # raises for a mistake in the user's file
        return catalog

    live = LiveCatalog(text, load)
    live.current()
    job = replace(job, dependencies=replace(job.dependencies, providers=live))
    text.write_text("[providers.gmail")
    assert refresh_mailbox(job, min_left=float("inf")).file
    with pytest.raises(AppError) as raised:
        get_token(job, stage.methods())
    assert "settings_not_toml" == raised.value.verdict.id
    assert [] == stage.browser.opened


def test_an_added_provider_is_in_no_file(own: Path) -> None:
    """It stays when the file changes, and is added before or after the first reading."""
    early, late = LiveCatalog(own), LiveCatalog(own)
    provider = replace(late.current().providers["gmail"], name="added")
    for live in (early, late):
        live.add(provider)
        assert provider == live.current().providers["added"]
        assert live.current() is live.current()
    own.write_text(HOST.format("a.example"))
    assert ("a.example", provider) == (host_of(late), late.current().providers["added"])
