"""Another account has signed in than was asked for: a login decides, or else the user."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from core.errors import ExitCode, Refused, SignInNeeded
from core.events import AccountAnswer, AccountQuestion
from core.mailbox.get_token import get_token
from core.oauth.sign_in.methods import SignInMethods
from faulty_servers.imap_server import Behaviour
from faulty_servers.responses import Fault
from servers import ADDRESS, MakeStage, Stage
from test_claims import jwt

OTHER = "other@demo.example"
ID_TOKEN = jwt(email=OTHER)
BOSS = "boss@demo.example"


@dataclass(slots=True)
class User:
    """Gives these answers, one after the other, and remembers what was asked.

    `between` is what happens before the next sign-in.
    """

    answers: Sequence[AccountAnswer]
    between: Callable[[], None] = lambda: None
    asked: list[AccountQuestion] = field(default_factory=list)

    def __call__(self, question: AccountQuestion) -> AccountAnswer:
        """Answer."""
        answer = self.answers[len(self.asked)]
        self.asked.append(question)
        self.between()
        return answer


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A mailbox with living tokens of the right account; then another one signs in."""
    stage = make_stage()
    stage.sign_in()
    stage.mailbox.tokens_seen.clear()
    stage.server.id_token_account = OTHER
    return stage


def busy(stage: Stage) -> None:
    """Answer every login with a limit."""
    stage.mailbox.login_says.append("NO [LIMIT] Too many connections")


SITUATIONS: dict[str, Callable[[Stage], None]] = {
    "refused": lambda stage: setattr(stage.mailbox, "behaviour", Behaviour.REFUSE),
    "not connected": lambda stage: setattr(stage.mailbox, "behaviour", Behaviour.LIST_NO),
    "busy": busy,
    "out of reach": lambda stage: stage.mailbox.close(),
    "not tested": lambda stage: None,
}


def asked_by(stage: Stage, situation: str, user: User | None, **changes: object) -> SignInMethods:
    """A browser, and a user who can be asked."""
    SITUATIONS[situation](stage)
    return stage.methods(ask_account=user, **changes)


@pytest.mark.parametrize("user", [None, User([AccountAnswer.STOP])], ids=["script", "stop"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_nothing_is_replaced(stage: Stage, situation: str, user: User | None) -> None:
    """A script isn't asked. The error names both accounts, and the old file is kept."""
    before = stage.path.read_bytes()
    if user:
        user.asked.clear()
    methods = asked_by(stage, situation, user)
    job = stage.job(start_over=True, check=situation != "not tested")
    with pytest.raises(Refused) as caught:
        get_token(job, methods)
    error = caught.value
    assert ExitCode.REFUSED is error.exit_code
    assert OTHER in error.message
    assert ADDRESS in error.message
    assert ("The tokens of this sign-in are not saved, and nothing else was changed.",) == (
        error.notes
    )
    assert before == stage.path.read_bytes()
    assert [stage.path.name] == stage.names()
    if user:
        assert [AccountQuestion(error, OTHER, ADDRESS, ADDRESS)] == user.asked


@pytest.mark.parametrize(
    ("situation", "verdict"),
    [
        ("refused", "imap_other_account"),
        ("not connected", "imap_other_account_not_connected"),
        ("busy", "signed_in_as_another"),
        ("not tested", "signed_in_as_another"),
    ],
)
def test_what_is_told(stage: Stage, situation: str, verdict: str) -> None:
    """The server's refusal says more than our own sentence; without one, ours names both."""
    methods = asked_by(stage, situation, None)
    with pytest.raises(Refused) as caught:
        get_token(stage.job(start_over=True, check=situation != "not tested"), methods)
    assert verdict == caught.value.verdict.id
    if situation == "busy":
        assert f"The sign-in was made as {OTHER}, not as {ADDRESS}" == caught.value.message
        assert "[LIMIT] Too many connections" == caught.value.detail


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_shared_mailbox(stage: Stage, situation: str) -> None:
    """The tokens are saved, with the account that signs in; the failed login is told."""
    before = stage.file()
    user = User([AccountAnswer.SHARED_MAILBOX])
    methods = asked_by(stage, situation, user)
    job = stage.job(start_over=True, check=situation != "not tested")
    outcome = get_token(job, methods)
    assert (True, False) == (outcome.renewed, outcome.checked)
    assert 1 == len(user.asked)
    file = stage.file()
    assert before.access != file.access
    assert (ADDRESS, OTHER) == (file.account, file.login_hint)
    error = outcome.login_error
    assert (situation == "not tested") == (error is None)
    if error:
        assert "the tokens are saved" in error.notes[0]
        assert 1 == len(error.notes)
        passes = situation in ("busy", "out of reach")
        assert (ExitCode.TRY_AGAIN if passes else ExitCode.REFUSED) == error.exit_code


def test_the_next_sign_in_to_a_shared_mailbox(stage: Stage) -> None:
    """It is asked for that account, and nobody is asked again."""
    get_token(
        stage.job(start_over=True, check=False),
        stage.methods(ask_account=User([AccountAnswer.SHARED_MAILBOX])),
    )
    get_token(stage.job(start_over=True, check=False), stage.methods())
    assert OTHER == stage.server.last_authorize_query["login_hint"]
    assert OTHER == stage.file().login_hint


def test_the_right_account_at_the_second_try(stage: Stage) -> None:
    """The browser opens once more, and only the second tokens are saved."""

    def choose_right() -> None:
        stage.server.id_token_account = ADDRESS
        stage.mailbox.behaviour = Behaviour.NORMAL

    user = User([AccountAnswer.SIGN_IN_AGAIN], between=choose_right)
    outcome = get_token(stage.job(start_over=True), asked_by(stage, "refused", user))
    assert (True, None) == (outcome.checked, outcome.login_error)
    assert 2 == len(stage.browser.opened)
    assert "" == stage.file().login_hint
    assert stage.file().access == stage.mailbox.tokens_seen[-1]


def test_a_login_that_opens_the_mailbox(stage: Stage) -> None:
    """It is proof: nobody is asked, the other name is told in one line and remembered."""
    user = User([])
    outcome = get_token(stage.job(start_over=True), stage.methods(ask_account=user))
    assert (True, []) == (outcome.checked, user.asked)
    assert f"{OTHER} has signed in. This account opens the mailbox of {ADDRESS}." in stage.said()
    assert OTHER == stage.file().login_hint


def test_the_own_account_of_a_shared_mailbox(stage: Stage) -> None:
    """If the mailbox's own account signs in, nobody is asked, and the other one is forgotten."""
    stage.change(login_hint=BOSS)
    stage.server.id_token_account = ADDRESS
    get_token(stage.job(start_over=True, check=False), stage.methods())
    assert BOSS == stage.server.last_authorize_query["login_hint"]
    assert "" == stage.file().login_hint


def test_neither_of_the_two(stage: Stage) -> None:
    """The account that was asked for is named, and the mailbox."""
    user = User([AccountAnswer.STOP])
    with pytest.raises(Refused, match=f"as {OTHER}, not as {BOSS}") as caught:
        get_token(
            stage.job(start_over=True, check=False, login_hint=BOSS),
            stage.methods(ask_account=user),
        )
    assert [AccountQuestion(caught.value, OTHER, BOSS, ADDRESS)] == user.asked


@pytest.mark.parametrize("name", ["preferred_username", "upn", "unique_name"])
def test_another_name_of_the_same_account(stage: Stage, name: str) -> None:
    """At Microsoft the sign-in name and the mail address often differ."""
    stage.server.more_claims = {name: ADDRESS.upper()}
    stage.mailbox.close()
    outcome = get_token(stage.job(start_over=True), stage.methods())
    assert outcome.login_error is not None
    assert "" == stage.file().login_hint


def test_a_token_without_the_mail_scope(stage: Stage) -> None:
    """Nobody is asked: no answer would make it work."""
    claims = {"access_token": "the-access-token", "scope": "another-name", "id_token": ID_TOKEN}
    stage.server.faults.append(Fault(200, json.dumps(claims).encode()))
    user = User([])
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(start_over=True), stage.methods(ask_account=user))
    assert ("oauth_scope_missing", []) == (caught.value.verdict.id, user.asked)
