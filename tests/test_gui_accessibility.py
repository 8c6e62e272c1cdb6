"""Usable without a mouse and with a screen reader: names, mnemonics, tab order, keys alone."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenuBar,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.errors import as_error
from core.verdicts import local_commands
from gui.widgets.about import AboutDialog
from gui.widgets.qr_code import QrCode
from servers import ADDRESS, Stage
from test_gui_mailboxes import DESTINATION, SOURCE, write
from window import Driven, MakeWindow

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
)


def interactive(root: QWidget) -> Iterator[QWidget]:
    """Yield every widget that the user can operate, without the inner parts of Qt's widgets."""
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        inside = isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit)
        is_part = inside or widget.objectName().startswith("qt_") or _is_popup(widget)
        if isinstance(widget, INTERACTIVE) and not is_part and not _is_corner(widget):
            yield widget


def _is_popup(widget: QWidget) -> bool:
    """Return whether the widget belongs to the list of a combo box."""
    return widget.window().windowType() == Qt.WindowType.Popup


def _is_corner(widget: QWidget) -> bool:
    """Return whether it is a header or the corner of a table; Qt names those itself."""
    return isinstance(widget.parentWidget(), QAbstractItemView)


def buddies(root: QWidget) -> dict[QWidget, str]:
    """Return the label text of each widget that has a label."""
    labels = root.findChildren(QLabel)
    return {label.buddy(): label.text() for label in labels if label.buddy() is not None}


def nameless(root: QWidget) -> list[str]:
    """Return the widgets that have no name for a screen reader."""
    labelled = buddies(root)
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in interactive(root)
        if not widget.accessibleName()
        and widget not in labelled
        and not (isinstance(widget, QAbstractButton) and widget.text())
    ]


def mnemonics(root: QWidget) -> dict[str, list[str]]:
    """Return the visible texts for each letter that is pressed with Alt."""
    found: dict[str, list[str]] = defaultdict(list)
    texts = [
        *(b.text() for b in root.findChildren(QAbstractButton) if b.isVisible()),
        *(x.text() for x in root.findChildren(QLabel) if x.isVisible() and x.buddy()),
        *(a.text() for bar in root.findChildren(QMenuBar) for a in bar.actions()),
    ]
    for text in texts:
        letter = re.search(r"&([^&\s])", text)
        if letter:
            found[letter[1].lower()].append(text)
    return found


def clashes(root: QWidget) -> list[list[str]]:
    """Return the texts that share a letter."""
    return [texts for texts in mnemonics(root).values() if len(texts) > 1]


def focus_chain(driven: Driven) -> list[QWidget]:
    """Return the widgets in the order in which Tab reaches them."""
    if focused := QApplication.focusWidget():
        focused.clearFocus()
    driven.window.focusNextChild()
    chain: list[QWidget] = []
    while True:
        widget = QApplication.focusWidget()
        assert widget is not None
        if widget in chain or len(chain) > 100:
            return chain
        chain.append(widget)
        driven.qtbot.keyClick(widget, Qt.Key.Key_Tab)


def everything(stage: Stage, make_stage_window: MakeWindow, *, device: bool = False) -> Driven:
    """Return a window in which everything that can be open is open.

    `device`: the card shows the code for another device, and not the wait for the browser.
    """
    for address in (SOURCE, DESTINATION):
        write(stage, address)
    stage.browser.visits_pages = False
    driven: Driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    if device:
        stage.server.device_codes.changes = {"user_code": "WDJB-MJHT"}  # as in RFC 8628
        driven.click("On another device")
        driven.wait(lambda: driven.visible(QrCode))
    driven.click("Log")
    driven.parts.message_bar.show_error(as_error(local_commands.AUTOSTART_NOT_CHANGED))
    return driven


@pytest.mark.parametrize("device", [False, True])
def test_everything_has_a_name(stage: Stage, make_stage_window: MakeWindow, device: bool) -> None:
    """Each widget has a name, a label or a text, even if it is hidden now."""
    driven = make_stage_window(stage)
    assert len(list(interactive(driven.window))) > 20
    assert [] == nameless(driven.window)


@pytest.mark.usefixtures("every_language")
def test_the_about_dialog_has_names(qtbot: QtBot, stage: Stage) -> None:
    """So do the widgets of the About dialog, and no two share a letter."""
    dialog = AboutDialog(log_folder=stage.folder, own_file=stage.own_file)
    qtbot.addWidget(dialog)
    dialog.show()
    assert len(list(interactive(dialog))) >= 5
    assert [] == nameless(dialog)
    assert [] == clashes(dialog)


@pytest.mark.usefixtures("every_language")
def test_letters_do_not_clash_at_the_first_start(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Alt and a letter does one thing."""
    assert [] == clashes(make_stage_window(stage).window)


@pytest.mark.usefixtures("every_language")
def test_letters_do_not_clash_beside_mailboxes(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The same with two mailboxes selected and an error shown."""
    for address in (SOURCE, DESTINATION):
        write(stage, address)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    driven.parts.message_bar.show_error(as_error(local_commands.AUTOSTART_NOT_CHANGED))
    assert [] == clashes(driven.window)


@pytest.mark.usefixtures("every_language")
@pytest.mark.parametrize("device", [False, True])
def test_letters_do_not_clash_while_it_waits(
    stage: Stage, make_stage_window: MakeWindow, device: bool
) -> None:
    """The same during a sign-in beside mailboxes, with an error."""
    assert [] == clashes(everything(stage, make_stage_window, device=device).window)


@pytest.mark.parametrize("device", [False, True])
def test_tab_follows_the_reading(stage: Stage, make_stage_window: MakeWindow, device: bool) -> None:
    """With everything open, Tab goes from left to right and from top to bottom of each column."""
    driven = everything(stage, make_stage_window, device=device)
    driven.window.resize(1000, 3000)  # nothing has to scroll
    chain = focus_chain(driven)
    centres = [w.mapTo(driven.window, QPoint(0, w.height() // 2)) for w in chain]
    jumps = [
        (_name(one), _name(other))
        for one, other, a, b in zip(chain, chain[1:], centres, centres[1:], strict=False)
        if (b.x() <= a.x() and b.y() < a.y() - one.height() // 2 - 2)
        or (abs(b.y() - a.y()) <= 4 and b.x() < a.x())
    ]
    assert [] == jumps
    missing = [
        _name(widget)
        for widget in interactive(driven.window)
        if widget.isVisible()
        and widget.isEnabled()
        and widget not in chain
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert [] == missing


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or getattr(widget, "text", lambda: str(widget))()


@pytest.mark.parametrize("device", [False, True])
def test_everything_is_reached_by_tab(
    stage: Stage, make_stage_window: MakeWindow, device: bool
) -> None:
    """No button or field needs a mouse."""
    driven = everything(stage, make_stage_window, device=device)
    unreachable = [
        _name(widget)
        for widget in interactive(driven.window)
        if widget.isVisible()
        and not isinstance(widget, QProgressBar)
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert [] == unreachable


def test_the_story_by_keys_alone(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Sign in, refresh, end refreshing and copy a command without a mouse."""
    driven = make_stage_window(stage)
    qtbot = driven.qtbot
    assert driven.address_field().hasFocus()  # typing can begin at once
    qtbot.keyClicks(QApplication.focusWidget(), ADDRESS)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    driven.wait(lambda: ["Fresh"] == driven.states())

    _tab_to(driven, driven.table())
    qtbot.keyClick(driven.table(), Qt.Key.Key_Space)
    stage.age()
    qtbot.keyClick(driven.menu(), Qt.Key.Key_R)  # Refresh now
    driven.window.activateWindow()  # as a window manager does when a menu has closed
    driven.wait(lambda: 1 == stage.server.refreshes and ["Fresh"] == driven.states())
    assert {stage.path} == driven.kept()
    _press(driven, "Keep refreshing")
    driven.wait(lambda: set() == driven.kept())
    QGuiApplication.clipboard().clear()
    driven.qtbot.keyClick(driven.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    driven.wait(lambda: f"--user1 {ADDRESS}" in QGuiApplication.clipboard().text())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize(
    ("name", "presses"), [("Options…", True), ("Settings", True), ("Log", True), ("Details", False)]
)
def test_enter_presses_a_button_and_ticks_no_box(
    stage: Stage, make_stage_window: MakeWindow, key: Qt.Key, name: str, presses: bool
) -> None:
    """Space does both."""
    driven = make_stage_window(stage)
    button = driven.button(name)
    pressed: list[None] = []
    button.clicked.connect(lambda: pressed.append(None))
    button.setFocus()
    driven.qtbot.keyClick(button, key)
    assert (1 if presses or key == Qt.Key.Key_Space else 0) == len(pressed)


def test_enter_in_a_field_presses_no_button(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Not even the button Cancel, which gets the focus from the field then."""
    stage.browser.visits_pages = False
    driven = make_stage_window(stage)
    driven.qtbot.keyClicks(driven.address_field(), ADDRESS)
    driven.qtbot.keyClick(driven.address_field(), Qt.Key.Key_Return)
    driven.wait(lambda: driven.parts.waiting.isVisible())
    assert driven.busy()


def test_a_sign_in_is_cancelled_by_keys(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Copying the link and cancelling have letters too."""
    stage.browser.visits_pages = False
    driven = make_stage_window(stage)
    driven.qtbot.keyClicks(QApplication.focusWidget(), ADDRESS)
    driven.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.wait(lambda: stage.browser.opened)
    _press(driven, "Copy the link")
    driven.wait(lambda: stage.browser.opened[0] == QGuiApplication.clipboard().text())
    _press(driven, "Cancel")
    driven.wait(lambda: not driven.busy())


def test_a_sign_in_is_cancelled_by_escape(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Also from the field for pasting; before and after, Esc does nothing."""
    stage.browser.visits_pages = False
    driven = make_stage_window(stage)
    for _ in range(2):
        driven.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        driven.type_address(ADDRESS)
        driven.click("Get token")
        driven.wait(lambda: driven.parts.waiting.isVisible())
        field = driven.parts.waiting.findChildren(QLineEdit)[0]
        field.setFocus()
        driven.qtbot.keyClick(field, Qt.Key.Key_Escape)
        driven.wait(lambda: not driven.busy())
        assert driven.noted[-1].startswith("Sign-in cancelled")


@pytest.mark.parametrize("is_dead", [False, True])
def test_enter_does_what_helps_the_mailbox(
    stage: Stage, make_stage_window: MakeWindow, is_dead: bool
) -> None:
    """It refreshes, or signs in if only that helps."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    driven.click_row(0)
    if is_dead:
        stage.server.revoke_grants()
        driven.qtbot.keyClick(driven.table(), Qt.Key.Key_F5)
        driven.wait(lambda: ["Sign-in required"] == driven.states())
    before = len(stage.browser.opened)
    driven.qtbot.keyClick(driven.table(), Qt.Key.Key_Return)
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert is_dead == (before < len(stage.browser.opened))


def test_delete_asks_and_removes(stage: Stage, make_stage_window: MakeWindow) -> None:
    """In the list alone: in the address field it deletes a character."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.type_address(ADDRESS)
    driven.qtbot.keyClick(driven.address_field(), Qt.Key.Key_Home)
    driven.qtbot.keyClick(driven.address_field(), Qt.Key.Key_Delete)
    assert ADDRESS[1:] == driven.address_field().text()

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next(b for b in box.buttons() if "&Delete only" == b.text())
        driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    driven.click_row(0)
    QTimer.singleShot(0, answer)
    driven.qtbot.keyClick(driven.table(), Qt.Key.Key_Delete)
    driven.wait(lambda: not stage.path.exists() and 0 == driven.model.rowCount())


def test_ctrl_q_quits(stage: Stage, make_stage_window: MakeWindow) -> None:
    """As the menu does."""
    driven = make_stage_window(stage)
    with driven.qtbot.waitSignal(driven.content.closing.ended):
        driven.qtbot.keyClick(driven.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def _press(driven: Driven, text: str) -> None:
    """Press Alt and the letter of a button."""
    letter = re.search(r"&(\w)", driven.button(text).text())
    assert letter is not None, text
    key = getattr(Qt.Key, f"Key_{letter[1].upper()}")
    driven.qtbot.keyClick(driven.window, key, Qt.KeyboardModifier.AltModifier)


def _tab_to(driven: Driven, wanted: QWidget) -> None:
    """Press Tab until this widget has the focus."""
    for _ in range(60):
        if QApplication.focusWidget() is wanted:
            return
        driven.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    pytest.fail(f"Tab doesn't lead to {_name(wanted)}")


def test_each_button_shows_the_focus(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Whoever presses Tab sees where it has led to."""
    driven = everything(stage, make_stage_window)
    unseen = []
    for widget in focus_chain(driven):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        driven.wait(widget.hasFocus)
        focused = widget.grab().toImage()
        driven.qtbot.keyClick(widget, Qt.Key.Key_Tab)
        if isinstance(widget, QAbstractButton) and focused == widget.grab().toImage():
            unseen.append(widget.text() or widget.accessibleName())
    assert [] == unseen
