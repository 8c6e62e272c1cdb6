"""The table of commands. The first word of a command line is a command if it contains no @."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from ..errors import as_error
from ..verdicts import local_commands


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Its function is `run` in `module`, which is imported only when called.

    `words` shows its arguments in `--help`; `options` are the options that only it accepts.
    """

    module: str
    words: str
    help: str
    options: frozenset[str] = frozenset()

    def run(self, words: Sequence[str], options: Namespace) -> int:
        """Run the command and return its exit code."""
        return int(import_module(f".{self.module}", __package__).run(words, options))


COMMANDS: Mapping[str, Command] = {
    "run": Command(
        "run",
        "[ADDRESS]... -- imapsync ...",
        "Run imapsync and keep its tokens fresh.",
        options=frozenset({"side"}),
    ),
    "status": Command(
        "status",
        "[ADDRESS]...",
        "Show the state of each token file.",
        options=frozenset({"check"}),
    ),
    "forget": Command(
        "forget",
        "ADDRESS",
        "Delete the tokens of a mailbox; at Gmail, also revoke them.",
        options=frozenset({"yes", "no_revoke"}),
    ),
    "doctor": Command(
        "doctor",
        "[FILE]...",
        "Find problems in token files.",
        options=frozenset({"fix"}),
    ),
    "report": Command("report", "[ADDRESS]...", "Write a report to send when you ask for help."),
    "providers": Command("providers", "", "List the known providers and applications."),
    "detect": Command("detect", "ADDRESS", "Show which provider an address belongs to."),
}


def commands_help() -> str:
    """The part of `--help` that lists the commands."""
    rows = [f"  {f'{name} {c.words}':<34}{c.help}" for name, c in COMMANDS.items()]
    return "Commands:\n" + "\n".join(rows) + "\n"


def command_named(word: str) -> Command:
    """The command with this name. Raises `UsageProblem`, whose text fits a mistyped address too."""
    if word not in COMMANDS:
        # The message does not repeat the word: it may be a misplaced secret.
        raise as_error(local_commands.NOT_A_COMMAND, commands=", ".join(COMMANDS))
    return COMMANDS[word]


def refuse_options_of_others(command: Command | None, options: Namespace) -> None:
    """Raise `UsageProblem` for an option of another command, which would silently do nothing."""
    for name, other in COMMANDS.items():
        for option in sorted(other.options) if other is not command else ():
            if getattr(options, option):
                raise as_error(
                    local_commands.OPTION_OF_A_COMMAND, option=f"--{option}", command=name
                )
