"""The report on a list: one row for each mailbox and each mistake, as CSV and as JSON.

It has no token, no password, and no text of a line with a mistake.
"""

import contextlib
import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from ..errors import AppError, ExitCode, as_error
from ..files import replace_private
from ..i18n.translation import _, english
from ..model import Outcome, State
from ..tokenfile.read import read_token_file
from ..verdicts import local_batch
from .entries import Listed, Mistake
from .task import Done

_STATES = {
    ExitCode.SIGN_IN_NEEDED: State.SIGN_IN_NEEDED,
    ExitCode.TRY_AGAIN: State.TRY_AGAIN,
    ExitCode.REFUSED: State.REFUSED,
}
_FORMULA = ("=", "+", "-", "@")  # with these, a spreadsheet takes a field for a formula


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One mailbox, or a line with a mistake; empty where nothing is known."""

    line: int
    address: str
    state: State
    verdict: str = ""
    file: str = ""
    expires_at: str = ""
    message: str = ""

    def known(self) -> dict[str, object]:
        """The fields for JSON; what is unknown is None."""
        return {name: value or None for name, value in self.in_english().items()}

    def in_english(self) -> dict[str, object]:
        """The fields for the files of a report, which programs read."""
        return {name: _english_of(value) for name, value in asdict(self).items()}


def row_of_mistake(mistake: Mistake) -> ReportRow:
    """The row of a line that can't be used."""
    error = mistake.error
    message = error.message
    if mistake.column:
        message = _("{name}: {text}", name=mistake.column, text=message)
    return ReportRow(mistake.line, "", State.FAILED, error.verdict.id, message=message)


def row_of(done: Done) -> ReportRow:
    """The row of a mailbox."""
    listed, result = done.task.listed, done.result
    error = result.login_error if isinstance(result, Outcome) else result
    return ReportRow(
        listed.line,
        listed.address,
        state_after(error) if error else State.FRESH,
        error.verdict.id if error else "",
        result.file if isinstance(result, Outcome) else "",
        _utc(result.expires_at) if isinstance(result, Outcome) else "",
        error.message if error else "",
    )


def state_after(error: AppError) -> State:
    """The state of a mailbox after an error."""
    return _STATES.get(error.exit_code, State.FAILED)


class Report:
    """The rows on a list so far. A mailbox that was tried again has only its last row."""

    def __init__(self, list_file: Path) -> None:
        stem = list_file.absolute().with_suffix("")
        self.as_csv = stem.with_name(f"{stem.name}.report.csv")
        self.as_json = stem.with_name(f"{stem.name}.report.json")
        self._rows: dict[tuple[int, str], ReportRow] = {}

    def add(self, row: ReportRow) -> None:
        """Add the row of a mailbox, or replace it."""
        self._rows[row.line, row.address] = row

    def state_of(self, listed: Listed) -> State | None:
        """The state of a mailbox; None if it wasn't tried."""
        row = self._rows.get((listed.line, listed.address))
        return row.state if row else None

    @property
    def rows(self) -> list[ReportRow]:
        """All rows, in the order of the list."""
        return sorted(self._rows.values(), key=lambda row: row.line)

    def read_files(self) -> None:
        """Take the expiry from the token files: what ends with the loop is saved, but not told."""
        for key, row in self._rows.items():
            if row.state is State.FRESH:
                with contextlib.suppress(AppError):
                    file = read_token_file(Path(row.file))
                    expires_at = _utc(file.expires_at) if file else ""
                    self._rows[key] = replace(row, expires_at=expires_at)

    def counts(self) -> dict[State, int]:
        """How many rows have each state; states without rows are left out."""
        counted = Counter(row.state for row in self._rows.values())
        return {state: counted[state] for state in State if counted[state]}

    def write(self) -> None:
        """Replace both files. Raises `AppError` if they can't be written."""
        rows = self.rows
        try:
            replace_private(self.as_csv, _csv(rows))
            replace_private(self.as_json, as_json_text(rows).encode())
        except OSError as exc:
            raise as_error(
                local_batch.REPORT_NOT_WRITTEN, detail=exc.strerror or "", path=self.as_csv
            ) from exc


def _csv(rows: Sequence[ReportRow]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([field.name for field in fields(ReportRow)])
    for row in rows:
        writer.writerow([_harmless(value) for value in row.in_english().values()])
    return text.getvalue().encode("utf-8-sig")  # without the mark, Excel takes it for ANSI


def _harmless(value: object) -> object:
    """The value, so that no spreadsheet runs it: https://owasp.org/www-community/attacks/CSV_Injection"""
    return f"'{value}" if str(value).startswith(_FORMULA) else value


def as_json_text(rows: Sequence[ReportRow]) -> str:
    """The rows as a JSON array, one object a line."""
    lines = ",\n".join(json.dumps(row.known()) for row in rows)
    return f"[\n{lines}\n]\n"


def _english_of(value: object) -> object:
    return english(value) if isinstance(value, str) else value


def _utc(moment: float | None) -> str:
    if moment is None:
        return ""
    return datetime.fromtimestamp(int(moment), UTC).isoformat().replace("+00:00", "Z")
