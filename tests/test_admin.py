"""`admin`: the texts for the administrator, and the check of each mailbox."""

import json
from typing import Any

import pytest

from core.cli.admin_check import look_at_it
from core.errors import AppError
from core.model import FlowKind
from core.oauth.admin_consent import THUNDERBIRD
from core.oauth.admin_kit import Kit, sections
from core.tokenfile.place import file_name
from faulty_servers.imap_server import Behaviour
from faulty_servers.responses import Fault
from program import Finished, Program, program_of
from servers import ADDRESS, MakeStage, Stage
from test_claims import OF_A_USER, jwt

OWN = "11111111-2222-3333-4444-555555555555"
OBJECT = "66666666-7777-8888-9999-000000000000"
KNOWN = {"client_id": OWN, "tenant": "contoso.example"}
OTHER = "other@demo.example"


def texts(kit: Kit) -> str:
    """All texts of a kit."""
    return "\n".join(section.text for section in sections(kit))


def check(stage: Stage, program: Program, *addresses: str) -> Finished:
    """Run the check."""
    return program.run_here("admin", "--check", "--ca_file", str(stage.ca_file), *addresses)


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A mailbox with a sign-in."""
    stage = make_stage()
    stage.sign_in()
    return stage


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the mailbox's folder."""
    return program_of(stage)


def test_all_is_filled_in() -> None:
    """The tenant, the application, the enterprise application, and each mailbox."""
    text = texts(Kit(KNOWN, ("a@contoso.example", "o'hara@contoso.example"), object_id=OBJECT))
    for words in (
        "https://login.microsoftonline.com/contoso.example/v2.0/adminconsent?client_id=" + OWN,
        "scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All",
        "scope=https%3A%2F%2Foutlook.office365.com%2F.default",
        f"$clientId = '{OWN}'\n$objectId = '{OBJECT}'\n",
        "$mailboxes = @('a@contoso.example', 'o''hara@contoso.example')",
        "New-ServicePrincipal -AppId $clientId -ObjectId $objectId",
        "Add-MailboxPermission -Identity $mailbox -User $objectId -AccessRights FullAccess",
        "Set-CASMailbox -Identity $mailbox -ImapEnabled $true",
    ):
        assert words in text
    assert "Get-MgServicePrincipal" not in text


def test_the_object_id_is_asked_for() -> None:
    """Of Graph, whose service principal is the enterprise application."""
    text = texts(Kit(KNOWN, ("a@contoso.example",)))
    assert "$objectId = (Get-MgServicePrincipal -Filter \"appId eq '$clientId'\").Id" in text
    assert "$user = Get-MgUser -UserId 'a@contoso.example'" in text  # for one user alone


def test_a_group_stands_for_its_members() -> None:
    """Its name is a literal: nothing in it is run."""
    text = texts(Kit(KNOWN, group="Movers'; Remove-Mailbox x"))
    assert "Get-DistributionGroupMember -Identity 'Movers''; Remove-Mailbox x' -Result" in text
    assert "$mailboxes = @(" not in text


def test_thunderbird_opens_no_mailbox_itself() -> None:
    """It has no secret, so only the consent and IMAP are left."""
    text = texts(Kit({**KNOWN, "client_id": THUNDERBIRD}))
    assert ("Add-MailboxPermission" in text, "Set-CASMailbox" in text) == (False, True)


def test_the_command_prints_the_texts(program: Program) -> None:
    """With what the options say; another provider has no such administrator."""
    words = ("--tenant", "contoso.example", "--client_id", OWN, "--object_id", OBJECT)
    done = program.run_here("admin", *words, ADDRESS)
    assert 0 == done.code, done.err
    assert f"contoso.example/v2.0/adminconsent?client_id={OWN}" in done.out
    assert f"$objectId = '{OBJECT}'" in done.out
    done = program.run_here("admin", "--provider", "gmail")
    assert 2 == done.code
    assert "The command admin is for Microsoft 365, and not for Gmail" in done.err


def test_a_mailbox_that_can_be_opened(stage: Stage, program: Program) -> None:
    """A line for each step; a mailbox without a sign-in fails at the first one."""
    done = check(stage, program, ADDRESS, OTHER)
    passed = [
        f"PASS {ADDRESS}: token",
        f"PASS {ADDRESS}: permission in the token",
        f"PASS {ADDRESS}: IMAP login and LIST",
    ]
    lines = done.out.splitlines()
    assert passed == lines[:3]
    assert lines[3].startswith(f"FAIL {OTHER}: token: ")
    assert any(line.startswith("  Next step: ") for line in lines[4:])
    assert (3, "1 of 2 mailboxes can be opened") == (done.code, lines[-1])


@pytest.mark.parametrize("behaviour", [Behaviour.REFUSE, Behaviour.LIST_NO])
def test_a_login_that_is_refused(stage: Stage, program: Program, behaviour: Behaviour) -> None:
    """The steps before it have passed."""
    stage.mailbox.behaviour = behaviour
    done = check(stage, program, ADDRESS)
    words = [line.split(":")[0] for line in done.out.splitlines() if line[:4] in ("PASS", "FAIL")]
    assert [f"PASS {ADDRESS}", f"PASS {ADDRESS}", f"FAIL {ADDRESS}"] == words
    assert 5 == done.code


def test_a_token_without_the_permission(make_stage: MakeStage) -> None:
    """It is for Graph, as the token itself says."""
    stage = make_stage(flow=FlowKind.MICROSOFT)
    stage.sign_in()
    stage.change(access=jwt(**{**OF_A_USER, "aud": "https://graph.microsoft.com"}))
    with pytest.raises(AppError):
        look_at_it(stage.job())
    stage.change(access=jwt(**{**OF_A_USER, "scp": "mail"}))
    look_at_it(stage.job())


def test_a_dead_grant(stage: Stage, program: Program) -> None:
    """The provider's answer says why there is no token."""
    stage.server.faults.append(Fault(400, b'{"error": "invalid_grant"}'))
    done = check(stage, program, ADDRESS)
    assert 3 == done.code
    assert done.out.startswith(f"FAIL {ADDRESS}: token: ")


SECRET = "the-secret-of-the-organisation"


@pytest.fixture
def app_only(make_stage: MakeStage) -> tuple[Stage, Program]:
    """An application that opens every mailbox, and a program that knows its secret."""
    stage = make_stage(server={"client_secret": SECRET})
    program = program_of(stage)
    program.configure(program.own_file.read_text() + 'grant = "client_credentials"\n')
    return stage, Program(
        program.folder, program.home, {**program.environ, "OAUTH2_IMAP_CLIENT_SECRET": SECRET}
    )


def objects(done: Finished) -> list[dict[str, Any]]:
    """What `--json` has printed."""
    return [json.loads(line) for line in done.out.splitlines()]


def test_an_application_of_the_organisation(app_only: tuple[Stage, Program]) -> None:
    """Nobody signs in; one token is asked for, and tried at each mailbox.

    The server lets it into one mailbox only, as Exchange does before Add-MailboxPermission.
    """
    stage, program = app_only
    done = check(stage, program, ADDRESS, OTHER)
    assert 5 == done.code, done.out
    assert 3 == done.out.count(f"PASS {ADDRESS}: ")
    assert 2 == done.out.count(f"PASS {OTHER}: ")
    assert f"FAIL {OTHER}: IMAP login and LIST: " in done.out
    assert f"Add-MailboxPermission -Identity {OTHER}" in done.out
    assert "1 of 2 mailboxes can be opened" in done.out
    assert 1 == stage.server.token_requests
    assert SECRET not in done.out + done.err
    done = check(stage, program, "--json", OTHER)
    tried = [(line["step"], line["passed"]) for line in objects(done)]
    assert [("token", True), ("permission", True), ("login", False)] == tried
    assert "your administrator" == objects(done)[-1]["error"]["actor"]


def test_an_application_with_a_wrong_secret(app_only: tuple[Stage, Program]) -> None:
    """The first step fails for each mailbox, and the provider is asked once."""
    stage, program = app_only
    wrong = Program(
        program.folder, program.home, {**program.environ, "OAUTH2_IMAP_CLIENT_SECRET": "wrong"}
    )
    done = check(stage, wrong, "--json", ADDRESS, OTHER)
    assert 1 == done.code
    assert [(ADDRESS, "token", False), (OTHER, "token", False)] == [
        (line["address"], line["step"], line["passed"]) for line in objects(done)
    ]
    assert {"oauth_client_refused"} == {line["error"]["verdict"] for line in objects(done)}
    assert 1 == stage.server.token_requests


def test_a_secret_in_a_file(app_only: tuple[Stage, Program]) -> None:
    """As containers get one; a variable with the secret itself comes first."""
    stage, program = app_only
    file = program.folder / "secret.txt"
    variables = {"OAUTH2_IMAP_CLIENT_SECRET_FILE": str(file)}
    by_file = Program(program.folder, program.home, variables)
    file.write_text(f"{SECRET}\n", "ascii")
    done = check(stage, by_file, ADDRESS)
    assert 0 == done.code, done.out
    assert SECRET not in done.out + done.err + by_file.own_file.read_text()
    both = {**variables, "OAUTH2_IMAP_CLIENT_SECRET": "wrong"}
    (program.folder / "tokens" / file_name(ADDRESS)).unlink()
    assert 1 == check(stage, Program(program.folder, program.home, both), ADDRESS).code


@pytest.mark.parametrize("content", [None, b"", b" \n", b"one\ntwo\n", b"\xff", b"x" * 5000])
def test_a_file_without_a_secret(app_only: tuple[Stage, Program], content: bytes | None) -> None:
    """It is named, and what is in it is not shown."""
    stage, program = app_only
    file = program.folder / "secret.txt"
    if content is not None:
        file.write_bytes(content)
    variables = {"OAUTH2_IMAP_CLIENT_SECRET_FILE": str(file)}
    done = check(stage, Program(program.folder, program.home, variables), ADDRESS)
    assert 1 == done.code
    assert f"The file {file} has no client secret" in done.err
    assert ("two" in done.err, stage.server.token_requests) == (False, 0)


def test_json_is_for_the_check(program: Program) -> None:
    """The texts are for a person."""
    done = program.run_here("admin", "--json", ADDRESS)
    assert 2 == done.code
    assert "--json works only with --check" in done.err
