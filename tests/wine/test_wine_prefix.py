"""What the tests' own Windows does for all of them."""

from pathlib import Path

import pytest

from wine.prefix import Wine

# It fails at its first run, and says why.
ONCE = "@echo off\r\nif exist ran exit /b 0\r\necho x>ran\r\necho {said}\r\nexit /b 1\r\n"


@pytest.mark.parametrize(
    ("said", "code"), [("OSError: [WinError 1359] Internal error", 0), ("a real error", 1)]
)
def test_only_a_lost_process_is_started_again(
    windows: Wine, tmp_path: Path, said: str, code: int
) -> None:
    """A program that fails for another reason has failed."""
    (tmp_path / "once.bat").write_text(ONCE.format(said=said), newline="")
    assert code == windows.outcome("cmd", "/c", "once.bat", cwd=tmp_path)[0]
