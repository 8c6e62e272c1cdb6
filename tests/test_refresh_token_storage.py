"""Tests of refresh tokens in the system's store: none is lost or left in plain text.

They use the real store of the system: GNOME Keyring over D-Bus, or Windows' data protection.
"""

import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bed.secret_service import SecretService
from core.errors import AppError, ExitCode, SignInNeeded
from core.keeping.keeper import Keeper
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.inventory import mailbox_at
from core.model import Outcome
from core.secret_store.store import Store, new_entry
from core.tokenfile.format import TokenFile, parse_token_file, serialize
from core.tokenfile.read import read_token_file
from core.tokenfile.save import new_path
from faulty_servers.responses import Fault
from servers import ADDRESS, MakeStage, Stage
from waiting_file import closed

linux_only = pytest.mark.only_on("linux", reason="only the Secret Service can be stopped")


@pytest.fixture
def plain(make_stage: MakeStage, system_store: Store) -> Stage:
    """A mailbox without protection whose access token expires soon; the store is empty."""
    stage = make_stage()
    stage.store = system_store
    stage.sign_in(check=False)
    stage.age()
    return stage


@pytest.fixture
def protected(make_stage: MakeStage, system_store: Store) -> Stage:
    """A mailbox with protection whose access token expires soon."""
    stage = make_stage()
    stage.store = system_store
    stage.sign_in(check=False, protect=True)
    stage.age()
    return stage


def kept(stage: Stage, file: TokenFile | None = None) -> str:
    """The refresh token that the store holds for a file; empty if there is no entry."""
    entry = (file or stage.file()).store_entry
    text = stage.store.get(entry) if entry else None
    return str(json.loads(text)["refresh_token"]) if text else ""


def plain_copies(stage: Stage) -> list[str]:
    """The files in the stage's folder that hold a refresh token in plain text."""
    secrets = [s.encode() for s in stage.server.issued if s != stage.file().access]
    store = stage.folder / "store"
    files = [f for f in stage.folder.rglob("*") if f.is_file() and store not in f.parents]
    return [f.name for f in files for s in secrets if len(s) > 16 and s in f.read_bytes()]


def test_sign_in(make_stage: MakeStage, system_store: Store) -> None:
    """A protected sign-in leaves line 2 empty, the token in the store, and no copy anywhere."""
    stage = make_stage()
    stage.store = system_store
    outcome = stage.sign_in(check=False, protect=True)
    lines = stage.path.read_text("ascii").split("\n")
    assert ADDRESS == stage.server.account_of(lines[0])
    assert ("", f"# Account is {ADDRESS}") == (lines[1], lines[4])
    assert f"# Store entry is {stage.file().store_entry}" in lines
    assert outcome.renewed
    assert kept(stage) in stage.server.issued
    assert [] == plain_copies(stage)
    assert [stage.path.name] == stage.names()


def test_a_later_run_needs_no_option(protected: Stage) -> None:
    """The file names the entry; a rotated refresh token replaces the old one there."""
    before, first = protected.file(), kept(protected)
    for _ in range(2):
        protected.age()
        assert refresh_mailbox(protected.job()).renewed
    assert 2 == protected.server.refreshes
    assert before.store_entry == protected.file().store_entry
    assert first != kept(protected)
    assert ADDRESS == protected.server.account_of(protected.file().access)
    assert [] == plain_copies(protected)


def test_get_token_and_the_window_use_it(protected: Stage) -> None:
    """Get token refreshes without a browser, and the list of mailboxes shows it as renewable."""
    get_token(protected.job(), protected.methods())
    assert [] == protected.browser.opened
    assert mailbox_at(protected.path, protected.catalog).renewable
    keeper = Keeper(interval=1800.0)
    assert keeper.add(protected.job()).due > time.time()


def test_a_new_sign_in_uses_the_entry_again(protected: Stage) -> None:
    """A new sign-in uses the same entry, so the store has no unused ones."""
    entry, old = protected.file().store_entry, kept(protected)
    get_token(protected.job(start_over=True, check=False), protected.methods())
    assert entry == protected.file().store_entry
    assert kept(protected) not in ("", old)


def test_there(plain: Stage) -> None:
    """A plain file is protected at once, even if no refresh is due, and no request is sent."""
    plain.age(left=3000.0)
    token, asked = plain.file().refresh, plain.server.token_requests
    assert not refresh_mailbox(plain.job(protect=True)).renewed
    assert (token, "") == (kept(plain), plain.file().refresh)
    assert asked == plain.server.token_requests
    assert [] == plain_copies(plain)
    assert [plain.path.name] == plain.names()
    plain.age()
    assert refresh_mailbox(plain.job()).renewed


def test_and_back(protected: Stage) -> None:
    """The token is in line 2 again, the store has no entry, and the next refresh works."""
    before, token = protected.file(), kept(protected)
    protected.age(left=3000.0)
    refresh_mailbox(protected.job(protect=False))
    assert (token, "") == (protected.file().refresh, protected.file().store_entry)
    assert "" == kept(protected, before)
    protected.age()
    assert refresh_mailbox(protected.job()).renewed


def test_there_and_back_changes_nothing_else(plain: Stage) -> None:
    """Everything else in the file stays the same."""
    plain.age(left=3000.0)
    before = plain.file()
    refresh_mailbox(plain.job(protect=True))
    refresh_mailbox(plain.job(protect=False))
    assert before == plain.file()


def test_what_waits_in_new_is_moved_too(plain: Stage) -> None:
    """Newer tokens in the `.new` file are protected, and not left in plain text."""
    waiting = plain.path.read_bytes()
    old = TokenFile("an-older-access-token", "an-older-refresh-token", ADDRESS, "demo")
    plain.path.write_bytes(serialize(old, now=0))
    new_path(plain.path).write_bytes(closed(waiting, follows=plain.path.read_bytes()))
    content = parse_token_file(waiting)
    assert content is not None
    refresh_mailbox(plain.job(protect=True, check=False), min_left=0)
    assert content.refresh == kept(plain)
    assert [] == plain_copies(plain)


@linux_only
def test_without_a_store_nothing_is_sent(protected: Stage, secret_service: SecretService) -> None:
    """A locked or missing store is an error before any request; the tokens don't change."""
    before, asked = protected.path.read_bytes(), protected.server.token_requests
    acts: list[Callable[[], Outcome]] = [
        lambda: refresh_mailbox(protected.job()),
        lambda: refresh_mailbox(protected.job(protect=False)),
        lambda: get_token(protected.job(start_over=True), protected.methods()),
    ]
    for trouble in (secret_service.lock, secret_service.end_keyring):
        trouble()
        for act in acts:
            with pytest.raises(AppError) as caught:
                act()
            assert caught.value.verdict.id in ("store_locked", "no_store")
            assert ExitCode.FAILED == caught.value.exit_code
    assert (before, asked) == (protected.path.read_bytes(), protected.server.token_requests)
    assert [] == protected.browser.opened
    assert [protected.path.name] == protected.names()


@linux_only
def test_a_new_sign_in_is_the_way_out_of_a_lost_store(
    protected: Stage, secret_service: SecretService
) -> None:
    """A sign-in without protection works, with a note that the old entry stays in the store."""
    secret_service.lock()
    get_token(protected.job(protect=False, start_over=True, check=False), protected.methods())
    file = protected.file()
    assert (True, "") == (bool(file.refresh), file.store_entry)
    assert "The old entry in the system's store could not be deleted" in protected.said()
    refresh_mailbox(protected.job(check=False), min_left=0)


@linux_only
def test_no_silent_fall_back(plain: Stage, secret_service: SecretService) -> None:
    """Without a store a protected sign-in is an error; no browser opens and nothing is sent."""
    secret_service.lock()
    before, asked = plain.path.read_bytes(), plain.server.token_requests
    for start_over in (False, True):
        with pytest.raises(AppError) as caught:
            get_token(plain.job(protect=True, start_over=start_over), plain.methods())
        assert "store_locked" == caught.value.verdict.id
    plain.path.unlink()
    with pytest.raises(AppError) as caught:
        get_token(plain.job(protect=True), plain.methods())
    assert "store_locked" == caught.value.verdict.id
    assert asked == plain.server.token_requests
    assert [] == plain.browser.opened
    assert [] == plain.names()
    plain.path.write_bytes(before)
    assert refresh_mailbox(plain.job()).renewed


@linux_only
def test_the_store_goes_away_meanwhile(protected: Stage, secret_service: SecretService) -> None:
    """If the store fails after the request, the access token is saved, the refresh token is not."""
    protected.server.faults.append(Fault(late=True, delay=0.5))
    before, asked = protected.file(), protected.server.token_requests

    def end() -> None:
        while protected.server.token_requests == asked:
            time.sleep(0.01)
        secret_service.end_keyring()

    ending = threading.Thread(target=end)
    ending.start()
    with pytest.raises(AppError) as caught:
        refresh_mailbox(protected.job())
    assert any("refresh token is not saved" in note for note in caught.value.notes)
    ending.join()
    assert before.access != protected.file().access
    assert ADDRESS == protected.server.account_of(protected.file().access)
    assert [] == plain_copies(protected)


PROCESS = """
import os, pickle, sys, time
from core.cancel import Cancellation
from core.errors import AppError
from core.mailbox.job import Job, Dependencies
from core.providers.live_catalog import LiveCatalog
from core.mailbox.get_token import refresh_mailbox

class Dying:
    '''The real store, in a process that is killed right after the answer was stored.'''
    def __init__(self, store, puts): self.store, self.puts = store, puts
    def get(self, entry): return self.store.get(entry)
    def delete(self, entry): return self.store.delete(entry)
    def put(self, entry, secret):
        self.store.put(entry, secret)
        self.puts -= 1
        if self.puts == 0:
            os._exit(99)

request, catalog, own_file, store, puts = pickle.load(sys.stdin.buffer)
NO_DNS = lambda domain, timeout: []
providers = LiveCatalog(own_file, lambda _: catalog)
dependencies = Dependencies(providers, NO_DNS, time.time, Dying(store, puts))
outcome = refresh_mailbox(Job(request, dependencies, lambda event: None, Cancellation()))
sys.stdout.buffer.write(pickle.dumps(outcome.renewed))
"""


def process(stage: Stage, *, dies_after: int = 0, protect: bool | None = None) -> tuple[int, bytes]:
    """A refresh in its own process, which can end after a number of writes to the store."""
    job = stage.job(timeout=60.0, protect=protect)
    told = (job.request, stage.catalog, stage.own_file, stage.store, dies_after)
    root = Path(__file__).parent.parent
    path = os.pathsep.join([str(root), str(root / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", PROCESS],
        input=pickle.dumps(told),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    return done.returncode, done.stdout


def test_killed_between_store_and_file(protected: Stage) -> None:
    """If the process ends between the two writes, both the new and the old token are used."""
    before, old = protected.path.read_bytes(), kept(protected)
    assert 99 == process(protected, dies_after=2)[0]  # the first write is the test of the store
    assert 1 == protected.server.refreshes
    assert before == protected.path.read_bytes()
    assert kept(protected) not in ("", old)
    assert not refresh_mailbox(protected.job(), min_left=50).renewed  # the token is valid for 100 s
    assert refresh_mailbox(protected.job()).renewed
    assert [] == protected.browser.opened
    assert [protected.path.name] == protected.names()


@pytest.mark.parametrize("puts", [1, 2])
def test_killed_on_the_way_there(plain: Stage, puts: int) -> None:
    """If the process ends before the file is replaced, the file and its grant still work."""
    before = plain.path.read_bytes()
    assert 99 == process(plain, dies_after=puts, protect=True)[0]
    assert before == plain.path.read_bytes()
    assert refresh_mailbox(plain.job()).renewed


def test_processes_cost_one_refresh(protected: Stage) -> None:
    """Eight programs that refresh the same protected file send one request."""
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: process(protected), range(8)))
    assert [0] * 8 == [code for code, _ in results]
    assert 1 == sum(pickle.loads(renewed) for _, renewed in results)  # noqa: S301
    assert 1 == protected.server.refreshes
    assert [] == plain_copies(protected)


def test_a_moved_file(protected: Stage) -> None:
    """The entry belongs to the file, whatever its name and folder."""
    there = protected.folder / "elsewhere" / "other.txt"
    there.parent.mkdir()
    protected.path.rename(there)
    assert refresh_mailbox(protected.job(token_file=there)).renewed


def test_a_copied_file(protected: Stage) -> None:
    """Two copies work in turns: each finds the newest refresh token in the store."""
    copy = protected.folder / "copy.txt"
    shutil.copy(protected.path, copy)
    for path in (copy, protected.path, copy):
        assert refresh_mailbox(protected.job(token_file=path), min_left=10_000).renewed
        for file in (copy, protected.path):
            content = read_token_file(file)
            assert content is not None
            old = replace(content, issued_at=time.time() - 3000)
            file.write_bytes(serialize(old, now=0))
    assert 3 == protected.server.refreshes


def test_a_copy_was_refreshed_meanwhile(protected: Stage) -> None:
    """If a copy was refreshed meanwhile, the new refresh token in the store is used."""
    entry, alive = protected.file().store_entry, kept(protected)
    dead = {"account": ADDRESS, "provider": "demo", "refresh_token": "a-token-of-yesterday"}
    living = {**dead, "refresh_token": alive}
    protected.store.put(entry, json.dumps(dead))
    protected.server.faults.append(Fault(400, b'{"error": "invalid_grant"}', delay=0.5))
    asked = protected.server.token_requests

    def refreshed() -> None:
        while protected.server.token_requests == asked:
            time.sleep(0.01)
        protected.store.put(entry, json.dumps(living))

    other = threading.Thread(target=refreshed)
    other.start()
    assert refresh_mailbox(protected.job()).renewed
    other.join()
    assert kept(protected) not in (alive, "a-token-of-yesterday")


def test_two_files_of_one_address(protected: Stage) -> None:
    """Each file has its own entry."""
    other = protected.folder / "other.txt"
    job = protected.job(token_file=other, protect=True, check=False)
    get_token(job, protected.methods())
    content = read_token_file(other)
    assert content is not None
    assert protected.file().store_entry != content.store_entry
    assert kept(protected) != kept(protected, content)


def test_an_entry_that_is_not_there(protected: Stage) -> None:
    """If the entry is another user's or computer's, a sign-in is needed, and the file stays."""
    protected.store.delete(protected.file().store_entry)
    before, asked = protected.path.read_bytes(), protected.server.token_requests
    with pytest.raises(SignInNeeded) as caught:
        refresh_mailbox(protected.job())
    assert "refresh_token_not_in_store" == caught.value.verdict.id
    with pytest.raises(SignInNeeded):
        refresh_mailbox(protected.job(protect=False))
    assert (before, asked) == (protected.path.read_bytes(), protected.server.token_requests)
    assert get_token(protected.job(check=False), protected.methods()).renewed
    assert "" != kept(protected)


@pytest.mark.parametrize(
    "content",
    [
        {"account": ADDRESS, "provider": "gmail", "refresh_token": "a-token-of-gmail"},
        {"account": "bob@demo.example", "provider": "demo", "refresh_token": "a-token-of-bob"},
    ],
    ids=["provider", "mailbox"],
)
@pytest.mark.parametrize("says_provider", [True, False])
def test_a_planted_file(protected: Stage, content: dict[str, str], says_provider: bool) -> None:
    """A file that names another mailbox's or provider's entry sends that token nowhere."""
    entry, asked = new_entry(), protected.server.token_requests
    protected.store.put(entry, json.dumps(content))
    protected.change(store_entry=entry, provider="demo" if says_provider else "")
    with pytest.raises(AppError):
        refresh_mailbox(protected.job())
    assert asked == protected.server.token_requests


def test_a_planted_file_costs_nobody_their_token(protected: Stage) -> None:
    """A new sign-in doesn't overwrite another mailbox's entry; the user is not asked before."""
    entry, asked = new_entry(), protected.server.authorize_requests
    others = json.dumps({"account": "bob@demo.example", "provider": "demo", "refresh_token": "x"})
    protected.store.put(entry, others)
    protected.change(store_entry=entry)
    with pytest.raises(AppError) as caught:
        get_token(protected.job(check=False, start_over=True), protected.methods())
    assert "store_entry_of_another" == caught.value.verdict.id
    assert others == protected.store.get(entry)
    assert asked == protected.server.authorize_requests


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", '{"account": "x"}', '{"refresh_token": 1, "provider": []}']
)
def test_nonsense_in_the_store(protected: Stage, text: str) -> None:
    """An entry that this program didn't write counts as empty."""
    protected.store.put(protected.file().store_entry, text)
    with pytest.raises(SignInNeeded):
        refresh_mailbox(protected.job())


@pytest.mark.parametrize("name", ["../../x", "a" * 31, "A" * 32, "0" * 33, "0" * 31 + "/"])
def test_a_planted_name(name: str) -> None:
    """An invalid entry name is ignored, since the name may become part of a path."""
    file = parse_token_file(f"an-access-token\n\n# Store entry is {name}\n".encode())
    assert file is not None
    assert ("", False) == (file.store_entry, file.has_refresh_token)


def test_line_2_counts_where_there_is_one() -> None:
    """A file with a refresh token in line 2 counts as plain, whoever wrote it."""
    file = parse_token_file(
        f"an-access-token\na-refresh-token\n# Store entry is {'0' * 32}\n".encode()
    )
    assert file == TokenFile("an-access-token", "a-refresh-token")


def test_no_refresh_token_no_entry(make_stage: MakeStage, system_store: Store) -> None:
    """A provider that sends no refresh token leaves nothing in the store."""
    stage = make_stage(server={"gives_refresh_token": False})
    stage.store = system_store
    stage.sign_in(check=False, protect=True)
    assert ("", "") == (stage.file().store_entry, stage.file().refresh)
