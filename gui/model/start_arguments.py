"""The window's command line: the options that fill its fields (core/cli/face.py chooses the face).

The window takes every option of the Perl script, so that batch files that call it still work.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.browser_choice import SYSTEM_BROWSER, BrowserChoice
from core.i18n.translation import use_language

if TYPE_CHECKING:
    from core.cli.options import Options

# Options, and the fields of `OptionValues` that they fill.
FIELD_OF_OPTION = {
    "application": "application",
    "tenant": "tenant",
    "client_id": "client_id",
    "client_secret": "client_secret",
    "certificate": "certificate",
    "key_file": "key_file",
    "issuer": "issuer",
    "authorize_uri": "authorization_endpoint",
    "token_uri": "token_endpoint",
    "scope_string": "scope",
    "imap_server": "imap_host",
    "imap_port": "imap_port",
}


@dataclass(frozen=True, slots=True)
class StartArguments:
    """What the window was started with.

    `address` is empty where none was given; `fields` has values for the options, by name.
    `timeout` is in seconds; like `browser`, `ca_file`, `protect` and `language`, it counts until
    the window closes.
    """

    address: str = ""
    provider: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    token_file: Path | None = None
    start_over: bool = False
    remote: bool = False
    discover: bool = False
    browser: BrowserChoice = SYSTEM_BROWSER
    timeout: float = 15.0
    ca_file: Path | None = None
    protect: bool | None = None
    language: str = ""


def read_start_arguments(arguments: Sequence[str]) -> StartArguments:
    """Read the command line of the window, or of a call; raises `UsageProblem` if it is wrong."""
    # Imported here, since most starts have no arguments.
    from core.address import parse_address
    from core.cli.arguments import check_combination, parse_arguments

    parsed = parse_arguments(arguments)
    options = parsed.options
    if options.language:
        use_language(options.language)
    check_combination(parsed.words, options)
    return StartArguments(
        address=parse_address(parsed.words[0]) if parsed.words else "",
        provider=options.provider,
        fields=_fields(options, {name: getattr(options, name) for name in parsed.given}),
        token_file=Path(options.token_file).absolute() if options.token_file else None,
        start_over=options.startover,
        remote=options.remotebrowser,
        discover=options.discover,
        browser=BrowserChoice(options.browser, options.private),
        timeout=options.timeout,
        ca_file=Path(os.path.expanduser(options.ca_file)).absolute() if options.ca_file else None,
        protect=options.protect,
        language=options.language,
    )


def _fields(options: "Options", given: Mapping[str, Any]) -> dict[str, Any]:
    from core.address import parse_address
    from core.cli.arguments import redirect_of

    fields: dict[str, Any] = {
        FIELD_OF_OPTION[name]: value for name, value in given.items() if name in FIELD_OF_OPTION
    }
    for name in ("certificate", "key_file"):
        if name in fields:
            fields[name] = os.path.abspath(fields[name])
    if redirect := redirect_of(options):
        fields["redirect_uri"] = redirect
    if options.login_hint:
        fields["login_hint"] = parse_address(options.login_hint)
    if options.no_check:
        fields["check"] = False
    if options.device_code:
        fields["device_code"] = True
    return fields
