"""The command `run`: checks its arguments, gets the tokens, then starts and watches imapsync.

Standard output belongs to imapsync. Our own messages go to standard error, each with a prefix.
"""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..cancel import Cancellation
from ..child_environment import bundle, environment
from ..errors import AppError, Cancelled, as_error
from ..imapsync.command import MINIMUM_TO_REREAD, Side, refresh_command
from ..imapsync.run.command_line import ImapsyncCommand, Version, ask_version, is_older
from ..imapsync.run.restart_policy import RestartPolicy
from ..imapsync.run.sides import BOTH, additions, can_call, choose_sides, users_without_login
from ..imapsync.run.supervisor import Reading, Supervisor, kept_fresh
from ..imapsync.shell_quoting import own_shells
from ..keeping.keeper import Keeper
from ..mailbox.job import Job, new_dependencies
from ..mailbox.resolve import Mailbox, mailbox_of, registration_of
from ..model import Event
from ..paths import terminal_program
from ..providers.overrides import Overrides
from ..verdicts import local_commands
from .arguments import check_combination, repeated
from .options import Options
from .output import Console
from .refresh_messages import RefreshMessages
from .runner import Runner
from .signals import cancel_on_signals, left_to_the_child

_PREFIX = "oauth2_imap: "


@dataclass(frozen=True, slots=True)
class MailboxSide:
    """A mailbox for imapsync: the job that keeps its token fresh, and what imapsync needs.

    `secret_is_saved` is False if the client secret is only in the environment or was typed.
    """

    job: Job
    side: Side
    secret_is_saved: bool


def run(words: Sequence[str], options: Options) -> int:
    """Sign in if necessary, run the command, and return its exit code."""
    console = Console(prefix=_PREFIX)
    try:
        return _run(words, options, console)
    except AppError as exc:
        console.error(exc)
        return exc.exit_code


def _run(words: Sequence[str], options: Options, console: Console) -> int:
    addresses, command = _split(words, options)
    cancelled = Cancellation()
    cancel_on_signals(cancelled)
    environ = environment(os.environ, bundle())
    version = ask_version(command, environ)
    dependencies = new_dependencies()
    dependencies.providers.check()
    runner = Runner(options, dependencies, cancelled, console)
    jobs = [runner.job(word) for word in addresses]
    mailboxes = [_mailbox(job) for job in jobs]
    completed = _complete(command, mailboxes, options, version, console)
    for job in jobs:
        try:
            runner.get_token(job)
        except Cancelled:
            raise
        except AppError as exc:
            runner.tell(job, exc)
            return exc.exit_code
    keeper = Keeper(interval=options.every * 60)
    return _supervise(completed, mailboxes, keeper, version, environ, runner, console)


def _split(words: Sequence[str], options: Options) -> tuple[Sequence[str], ImapsyncCommand]:
    """The addresses before the two dashes, and the command after them. Raises `UsageProblem`."""
    at = words.index("--") if "--" in words else len(words)
    addresses, command = words[:at], ImapsyncCommand(tuple(words[at + 1 :]))
    if not command.words:
        if all("@" in word or os.path.isfile(word) for word in addresses):
            raise as_error(local_commands.RUN_NEEDS_COMMAND)
        raise as_error(local_commands.RUN_WITHOUT_DASHES)
    if options.side not in (0, *BOTH):
        raise as_error(local_commands.SIDE_NOT_1_OR_2)
    if not addresses:
        addresses = [options.token_file] if options.token_file else users_without_login(command)
    if not 1 <= len(addresses) <= len(BOTH):
        raise as_error(local_commands.RUN_TAKES_TWO_MAILBOXES, count=len(addresses))
    check_combination(addresses, options)
    # Without the full path, Windows would look for an .exe only.
    return addresses, ImapsyncCommand((_found(command.words[0]), *command.words[1:]))


def _found(program: str) -> str:
    """The path of the program. Raises `UsageProblem` if it can't be started."""
    found = shutil.which(program)
    if found is None:
        is_there = os.path.isfile(program) or shutil.which(program, os.F_OK) is not None
        raise as_error(
            local_commands.PROGRAM_NOT_EXECUTABLE if is_there else local_commands.PROGRAM_NOT_FOUND,
            program=program,
        )
    return found


def _mailbox(job: Job) -> MailboxSide:
    mailbox = mailbox_of(replace(job, progress=_say_nothing))
    registration = mailbox.registration
    side = Side(
        job.address,
        mailbox.path,
        registration.imap_host,
        registration.imap_port,
        registration.imap_starttls,
    )
    return MailboxSide(job, side, _is_secret_saved(mailbox))


def _is_secret_saved(mailbox: Mailbox) -> bool:
    """Whether another run, without this environment and command line, has the client secret."""
    secret = mailbox.registration.client_secret
    if not secret:
        return True
    request = mailbox.job.request
    given = {k: v for k, v in request.overrides.given.items() if k != "client_secret"}
    job = replace(mailbox.job, request=replace(request, overrides=Overrides(given)))
    return registration_of(job, mailbox.file).client_secret == secret


def _say_nothing(event: Event) -> None:
    """Print nothing: the same notes come again with `get_token`."""


def _complete(
    command: ImapsyncCommand,
    mailboxes: Sequence[MailboxSide],
    options: Options,
    version: Version | None,
    console: Console,
) -> list[str]:
    """Add the missing options to the command, and print the side and token file of each mailbox."""
    words = list(command.words)
    if version is None:
        console.say(
            "The version of imapsync is not known, so only options are added that every version "
            "knows."
        )
    sides = [mailbox.side for mailbox in mailboxes]
    choices = choose_sides(sides, command, chosen=options.side)
    for choice, mailbox in zip(choices, mailboxes, strict=True):
        number, side = choice.number, mailbox.side
        console.say(choice.message, f"Token file of side {number}: {side.token_file}")
        call = ""
        if can_call(number, side, command, version):
            call = _refresh_command(mailbox, options, console)
        added = additions(number, side, command, version, call)
        console.say(*(f"! {note}" for note in added.notes))
        words += added.words
    return words


def _refresh_command(mailbox: MailboxSide, options: Options, console: Console) -> str:
    """The command that imapsync calls before each login; if there is none, it is said why."""
    program, side = terminal_program(), mailbox.side
    why = ""
    if not mailbox.secret_is_saved:
        why = "its client secret is not saved, and imapsync does not get it"
    elif not program:
        why = "the program oauth2_imap for the terminal was not found"
    if why:
        console.say(
            f"imapsync gets no command to refresh the token of {side.address}, because {why}. "
            "oauth2_imap refreshes the token."
        )
        return ""
    ca_file = os.path.abspath(options.ca_file) if options.ca_file else ""
    given = repeated(Options(**{**vars(options), "ca_file": ca_file}), None)
    return refresh_command(program, side, own_shells(sys.platform)[0], options=given)


def _supervise(
    words: Sequence[str],
    mailboxes: Sequence[MailboxSide],
    keeper: Keeper,
    version: Version | None,
    environ: Mapping[str, str],
    runner: Runner,
    console: Console,
) -> int:
    reading = _reading(version)
    if version and reading is Reading.ONCE:
        console.say(
            f"This is imapsync {version[0]}.{version[1]}. It reads the token file only once, so "
            "oauth2_imap restarts it when the token has expired. This is not needed with imapsync "
            f"{MINIMUM_TO_REREAD} or newer."
        )

    supervisor = Supervisor(
        words=words,
        environment=environ,
        outputs=(sys.stdout.buffer, sys.stderr.buffer),
        files=[Path(mailbox.side.token_file) for mailbox in mailboxes],
        reading=reading,
        clock=mailboxes[0].job.now,
        stopped=Cancellation(),
        say=console.say,
        restarts=RestartPolicy(),
    )
    report = RefreshMessages(console, lambda job, error: runner.tell(job, error, keeper))
    jobs = [replace(mailbox.job, progress=report.progress) for mailbox in mailboxes]
    keeping = kept_fresh(jobs, keeper, report=report)
    with left_to_the_child(supervisor.stop), keeping as is_refreshed:
        return supervisor.run(is_refreshed)


def _reading(version: Version | None) -> Reading:
    if version is None:
        return Reading.UNKNOWN
    return Reading.ONCE if is_older(version, MINIMUM_TO_REREAD) else Reading.AT_LOGIN
