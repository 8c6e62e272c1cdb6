"""The window's command line; all other options belong to the terminal program.

The window takes every option of the Perl script, so that batch files that call it still work.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.cli.options import Options

SMOKE_TEST = "--smoke-test"
# Options, and the fields of `AdvancedValues` that they fill.
FIELD_OF_OPTION = {
    "application": "application",
    "tenant": "tenant",
    "client_id": "client_id",
    "client_secret": "client_secret",
    "authorize_uri": "authorization_endpoint",
    "token_uri": "token_endpoint",
    "scope_string": "scope",
    "imap_server": "imap_host",
    "imap_port": "imap_port",
    "ca_file": "ca_file",
}
_READ_HERE = (
    *("provider", "login_hint", "token_file", "version"),
    *("startover", "no_check", "remotebrowser", "redirect_uri", "local", "localssl"),
)
_WITHOUT_EFFECT = ("debug", "thunderbird")
_TAKEN = {*FIELD_OF_OPTION, *_READ_HERE, *_WITHOUT_EFFECT}


@dataclass(frozen=True, slots=True)
class StartArguments:
    """What the window was started with.

    `address` is empty where none was given; `fields` has values for the advanced fields, by name.
    """

    address: str = ""
    provider: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    token_file: Path | None = None
    start_over: bool = False
    remote: bool = False
    version: bool = False
    smoke_test: bool = False

    def folder_of_script(self, here: Path) -> Path | None:
        """Return the folder `tokens` in `here`, if it exists and an address was given; else None.

        Batch files for the Perl script created that folder, and their imapsync command looks for
        the token files there.
        """
        from core.paths import TOKENS

        folder = here / TOKENS
        return folder if self.address and folder.is_dir() else None


def read_start_arguments(arguments: Sequence[str]) -> StartArguments:
    """Read the window's command line; raises `UsageProblem` for an option it doesn't have."""
    smoke_test = SMOKE_TEST in arguments
    rest = [a for a in arguments if a != SMOKE_TEST]
    if not rest:
        return StartArguments(smoke_test=smoke_test)
    # Imported here, since most starts have no arguments.
    from core.address import parse_address
    from core.cli.arguments import check_combination, parse_arguments, refuse_old_form
    from core.errors import as_error
    from core.verdicts import local_commands

    parsed = parse_arguments(rest)
    options = parsed.options
    given = {name: getattr(options, name) for name in parsed.given}
    unknown = sorted(given.keys() - _TAKEN)
    if unknown:
        command = _in_terminal(rest, options)
        raise as_error(
            local_commands.WINDOW_WITHOUT_OPTION, option=f"--{unknown[0]}", command=command
        )
    refuse_old_form(parsed.words, options)
    if len(parsed.words) > 1:
        raise as_error(
            local_commands.WINDOW_TAKES_ONE_ADDRESS,
            count=len(parsed.words),
            command=_in_terminal(rest, options),
        )
    check_combination(parsed.words, options)
    return StartArguments(
        address=parse_address(parsed.words[0]) if parsed.words else "",
        provider=options.provider,
        fields=_fields(options, given),
        token_file=Path(options.token_file).absolute() if options.token_file else None,
        start_over=options.startover,
        remote=options.remotebrowser,
        version=options.version,
        smoke_test=smoke_test,
    )


def _in_terminal(arguments: Sequence[str], options: "Options") -> str:
    """The same command line for the program for the terminal, without the client secret."""
    from core.cli.actions import program_name
    from core.imapsync.shell_quoting import join, own_shells
    from core.net.network import quoted

    words = [quoted(word, options.client_secret or "") for word in arguments]
    return join([program_name(), *words], own_shells(sys.platform)[0])


def _fields(options: "Options", given: Mapping[str, Any]) -> dict[str, Any]:
    from core.address import parse_address
    from core.cli.arguments import redirect_of

    fields: dict[str, Any] = {
        FIELD_OF_OPTION[name]: value for name, value in given.items() if name in FIELD_OF_OPTION
    }
    if redirect := redirect_of(options):
        fields["redirect_uri"] = redirect
    if options.login_hint:
        fields["login_hint"] = parse_address(options.login_hint)
    if options.no_check:
        fields["check"] = False
    return fields
