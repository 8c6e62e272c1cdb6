"""What the window says of a list of mailboxes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.i18n.translation import N_, _, joined, ngettext
from core.model import State
from gui.model.list_run import ListProgress, ListReport, OpenedList

if TYPE_CHECKING:
    from core.batch.report import ReportRow
    from core.batch.script import Written

STOPPING = N_("Stopping. Tokens on their way are still saved…")
_STATES: Mapping[State, Callable[[int], str]] = MappingProxyType(
    {
        State.FRESH: lambda n: ngettext("{count} fresh", "{count} fresh", n),
        State.SIGN_IN_NEEDED: lambda n: ngettext(
            "{count} needs a sign-in", "{count} need a sign-in", n
        ),
        State.TRY_AGAIN: lambda n: ngettext(
            "{count} to try again later", "{count} to try again later", n
        ),
        State.REFUSED: lambda n: ngettext("{count} refused", "{count} refused", n),
        State.FAILED: lambda n: ngettext("{count} failed", "{count} failed", n),
    }
)


def headline(opened: OpenedList) -> str:
    """The name of the list, and how many mailboxes it has."""
    count, name = len(opened.batch.tasks), opened.path.name
    return ngettext("{name}: {count} mailbox", "{name}: {count} mailboxes", count, name=name)


def summary(opened: OpenedList) -> str:
    """What will be done; a line for each way to a token."""
    return joined(_summary(opened), "\n")


def _summary(opened: OpenedList) -> Iterator[str]:
    forecast = opened.forecast
    if forecast.existing:
        yield ngettext(
            "{count} has a token file. Its token is refreshed.",
            "{count} have a token file. Their tokens are refreshed.",
            forecast.existing,
        )
    if forecast.unattended:
        yield ngettext(
            "{count} gets its first token without a sign-in.",
            "{count} get their first token without a sign-in.",
            forecast.unattended,
        )
    if forecast.sign_ins:
        yield ngettext(
            "{count} needs a sign-in. It follows at the end.",
            "{count} need a sign-in. They follow at the end, one after the other.",
            forecast.sign_ins,
        )
    if ignored := opened.batch.found.ignored_columns:
        columns = ", ".join(ignored)
        yield _("These columns of the list have no meaning here: {columns}", columns=columns)


def places(opened: OpenedList) -> str:
    """Where the files are or will be."""
    report = opened.batch.report
    folder = _("New token files: {folder}", folder=opened.folder)
    files = _("Report: {csv} and {json}", csv=report.as_csv, json=report.as_json.name)
    return joined((folder, files), "\n")


def mistakes_title(count: int) -> str:
    """What stands above the lines with mistakes."""
    return ngettext(
        "{count} line can't be used and is left out:",
        "{count} lines can't be used and are left out:",
        count,
    )


def problems_title(count: int) -> str:
    """What stands above the rows without a valid token."""
    return ngettext("{count} line has no valid token:", "{count} lines have no valid token:", count)


def row_lines(rows: "Sequence[ReportRow]") -> Iterator[str]:
    """A line for each row: its number in the list, and the reason."""
    for row in rows:
        line, address, message = row.line, row.address, row.message
        if row.state is State.SIGN_IN_NEEDED:
            yield _("Line {line}: {address} needs a sign-in", line=line, address=address)
        elif address:
            yield _(
                "Line {line}: {address}: {message}", line=line, address=address, message=message
            )
        else:
            yield _("Line {line}: {message}", line=line, message=message)


def progress_text(progress: ListProgress) -> str:
    """How far the run is, and how many mailboxes have each state."""
    states = joined((_STATES[state](count) for state, count in progress.counts.items()), ", ")
    return _("{tried} of {size}: {states}", tried=progress.tried, size=progress.size, states=states)


def end_text(report: ListReport, name: str) -> str:
    """How a run ended, and the name of its report."""
    return _("Report {name}: {progress}", name=name, progress=progress_text(report.progress))


def unfinished_text(name: str) -> str:
    """That a list of an earlier start has something left to do."""
    return _("The list {name} is not finished.", name=name)


def waiting_text(name: str, count: int) -> str:
    """How many mailboxes of a list need a sign-in."""
    return ngettext(
        "{name}: {count} mailbox needs a sign-in.",
        "{name}: {count} mailboxes need a sign-in.",
        count,
        name=name,
    )


def script_text(script: Path, written: "Written") -> str:
    """That the script is written, and for how many pairs."""
    return _(
        "Script for imapsync: {script} (pairs: {pairs}, left out: {left_out})",
        script=script,
        pairs=written.pairs,
        left_out=written.left_out,
    )
