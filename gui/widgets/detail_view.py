"""The widgets of the detail pane."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QAction,
    QFont,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.i18n.translation import N_, _
from gui.model.detail import Detail, Summary
from gui.model.history_days import Day
from gui.model.icons import state_icon
from gui.model.mailbox_history import MailboxHistory
from gui.model.next_act import (
    REFRESH,
    REMOVE,
    SIGN_IN,
    SIGN_IN_TO_FIRST,
    TEST,
    TRY_NOW,
    NextAct,
)
from gui.widgets.copied import say_copied
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.history_legend import HistoryLegend
from gui.widgets.history_strip import HistoryStrip
from gui.widgets.hold_height import has_new_width, hold_height, release_height
from gui.widgets.key_button import give_key, key_button
from gui.widgets.outlined import CheckBox, Menu
from gui.widgets.plain_label import PlainLabel
from gui.widgets.primary_button import PrimaryButton

_GRID = 8  # pixels
_LINE = 50  # of 255
_ICON = QSize(20, 20)
_TITLE = 1.2  # times the size of other text
_WORDS: Mapping[NextAct, str] = {
    TRY_NOW: N_("&Try now"),
    REFRESH: N_("&Refresh now"),
    TEST: N_("&Test the login"),
}
_KEYED: Mapping[NextAct, str] = {  # their letters are taken elsewhere in the window
    SIGN_IN: N_("Sign in to this mailbox again"),
    SIGN_IN_TO_FIRST: N_("Sign in to the first mailbox that needs it"),
    REMOVE: N_("Remove this mailbox…"),
}
_HELP_KEY, _MORE_KEY, _COPY_KEY, _KEEP_KEY = "Alt+8", "Alt+7", "Alt+6", "Alt+X"
_KEEP_ONE = N_("Keep refreshing it"), N_("Keep refreshing this mailbox")
_KEEP_MANY = N_("Keep refreshing them"), N_("Keep refreshing these mailboxes")
_IN_MENU = ("refresh", "check", "sign_in", "open_folder", "remove", "end_sign_in")


class DetailView(QWidget):
    """One mailbox or how many are selected, the actions of the list, and the history of one."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._act = REFRESH
        self._file = ""
        self._told = self._until = self._signed_in = ""
        self._since = self._refreshed = self._tested = ""
        self._title, self._provider = _label(), _label()
        self._icon, self._state, self._reason = PlainLabel(), _label(), _label()
        self._goes_on, self._facts = _label(), _label()
        self._helping = PrimaryButton("")
        self._refresh = QPushButton(_(_WORDS[REFRESH]), autoDefault=False)
        self._more = key_button(_("More"), _("More that can be done"), _MORE_KEY)
        self._keep = CheckBox()
        self._strip, self._legend = HistoryStrip(), HistoryLegend()
        self._night = _label()
        self._path = ElidedLabel()
        self._copy = key_button(_("Copy the path"), _("Copy the path of the token file"), _COPY_KEY)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        _embolden(self._title, _TITLE)
        self._path.setAccessibleName(_("Token file"))
        column = QVBoxLayout(self)
        column.setContentsMargins(_GRID, _GRID, _GRID, _GRID)
        column.setSpacing(_GRID)
        column.addLayout(_lines(self._title, self._provider))
        state = QHBoxLayout()
        state.setSpacing(_GRID)
        state.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        known = _lines(self._state, self._reason, self._goes_on, self._facts)
        state.addLayout(known, 1)
        column.addLayout(state)
        buttons = FlowLayout()
        for button in (self._helping, self._refresh, self._more, self._keep):
            buttons.addWidget(button)
        column.addLayout(buttons)
        column.addWidget(self._make_of_one())
        column.addStretch(1)

    def _make_of_one(self) -> QWidget:
        """Return what is shown of one mailbox alone."""
        self._of_one = QWidget()
        below = QVBoxLayout(self._of_one)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(_GRID)
        below.addLayout(_lines(self._strip, self._legend))
        below.addWidget(self._night)
        path = QHBoxLayout()
        path.setSpacing(_GRID)
        path.addWidget(self._path, 1)
        path.addWidget(self._copy)
        below.addLayout(path)
        return self._of_one

    def _connect(self) -> None:
        self._helping.clicked.connect(lambda: self._actions[self._act.action].trigger())
        _follow(self._actions["refresh"], self._refresh)
        _follow(self._actions["keep"], self._keep)
        self._actions["keep"].toggled.connect(self._keep.setChecked)
        self._keep.setChecked(self._actions["keep"].isChecked())
        self._menu = Menu(self)
        self._more.setMenu(self._menu)
        self._copy.clicked.connect(self._copy_path)

    def show_one(self, detail: Detail) -> None:
        """Show a mailbox. What is below it, the user may be about to press: it doesn't move up."""
        self._hold()
        if detail.path != self._file:
            self._release()
            self._begin(detail)
        self._icon.setPixmap(state_icon(detail.icon).pixmap(_ICON))
        self._icon.show()
        self._told, self._until, self._signed_in = detail.state, detail.until, detail.signed_in
        _show_text(self._reason, detail.reason)
        self._show_known()
        self._show_act(detail.act if detail.helps else None)

    def _begin(self, detail: Detail) -> None:
        """Show another mailbox than before; its history follows."""
        self._file = detail.path
        self._title.setText(detail.title)
        self._provider.setText(detail.provider)
        self._path.setText(detail.path)
        self._name_keep(_KEEP_ONE)
        self._since = self._refreshed = self._tested = ""
        self._show_days(())
        for label in (self._goes_on, self._night):
            label.hide()
        self._of_one.show()

    def show_many(self, summary: Summary) -> None:
        """Show how many mailboxes are selected."""
        self._release()
        self._file = ""
        self._title.setText(summary.selected)
        self._provider.setText(summary.needing)
        self._name_keep(_KEEP_MANY)
        for label in (self._icon, self._state, self._reason, self._goes_on, self._facts):
            label.hide()
        self._show_act(summary.act)
        self._of_one.hide()

    def _name_keep(self, words: tuple[str, str]) -> None:
        text, name = words
        self._keep.setText(_(text))
        give_key(self._keep, _(name), _KEEP_KEY)

    def show_history(self, history: MailboxHistory) -> None:
        """Show the history of the mailbox that is shown."""
        self._hold()
        self._provider.setText(history.registration)
        self._show_days(history.days)
        self._since, self._refreshed = history.since, history.refreshed
        self._tested = history.login
        self._show_known()
        _show_text(self._goes_on, history.goes_on)
        _show_text(self._night, history.night)

    def _show_known(self) -> None:
        """Show what belongs together in one line each; some of it is of the history."""
        for label, parts in (
            (self._state, (self._told, self._until)),
            (self._facts, (self._since, self._refreshed, self._signed_in, self._tested)),
        ):
            _show_text(label, " · ".join(filter(None, parts)))

    def _show_days(self, days: Sequence[Day]) -> None:
        self._strip.show_days(days)
        self._legend.show_days(days)

    def _show_act(self, act: NextAct | None) -> None:
        """Show the button for what helps, or else those for what one may want."""
        self._act = act or REFRESH
        if name := _KEYED.get(self._act):
            self._helping.setText(_(self._act.words))
            give_key(self._helping, _(name), _HELP_KEY)
        else:
            self._helping.setText(_(_WORDS[self._act]))
            self._helping.setAccessibleName("")
            self._helping.setToolTip("")
        self._helping.setVisible(act is not None)
        self._refresh.setVisible(act is None)
        beside = self._act.action
        self._menu.clear()
        self._menu.addActions([self._actions[name] for name in _IN_MENU if name != beside])
        self._menu.insertSeparator(self._actions["end_sign_in"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width of the window."""
        super().resizeEvent(event)
        if has_new_width(event):
            self._release()

    def _hold(self) -> None:
        for part in (self._state, self):  # below the one are buttons, below the other the steps
            hold_height(part)

    def _release(self) -> None:
        for part in (self._state, self):
            release_height(part)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a hairline below."""
        super().paintEvent(event)
        line = self.palette().windowText().color()
        line.setAlpha(_LINE)
        painter = QPainter(self)
        painter.setPen(line)
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())

    def _copy_path(self) -> None:
        QGuiApplication.clipboard().setText(self._file)
        say_copied(self._copy)


def _label() -> PlainLabel:
    label = PlainLabel(break_words=True)
    label.setWordWrap(True)
    label.setMinimumWidth(1)  # a long word must not widen the window
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _embolden(label: QLabel, size: float = 1.0) -> None:
    font = label.font()
    font.setWeight(QFont.Weight.DemiBold)
    font.setPointSizeF(font.pointSizeF() * size)
    label.setFont(font)


def _lines(*widgets: QWidget) -> QVBoxLayout:
    lines = QVBoxLayout()
    lines.setSpacing(0)
    for widget in widgets:
        lines.addWidget(widget)
    return lines


def _show_text(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _follow(action: QAction, button: QAbstractButton) -> None:
    """Let a button do what an action does, while that is possible."""
    button.clicked.connect(action.trigger)
    action.changed.connect(lambda: button.setEnabled(action.isEnabled()))
    button.setEnabled(action.isEnabled())
