"""`forget`: asks a person at a terminal once, then leaves the work to the core."""

import sys
from argparse import Namespace
from collections.abc import Sequence

from ..cancel import Cancellation
from ..errors import Cancelled, ExitCode, UsageProblem
from ..mailbox.forget import forget as forget_mailbox
from ..mailbox.job import Job, new_dependencies
from ..mailbox.resolve import locate
from .runner import Runner


def run(words: Sequence[str], options: Namespace) -> int:
    """Revoke the tokens of one address and delete them."""
    if len(words) > 1:
        raise UsageProblem("forget takes one address", hint="Run it once for each")
    job = Runner(options, new_dependencies(), Cancellation()).job(words[0] if words else "")
    if not options.yes and sys.stdin is not None and sys.stdin.isatty():
        _ask(job, revoke=not options.no_revoke)
    forget_mailbox(job, revoke=not options.no_revoke)
    return ExitCode.DONE


def _ask(job: Job, *, revoke: bool) -> None:
    """Raise `Cancelled` unless the person says yes."""
    act = "Revoke the tokens and delete" if revoke else "Delete, without revoking the tokens,"
    print(f"{act} {locate(job)}? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Cancelled
