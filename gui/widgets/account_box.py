"""The question after a sign-in with another account than was asked for."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from core.error_lines import detail_line, sentence
from core.events import AccountAnswer, AccountQuestion
from core.i18n.translation import N_, _
from gui.widgets.plain_label import message_box

_AGAIN = N_("Sign in as {expected}. Before you answer, nothing is saved or changed.")
_SHARED = N_(
    "Or is {mailbox} a shared mailbox that {account} may open? Then save it. "
    "In imapsync, the user stays {mailbox}."
)


def show_account_box(
    question: AccountQuestion, answer: Callable[[AccountAnswer], None], window: QWidget
) -> QMessageBox:
    """Show the question; `answer` is called once. Enter signs in again, and Esc stops."""
    lines = (
        _(_AGAIN, expected=question.expected),
        _(_SHARED, mailbox=question.mailbox, account=question.account),
    )
    more = "\n\n".join(filter(None, (detail_line(question.error), *lines)))
    box = message_box(QMessageBox.Icon.Question, sentence(question.error.message), more, window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    roles = QMessageBox.ButtonRole
    again = box.addButton(_("Sign in &again"), roles.AcceptRole)
    shared = box.addButton(_("Save the &shared mailbox"), roles.YesRole)
    box.setEscapeButton(box.addButton(_("&Cancel"), roles.RejectRole))
    box.setDefaultButton(again)
    answers = {again: AccountAnswer.SIGN_IN_AGAIN, shared: AccountAnswer.SHARED_MAILBOX}
    box.finished.connect(
        lambda _: answer(answers.get(box.clickedButton(), AccountAnswer.STOP))  # type: ignore[call-overload]
    )
    box.open()
    return box
