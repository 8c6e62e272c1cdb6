"""Tests of client secrets in the system's store: providers.toml has the entry, and no secret.

They use the real store of the system: GNOME Keyring over D-Bus, or Windows' data protection.
"""

import json
import logging
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bed.secret_service import SecretService
from core.errors import AppError
from core.mailbox.client_secret_storage import save_registration
from core.mailbox.get_token import get_token
from core.mailbox.job import Job
from core.mailbox.resolve import mailbox_of
from core.model import Outcome
from core.providers.by_hand import by_hand
from core.providers.catalog import Catalog, load_catalog
from core.providers.live_catalog import LiveCatalog
from core.providers.overrides import Overrides
from core.providers.registration import resolve
from core.providers.save_overrides import Saved
from core.registering.sharing import export
from core.secret_store.store import Store
from servers import ADDRESS, MakeStage, Stage, fixed

SECRET, OTHER = "the-secret-of-the-organisation", "the-next-secret"
GRANT = "client_credentials"
linux_only = pytest.mark.only_on("linux", reason="only the Secret Service can be locked")


@pytest.fixture
def stage(make_stage: MakeStage, system_store: Store) -> Stage:
    """A provider that the catalog doesn't know, and an empty store."""
    stage = make_stage(server={"client_secret": SECRET})
    stage.store = system_store
    return stage


def job_of(stage: Stage, *, secret: str | None = None, **changes: Any) -> Job:
    """A job of a new run; with a secret, it describes the application as on the command line."""
    if secret is not None:
        changes["provider"] = "mine"
        changes["overrides"] = by_hand(
            client_id="demo",
            client_secret=secret,
            grant=GRANT,
            authorize_uri=stage.server.authorize_uri,
            token_uri=stage.server.token_uri,
            scopes=("mail/.default",),
            imap_host=stage.mailbox.host,
            imap_port=stage.mailbox.port,
        )
    job = stage.job(token_file=stage.path, **changes)
    providers = LiveCatalog(stage.own_file)
    return replace(job, dependencies=replace(job.dependencies, providers=providers))


def with_catalog(job: Job, catalog: Catalog) -> Job:
    """The job with a catalog that stays."""
    providers = fixed(catalog, job.dependencies.own_file)
    return replace(job, dependencies=replace(job.dependencies, providers=providers))


def run(stage: Stage, secret: str | None = None, **changes: Any) -> Outcome:
    """Get a token in a new run."""
    return get_token(job_of(stage, secret=secret, **changes), None)


def saved(stage: Stage) -> dict[str, Any]:
    """The table of the application in providers.toml."""
    tables: dict[str, Any] = tomllib.loads(stage.own_file.read_text())["providers"]
    table: dict[str, Any] = tables["mine"]["applications"]["mine-demo"]
    return table


def stored(stage: Stage, entry: str) -> str:
    """The client secret that an entry of the store has; empty if there is none."""
    text = stage.store.get(entry)
    return str(json.loads(text)["client_secret"]) if text else ""


def test_it_is_in_the_store(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """No file, no log and no message has it, and a later run needs no option."""
    caplog.set_level(logging.DEBUG)
    assert run(stage, SECRET, protect=True).renewed
    entry = saved(stage)["client_secret_entry"]
    assert "client_secret" not in saved(stage)
    assert SECRET == stored(stage, entry)
    assert "client secret of mine-demo is saved in the system's secret store" in stage.said()
    job = job_of(stage)
    assert get_token(job, None).renewed
    assert SECRET == stage.server.last_token_form["client_secret"]
    assert entry == saved(stage)["client_secret_entry"]
    shown = f"{job.dependencies}{mailbox_of(job).registration}"
    for text in (stage.own_file.read_text(), stage.path.read_text(), caplog.text, stage.said()):
        assert SECRET not in text
    assert SECRET not in shown
    assert entry not in shown + caplog.text + stage.said()


def test_without_the_choice_it_is_in_the_file(stage: Stage) -> None:
    """As before."""
    run(stage, SECRET)
    assert SECRET == saved(stage)["client_secret"]
    assert "client_secret_entry" not in saved(stage)


def test_from_the_file_into_the_store_and_back(stage: Stage) -> None:
    """The same secret is in one of both, an old entry is deleted, and nothing is replaced."""
    run(stage, SECRET)
    run(stage, SECRET, protect=True)
    entry = saved(stage)["client_secret_entry"]
    assert ("", SECRET) == (saved(stage)["client_secret"], stored(stage, entry))
    assert SECRET not in stage.own_file.read_text()
    run(stage, SECRET, protect=False)
    assert (SECRET, "") == (saved(stage)["client_secret"], saved(stage)["client_secret_entry"])
    assert stage.store.get(entry) is None
    assert "replaced" not in stage.said()
    run(stage)
    assert SECRET == stage.server.last_token_form["client_secret"]


def test_the_choice_alone_moves_it(stage: Stage) -> None:
    """So nobody has to give it once more; a second run has nothing to do."""
    run(stage, SECRET)
    run(stage, protect=True)
    entry = saved(stage)["client_secret_entry"]
    assert ("", SECRET) == (saved(stage)["client_secret"], stored(stage, entry))
    before = stage.own_file.stat().st_mtime_ns
    run(stage, protect=True)
    assert before == stage.own_file.stat().st_mtime_ns
    run(stage, protect=False)
    assert (SECRET, "") == (saved(stage)["client_secret"], saved(stage)["client_secret_entry"])
    assert stage.store.get(entry) is None


def test_a_secret_of_the_environment_is_saved_nowhere(stage: Stage) -> None:
    """The choice for the store doesn't change that."""
    run(stage, SECRET)
    stage.own_file.write_text(stage.own_file.read_text().replace(SECRET, ""))
    stage.store = store = Recording(stage.store)
    environment = Overrides(secret_from_environment=SECRET)
    run(stage, protect=True, overrides=environment)
    trials = [stage.store.get(entry) for entry in store.written]
    assert SECRET == stage.server.last_token_form["client_secret"]
    assert [None] * len(trials) == trials
    assert SECRET not in stage.own_file.read_text()


def test_many_mailboxes_of_one_application(stage: Stage) -> None:
    """Those that save at once write one entry."""
    run(stage, SECRET)
    stage.store = store = Recording(stage.store)
    job = job_of(stage, protect=True)
    registration = mailbox_of(job).registration
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: save_registration(job, registration), range(8)))
    assert [saved(stage)["client_secret_entry"]] == store.written


def test_another_secret_gets_another_entry(stage: Stage) -> None:
    """It stays in the store without a new choice; the old entry is deleted."""
    run(stage, SECRET, protect=True)
    first = saved(stage)["client_secret_entry"]
    run(stage, SECRET)
    assert first == saved(stage)["client_secret_entry"]
    assert "replaced" not in stage.said()
    job = job_of(stage, secret=OTHER)
    result = save_registration(job, mailbox_of(job).registration)
    second = saved(stage)["client_secret_entry"]
    assert (None, OTHER) == (stage.store.get(first), stored(stage, second))
    assert Saved("mine-demo", replaced_secret=True) == result


def test_a_run_reads_it_once(stage: Stage) -> None:
    """Many mailboxes share it, as long as the file names the same entry."""
    run(stage, SECRET, protect=True)
    entry = saved(stage)["client_secret_entry"]
    one = job_of(stage)
    assert SECRET == mailbox_of(one).registration.client_secret
    stage.store.delete(entry)
    assert SECRET == mailbox_of(replace(one)).registration.client_secret
    with pytest.raises(AppError):
        _ = mailbox_of(job_of(stage)).registration


@pytest.mark.parametrize(
    "content",
    [
        None,
        "not JSON",
        json.dumps({"account": ADDRESS, "provider": "mine", "refresh_token": "r"}),
        json.dumps({"client_id": "another", "client_secret": SECRET}),
    ],
    ids=["none", "broken", "a refresh token", "another application"],
)
def test_no_such_entry(stage: Stage, content: str | None) -> None:
    """It is told before anything is sent; the secret can be given again."""
    run(stage, SECRET, protect=True)
    entry = saved(stage)["client_secret_entry"]
    stage.store.delete(entry)
    if content is not None:
        stage.store.put(entry, content)
    asked = stage.server.token_requests
    with pytest.raises(AppError) as raised:
        run(stage)
    assert "client_secret_not_in_store" == raised.value.verdict.id
    assert "mine-demo" in raised.value.message
    assert asked == stage.server.token_requests
    run(stage, SECRET)
    assert SECRET == stored(stage, saved(stage)["client_secret_entry"])


@linux_only
def test_a_locked_store(stage: Stage, secret_service: SecretService) -> None:
    """It is an error that says what to do without the store."""
    run(stage, SECRET, protect=True)
    secret_service.lock()
    with pytest.raises(AppError) as raised:
        run(stage)
    assert "store_locked" == raised.value.verdict.id
    assert "give the client secret again" in raised.value.notes[0]


class Recording:
    """A store that notes which entries were written."""

    def __init__(self, store: Store) -> None:
        self.written: list[str] = []
        self.get, self.delete, self._put = store.get, store.delete, store.put

    def put(self, entry: str, secret: str) -> None:
        """Write it."""
        self.written.append(entry)
        self._put(entry, secret)


def test_a_file_that_can_not_be_written(stage: Stage) -> None:
    """The token is saved, and the store keeps no entry that nobody names."""
    stage.store = store = Recording(stage.store)
    job = job_of(stage, secret=SECRET, protect=True)
    job = with_catalog(job, Catalog({}, {}))
    stage.own_file.mkdir()
    assert get_token(job, None).renewed
    assert "providers.toml" in stage.said()
    assert SECRET not in stage.said()
    assert store.written
    assert [None] * len(store.written) == [store.get(entry) for entry in store.written]


def test_a_colleague_gets_neither_secret_nor_entry(stage: Stage) -> None:
    """The exported file says that the application has a secret, and no more."""
    run(stage, SECRET, protect=True)
    registration = load_catalog(stage.own_file).providers["mine"].applications["mine-demo"]
    file = stage.folder / "for_colleagues.toml"
    export(registration, file)
    assert "confidential = true" in file.read_text()
    assert "entry" not in file.read_text()
    assert registration.client_secret_entry not in file.read_text()


def test_a_shipped_secret_stays_where_it_is(stage: Stage) -> None:
    """A secret that comes with the program is public, so it isn't saved at all."""
    stage.store = store = Recording(stage.store)
    catalog = load_catalog()
    shipped = catalog.providers["gmail"].applications["thunderbird"]
    assert shipped.client_secret
    given = by_hand(client_id=shipped.client_id, client_secret=shipped.client_secret)
    job = with_catalog(stage.job(overrides=given, protect=True), catalog)
    registration = resolve(catalog, "gmail", "", given)
    assert save_registration(job, registration) is None
    assert ([], False) == (store.written, stage.own_file.exists())
