"""The question whether to sign in at a server that only the address's domain names."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from core.events import FoundServer
from core.i18n.translation import N_, _
from gui.widgets.plain_label import message_box

_QUESTION = N_("Sign in at {server}?")


def show_server_box(
    found: FoundServer, answer: Callable[[bool], None], window: QWidget
) -> QMessageBox:
    """Show the question; `answer` is called once. Enter and Esc don't sign in."""
    more = "\n\n".join(found.sentences)
    box = message_box(QMessageBox.Icon.Warning, _(_QUESTION, server=found.host), more, window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    yes = box.addButton(_("&Sign in there"), QMessageBox.ButtonRole.YesRole)
    cancel = box.addButton(_("&Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(cancel)
    box.setDefaultButton(cancel)
    box.finished.connect(lambda _: answer(box.clickedButton() is yes))
    box.open()
    return box
