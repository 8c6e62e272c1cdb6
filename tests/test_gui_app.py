"""The window's composition: where its tokens go, and how a start that can't be ends."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from core.errors import UsageProblem
from core.job import Surroundings
from core.paths import user_data_folder
from core.providers.catalog import load_catalog
from gui.app import compose
from gui.jobs import Jobs
from gui.main_window import MainWindow
from gui.refusal import refuse
from gui.settings import Settings
from gui.tray import Tray
from window import no_mx


@pytest.fixture
def frozen_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a frozen program; it isn't there, so nothing can be written into it."""
    folder = tmp_path / "Program Files"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "oauth2_imap.exe"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return folder


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """Ended with the test."""
    made = Jobs()
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def status(qtbot: QtBot, jobs: Jobs, settings: Settings, folder: Path | None = None) -> str:
    """What a new window says in its status line."""
    own_file = Path(settings.path).with_name("providers.toml")
    surroundings = Surroundings(load_catalog(own_file), own_file, no_mx, time.time)
    tray = Tray(is_available=lambda: False)
    window: MainWindow = compose(settings, jobs, surroundings, folder=folder, tray=tray)
    qtbot.addWidget(window)
    said = window.statusBar().currentMessage()
    window.log_pane.remove()
    return said


def test_tokens_lie_beside_the_program(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path, frozen_in: Path
) -> None:
    """Nothing is worth saying then."""
    frozen_in.mkdir()
    assert "" == status(qtbot, jobs, Settings(tmp_path / "settings.ini"))


def test_another_folder_is_said_aloud(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path, frozen_in: Path
) -> None:
    """Where the program's can't be written and nobody chose one."""
    settings = Settings(tmp_path / "settings.ini")
    elsewhere = user_data_folder() / "tokens"
    said = status(qtbot, jobs, settings)
    assert f"⚠ {frozen_in} can't be written, so tokens go to {elsewhere}" == said

    assert "" == status(qtbot, jobs, settings, folder=tmp_path / "chosen")


def test_without_a_terminal_a_refusal_is_a_message(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A windowed exe has no standard error, and its batch file must learn the exit code."""
    seen: list[str] = []

    def read_and_close() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.extend([box.text(), box.informativeText()])
        box.accept()

    monkeypatch.setattr(sys, "stderr", None)
    QTimer.singleShot(100, read_and_close)
    error = UsageProblem("The window doesn't take --loop", todo="Use the terminal program")

    assert 2 == refuse(error)
    assert ["The window doesn't take --loop", "Use the terminal program"] == seen
