"""Dragging a mailbox from the list onto the source or the destination of a migration."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QRubberBand, QWidget

from gui.widgets.mailbox_drag import mailbox_data, mailbox_drag
from servers import Stage
from test_gui_mailboxes import write
from test_gui_source_destination import A, B, C, box, named, said
from window import Driven, MakeWindow

_COPY, _LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
_NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def driven(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """A window with three mailboxes, of which the first is selected."""
    for address in (A, B, C):
        write(stage, address)
    driven: Driven = make_stage_window(stage)
    driven.click_row(0)
    return driven


def of(driven: Driven, address: str) -> QMimeData:
    """Return what is dragged from this mailbox's row."""
    return mailbox_data(next(r.path for r in driven.model.rows if address == r.info.address))


def enter(data: QMimeData, target: QWidget) -> bool:
    """Drag over a widget; return whether it accepts that."""
    event = QDragEnterEvent(QPoint(9, 9), _COPY, data, _LEFT, _NO_KEY)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(data: QMimeData, target: QWidget) -> bool:
    """Drag onto a widget, and drop it there as Qt does, if it is accepted."""
    if not enter(data, target):
        return False
    event = QDropEvent(QPoint(9, 9), _COPY, data, _LEFT, _NO_KEY)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def is_framed(field: QWidget) -> bool:
    """Return whether a field shows that it takes what is dragged."""
    [frame] = field.findChildren(QRubberBand)
    return frame.isVisible()


def label(driven: Driven, text: str) -> QLabel:
    """Return a label of the card."""
    labels = driven.parts.migration.findChildren(QLabel)
    return next(label for label in labels if text == label.text().replace("&", ""))


def test_a_dropped_mailbox_is_named(driven: Driven) -> None:
    """On the field or its label; the other side and the selection stay as they are."""
    assert "drag them here" in said(driven)
    before = driven.shown(), driven.parts.mailbox_table.selection()
    assert drop(of(driven, B), box(driven, "Destination"))
    assert ("", B) == named(driven)
    assert "drag the other mailbox here" in said(driven)
    assert drop(of(driven, C), label(driven, "Source:"))
    assert (C, B) == named(driven)
    assert before == (driven.shown(), driven.parts.mailbox_table.selection())
    assert drop(of(driven, B), box(driven, "Source"))
    assert (B, C) == named(driven)
    assert drop(of(driven, B), box(driven, "Destination"))
    assert (C, B) == named(driven)


@pytest.mark.parametrize("name", ["Source", "Destination"])
def test_the_field_is_framed_until_the_drop(driven: Driven, name: str) -> None:
    """From the moment on at which it accepts the mailbox; also if that leaves it again."""
    field = box(driven, name)
    for end in (lambda: QApplication.sendEvent(field, QDragLeaveEvent()), lambda: None):
        assert not is_framed(field)
        assert enter(of(driven, B), field)
        assert is_framed(field)
        end()
    assert drop(of(driven, B), field)
    assert not is_framed(field)


def test_the_rest_of_the_card_takes_the_missing_side(driven: Driven) -> None:
    """The source, then the destination; with both named, the window says where to drop."""
    card = driven.parts.migration
    assert drop(of(driven, B), card)
    assert (B, "") == named(driven)
    assert drop(of(driven, C), label(driven, "Migration"))
    assert (B, C) == named(driven)
    assert drop(of(driven, A), card)
    assert (B, C) == named(driven)
    assert "Error: Drop the mailbox onto Source or Destination." == driven.error()
    driven.click("Clear")
    assert box(driven, "Source").hasFocus()
    assert drop(mailbox_data(Path("/elsewhere/oauth2_tokens_other@demo.example.txt")), card)
    assert ("", "") == named(driven)


def test_a_drop_elsewhere_does_nothing(driven: Driven) -> None:
    """Neither the window nor a text field takes the mailbox for a file or for text."""
    data = of(driven, B)
    for other in (driven.window, driven.address_field(), driven.table().viewport()):
        assert not drop(data, other)
    assert not data.hasText()
    assert not data.hasUrls()
    assert ("", "") == named(driven)


def test_the_fields_take_mailboxes_of_this_list(driven: Driven, tmp_path: Path) -> None:
    """A file goes on to the window; a mailbox that another window lists is not known here."""
    field = box(driven, "Destination")
    file = QMimeData()
    file.setUrls([QUrl.fromLocalFile(str(tmp_path / "list.csv"))])
    assert enter(file, field)
    assert not is_framed(field)
    assert drop(mailbox_data(tmp_path / "oauth2_tokens_other@demo.example.txt"), field)
    assert ("", "") == named(driven)


def test_a_press_selects_when_it_is_released(driven: Driven) -> None:
    """Else a drag would change what is selected by the press alone."""
    place = driven.row_rect(1).center()
    viewport = driven.table().viewport()
    QTest.mousePress(viewport, _LEFT, _NO_KEY, place)
    assert [driven.model.rows[0].path] == driven.parts.mailbox_table.selection()
    QTest.mouseRelease(viewport, _LEFT, _NO_KEY, place)
    assert [driven.model.rows[1].path] == driven.parts.mailbox_table.selection()
    QTest.mousePress(viewport, _LEFT, _NO_KEY, place)
    QTest.mouseRelease(viewport, _LEFT, _NO_KEY, driven.row_rect(2).center())
    assert [driven.model.rows[1].path] == driven.parts.mailbox_table.selection()


def test_the_drag_names_the_mailbox(driven: Driven) -> None:
    """Its picture has room for the address."""
    path = driven.model.rows[0].path
    drag = mailbox_drag(path, A, driven.table())
    assert mailbox_data(path).formats() == drag.mimeData().formats()
    assert drag.pixmap().width() > driven.table().fontMetrics().horizontalAdvance(A)
