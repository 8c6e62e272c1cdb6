"""What the window says of a list of mailboxes."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from core.model import State
from gui.model.list_run import ListProgress, ListReport, OpenedList

if TYPE_CHECKING:
    from core.batch.report import ReportRow
    from core.batch.script import Written

STOPPING = "Stopping. Tokens on their way are still saved…"
_IGNORED = "These columns of the list have no meaning here: {columns}"
_MISTAKE = "Line {line}: {message}"
_PROBLEM = "Line {line}: {address}: {message}"
_NEEDS_SIGN_IN = "Line {line}: {address} needs a sign-in"
_PROGRESS = "{tried} of {size}: {states}"
_END = "Report {name}: {progress}"
_FOLDER = "New token files: {folder}"
_REPORT = "Report: {csv} and {json}"
_SCRIPT = "Script for imapsync: {script} (pairs: {pairs}, left out: {left_out})"
# Of one, and of several.
_MAILBOXES = ("{name}: 1 mailbox", "{name}: {count} mailboxes")
_EXISTING = (
    "1 has a token file. Its token is refreshed.",
    "{count} have a token file. Their tokens are refreshed.",
)
_UNATTENDED = (
    "1 gets its first token without a sign-in.",
    "{count} get their first token without a sign-in.",
)
_SIGN_INS = (
    "1 needs a sign-in. It follows at the end.",
    "{count} need a sign-in. They follow at the end, one after the other.",
)
_MISTAKES = (
    "1 line can't be used and is left out:",
    "{count} lines can't be used and are left out:",
)
_PROBLEMS = (
    "1 line has no valid token:",
    "{count} lines have no valid token:",
)
_WAITING = (
    "{name}: 1 mailbox needs a sign-in.",
    "{name}: {count} mailboxes need a sign-in.",
)
_STATES = {
    State.FRESH: ("1 fresh", "{count} fresh"),
    State.SIGN_IN_NEEDED: ("1 needs a sign-in", "{count} need a sign-in"),
    State.TRY_AGAIN: ("1 to try again later", "{count} to try again later"),
    State.REFUSED: ("1 refused", "{count} refused"),
    State.FAILED: ("1 failed", "{count} failed"),
}


def headline(opened: OpenedList) -> str:
    """The name of the list, and how many mailboxes it has."""
    return _counted(_MAILBOXES, len(opened.batch.tasks), name=opened.path.name)


def summary(opened: OpenedList) -> str:
    """What will be done; a line for each way to a token."""
    forecast = opened.forecast
    parts = (
        (_EXISTING, forecast.existing),
        (_UNATTENDED, forecast.unattended),
        (_SIGN_INS, forecast.sign_ins),
    )
    lines = [_counted(texts, count) for texts, count in parts if count]
    if ignored := opened.batch.found.ignored_columns:
        lines.append(_IGNORED.format(columns=", ".join(ignored)))
    return "\n".join(lines)


def places(opened: OpenedList) -> str:
    """Where the files are or will be."""
    report = opened.batch.report
    return "\n".join(
        (
            _FOLDER.format(folder=opened.folder),
            _REPORT.format(csv=report.as_csv, json=report.as_json.name),
        )
    )


def mistakes_title(count: int) -> str:
    """What stands above the lines with mistakes."""
    return _counted(_MISTAKES, count)


def problems_title(count: int) -> str:
    """What stands above the rows without a valid token."""
    return _counted(_PROBLEMS, count)


def row_lines(rows: "Sequence[ReportRow]") -> Iterator[str]:
    """A line for each row: its number in the list, and the reason."""
    for row in rows:
        text = _PROBLEM if row.address else _MISTAKE
        if row.state is State.SIGN_IN_NEEDED:
            text = _NEEDS_SIGN_IN
        yield text.format(line=row.line, address=row.address, message=row.message)


def progress_text(progress: ListProgress) -> str:
    """How far the run is, and how many mailboxes have each state."""
    states = ", ".join(_counted(_STATES[state], n) for state, n in progress.counts.items())
    return _PROGRESS.format(tried=progress.tried, size=progress.size, states=states)


def end_text(report: ListReport, name: str) -> str:
    """How a run ended, and the name of its report."""
    return _END.format(name=name, progress=progress_text(report.progress))


def waiting_text(name: str, count: int) -> str:
    """How many mailboxes of a list need a sign-in."""
    return _counted(_WAITING, count, name=name)


def script_text(script: object, written: "Written") -> str:
    """That the script is written, and for how many pairs."""
    return _SCRIPT.format(script=script, pairs=written.pairs, left_out=written.left_out)


def _counted(texts: tuple[str, str], count: int, *, name: str = "") -> str:
    one, many = texts
    return (one if count == 1 else many).format(count=count, name=name)
