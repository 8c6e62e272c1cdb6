"""Tests of `register --export` and `--import`: a registration for colleagues."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from program import Finished, Program, at_terminal

SECRET = "s3cret-of-the-registration"
OURS = f"""
[providers.office365.applications.ours]
label = "Our migration"
client_id = "our-id"
tenant = "example.com"
default_for = ["example.com"]

[providers.gmail.applications.ours_at_google]
client_id = "google-id"
client_secret = "{SECRET}"
key_file = "/home/owner/key.json"

[providers.corp]
label = "Corp Mail"
authorize_uri = "https://login.corp.example/authorize"
token_uri = "https://token.corp.example/token"
revocation_uri = "https://login.corp.example/revoke"
scopes = ["imap", "offline_access"]
imap_host = "imap.corp.example"
imap_port = 1993
domains = ["corp.example"]

[providers.corp.applications.ours_at_corp]
client_id = "corp-id"
redirect_uri = "https://login.corp.example/done"
"""


@pytest.fixture
def owner(tmp_path: Path) -> Program:
    """The program of the one who has made three registrations."""
    program = Program(tmp_path, tmp_path / "owner")
    program.configure(OURS)
    return program


@pytest.fixture
def colleague(tmp_path: Path) -> Program:
    """The program of a colleague, who has nothing yet."""
    return Program(tmp_path, tmp_path / "colleague")


def added(program: Program) -> dict[str, Any]:
    """What is in the user's own providers.toml."""
    content = program.own_file.read_text() if program.own_file.exists() else ""
    return dict(tomllib.loads(content).get("providers", {}))


def take(program: Program, content: str, *words: str) -> Finished:
    """Import a file with this content, and say yes."""
    file = program.folder / "registration.toml"
    file.write_text(content)
    return program.run_here("register", "--yes", "--import", str(file), *words)


def test_the_tenant_belongs_to_it(owner: Program, colleague: Program) -> None:
    """The colleague gets the client ID and the tenant, and no domain of the owner."""
    done = owner.run_here("register", "--export", "ours", "file.toml")
    assert 0 == done.code, done.err
    assert "client secret" not in done.err.partition("without a client secret")[2]
    done = colleague.run_here("register", "--import", "file.toml", "--yes")
    assert 0 == done.code, done.err
    assert "sign-in page: login.microsoftonline.com" in done.out
    assert "IMAP server: outlook.office365.com" in done.out
    assert "oauth2_imap --provider office365 --application ours ADDRESS" in done.err
    ours = {"label": "Our migration", "client_id": "our-id", "tenant": "example.com"}
    assert {"office365": {"applications": {"ours": ours}}} == added(colleague)


def test_the_secret_stays(owner: Program, colleague: Program) -> None:
    """The file says that there is one, and whoever exports is told."""
    done = owner.run_here("register", "--export", "ours_at_google", "file.toml")
    assert 0 == done.code, done.err
    assert "tell your colleagues the secret in another way" in done.err
    content = (owner.folder / "file.toml").read_text()
    assert SECRET not in content
    assert "key.json" not in content
    assert 0 == colleague.run_here("register", "--import", "file.toml", "--yes").code
    ours = {"client_id": "google-id", "confidential": True}
    assert {"gmail": {"applications": {"ours_at_google": ours}}} == added(colleague)


def test_a_provider_of_ones_own(owner: Program, colleague: Program) -> None:
    """All its servers are shown; the domains that it claims stay with the owner."""
    assert 0 == owner.run_here("register", "--export", "ours_at_corp", "file.toml").code
    done = colleague.run_here("register", "--import", "file.toml", "--yes")
    assert 0 == done.code, done.err
    assert [
        "  sign-in page: login.corp.example",
        "  token endpoint: token.corp.example",
        "  revocation: login.corp.example",
        "  last page of the sign-in: login.corp.example",
        "  IMAP server: imap.corp.example",
    ] == done.out.splitlines()[1:]
    mine, theirs = added(owner)["corp"], added(colleague)["corp"]
    assert {"domains"} == mine.keys() - theirs.keys()
    assert mine["applications"] == theirs["applications"]
    assert {"domains", "applications"} == {k for k in mine if mine[k] != theirs.get(k)} | {
        "applications"
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("thunderbird", "x.toml"), "no registration of your own with the name thunderbird"),
        (("nothing", "x.toml"), "no registration of your own with the name nothing"),
        (("ours",), "need one file"),
        (("ours", "x.toml", "y.toml"), "need one file"),
        (("ours", "there.toml"), "already exists"),
        (("ours", "nowhere/x.toml"), "can't be written"),
    ],
)
def test_what_can_not_be_exported(owner: Program, words: tuple[str, ...], said: str) -> None:
    """No file is replaced."""
    (owner.folder / "there.toml").write_text("mine")
    done = owner.run_here("register", "--export", *words)
    assert done.code in (1, 2)
    assert said in done.err
    assert "mine" == (owner.folder / "there.toml").read_text()
    assert not (owner.folder / "x.toml").exists()


def test_one_name_at_two_providers(owner: Program) -> None:
    """Then the provider must be named too."""
    owner.configure(f'{OURS}\n[providers.gmail.applications.ours]\nclient_id = "other"\n')
    done = owner.run_here("register", "--export", "ours", "x.toml")
    assert 2 == done.code
    assert "at several providers: office365, gmail" in done.err
    done = owner.run_here("register", "--export", "ours", "--provider", "gmail", "x.toml")
    assert 0 == done.code, done.err
    assert 'client_id = "other"' in (owner.folder / "x.toml").read_text()


APPLICATION = '[providers.gmail.applications.x]\nclient_id = "id"\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "exactly one registration"),
        ("[providers.gmail]\n", "exactly one registration"),
        (f'{APPLICATION}[providers.gmail.applications.y]\nclient_id = "id"\n', "exactly one"),
        (f'{APPLICATION}[providers.office365.applications.y]\nclient_id = "id"\n', "exactly one"),
        (f'{APPLICATION}[mail_filters]\nx = [".x.example"]\n', "exactly one registration"),
        (f'{APPLICATION}[discovery]\nissuers = ["https://x.example/"]\n', "exactly one"),
        (f'{APPLICATION}client_secret = "{SECRET}"\n', "sets client_secret"),
        (f'{APPLICATION}key_file = "/home/you/key.json"\n', "sets key_file"),
        (f'{APPLICATION}client_secret_entry = "{"0" * 32}"\n', "sets client_secret_entry"),
        (f'{APPLICATION}certificate = "/home/you/key.pem"\n', "sets certificate"),
        (f'{APPLICATION}default_for = ["bank.example"]\n', "sets default_for"),
        (f'[providers.gmail]\ndomains = ["bank.example"]\n{APPLICATION}', "sets domains"),
        (f'[providers.gmail]\nextends = "yahoo"\n{APPLICATION}', "sets extends"),
        (f'{APPLICATION}token_uri = "http://x.example/"\n', "token_uri"),
        (f"{APPLICATION}colour = 3\n", "colour"),
        ("not toml", "providers.toml"),
        ('[providers.gmail.applications.thunderbird]\nclient_id = "x"\n', "is not replaced"),
        ('[providers.x.applications.x]\nclient_id = "x"\n', "authorize_uri"),
    ],
)
def test_a_file_that_is_refused(colleague: Program, content: str, said: str) -> None:
    """It may only add one application, and nothing is written."""
    done = take(colleague, content)
    assert done.code in (1, 2)
    assert said in done.err
    assert SECRET not in done.err
    assert not colleague.own_file.exists()


def test_nothing_is_replaced(owner: Program, colleague: Program) -> None:
    """A second import of the name is refused, and works under another name."""
    assert 0 == owner.run_here("register", "--export", "ours", "file.toml").code
    before = owner.own_file.read_bytes()
    done = owner.run_here("register", "--import", "file.toml", "--yes")
    assert 2 == done.code
    assert "You already have the application ours at office365" in done.err
    assert before == owner.own_file.read_bytes()
    again = ("--import", "file.toml", "--yes", "--application", "theirs")
    assert 0 == owner.run_here("register", *again).code
    assert "our-id" == added(owner)["office365"]["applications"]["theirs"]["client_id"]


def test_other_servers_hold_for_the_application_alone(colleague: Program) -> None:
    """A file can't change where other applications of a known provider send their tokens."""
    evil = '[providers.gmail]\ntoken_uri = "https://evil.example/token"\n'
    done = take(colleague, f"{evil}{APPLICATION}")
    assert 0 == done.code, done.err
    assert "token endpoint: evil.example" in done.out
    table = added(colleague)["gmail"]
    assert {"applications"} == table.keys()
    assert "https://evil.example/token" == table["applications"]["x"]["token_uri"]


def test_a_script_must_confirm(colleague: Program) -> None:
    """Without a terminal and without --yes: the servers are shown, and nothing is written."""
    file = colleague.folder / "registration.toml"
    file.write_text(APPLICATION)
    done = colleague.run("register", "--import", str(file))
    assert 2 == done.code
    assert "IMAP server: imap.gmail.com" in done.out
    assert "Nobody has confirmed the servers" in done.err
    assert not colleague.own_file.exists()


@pytest.mark.only_on("posix", reason="Windows has no pseudo terminals")
@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("", 130)])
def test_at_a_terminal(colleague: Program, answer: str, code: int) -> None:
    """Only a yes adds it."""
    file = colleague.folder / "registration.toml"
    file.write_text(APPLICATION)
    ended, said = at_terminal(colleague, ["register", "--import", str(file)], [answer])
    assert code == ended, said
    assert "Add it as the application x?" in said
    assert (code == 0) == colleague.own_file.exists()
