"""The rows that benchmarks measure, and the tables of docs/PERFORMANCE.md that are made of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from statistics import median
from typing import Any

HEAD = "| | median (minimum) | yardstick | result | goal | |\n|---|---|---|---|---|---|"
MACHINE = "machine"


class Compared(Enum):
    """What is compared with the goal: a result is good if it is not greater."""

    TIMES = "{} times"  # our median, divided by the yardstick's
    MORE = "{} more"  # how much our median is greater, in the row's unit
    ALONE = "{}"  # our median alone, in the row's unit


@dataclass(frozen=True, slots=True)
class Row:
    """Our figures and those of a yardstick, measured in turns; both are in `unit`.

    Without a goal, the row is there to be read only.
    """

    what: str
    ours: Sequence[float]
    yardstick: str
    theirs: Sequence[float]
    goal: float | None
    unit: str = "ms"
    compared: Compared = Compared.TIMES

    @property
    def result(self) -> float:
        """What is compared with the goal."""
        ours, theirs = median(self.ours), median(self.theirs or (0.0,))
        if self.compared is Compared.TIMES:
            return ours / theirs
        return ours - theirs if self.compared is Compared.MORE else ours

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached, with the digits that the table shows."""
        return self.goal is None or float(_digits(self.result)) <= self.goal

    def as_line(self) -> str:
        """The row of the table."""
        beside = f": {_figures(self.theirs, self.unit)}" if self.theirs else ""
        goal, verdict = "", ""
        if self.goal is not None:
            goal = self._compared(f"{self.goal:g}")
            verdict = "met" if self.is_met else "**missed**"
        ours, result = _figures(self.ours, self.unit), self._compared(_digits(self.result))
        return (
            f"| {self.what} | {ours} | {self.yardstick}{beside} | {result} | {goal} | {verdict} |"
        )

    def as_data(self) -> dict[str, Any]:
        """The row with every single figure, for JSON."""
        names = ("what", "ours", "yardstick", "theirs", "goal", "unit")
        fields = {name: getattr(self, name) for name in names}
        return {**fields, "compared": self.compared.name, "result": self.result, "met": self.is_met}

    def _compared(self, digits: str) -> str:
        unit = "" if self.compared is Compared.TIMES else f" {self.unit}"
        return self.compared.value.format(digits + unit)


def as_table(rows: Sequence[Row]) -> str:
    """The rows of one benchmark as a Markdown table."""
    return "\n".join([HEAD, *(row.as_line() for row in rows)])


def write_between(document: Path, name: str, text: str) -> None:
    """Replace what is between the markers of this name in the document.

    Raises `LookupError` if the document has no such markers.
    """
    begin, end = f"<!-- measured: {name} -->", "<!-- end -->"
    pattern = re.compile(f"({re.escape(begin)}\n).*?({re.escape(end)})", re.DOTALL)
    changed, count = pattern.subn(
        lambda found: f"{found[1]}\n{text}\n\n{found[2]}", document.read_text("utf-8")
    )
    if count != 1:
        raise LookupError(f"{document} has {count} places for {name}")
    document.write_text(changed, "utf-8")


def _figures(values: Sequence[float], unit: str) -> str:
    least = f" ({_digits(min(values))})" if len(values) > 1 else ""
    return f"{_digits(median(values))}{least} {unit}"


def _digits(value: float) -> str:
    """As many decimals as a reader needs."""
    size = abs(value)
    return f"{value:.{0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3}f}"
