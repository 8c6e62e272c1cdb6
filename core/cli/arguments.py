"""Turn a command line into checked values."""

import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..address import parse_address
from ..client_secret import client_secret_in
from ..errors import AppError, as_error
from ..i18n.translation import LANGUAGES
from ..mailbox.job import Request
from ..net.network import Network
from ..providers.overrides import Overrides
from ..tokenfile.expiry import INTERVAL
from ..verdicts import local_commands
from ..verdicts.verdict import Verdict
from .grammar import Given, read_options
from .option import Group, Option
from .options import OPTIONS, Options

if TYPE_CHECKING:
    from ..keeping.stop_conditions import StopCondition

# The largest number of minutes or seconds. Windows waits at most 2 ** 32 milliseconds, and its
# sockets wait half of that.
_LONGEST = 1e6
_MOST_AT_ONCE = 256  # threads
_EXCLUDED = (
    ("print_token", "json"),
    ("local", "localssl"),
    ("remotebrowser", "browser"),
    ("remotebrowser", "private"),
)
_REDIRECT_HOST = "localhost"  # the third word of the old form
_LOCAL_URIS = {"local": "http://localhost", "localssl": "https://localhost"}
# Of the options that are not given. The others have "", or False if they are switches.
_DEFAULTS: Mapping[str, object] = {
    "every": INTERVAL / 60,
    "timeout": 15.0,
    "min_left": 10.0,
    "imap_port": 0,
    "at_once": 8,
    "side": 0,
    "while_pid": None,
    "client_secret": None,  # an empty one means that the client has no secret
    "protect": None,  # neither --protect nor --no_protect was given
}
# What to say of a wrong number, with the example.
_NUMBERS: Mapping[str, tuple[Verdict, str]] = {
    "every": (local_commands.OPTION_NEEDS_MINUTES, "30"),
    "min_left": (local_commands.OPTION_NEEDS_MINUTES_OR_0, "10"),
    "timeout": (local_commands.OPTION_NEEDS_SECONDS, "15"),
    "imap_port": (local_commands.OPTION_NEEDS_WHOLE_NUMBER, "993"),
    "side": (local_commands.SIDE_NOT_1_OR_2, "1"),
    "at_once": (local_commands.OPTION_NEEDS_WHOLE_NUMBER, "8"),
    "while_pid": (local_commands.OPTION_NEEDS_WHOLE_NUMBER, "4711"),
}


@dataclass(frozen=True, slots=True)
class Arguments:
    """A parsed command line: the words that are not options, and the options.

    `given` are the names of the options that the user wrote.
    """

    words: tuple[str, ...]
    options: Options
    given: tuple[str, ...]


def parse_arguments(arguments: Sequence[str]) -> Arguments:
    """Parse a command line. Raises `UsageProblem` if it is wrong."""
    words, given = read_options(arguments)
    options = Options(**{option.name: _default(option) for option in OPTIONS})
    for one in given:
        setattr(options, one.option.name, _value(one))
    for name in ("every", "timeout"):
        value = getattr(options, name)
        if not value > 0:  # NaN too
            raise _wrong_number(name)
        if value > _LONGEST:
            raise as_error(
                local_commands.OPTION_TOO_LARGE, option=f"--{name}", largest=f"{_LONGEST:.0f}"
            )
    if options.language and options.language not in LANGUAGES:
        raise as_error(
            local_commands.LANGUAGE_UNKNOWN, name=options.language, known=", ".join(LANGUAGES)
        )
    if not 1 <= options.at_once <= _MOST_AT_ONCE:
        raise _wrong_number("at_once")
    if options.min_left < 0 or math.isnan(options.min_left):
        raise _wrong_number("min_left")
    return Arguments(tuple(words), options, tuple(one.option.name for one in given))


def _default(option: Option) -> object:
    return _DEFAULTS.get(option.name, False if option.metavar is None else "")


def _value(given: Given) -> object:
    option = given.option
    if option.metavar is None:
        return not given.negated
    try:
        return option.kind(given.text)
    except ValueError:
        raise _wrong_number(option.name) from None


def refuse_old_form(words: Sequence[str], options: Options) -> None:
    """Raise `UsageProblem` for `ADDRESS TOKEN_FILE localhost`, as an old Perl script took it.

    The error has the command to use instead.
    """
    if not 2 <= len(words) <= 3 or options.token_file:
        return
    address, file, *others = words
    is_old = is_token_file(file) or ("@" not in file and others == [_REDIRECT_HOST])
    if "@" not in address or not is_old or any("@" in other for other in others):
        return
    from ..imapsync.shell_quoting import join, own_shells  # needed for this error only
    from .actions import program_name

    named = ["--token_file", file] if file else []
    command = [program_name(), *repeated(options, None), *named, address]
    raise as_error(
        local_commands.OLD_POSITIONAL_FORM, command=join(command, own_shells(sys.platform)[0])
    )


def is_token_file(word: str) -> bool:
    """Whether a word is a path and not a mistyped address or a secret."""
    return (
        not word
        or word.lower().endswith(".txt")
        or ("@" not in word and ("/" in word or "\\" in word))
        or os.path.isfile(word)
    )


def check_combination(addresses: Sequence[str], options: Options) -> None:
    """Raise `UsageProblem` for options that can't be used together."""
    for name in ("token_file", "login_hint"):
        if len(addresses) > 1 and getattr(options, name):
            raise as_error(
                local_commands.OPTION_FOR_ONE_ADDRESS, option=f"--{name}", count=len(addresses)
            )
    for name, other in _EXCLUDED:
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


def stop_conditions_of(options: Options, clock: Callable[[], float]) -> "list[StopCondition]":
    """When the loop is to stop, by `--until` and `--while_pid`; the first one reached counts."""
    from ..keeping.stop_conditions import at_time, with_process  # imported for the loop only

    conditions = []
    if options.until:
        conditions.append(at_time(options.until, clock))
    if options.while_pid is not None:
        conditions.append(with_process(options.while_pid))
    return conditions


def request_of(address: str, options: Options, folder: Path, environ: Mapping[str, str]) -> Request:
    """The request that the command line makes for one address."""
    return Request(
        address=parse_address(address),
        folder=folder,
        provider=options.provider,
        application=options.application,
        overrides=overrides_of(options, environ),
        token_file=Path(os.path.expanduser(options.token_file)) if options.token_file else None,
        login_hint=parse_address(options.login_hint) if options.login_hint else "",
        start_over=options.startover,
        check=not options.no_check,
        protect=options.protect,
        network=network_of(options),
        discover=options.discover,
    )


def repeated(options: Options, token_file: Path | None) -> list[str]:
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


def network_of(options: Options) -> Network:
    """The network timeout and the additional CA certificates."""
    return Network(options.timeout, Path(options.ca_file) if options.ca_file else None)


def redirect_of(options: Options) -> str:
    """The redirect URI from `--redirect_uri`, `--local` or `--localssl`; empty for none of them."""
    local = (uri for name, uri in _LOCAL_URIS.items() if getattr(options, name))
    return str(options.redirect_uri) or next(local, "")


def described(options: Options) -> dict[str, Any]:
    """The fields of a registration that the options give, as `by_hand` takes them."""
    return {
        "client_id": options.client_id,
        "issuer": options.issuer,
        "authorize_uri": options.authorize_uri,
        "token_uri": options.token_uri,
        "redirect_uri": redirect_of(options),
        "scopes": tuple(options.scope_string.split()),
        "imap_host": options.imap_server.lower(),
        "imap_port": options.imap_port,
        "tenant": options.tenant,
        "grant": options.grant,
        "certificate": options.certificate and os.path.abspath(options.certificate),
        "key_file": options.key_file and os.path.abspath(options.key_file),
    }


def overrides_of(options: Options, environ: Mapping[str, str]) -> Overrides:
    """The fields of a registration that the options and the environment give, checked."""
    secret, given = client_secret_in(environ), described(options)
    if options.client_secret is None and not any(given.values()):
        return Overrides(secret_from_environment=secret)
    from ..providers.by_hand import by_hand  # imported late, since a fresh token needs no checks

    if options.key_file and not options.client_id:
        from ..oauth.service_account import read_key_file

        given["client_id"] = read_key_file(Path(options.key_file))["client_id"]
    return by_hand(client_secret=options.client_secret, secret_from_environment=secret, **given)


def _wrong_number(name: str) -> AppError:
    verdict, example = _NUMBERS[name]
    return as_error(verdict, option=f"--{name}", example=f"--{name} {example}")
