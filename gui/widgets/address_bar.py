"""The address, the provider and why it was detected, and the Get token button.

It is part of the first frame: import and create here only what that shows.
"""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gui.widgets.plain_label import PlainLabel

DETECT = ""
OTHER = "\0other"  # no provider's name holds a NUL
_PAUSE = 400  # ms without typing before the provider is looked up


class AddressBar(QWidget):
    """Where the user says whose token is wanted; the button is Get token or Cancel."""

    submitted = Signal(str, str)  # address, provider's name or DETECT or OTHER
    cancelled = Signal()
    address_changed = Signal(str)  # emitted when the user stops typing
    provider_changed = Signal(str)  # a provider's name, DETECT or OTHER

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = False
        self._address = QComboBox()
        self._address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._address.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._address.setAccessibleName("Address")
        self._address.setAccessibleDescription("The e-mail address of the mailbox")
        self._edit = QLineEdit()
        self._address.setLineEdit(self._edit)  # this makes it editable
        self._edit.setPlaceholderText("you@example.com")
        self._provider = QComboBox()
        self._provider.setAccessibleName("Provider")
        self._provider.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._provider.addItem("Detect automatically", DETECT)
        self._button = QPushButton("&Get token")
        self._button.setDefault(True)
        self._found = PlainLabel()
        self._found.setObjectName("detected_provider")
        self._found.setWordWrap(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        address, provider = QLabel("&Address"), QLabel("&Provider")
        address.setBuddy(self._address)
        provider.setBuddy(self._provider)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(address, 0, 0)
        grid.addWidget(self._address, 0, 1)
        grid.addWidget(provider, 0, 2)
        grid.addWidget(self._provider, 0, 3)
        grid.addWidget(self._button, 0, 4)
        grid.addWidget(self._found, 1, 1, 1, 4)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        self._edit.textEdited.connect(lambda _: self._pause.start())
        self._address.activated.connect(lambda _: self._announce())
        self._pause.timeout.connect(self._announce)
        self._edit.returnPressed.connect(self._press)
        self._provider.currentIndexChanged.connect(
            lambda _: self.provider_changed.emit(self.provider())
        )
        self._button.clicked.connect(self._press)

    def complete(self) -> None:
        """Add the clear button, which is not visible yet."""
        # It searches the icon themes, which takes 30 ms on X11.
        self._edit.setClearButtonEnabled(True)

    def offer_providers(self, providers: Sequence[tuple[str, str]]) -> None:
        """Fill the list of providers (name, label); the choice stays if it is still there."""
        chosen = self.provider()
        self._provider.blockSignals(True)
        while self._provider.count() > 1:
            self._provider.removeItem(1)
        for name, label in (*providers, (OTHER, "Other…")):
            self._provider.addItem(label, name)
        self.set_provider(chosen)
        self._provider.blockSignals(False)
        if self.provider() != chosen:
            self.provider_changed.emit(self.provider())

    def address(self) -> str:
        """Return the address in the field, without surrounding blanks."""
        return self._edit.text().strip()

    def provider(self) -> str:
        """Return the name of the chosen provider, DETECT or OTHER."""
        return str(self._provider.currentData())

    def set_address(self, address: str) -> None:
        """Fill in the address, as if the user had typed it."""
        self._edit.setText(address)
        self._announce()

    def set_provider(self, name: str) -> None:
        """Choose a provider; for an unknown name, automatic detection."""
        self._provider.setCurrentIndex(max(self._provider.findData(name), 0))

    def offer_addresses(self, addresses: Sequence[str]) -> None:
        """Fill the list of the address field; the text in the field stays."""
        text = self._edit.text()
        self._address.clear()
        self._address.addItems(list(addresses))
        self._edit.setText(text)

    def show_detection(self, text: str) -> None:
        """Show which provider was detected, and why."""
        self._found.setText(text)

    def set_busy(self, busy: bool) -> None:
        """While a sign-in runs, lock the fields and let the button cancel."""
        self._busy = busy
        self._button.setText("&Cancel" if busy else "&Get token")
        self._address.setEnabled(not busy)
        self._provider.setEnabled(not busy)

    def _announce(self) -> None:
        self._pause.stop()
        self.address_changed.emit(self.address())

    def _press(self) -> None:
        if self._busy:
            self.cancelled.emit()
        else:
            self.submitted.emit(self.address(), self.provider())
