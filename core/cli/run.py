"""The command `run`: checks its arguments, gets the tokens, then starts and watches imapsync.

Standard output belongs to imapsync. Our own messages go to standard error, each with a prefix.
"""

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..cancel import Cancellation
from ..child_environment import bundle, environment
from ..errors import AppError, as_error
from ..imapsync.command import MINIMUM_TO_REREAD, Side
from ..imapsync.run.command_line import ImapsyncCommand, Version, ask_version
from ..imapsync.run.restart_policy import RestartPolicy, needs_restarts
from ..imapsync.run.sides import BOTH, additions, choose_sides, users_without_login
from ..imapsync.run.supervisor import Supervisor, kept_fresh
from ..keeping.keeper import Keeper
from ..mailbox.job import Job, new_dependencies
from ..mailbox.resolve import mailbox_of
from ..model import Event, Outcome
from ..verdicts import local_commands
from .arguments import check_combination
from .output import Console
from .runner import Runner
from .signals import cancel_on_signals, left_to_the_child

_PREFIX = "oauth2_imap: "


@dataclass(frozen=True, slots=True)
class MailboxSide:
    """A mailbox for imapsync: the job that keeps its token fresh, and what imapsync needs."""

    job: Job
    side: Side


def run(words: Sequence[str], options: Namespace) -> int:
    """Sign in if necessary, run the command, and return its exit code."""
    console = Console(prefix=_PREFIX)
    try:
        return _run(words, options, console)
    except AppError as exc:
        console.error(exc)
        return exc.exit_code


def _run(words: Sequence[str], options: Namespace, console: Console) -> int:
    addresses, command = _split(words, options)
    cancelled = Cancellation()
    cancel_on_signals(cancelled)
    environ = environment(os.environ, bundle())
    version = ask_version(command, environ)
    runner = Runner(options, new_dependencies(), cancelled, console)
    jobs = [runner.job(word) for word in addresses]
    mailboxes = [_mailbox(job) for job in jobs]
    completed = _complete(command, mailboxes, options.side, version, console)
    for job in jobs:
        runner.get_token(job)
    keeper = Keeper(interval=options.every * 60)
    return _supervise(completed, mailboxes, keeper, version, environ, runner, console)


def _split(words: Sequence[str], options: Namespace) -> tuple[Sequence[str], ImapsyncCommand]:
    """The addresses before the two dashes, and the command after them. Raises `UsageProblem`."""
    if options.side not in (0, *BOTH):
        raise as_error(local_commands.SIDE_NOT_1_OR_2)
    at = words.index("--") if "--" in words else len(words)
    addresses, command = words[:at], ImapsyncCommand(tuple(words[at + 1 :]))
    if not command.words:
        raise as_error(local_commands.RUN_NEEDS_COMMAND)
    if not addresses:
        addresses = [options.token_file] if options.token_file else users_without_login(command)
    if not 1 <= len(addresses) <= len(BOTH):
        raise as_error(local_commands.RUN_TAKES_TWO_MAILBOXES, count=len(addresses))
    check_combination(addresses, options)
    program = shutil.which(command.words[0])
    if program is None:
        raise as_error(local_commands.PROGRAM_NOT_FOUND, program=command.words[0])
    # Without the full path, Windows would look for an .exe only.
    return addresses, ImapsyncCommand((program, *command.words[1:]))


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
    return MailboxSide(job, side)


def _say_nothing(event: Event) -> None:
    """Print nothing: the same notes come again with `get_token`."""


def _complete(
    command: ImapsyncCommand,
    mailboxes: Sequence[MailboxSide],
    chosen: int,
    version: Version | None,
    console: Console,
) -> list[str]:
    """Add the missing options to the command, and print the side and token file of each mailbox."""
    words = list(command.words)
    sides = [mailbox.side for mailbox in mailboxes]
    for choice, side in zip(choose_sides(sides, command, chosen=chosen), sides, strict=True):
        added = additions(choice.number, side, command, version)
        console.say(choice.message, f"Token file of side {choice.number}: {side.token_file}")
        console.say(*(f"! {note}" for note in added.notes))
        words += added.words
    return words


def _supervise(
    words: Sequence[str],
    mailboxes: Sequence[MailboxSide],
    keeper: Keeper,
    version: Version | None,
    environ: Mapping[str, str],
    runner: Runner,
    console: Console,
) -> int:
    old = needs_restarts(version)
    if version and old:
        console.say(
            f"This is imapsync {version[0]}.{version[1]}. It reads the token file only once, so "
            "oauth2_imap restarts it when the token has expired. This is not needed with imapsync "
            f"{MINIMUM_TO_REREAD} or newer."
        )

    def report(job: Job, result: Outcome | AppError) -> None:
        if isinstance(result, AppError):
            runner.tell(job, result, keeper)

    supervisor = Supervisor(
        words=words,
        environment=environ,
        outputs=(sys.stdout.buffer, sys.stderr.buffer),
        files=[Path(mailbox.side.token_file) for mailbox in mailboxes],
        clock=mailboxes[0].job.now,
        stopped=Cancellation(),
        say=console.say,
        restarts=RestartPolicy() if old else None,
    )
    jobs = [mailbox.job for mailbox in mailboxes]
    with left_to_the_child(supervisor.stop), kept_fresh(jobs, keeper, report=report):
        return supervisor.run()
