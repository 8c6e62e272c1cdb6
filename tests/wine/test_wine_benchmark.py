"""The benchmark of the Windows programs runs; people judge its figures."""

from pathlib import Path

from benchmarks.windows_programs import rows_of
from wine.build import Programs
from wine.prefix import Wine


def test_each_program_is_measured(windows: Wine, programs: Programs, bare: Path) -> None:
    """Both programs have their rows beside the bare one's."""
    rows = list(rows_of(windows, programs, bare, 1))
    assert ["MB", "MB", "s", "s", "s", "s"] == [row.unit for row in rows]
    assert all(row.result > 0 for row in rows)
