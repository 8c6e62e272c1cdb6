"""Paints the lines of the list: headings, and mailboxes with their state, button and menu.

Everything is painted, since a widget in each of thousands of rows would take seconds to make.
"""

from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QWidget,
)

from core.i18n.translation import _
from gui.model import next_act
from gui.model.icons import state_icon
from gui.model.mailbox_list import MailboxList
from gui.model.mailbox_model import Index
from gui.model.mailbox_row import Row
from gui.model.plain_text import plain

_GRID = 8
_ICON = 20
_BAR = QSize(64, 4)
_MENU = 28  # width
_HEADING_BOTTOM = 6  # below its text
_LEAST_TEXT = 180  # the bar leaves at least so much for the text
_DOT, _BETWEEN_DOTS = 1.5, 5.0
_WORDS = (next_act.SIGN_IN, next_act.TRY_NOW, next_act.REFRESH, next_act.TEST, next_act.REMOVE)
_MUTED, _TINT, _HOVER, _HAIRLINE, _TRACK = 0.66, 0.16, 0.05, 0.10, 0.18  # opacities
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Part(Enum):
    """What can be clicked in a row."""

    BUTTON = auto()
    MENU = auto()


class Spot(NamedTuple):
    """A part of a line, for example the one under the mouse."""

    line: int
    part: Part


class RowDelegate(QStyledItemDelegate):
    """Paints from the rows themselves; `hot` is under the mouse, `pressed` is being clicked."""

    def __init__(self, lines: MailboxList, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines
        self.hot: Spot | None = None
        self.pressed: Spot | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        line, row = index.row(), self._lines.row(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row is None:
            is_folded = self._lines.group(line) in self._lines.folded
            _paint_heading(painter, option, self._lines.heading(line), is_folded=is_folded)
        else:
            self._paint_mailbox(painter, option, row, line)
        painter.restore()

    def part_at(self, where: QPoint, rect: QRect, line: int, font: QFont) -> Part | None:
        """Return what a click at this place of a line means; None for the row itself."""
        row = self._lines.row(line)
        if row is None:
            return None
        if _menu_rect(rect).contains(where):
            return Part.MENU
        has_button = next_act.next_act(row, self._lines.now) is not None
        is_there = _button_rect(rect, QFontMetrics(font)).contains(where)
        return Part.BUTTON if has_button and is_there else None

    def _paint_mailbox(
        self, painter: QPainter, option: QStyleOptionViewItem, row: Row, line: int
    ) -> None:
        now = self._lines.now
        _paint_background(painter, option)
        icon = QRect(option.rect.left() + _GRID + _GRID // 2, 0, _ICON, _ICON)
        icon.moveTop(option.rect.center().y() - _ICON // 2)
        state_icon(row.icon(now)).paint(painter, icon)
        text = QRect(option.rect)
        text.setLeft(icon.right() + 1 + _GRID + _GRID // 2)
        text.setRight(_menu_rect(option.rect).left() - 1)
        act, left = next_act.next_act(row, now), row.time_left(now)
        if act is not None:
            button = _button_rect(option.rect, option.fontMetrics)
            self._paint_button(painter, option, button, _(act.words), Spot(line, Part.BUTTON))
            text.setRight(button.left() - _GRID)
        elif left and row.kept and text.width() - _BAR.width() > _LEAST_TEXT:
            _paint_bar(painter, option, _bar_rect(option.rect), left)
            text.setRight(_bar_rect(option.rect).left() - 2 * _GRID)
        _paint_texts(painter, option, text, row.title, f"{row.line(now)} · {row.provider}")
        self._paint_menu(painter, option, Spot(line, Part.MENU))

    def _paint_button(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        rect: QRect,
        words: str,
        spot: Spot,
    ) -> None:
        """Let the style paint a button, as it paints those that are widgets."""
        from PySide6.QtWidgets import QStyle  # its enumerations are slow to load

        button = QStyleOptionButton()
        button.rect, button.text, button.palette = rect, words, option.palette
        button.fontMetrics, button.direction = option.fontMetrics, option.direction
        button.state = QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Active
        button.state |= (
            QStyle.StateFlag.State_Sunken
            if spot == self.pressed == self.hot
            else QStyle.StateFlag.State_Raised
        )
        if spot == self.hot:
            button.state |= QStyle.StateFlag.State_MouseOver
        option.widget.style().drawControl(
            QStyle.ControlElement.CE_PushButton, button, painter, option.widget
        )

    def _paint_menu(self, painter: QPainter, option: QStyleOptionViewItem, spot: Spot) -> None:
        rect = QRectF(_menu_rect(option.rect))
        if spot == self.hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_faded(option, QPalette.ColorRole.Text, _HAIRLINE))
            side = min(rect.width(), rect.height()) - 2
            around = QRectF(0, 0, side, side)
            around.moveCenter(rect.center())
            painter.drawRoundedRect(around, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_faded(option, QPalette.ColorRole.Text, _MUTED))
        for step in (-_BETWEEN_DOTS, 0.0, _BETWEEN_DOTS):
            painter.drawEllipse(rect.center() + QPointF(step, 0), _DOT, _DOT)


def row_height(metrics: QFontMetrics) -> int:
    """Return the height of each line: two lines of text with room around them."""
    return max(5 * _GRID, 2 * metrics.height() + _GRID + _GRID // 2)


def first_heading_height(metrics: QFontMetrics) -> int:
    """Return the height of the heading at the top: without the gap to what is above the others."""
    return metrics.height() + 2 * _HEADING_BOTTOM


def _menu_rect(rect: QRect) -> QRect:
    return QRect(rect.right() - _MENU - _GRID // 2, rect.top(), _MENU, rect.height())


def _button_rect(rect: QRect, metrics: QFontMetrics) -> QRect:
    """All buttons are as wide as the widest, so that they form a column."""
    width = max(metrics.horizontalAdvance(_(act.words)) for act in _WORDS) + 3 * _GRID
    button = QRect(0, 0, width, metrics.height() + _GRID + 2)
    button.moveCenter(rect.center())
    button.moveRight(_menu_rect(rect).left() - _GRID // 2)
    return button


def _bar_rect(rect: QRect) -> QRect:
    bar = QRect(QPoint(0, 0), _BAR)
    bar.moveCenter(rect.center())
    bar.moveRight(_menu_rect(rect).left() - _GRID)
    return bar


def _paint_heading(
    painter: QPainter, option: QStyleOptionViewItem, text: str, *, is_folded: bool
) -> None:
    rect = option.rect.adjusted(_GRID + _GRID // 2, 0, -_GRID, -_HEADING_BOTTOM)
    text = f"{'▸' if is_folded else '▾'}  {text}"
    font = QFont(option.font)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(_faded(option, QPalette.ColorRole.Text, _MUTED))
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)
    _paint_hairline(painter, option, option.rect.left())


def _paint_background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Tint a selected row with the accent colour, and mark the one that keys act on."""
    from PySide6.QtWidgets import QStyle  # its enumerations are slow to load

    states = QStyle.StateFlag
    painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Base))
    if option.state & states.State_Selected:
        painter.fillRect(option.rect, _faded(option, QPalette.ColorRole.Highlight, _TINT))
        mark = QRect(option.rect.topLeft(), QSize(3, option.rect.height()))
        painter.fillRect(mark, option.palette.color(QPalette.ColorRole.Highlight))
    elif option.state & states.State_MouseOver:
        painter.fillRect(option.rect, _faded(option, QPalette.ColorRole.Text, _HOVER))
    _paint_hairline(painter, option, option.rect.left() + _ICON + 3 * _GRID)
    if option.state & states.State_HasFocus:
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Highlight), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_hairline(painter: QPainter, option: QStyleOptionViewItem, left: int) -> None:
    line = QRect(left, option.rect.bottom(), option.rect.right() - left + 1, 1)
    painter.fillRect(line, _faded(option, QPalette.ColorRole.Text, _HAIRLINE))


def _paint_texts(
    painter: QPainter, option: QStyleOptionViewItem, rect: QRect, above: str, below: str
) -> None:
    height = option.fontMetrics.height()
    upper = QRect(rect.left(), rect.center().y() - height - 1, rect.width(), height + 2)
    lower = QRect(rect.left(), rect.center().y() + 1, rect.width(), height + 2)
    font = QFont(option.font)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setPen(option.palette.color(QPalette.ColorRole.Text))
    _paint_line(painter, font, upper, above)
    painter.setPen(_faded(option, QPalette.ColorRole.Text, _MUTED))
    _paint_line(painter, option.font, lower, below)


def _paint_line(painter: QPainter, font: QFont, rect: QRect, text: str) -> None:
    painter.setFont(font)
    shown = painter.fontMetrics().elidedText(plain(text), Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, _LEFT, shown)


def _paint_bar(
    painter: QPainter, option: QStyleOptionViewItem, rect: QRect, fraction: float
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    full = QRectF(rect)
    rest = QRectF(full)
    rest.setWidth(max(full.width() * fraction, full.height()))
    for part, colour in (
        (full, _faded(option, QPalette.ColorRole.Text, _TRACK)),
        (rest, option.palette.color(QPalette.ColorRole.Highlight)),
    ):
        painter.setBrush(colour)
        painter.drawRoundedRect(part, full.height() / 2, full.height() / 2)


def _faded(option: QStyleOptionViewItem, role: QPalette.ColorRole, opacity: float) -> QColor:
    """Return a colour of the palette that the background shines through."""
    colour = QColor(option.palette.color(QPalette.ColorGroup.Active, role))
    colour.setAlphaF(opacity)
    return colour
