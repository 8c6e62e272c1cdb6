"""Where the window's tokens go."""

import sys
from pathlib import Path

import pytest

from core.paths import user_data_folder
from gui.system.token_folder import default_token_folder


@pytest.fixture
def frozen_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a frozen program; it isn't there, so nothing can be written into it."""
    folder = tmp_path / "Program Files"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "oauth2_imap.exe"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return folder


def test_tokens_lie_beside_the_program(frozen_in: Path) -> None:
    """Nothing is worth saying then."""
    frozen_in.mkdir()
    assert (frozen_in / "tokens", "") == default_token_folder()


def test_another_folder_is_said_aloud(frozen_in: Path) -> None:
    """Where the program's can't be written."""
    elsewhere = user_data_folder() / "tokens"
    said = f"{frozen_in} can't be written, so tokens go to {elsewhere}"
    assert (elsewhere, said) == default_token_folder()


def test_from_source_it_is_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As on the command line."""
    monkeypatch.chdir(tmp_path)
    assert (tmp_path / "tokens", "") == default_token_folder()
