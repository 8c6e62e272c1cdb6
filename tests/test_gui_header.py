"""The card at the top of the window: its button, and the wait that takes its place."""

from collections import deque

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from faulty_servers.device_codes import PENDING
from gui.widgets.primary_button import READABLE, PrimaryButton, contrast, in_accent
from gui.widgets.qr_code import QrCode
from servers import ADDRESS, Stage
from window import Driven, MakeWindow

SMALL = (1024, 768)
# A longer page has a larger QR code.
_AT_MICROSOFT = {
    "verification_uri": "https://microsoft.com/devicelogin",
    "verification_uri_complete": None,
}


def waiting(stage: Stage, make_stage_window: MakeWindow, size: tuple[int, int]) -> Driven:
    """Return a window of this size that waits for a browser which never answers."""
    stage.browser.visits_pages = False
    driven: Driven = make_stage_window(stage)
    driven.window.resize(*size)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    return driven


@pytest.mark.parametrize("size", [SMALL, (1366, 768), (1920, 1080)])
def test_nothing_moves_when_the_wait_begins_and_ends(
    stage: Stage, make_stage_window: MakeWindow, size: tuple[int, int]
) -> None:
    """The wait is in the place of the fields; what is below stays where it is."""
    driven = make_stage_window(stage)
    driven.window.resize(*size)
    driven.qtbot.waitUntil(lambda: size == driven.window.size().toTuple())
    places = [driven.content.mapTo(driven.window, QPoint())]
    stage.browser.visits_pages = False
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.qtbot.wait(50)
    assert not driven.address_field().isVisible()
    places.append(driven.content.mapTo(driven.window, QPoint()))
    stage.server.device_codes.states = deque([PENDING])
    stage.server.device_codes.changes = _AT_MICROSOFT
    driven.click("On another device")
    driven.wait(lambda: driven.visible(QrCode))
    driven.qtbot.wait(50)
    places.append(driven.content.mapTo(driven.window, QPoint()))
    driven.click("Cancel")
    driven.qtbot.wait(50)
    assert driven.address_field().isVisible()
    places.append(driven.content.mapTo(driven.window, QPoint()))
    assert 1 == len(set(map(QPoint.toTuple, places))), places


@pytest.mark.parametrize("size", [SMALL, (683, 384)])  # the second: 1366 x 768 at 200 %
def test_the_wait_is_never_cut_off(
    stage: Stage, make_stage_window: MakeWindow, size: tuple[int, int]
) -> None:
    """All its texts and buttons are inside the window, and no text is higher than its label."""
    driven = waiting(stage, make_stage_window, size)
    panel = driven.parts.waiting
    buttons = [driven.button(text, panel) for text in ("Cancel", "Continue")]

    def cut_off() -> list[QWidget]:
        texts = [label for label in driven.visible(QLabel) if panel.isAncestorOf(label)]
        return [widget for widget in (*texts, *buttons) if is_cut(driven.window, widget)]

    driven.wait(lambda: [] == cut_off())  # layouts within layouts take several turns


def is_cut(window: QWidget, widget: QWidget) -> bool:
    """Whether a part of it is outside the window, or its text is higher than it."""
    top = widget.mapTo(window, QPoint())
    inside = window.rect()
    if not (inside.contains(top) and inside.contains(top + widget.rect().bottomRight())):
        return True
    has_text = isinstance(widget, QLabel) and bool(widget.text())
    return has_text and widget.heightForWidth(widget.width()) > widget.height()


def test_the_card_is_not_wider_than_can_be_read(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It ends where all other content does, up to the width of a small screen."""
    driven = make_stage_window(stage)
    ends = []
    for size in ((1180, 800), (1366, 768), (1920, 1080)):
        driven.window.resize(*size)
        driven.qtbot.wait(50)
        gear = driven.button("Settings")
        ends.append(gear.mapTo(driven.window, gear.rect().bottomRight()).x())
    last = driven.parts.log_pane.mapTo(driven.window, driven.parts.log_pane.rect().bottomRight())
    assert [1163, 1349, 1415] == ends
    assert 1180 - 1163 == driven.window.width() - last.x()


def test_the_paste_field_has_the_focus(stage: Stage, make_stage_window: MakeWindow) -> None:
    """After the wait the address field has it again."""
    driven = waiting(stage, make_stage_window, SMALL)
    paste = driven.named(QLineEdit, "Address of the last page, or the code")
    assert paste.hasFocus()
    driven.click("Cancel")
    assert driven.address_field().hasFocus()
    assert ADDRESS == driven.address_field().selectedText()  # the next one replaces it


def test_a_wait_leaves_the_focus_in_the_list(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Who works there goes on with the next key."""
    stage.sign_in()
    stage.browser.visits_pages = False
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.content.sign_in.sign_in_again([stage.path])
    driven.wait(lambda: driven.parts.waiting.isVisible())
    assert driven.table().hasFocus()


def test_a_screen_reader_names_the_address_field(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The field inside the list has the focus, so it needs the name too."""
    driven = make_stage_window(stage)
    focused = QAccessible.queryAccessibleInterface(driven.address_field())
    assert "Address" == focused.text(QAccessible.Text.Name)
    assert driven.address_field().hasFocus()


def test_a_maximized_window_stays_maximized(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Also when a second start or the tray brings it to the front; a minimized one is shown."""
    driven = make_stage_window(stage)
    driven.window.showMaximized()
    driven.window.come_to_front()
    assert driven.window.isMaximized()
    driven.window.showMinimized()
    driven.window.come_to_front()
    assert not driven.window.isMinimized()
    assert driven.window.isVisible()


def test_the_wait_is_spoken(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A screen reader hears what to do, without a search for it."""
    driven = waiting(stage, make_stage_window, SMALL)
    spoken = driven.parts.waiting.accessibleName()
    assert spoken.startswith(f"Continue in your browser. Sign in as {ADDRESS}.")


def test_the_window_comes_forward_after_the_sign_in(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The user is in the browser then."""
    driven = make_stage_window(stage)
    browser = QWidget()
    driven.qtbot.addWidget(browser)
    driven.type_address(ADDRESS)
    browser.show()
    browser.activateWindow()
    driven.wait(browser.isActiveWindow)
    driven.window.address_bar.submitted.emit(ADDRESS, "")
    driven.wait(driven.window.isActiveWindow)
    assert stage.path.exists()


@pytest.mark.parametrize("accent", ["#308cc6", "#0078d4", "#99ebff", "#ffff00", "#ffffff"])
def test_the_button_is_readable(accent: str) -> None:
    """On every accent colour that a system may have."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor(accent))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff"))
    colours = in_accent(palette)
    assert READABLE <= contrast(colours.button().color(), colours.buttonText().color())


def test_contrast_of_wcag() -> None:
    """As in its definition: from 1 to 21, whichever is first."""
    black, white, grey = QColor("#000000"), QColor("#ffffff"), QColor("#767676")
    assert 21.0 == pytest.approx(contrast(black, white))
    assert 1.0 == contrast(grey, grey)
    assert 4.54 == pytest.approx(contrast(white, grey), abs=0.01)


@pytest.mark.parametrize("name", ["Get token", "Settings", "Options…"])
def test_the_focus_is_seen(stage: Stage, make_stage_window: MakeWindow, name: str) -> None:
    """Who works with the keyboard sees where it is; the style draws none on a flat button."""
    driven = make_stage_window(stage)
    button = driven.button(name)
    without = button.grab().toImage()
    while not button.hasFocus():
        driven.qtbot.keyClick(driven.window.focusWidget(), Qt.Key.Key_Tab)
    assert without != button.grab().toImage()


def test_the_button_is_painted_in_the_accent_colour(qtbot: QtBot) -> None:
    """Not in a mix of it and another colour; a greyed button isn't."""
    button = PrimaryButton("Get token")
    qtbot.addWidget(button)
    button.show()
    accent = in_accent(QGuiApplication.palette()).button().color().rgb()
    at = QPoint(8, button.height() // 2)
    assert accent == button.grab().toImage().pixel(at)
    button.setDefault(False)  # "Cancel" is not what the user most likely wants
    assert accent != button.grab().toImage().pixel(at)
    button.setDefault(True)
    button.setEnabled(False)
    assert accent != button.grab().toImage().pixel(at)
