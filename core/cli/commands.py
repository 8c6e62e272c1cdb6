"""The commands: a first word without @ names one. One table: name, help, function."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..address import parse_address
from ..errors import ExitCode, UsageProblem
from ..providers.catalog import Application, Provider, load_catalog, own_file
from ..providers.detection import detect
from .status import status


@dataclass(frozen=True, slots=True)
class Command:
    """`words` are what it takes, as `--help` shows them; `options` those that it alone has."""

    words: str
    help: str
    function: Callable[[Sequence[str], Namespace], int]
    options: frozenset[str] = frozenset()


def providers(words: Sequence[str], options: Namespace) -> int:
    """List the known providers and applications, and what each asks for."""
    _expect(words, 0, "providers")
    for provider in load_catalog(own_file()).providers.values():
        print(f"{provider.name}: {provider.label}")
        print(f"  IMAP {provider.imap_host}:{provider.imap_port}, scopes {_join(provider.scopes)}")
        for application in provider.applications.values():
            for line in _about(provider, application):
                print(f"  {line}")
    print(f"Your own go into {own_file()}")
    return ExitCode.DONE


def detect_provider(words: Sequence[str], options: Namespace) -> int:
    """Say who an address's provider is, and why."""
    _expect(words, 1, "detect ADDRESS")
    address = parse_address(words[0])
    found = detect(address, load_catalog(own_file()), timeout=options.timeout)
    print(f"{found.provider}, because {found.reason}")
    return ExitCode.DONE


def doctor(words: Sequence[str], options: Namespace) -> int:
    """Say what imapsync would make of token files."""
    from .doctor import doctor

    return doctor(words, options)


def report(words: Sequence[str], options: Namespace) -> int:
    """Write one file for whoever is asked for help."""
    from .report import report

    return report(words, options)


def run(words: Sequence[str], options: Namespace) -> int:
    """Run imapsync, with fresh tokens for as long as it lives."""
    from .run_imapsync import run_imapsync

    return run_imapsync(words, options)


def forget_mailbox(words: Sequence[str], options: Namespace) -> int:
    """Revoke an address's tokens and delete them."""
    from .forget import forget  # with the network, which the others do without

    return forget(words, options)


COMMANDS: Mapping[str, Command] = {
    "providers": Command("", "the known providers and applications", providers),
    "detect": Command("ADDRESS", "who is the provider, and why", detect_provider),
    "doctor": Command("[FILE...]", "what imapsync would make of a token file", doctor),
    "report": Command("[ADDRESS...]", "write a file to ask for help with", report),
    "run": Command("[ADDRESS]... -- imapsync ...", "imapsync, with fresh tokens all along", run),
    "forget": Command(
        "ADDRESS",
        "revoke its tokens and delete them",
        forget_mailbox,
        options=frozenset({"yes", "no_revoke"}),
    ),
    "status": Command("[ADDRESS…]", "how the token files stand; --check for monitoring", status),
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
            todo="Write an address like you@example.com, or one of: " + ", ".join(COMMANDS),
        )
    return COMMANDS[word]


def refuse_options_of_others(command: Command | None, options: Namespace) -> None:
    """Another command's option would silently be without effect."""
    own = command.options if command is not None else frozenset()
    for option in sorted(set().union(*(c.options for c in COMMANDS.values())) - own):
        if getattr(options, option):
            raise UsageProblem(
                f"--{option} has no meaning here",
                todo="Leave it away; oauth2_imap --help says what it goes with",
            )


def _about(provider: Provider, application: Application) -> list[str]:
    default = ", the default" if application.name == provider.default_application else ""
    lines = [f"--application {application.name}{default}: asks to allow {application.label}"]
    if application.confidential and not application.client_secret:
        lines.append("  needs the secret of its owner: --client_secret")
    if application.note:
        lines.append(f"  {application.note}")
    return lines


def _join(scopes: Sequence[str]) -> str:
    return " ".join(scopes)


def _expect(words: Sequence[str], count: int, usage: str) -> None:
    if len(words) != count:
        raise UsageProblem(
            f"{usage.split()[0]} takes {count} words", todo=f"Write oauth2_imap {usage}"
        )
