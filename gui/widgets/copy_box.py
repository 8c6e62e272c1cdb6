"""The question before a copy: the logins were not tested here, or a sign-in has ended."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from core.i18n.translation import N_, _
from gui.model.imapsync_run import Step
from gui.widgets.plain_label import message_box

_QUESTION = N_("Copy the mail from {source} to {destination}?")
_MORE = N_(
    "imapsync copies what the destination lacks. It deletes nothing. To see whether both logins "
    "work, test them first."
)
_NEEDS_SIGN_IN = N_(
    "A mailbox needs a sign-in, so imapsync can go on only until its token expires. Sign in first."
)
_HAS_FAILED = N_("The login test has failed. The copy ends in the same way until that is mended.")


def show_copy_box(
    source: str,
    destination: str,
    run: Callable[[Step], None],
    window: QWidget,
    *,
    has_failed: bool,
    needs_sign_in: bool,
) -> QMessageBox:
    """Show the question; `run` is called with what the user wants. Esc runs nothing.

    `has_failed`: their login test has failed. `needs_sign_in`: one of them has no sign-in any more.
    """
    box = message_box(
        QMessageBox.Icon.Question,
        _(_QUESTION, source=source, destination=destination),
        _(_NEEDS_SIGN_IN if needs_sign_in else _HAS_FAILED if has_failed else _MORE),
        window,
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    roles = QMessageBox.ButtonRole
    test = box.addButton(_("&Test the logins first"), roles.AcceptRole)
    copy = box.addButton(_("Cop&y the mail"), roles.YesRole)
    box.setEscapeButton(box.addButton(_("&Cancel"), roles.RejectRole))
    box.setDefaultButton(test)
    answers = {test: Step.TEST, copy: Step.COPY}

    def answer() -> None:
        if step := answers.get(box.clickedButton()):  # type: ignore[call-overload]
            run(step)

    box.finished.connect(answer)
    box.open()
    return box
