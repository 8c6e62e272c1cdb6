"""Above the list while requests to owners are open: how many, and a button for their answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from core.i18n.translation import _, ngettext
from gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:  # there are none in most windows
    from core.open_requests.open_request import OpenRequest


class RequestStrip(QWidget):
    """Hidden while no request is open."""

    paste_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel()
        self._paste = QPushButton(_("Paste the ans&wer…"))
        self._paste.clicked.connect(lambda _: self.paste_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text)
        row.addWidget(self._paste)
        row.addStretch()
        self.hide()

    def show_requests(self, requests: "Sequence[OpenRequest]") -> None:
        """Show whose answers are awaited."""
        if requests:
            self._text.setText(
                ngettext(
                    "Waiting for the answer of {owner}.",
                    "Waiting for the answers of {count} owners.",
                    len(requests),
                    owner=requests[0].sign_in_as,
                )
            )
        self.setVisible(bool(requests))
