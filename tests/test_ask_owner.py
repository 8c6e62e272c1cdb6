"""Tests of requests to the owner of a mailbox: made now, finished later with the pasted answer."""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from core.errors import AppError
from core.events import PasteRefused, WaitingForOwner
from core.mailbox.ask_owner import ask_owner, finish, open_requests_of
from core.mailbox.forget import forget
from core.model import FlowKind, Outcome
from core.oauth.sign_in.methods import SignInMethods
from core.oauth.sign_in.response_queue import ResponseQueue
from core.open_requests.letter import letter
from core.open_requests.open_request import OpenRequest
from core.providers.by_hand import by_hand
from core.secret_store.store import Store
from core.verdicts.verdict import Kind
from faulty_servers.imap_server import Behaviour
from servers import ADDRESS, PATIENT, MakeStage, Stage, changed, consented
from test_sign_in import SCOPES, refusal

HOUR = 3600.0
START = 1_900_000_000.0
OTHER = "other@demo.example"


class Clock:
    """The time, which the test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time of the program."""
    return Clock()


@pytest.fixture(params=list(FlowKind))
def stage(make_stage: MakeStage, clock: Clock, request: pytest.FixtureRequest) -> Stage:
    """A provider whose sign-in uses this library."""
    return make_stage(flow=request.param, clock=clock, redirect_uri="http://localhost")


@pytest.fixture
def one_stage(make_stage: MakeStage, clock: Clock) -> Stage:
    """One provider, where the library doesn't matter."""
    return make_stage(clock=clock, redirect_uri="http://localhost")


def link_of(stage: Stage, request: OpenRequest) -> str:
    """The link of a request."""
    return open_requests_of(stage.job()).secret_of(request).begun.url


def answer_to(stage: Stage, request: OpenRequest) -> str:
    """The last address that the browser of the owner shows."""
    given = consented(stage, link_of(stage, request))
    return f"{request.redirect_uri}/?{urlencode({'code': given.code, 'state': given.state})}"


def pasting(*texts: str) -> SignInMethods:
    """Somebody who pastes these texts, then has no more."""

    def paste(responses: ResponseQueue) -> Callable[[], None]:
        for text in texts:
            responses.paste(text)
        responses.no_more_paste()
        return threading.Event().set

    return SignInMethods(open_browser=None, paste=paste, remote=True, wait=PATIENT)


def finished(stage: Stage, request: OpenRequest, *texts: str) -> Outcome:
    """Finish a request, as another run of the program would."""
    return finish(stage.job(), request, pasting(*texts))


def refused(stage: Stage, request: OpenRequest, *texts: str) -> AppError:
    """The error that ends such a run; the request stays open."""
    with pytest.raises(AppError) as caught:
        finished(stage, request, *texts)
    assert [request] == open_requests_of(stage.job()).all()
    assert any("The request stays open until" in note for note in caught.value.notes)
    return caught.value


def refused_pastes(stage: Stage) -> list[str]:
    """What each pasted text was, by its verdict."""
    return [e.error.verdict.id for e in stage.events if isinstance(e, PasteRefused)]


def test_a_request_is_finished_hours_later(stage: Stage, clock: Clock) -> None:
    """By each library; the tokens are tested and saved, and the request is gone."""
    request = ask_owner(stage.job())
    assert not stage.path.exists()
    clock.now += 20 * HOUR
    outcome = finished(stage, request, answer_to(stage, request))
    assert (str(stage.path), True, True) == (outcome.file, outcome.renewed, outcome.checked)
    assert ADDRESS == stage.server.account_of(stage.file().access)
    assert START + 20 * HOUR == stage.file().signed_in_at
    assert [] == open_requests_of(stage.job()).all()
    assert 1 == sum(isinstance(event, WaitingForOwner) for event in stage.events)


def test_the_open_one_is_shown_again(one_stage: Stage, clock: Clock) -> None:
    """Its link was sent already. After its end there is a new one."""
    request = ask_owner(one_stage.job())
    clock.now += HOUR
    assert request == ask_owner(one_stage.job())
    assert "is still open, so it is shown again" in one_stage.said()
    clock.now = request.ends_at
    assert request != ask_owner(one_stage.job())


def test_the_letter(one_stage: Stage) -> None:
    """It says who is asked for what, holds the link, and no secret."""
    request = ask_owner(one_stage.job(login_hint=OTHER))
    secret = open_requests_of(one_stage.job()).secret_of(request)
    text = letter(request, secret.begun.url)
    for part in (ADDRESS, OTHER, "Demo Mail", '"Demo"', "http://localhost", secret.begun.url):
        assert part in text
    assert secret.begun.kept["verifier"] not in text
    assert secret.begun.kept["verifier"] not in repr((request, secret))
    assert secret.begun.state not in repr((request, secret))


def test_an_answer_to_another_request(one_stage: Stage) -> None:
    """It is told what it is, and no code is sent; the right answer still counts."""
    job = one_stage.job(address=OTHER)
    other = answer_to(one_stage, ask_owner(job))
    request = ask_owner(one_stage.job())
    assert finished(one_stage, request, other, answer_to(one_stage, request)).renewed
    assert ["answer_of_another_sign_in"] == refused_pastes(one_stage)
    assert [OTHER] == [left.address for left in open_requests_of(job).all()]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Here you are!", "paste_of_unknown_text"),
        ("https://mail.example/inbox", "paste_of_foreign_address"),
        ("http://localhost/?state=x", "paste_without_code"),
    ],
)
def test_a_wrong_paste(one_stage: Stage, text: str, verdict: str) -> None:
    """It is told what it is; where nothing follows, the request stays open."""
    request = ask_owner(one_stage.job())
    error = refused(one_stage, request, text)
    assert ("request_not_answered", Kind.DEAD_GRANT) == (error.verdict.id, error.kind)
    assert [verdict] == refused_pastes(one_stage)


def test_the_owner_says_no(one_stage: Stage) -> None:
    """The link can be used once more, and then the owner says yes."""
    request = ask_owner(one_stage.job())
    error = refused(one_stage, request, "http://localhost/?error=access_denied")
    assert "oauth_access_denied" == error.verdict.id
    assert finished(one_stage, request, answer_to(one_stage, request)).renewed


def test_a_code_that_has_ended(stage: Stage) -> None:
    """A code works once and for minutes; the same link gives another."""
    request = ask_owner(stage.job())
    old = answer_to(stage, request)
    stage.server.revoke_grants()
    assert "oauth_code_refused" == refused(stage, request, old).verdict.id
    assert finished(stage, request, answer_to(stage, request)).renewed


def test_a_wrong_account(one_stage: Stage) -> None:
    """The login is refused, nothing is saved, and the right account can still sign in."""
    request = ask_owner(one_stage.job())
    one_stage.server.id_token_account = OTHER
    one_stage.mailbox.behaviour = Behaviour.REFUSE
    error = refused(one_stage, request, answer_to(one_stage, request))
    assert "imap_other_account" == error.verdict.id
    assert not one_stage.path.exists()
    one_stage.server.id_token_account, one_stage.mailbox.behaviour = ADDRESS, Behaviour.NORMAL
    assert finished(one_stage, request, answer_to(one_stage, request)).renewed


def test_a_request_that_has_ended(one_stage: Stage, clock: Clock) -> None:
    """It is told so, and its file and its store entry are gone."""
    request = ask_owner(one_stage.job())
    answer = answer_to(one_stage, request)
    requests = open_requests_of(one_stage.job())
    clock.now = request.ends_at
    with pytest.raises(AppError) as caught:
        requests.of_address(ADDRESS, None)
    assert "request_ended" == caught.value.verdict.id
    with pytest.raises(AppError) as caught:
        requests.of_address(ADDRESS, None)
    assert "no_open_request" == caught.value.verdict.id
    with pytest.raises(AppError) as caught:  # a window may still show it
        finished(one_stage, request, answer)
    assert "request_ended" == caught.value.verdict.id


def test_two_token_files_of_one_address(one_stage: Stage, tmp_path: Path) -> None:
    """Each has a request; the file says which one is meant."""
    first, second = (tmp_path / "a.txt", tmp_path / "b.txt")
    requests = open_requests_of(one_stage.job())
    made = [ask_owner(one_stage.job(token_file=path)) for path in (first, second)]
    with pytest.raises(AppError) as caught:
        requests.of_address(ADDRESS, None)
    assert "several_open_requests" == caught.value.verdict.id
    assert made == [requests.of_address(ADDRESS.upper(), path) for path in (first, second)]


def test_another_registration(one_stage: Stage) -> None:
    """A code goes only to the endpoint whose page has given it."""
    request = ask_owner(one_stage.job())
    answer = answer_to(one_stage, request)
    before = one_stage.provider
    one_stage.provider = changed(before, token_uri=before.token_uri.replace("/token", "/other"))
    with pytest.raises(AppError) as caught:
        finished(one_stage, request, answer)
    assert "request_of_other_registration" == caught.value.verdict.id


def test_values_by_hand(make_stage: MakeStage) -> None:
    """They are kept with the request, the secret too, and count when it is finished."""
    one_stage = make_stage(
        server={"client_secret": "s3cret/of+it"}, redirect_uri="http://localhost"
    )
    given = by_hand(client_secret="s3cret/of+it", scopes=("mail", "openid"))
    request = ask_owner(one_stage.job(overrides=given))
    assert "s3cret" not in repr(open_requests_of(one_stage.job()).secret_of(request))
    assert finished(one_stage, request, answer_to(one_stage, request)).renewed
    assert "s3cret/of+it" == one_stage.server.last_token_form["client_secret"]


@pytest.mark.only_on("posix", reason="Windows has access lists")
def test_the_file_is_private(one_stage: Stage) -> None:
    """In a folder that only the user can enter."""
    ask_owner(one_stage.job())
    folder = Path(os.environ["OAUTH2_IMAP_HOME"]) / "requests"
    (file,) = folder.iterdir()
    assert [0o700, 0o600] == [stat.S_IMODE(path.stat().st_mode) for path in (folder, file)]


def test_the_secret_store_has_the_secret_part(one_stage: Stage, system_store: Store) -> None:
    """With --protect nothing of it is in the file; it is gone with the request."""
    one_stage.store = system_store
    request = ask_owner(one_stage.job(protect=True))
    secret = open_requests_of(one_stage.job()).secret_of(request)
    (file,) = (Path(os.environ["OAUTH2_IMAP_HOME"]) / "requests").iterdir()
    content = file.read_text()
    assert secret.begun.state not in content
    assert secret.begun.kept["verifier"] not in content
    assert finished(one_stage, request, answer_to(one_stage, request)).renewed
    assert "" != one_stage.file().store_entry
    assert system_store.get(request.store_entry) is None


def test_forget_removes_it(one_stage: Stage) -> None:
    """With everything else of the mailbox."""
    one_stage.sign_in()
    ask_owner(one_stage.job())
    forget(one_stage.job(), revoke=False)
    assert [] == open_requests_of(one_stage.job()).all()


def test_a_broken_file_is_left_out(one_stage: Stage) -> None:
    """It is no reason to fail; a new request replaces it."""
    request = ask_owner(one_stage.job())
    folder = Path(os.environ["OAUTH2_IMAP_HOME"]) / "requests"
    (file,) = folder.iterdir()
    for content in (b"", b"[]", b"{}", b'{"secret": ""}', b"\xff", b"[" * 100_000):
        file.write_bytes(content)
        assert [] == open_requests_of(one_stage.job()).all()
    assert request == ask_owner(one_stage.job())


def test_consent_is_refused(make_stage: MakeStage) -> None:
    """The request gets a new link, which asks for the mail permission alone."""
    stage = make_stage(flow=FlowKind.MICROSOFT, scopes=SCOPES, redirect_uri="http://localhost")
    request = ask_owner(stage.job())
    first = link_of(stage, request)
    stage.server.faults.append(refusal(65001))
    with pytest.raises(AppError) as caught:
        finished(stage, request, answer_to(stage, request))
    assert any("has a new link now" in note for note in caught.value.notes)
    assert [request] == open_requests_of(stage.job()).all()
    second = link_of(stage, request)
    assert [True, False] == ["openid" in link for link in (first, second)]
    assert finished(stage, request, answer_to(stage, request)).renewed
