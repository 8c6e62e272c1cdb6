"""`providers`: what it tells of each provider, and `--check`, which asks the endpoints."""

import json
from pathlib import Path

import pytest

from core.oauth.endpoint_check import EndpointKind, ask, endpoints_of
from core.providers.catalog import load_catalog
from faulty_servers.responses import Fault
from program import Finished, Program, program_of
from servers import MakeStage, Stage

DEAD = "https://127.0.0.1:9"  # nothing listens there


def check(stage: Stage, *more: str, toml: tuple[str, ...] = ()) -> Finished:
    """Ask the endpoints of the stage's provider alone."""
    program = program_of(stage, *toml)
    return program.run_here(
        *("providers", "--check", *more, "demo", "--timeout", "5"),
        *("--ca_file", str(stage.ca_file)),
    )


def test_endpoints_that_answer(stage: Stage) -> None:
    """The page refuses a request without parameters, and the token endpoint an empty form."""
    done = check(stage)
    assert 0 == done.code, done.err
    assert [
        f"PASS demo: authorization endpoint {stage.server.authorize_uri} (HTTP status 400)",
        f"PASS demo: token endpoint {stage.server.token_uri} (HTTP status 400, "
        "unsupported_grant_type)",
        "2 of 2 endpoints answer as expected",
    ] == done.out.splitlines()
    assert {} == stage.server.last_token_form
    assert {} == stage.server.last_authorize_query


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        (Fault(404, b"<html>gone</html>"), "HTTP status 404, no OAuth2 error"),
        (Fault(200, b"<html>A filter's page</html>"), "HTTP status 200, no OAuth2 error"),
        (Fault(502, b'{"error": "bad_gateway"}'), "HTTP status 502, bad_gateway"),
        (Fault(400, b'{"error": "invalid\\u001b[31m"}'), ""),
    ],
)
def test_a_foreign_answer(stage: Stage, fault: Fault, detail: str) -> None:
    """It is no answer of a token endpoint; the words are plain text."""
    stage.server.faults.append(fault)
    done = check(stage)
    if detail:
        assert 1 == done.code
        assert f"FAIL demo: token endpoint {stage.server.token_uri} ({detail})" in done.out
        assert "1 of 2 endpoints answer as expected" in done.out
    assert "\x1b" not in done.out


def test_a_server_that_is_gone(stage: Stage) -> None:
    """A problem of the network alone is exit code 4; a line for each endpoint tells it."""
    toml = (
        "[providers.demo.applications.gone]",
        'client_id = "gone"',
        f'authorize_uri = "{DEAD}/authorize"',
        f'token_uri = "{DEAD}/token"',
    )
    done = check(stage, toml=toml)
    assert 4 == done.code
    failed = [line for line in done.out.splitlines() if line.startswith("FAIL")]
    assert [f"{DEAD}/authorize", f"{DEAD}/token"] == [line.split()[4] for line in failed]
    assert "2 of 4 endpoints answer as expected" in done.out


def test_as_json(stage: Stage) -> None:
    """One object for each endpoint."""
    stage.server.faults.append(Fault(404, b""))
    done = check(stage, "--json")
    page, token = map(json.loads, done.out.splitlines())
    assert (1, True, False) == (done.code, page["passed"], token["passed"])
    assert ("demo", "token endpoint", stage.server.token_uri, None) == (
        token["provider"],
        token["endpoint"],
        token["uri"],
        token["error"],
    )


def test_no_secret_is_sent(make_stage: MakeStage) -> None:
    """The request is an empty form, also where the application has a secret."""
    stage = make_stage()
    for endpoint in endpoints_of([stage.provider]):
        assert ask(endpoint, stage.network()).passed
    assert {} == stage.server.last_token_form


def test_each_shipped_endpoint_is_asked_once() -> None:
    """The tenant is filled in; those of an application are asked too."""
    found = endpoints_of(load_catalog().providers.values())
    uris = [endpoint.uri for endpoint in found]
    assert len(uris) == len(set(uris))
    assert not any("{" in uri for uri in uris)
    assert "https://login.microsoftonline.com/common/oauth2/v2.0/authorize" in uris
    assert {"https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v3/token"} < {
        endpoint.uri for endpoint in found if endpoint.kind is EndpointKind.TOKEN
    }


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty home."""
    return Program(tmp_path, tmp_path / "home")


def test_the_list_says_what_to_know_of_an_application(program: Program) -> None:
    """Who must allow it, whether it was tried, and how the sign-in ends."""
    yahoo, office = (program.run_here("providers", name).out for name in ("yahoo", "office365"))
    assert "Not verified live" in yahoo
    assert "ends on an error page of the browser" in yahoo
    assert "Not verified live" not in office
    thunderbird, imapsync = office.split("--application ")[1:]
    assert "you can allow this application yourself" in thunderbird
    assert "an administrator must allow this application first" in imapsync
    assert "Without OAuth2 for IMAP: Apple iCloud, GMX," in yahoo


def test_the_list_as_json(program: Program) -> None:
    """The same for scripts."""
    [line] = program.run_here("providers", "--json", "yahoo").out.splitlines()
    [application] = json.loads(line)["applications"]
    assert (False, True, [], None) == (
        application["verified"],
        application["exact_redirect"],
        application["default_for"],
        application["consent"],
    )
