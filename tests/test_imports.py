"""What a command does not load: a start takes as long as its imports.

The tables name what each command can do without. tests/benchmarks measure the times.
"""

import sys

import pytest

from program import Program, program_of
from servers import Stage

# Libraries of a sign-in, of detection, of the window and of the secret store.
_OF_A_SIGN_IN = (
    "msal google requests dns cryptography oauthlib PySide6 keyring asyncio socketserver"
    " http.server secrets core.events"
    " core.oauth.sign_in.code_flow core.oauth.sign_in.response_queue"
)
# What only other commands need, or only an error.
_OF_OTHERS = (
    "argparse tomlkit core.cli.help core.cli.run core.keeping core.verdicts.match core.demo"
)
_OF_A_REQUEST = (
    "ssl urllib.request http.client truststore concurrent.futures hashlib core.net.http"
    " core.oauth.client_parameters core.oauth.token_response core.oauth.tokens core.oauth.answer"
)
_OF_THE_CATALOG = "tomllib core.providers.catalog core.providers.fields core.providers.registration"
_OF_THE_LOG = "logging.handlers core.redaction"
HELP = f"logging json dataclasses pathlib threading core.model core.cli.entry {_OF_THE_LOG}"
FRESH = (
    "json subprocess imaplib filelock core.oauth.sign_in core.history"
    f" {_OF_A_SIGN_IN} {_OF_OTHERS} {_OF_A_REQUEST} {_OF_THE_CATALOG} {_OF_THE_LOG}"
)
# By options: without --no_check there is a login too.
REFRESHES = {
    ("--no_check",): f"imaplib filelock {_OF_A_SIGN_IN} {_OF_OTHERS}",
    (): f"filelock {_OF_A_SIGN_IN} {_OF_OTHERS}",
}
_CODE = """
import sys
before = set(sys.modules)  # pytest-cov loads modules of its own
from {way} import main
code = main()
print(code, *set(sys.modules) - before, file=sys.stderr)
"""


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the folder of a signed-in mailbox, whose token is fresh."""
    stage.sign_in()
    return program_of(stage)


def loaded(program: Program, *arguments: str, way: str = "core.__main__") -> set[str]:
    """The modules that a successful run has loaded at its end."""
    done = program.run_other(sys.executable, "-c", _CODE.format(way=way), *arguments)
    code, *modules = done.err.splitlines()[-1].split()
    assert "0" == code, done.err
    return set(modules)


def named(stage: Stage) -> tuple[str, ...]:
    """The options for the stage's token file and server."""
    return ("--token_file", str(stage.path), "--ca_file", str(stage.ca_file))


def found(names: str, modules: set[str]) -> list[str]:
    """Which of these modules and packages are loaded, or a part of them."""
    return [n for n in names.split() if any(f"{m}.".startswith(f"{n}.") for m in modules)]


@pytest.mark.parametrize("command", REFRESHES, ids=lambda command: " ".join(command) or "alone")
def test_a_refresh_loads_what_it_needs(
    command: tuple[str, ...], program: Program, stage: Stage
) -> None:
    """Nothing of a sign-in and of other commands."""
    stage.age()
    before = stage.server.refreshes
    modules = loaded(program, *command, *named(stage))
    assert 1 == stage.server.refreshes - before
    assert [] == found(REFRESHES[command], modules)


def test_a_fresh_token_needs_one_file(program: Program, stage: Stage) -> None:
    """No catalog, no network, no log: imapsync calls --refresh_only before each login."""
    assert [] == found(FRESH, loaded(program, "--refresh_only", *named(stage)))


def test_the_help_needs_two_tables(program: Program) -> None:
    """Those of options and of commands."""
    assert [] == found(HELP, loaded(program, "--help"))


@pytest.mark.parametrize("way", ["core.__main__", "gui.launch"])
def test_the_version_is_answered_before_anything_is_imported(program: Program, way: str) -> None:
    """Scripts ask it before each run, also by the installed command."""
    modules = loaded(program, "--version", way=way)
    few = {"core", "core.cli", "gui", way}
    assert not {name for name in modules if name.split(".")[0] in ("core", "gui")} - few
    assert not modules & {"argparse", "logging", "json", "dataclasses", "re"}
