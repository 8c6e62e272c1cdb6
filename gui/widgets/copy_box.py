"""The question before a copy: the logins were not tested here, or a sign-in has ended."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from core.i18n.translation import N_, _, joined
from gui.model.imapsync_run import Step
from gui.widgets.plain_label import message_box

_QUESTION = N_("Copy the mail from {source} to {destination}?")
_MORE = N_(
    "imapsync copies what the destination lacks. It deletes nothing. To see whether both logins "
    "work, test them first."
)
_NO_LOGIN = N_("imapsync can't log in with an expired token.")
_HAS_FAILED = N_("The login test has failed. The copy ends in the same way until that is mended.")


def show_copy_box(
    source: str,
    destination: str,
    run: Callable[[Step], None],
    window: QWidget,
    *,
    has_failed: bool,
    trouble: str = "",
    sign_in: Callable[[], None] = lambda: None,
) -> QMessageBox:
    """Show the question; `run` is called with what the user wants. Esc runs nothing.

    `has_failed`: their login test has failed. `trouble` says which of them needs a sign-in, if one
    does; `sign_in` is then offered in place of the login test.
    """
    box = message_box(
        QMessageBox.Icon.Question,
        _(_QUESTION, source=source, destination=destination),
        _reason(trouble, has_failed),
        window,
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    roles = QMessageBox.ButtonRole
    first_words = _("&Sign in first") if trouble else _("&Test the logins first")
    first = box.addButton(first_words, roles.AcceptRole)
    copy = box.addButton(_("Cop&y the mail"), roles.YesRole)
    box.setEscapeButton(box.addButton(_("&Cancel"), roles.RejectRole))
    box.setDefaultButton(first)
    first.clicked.connect(lambda: sign_in() if trouble else run(Step.TEST))
    copy.clicked.connect(lambda: run(Step.COPY))
    box.open()
    return box


def _reason(trouble: str, has_failed: bool) -> str:
    if trouble:
        return joined((trouble, _(_NO_LOGIN)))
    return _(_HAS_FAILED if has_failed else _MORE)
