"""The question whether to add a registration from a file, whose servers it shows."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from core.i18n.translation import N_, _
from core.registering.sharing import Shared
from gui.widgets.plain_label import message_box

_QUESTION = N_("Add the registration {application} for {label}?")
_SERVERS = N_("Passwords and mail go through these servers:\n{servers}\n\nClient ID: {client_id}")


def show_shared_box(shared: Shared, add: Callable[[], None], window: QWidget) -> QMessageBox:
    """Show the question; `add` is called after a yes. Enter and Esc add nothing."""
    registration = shared.registration
    servers = "\n".join(
        _("{name}: {text}", name=_(words), text=host) for words, host in shared.hosts.items()
    )
    box = message_box(
        QMessageBox.Icon.Question,
        _(_QUESTION, application=registration.application, label=registration.label),
        _(_SERVERS, servers=servers, client_id=registration.client_id),
        window,
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    yes = box.addButton(_("&Add it"), QMessageBox.ButtonRole.YesRole)
    cancel = box.addButton(_("&Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(cancel)
    box.setDefaultButton(cancel)
    box.finished.connect(lambda _: add() if box.clickedButton() is yes else None)
    box.open()
    return box
