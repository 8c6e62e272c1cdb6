"""Tests of "Get token": refresh, else sign in; test the login; save; lose nothing."""

import os
import stat
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import AppError, Cancelled, ExitCode, Refused, SignInNeeded, TryAgain
from core.events import BrowserFailed, LinkAsked, PasteRefused, WaitingForBrowser
from core.mailbox.get_token import get_token
from core.model import FlowKind, Note
from core.oauth.sign_in.response_queue import ResponseQueue
from core.providers.by_hand import by_hand
from core.providers.catalog import Catalog
from core.providers.live_catalog import LiveCatalog
from core.providers.overrides import Overrides
from core.tokenfile.folder_warnings import folder_warnings
from core.tokenfile.format import NotATokenFile
from core.verdicts.verdict import Kind
from faulty_servers.imap_server import Behaviour
from faulty_servers.responses import Fault
from servers import (
    ADDRESS,
    AT_ONCE,
    QUICK,
    MakeStage,
    Stage,
    Unhurried,
    changed,
    fixed,
    location_of,
)

OTHER = "other@demo.example"


def works(stage: Stage) -> bool:
    """Whether line 1 of the file opens the mailbox."""
    return stage.server.account_of(stage.file().access) is not None


def warnings(stage: Stage) -> str:
    """The notes that the user should read."""
    return "\n".join(e.text for e in stage.events if isinstance(e, Note) and e.warning)


@pytest.fixture
def dead(stage: Stage) -> bytes:
    """A mailbox that was signed in, but whose grant is revoked; returns the file's content."""
    stage.sign_in()
    content = stage.age()
    stage.server.revoke_grants()
    stage.mailbox.tokens_seen.clear()
    return content


@pytest.mark.parametrize("kind", list(FlowKind))
def test_first_sign_in(make_stage: MakeStage, kind: FlowKind) -> None:
    """Without a file the browser opens; the tokens are tested with a login, then saved."""
    stage = make_stage(flow=kind)
    outcome = get_token(stage.job(), stage.methods())
    assert (True, True, ADDRESS, "demo") == (
        outcome.renewed,
        outcome.checked,
        outcome.address,
        outcome.provider,
    )
    assert str(stage.path) == outcome.file
    assert Path(outcome.file).is_absolute()
    file = stage.file()
    assert [file.access] == stage.mailbox.tokens_seen
    assert (ADDRESS, "demo", "demo") == (file.account, file.provider, file.application)
    assert "" != file.refresh
    assert file.signed_in_at == file.issued_at
    assert 1 == len(stage.browser.opened)
    assert [stage.path.name] == stage.names()


@pytest.mark.parametrize(
    ("folders", "words"), [(["INBOX"], "1 folder found"), (["INBOX", "Sent"], "2 folders found")]
)
def test_folders_are_counted(make_stage: MakeStage, folders: list[str], words: str) -> None:
    """The number is right in grammar too."""
    stage = make_stage(mailbox={"folders": folders})
    get_token(stage.job(), stage.methods())
    assert words in stage.said()


def test_a_token_of_a_year_is_valid_until_a_date(make_stage: MakeStage) -> None:
    """A time alone would be read as one of today."""
    stage = make_stage(server={"token_lifetime": 365 * 86400})
    get_token(stage.job(), stage.methods())
    day = datetime.fromtimestamp(stage.file().expires_at or 0)
    assert f"the token is valid until {day:%Y-%m-%d %H:%M}" in stage.said()
    stage.events.clear()
    get_token(stage.job(), stage.methods())
    day = datetime.fromtimestamp(stage.file().expires_at or 0)
    assert f"it is valid until {day:%Y-%m-%d %H:%M}" in stage.said()


def test_what_is_said_before_the_browser(stage: Stage) -> None:
    """Before the browser opens, the user is told what the page will show."""
    seen: list[int] = []
    stage.browser.opened = Recording(lambda: seen.append(len(stage.events)))
    get_token(stage.job(), stage.methods())
    waiting = next(event for event in stage.events if isinstance(event, WaitingForBrowser))
    assert stage.events.index(waiting) < seen[0]
    assert (ADDRESS, "Demo", True, False) == (
        waiting.sign_in_as,
        waiting.application_label,
        waiting.opens_browser,
        waiting.takes_paste,
    )
    assert "Provider of you@demo.example: demo (" in stage.said()


class Recording(list[str]):
    """A list that calls a function when something is appended."""

    def __init__(self, called: Callable[[], None]) -> None:
        super().__init__()
        self._called = called

    def append(self, item: str) -> None:
        """Call the function, then append."""
        self._called()
        super().append(item)


@pytest.mark.only_on("posix", reason="Windows has no modes")
def test_the_file_is_private(stage: Stage) -> None:
    """Nobody else can read the file or its folder."""
    stage.sign_in()
    assert 0o600 == stat.S_IMODE(stage.path.stat().st_mode)
    assert 0o700 == stat.S_IMODE(stage.path.parent.stat().st_mode)


@pytest.mark.only_on("posix", reason="Windows has no modes")
def test_a_file_that_others_can_read_is_told_of_once(stage: Stage) -> None:
    """A warning is shown once a run for a file that others can read; a refresh leaves it so."""
    stage.sign_in()
    assert "can be read" not in warnings(stage)
    stage.path.chmod(0o644)

    get_token(stage.job(), stage.methods())

    assert 1 == warnings(stage).count(f"{stage.path} can be read by every user of this computer")


@pytest.mark.parametrize("rotating", [True, False])
def test_second_run(make_stage: MakeStage, rotating: bool) -> None:
    """With a file the tokens are refreshed; no browser opens."""
    stage = make_stage(server={"rotating": rotating})
    stage.sign_in()
    before = stage.file()
    stage.mailbox.tokens_seen.clear()
    outcome = get_token(stage.job(), stage.methods())
    assert (True, True) == (outcome.renewed, outcome.checked)
    assert [] == stage.browser.opened
    assert [stage.file().access] == stage.mailbox.tokens_seen  # the old token isn't tested
    assert before.access != stage.file().access
    assert rotating == (before.refresh != stage.file().refresh)
    assert works(stage)
    assert before.signed_in_at == stage.file().signed_in_at


def test_dead_grant(stage: Stage, dead: bytes) -> None:
    """With a revoked grant the browser opens, and line 2 is new."""
    outcome = get_token(stage.job(), stage.methods())
    assert (True, True, 1) == (outcome.renewed, outcome.checked, len(stage.browser.opened))
    assert stage.file().refresh.encode() not in dead
    assert works(stage)
    assert "invalid_grant" in stage.said()


TROUBLES = [
    Fault(503),
    Fault(429),
    Fault(200, b"<html>", "text/html"),
    Fault(302, headers={"Location": "https://localhost:1/"}),
    Fault(200, b'{"access_'),
    Fault(drop=True),
    Fault(commit=True, drop=True),
]


@pytest.mark.parametrize("fault", TROUBLES)
def test_trouble_opens_no_browser(stage: Stage, fault: Fault) -> None:
    """A problem of the network or server ends the run.

    A note says how long the token is valid.
    """
    stage.sign_in()
    before = stage.age(left=500)
    stage.server.faults.append(fault)
    with pytest.raises(TryAgain) as caught:
        get_token(stage.job(), stage.methods())
    assert [] == stage.browser.opened
    assert "imapsync can use the token in the file until" in caught.value.notes[0]
    assert before == stage.path.read_bytes()


def test_a_stopped_provider_opens_no_browser(stage: Stage) -> None:
    """A provider that can't be reached opens no browser either."""
    stage.sign_in()
    before = stage.age(left=-5)
    stage.server.close()
    stage.mailbox.close()
    with pytest.raises(TryAgain, match="refused the connection") as caught:
        get_token(stage.job(), stage.methods())
    assert [] == stage.browser.opened
    assert "has expired" in caught.value.notes[0]
    assert before == stage.path.read_bytes()


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_scope"])
def test_rejected(stage: Stage, error: str) -> None:
    """An error that a new sign-in doesn't solve opens no browser."""
    stage.sign_in()
    before = stage.age()
    stage.server.faults.append(Fault(401, f'{{"error": "{error}"}}'.encode()))
    with pytest.raises(AppError) as caught:
        get_token(stage.job(), stage.methods())
    assert ExitCode.FAILED == caught.value.exit_code
    assert [] == stage.browser.opened
    assert before == stage.path.read_bytes()


@pytest.mark.parametrize(
    "answer",
    [
        "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
        "NO AUTHENTICATE failed.",
        "NO [ALERT] Your account is not enabled for IMAP use.",
        "NO [CONTACTADMIN] Ask somebody.",
    ],
)
@pytest.mark.parametrize("start_over", [False, True])
def test_a_sign_in_whose_account_is_refused(
    stage: Stage, dead: bytes, answer: str, start_over: bool
) -> None:
    """The old file does not change."""
    stage.mailbox.login_says.append(answer)
    with pytest.raises(Refused) as caught:
        get_token(stage.job(start_over=start_over), stage.methods())
    assert Kind.REFUSED_ACCOUNT is caught.value.kind
    assert "not saved" in caught.value.notes[0]
    assert dead == stage.path.read_bytes()
    assert [stage.path.name] == stage.names()
    assert [] == stage.cancelled.waits
    assert 1 == len(stage.browser.opened)


def test_a_refused_first_sign_in_leaves_no_file(stage: Stage) -> None:
    """If there was no file, none is created."""
    stage.mailbox.behaviour = Behaviour.REFUSE
    with pytest.raises(Refused):
        get_token(stage.job(), stage.methods())
    assert [] == stage.names()


UNTESTED = {
    "busy": "imap_busy",
    "out of reach": None,
    "not connected": "imap_not_connected",
    "unknown words": "imap_refused_unknown",
    "no OAuth2": "imap_no_oauth2",
}


def make_untestable(stage: Stage, name: str) -> None:
    """Let every login end with an answer that says nothing about the account."""
    match name:
        case "busy":
            stage.mailbox.behaviour = Behaviour.BYE
        case "out of reach":
            stage.mailbox.close()
        case "not connected":
            stage.mailbox.behaviour = Behaviour.LIST_NO
        case "unknown words":
            stage.mailbox.login_says.extend(["NO Computer says no."] * 2)
        case "no OAuth2":
            stage.mailbox.behaviour = Behaviour.NO_XOAUTH2


@pytest.mark.parametrize("name", UNTESTED)
@pytest.mark.parametrize(
    ("old", "account", "saved"),
    [
        ("none", ADDRESS, True),
        ("none", ADDRESS.upper(), True),
        ("none", None, True),
        ("none", OTHER, False),
        ("living", ADDRESS, True),
        ("living", None, False),
        ("living", OTHER, False),
        ("ended", None, True),
        ("ended", OTHER, False),
    ],
)
def test_a_login_that_proves_nothing(
    stage: Stage,
    request: pytest.FixtureRequest,
    name: str,
    old: str,
    account: str | None,
    saved: bool,
) -> None:
    """Unproved tokens are saved if nothing can be lost, or if the id token names the account."""
    before = request.getfixturevalue("dead") if old != "none" else None
    if old == "ended":
        before = stage.change(expires_at=time.time() - 1)
    stage.server.id_token_account = account  # type: ignore[assignment]  # None: no such claim
    make_untestable(stage, name)
    if saved:
        outcome = get_token(stage.job(), stage.methods())
        assert (True, False) == (outcome.renewed, outcome.checked)
        assert works(stage)
        error = outcome.login_error
        assert error is not None
        assert "the tokens are saved" in error.notes[0]
    else:
        with pytest.raises(AppError) as caught:
            get_token(stage.job(), stage.methods())
        error = caught.value
        assert "not saved" in error.notes[0]
        assert before == (stage.path.read_bytes() if stage.path.exists() else None)
    if account != OTHER:
        assert UNTESTED[name] in (None, error.verdict.id)
    elif error.verdict.id != UNTESTED[name]:
        assert OTHER in error.message
    passes = name in ("busy", "out of reach") and account != OTHER
    assert (ExitCode.TRY_AGAIN if passes else ExitCode.REFUSED) == error.exit_code


BUSY = "NO [ALERT] Too many simultaneous connections. (Failure)"
SOON = "BAD Request is throttled. Suggested Backoff Time: 2000 milliseconds"
LATER = "BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds"
UNKNOWN = "NO Computer says no."
NOT_CONNECTED = "BAD User is authenticated but not connected."


@pytest.mark.parametrize(
    ("answers", "waits", "verdict"),
    [
        ([BUSY], [], "imap_too_many_connections"),
        ([LATER], [], "imap_throttled"),
        ([SOON], [2.0], None),
        ([SOON, SOON], [2.0], "imap_throttled"),
        ([UNKNOWN], [5.0], None),
        ([UNKNOWN, UNKNOWN], [5.0], "imap_refused_unknown"),
        ([UNKNOWN, BUSY], [5.0], "imap_too_many_connections"),
        ([NOT_CONNECTED], [5.0], None),
        ([NOT_CONNECTED, NOT_CONNECTED], [5.0], "imap_not_connected"),
    ],
)
@pytest.mark.parametrize("step", ["login", "list"])
def test_a_server_is_asked_once_more(
    stage: Stage, step: str, answers: list[str], waits: list[float], verdict: str | None
) -> None:
    """Soon, if its answer may change soon; nobody waits for minutes."""
    says = stage.mailbox.login_says if step == "login" else stage.mailbox.list_says
    says.extend(answers)
    outcome = get_token(stage.job(), stage.methods())
    error = outcome.login_error
    assert verdict == (error.verdict.id if error else None)
    assert (verdict is None) == outcome.checked
    assert waits == stage.cancelled.waits
    assert works(stage)
    assert ("asked once more" in stage.said()) == bool(waits)


def test_the_second_answer_counts(stage: Stage) -> None:
    """If it speaks of the account, the tokens are not saved."""
    stage.mailbox.login_says.extend([UNKNOWN, "NO [AUTHENTICATIONFAILED] No"])
    with pytest.raises(Refused) as caught:
        get_token(stage.job(), stage.methods())
    assert "imap_token_refused" == caught.value.verdict.id
    assert [] == stage.names()


class Impatient(Unhurried):
    """Cancels as soon as it has to wait."""

    def wait(self, seconds: float) -> bool:
        """Cancel."""
        self.set()
        return super().wait(seconds)


def test_cancelled_before_the_second_question(stage: Stage) -> None:
    """The wait can be cancelled; the server isn't asked again."""
    stage.cancelled = Impatient()
    stage.mailbox.login_says.append(UNKNOWN)
    with pytest.raises(Cancelled):
        get_token(stage.job(), stage.methods())
    assert [5.0] == stage.cancelled.waits
    assert [] == stage.mailbox.tokens_seen
    assert [] == stage.names()


def test_no_check(stage: Stage, dead: bytes) -> None:
    """With --no_check there is no login, not even with the old token."""
    stage.mailbox.behaviour = Behaviour.REFUSE
    outcome = get_token(stage.job(check=False), stage.methods())
    assert (True, False) == (outcome.renewed, outcome.checked)
    assert [] == stage.mailbox.tokens_seen
    assert works(stage)


def test_start_over(stage: Stage) -> None:
    """--startover signs in although the grant is valid, and uses nothing of the file."""
    stage.sign_in()
    before = stage.file()
    get_token(stage.job(start_over=True), stage.methods())
    assert 1 == len(stage.browser.opened)
    assert 0 == stage.server.refreshes
    assert before.refresh != stage.file().refresh
    assert "authorization_code" == stage.server.last_token_form["grant_type"]


def test_start_over_at_the_same_provider(stage: Stage) -> None:
    """--startover discards the tokens, but not the provider and the account that signs in."""
    stage.sign_in(login_hint=ADDRESS)
    stage.provider = changed(stage.provider, domains=())
    get_token(stage.job(start_over=True), stage.methods())
    assert ("demo", ADDRESS) == (stage.file().provider, stage.file().login_hint)


def test_a_shared_mailbox(make_stage: MakeStage) -> None:
    """The account that signs in is remembered and used again when the grant is revoked."""
    delegate = "delegate@demo.example"
    stage = make_stage(server={"account": delegate}, mailbox={"delegates": [(delegate, ADDRESS)]})
    assert get_token(stage.job(login_hint=delegate), stage.methods()).checked
    assert delegate == stage.server.last_authorize_query["login_hint"]
    assert (ADDRESS, delegate) == (stage.file().account, stage.file().login_hint)
    get_token(stage.job(), stage.methods())
    assert delegate == stage.file().login_hint
    stage.server.revoke_grants()
    stage.server.last_authorize_query.clear()
    assert get_token(stage.job(), stage.methods()).checked
    assert delegate == stage.server.last_authorize_query["login_hint"]
    assert (ADDRESS, delegate) == (stage.file().account, stage.file().login_hint)


@pytest.fixture
def plain(make_stage: MakeStage) -> Stage:
    """A mailbox that was signed in at a provider without refresh tokens."""
    stage = make_stage(server={"gives_refresh_token": False})
    get_token(stage.job(), stage.methods())
    assert "sent no refresh token" in warnings(stage)
    stage.browser.opened.clear()
    stage.mailbox.tokens_seen.clear()
    return stage


def test_without_a_refresh_token(plain: Stage) -> None:
    """A valid access token is only tested; a refused one costs a sign-in."""
    before = plain.path.read_bytes()
    outcome = get_token(plain.job(), plain.methods())
    assert (False, True) == (outcome.renewed, outcome.checked)
    assert before == plain.path.read_bytes()
    assert [] == plain.browser.opened
    plain.server.expire_access_tokens()
    assert get_token(plain.job(), plain.methods()).renewed
    assert 1 == len(plain.browser.opened)


@pytest.mark.parametrize("name", UNTESTED)
def test_a_living_token_whose_login_proves_nothing(plain: Stage, name: str) -> None:
    """No browser opens, and the file stays."""
    before = plain.path.read_bytes()
    make_untestable(plain, name)
    with pytest.raises(AppError) as caught:
        get_token(plain.job(), plain.methods())
    assert UNTESTED[name] in (None, caught.value.verdict.id)
    assert [] == plain.browser.opened
    assert before == plain.path.read_bytes()


def test_a_token_that_is_known_to_have_expired(plain: Stage) -> None:
    """It is not tested: servers count refused logins."""
    plain.change(expires_at=time.time() - 1)
    assert get_token(plain.job(), plain.methods()).checked
    assert [plain.file().access] == plain.mailbox.tokens_seen


@pytest.mark.parametrize("step", ["login", "list"])
@pytest.mark.parametrize("answer", [BUSY, SOON, LATER, UNKNOWN, NOT_CONNECTED])
def test_a_refresh_whose_login_proves_nothing(stage: Stage, step: str, answer: str) -> None:
    """The refreshed token is saved, a warning has the server's words, and nobody waits."""
    stage.sign_in()
    says = stage.mailbox.login_says if step == "login" else stage.mailbox.list_says
    says.extend([answer] * 2)
    outcome = get_token(stage.job(), stage.methods())
    assert (True, False, None) == (outcome.renewed, outcome.checked, outcome.login_error)
    assert answer.partition(" ")[2] in warnings(stage)
    assert [] == stage.cancelled.waits
    assert [] == stage.browser.opened
    assert works(stage)


def test_a_refresh_whose_account_is_refused(stage: Stage) -> None:
    """It is told, and the refreshed token is saved."""
    stage.sign_in()
    before = stage.file()
    stage.mailbox.behaviour = Behaviour.REFUSE
    with pytest.raises(Refused):
        get_token(stage.job(), stage.methods())
    assert before.refresh != stage.file().refresh
    assert [] == stage.browser.opened


def test_line_2_is_never_the_old_one(make_stage: MakeStage) -> None:
    """A new sign-in without a refresh token leaves line 2 empty."""
    stage = make_stage(server={"gives_refresh_token": False})
    stage.sign_in()
    stage.change(refresh="the-old-refresh-token", expires_at=time.time() - 1)
    get_token(stage.job(), stage.methods())
    assert "" == stage.file().refresh


@pytest.mark.parametrize("start_over", [False, True])
def test_a_file_of_somebody_else(stage: Stage, start_over: bool) -> None:
    """A file of another account is neither used nor replaced, and no browser opens."""
    stage.sign_in()
    before = stage.change(account=OTHER)
    with pytest.raises(Refused, match=r"other@demo\.example"):
        get_token(stage.job(start_over=start_over), stage.methods())
    assert before == stage.path.read_bytes()
    assert [] == stage.browser.opened


OTHER_CONTENT = [b"\x00\xff" * 100, b"x" * 200_000, b"{}", b"one two\n", b"<html></html>"]


@pytest.mark.parametrize("content", OTHER_CONTENT)
def test_a_file_that_is_none(stage: Stage, content: bytes) -> None:
    """A file that is no token file stays as it is, and no browser opens."""
    stage.path.parent.mkdir()
    stage.path.write_bytes(content)
    with pytest.raises(NotATokenFile):
        get_token(stage.job(), stage.methods())
    assert content == stage.path.read_bytes()
    assert [] == stage.browser.opened


@pytest.mark.parametrize("content", OTHER_CONTENT)
@pytest.mark.parametrize("has_links", [True, False])
def test_starting_over_needs_nothing_of_the_file(
    stage: Stage, content: bytes, has_links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is no token file is kept under another name: the path may be mistyped."""
    if not has_links:

        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
    stage.path.parent.mkdir()
    stage.path.write_bytes(content)
    copy = stage.path.with_name(f"{stage.path.name}.before_startover")
    stage.browser.visits_pages = False
    for _ in range(2):  # nobody signs in
        with pytest.raises(SignInNeeded):
            get_token(stage.job(start_over=True), stage.methods(wait=QUICK))
        assert content == stage.path.read_bytes()
    assert str(copy) in warnings(stage)
    stage.browser.visits_pages = True
    assert get_token(stage.job(start_over=True), stage.methods()).checked
    assert (content, works(stage)) == (copy.read_bytes(), True)
    assert sorted([stage.path.name, copy.name]) == stage.names()


def test_an_empty_file(stage: Stage) -> None:
    """An empty file is treated like a missing one."""
    stage.path.parent.mkdir()
    stage.path.touch()
    assert get_token(stage.job(), stage.methods()).checked


def test_a_folder_that_cannot_be_made(stage: Stage) -> None:
    """If the tokens couldn't be saved, the user is not asked to sign in."""
    stage.path.parent.write_text("a file in the folder's place")
    with pytest.raises(AppError):
        get_token(stage.job(), stage.methods())
    assert [] == stage.browser.opened
    assert 0 == stage.server.authorize_requests


def overrides(stage: Stage, **changes: object) -> Overrides:
    """All values for a provider that is not in the catalog."""
    given = {
        "client_id": "demo",
        "authorize_uri": stage.server.authorize_uri.replace("/demo/oauth2", "/./demo/oauth2"),
        "token_uri": stage.server.token_uri,
        "scopes": ("mail", "openid"),
        "imap_host": stage.mailbox.host,
        "imap_port": stage.mailbox.port,
    }
    return by_hand(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def unknown(make_stage: MakeStage, demo_certificate: object) -> Stage:
    """A provider that is not in the catalog, with a client secret."""
    return make_stage(server={"client_secret": "s3cret"})


def at_plain_endpoint(stage: Stage) -> Overrides:
    """The endpoints of the user; they don't have Microsoft's form."""
    return overrides(stage, client_secret="s3cret", authorize_uri=stage.server.authorize_uri)


def test_by_hand(unknown: Stage) -> None:
    """The user's values are saved after a successful sign-in, so a later run needs none of them."""
    given = at_plain_endpoint(unknown)
    job = unknown.job(overrides=given, provider="mine", token_file=unknown.path)
    empty = replace(
        job,
        dependencies=replace(job.dependencies, providers=fixed(Catalog({}, {}), unknown.own_file)),
    )
    assert get_token(empty, unknown.methods()).checked
    assert f"saved as the application mine-demo in {unknown.own_file}" in unknown.said()
    assert "s3cret" not in unknown.said()
    if sys.platform != "win32":
        assert 0o600 == stat.S_IMODE(unknown.own_file.stat().st_mode)
    kept = replace(job.dependencies, providers=LiveCatalog(unknown.own_file))
    later = replace(unknown.job(token_file=unknown.path), dependencies=kept)
    unknown.browser.opened.clear()
    outcome = get_token(later, unknown.methods())
    assert (True, True, "mine") == (outcome.renewed, outcome.checked, outcome.provider)
    assert [] == unknown.browser.opened
    assert "s3cret" == unknown.server.last_token_form["client_secret"]


def test_by_hand_is_not_kept_in_vain(unknown: Stage) -> None:
    """After a failed sign-in no values are saved."""
    unknown.mailbox.behaviour = Behaviour.REFUSE
    job = unknown.job(
        overrides=at_plain_endpoint(unknown), provider="mine", token_file=unknown.path
    )
    with pytest.raises(Refused):
        get_token(job, unknown.methods())
    assert not unknown.own_file.exists()


def test_cancelled_before(stage: Stage, dead: bytes) -> None:
    """If the work is cancelled before it begins, no request is sent."""
    asked = stage.server.token_requests
    stage.cancelled.set()
    with pytest.raises(Cancelled):
        get_token(stage.job(), stage.methods())
    assert [] == stage.browser.opened
    assert asked == stage.server.token_requests
    assert dead == stage.path.read_bytes()


def test_cancelled_while_waiting(stage: Stage, dead: bytes) -> None:
    """A cancellation is noticed at once while the user is at the sign-in page."""
    opened: list[float] = []
    timer = threading.Timer(0.3, stage.cancelled.set)

    def leave_open(url: str) -> bool:
        opened.append(time.monotonic())
        timer.start()
        return True

    with pytest.raises(Cancelled):
        get_token(stage.job(), replace(stage.methods(), open_browser=leave_open))
    timer.join()
    (since,) = opened
    assert time.monotonic() - since < AT_ONCE
    assert dead == stage.path.read_bytes()


def test_cancelled_during_the_exchange(stage: Stage, dead: bytes) -> None:
    """A cancellation during the exchange of the code leaves the old file."""
    stage.server.faults.append(Fault(400, b'{"error": "invalid_grant"}'))  # to the refresh
    stage.server.faults.append(Fault(commit=True, delay=0.3, body=b'{"access_token": "long-one"}'))

    def cancel() -> None:
        while stage.server.last_token_form.get("grant_type") != "authorization_code":
            time.sleep(0.01)
        stage.cancelled.set()

    stage.server.last_token_form = {}
    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Cancelled):
        get_token(stage.job(), stage.methods())
    thread.join()
    assert dead == stage.path.read_bytes()


@pytest.mark.parametrize("redirect_uri", ["http://localhost", "https://elsewhere.example/auth"])
def test_no_way_to_a_person(stage: Stage, dead: bytes, redirect_uri: str) -> None:
    """Without a browser and without a place to paste, the sign-in fails at once."""
    job = stage.job(overrides=by_hand(redirect_uri=redirect_uri))
    browser = stage.browser if "elsewhere" in redirect_uri else None
    with pytest.raises(SignInNeeded) as caught:
        get_token(job, stage.methods(open_browser=browser))
    assert "no_browser_but_device_code" == caught.value.verdict.id
    assert 1 == stage.server.authorize_requests
    assert [] == stage.browser.opened
    assert dead == stage.path.read_bytes()


def test_the_wait_runs_out(stage: Stage, dead: bytes) -> None:
    """If the user doesn't sign in, the exit code is 3 after the time limit."""
    stage.browser.visits_pages = False
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(), stage.methods(wait=QUICK))
    assert "sign_in_not_finished_no_paste" == caught.value.verdict.id
    assert dead == stage.path.read_bytes()


def test_a_browser_that_does_not_start(stage: Stage) -> None:
    """If the browser doesn't start, the link is shown and the wait continues."""
    stage.browser.starts = False
    with pytest.raises(SignInNeeded):
        get_token(stage.job(), stage.methods(wait=QUICK))
    assert any(isinstance(event, BrowserFailed) for event in stage.events)


def test_access_denied(make_stage: MakeStage) -> None:
    """If the user refuses, the sign-in ends and the file stays."""
    stage = make_stage(server={"automatic_consent": False})
    stage.browser.form = b"decision=deny"
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(), stage.methods())
    assert "oauth_access_denied" == caught.value.verdict.id
    assert "access_denied" in caught.value.detail
    assert [] == stage.names()


@pytest.mark.parametrize("fault", [TROUBLES[0], TROUBLES[2], TROUBLES[5]])
def test_trouble_in_the_exchange(stage: Stage, dead: bytes, fault: Fault) -> None:
    """A problem during the exchange of the code leaves the old file."""
    stage.server.faults.append(Fault(400, b'{"error": "invalid_grant"}'))  # to the refresh
    stage.server.faults.append(fault)
    with pytest.raises(TryAgain):
        get_token(stage.job(), stage.methods())
    assert dead == stage.path.read_bytes()


def pasting(
    stage: Stage, *texts: Callable[[str], str]
) -> Callable[[ResponseQueue], Callable[[], None]]:
    """A user who pastes texts made from the last address."""

    def way(responses: ResponseQueue) -> Callable[[], None]:
        waiting = next(event for event in stage.events if isinstance(event, WaitingForBrowser))
        location = location_of(stage, waiting.url)
        for text in texts:
            responses.paste(text(location))
        responses.no_more_paste()
        return stage.mailbox.tokens_seen.clear

    return way


def code_in(location: str) -> str:
    """The code alone."""
    return parse_qs(urlsplit(location).query)["code"][0]


def the_url(location: str) -> str:
    """The whole address."""
    return location


@pytest.mark.parametrize("kind", list(FlowKind))
@pytest.mark.parametrize("text", [code_in, the_url])
@pytest.mark.parametrize("remote", [True, False])
def test_paste(
    make_stage: MakeStage, kind: FlowKind, text: Callable[[str], str], remote: bool
) -> None:
    """The user may paste the code or the address.

    The browser may be here or on another computer.
    """
    stage = make_stage(flow=kind)
    stage.browser.visits_pages = False
    outcome = get_token(stage.job(), stage.methods(paste=pasting(stage, text), remote=remote))
    assert outcome.checked
    assert (0 if remote else 1) == len(stage.browser.opened)


def test_paste_of_nonsense(stage: Stage) -> None:
    """Another text is refused and the wait continues; an empty line asks for the link."""
    texts: list[Callable[[str], str]] = [
        lambda location: "hello there",
        lambda location: "  ",
        lambda location: location.replace("state=", "state=x"),
        the_url,
    ]
    assert get_token(stage.job(), stage.methods(paste=pasting(stage, *texts), remote=True)).checked
    kinds = [type(e) for e in stage.events if isinstance(e, LinkAsked | PasteRefused)]
    assert [PasteRefused, LinkAsked, PasteRefused] == kinds


def test_paste_ends(stage: Stage, dead: bytes) -> None:
    """The end of standard input ends the wait if no other response is possible."""
    began = time.monotonic()
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(), stage.methods(paste=pasting(stage), remote=True))
    assert "input_ended" == caught.value.verdict.id
    assert time.monotonic() - began < AT_ONCE
    assert dead == stage.path.read_bytes()


def test_paste_ends_but_the_browser_answers(stage: Stage) -> None:
    """Otherwise the browser's response is still accepted."""

    def way(responses: ResponseQueue) -> Callable[[], None]:
        responses.no_more_paste()
        return stage.mailbox.tokens_seen.clear

    assert get_token(stage.job(), stage.methods(paste=way)).checked


def test_nothing_secret_is_said(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Neither notes nor the log hold a token, a code, a verifier or the state."""
    caplog.set_level("DEBUG")
    stage.browser.visits_pages = False
    get_token(stage.job(), stage.methods(paste=pasting(stage, the_url), remote=True))
    stage.age()
    get_token(stage.job(), stage.methods())
    own = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("core"))
    for text in (repr(stage.events), stage.said(), own):
        assert not any(secret in text for secret in stage.server.issued)


@pytest.mark.only_on("posix", reason="Windows has access lists")
def test_an_unsafe_place_is_told_of(stage: Stage) -> None:
    """A second name of the file, and a folder in which others can write."""
    stage.sign_in()
    assert "" == warnings(stage)
    os.link(stage.path, stage.path.with_name("other"))
    stage.path.parent.chmod(0o777)
    get_token(stage.job(), stage.methods())
    assert f"{stage.path} has a second name" in warnings(stage)
    assert f"Other users can write in {stage.path.parent}" in warnings(stage)
    assert [f"Other users can write in {stage.path.parent}"] == [
        warning.partition(". ")[0] for warning in folder_warnings(stage.path.parent)
    ]
