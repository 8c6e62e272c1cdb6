"""Tests of `oauth2_imap register`: the steps, the test, and which step a wrong one names."""

import json
import tomllib
from collections.abc import Sequence

import pytest

from core.model import FlowKind
from core.registering.guide import Guide
from core.registering.guides import GUIDES
from core.tokenfile.read import read_token_file
from faulty_servers.responses import Fault
from program import Finished, Program, at_terminal, program_of
from servers import ADDRESS, MakeStage, Stage

SECRET = "s3cret-of-the-registration"


def program_for(stage: Stage, flow: FlowKind) -> Program:
    """A program with a provider of this kind, which has no application yet."""
    program = program_of(stage)
    program.configure(f"""
[providers.demo]
flow = "{flow}"
authorize_uri = "{stage.server.authorize_uri.replace("/demo/", "/{tenant}/")}"
token_uri = "{stage.server.token_uri.replace("/demo/", "/{tenant}/")}"
tenant = "elsewhere"
scopes = ["mail", "openid"]
imap_host = "localhost"
imap_port = {stage.mailbox.port}
""")
    return program


def register(program: Program, stage: Stage, *words: str, stdin: str = "") -> Finished:
    """Run the command for the provider, with its client ID and tenant."""
    given = ("--client_id", "demo", "--tenant", "demo", "--ca_file", str(stage.ca_file))
    return program.run("register", "demo", ADDRESS, *given, *words, stdin=stdin)


def step(guide: Guide, title: str) -> str:
    """How the step with this title is named after an error."""
    titles = [step.title for step in guide.steps]
    return f"This belongs to step {titles.index(title) + 1} of the registration, {title}: "


def refusal(error: str, words: str, status: int = 400) -> Fault:
    """An answer of the token endpoint."""
    body = json.dumps({"error": error, "error_description": words}).encode()
    return Fault(status, body)


@pytest.mark.parametrize("flow", FlowKind)
def test_a_right_registration_is_saved(make_stage: MakeStage, flow: FlowKind) -> None:
    """Under its name, with its tenant; another mailbox needs only the name."""
    stage = make_stage()
    program = program_for(stage, flow)
    done = register(program, stage, "--application", "ours")
    assert 0 == done.code, done.err
    assert f"1. {GUIDES[flow].steps[0].title}: " in done.out
    assert "The registration works. Its name is ours." in done.err
    saved = tomllib.loads(program.own_file.read_text())["providers"]["demo"]["applications"]
    assert {"ours": {"client_id": "demo", "tenant": "demo"}} == saved
    file = read_token_file(stage.path)
    assert file is not None
    assert ("demo", "ours") == (file.provider, file.application)
    again = ("--provider", "demo", "--application", "ours", "--startover", ADDRESS)
    assert 0 == program.run(*again, "--ca_file", str(stage.ca_file)).code


MICROSOFT_PAGES = [
    ("AADSTS50011: The redirect URI does not match", "Redirect URI"),
    ("AADSTS50194: Application is not configured as a multi-tenant", "Supported account types"),
    ("AADSTS700016: Application was not found in the directory", "Client ID and tenant"),
    ("AADSTS65005: The application lacks the permission", "API permissions"),
    ("Need admin approval", "Admin consent"),
    ("AADSTS90094: Admin consent is required", "Admin consent"),
    ("AADSTS50020: User account does not exist in tenant", "Supported account types"),
]
GOOGLE_PAGES = [
    ("Error 400: redirect_uri_mismatch", "Client"),
    ("Error 401: invalid_client The OAuth client was not found.", "Client ID and client secret"),
    ("Error 403: access_denied has not completed the Google verification process", "Audience"),
    ("Error 403: org_internal", "Audience"),
    ("Error 400: admin_policy_enforced", "Administrator"),
]
OTHER_PAGES = [
    ("error: redirect_uri_mismatch", "Redirect URI"),
    ("error=unauthorized_client", "Client"),
    ("error=invalid_scope", "Scopes"),
    ("Error invalid_client client is invalid", "Client ID"),
    ("Error invalid_redirect_uri it did not match", "Redirect URI"),
]


@pytest.mark.parametrize(
    ("flow", "page", "title"),
    [
        *((FlowKind.MICROSOFT, *row) for row in MICROSOFT_PAGES),
        *((FlowKind.GOOGLE, *row) for row in GOOGLE_PAGES),
        *((FlowKind.PLAIN, *row) for row in OTHER_PAGES),
    ],
)
def test_an_error_page_names_the_step(
    make_stage: MakeStage, flow: FlowKind, page: str, title: str
) -> None:
    """Such a page never leads back, so its text is pasted; nothing is saved."""
    stage = make_stage()
    program = program_for(stage, flow)
    before = program.own_file.read_bytes()
    done = register(program, stage, "--remotebrowser", stdin=f"{page}\n")
    assert done.code in (1, 3), done.err
    assert step(GUIDES[flow], title) in done.err
    assert before == program.own_file.read_bytes()
    assert not stage.path.exists()


@pytest.mark.parametrize(
    ("flow", "error", "words", "title"),
    [
        (FlowKind.MICROSOFT, "invalid_client", "AADSTS7000218: no client_secret", "Redirect URI"),
        (FlowKind.MICROSOFT, "invalid_client", "AADSTS700025: public", "Client ID and tenant"),
        (FlowKind.MICROSOFT, "invalid_grant", "AADSTS65001: no consent", "Admin consent"),
        (
            FlowKind.GOOGLE,
            "invalid_request",
            "client_secret is missing.",
            "Client ID and client secret",
        ),
        (FlowKind.GOOGLE, "invalid_client", "Unauthorized", "Client ID and client secret"),
        (FlowKind.PLAIN, "invalid_client", "unknown", "Client ID"),
        (FlowKind.PLAIN, "unauthorized_client", "not this grant", "Client"),
    ],
)
def test_an_answer_for_the_code_names_the_step(
    make_stage: MakeStage, flow: FlowKind, error: str, words: str, title: str
) -> None:
    """The token endpoint refuses; nothing is saved."""
    stage = make_stage()
    program = program_for(stage, flow)
    before = program.own_file.read_bytes()
    stage.server.faults += [refusal(error, words)] * 2  # without consent it is asked once more
    done = register(program, stage)
    assert done.code in (1, 3), done.err
    assert step(GUIDES[flow], title) in done.err
    assert before == program.own_file.read_bytes()
    assert not stage.path.exists()


def test_without_a_client_id_only_the_steps(stage: Stage) -> None:
    """They go to standard output, with the command that goes on."""
    program = program_of(stage)
    done = program.run_here("register", "office365")
    assert 0 == done.code, done.err
    assert "http://localhost" in done.out
    assert "Then run: oauth2_imap register office365 ADDRESS" in done.out
    google = program.run_here("register", "--issuer", "https://accounts.google.com")
    assert GUIDES[FlowKind.GOOGLE].title in google.out
    listed = program.run_here("register")
    assert 0 == listed.code
    assert "Google (Gmail, Google Workspace): gmail" in listed.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("office365", "gmail"), "one provider and one address"),
        (("office365", ADDRESS, "other@demo.example"), "one provider and one address"),
        (("office365", ADDRESS), "The client ID of the registration is missing."),
        (("office365", "--client_id", "ID"), "no address was given for it"),
        (("nobody", ADDRESS), "nobody"),
    ],
)
def test_what_is_missing(stage: Stage, words: Sequence[str], said: str) -> None:
    """Without a terminal nobody is asked: exit code 2."""
    done = program_of(stage).run_here("register", *words)
    assert 2 == done.code
    assert said in done.err


@pytest.mark.only_on("posix", reason="Windows has no pseudo terminals")
def test_at_a_terminal(make_stage: MakeStage) -> None:
    """What the options leave open is asked for; the secret isn't shown, and it is saved."""
    stage = make_stage(server={"client_secret": SECRET})
    program = program_for(stage, FlowKind.GOOGLE)
    stage.server.faults.append(refusal("invalid_client", "Unauthorized"))
    answers = ["demo", SECRET, "ours", ADDRESS, "y"]
    ended, said = at_terminal(
        program, ["register", "demo", "--tenant", "demo", "--ca_file", str(stage.ca_file)], answers
    )
    assert 0 == ended, said
    assert step(GUIDES[FlowKind.GOOGLE], "Client ID and client secret") in said
    assert "The registration works. Its name is ours." in said
    assert SECRET not in said
    saved = tomllib.loads(program.own_file.read_text())["providers"]["demo"]["applications"]
    assert SECRET == saved["ours"]["client_secret"]
