"""The commands: a first word without @ names one. One table: name, words, help, options."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from ..errors import UsageProblem


@dataclass(frozen=True, slots=True)
class Command:
    """`module`, beside this one, has its `run`; it is loaded only when it is called.

    `words` are what it takes, as `--help` shows them; `options` those that it alone has.
    """

    module: str
    words: str
    help: str
    options: frozenset[str] = frozenset()

    def run(self, words: Sequence[str], options: Namespace) -> int:
        """Do it, and give its exit code."""
        return int(import_module(f".{self.module}", __package__).run(words, options))


COMMANDS: Mapping[str, Command] = {
    "run": Command(
        "run",
        "[ADDRESS]... -- imapsync ...",
        "imapsync, with fresh tokens all along",
        options=frozenset({"side"}),
    ),
    "status": Command(
        "status",
        "[ADDRESS]...",
        "how each mailbox stands",
        options=frozenset({"check"}),
    ),
    "forget": Command(
        "forget",
        "ADDRESS",
        "revoke its tokens and delete them",
        options=frozenset({"yes", "no_revoke"}),
    ),
    "doctor": Command(
        "doctor",
        "[FILE]...",
        "what imapsync would make of a token file",
        options=frozenset({"fix"}),
    ),
    "report": Command("report", "[ADDRESS]...", "write a file to ask for help with"),
    "providers": Command("providers", "", "the known providers and applications"),
    "detect": Command("detect", "ADDRESS", "who is the provider, and why"),
}


def overview() -> str:
    """The commands' part of `--help`."""
    rows = [f"  {f'{name} {c.words}':<34}{c.help}" for name, c in COMMANDS.items()]
    return "commands:\n" + "\n".join(rows) + "\n"


def command_named(word: str) -> Command:
    """The command of that name, or a sentence that covers a mistyped address too."""
    if word not in COMMANDS:
        # It isn't repeated: it may be a secret that stands in the wrong place.
        raise UsageProblem(
            "The first word is neither an e-mail address nor a command",
            hint="Write an address like you@example.com, or one of: " + ", ".join(COMMANDS),
        )
    return COMMANDS[word]


def refuse_options_of_others(command: Command | None, options: Namespace) -> None:
    """Another command's option would silently be without effect."""
    own = command.options if command is not None else frozenset()
    for option in sorted(set().union(*(c.options for c in COMMANDS.values())) - own):
        if getattr(options, option):
            raise UsageProblem(
                f"--{option} has no meaning here",
                hint="Leave it away; oauth2_imap --help says what it goes with",
            )
