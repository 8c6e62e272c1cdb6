"""One line of news under the header, with what can be done about it.

It is always there, so that news never moves the list under the mouse. Only its details do, when the
user opens them. Screen readers speak an error at once; it never takes the focus.
"""

from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.errors import AppError
from core.i18n.translation import _
from gui.model.bar_message import Message, error_message, note_message
from gui.model.icons import IconState
from gui.model.message_act import Act
from gui.model.plain_text import button_text
from gui.widgets.after_press import after_press
from gui.widgets.announce import announce
from gui.widgets.fold_button import FoldButton
from gui.widgets.hold_height import has_new_width, hold_height, release_height
from gui.widgets.key_button import name_with_key
from gui.widgets.message_row import MessageRow
from gui.widgets.moving_on import MovingOn
from gui.widgets.scroll_to import scroll_to
from gui.widgets.tab_order import put_into_tab_order

if TYPE_CHECKING:  # imported when the user opens the details
    from gui.widgets.message_details import MessageDetails

_BELOW_ROW = 1  # the place in the column
_NOTHING = Message(None, "")


class MessageBar(QWidget):
    """Shows the newest error, or else what `show_standing` was told last.

    It becomes higher for more lines and stays so, for the list below must not move up and down. It
    is lower again when the user closes a message, folds its details or begins a sign-in, and in
    another width.
    """

    dismissed = Signal(object)  # by the user; the message
    sign_in_again = Signal(object)  # the message's `sign_in`
    act_wanted = Signal(Act)  # the message's
    show_mailboxes = Signal(list)  # token files

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        announce: Callable[[QWidget], None] = announce,
        offers: Collection[Act] = tuple(Act),
    ) -> None:
        """`announce` is called with this bar for every error; only what it `offers` has buttons."""
        super().__init__(parent)
        self._announce = announce
        self._offers = offers
        self._mistake: Message | None = None
        self._error: Message | None = None
        self._warning: Message | None = None
        self._success: Message | None = None
        self._standing = _NOTHING
        self._held: Collection[object] = ()
        self._moving_on = MovingOn(self)
        self._sign_in = QPushButton(autoDefault=False)
        self._act = QPushButton(autoDefault=False)
        self._show_run = QPushButton(_(Act.RUN), autoDefault=False)
        self._runs = False
        self._show_them = QPushButton(_("Sho&w them"), autoDefault=False)
        self._more = FoldButton(_("Details"), _("Shows or hides the rest of the message"))
        self._close = QToolButton()
        acts = (self._sign_in, self._act, self._show_run, self._show_them)
        self._buttons = (*acts, self._more, self._close)
        self._row = MessageRow(self._buttons)
        self._lay_out()
        self._connect()
        self._render()

    def _lay_out(self) -> None:
        self._close.setText(_("&Close"))
        self._close.setAutoRaise(True)
        name_with_key(self._close, _("Close the message"), "Esc")
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._row)
        self._column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _connect(self) -> None:
        self._sign_in.clicked.connect(lambda: self.sign_in_again.emit(self.message.sign_in))
        self._act.clicked.connect(lambda: self.act_wanted.emit(self.message.act))
        self._show_run.clicked.connect(lambda: self.act_wanted.emit(Act.RUN))
        self._show_them.clicked.connect(
            lambda: self.show_mailboxes.emit(list(self.message.mailboxes))
        )
        self._more.toggled.connect(lambda _: self._render_details())
        self._more.clicked.connect(lambda _: release_height(self))
        self._close.clicked.connect(self.close_message)
        self._moving_on.moved.connect(self.forget_mistake)

    @cached_property
    def _details(self) -> "MessageDetails":
        """The widgets of the details, made for the first ones."""
        from gui.widgets.message_details import MessageDetails

        details = MessageDetails()
        self._column.insertWidget(_BELOW_ROW, details)
        put_into_tab_order(details, self._more)
        return details

    @property
    def message(self) -> Message:
        """What is shown: the most urgent of what there is to say."""
        urgent = None if self._standing.is_calm else self._standing
        first = self._mistake or self._error
        return first or urgent or self._warning or self._success or self._standing

    @property
    def error_path(self) -> Path | None:
        """The token file of the mailbox of the newest error, or None."""
        return None if self._error is None else self._error.path

    def show_error(
        self,
        error: AppError,
        mailbox: str = "",
        next_try: str = "",
        *,
        path: Path | None = None,
        failed: object = None,
    ) -> None:
        """Show an error, as `error_message` describes it, in place of the error before."""
        self._error = error_message(error, mailbox, next_try, path=path, failed=failed)
        self._render_news(self._error)

    def show_mistake(self, mistake: Message) -> None:
        """Show why a press did nothing, until the user goes on with something else.

        It only answers that press: nothing has failed, and a second press gives the same answer.
        """
        self.show_first(mistake)
        scroll_to(self)  # on a small screen, the press may have been far below

    def show_first(self, news: Message) -> None:
        """Show this before anything more urgent, until the user goes on with something else."""
        self._mistake = news
        self._moving_on.watch()
        self._render_news(news)

    def forget_mistake(self) -> None:
        """Show no more why a press did nothing."""
        mistake = self._mistake
        after_press(self, lambda: self._drop(mistake))

    def _drop(self, mistake: Message | None) -> None:
        if mistake is not None and mistake is self._mistake:
            self._mistake = None
            self._moving_on.stop()
            self._render()

    def show_note(self, text: str, warning: bool) -> None:
        """Show a warning unless there is something more urgent; other notes are for the log."""
        if warning:
            self.show_warning(note_message(text))

    def show_warning(self, warning: Message) -> None:
        """Show a warning unless there is something more urgent."""
        self._warning = warning
        self._render_news(warning)

    def forget_warning(self, warning: Message | None) -> None:
        """Show this warning no more."""
        if self._warning is not None and self._warning == warning:
            self._warning = None
            self._render()

    def show_success(
        self,
        headline: str,
        below: str,
        *,
        path: Path | None = None,
        state: IconState | None = IconState.FRESH,
    ) -> None:
        """Show what the user has reached, until `clear`, unless there is something more urgent."""
        self._success = Message(state, headline, below, path=path)
        self._render()

    def add_success(self, headline: str, below: str) -> None:
        """Show this, or say it below what the user has just reached."""
        if self._success is None:
            self.show_success(headline, below, state=IconState.SOON)
        else:
            more = " · ".join(filter(None, (self._success.below, headline)))
            self._success = self._success._replace(below=more)
            self._render()

    def forget_success(self, path: Path | None = None) -> None:
        """Show no more that something worked, or only not for the mailbox of this token file."""
        if self._success is not None and path in (None, self._success.path):
            self._success = None
            self._render()

    def show_standing(self, message: Message) -> None:
        """Show this whenever there is no error; a message that isn't calm is announced."""
        if message == self._standing:
            return
        self._standing = message
        self._render_news(message)

    def hold_sign_ins(self, held: Collection[object]) -> None:
        """Offer no button to sign in to these: their sign-ins are wanted already."""
        self._held = held
        self._render()

    def offer_run(self, runs: bool) -> None:
        """While imapsync runs, every message leads to it: it may be out of view."""
        self._runs = runs
        self._render()

    def clear(self) -> None:
        """Show no mistake, no error and no success any more: the user has begun something else."""
        self._forget_news()
        release_height(self)

    def clear_for(self, path: Path) -> None:
        """Show the error no more if it belongs to the mailbox of this token file."""
        if self._error is not None and path == self._error.path:
            self._forget_news()

    def _forget_news(self) -> None:
        self._error = self._success = None
        self.forget_mistake()
        self._render()

    def close_message(self) -> None:
        """Close what is shown, if it asks for anything; the controller answers for what stands."""
        closed = self.message
        if closed.is_calm:
            return
        if self._mistake is not None:
            self.forget_mistake()
        elif self._error is not None:
            self._error = None
        elif self._standing.is_calm:
            self._warning = None
        self._render()
        release_height(self)
        self.dismissed.emit(closed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width of the window."""
        super().resizeEvent(event)
        if has_new_width(event):
            release_height(self)

    def _render_news(self, message: Message) -> None:
        self._render()
        if message is self.message and not message.is_calm:
            self._announce(self)

    def _render(self) -> None:
        message = self.message
        hold_height(self)
        focused = self.window().focusWidget()
        self._row.show_message(message)
        self._sign_in.setText(button_text(message.button or _("Sign in again")))
        self._sign_in.setVisible(message.sign_in is not None and message.sign_in not in self._held)
        self._act.setText(_(message.act or Act.OPTIONS))
        self._act.setVisible(message.act in self._offers)
        self._show_run.setVisible(self._runs and message.act is not Act.RUN)
        self._show_them.setVisible(bool(message.mailboxes))
        has_details = bool(message.more or message.to_copy)
        self._more.setVisible(has_details)
        if not has_details:
            self._more.setChecked(False)  # those of a later message were not asked for
        self._close.setVisible(not message.is_calm)
        self.setAccessibleName(message.spoken)
        self._render_details()
        if focused in self._buttons and focused.isHidden():
            self.setFocus()  # Qt would move it to "Keep refreshing", which Space then unticks

    def _render_details(self) -> None:
        message = self.message
        wanted = self._more.isChecked() and bool(message.more or message.to_copy)
        if wanted:
            self._details.show_message(message)
        if "_details" in self.__dict__:
            self._details.setVisible(wanted)
