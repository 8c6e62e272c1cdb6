"""Device codes at a real server: oidc-provider gives them, and Chromium shows its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bed import browser
from bed.as_provider import lines_of, opens_mailbox, providers_toml, trusting
from bed.fixtures import Bed
from bed.users import ALICE, Act
from program import Finished, Program, Running

pytestmark = pytest.mark.usefixtures("chromium")
# Microsoft's requests go by msal, those of the other one by our own form POSTs, with a secret.
PROVIDERS = ("office365", "gmail")


@pytest.fixture
def program(bed: Bed, tmp_path: Path) -> Program:
    """The program, for which the bed takes the place of both providers."""
    program = Program(tmp_path, tmp_path / "home")
    program.configure(providers_toml(bed))
    return program


@contextmanager
def waiting(bed: Bed, program: Program, provider: str) -> Iterator[tuple[Running, str, str]]:
    """A sign-in that waits; the page and the user code that it has printed."""
    arguments = ("--device_code", "--provider", provider, *trusting(bed), ALICE)
    with program.start(*arguments) as running:
        page = running.line_with("Open this page").partition("device: ")[2].strip()
        code = running.line_with("Type this code").partition("there: ")[2].strip()
        yield running, page, code


def signed_in(bed: Bed, program: Program, provider: str, act: Act = "allow") -> Finished:
    """Sign in and decide in Chromium."""
    with waiting(bed, program, provider) as (running, page, code):
        browser.type_code(page, code, ALICE, act)
        return running.finish()


def token_file(program: Program) -> Path:
    """Where the tokens are saved."""
    return program.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_allowed(bed: Bed, program: Program, provider: str) -> None:
    """The tokens open the mailbox, and can be refreshed; the browser's road was not taken."""
    done = signed_in(bed, program, provider)
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, ALICE, token_file(program))
    assert {"urn:ietf:params:oauth:grant-type:device_code": 1} == bed.stats()["grants"]
    before = lines_of(token_file(program))[0]
    again = program.run("--provider", provider, *trusting(bed), ALICE)
    assert 0 == again.code, again.err
    assert before != lines_of(token_file(program))[0]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_denied(bed: Bed, program: Program, provider: str) -> None:
    """The next poll hears of it."""
    done = signed_in(bed, program, provider, "deny")
    assert 3 == done.code, done.err
    assert "The sign-in was refused on the other device" in done.err
    assert not token_file(program).exists()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_expired(bed: Bed, program: Program, provider: str) -> None:
    """The program stops when the code's life is over, if the server doesn't say it first."""
    bed.configure(device_ttl=8)
    with waiting(bed, program, provider) as (running, _, _):
        done = running.finish()
    assert 3 == done.code, done.err
    assert not token_file(program).exists()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_slow_down(bed: Bed, program: Program, provider: str) -> None:
    """The poll after it comes 5 seconds later, and the sign-in goes on."""
    bed.configure(token_fault={"times": 1, "status": 400, "body": {"error": "slow_down"}})
    done = signed_in(bed, program, provider)
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, ALICE, token_file(program))


@pytest.mark.parametrize("winner", ["browser", "device"])
def test_the_browser_and_a_code_in_one_wait(bed: Bed, program: Program, winner: str) -> None:
    """Whoever comes first signs in, and the program ends with the tokens of that grant."""
    with program.start("--remotebrowser", *trusting(bed), ALICE) as running:
        link = running.line_with("Link: ").partition(": ")[2].strip()
        running.type("code")
        page = running.line_with("Open this page").partition("device: ")[2].strip()
        code = running.line_with("Type this code").partition("there: ")[2].strip()
        if winner == "browser":
            running.type(browser.error_page_of(link, ALICE))
        else:
            browser.type_code(page, code, ALICE)
        done = running.finish()
    assert 0 == done.code, done.err
    device_code = "urn:ietf:params:oauth:grant-type:device_code"
    expected = "authorization_code" if winner == "browser" else device_code
    assert {expected: 1} == bed.stats()["grants"]
    assert opens_mailbox(bed, ALICE, token_file(program))
