"""The About dialog: its text, and what its links and buttons open."""

from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from core import __version__
from core.verdicts.verdict import NEWEST_RELEASE
from gui.widgets.about import AboutDialog
from gui.widgets.licences import NOT_COLLECTED, LicencesDialog

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

LOG, OWN = "Open the &log folder", "Open your &providers.toml"


class Opened:
    """Records what is opened, in place of the desktop."""

    def __init__(self, *, works: bool = True) -> None:
        """`works` is the answer of the desktop."""
        self.urls: list[str] = []
        self._works = works

    def __call__(self, url: QUrl) -> bool:
        """Record a URL; used in place of QDesktopServices.openUrl."""
        self.urls.append(url.toString())
        return self._works


def _dialog(qtbot: QtBot, folder: Path, opened: Opened) -> AboutDialog:
    dialog = AboutDialog(
        log_folder=folder / "logs", own_file=folder / "config" / "providers.toml", open_url=opened
    )
    qtbot.addWidget(dialog)
    return dialog


def _press(qtbot: QtBot, dialog: AboutDialog, text: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if text == b.text())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _text(dialog: AboutDialog) -> QLabel:
    return next(x for x in dialog.findChildren(QLabel) if "<h2>" in x.text())


def test_it_says_what_this_is(qtbot: QtBot, tmp_path: Path) -> None:
    """It shows name, version, licences, the versions of Qt, and both paths."""
    dialog = _dialog(qtbot, tmp_path, Opened())
    text = _text(dialog).text()
    facts = ("oauth2_imap", __version__, "MIT", "LGPL", qVersion(), PySide6.__version__)
    assert [] == [fact for fact in facts if fact not in text]
    paths = [str(tmp_path / "logs"), str(tmp_path / "config" / "providers.toml")]
    assert paths == [x.text() for x in dialog.findChildren(QLineEdit)]


def test_the_link_opens_the_newest_release(qtbot: QtBot, tmp_path: Path) -> None:
    """The link opens the browser."""
    opened = Opened()
    dialog = _dialog(qtbot, tmp_path, opened)
    assert f'href="{NEWEST_RELEASE}"' in _text(dialog).text()
    _text(dialog).linkActivated.emit(NEWEST_RELEASE)
    assert [NEWEST_RELEASE] == opened.urls


def test_the_log_folder_is_opened(qtbot: QtBot, tmp_path: Path) -> None:
    """The folder is created if nothing was logged yet."""
    opened = Opened()
    _press(qtbot, _dialog(qtbot, tmp_path, opened), LOG)
    assert [QUrl.fromLocalFile(str(tmp_path / "logs")).toString()] == opened.urls
    assert (tmp_path / "logs").is_dir()


@pytest.mark.parametrize("there", [True, False])
def test_the_own_file_is_opened_or_its_folder(qtbot: QtBot, tmp_path: Path, there: bool) -> None:
    """If the file doesn't exist, the folder opens in which the user can create it."""
    opened, file = Opened(), tmp_path / "config" / "providers.toml"
    if there:
        file.parent.mkdir()
        file.touch()
    _press(qtbot, _dialog(qtbot, tmp_path, opened), OWN)
    expected = file if there else file.parent
    assert [QUrl.fromLocalFile(str(expected)).toString()] == opened.urls


def test_what_cannot_be_opened_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    """The dialog names a URL that no program opens, and a folder that can't be created."""
    dialog = _dialog(qtbot, tmp_path, Opened(works=False))
    _press(qtbot, dialog, LOG)
    said = [x.text() for x in dialog.findChildren(QLabel) if not x.isHidden()]
    assert any(text.startswith("No program on this computer can open") for text in said)
    (tmp_path / "config").touch()
    _press(qtbot, dialog, OWN)
    said = [x.text() for x in dialog.findChildren(QLabel) if not x.isHidden()]
    assert any("can't be created" in text for text in said)


def test_the_licences_are_shown(qtbot: QtBot, tmp_path: Path) -> None:
    """The button opens the licences over the About dialog."""
    dialog = _dialog(qtbot, tmp_path, Opened())
    _press(qtbot, dialog, "L&icences")
    shown = dialog.findChild(LicencesDialog)
    assert shown is not None
    assert shown.isVisible()
    shown.close()


@pytest.mark.parametrize("gathered", ["MIT\n", None], ids=["built", "from source"])
def test_the_licences_are_those_of_the_build(
    qtbot: QtBot, tmp_path: Path, gathered: str | None
) -> None:
    """It shows the collected file, or a text for source checkouts if there is none."""
    file = tmp_path / "LICENSES.txt"
    if gathered:
        file.write_text(gathered, "utf-8")
    dialog = LicencesDialog(file=file)
    qtbot.addWidget(dialog)
    (text,) = dialog.findChildren(QPlainTextEdit)
    assert (gathered or NOT_COLLECTED) == text.toPlainText()
    assert text.isReadOnly()


def test_escape_and_close_end_it(qtbot: QtBot, tmp_path: Path) -> None:
    """Close has the focus, so Enter and Escape both close it; it has no icon."""
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        dialog = _dialog(qtbot, tmp_path, Opened())
        dialog.show()
        (buttons,) = dialog.findChildren(QDialogButtonBox)
        assert buttons.button(QDialogButtonBox.StandardButton.Close).icon().isNull()
        qtbot.keyClick(dialog, key)
        assert not dialog.isVisible()
