"""What the window says of a run of imapsync."""

from typing import TYPE_CHECKING

from gui.model.imapsync_run import RunEnd, Step

if TYPE_CHECKING:  # imported by the first run
    from core.imapsync.run.watch import Seen

TITLES = {Step.TEST: "Testing the logins", Step.COPY: "Copying the mail"}
STOPPING = "Stopping: imapsync logs out…"
_SIGN_IN = "Sign in to the mailbox that needs you, then run it again."
_NOT_STARTED = "{what}: {why}. Choose another imapsync."
_DONE = {
    Step.TEST: "Both logins work. Nothing was copied.",
    Step.COPY: "imapsync has ended without an error.",
}


def progress_text(step: Step, seen: "Seen") -> str:
    """Return what imapsync is doing, in one line."""
    if seen.said:
        return seen.said
    if not seen.starts:
        return "Starting imapsync…"
    if step is Step.TEST:
        return "imapsync logs in to both mailboxes."
    progress = seen.progress
    parts = [copied_text(seen)]
    if progress.total is not None:
        parts.append(f"{progress.left:,} of {progress.total:,} left")
    if progress.folders is not None:
        parts.append(f"folder {progress.folder} of {progress.folders}")
    if progress.errors:
        parts.append(_count(progress.errors, "error"))
    if seen.starts > 1:
        parts.append(f"started {seen.starts} times")
    return " · ".join(parts)


def copied_text(seen: "Seen") -> str:
    """Return how many messages were copied."""
    return f"{_count(seen.copied, 'message')} copied"


def end_text(end: RunEnd) -> str:
    """Return how a run ended, and what the user can do."""
    from core.imapsync.run.exit_codes import meaning_of

    copied = f" {copied_text(end.seen)}." if end.step is Step.COPY else ""
    if end.stopped:
        more = " Run it again to copy the rest." if end.step is Step.COPY else ""
        return f"You have stopped imapsync.{copied}{more}"
    if end.error is not None:
        return _NOT_STARTED.format(
            what=end.error.message, why=end.error.detail or "no reason given"
        )
    if end.code is None:
        return f"{end.seen.said} {_SIGN_IN}"
    return (meaning_of(end.code) or _DONE[end.step]) + copied


def is_bad(end: RunEnd) -> bool:
    """Return whether imapsync has not done what the user wanted."""
    return end.code != 0 and not end.stopped


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
