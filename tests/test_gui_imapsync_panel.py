"""The panel with the options, commands and scripts for imapsync."""

import os
import re
from pathlib import Path, PureWindowsPath

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.imapsync import command as imapsync
from core.imapsync.command import Side
from core.imapsync.shell_quoting import Shell
from gui.widgets.imapsync_panel import ImapsyncPanel
from window import SOON

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

PROGRAM = [r"C:\Program Files\oauth2_imap\oauth2_imap_cli.exe"]
OPTIONS = ("Options for the source", "Options for the destination")
COMMANDS = ("Command to test the logins", "Command to copy the mail")


def side(address: str, folder: str = r"C:\Jörg & Co\tokens") -> Side:
    """Return a mailbox on Windows."""
    return Side(address, PureWindowsPath(folder) / f"{address}.txt", "imap.example.com")


SOURCE, DESTINATION = side("o'neil@example.com"), side("to%x%@example.org")


@pytest.fixture
def panel(qtbot: QtBot) -> ImapsyncPanel:
    """Return a visible panel, as on Windows."""
    return shown(qtbot, ImapsyncPanel(PROGRAM, platform="win32"))


def shown(qtbot: QtBot, panel: ImapsyncPanel) -> ImapsyncPanel:
    """Show a panel."""
    qtbot.addWidget(panel)
    panel.resize(700, 900)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def texts(panel: QWidget) -> dict[str, str]:
    """Return the visible commands by their accessible names."""
    found = panel.findChildren(QPlainTextEdit)
    return {t.accessibleName(): t.toPlainText() for t in found if t.isVisible()}


def said(panel: QWidget) -> str:
    """Return the text of all visible labels."""
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def button(panel: QWidget, text: str) -> QPushButton:
    """Return a button by its text without the mnemonic."""
    [found] = [b for b in panel.findChildren(QPushButton) if b.text().replace("&", "") == text]
    return found


def press(qtbot: QtBot, panel: QWidget, text: str) -> None:
    """Click a button."""
    qtbot.mouseClick(button(panel, text), Qt.MouseButton.LeftButton)


def choose(panel: QWidget, shell: Shell) -> None:
    """Choose the shell."""
    [combo] = panel.findChildren(QComboBox)
    combo.setCurrentIndex(combo.findData(shell))


def call(qtbot: QtBot, panel: QWidget) -> QCheckBox:
    """Click the box that lets imapsync call oauth2_imap."""
    [box] = panel.findChildren(QCheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() * 0.1)
    return box


def test_nothing_selected(panel: ImapsyncPanel) -> None:
    """An empty panel says what to do."""
    assert said(panel).startswith("Select a mailbox above")
    assert {} == texts(panel)


def test_one_mailbox(panel: ImapsyncPanel) -> None:
    """A single mailbox is shown as source and as destination."""
    expected = {
        name: imapsync.side_options(number, SOURCE, Shell.CMD)
        for number, name in enumerate(OPTIONS, 1)
    }
    for sides in ((SOURCE, None), (None, SOURCE)):
        panel.show_sides(*sides)
        assert expected == texts(panel)
        assert not button(panel, "Swap").isEnabled()
        assert not button(panel, "Save as script…").isEnabled()
        assert "Select a second mailbox" in said(panel)


def test_two_mailboxes(panel: ImapsyncPanel) -> None:
    """It shows both sides, the login test and the whole command, and which mailbox is which."""
    panel.show_sides(SOURCE, DESTINATION)
    one, two = imapsync.both_options(SOURCE, DESTINATION, Shell.CMD)
    assert {
        OPTIONS[0]: one,
        OPTIONS[1]: two,
        COMMANDS[0]: f"imapsync {one} {two} --justlogin",
        COMMANDS[1]: f"imapsync {one} {two}",
    } == texts(panel)
    assert "o'neil@example.com as the source" in said(panel)
    assert "to%x%@example.org as the destination" in said(panel)
    assert "2.230" in said(panel)
    panel.show_sides(None, None)
    assert {} == texts(panel)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Copy the source options (1)", OPTIONS[0]),
        ("Copy the destination options (2)", OPTIONS[1]),
        ("Copy the login test (3)", COMMANDS[0]),
        ("Copy the command (4)", COMMANDS[1]),
    ],
)
def test_copy(qtbot: QtBot, panel: ImapsyncPanel, text: str, name: str) -> None:
    """Each button copies its whole text, on one line."""
    panel.show_sides(SOURCE, DESTINATION)
    press(qtbot, panel, text)
    assert texts(panel)[name] == QGuiApplication.clipboard().text()
    assert "\n" not in QGuiApplication.clipboard().text()


def test_copied_is_said(qtbot: QtBot, panel: ImapsyncPanel) -> None:
    """For a moment the button says that it copied, without changing its size."""
    panel.show_sides(SOURCE, DESTINATION)
    copy = button(panel, "Copy the command (4)")
    width = copy.width()
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert copy.text().startswith("Copied")
    QApplication.processEvents()
    assert width == copy.width()
    qtbot.waitUntil(lambda: copy.text() == "Copy the command (&4)", timeout=SOON)


def test_swap(qtbot: QtBot, panel: ImapsyncPanel) -> None:
    """The button emits `swapped`; the panel then shows what it is given."""
    panel.show_sides(SOURCE, DESTINATION)
    with qtbot.waitSignal(panel.swapped, timeout=SOON):
        press(qtbot, panel, "Swap")
    panel.show_sides(DESTINATION, SOURCE)
    assert '--user2 "o\'neil@example.com"' in texts(panel)[OPTIONS[1]]


@pytest.mark.parametrize("shell", [Shell.CMD, Shell.WSL, Shell.DOCKER])
def test_forms(panel: ImapsyncPanel, shell: Shell) -> None:
    """On Windows the user can choose another shell."""
    panel.show_sides(SOURCE, DESTINATION)
    choose(panel, shell)
    assert imapsync.command(SOURCE, DESTINATION, shell) == texts(panel)[COMMANDS[1]]


def test_docker_with_one_mailbox(panel: ImapsyncPanel) -> None:
    """Docker also needs the mount of the folder, so that line is shown too."""
    panel.show_sides(None, SOURCE)
    choose(panel, Shell.DOCKER)
    assert imapsync.starter(Shell.DOCKER, SOURCE) == texts(panel)[COMMANDS[1]]


def test_let_imapsync_call(qtbot: QtBot, panel: ImapsyncPanel) -> None:
    """The box adds the options and names the version they need; Docker can't use them."""
    panel.show_sides(SOURCE, DESTINATION)
    box = call(qtbot, panel)
    expected = imapsync.command(SOURCE, DESTINATION, Shell.CMD, program=PROGRAM)
    assert expected == texts(panel)[COMMANDS[1]]
    assert "--oauthrefreshcmd2" in expected
    assert "2.267" in said(panel)
    choose(panel, Shell.DOCKER)
    assert not box.isEnabled()
    assert "oauthrefreshcmd" not in texts(panel)[COMMANDS[1]]
    assert "In Docker, imapsync can't call" in said(panel)
    choose(panel, Shell.CMD)
    assert expected == texts(panel)[COMMANDS[1]]


def test_no_program(qtbot: QtBot) -> None:
    """Where imapsync can't start this program, the box is hidden."""
    panel = shown(qtbot, ImapsyncPanel(platform="win32"))
    panel.show_sides(SOURCE, DESTINATION)
    assert not panel.findChildren(QCheckBox)[0].isVisible()


def test_out_of_reach(panel: ImapsyncPanel) -> None:
    """Where WSL has no access to a folder, the reason is shown in place of a wrong command."""
    panel.show_sides(SOURCE, side("a@b.example", r"\\server\share"))
    choose(panel, Shell.WSL)
    assert {} == texts(panel)
    assert "WSL has no access to" in said(panel)
    assert not button(panel, "Save as script…").isEnabled()
    choose(panel, Shell.CMD)
    assert 4 == len(texts(panel))
    assert "has no access to" not in said(panel)


def posix_sides(tmp_path: Path) -> tuple[Side, Side]:
    """Return two mailboxes on this computer."""
    source, destination = (tmp_path / name for name in ("one.txt", "two.txt"))
    return Side("a@b.example", source, "h"), Side("c@d.example", destination, "h")


def save(qtbot: QtBot, panel: ImapsyncPanel) -> QFileDialog:
    """Press the button and return the dialog that it opens."""
    assert [] == panel.findChildren(QFileDialog)
    press(qtbot, panel, "Save as script…")
    [dialog] = panel.findChildren(QFileDialog)
    return dialog


@pytest.mark.only_on("posix", reason="the script is for sh")
def test_save_sh(qtbot: QtBot, tmp_path: Path) -> None:
    """The script is saved unchanged, executable, with its suffix."""
    panel = shown(qtbot, ImapsyncPanel(["/opt/oauth2_imap"], platform="linux"))
    sides = posix_sides(tmp_path)
    panel.show_sides(*sides)
    dialog = save(qtbot, panel)
    assert ["imapsync_a@b.example_to_c@d.example.sh"] == [
        Path(file).name for file in dialog.selectedFiles()
    ]
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("move")
    dialog.accept()
    file = tmp_path / "move.sh"
    qtbot.waitUntil(file.exists, timeout=2000)
    expected = imapsync.script(*sides, shell=Shell.SH)
    assert expected.encode() == file.read_bytes()
    assert os.access(file, os.X_OK)
    assert f"Saved: {file}" in said(panel)
    panel.show_sides(*sides)
    assert "Saved" in said(panel)
    panel.show_sides(*reversed(sides))
    assert "Saved" not in said(panel)


def test_save_bat(qtbot: QtBot, panel: ImapsyncPanel, tmp_path: Path) -> None:
    """On Windows it is a batch file; its name has no characters that cmd interprets."""
    panel.show_sides(SOURCE, DESTINATION)
    call(qtbot, panel)
    dialog = save(qtbot, panel)
    [name] = (Path(file).name for file in dialog.selectedFiles())
    assert "imapsync_o_neil@example.com_to_to_x_@example.org.bat" == name
    file = tmp_path / "move.bat"
    dialog.fileSelected.emit(str(file))
    expected = imapsync.script(SOURCE, DESTINATION, shell=Shell.CMD, program=PROGRAM)
    assert expected.encode() == file.read_bytes()


def test_save_fails(qtbot: QtBot, panel: ImapsyncPanel, tmp_path: Path) -> None:
    """The panel says that a folder isn't writable."""
    panel.show_sides(SOURCE, DESTINATION)
    save(qtbot, panel).fileSelected.emit(str(tmp_path / "missing" / "x.bat"))
    assert "x.bat can't be written" in said(panel)


@pytest.mark.parametrize("width", [400, 700, 1600])
def test_texts_are_whole(qtbot: QtBot, panel: ImapsyncPanel, width: int) -> None:
    """Each text is as high as its lines at any width, so nothing is cut off."""
    panel.show_sides(SOURCE, DESTINATION)
    call(qtbot, panel)
    panel.resize(width, 900)
    QApplication.processEvents()
    for text in panel.findChildren(QPlainTextEdit):
        assert text.isReadOnly()
        assert 0 == text.horizontalScrollBar().maximum()
        assert 0 == text.verticalScrollBar().maximum()
        lines = text.document().size().height()
        assert text.viewport().height() >= lines * text.fontMetrics().lineSpacing()


def test_keyboard(qtbot: QtBot, panel: ImapsyncPanel) -> None:
    """Tab follows the reading order; a text can be selected and copied with keys."""
    panel.show_sides(SOURCE, DESTINATION)
    panel.activateWindow()
    panel.findChildren(QComboBox)[0].setFocus()
    places = []
    for _ in range(12):
        widget = QApplication.focusWidget()
        assert widget is not None
        place = widget.mapTo(panel, widget.rect().topLeft())
        places.append((place.y() // 20, place.x()))
        if "Save" in getattr(widget, "text", str)():
            break
        if widget.accessibleName() == COMMANDS[1]:
            qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            qtbot.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert 12 == len(places)
    assert sorted(places) == places
    assert texts(panel)[COMMANDS[1]] == QGuiApplication.clipboard().text()


def test_names_and_mnemonics(panel: ImapsyncPanel) -> None:
    """Every widget has a name for screen readers, and its own letter."""
    panel.show_sides(SOURCE, DESTINATION)
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and widget.isVisible():
            assert widget.accessibleName() or isinstance(widget, QAbstractButton), widget
    words = [b.text() for b in panel.findChildren(QAbstractButton)]
    words += [label.text() for label in panel.findChildren(QLabel) if label.buddy()]
    letters = [found[1].lower() for word in words if (found := re.search("&(.)", word))]
    assert 8 == len(letters)
    assert len(set(letters)) == len(letters)
