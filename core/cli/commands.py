"""The table of commands. The first word of a command line is a command if it contains no @.

A new command must say which options it takes. All others are refused (option_rules.py).
"""

from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from ..errors import as_error
from ..i18n.translation import _
from ..verdicts import local_commands
from .option import Group
from .options import OPTIONS, Options

_GROUPS = {option.name: option.group for option in OPTIONS}
_EVERYWHERE = frozenset({"debug", "language", "thunderbird", "version", "help"})


class Taken:
    """The options that a command takes: all of these groups, and these single ones."""

    def __init__(
        self, groups: Collection[Group] = frozenset(), names: Collection[str] = frozenset()
    ) -> None:
        self.groups = groups
        self.names = names

    def __contains__(self, name: object) -> bool:
        """Whether the option with this name is taken."""
        return name in self.names or name in _EVERYWHERE or _GROUPS[str(name)] in self.groups


class Command(NamedTuple):
    """One command. Its function is `run` in `module`, which is imported only when called.

    `words` shows its arguments in `--help`. release/catalogs.py collects `help`.
    """

    module: str
    words: str
    help: str
    taken: Taken

    def run(self, words: Sequence[str], options: Options) -> int:
        """Run the command and return its exit code."""
        return int(import_module(f".{self.module}", __package__).run(words, options))


MAILBOX = frozenset({Group.PROVIDER, Group.SIGN_IN, Group.FILE})
# Addresses without a command.
ADDRESSES = Taken(MAILBOX | {Group.ACTION}, frozenset({"json", "ca_file", "timeout"}))
DEMO = Taken(names=frozenset({"demo", "yes"}))

COMMANDS: Mapping[str, Command] = {
    "run": Command(
        "run",
        "[ADDRESS]... -- imapsync ...",
        "Run imapsync and keep its tokens fresh.",
        Taken(
            MAILBOX,
            frozenset({"side", "every", "no_keep_awake", "hook", "on_trouble"})
            | {"ca_file", "timeout"},
        ),
    ),
    "request": Command(
        "request",
        "ADDRESS",
        "Ask the mailbox's owner to sign in elsewhere.",
        Taken(
            frozenset({Group.PROVIDER}),
            frozenset({"login_hint", "redirect_uri", "token_file", "protect", "no_check"})
            | {"finish", "list", "cancel", "json", "ca_file", "timeout"},
        ),
    ),
    "status": Command(
        "status",
        "[ADDRESS]...",
        "Show the state of each token file.",
        Taken(names=frozenset({"token_file", "every", "check", "json"})),
    ),
    "forget": Command(
        "forget",
        "ADDRESS",
        "Delete the tokens of a mailbox; at Gmail, also revoke them.",
        Taken(
            frozenset({Group.PROVIDER}),
            frozenset({"token_file", "yes", "no_revoke", "ca_file", "timeout"}),
        ),
    ),
    "doctor": Command(
        "doctor",
        "[FILE]...",
        "Find problems in token files.",
        Taken(names=frozenset({"token_file", "fix", "json", "timeout"})),
    ),
    "inspect": Command(
        "inspect",
        "[ADDRESS or FILE]...",
        "Show what a token says of itself: who, for what, until when.",
        Taken(names=frozenset({"token_file", "json"})),
    ),
    "import": Command(
        "import_files",
        "FILE...",
        "Import the tokens of other programs, and the calls in scripts.",
        Taken(
            frozenset({Group.PROVIDER}),
            frozenset({"address", "dry_run", "replace", "protect", "json"}),
        ),
    ),
    "register": Command(
        "register",
        "[PROVIDER] [ADDRESS]",
        "Make, test and share a registration of your own.",
        Taken(
            MAILBOX - {Group.FILE},
            frozenset({"token_file", "protect", "no_check", "export", "import", "yes"})
            | {"ca_file", "timeout"},
        ),
    ),
    "admin": Command(
        "admin",
        "[ADDRESS]...",
        "Write what the administrator of Microsoft 365 has to do.",
        Taken(
            frozenset({Group.PROVIDER}),
            frozenset({"object_id", "group", "check", "login_hint", "token_file"})
            | {"json", "ca_file", "timeout"},
        ),
    ),
    "schedule": Command(
        "schedule",
        "[ADDRESS]...",
        "Write the files with which cron and others refresh tokens.",
        Taken(names=frozenset({"for", "to", "token_file", "every"})),
    ),
    "batch": Command(
        "batch",
        "LIST",
        "Get the tokens of all mailboxes of a list (CSV).",
        Taken(
            frozenset({Group.PROVIDER}),
            frozenset({"remotebrowser", "device_code", "browser", "private", "redirect_uri"})
            | {"local", "localssl", "protect", "no_check", "at_once", "script"}
            | {"loop", "every", "until", "while_pid", "json", "ca_file", "timeout"}
            | {"no_keep_awake", "hook", "on_trouble"},
        ),
    ),
    "report": Command(
        "report",
        "[ADDRESS]...",
        "Write a report to send when you ask for help.",
        Taken(names=frozenset({"token_file", "ca_file", "timeout"})),
    ),
    "providers": Command(
        "providers",
        "[NAME]...",
        "List the known providers and applications.",
        Taken(names=frozenset({"check", "json", "ca_file", "timeout"})),
    ),
    "browsers": Command(
        "browsers",
        "",
        "List the browsers that --browser can open.",
        Taken(names=frozenset({"json"})),
    ),
    "detect": Command(
        "detect",
        "ADDRESS...",
        "Show which provider an address belongs to.",
        Taken(names=frozenset({"json", "timeout", "ca_file"})),
    ),
}


def commands_help() -> str:
    """The part of `--help` that lists the commands."""
    rows = [f"  {f'{name} {c.words}':<34}{_(c.help)}" for name, c in COMMANDS.items()]
    return "\n".join((_("Commands:"), *rows, ""))


def command_named(word: str) -> Command:
    """The command with this name. Raises `UsageProblem`, whose text fits a mistyped address too."""
    if word not in COMMANDS:
        # The message does not repeat the word: it may be a misplaced secret.
        raise as_error(local_commands.NOT_A_COMMAND, commands=", ".join(COMMANDS))
    return COMMANDS[word]
