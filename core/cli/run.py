"""The command `run`: checks its arguments, gets the tokens, then starts and watches imapsync.

Standard output belongs to imapsync. Our own messages go to standard error, each with a prefix.
"""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ..cancel import Cancellation
from ..child_environment import bundle, environment
from ..errors import AppError, as_error
from ..i18n.translation import N_, _
from ..imapsync.command import Side, refresh_command
from ..imapsync.run.command_line import ImapsyncCommand
from ..imapsync.run.exit_codes import meaning_of
from ..imapsync.run.observer import OURS
from ..imapsync.run.reading import note_on, reading_of
from ..imapsync.run.restart_policy import RestartPolicy
from ..imapsync.run.sides import (
    BOTH,
    additions,
    can_call,
    choose_sides,
    notes_on,
    users_without_login,
)
from ..imapsync.run.supervisor import Supervisor, kept_fresh
from ..imapsync.run.version import Version, version_asked
from ..imapsync.shell_quoting import own_shells
from ..keeping.awake import kept_awake
from ..keeping.keeper import Keeper
from ..mailbox.job import Job, new_dependencies
from ..mailbox.resolve import Mailbox, registration_of
from ..mailbox.saving import find_mailbox
from ..model import Outcome
from ..paths import program_for_scripts
from ..providers.overrides import Overrides
from ..verdicts import local_commands
from .arguments import check_combination, repeated
from .options import Options
from .output import Console
from .refresh_messages import RefreshMessages
from .run_tokens import get_tokens
from .runner import Runner
from .signals import cancel_on_signals, left_to_the_child

_SECRET_NOT_SAVED = N_(
    "imapsync gets no command to refresh the token of {address}, because its client secret is not "
    "saved, and imapsync does not get it. oauth2_imap refreshes the token."
)
_NO_PROGRAM = N_(
    "imapsync gets no command to refresh the token of {address}, because the program oauth2_imap "
    "was not found. oauth2_imap refreshes the token."
)


@dataclass(frozen=True, slots=True)
class MailboxSide:
    """A mailbox for imapsync, and what imapsync needs of it.

    `secret_is_saved` is False if the client secret is only in the environment or was typed.
    """

    mailbox: Mailbox
    side: Side
    secret_is_saved: bool


def run(words: Sequence[str], options: Options) -> int:
    """Sign in if necessary, run the command, and return its exit code."""
    console = Console(prefix=OURS)
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
    with kept_awake(wanted=not options.no_keep_awake), ExitStack() as at_the_end:
        with version_asked(command, environ, cancelled) as version_of_imapsync:
            dependencies = new_dependencies()
            dependencies.providers.check()
            runner = Runner(options, dependencies, cancelled, console)
            at_the_end.enter_context(runner.user_commands.finished())
            mailboxes = [_mailbox(runner.job(word)) for word in addresses]
            numbers = _choose_sides(command, mailboxes, options, console)
            found = [mailbox.mailbox for mailbox in mailboxes]
            if code := get_tokens(found, runner, console, cancelled):
                return code
            version = version_of_imapsync()
        completed = _complete(command, mailboxes, numbers, options, version, console)
        keeper = Keeper(interval=options.every * 60, say=console.warn)
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
    mailbox = find_mailbox(job)
    registration = mailbox.registration
    side = Side(
        job.address,
        mailbox.path,
        registration.imap_host,
        registration.imap_port,
        registration.imap_starttls,
    )
    return MailboxSide(mailbox, side, _is_secret_saved(mailbox))


def _is_secret_saved(mailbox: Mailbox) -> bool:
    """Whether another run, without this environment and command line, has the client secret."""
    secret = mailbox.registration.client_secret
    if not secret:
        return True
    request = mailbox.job.request
    given = {k: v for k, v in request.overrides.given.items() if k != "client_secret"}
    without_it = replace(request, overrides=Overrides(given))
    job = replace(mailbox.job, request=without_it, progress=_say_nothing)
    try:
        return registration_of(job, mailbox.file).client_secret == secret
    except AppError:  # the saved one is in a store that can't be used
        return False


def _say_nothing(_event: object) -> None:
    """Print nothing: the same notes have been printed already."""


def _choose_sides(
    command: ImapsyncCommand,
    mailboxes: Sequence[MailboxSide],
    options: Options,
    console: Console,
) -> list[int]:
    """Choose the number of each mailbox's side; print it, the token file, and what contradicts."""
    sides = [mailbox.side for mailbox in mailboxes]
    choices = choose_sides(sides, command, chosen=options.side)
    for choice, side in zip(choices, sides, strict=True):
        number = choice.number
        file = _("Token file of side {number}: {file}", number=number, file=side.token_file)
        console.say(choice.message, file)
        console.say(*(f"! {note}" for note in notes_on(number, side, command)))
    return [choice.number for choice in choices]


def _complete(
    command: ImapsyncCommand,
    mailboxes: Sequence[MailboxSide],
    numbers: Sequence[int],
    options: Options,
    version: Version | None,
    console: Console,
) -> list[str]:
    """The command with the missing options of each mailbox's side."""
    words = list(command.words)
    if version is None:
        console.say(
            _(
                "The version of imapsync is not known, so only options are added that every "
                "version knows."
            )
        )
    for number, mailbox in zip(numbers, mailboxes, strict=True):
        call = ""
        if can_call(number, mailbox.side, command, version):
            call = _refresh_command(mailbox, options, console)
        words += additions(number, mailbox.side, command, version, call)
    return words


def _refresh_command(mailbox: MailboxSide, options: Options, console: Console) -> str:
    """The command that imapsync calls before each login; if there is none, it is said why."""
    program, side = program_for_scripts(), mailbox.side
    if not mailbox.secret_is_saved:
        console.say(_(_SECRET_NOT_SAVED, address=side.address))
        return ""
    if not program:
        console.say(_(_NO_PROGRAM, address=side.address))
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
    if note := note_on(version):
        console.say(note)
    supervisor = Supervisor(
        words=words,
        environment=environ,
        observer=_Terminal(console),
        files=[Path(mailbox.side.token_file) for mailbox in mailboxes],
        reading=reading_of(version),
        clock=mailboxes[0].mailbox.job.now,
        stopped=Cancellation(),
        restarts=RestartPolicy(),
    )
    messages = RefreshMessages(console, lambda job, error: runner.tell(job, error, keeper))
    jobs = [replace(mailbox.mailbox.job, progress=messages.progress) for mailbox in mailboxes]

    def report(job: Job, result: Outcome | AppError) -> None:
        messages(job, result)
        if isinstance(result, Outcome):
            runner.user_commands.start(job, result)

    keeping = kept_fresh(jobs, keeper, report=report)
    with left_to_the_child(supervisor.stop), keeping as is_refreshed:
        code = supervisor.run(is_refreshed)
    if version and (meaning := meaning_of(code)):
        console.say(meaning)
    return code


class _Terminal:
    """An observer that passes imapsync's output on unchanged, to the same two streams."""

    def __init__(self, console: Console) -> None:
        self.say = console.say

    def started(self) -> None:
        """Print nothing: imapsync itself prints its first lines."""

    def output(self, chunk: bytes, is_error: bool) -> None:
        """Write it at once."""
        stream = (sys.stderr if is_error else sys.stdout).buffer
        stream.write(chunk)
        stream.flush()
