"""`forget`: revoke and delete the tokens of one mailbox. At a terminal, ask the user first."""

import sys
from collections.abc import Sequence

from ..cancel import Cancellation
from ..errors import Cancelled, ExitCode, as_error
from ..i18n.translation import _
from ..mailbox.forget import forget as forget_mailbox
from ..mailbox.job import Job, new_dependencies
from ..mailbox.resolve import locate
from ..verdicts import local_commands
from .options import Options
from .output import ask
from .runner import Runner
from .yes import is_yes


def run(words: Sequence[str], options: Options) -> int:
    """Revoke the tokens of one address and delete them. Returns the exit code."""
    if len(words) > 1:
        raise as_error(local_commands.FORGET_TAKES_ONE_ADDRESS, count=len(words))
    dependencies = new_dependencies()
    dependencies.providers.check()
    job = Runner(options, dependencies, Cancellation()).job(words[0] if words else "")
    if not options.yes and sys.stdin is not None and sys.stdin.isatty():
        _ask(job, revoke=not options.no_revoke)
    forget_mailbox(job, revoke=not options.no_revoke)
    return ExitCode.DONE


def _ask(job: Job, *, revoke: bool) -> None:
    """Raise `Cancelled` unless the user answers yes."""
    question = (
        _("Revoke the tokens and delete {file}? [y/N]", file=locate(job))
        if revoke
        else _("Delete {file} without revoking the tokens? [y/N]", file=locate(job))
    )
    ask(question)
    if not is_yes(sys.stdin.readline()):
        raise Cancelled
