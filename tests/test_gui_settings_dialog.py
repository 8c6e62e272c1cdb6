"""The settings dialog: a change counts at once and at the next start; grey boxes say why."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
)
from pytestqt.qtbot import QtBot

from core.browser_choice import BrowserChoice
from core.oauth.sign_in.browser import Open
from gui.model.own_palette import is_dark
from gui.model.settings import whole_path
from gui.model.theme import AS_SYSTEM, apply_theme
from gui.widgets.settings_dialog import SettingsDialog
from screenshots import ROOT, virtual_screen
from servers import ADDRESS, Stage
from test_gui_accessibility import clashes, interactive, nameless
from window import Driven, MakeWindow


def opened(stage: Stage, make_stage_window: MakeWindow) -> tuple[Driven, SettingsDialog]:
    """Return a window and its settings, opened by a click."""
    driven: Driven = make_stage_window(stage)
    driven.click("Settings")
    (dialog,) = driven.window.findChildren(SettingsDialog)
    driven.wait(dialog.isActiveWindow)
    return driven, dialog


def enter(driven: Driven, name: str, text: str) -> None:
    """Type into a field of the settings, and leave it."""
    field = driven.named(QLineEdit, name)
    driven.type_into(field, text)
    driven.qtbot.keyClick(field, Qt.Key.Key_Tab)


@pytest.fixture(params=[1.0, 1.1, 1.2, 1.5])
def larger_font(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Run the test with a font of the system that is larger."""
    usual, font = qapp.font(), qapp.font()
    font.setPointSizeF(usual.pointSizeF() * request.param)
    qapp.setFont(font)
    yield
    qapp.setFont(usual)


@pytest.fixture(params=["Fusion", "Windows"])
def style(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Run the test with a style."""
    usual = qapp.style().name()
    qapp.setStyle(request.param)
    yield
    qapp.setStyle(usual)


@pytest.mark.usefixtures("larger_font", "style", "every_language")
def test_nothing_scrolls_on_a_screen_with_room(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The dialog is as high as its texts; on a small screen it is as large as that allows."""
    driven, dialog = opened(stage, make_stage_window)
    (scroll,) = dialog.findChildren(QScrollArea)
    driven.rest()
    driven.qtbot.wait(50)
    most = dialog.screen().availableSize() * 0.84
    assert 0 == scroll.verticalScrollBar().maximum() or dialog.height() > most.height()
    assert 0 == scroll.horizontalScrollBar().maximum() or dialog.width() > most.width()


def test_the_token_folder_counts_at_once(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Its token files are listed; without one the usual folder counts again."""
    stage.sign_in()
    driven, _ = opened(stage, make_stage_window)
    enter(driven, "Token folder", str(tmp_path / "elsewhere"))
    driven.listed()
    assert tmp_path / "elsewhere" == driven.mailboxes.files.folder
    assert str(tmp_path / "elsewhere") == driven.settings.token_folder
    enter(driven, "Token folder", "")
    assert "" == driven.settings.token_folder
    assert "tokens" == driven.mailboxes.files.folder.name


def test_the_folder_without_a_choice_is_named(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Below the field, where a long path has room, and for screen readers."""
    driven, dialog = opened(stage, make_stage_window)
    field = driven.named(QLineEdit, "Token folder")
    assert "" == field.text()
    enter(driven, "Token folder", str(stage.folder / "elsewhere"))
    enter(driven, "Token folder", "")
    usual = driven.mailboxes.files.folder
    said = f"If this is empty: {usual}"
    shown = [x.text() for x in dialog.findChildren(QLabel) if x.isVisible()]
    assert said in [text.replace("\u200b", "") for text in shown]
    assert said == field.accessibleDescription()


@pytest.mark.parametrize("name", ["Token folder", "CA file"])
def test_half_a_path_is_refused(stage: Stage, make_stage_window: MakeWindow, name: str) -> None:
    """A relative one would depend on where the program was started; the old one stays."""
    driven, dialog = opened(stage, make_stage_window)
    before = (driven.settings.token_folder, driven.settings.ca_file)
    enter(driven, name, "some/folder")
    said = [x.text() for x in dialog.findChildren(QLabel) if x.isVisible() and "⚠" in x.text()]
    assert ["⚠ Enter the whole path, from the drive or from / on."] == said
    assert before == (driven.settings.token_folder, driven.settings.ca_file)


def refused(dialog: SettingsDialog) -> list[str]:
    """Return what is said to be wrong."""
    labels = [x for x in dialog.findChildren(QLabel) if x.isVisible() and "⚠" in x.text()]
    return [label.text().replace("\u200b", "") for label in labels]


@pytest.mark.parametrize("inside", ["", "below"])
def test_a_file_is_no_token_folder(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path, inside: str
) -> None:
    """The folder from before stays, until the user enters one that is possible."""
    file = tmp_path / "file.txt"
    file.write_text("mine")
    driven, dialog = opened(stage, make_stage_window)
    before = driven.mailboxes.files.folder
    wrong = file / inside
    said = f"⚠ Token files can't be saved in {wrong}. "
    for _ in range(2):  # the same text is as wrong again
        enter(driven, "Token folder", str(wrong))
        assert [f"{said}Choose a folder where you are allowed to write."] == refused(dialog)
    assert said in driven.named(QLineEdit, "Token folder").accessibleDescription()
    assert (before, "") == (driven.mailboxes.files.folder, driven.settings.token_folder)
    assert "mine" == file.read_text()
    enter(driven, "Token folder", str(tmp_path))
    assert [] == refused(dialog)
    assert str(tmp_path) == driven.settings.token_folder


@pytest.mark.only_on("linux", reason="others have no /proc")
def test_no_token_folder_can_be_made_in_proc(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Not even by root."""
    driven, dialog = opened(stage, make_stage_window)
    for wrong in ("/proc/nix", "/proc"):
        enter(driven, "Token folder", wrong)
        assert [wrong in text for text in refused(dialog)] == [True]
        assert "" == driven.settings.token_folder


def test_a_missing_token_folder_is_possible(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """It is made with the first token file, not before."""
    driven, dialog = opened(stage, make_stage_window)
    enter(driven, "Token folder", str(tmp_path / "not" / "yet"))
    assert [] == refused(dialog)
    assert str(tmp_path / "not" / "yet") == driven.settings.token_folder
    assert not (tmp_path / "not").exists()


def test_the_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the user knows it from a terminal."""
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    assert tmp_path / "ca.pem" == Path(whole_path("~/ca.pem"))
    assert "" == whole_path("ca.pem")
    assert "" == whole_path("")


def test_the_ca_file_counts_at_once(stage: Stage, make_stage_window: MakeWindow) -> None:
    """For refreshes and sign-ins; emptied, the system's certificates count alone."""
    driven, _ = opened(stage, make_stage_window)
    enter(driven, "CA file", "")
    assert ("", None) == (driven.settings.ca_file, driven.mailboxes.requests.network.ca_file)
    enter(driven, "CA file", str(stage.ca_file))
    assert stage.ca_file == driven.mailboxes.requests.network.ca_file


def test_browse(stage: Stage, make_stage_window: MakeWindow, tmp_path: Path) -> None:
    """The button opens a dialog, and its answer counts at once."""
    driven, dialog = opened(stage, make_stage_window)
    (button,) = (b for b in interactive(dialog) if "Look for: CA file" == b.accessibleName())
    driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    (files,) = dialog.findChildren(QFileDialog)
    chosen = tmp_path / "x.pem"
    chosen.write_bytes(stage.ca_file.read_bytes())
    files.fileSelected.emit(str(chosen))
    files.reject()
    assert str(chosen) == driven.settings.ca_file


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_ca_file_of_no_use_is_refused(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path, content: bytes | None
) -> None:
    """At once, not at the next refresh; the one from before stays, and the bar says so."""
    driven, dialog = opened(stage, make_stage_window)
    before = driven.settings.ca_file, driven.mailboxes.requests.network
    wrong = tmp_path / "wrong.pem"
    if content is not None:
        wrong.write_bytes(content)
    enter(driven, "CA file", str(wrong))
    assert [True] == [f"The CA file {wrong} can't be used" in text for text in refused(dialog)]
    assert before == (driven.settings.ca_file, driven.mailboxes.requests.network)
    enter(driven, "Command for a new token", "no_such_program_here x")
    (_, told) = refused(dialog)
    assert told.startswith("⚠ Command for a new token can't start no_such_program_here: ")
    driven.click("Close", dialog)
    expected = "Not changed in the settings: CA file, Command for a new token. "
    assert driven.parts.message_bar.message.headline.startswith(expected)


@pytest.mark.parametrize("is_installed", [True, False])
def test_grey_boxes_say_why(qtbot: QtBot, is_installed: bool) -> None:
    """Beside the box, and for screen readers."""
    dialog = SettingsDialog()
    qtbot.addWidget(dialog)
    dialog.show_awake(False, available=is_installed)
    dialog.show_autostart(False, available=is_installed)
    boxes = [b for b in dialog.findChildren(QCheckBox) if "secret store" not in b.text()]
    assert [is_installed] * 2 == [box.isEnabled() for box in boxes]
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert is_installed != ("Not possible on this computer" in said)
    assert is_installed != ("Only possible with the installed program" in said)
    assert [True, True] == [box.accessibleDescription() in said for box in boxes]


def test_the_look_is_remembered(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A chosen look counts at once."""
    driven, _ = opened(stage, make_stage_window)
    look = driven.named(QComboBox, "Look")
    assert ["As the system", "Light", "Dark"] == [look.itemText(n) for n in range(3)]
    try:
        look.setFocus()
        for name in ("light", "dark"):
            driven.qtbot.keyClick(look, Qt.Key.Key_Down)
            assert name == driven.settings.theme
            assert (name == "dark") == is_dark(QGuiApplication.palette())
    finally:
        apply_theme(AS_SYSTEM)


def test_back_to_the_look_of_the_system(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Nothing stays of a palette that helped where the platform has only one look."""
    driven, _ = opened(stage, make_stage_window)
    look = driven.named(QComboBox, "Look")
    before = QGuiApplication.palette()
    look.setFocus()
    for key, dark in ((Qt.Key.Key_End, True), (Qt.Key.Key_Home, False)):
        driven.qtbot.keyClick(look, key)
        assert dark == is_dark(QGuiApplication.palette())
    assert before == QGuiApplication.palette()
    assert AS_SYSTEM == driven.settings.theme


@pytest.mark.usefixtures("xvfb")
@pytest.mark.only_on("linux", reason="one platform of Qt is enough")
@pytest.mark.parametrize("desktop", ["gnome", "generic"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_look_is_used_at_the_next_start(tmp_path: Path, theme: str, desktop: str) -> None:
    """Before the first frame, so that the window doesn't flash; not every desktop can switch."""
    script = (
        "from pathlib import Path\n"
        "from gui.startup import app\n"
        "application = app.application()\n"
        "app.use_theme(app.Settings(Path('window.ini')))\n"
        "print(application.palette().window().color().lightness() < 128)\n"
        "application.processEvents()\n"
        "print(application.palette().window().color().lightness() < 128)\n"
    )
    (tmp_path / "window.ini").write_text(f"[General]\ntheme={theme}\n")
    with virtual_screen() as name:
        looks = {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb", "QT_QPA_PLATFORMTHEME": desktop}
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env={**os.environ, **looks, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
    assert f"{theme == 'dark'}\n" * 2 == done.stdout  # at once, and after the platform's answer


@pytest.mark.usefixtures("every_language")
def test_names_letters_and_the_keyboard(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Each widget has a name and a letter of its own; Esc closes, and Ctrl+, opens."""
    driven, dialog = opened(stage, make_stage_window)
    assert [] == nameless(dialog)
    assert [] == clashes(dialog)
    driven.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    driven.window.activateWindow()
    driven.wait(driven.window.isActiveWindow)
    driven.qtbot.keyClick(driven.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    driven.wait(dialog.isVisible)


@pytest.mark.only_on("posix", reason="the stand-ins are shell scripts")
def test_the_browser_for_sign_ins_is_chosen(
    stage: Stage,
    make_stage_window: MakeWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The installed ones are offered, each with its private window; the next sign-in uses it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("firefox", "chromium"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    asked: list[BrowserChoice] = []

    def browser(page: str, choice: BrowserChoice) -> Open:
        asked.append(choice)
        return stage.browser

    driven, _ = opened(stage, lambda stage: make_stage_window(stage, browser=browser))
    box = driven.named(QComboBox, "Browser for sign-ins")
    driven.wait(lambda: box.count() > 1)

    offered = [box.itemText(index) for index in range(box.count())]
    assert ["The system's browser", "Firefox", "Firefox, private window"] == offered[:3]
    box.setFocus()
    for _ in range(2):
        driven.qtbot.keyClick(box, Qt.Key.Key_Down)
    assert BrowserChoice("firefox", private=True) == driven.settings.browser
    driven.click("Close")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: stage.path.exists())
    assert [BrowserChoice("firefox", private=True)] == asked
