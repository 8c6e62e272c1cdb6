"""The window in each of its languages: no text is cut, and no two visible texts share a letter."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionFrame,
    QWidget,
)
from pytestqt.qtbot import QtBot

from faulty_servers.responses import Fault
from gui.widgets.about import AboutDialog
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.list_dialog import ListDialog
from servers import Stage
from test_gui_accessibility import clashes, everything
from test_gui_mailboxes import DESTINATION, SOURCE, write
from window import Driven, MakeWindow

pytestmark = pytest.mark.usefixtures("every_language")

SCREEN = QSize(1024, 768)
_MARGIN = 2  # pixels that Qt leaves on each side of the text in a field
Story = Callable[[Stage, MakeWindow], QWidget]


def _empty(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    return _sized(make_stage_window(stage))


def _waiting(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    return _sized(everything(stage, make_stage_window))


def _device_code(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    return _sized(everything(stage, make_stage_window, device=True))


def _two_selected(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    for address in (SOURCE, DESTINATION):
        write(stage, address)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    return _sized(driven)


def _trouble(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    stage.sign_in()
    stage.server.revoke_grants()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click("Refresh now")
    driven.wait(driven.error)
    return _sized(driven)


def _try_again(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    stage.sign_in()
    stage.server.faults.extend([Fault(503)] * 20)  # each try posts several times
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click("Refresh now")
    driven.wait(driven.error)
    return _sized(driven)


def _options(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    return _dialog(make_stage_window(stage), "Options…")


def _settings(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    return _dialog(make_stage_window(stage), "Settings")


def _list(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    path = stage.folder / "staff.csv"
    path.write_text("address\nno-address\nanna@demo.example\nben@demo.example\n", "utf-8")
    driven = make_stage_window(stage)
    driven.content._open_list.open(path)
    driven.wait(lambda: driven.visible(ListDialog))
    return driven.visible(ListDialog)[0]


def _about(stage: Stage, make_stage_window: MakeWindow) -> QWidget:
    driven = make_stage_window(stage)
    dialog = AboutDialog(driven.window, log_folder=stage.folder, own_file=stage.own_file)
    dialog.show()
    return dialog


STORIES: tuple[Story, ...] = (
    *(_empty, _waiting, _device_code, _two_selected, _trouble, _try_again),
    *(_options, _settings, _list, _about),
)


def _sized(driven: Driven) -> QWidget:
    driven.window.resize(SCREEN)
    return driven.window


def _dialog(driven: Driven, button: str) -> QWidget:
    driven.click(button)
    driven.wait(lambda: driven.visible(QDialog))
    return driven.visible(QDialog)[0]


def _cut(root: QWidget) -> Iterator[str]:
    """The visible texts that have less room than they need."""
    for widget in root.findChildren(QWidget):
        if widget.window() is not root or widget.visibleRegion().isEmpty():
            continue  # hidden, or to be reached by scrolling
        match widget:
            case ElidedLabel() if widget.text() in widget.toolTip():
                continue  # it leaves out its middle, and the tool tip has all
            case QLabel() if widget.text() and not _label_fits(widget):
                yield widget.text()
            case QAbstractButton() if widget.text() and not _button_fits(widget):
                yield widget.text()
            case QLineEdit() if not widget.text() and not _hint_fits(widget):
                yield widget.placeholderText()


def _label_fits(label: QLabel) -> bool:
    if label.wordWrap():
        return label.height() >= label.heightForWidth(label.width())
    return label.width() >= max(label.sizeHint().width(), _painted_width(label))


def _painted_width(label: QLabel) -> int:
    """The room of the text as it is painted: a letter to press ends the kerning beside it."""
    alone = QLabel(label.text())
    alone.setFont(label.font())
    alone.setTextFormat(label.textFormat())
    if label.buddy():
        alone.setBuddy(alone)
    alone.resize(label.sizeHint() * 2)
    image = alone.grab().toImage()
    background = image.pixel(image.width() - 1, 0)
    columns = (
        column
        for column in reversed(range(image.width()))
        if any(image.pixel(column, row) != background for row in range(image.height()))
    )
    return int((next(columns, -1) + 1) / image.devicePixelRatio())


def _button_fits(button: QAbstractButton) -> bool:
    text = button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, button.text())
    return button.visibleRegion().boundingRect().width() >= text.width()


def _hint_fits(field: QLineEdit) -> bool:
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    inside = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
    needed = field.fontMetrics().horizontalAdvance(field.placeholderText())
    return needed <= inside.width() - 2 * _MARGIN


@pytest.mark.parametrize("story", STORIES)
def test_every_text_has_its_room(
    qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow, story: Story
) -> None:
    """On the smallest usual screen: labels, buttons, and the hints in fields."""
    root = story(stage, make_stage_window)

    def all_fit() -> None:
        assert [] == list(_cut(root))

    qtbot.waitUntil(all_fit)  # layouts within layouts take several turns of the event loop


@pytest.mark.parametrize("story", STORIES)
def test_no_two_texts_share_a_letter(
    stage: Stage, make_stage_window: MakeWindow, story: Story
) -> None:
    """Alt and a letter does one thing."""
    assert [] == clashes(story(stage, make_stage_window))
