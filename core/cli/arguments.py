"""Turn a command line into checked values."""

import math
import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ..address import parse_address
from ..child_environment import SECRET_VARIABLE
from ..errors import AppError, as_error
from ..keeping.stop_conditions import StopCondition, at_time, with_process
from ..mailbox.job import Request
from ..net.network import Network
from ..providers.overrides import Overrides, by_hand
from ..verdicts import local_commands
from ..verdicts.verdict import Verdict
from .grammar import canonical
from .options import NEGATABLE, OPTIONS, Group, Option

# The largest number of minutes or seconds. Windows waits at most 2 ** 32 milliseconds, and its
# sockets wait half of that.
_LONGEST = 1e6
_REDIRECT_HOST = "localhost"  # the third word of the old form
_LOCAL_URIS = {"local": "http://localhost", "localssl": "https://localhost"}
# What to say of a wrong number, with the example.
_NUMBERS: Mapping[str, tuple[Verdict, str]] = {
    "every": (local_commands.OPTION_NEEDS_MINUTES, "30"),
    "min_left": (local_commands.OPTION_NEEDS_MINUTES_OR_0, "10"),
    "timeout": (local_commands.OPTION_NEEDS_SECONDS, "15"),
    "imap_port": (local_commands.OPTION_NEEDS_WHOLE_NUMBER, "993"),
    "side": (local_commands.SIDE_NOT_1_OR_2, "1"),
    "while_pid": (local_commands.OPTION_NEEDS_WHOLE_NUMBER, "4711"),
}

EXAMPLES = """\
Examples:
  oauth2_imap you@example.com
      The first time: sign in. Later: refresh the token without a browser.
  oauth2_imap --loop you@example.com
      Keep the token fresh until you press Ctrl-C.
  oauth2_imap run old@example.com new@example.org -- imapsync --automap
      Run imapsync and keep both tokens fresh until it ends.
  oauth2_imap --provider gmail you@example.com
      Choose the provider, if this address has a mailbox at two providers.
  oauth2_imap --remotebrowser you@example.com
      Sign in with a browser on another computer.
  oauth2_imap --demo --yes
      Try oauth2_imap without an account.
"""


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise as_error(local_commands.COMMAND_LINE_UNREADABLE, detail=message)


@dataclass(frozen=True, slots=True)
class Arguments:
    """A parsed command line: the words that are not options, and the options.

    `given` are the names of the options that the user wrote.
    """

    words: tuple[str, ...]
    options: Namespace
    given: tuple[str, ...]


def parse_arguments(arguments: Sequence[str]) -> Arguments:
    """Parse a command line. Raises `UsageProblem` if it is wrong."""
    words, written = canonical(arguments)
    options = parser("").parse_args(written)
    for name in ("every", "timeout"):
        value = getattr(options, name)
        if not value > 0:  # NaN too
            raise _wrong_number(name)
        if value > _LONGEST:
            raise as_error(
                local_commands.OPTION_TOO_LARGE, option=f"--{name}", largest=f"{_LONGEST:.0f}"
            )
    if options.min_left < 0 or math.isnan(options.min_left):
        raise _wrong_number("min_left")
    return Arguments(tuple(words), options, tuple(_name_of(text) for text in written))


def _name_of(written: str) -> str:
    name = written.removeprefix("--").partition("=")[0]
    positive = name.removeprefix("no_")
    return positive if positive in NEGATABLE else name


def parser(commands: str) -> ArgumentParser:
    """Build the parser from the table of options; `commands` is the help on the commands."""
    made = _Parser(
        prog="oauth2_imap",
        usage="oauth2_imap [OPTIONS] ADDRESS...\n       oauth2_imap COMMAND ...",
        description="Sign in once. oauth2_imap then keeps a valid token in a file for imapsync.",
        epilog=f"{commands}\n{EXAMPLES}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    groups = {group: made.add_argument_group(group.value) for group in Group}
    switches = {"protect": None}  # None: neither --protect nor --no_protect was given
    defaults = {
        "every": 30.0,
        "timeout": 15.0,
        "min_left": 10.0,
        "imap_port": 0,
        "side": 0,
        "while_pid": None,
        "client_secret": None,  # an empty one means that the client has no secret
    }
    for option in OPTIONS:
        group, name = groups[option.group], f"--{option.name}"
        if option.metavar is None:
            default = switches.get(option.name, False)
            group.add_argument(name, action="store_true", default=default, help=option.help)
            if option.name in NEGATABLE:
                negation = f"--no_{option.name}"
                made.add_argument(
                    negation,
                    dest=option.name,
                    action="store_false",
                    help=SUPPRESS,
                    default=default,
                )
        else:
            group.add_argument(
                name,
                metavar=option.metavar,
                type=_reader(option.kind, option.name),
                default=defaults.get(option.name, ""),
                help=option.help,
            )
    return made


def refuse_old_form(words: Sequence[str], options: Namespace) -> None:
    """Raise `UsageProblem` for `ADDRESS TOKEN_FILE localhost`, as an old Perl script took it.

    The error has the command to use instead.
    """
    if not 2 <= len(words) <= 3 or options.token_file:
        return
    address, file, *others = words
    is_old = _is_token_file(file) or ("@" not in file and others == [_REDIRECT_HOST])
    if "@" not in address or not is_old or any("@" in other for other in others):
        return
    from ..imapsync.shell_quoting import join, own_shells  # needed for this error only
    from .actions import program_name

    named = ["--token_file", file] if file else []
    command = [program_name(), *repeated(options, None), *named, address]
    raise as_error(
        local_commands.OLD_POSITIONAL_FORM, command=join(command, own_shells(sys.platform)[0])
    )


def _is_token_file(word: str) -> bool:
    """Whether a word is a path and not a mistyped address or a secret."""
    return (
        not word
        or word.lower().endswith(".txt")
        or ("@" not in word and ("/" in word or "\\" in word))
        or os.path.isfile(word)
    )


def check_combination(addresses: Sequence[str], options: Namespace) -> None:
    """Raise `UsageProblem` for options that can't be used together."""
    for name in ("token_file", "login_hint"):
        if len(addresses) > 1 and getattr(options, name):
            raise as_error(
                local_commands.OPTION_FOR_ONE_ADDRESS, option=f"--{name}", count=len(addresses)
            )
    for name, other in (("print_token", "json"), ("local", "localssl")):
        if getattr(options, name) and getattr(options, other):
            raise as_error(local_commands.OPTIONS_EXCLUDE, option=f"--{name}", other=f"--{other}")
    for name, uri in _LOCAL_URIS.items():
        if getattr(options, name) and not (options.redirect_uri or uri).startswith(uri):
            raise as_error(
                local_commands.OPTIONS_EXCLUDE, option=f"--{name}", other="--redirect_uri"
            )
    for name in ("until", "while_pid"):
        if getattr(options, name) not in ("", None) and not options.loop:
            raise as_error(local_commands.OPTION_NEEDS_LOOP, option=f"--{name}")


def stop_conditions_of(options: Namespace, clock: Callable[[], float]) -> list[StopCondition]:
    """When the loop is to stop, by `--until` and `--while_pid`; the first one reached counts."""
    conditions = []
    if options.until:
        conditions.append(at_time(options.until, clock))
    if options.while_pid is not None:
        conditions.append(with_process(options.while_pid))
    return conditions


def request_of(
    address: str, options: Namespace, folder: Path, environ: Mapping[str, str]
) -> Request:
    """The request that the command line makes for one address."""
    return Request(
        address=parse_address(address),
        folder=folder,
        provider=options.provider,
        application=options.application,
        overrides=_overrides(options, environ),
        token_file=Path(os.path.expanduser(options.token_file)) if options.token_file else None,
        login_hint=parse_address(options.login_hint) if options.login_hint else "",
        start_over=options.startover,
        check=not options.no_check,
        protect=options.protect,
        network=network_of(options),
    )


def repeated(options: Namespace, token_file: Path | None) -> list[str]:
    """The options with which a sign-in must be repeated, as words; never the client secret."""
    words: list[str] = []
    for option in filter(_is_repeated, OPTIONS):
        value = getattr(options, option.name)
        if option.name == "token_file":
            value = os.path.abspath(token_file) if token_file else ""
        if option.metavar is not None:
            words += [f"--{option.name}", str(value)] if value else []
        elif value:
            words.append(f"--{option.name}")
        elif option.name == "protect" and value is False:
            words.append("--no_protect")
    return words


def _is_repeated(option: Option) -> bool:
    about_the_mailbox = option.group in (Group.PROVIDER, Group.SIGN_IN, Group.FILE)
    return (about_the_mailbox or option.name == "ca_file") and option.name not in (
        "client_secret",
        "startover",
    )


def network_of(options: Namespace) -> Network:
    """The network timeout and the additional CA certificates."""
    return Network(options.timeout, Path(options.ca_file) if options.ca_file else None)


def redirect_of(options: Namespace) -> str:
    """The redirect URI from `--redirect_uri`, `--local` or `--localssl`; empty for none of them."""
    local = (uri for name, uri in _LOCAL_URIS.items() if getattr(options, name))
    return str(options.redirect_uri) or next(local, "")


def _overrides(options: Namespace, environ: Mapping[str, str]) -> Overrides:
    return by_hand(
        client_id=options.client_id,
        client_secret=options.client_secret,
        authorize_uri=options.authorize_uri,
        token_uri=options.token_uri,
        redirect_uri=redirect_of(options),
        scopes=tuple(options.scope_string.split()),
        imap_host=options.imap_server.lower(),
        imap_port=options.imap_port,
        tenant=options.tenant,
        secret_from_environment=environ.get(SECRET_VARIABLE, ""),
    )


def _reader(kind: type, name: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            return kind(text)
        except ValueError:
            raise _wrong_number(name) from None

    return read


def _wrong_number(name: str) -> AppError:
    verdict, example = _NUMBERS[name]
    return as_error(verdict, option=f"--{name}", example=f"--{name} {example}")
