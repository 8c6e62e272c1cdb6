"""A grant is one entry of a table, and all that depends on grants follows it.

The toy is RFC 6749's client credentials, as organisations use them for all their mailboxes: nobody
signs in, and there is no refresh token. It asks the real test server.
"""

import json
from dataclasses import replace

import pytest

from core.cli import status
from core.cli.options import Options
from core.errors import AppError, ExitCode, Misconfigured, Refused, SignInNeeded, TryAgain
from core.keeping.keeper import Keeper, renew_now
from core.mailbox.forget import forget
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.inventory import mailbox_at
from core.model import Outcome
from core.oauth.client_parameters import TokenForm
from core.oauth.grant import GRANTS
from core.providers.fields import Registration
from core.tokenfile.format import TokenFile
from faulty_servers.responses import Fault
from servers import ADDRESS, MakeStage, Stage, changed

SECRET = "the-secret-of-the-organisation"
MINUTE = 60.0


class ClientCredentials:
    """The grant of RFC 6749 section 4.4."""

    needs_sign_in = False
    serves_all_mailboxes = False

    def can_renew(self, file: TokenFile) -> bool:
        """The registration has all that it takes."""
        return True

    def form(self, registration: Registration, file: TokenFile, *, now: float) -> TokenForm:
        """The request, with an assertion that tells the time and the mailbox."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": registration.client_id,
            "client_secret": registration.client_secret,
            "scope": "mail",
            "client_assertion": f"{file.account} {now:.0f}",
        }
        return TokenForm(fields, (fields["client_assertion"],))


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one place where a grant is added."""
    monkeypatch.setitem(GRANTS, "toy", ClientCredentials())


def name_grant(stage: Stage, name: str) -> None:
    """Let the registration name this grant."""
    stage.provider = changed(stage.provider, grant=name)


@pytest.fixture
def stage(make_stage: MakeStage, registered: None) -> Stage:
    """A provider whose registration has a secret and names the toy grant."""
    stage = make_stage(server={"client_secret": SECRET}, grant="toy")
    application = replace(stage.provider.applications["demo"], client_secret=SECRET)
    stage.provider = replace(stage.provider, applications={"demo": application})
    return stage


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """The same, with a token file whose access token expires soon."""
    get_token(stage.job(check=False), None)
    stage.age()
    stage.events.clear()
    return stage


def refusal(name: str = "invalid_grant") -> Fault:
    """An answer that would mean the end of a sign-in."""
    return Fault(400, json.dumps({"error": name}).encode())


def has_no_refresh_token(stage: Stage) -> bool:
    """Whether the second line is empty, and the grant is named."""
    lines = stage.path.read_bytes().split(b"\n")
    return (b"", True) == (lines[1], b"# Grant is toy" in lines)


def test_get_token(stage: Stage) -> None:
    """Nobody is asked, also if a browser is there; the token is tested and saved."""
    outcome = get_token(stage.job(), stage.methods())
    assert (True, True, []) == (outcome.renewed, outcome.checked, stage.browser.opened)
    assert has_no_refresh_token(stage)
    file = stage.file()
    assert (ADDRESS, None) == (stage.server.account_of(file.access), file.signed_in_at)
    assert "client_credentials" == stage.server.last_token_form["grant_type"]
    assert stage.server.last_token_form["client_assertion"].startswith(f"{ADDRESS} 1")
    assert "gave a token for" in stage.said()
    assert "ign in" not in stage.said().replace("Demo Mail", "")


def test_get_token_again(kept: Stage) -> None:
    """It is a refresh then, under the lock, as for any other grant."""
    before = kept.file()
    outcome = get_token(kept.job(), None)
    assert (True, True) == (outcome.renewed, outcome.checked)
    assert before.access != kept.file().access
    assert has_no_refresh_token(kept)


def test_refresh(kept: Stage) -> None:
    """The file stays one without a refresh token, and keeps its grant."""
    before = kept.file()
    assert refresh_mailbox(kept.job()).renewed
    assert before.access != kept.file().access
    assert has_no_refresh_token(kept)
    assert not refresh_mailbox(kept.job()).renewed  # it is fresh now


def test_a_registration_that_names_no_grant(kept: Stage) -> None:
    """The file's own grant renews it."""
    name_grant(kept, "refresh_token")
    assert refresh_mailbox(kept.job()).renewed
    assert has_no_refresh_token(kept)


def test_the_end_of_a_sign_in(stage: Stage) -> None:
    """A file from a sign-in, whose refresh token has ended, goes on by the registration's grant."""
    name_grant(stage, "refresh_token")
    stage.sign_in(check=False)
    stage.age()
    stage.server.revoke_grants()
    name_grant(stage, "toy")
    assert get_token(stage.job(), None).checked
    assert has_no_refresh_token(stage)


def keeper_of(stage: Stage) -> Keeper:
    """A keeper that knows the mailbox."""
    keeper = Keeper(interval=30 * MINUTE, jitter=lambda: 0.5, spread=lambda: 0.0)
    keeper.add(stage.job(), stage.path)
    return keeper


def one_round(keeper: Keeper) -> Outcome | AppError:
    """Refresh the one mailbox that is due, as the loop does."""
    [due] = keeper.take_due(1)
    try:
        result: Outcome | AppError = renew_now(due.job, check=True)
    except AppError as exc:
        result = exc
    assert not keeper.settle(due.path, result)
    return result


def test_kept_fresh(kept: Stage) -> None:
    """It is due before its token expires, and is refreshed without a user."""
    keeper = keeper_of(kept)
    outcome = one_round(keeper)
    assert isinstance(outcome, Outcome)
    assert (True, True) == (outcome.renewed, outcome.checked)
    assert [] == keeper.take_due(1)
    assert has_no_refresh_token(kept)


def test_kept_although_refused(kept: Stage) -> None:
    """A refusal ends the keeping of a sign-in; here somebody may mend the registration."""
    kept.server.faults.append(refusal())
    keeper = keeper_of(kept)
    error = one_round(keeper)
    assert isinstance(error, Misconfigured)
    entry = keeper.kept(kept.path)
    assert entry is not None
    assert (None, 1) == (entry.ended, entry.failures)
    assert keeper.has_any()


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(
    "answer", [refusal(), Fault(200, b'{"access_token": "the-access-token", "scope": "openid"}')]
)
def test_a_refusal(stage: Stage, answer: Fault, is_new: bool) -> None:
    """No sign-in would help, so nobody is asked for one."""
    if not is_new:
        get_token(stage.job(check=False), None)
        stage.age()
    stage.server.faults.append(answer)
    with pytest.raises(Misconfigured) as caught:
        get_token(stage.job(), stage.methods())
    error = caught.value
    assert ("grant_refused", ExitCode.FAILED) == (error.verdict.id, error.exit_code)
    assert (ADDRESS, "Demo Mail") == (error.parameters["address"], error.parameters["provider"])
    assert error.detail
    assert [] == stage.browser.opened
    assert is_new == (stage.names() == [])


def test_trouble_that_passes(kept: Stage) -> None:
    """It stays what it is for every grant, and no secret is repeated."""
    before = kept.path.read_bytes()
    content = {"error": "temporarily_unavailable", "error_description": f"{ADDRESS} {SECRET}"}
    kept.server.faults.append(Fault(503, json.dumps(content).encode()))
    with pytest.raises(TryAgain) as caught:
        refresh_mailbox(kept.job())
    assert SECRET not in caught.value.detail
    assert before == kept.path.read_bytes()


def test_start_over_with_a_refused_login(kept: Stage) -> None:
    """New tokens that open no mailbox replace nothing."""
    before = kept.path.read_bytes()
    kept.mailbox.account_of = lambda token: None
    with pytest.raises(Refused):
        get_token(kept.job(start_over=True), None)
    assert before == kept.path.read_bytes()


def shown(stage: Stage, capsys: pytest.CaptureFixture[str], *, json: bool = False) -> str:
    """What `status` prints about the file."""
    options = Options(check=False, json=json, every=30.0, token_file=str(stage.path))
    assert 0 == status.run([], options, clock=stage.clock)
    return capsys.readouterr().out


def test_status(kept: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """An expired token asks for no sign-in, since the next refresh needs none."""
    assert "grant: toy, renewed without a sign-in" in shown(kept, capsys)
    kept.change(expires_at=kept.clock() - 1)
    [known] = [json.loads(shown(kept, capsys, json=True))]
    assert ("toy", "expired") == (known["grant"], known["state"])
    assert known["next_refresh"] is not None
    info = mailbox_at(kept.path, kept.catalog)
    assert (True, False) == (info.renewable, info.needs_sign_in(kept.clock()))


def test_forget(kept: Stage) -> None:
    """There is one token to revoke."""
    file = kept.file()
    assert forget(kept.job()).revoked
    assert ["access_token"] == kept.server.revoked_kinds
    assert kept.server.account_of(file.access) is None
    assert [] == list(kept.path.parent.iterdir())


UNKNOWN = "of_a_later_version"


@pytest.fixture
def unknown(make_stage: MakeStage) -> Stage:
    """A mailbox that is signed in; a later version has written another grant into its file."""
    stage = make_stage()
    stage.sign_in(check=False)
    stage.change(grant=UNKNOWN)
    return stage


def is_unknown(error: AppError) -> bool:
    """Whether the error names the grant, and those that are known."""
    assert ("grant_unknown", ExitCode.FAILED) == (error.verdict.id, error.exit_code)
    return UNKNOWN in error.message and "refresh_token" in error.explanation


def test_an_unknown_grant_in_a_file(unknown: Stage) -> None:
    """It is told, and the file stays; a token that is still good may be used."""
    before = unknown.path.read_bytes()
    assert f"# Grant is {UNKNOWN}\n".encode() in before
    assert not refresh_mailbox(unknown.job()).renewed
    with pytest.raises(Misconfigured) as caught:
        get_token(unknown.job(), unknown.methods())
    assert is_unknown(caught.value)
    assert (before, []) == (unknown.path.read_bytes(), unknown.browser.opened)
    before = unknown.age(left=0.0)
    with pytest.raises(Misconfigured) as caught:
        refresh_mailbox(unknown.job())
    assert is_unknown(caught.value)
    assert before == unknown.path.read_bytes()


def test_an_unknown_grant_is_kept(unknown: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """The keeper tries again later, and the list asks for no sign-in."""
    unknown.age(left=0.0)
    keeper = keeper_of(unknown)
    error = one_round(keeper)
    assert isinstance(error, AppError)
    assert is_unknown(error)
    assert keeper.has_any()
    text = shown(unknown, capsys)
    assert f"grant: {UNKNOWN}, not known to this version" in text
    assert "sign-in needed" not in text


def test_another_sign_in_replaces_an_unknown_grant(unknown: Stage) -> None:
    """The user wants it so."""
    assert get_token(unknown.job(start_over=True), unknown.methods()).checked
    assert "refresh_token" == unknown.file().grant


def test_an_unknown_grant_is_forgotten(unknown: Stage) -> None:
    """Whatever the grant, the tokens are known."""
    assert forget(unknown.job()).revoked
    assert ["refresh_token", "access_token"] == unknown.server.revoked_kinds


def test_an_unknown_grant_in_a_registration(make_stage: MakeStage) -> None:
    """It is told before anybody is asked; what was signed in already goes on."""
    stage = make_stage()
    name_grant(stage, UNKNOWN)
    for methods in (None, stage.methods()):
        with pytest.raises(Misconfigured) as caught:
            get_token(stage.job(), methods)
        assert is_unknown(caught.value)
    assert ([], []) == (stage.names(), stage.browser.opened)
    name_grant(stage, "refresh_token")
    stage.sign_in(check=False)
    stage.age()
    name_grant(stage, UNKNOWN)
    assert get_token(stage.job(), None).checked


def test_a_sign_in_is_needed_for_the_default(make_stage: MakeStage) -> None:
    """Nothing else has changed for it: without a user and a refresh token there is no token."""
    stage = make_stage(server={"gives_refresh_token": False})
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(), None)
    assert "sign_in_needed" == caught.value.verdict.id
    stage.sign_in(check=False)
    stage.age(left=0.0)
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(), None)
    assert "refresh_token_missing" == caught.value.verdict.id
    assert mailbox_at(stage.path, stage.catalog).needs_sign_in(stage.clock())
