"""Where the window's token files lie by default."""

import sys
from pathlib import Path

import pytest

from core.paths import user_data_folder
from gui.system.token_folder import default_token_folder, token_folder


@pytest.fixture
def frozen_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder of a frozen program; it doesn't exist, so it isn't writable."""
    folder = tmp_path / "Program Files"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "oauth2_imap.exe"))
    return folder


def test_tokens_lie_beside_the_program(frozen_in: Path) -> None:
    """There is no warning."""
    frozen_in.mkdir()
    assert (frozen_in / "tokens", "") == default_token_folder()


def test_another_folder_is_said_aloud(frozen_in: Path) -> None:
    """If the program's folder isn't writable, a warning names the other folder."""
    elsewhere = user_data_folder() / "tokens"
    said = f"{frozen_in} is not writable. Token files are saved in {elsewhere}."
    assert (elsewhere, said) == default_token_folder()


@pytest.mark.only_on("posix", reason="Windows has no modes")
def test_a_folder_that_may_not_be_read_is_said_aloud(
    frozen_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then new token files are saved in the other folder."""
    (frozen_in / "tokens").mkdir(parents=True)

    def refuse(folder: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)  # root may read every folder
    folder, said = default_token_folder()
    assert user_data_folder() / "tokens" == folder
    assert f"can't be read: {frozen_in / 'tokens'}" in said


def test_from_source_it_is_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Like the command line."""
    monkeypatch.chdir(tmp_path)
    assert (tmp_path / "tokens", "") == default_token_folder()


def test_a_script_keeps_its_tokens(frozen_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder `tokens` counts before the one that the user has chosen in the window."""
    chosen, beside = frozen_in.parent / "chosen", frozen_in.parent / "tokens"
    monkeypatch.chdir(frozen_in.parent)
    assert (chosen, "") == token_folder(str(chosen), beside_script=True)
    beside.mkdir()
    assert (beside, "") == token_folder(str(chosen), beside_script=True)
    assert (chosen, "") == token_folder(str(chosen), beside_script=False)
    assert default_token_folder() == token_folder("", beside_script=False)
