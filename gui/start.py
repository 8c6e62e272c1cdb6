"""What the window can be started with; everything else is the terminal program's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SMOKE_TEST = "--smoke-test"
_TAKEN = ("provider", "application", "token_file", "login_hint", "version")


@dataclass(frozen=True, slots=True)
class Start:
    """`address` fills the field and starts; empty where none was given."""

    address: str = ""
    provider: str = ""
    application: str = ""
    token_file: Path | None = None
    login_hint: str = ""
    version: bool = False
    smoke_test: bool = False


def read_start(arguments: Sequence[str]) -> Start:
    """Read the window's command line; an option it doesn't take is named, with what does."""
    smoke_test = SMOKE_TEST in arguments
    rest = [a for a in arguments if a != SMOKE_TEST]
    if not rest:
        return Start(smoke_test=smoke_test)
    # Only here: the usual start has none to read.
    from core.address import parse_address
    from core.cli.arguments import parse
    from core.errors import UsageProblem
    from core.network import quoted

    parsed = parse(rest)
    usual = vars(parse([]).options)
    given = {name for name, value in vars(parsed.options).items() if value != usual[name]}
    strange = sorted(given - set(_TAKEN))
    if strange or len(parsed.words) > 1:
        line, secret = " ".join(arguments), parsed.options.client_secret
        what = f"--{strange[0]}" if strange else "more than one address"
        raise UsageProblem(
            f"The window doesn't take {what}",
            todo=f"Use the terminal program: oauth2_imap_cli {quoted(line, secret)}",
        )
    options = parsed.options
    return Start(
        address=parse_address(parsed.words[0]) if parsed.words else "",
        provider=options.provider,
        application=options.application,
        token_file=Path(options.token_file).absolute() if options.token_file else None,
        login_hint=parse_address(options.login_hint) if options.login_hint else "",
        version=options.version,
        smoke_test=smoke_test,
    )
