"""The benchmark of the Windows programs runs; people judge its figures."""

from pathlib import Path

from benchmarks.windows_programs import rows_of
from wine.build import Programs
from wine.prefix import Wine


def test_each_program_is_measured(windows: Wine, programs: Programs, windows_python: Path) -> None:
    """Both programs have their rows; Python stands in for the bare window."""
    rows = list(rows_of(windows, programs, windows_python / "python.exe", 1))
    assert ["MB", "MB", "s", "s", "s", "s"] == [row.unit for row in rows]
    assert all(row.result > 0 for row in rows)
