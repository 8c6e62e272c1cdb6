"""`admin --check`: what is missing until a mailbox can be opened, seen from outside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..cancel import Cancellation
from ..errors import AppError, Cancelled, ExitCode, as_error
from ..i18n.translation import N_, _, ngettext, number
from ..mailbox.get_token import check_login, get_token
from ..mailbox.job import Job, new_dependencies
from ..mailbox.saving import find_mailbox
from ..oauth.permissions import permission_error
from ..oauth.tokens import Tokens
from ..verdicts import local_commands, local_mailbox
from .json_lines import Format, json_line
from .options import Options
from .output import Console, error_object, lines_of, print_lines
from .runner import Runner
from .signals import cancel_on_signals


def check(words: Sequence[str], options: Options) -> int:
    """Check each mailbox, and print each step. Returns the exit code of the first error."""
    if not words:
        raise as_error(local_commands.ADMIN_CHECK_NEEDS_ADDRESS)
    cancelled = Cancellation()
    cancel_on_signals(cancelled)
    dependencies = new_dependencies()
    dependencies.providers.check()
    runner = Runner(options, dependencies, cancelled, Console(quiet=True))
    tell = _print_object if options.json else _print_lines
    errors = [_check(runner.job(word), tell) for word in words]
    failed = [error for error in errors if error]
    if not options.json:
        print_lines(
            ngettext(
                "{opened} of {count} mailbox can be opened",
                "{opened} of {count} mailboxes can be opened",
                len(errors),
                opened=number(len(errors) - len(failed)),
            )
        )
    return failed[0].exit_code if failed else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a mailbox needs; `name` is for programs, `label` for people."""

    name: str
    label: str
    take: Callable[[Job], None]


Tell = Callable[[Job, Step, AppError | None], None]


def _check(job: Job, tell: Tell) -> AppError | None:
    """The error of the first step that fails; those after it need it, so they are not tried."""
    for step in STEPS:
        try:
            step.take(job)
        except Cancelled:
            raise
        except AppError as exc:
            tell(job, step, exc)
            return exc
        tell(job, step, None)
    return None


def _print_lines(job: Job, step: Step, error: AppError | None) -> None:
    if error is None:
        print_lines(_("PASS {address}: {step}", address=job.address, step=_(step.label)))
        return
    first, *others = lines_of(error, mailbox=[job.address])
    failure = _(
        "FAIL {address}: {step}: {problem}",
        address=job.address,
        step=_(step.label),
        problem=first,
    )
    print_lines(failure, *others)


def _print_object(job: Job, step: Step, error: AppError | None) -> None:
    fields = {
        "address": job.address,
        "step": step.name,
        "passed": error is None,
        "error": error_object(error) if error else None,
    }
    print_lines(json_line(Format.ADMIN_CHECK, fields))


def get_it(job: Job) -> None:
    """Get a token without a user. A new one is saved, as it always is."""
    get_token(replace(job, request=replace(job.request, check=False)), None)


def look_at_it(job: Job) -> None:
    """Look for the scope or the role in what the token says of itself."""
    mailbox = find_mailbox(job)
    if mailbox.file is None:
        raise as_error(local_mailbox.NO_TOKEN, address=job.address, path=mailbox.path)
    tokens = Tokens(mailbox.file.access, "", None, None)
    error = permission_error(tokens, mailbox.registration, job.address, certain=False)
    if error:
        raise error


def log_in(job: Job) -> None:
    """Log in at the mail server, and list the folders: a wrong mailbox shows only there."""
    check_login(job)


STEPS = (
    Step("token", N_("token"), get_it),
    Step("permission", N_("permission in the token"), look_at_it),
    Step("login", N_("IMAP login and LIST"), log_in),
)
