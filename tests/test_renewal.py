"""Tests of the renewal of one file: one refresh for all programs, and no token is lost."""

import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.errors import (
    AppError,
    Cancelled,
    ExitCode,
    Misconfigured,
    Refused,
    SignInNeeded,
    TryAgain,
)
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.inventory import Condition, mailbox_at
from core.model import FlowKind, Outcome
from core.tokenfile.format import serialize
from core.tokenfile.lock import LockTimeout, locked
from core.tokenfile.save import new_path, prepare
from faulty_servers.responses import Fault
from servers import ADDRESS, AT_ONCE, QUICK, MakeStage, Stage

FOREVER = float("inf")


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A mailbox whose access token expires soon."""
    made = make_stage()
    made.sign_in(check=False)
    made.age()
    return made


def rotated(stage: Stage, before: bytes) -> None:
    """Check that the file holds a new, valid pair and no second file lies beside it."""
    old = before.split(b"\n")
    file = stage.file()
    assert file.access != old[0].decode()
    assert file.refresh != old[1].decode()
    assert ADDRESS == stage.server.account_of(file.access)
    assert [stage.path.name] == stage.names()


def unchanged(stage: Stage, before: bytes) -> None:
    """Check that the file has not changed and no second file lies beside it."""
    assert before == stage.path.read_bytes()
    assert [stage.path.name] == stage.names()


def test_rotation(stage: Stage) -> None:
    """A refresh saves both new tokens; nothing else in the file changes."""
    before = stage.change(login_hint="delegate@demo.example", signed_in_at=1_000_000.0)
    outcome = refresh_mailbox(stage.job())
    rotated(stage, before)
    assert outcome.renewed
    assert ("delegate@demo.example", 1_000_000.0) == (
        stage.file().login_hint,
        stage.file().signed_in_at,
    )
    assert outcome.expires_at is not None
    assert int(outcome.expires_at) == stage.file().expires_at


END = 1_900_000_000.0


def an_answer(stage: Stage, **content: object) -> None:
    """Let the provider answer the next refresh with this, beside an access token."""
    whole = {"access_token": "the-next-access-token", **content}
    stage.server.faults.append(Fault(200, json.dumps(whole).encode()))


def test_the_end_of_the_refresh_token(make_stage: MakeStage) -> None:
    """An answer that says when the refresh token ends is kept; a new token's end isn't guessed."""
    stage = make_stage(clock=lambda: END - 10_000)
    stage.sign_in(check=False)
    assert stage.file().refresh_expires_at is None
    stage.age()
    for content, end in (
        ({"refresh_token": "refresh-token-1", "refresh_token_expires_in": 10_000}, END),
        ({}, END),
        ({"refresh_token": "refresh-token-1"}, END),
        ({"refresh_token_expires_in": 9_000}, END - 1000),
        ({"refresh_token": "refresh-token-2"}, None),
    ):
        an_answer(stage, **content)
        refresh_mailbox(stage.job(), min_left=float("inf"))
        assert end == stage.file().refresh_expires_at, content
        stage.age()


@pytest.mark.parametrize(("life", "end"), [(10_000, END), (None, None)])
def test_the_end_of_a_refresh_token_alone(
    make_stage: MakeStage, life: float | None, end: float | None
) -> None:
    """Also if the answer has no usable access token."""
    stage = make_stage(clock=lambda: END - 10_000)
    stage.sign_in(check=False)
    stage.age()
    stage.change(refresh_expires_at=END + 1)
    an_answer(
        stage, access_token="", refresh_token="refresh-token-1", refresh_token_expires_in=life
    )
    with pytest.raises(TryAgain):
        refresh_mailbox(stage.job())
    assert ("refresh-token-1", end) == (stage.file().refresh, stage.file().refresh_expires_at)


def test_no_login_and_no_browser(stage: Stage) -> None:
    """A refresh alone neither logs in to the mailbox nor opens a browser."""
    refresh_mailbox(stage.job())
    assert (0, []) == (stage.mailbox.logins + stage.mailbox.refusals, stage.browser.opened)


def test_the_old_refresh_token_stays(make_stage: MakeStage) -> None:
    """If the provider doesn't rotate refresh tokens, line 2 stays."""
    stage = make_stage(server={"rotating": False})
    stage.sign_in(check=False)
    stage.age()
    before = stage.file()
    refresh_mailbox(stage.job())
    assert before.access != stage.file().access
    assert before.refresh == stage.file().refresh


def test_saved_before_checked(stage: Stage) -> None:
    """Refreshed tokens are saved even if the mailbox then refuses them."""
    before = stage.path.read_bytes()
    stage.mailbox.account_of = lambda token: None
    with pytest.raises(Refused):
        get_token(stage.job(), stage.methods())
    rotated(stage, before)


def test_a_dead_grant(stage: Stage) -> None:
    """With a revoked grant a sign-in is needed; the file stays."""
    before = stage.path.read_bytes()
    stage.server.revoke_grants()
    with pytest.raises(SignInNeeded) as caught:
        refresh_mailbox(stage.job())
    assert "oauth_grant_ended" == caught.value.verdict.id
    assert "invalid_grant" in caught.value.detail
    assert "imapsync can use the token in the file until" in caught.value.notes[0]
    unchanged(stage, before)


@pytest.mark.parametrize("refresh_token", ["", "other-refresh-token"])
def test_another_program_did_not_help(stage: Stage, refresh_token: str) -> None:
    """Another program's refresh token is tried once; if it is invalid too, it stays in the file."""
    signed_in_elsewhere = meanwhile(stage, refresh_token)
    with pytest.raises(SignInNeeded):
        refresh_mailbox(stage.job())
    signed_in_elsewhere.join()
    assert refresh_token == stage.file().refresh
    assert (2 if refresh_token else 1) == stage.server.token_requests - 1


def meanwhile(stage: Stage, refresh_token: str, **changes: str) -> threading.Thread:
    """Another program rewrites the file while the response about the old grant is on its way."""
    stage.server.faults.append(Fault(400, b'{"error": "invalid_grant"}', delay=0.4))
    asked = stage.server.token_requests

    def rewrite() -> None:
        while stage.server.token_requests == asked:
            time.sleep(0.01)
        stage.change(refresh=refresh_token, **changes)

    thread = threading.Thread(target=rewrite)
    thread.start()
    return thread


def test_another_program_signed_in(stage: Stage) -> None:
    """A grant that another program has written meanwhile is used; the user needn't sign in."""
    alive = stage.file().refresh
    stage.change(refresh="a-dead-refresh-token")
    thread = meanwhile(stage, alive, login_hint="theirs@demo.example")
    outcome = get_token(stage.job(check=False), stage.methods())
    thread.join()
    assert outcome.renewed
    assert [] == stage.browser.opened
    assert ADDRESS == stage.server.account_of(stage.file().access)
    assert "theirs@demo.example" == stage.file().login_hint


def test_the_file_became_somebody_elses(stage: Stage) -> None:
    """A file that now names another account is neither used nor replaced."""
    thread = meanwhile(stage, "their-refresh-token", account="them@demo.example")
    with pytest.raises(Refused):
        refresh_mailbox(stage.job())
    thread.join()
    assert "their-refresh-token" == stage.file().refresh


@pytest.mark.parametrize(
    "fault",
    [
        Fault(503, b"", headers={"Retry-After": "7"}),
        Fault(429, b"{}"),
        Fault(200, b"<html>", "text/html"),
        Fault(200, b'{"access_token": "two words!"}'),
        Fault(302, headers={"Location": "https://localhost:1/"}),
        Fault(drop=True),
    ],
)
def test_transient(stage: Stage, fault: Fault) -> None:
    """A temporary problem leaves the file unchanged; a note says how long it is valid."""
    before = stage.path.read_bytes()
    stage.server.faults.append(fault)
    with pytest.raises(TryAgain) as caught:
        refresh_mailbox(stage.job())
    unchanged(stage, before)
    assert "imapsync can use the token in the file until" in caught.value.notes[0]
    assert (7 if fault.headers.get("Retry-After") else 0) == caught.value.retry_after
    assert refresh_mailbox(stage.job()).renewed


@pytest.mark.parametrize(
    ("left", "words"),
    [(100, "can use the token in the file until"), (-1, "has expired"), (None, "not known")],
)
def test_what_is_left(stage: Stage, left: float | None, words: str) -> None:
    """A note says how long imapsync can use the token in the file."""
    stage.change(expires_at=left and time.time() + left)
    stage.server.close()
    with pytest.raises(TryAgain) as caught:
        refresh_mailbox(stage.job(), min_left=FOREVER)
    assert words in caught.value.notes[0]


@pytest.mark.parametrize(
    ("answer", "kind", "verdict"),
    [
        ({"error": "invalid_client"}, Misconfigured, "oauth_secret_missing"),
        ({"error": "unauthorized_client"}, Misconfigured, "oauth_client_not_allowed"),
        ({"error": "invalid_scope"}, Misconfigured, "oauth_scope_refused"),
        ({"error": "invalid_grant", "error_codes": [50057]}, Refused, "ms_account_disabled"),
        ({"error": "invalid_grant", "error_codes": [53003]}, Refused, "ms_conditional_access"),
        ({"error": "invalid_grant", "error_codes": [50196]}, TryAgain, "ms_request_loop"),
        (
            {"error": "invalid_grant", "error_description": "Account has been deleted"},
            Refused,
            "account_closed",
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_no_sign_in_heals(
    stage: Stage, answer: dict[str, object], kind: type[AppError], verdict: str
) -> None:
    """It is reported, no browser opens, the file stays, and a note says how long that is enough."""
    before = stage.path.read_bytes()
    for renew in (refresh_mailbox, partial(get_token, methods=stage.methods())):
        stage.server.faults.append(Fault(400, json.dumps(answer).encode()))
        with pytest.raises(AppError) as caught:
            renew(stage.job())
        assert (kind, verdict) == (type(caught.value), caught.value.verdict.id)
        assert "imapsync can use the token in the file until" in caught.value.notes[0]
        unchanged(stage, before)
    assert [] == stage.browser.opened


@pytest.mark.parametrize("code", [50055, 50076, 65001, 70043, 500999])
def test_what_a_sign_in_heals(stage: Stage, code: int) -> None:
    """A user who is present goes to the sign-in; a refresh alone ends with exit code 3."""
    answer = Fault(400, json.dumps({"error": "invalid_grant", "error_codes": [code]}).encode())
    before = stage.path.read_bytes()
    stage.server.faults.append(answer)
    with pytest.raises(SignInNeeded) as caught:
        refresh_mailbox(stage.job())
    assert ExitCode.SIGN_IN_NEEDED == caught.value.exit_code
    unchanged(stage, before)
    stage.server.faults.append(answer)
    get_token(stage.job(), stage.methods())
    assert 1 == len(stage.browser.opened)
    assert f"A sign-in is needed: {caught.value.message}" in stage.said()


@pytest.mark.parametrize(("days", "verdict"), [(7.1, "week_ended"), (3, "own_registration")])
def test_the_age_of_the_sign_in_decides(make_stage: MakeStage, days: float, verdict: str) -> None:
    """Google ends sign-ins of a registration in testing after seven days, with other words."""
    stage = make_stage(flow=FlowKind.GOOGLE)
    stage.sign_in(check=False)
    stage.age()
    stage.change(signed_in_at=stage.clock() - days * 86400)
    words = b'{"error": "invalid_grant", "error_description": "Token has been expired or revoked."}'
    stage.server.faults.append(Fault(400, words))
    with pytest.raises(SignInNeeded) as caught:
        refresh_mailbox(stage.job())
    assert verdict in caught.value.verdict.id
    assert ADDRESS in caught.value.message


def test_a_refresh_without_the_mail_scope(stage: Stage) -> None:
    """The rotated token is saved first, then the user is told that it opens no mailbox."""
    pair = {"access_token": "the-new-access-token", "refresh_token": "the-new-refresh-token"}
    stage.server.faults.append(Fault(200, json.dumps(pair | {"scope": "openid"}).encode()))
    with pytest.raises(SignInNeeded) as caught:
        refresh_mailbox(stage.job())
    assert "oauth_scope_missing" == caught.value.verdict.id
    file = stage.file()
    assert pair == {"access_token": file.access, "refresh_token": file.refresh}


def test_a_lost_answer(stage: Stage) -> None:
    """If the response with rotated tokens is lost, the file stays, and then a sign-in is needed."""
    before = stage.path.read_bytes()
    stage.server.faults.append(Fault(commit=True, drop=True))
    with pytest.raises(TryAgain):
        refresh_mailbox(stage.job())
    unchanged(stage, before)
    with pytest.raises(SignInNeeded):
        refresh_mailbox(stage.job())
    unchanged(stage, before)


def test_silence_ends(stage: Stage) -> None:
    """A silent server is given up after the time limit."""
    before = stage.path.read_bytes()
    stage.server.faults.append(Fault(delay=60))
    with pytest.raises(TryAgain):
        refresh_mailbox(stage.job(timeout=QUICK))
    unchanged(stage, before)


def left_beside(stage: Stage, content: bytes) -> None:
    """Leave a `.new` file, as a run does that could not move it to the token file's place."""
    before = stage.path.read_bytes()
    with prepare(stage.path) as replacement:
        replacement.commit(content)
    stage.path.rename(new_path(stage.path))
    stage.path.write_bytes(before)


def test_what_an_earlier_run_left(stage: Stage) -> None:
    """Newer tokens in the `.new` file are recovered, with a note."""
    newer = replace(stage.file(), access="the-newer-access-token", expires_at=time.time() + 3600)
    left_beside(stage, serialize(newer, now=time.time()))
    outcome = refresh_mailbox(stage.job())
    assert not outcome.renewed
    assert "the-newer-access-token" == stage.file().access
    assert [stage.path.name] == stage.names()
    assert "Recovered newer tokens" in stage.said()


def test_what_was_left_is_renewed_from(stage: Stage) -> None:
    """The refresh token in the `.new` file is the one that is used."""
    alive = stage.file()
    stage.change(refresh="the-refresh-token-before")
    left_beside(stage, serialize(alive, now=time.time()))
    assert refresh_mailbox(stage.job(), min_left=FOREVER).renewed
    assert alive.refresh == stage.server.last_token_form["refresh_token"]


def test_an_unused_place_is_no_token(stage: Stage) -> None:
    """A `.new` file without tokens, which a killed run leaves, is not used."""
    before = stage.path.read_bytes()
    stage.path.with_name(stage.path.name + ".new").write_bytes(os.urandom(1 << 17))
    refresh_mailbox(stage.job())
    rotated(stage, before)


@pytest.mark.parametrize(
    ("age", "left", "min_left", "renewed"),
    [
        (300, 700, 600, False),
        (300, 500, 600, True),
        (300, 500, 0, False),
        (300, -1, 0, True),
        (10, 500, FOREVER, False),
        (40, 5000, FOREVER, False),
        (70, 5000, FOREVER, True),
        (10, -1, 0, True),
        (-3000, 100, 600, True),
    ],
)
def test_enough(stage: Stage, age: float, left: float, min_left: float, renewed: bool) -> None:
    """A token that is valid long enough, or is only seconds old, needs no request."""
    now = time.time()
    before = stage.change(issued_at=now - age, expires_at=now + left)
    outcome = refresh_mailbox(stage.job(), min_left=min_left)
    assert (renewed, int(renewed)) == (outcome.renewed, stage.server.refreshes)
    if not renewed:
        unchanged(stage, before)


def test_a_user_gets_what_was_asked_for(stage: Stage) -> None:
    """However young the token is, unless another program has just refreshed it."""
    now = time.time()
    stage.change(issued_at=now - 5, expires_at=now + 3600)
    assert refresh_mailbox(stage.job(), min_left=FOREVER, even_young=True).renewed
    assert refresh_mailbox(stage.job(), min_left=FOREVER, even_young=True).renewed
    assert 2 == stage.server.refreshes


def test_no_refresh_token(stage: Stage) -> None:
    """Without a refresh token a valid access token is fine, an expired one needs a sign-in."""
    stage.change(refresh="", expires_at=time.time() + 100)
    assert not refresh_mailbox(stage.job()).renewed
    stage.change(expires_at=time.time() - 1)
    with pytest.raises(SignInNeeded):
        refresh_mailbox(stage.job())
    assert 1 == stage.server.token_requests


def test_no_file(make_stage: MakeStage) -> None:
    """Without a file, or even a folder, nothing is refreshed and none is created."""
    stage = make_stage()
    with pytest.raises(SignInNeeded):
        refresh_mailbox(stage.job())
    assert not stage.path.parent.exists()


def test_a_file_of_somebody_else(stage: Stage) -> None:
    """A file of another account is refused before any request."""
    before = stage.change(account="them@demo.example")
    with pytest.raises(Refused, match=r"them@demo\.example"):
        refresh_mailbox(stage.job())
    unchanged(stage, before)
    assert 1 == stage.server.token_requests


def test_a_file_with_words_of_all_kinds(stage: Stage) -> None:
    """Odd text in the # lines, written by the user, doesn't lose the refreshed tokens."""
    text = stage.path.read_text().replace(
        "# Provider", "# Login hint is J\u00fcrgen \u2603\n# Provider"
    )
    stage.path.write_text(text, encoding="utf-8")
    before = stage.path.read_bytes()
    refresh_mailbox(stage.job())
    rotated(stage, before)


UNREADABLE = ["#comment-like-token", "short", "two\nlines", "", "x" * 40_000]


@pytest.mark.parametrize(
    "token", [*UNREADABLE, "{brace", '"quoted"', None], ids=lambda token: repr(token)[:12]
)
def test_an_unusable_access_token(stage: Stage, token: str | None) -> None:
    """It is refused, but the refresh token beside it is saved: the old one may have ended."""
    before = stage.file()
    answer = {"access_token": token, "refresh_token": "the-new-refresh-token"}
    stage.server.faults.append(Fault(200, json.dumps(answer).encode()))
    with pytest.raises(TryAgain) as caught:
        refresh_mailbox(stage.job())
    assert "imapsync can use the token in the file until" in caught.value.notes[0]
    assert replace(before, refresh="the-new-refresh-token") == stage.file()
    with pytest.raises(SignInNeeded):  # the demo server doesn't know it
        refresh_mailbox(stage.job())
    assert "the-new-refresh-token" == stage.server.last_token_form["refresh_token"]


@pytest.mark.parametrize("token", UNREADABLE, ids=lambda token: repr(token)[:12])
def test_an_unusable_refresh_token(stage: Stage, token: str) -> None:
    """The old one stays in its place."""
    before = stage.file()
    answer = {"access_token": "a-good-access-token", "refresh_token": token}
    stage.server.faults.append(Fault(200, json.dumps(answer).encode()))
    refresh_mailbox(stage.job())
    assert ("a-good-access-token", before.refresh) == (stage.file().access, stage.file().refresh)


@pytest.mark.parametrize("access", ["", "two\nlines"])
def test_an_error_beside_a_refresh_token(stage: Stage, access: str) -> None:
    """A server that reports an error may repeat any token, so nothing is saved."""
    before = stage.path.read_bytes()
    answer = {"error": "server_error", "access_token": access, "refresh_token": "of-an-error"}
    stage.server.faults.append(Fault(200, json.dumps(answer).encode()))
    with pytest.raises(TryAgain):
        refresh_mailbox(stage.job())
    unchanged(stage, before)


def test_a_held_lock(stage: Stage) -> None:
    """A program that holds the lock is waited for, half of the time limit; no request is sent."""
    before = stage.path.read_bytes()
    began = time.monotonic()
    with (
        locked(stage.path, timeout=1, cancelled=Cancellation()),
        pytest.raises(LockTimeout),
    ):
        refresh_mailbox(stage.job(timeout=QUICK))
    assert QUICK / 2 <= time.monotonic() - began < AT_ONCE
    assert before == stage.path.read_bytes()
    assert 0 == stage.server.refreshes


def test_the_time_limit_is_for_all(stage: Stage) -> None:
    """The time spent waiting for the lock shortens the time for the response."""
    stage.server.faults.append(Fault(delay=30))
    held, released = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(stage.path, timeout=1, cancelled=Cancellation()), prepare(stage.path):
            held.set()
            released.wait(1.3)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    began = time.monotonic()
    with pytest.raises(TryAgain, match="did not answer in time"):
        refresh_mailbox(stage.job(timeout=3))
    holder.join()
    assert 2.9 <= time.monotonic() - began < 1.3 + 3


def test_cancelled_while_waiting_for_the_lock(stage: Stage) -> None:
    """Waiting for another program can be cancelled at once."""
    timer = threading.Timer(0.1, stage.cancelled.set)
    began = time.monotonic()
    with locked(stage.path, timeout=1, cancelled=Cancellation()):
        timer.start()
        with pytest.raises(AppError, match="Cancelled"):
            refresh_mailbox(stage.job(timeout=60))
    timer.join()
    assert time.monotonic() - began < AT_ONCE


SLOW = Fault(
    200,
    b'{"access_token": "the-slow-access-token", "refresh_token": "the-slow-refresh-token",'
    b' "expires_in": 3600}',
    delay=0.4,
)


def test_cancelled_while_asking(stage: Stage) -> None:
    """After a cancellation during the request the tokens are saved; then the work ends."""
    before = stage.path.read_bytes()
    shielded: list[bool] = []

    def cancel() -> None:
        while stage.server.token_requests < 2:
            time.sleep(0.01)
        shielded.append(stage.cancelled.shielded)
        stage.cancelled.set()

    stage.server.faults.append(SLOW)
    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Cancelled):
        refresh_mailbox(stage.job())
    thread.join()
    assert [True] == shielded
    assert not stage.cancelled.shielded
    assert b"the-slow-access-token\nthe-slow-refresh-token\n" == stage.path.read_bytes()[:45]
    assert before != stage.path.read_bytes()


def test_threads_cost_one_refresh(stage: Stage) -> None:
    """Ten threads that refresh the same file send one request."""
    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda _: refresh_mailbox(stage.job()), range(10)))
    assert 1 == stage.server.refreshes
    assert 1 == sum(outcome.renewed for outcome in outcomes)
    assert 1 == len({outcome.expires_at and int(outcome.expires_at) for outcome in outcomes})


PROCESS = """
import pickle, sys, time
from core.cancel import Cancellation
from core.mailbox.job import Job, Dependencies
from core.providers.live_catalog import LiveCatalog
from core.mailbox.get_token import refresh_mailbox
request, catalog, own_file = pickle.load(sys.stdin.buffer)
NO_DNS = lambda domain, timeout: []
providers = LiveCatalog(own_file, lambda _: catalog)
dependencies = Dependencies(providers, NO_DNS, time.time)
outcome = refresh_mailbox(Job(request, dependencies, lambda event: None, Cancellation()))
sys.stdout.buffer.write(pickle.dumps(outcome))
"""


def test_processes_cost_one_refresh(stage: Stage) -> None:
    """Twenty programs that refresh the same file send one request."""
    job = stage.job(timeout=60.0)
    told = pickle.dumps((job.request, stage.catalog, stage.own_file))
    root = Path(__file__).parent.parent
    path = os.pathsep.join([str(root), str(root / "tests")])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        for _ in range(20)
    ]
    with ThreadPoolExecutor(20) as pool:
        outputs = list(pool.map(lambda process: process.communicate(told)[0], processes))
    assert [0] * 20 == [process.returncode for process in processes]
    outcomes: list[Outcome] = [pickle.loads(output) for output in outputs]  # noqa: S301
    assert 1 == stage.server.refreshes
    assert 1 == sum(outcome.renewed for outcome in outcomes)
    assert ADDRESS == stage.server.account_of(stage.file().access)


def marred(stage: Stage, how: Callable[[bytes], bytes]) -> None:
    """Change the token file as an editor or a copy does."""
    stage.path.write_bytes(how(stage.path.read_bytes()))


MARRED: dict[str, Callable[[bytes], bytes]] = {
    "cr lf": lambda content: content.replace(b"\n", b"\r\n"),
    "bom": lambda content: b"\xef\xbb\xbf" + content,
    "blank": lambda content: content.replace(b"\n", b" \n", 1),
    "no-break space": lambda content: content.replace(b"\n", "\u00a0\n".encode(), 1),
    "blank line": lambda content: b"\n" + content,
    "bearer": lambda content: b"Bearer " + content,
}


@pytest.mark.parametrize("how", MARRED.values(), ids=MARRED)
def test_a_fresh_file_is_written_anew_without_a_question(
    stage: Stage, how: Callable[[bytes], bytes]
) -> None:
    """imapsync sends the whole first line, so the form counts, however fresh the token is."""
    before, asked = stage.file(), stage.server.token_requests
    marred(stage, how)
    assert Condition.UNUSABLE is mailbox_at(stage.path, stage.catalog).condition(stage.clock())
    outcome = refresh_mailbox(stage.job(), min_left=0)
    assert (False, asked) == (outcome.renewed, stage.server.token_requests)
    assert before == stage.file()
    assert before.access.encode() == stage.path.read_bytes().split(b"\n")[0]
    assert "written anew with the same tokens" in stage.said()
    assert Condition.UNUSABLE is not mailbox_at(stage.path, stage.catalog).condition(stage.clock())


# After a blank line, a token alone would be a refresh token.
@pytest.mark.parametrize("name", [name for name in MARRED if name != "blank line"])
def test_a_file_without_a_refresh_token_is_mended_too(stage: Stage, name: str) -> None:
    """As long as its token is valid."""
    how = MARRED[name]
    stage.change(refresh="")
    before = stage.file()
    marred(stage, how)
    refresh_mailbox(stage.job())
    assert before == stage.file()
    assert stage.file().usable
    marred(stage, how)
    assert get_token(stage.job(), None).checked
    assert stage.file().usable


@pytest.mark.parametrize("word", ["", "null", "None"])
def test_a_file_without_an_access_token_is_never_fresh(stage: Stage, word: str) -> None:
    """Whatever its lines with times say."""
    marred(stage, lambda content: word.encode() + content[content.index(b"\n") :])
    assert refresh_mailbox(stage.job()).renewed
    assert stage.file().usable


def test_a_first_line_without_a_token_is_told(stage: Stage) -> None:
    """After a failed refresh, nothing says that imapsync can go on."""
    marred(stage, lambda content: content[content.index(b"\n") :])
    stage.server.close()
    with pytest.raises(TryAgain) as caught:
        refresh_mailbox(stage.job())
    assert "no token that imapsync can use" in caught.value.notes[0]


def test_neither_an_access_token_nor_a_way_to_one(stage: Stage) -> None:
    """A file with only the tokens of an unknown grant is no success."""
    stage.change(grant="future")
    marred(stage, lambda content: content[content.index(b"\n") :])
    with pytest.raises(AppError) as caught:
        refresh_mailbox(stage.job())
    assert "grant_unknown" == caught.value.verdict.id
