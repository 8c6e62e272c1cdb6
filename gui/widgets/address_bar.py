"""The address, the provider and why it was detected, the buttons for a sign-in and the settings.

It is part of the first frame: import and create here only what that shows.
"""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from core.i18n.translation import N_, _
from gui.model.plain_text import plain
from gui.widgets.address_box import AddressBox
from gui.widgets.plain_label import PlainLabel
from gui.widgets.primary_button import PrimaryButton

DETECT = ""
OTHER = "\0other"  # no provider's name holds a NUL
_PAUSE = 400  # ms without typing before the provider is looked up
_HEIGHT = 32  # pixels of a field or button
_LOW, _GAP = 28, 10  # pixels of a button below them, and above it: all is as high as the wait
_DETECT_TEXT = N_("Detect automatically")
_ROOM = 17  # of the widest letters: for "Gmail, Google Workspace", whose letters are narrower
_BUSY = N_("Signing in to {name}…")
_FOR_THIS = N_("Options for this sign-in only")
_OPTIONS = {False: N_("O&ptions…"), True: N_("O&ptions (set)…")}


class ProviderBox(QComboBox):
    """As wide as its first text, so that long names leave room for the address; its list is wider.

    They come after the first frame, and so nothing moves by them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(adjust)
        self.setMinimumContentsLength(_ROOM)

    def showPopup(self) -> None:
        """Show the list, with its texts whole."""
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width()
        view.setMinimumWidth(view.sizeHintForColumn(0) + bar)
        super().showPopup()


class AddressBar(QWidget):
    """Where the user says whose token is wanted; the button is Get token or Cancel."""

    submitted = Signal(str, str)  # address, provider's name or DETECT or OTHER
    cancelled = Signal()
    edited = Signal()  # emitted at every letter
    address_changed = Signal(str)  # emitted when the user stops typing
    provider_changed = Signal(str)  # a provider's name, DETECT or OTHER
    options_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = False
        self._suggestion = ""
        self._detected = ""
        self._edit = QLineEdit()
        self._edit.setAccessibleName(_("Address"))
        self._edit.setPlaceholderText("you@example.com")
        self._address = AddressBox(self._edit)
        self._address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._address.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._address.setAccessibleName(_("Address"))
        self._address.setAccessibleDescription(_("The e-mail address of the mailbox"))
        self._provider = ProviderBox()
        self._provider.setAccessibleName(_("Provider"))
        self._provider.addItem(_(_DETECT_TEXT), DETECT)
        self._button = PrimaryButton(_("&Get token"))
        self._settings = QPushButton(autoDefault=False)
        self._settings.setFixedSize(_HEIGHT, _HEIGHT)
        self._settings.setAccessibleName(_("Settings"))
        self._found = PlainLabel()
        self._found.setObjectName("detected_provider")
        self._found.setWordWrap(True)
        self._use = QPushButton(autoDefault=False)
        self._use.setAccessibleName(_("Use the suggested address"))
        self._use.hide()
        self._options = QPushButton(autoDefault=False)
        self._options.setAccessibleDescription(_(_FOR_THIS))
        self.mark_options(False)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        address, provider = QLabel(_("&Address")), QLabel(_("Provi&der"))
        address.setBuddy(self._address)
        provider.setBuddy(self._provider)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(address, 0, 0)
        grid.addWidget(provider, 0, 1)
        fields = (self._address, self._provider, self._button, self._settings)
        for column, field in enumerate(fields):
            field.setMinimumHeight(_HEIGHT)
            grid.addWidget(field, 1, column)
        last = QHBoxLayout()
        last.setContentsMargins(0, _GAP, 0, 0)
        for button in (self._use, self._options):
            button.setMinimumHeight(_LOW)
        last.addWidget(self._found, 1)
        last.addWidget(self._use)
        last.addWidget(self._options)
        grid.addLayout(last, 2, 0, 1, len(fields))
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(3, 1)

    def _connect(self) -> None:
        self._edit.textEdited.connect(lambda _: self._pause.start())
        self._edit.textEdited.connect(lambda _: self.edited.emit())
        self._address.activated.connect(lambda _: self._announce())
        self._pause.timeout.connect(self._announce)
        self._edit.returnPressed.connect(self.submit)
        self._provider.currentIndexChanged.connect(
            lambda _: self.provider_changed.emit(self.provider())
        )
        self._button.clicked.connect(self.submit)
        self._use.clicked.connect(self._use_suggestion)
        self._options.clicked.connect(self.options_wanted)
        self._settings.clicked.connect(self.settings_wanted)

    def complete(self) -> None:
        """Add what the first frame can do without."""
        from gui.model.icons import gear_icon
        from gui.widgets.wheel import leave_wheel_to_page

        leave_wheel_to_page(self._address, self._provider)
        self._edit.setClearButtonEnabled(True)  # it searches the icon themes: 30 ms on X11
        self._settings.setIcon(gear_icon())
        self._options.setToolTip(_(_FOR_THIS))
        self._settings.setToolTip(_("Settings (Ctrl+,)"))

    def offer_providers(self, providers: Sequence[tuple[str, str]]) -> None:
        """Fill the list of providers (name, label); the choice stays if it is still there."""
        chosen = self.provider()
        self._provider.blockSignals(True)
        while self._provider.count() > 1:
            self._provider.removeItem(1)
        for name, label in (*providers, (OTHER, _("Other…"))):
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
        self._address.offer(addresses)

    def show_detection(self, text: str, suggestion: str = "") -> None:
        """Show which provider was detected, and why; offer an address that was probably meant."""
        self._detected = text
        self._found.setText(text)
        self._suggestion = suggestion
        self._use.setText(_("&Use {address}", address=plain(suggestion)))
        self._use.setVisible(bool(suggestion))

    def mark_options(self, are_set: bool) -> None:
        """Show whether options are set for this sign-in."""
        self._options.setText(_(_OPTIONS[are_set]))

    def set_busy(self, busy: bool, name: str = "") -> None:
        """While a sign-in runs, say whose it is, lock the fields and let the button cancel."""
        self._busy = busy
        self._found.setText(_(_BUSY, name=name) if busy else self._detected)
        self._button.setText(_("&Cancel") if busy else _("&Get token"))
        self._button.setDefault(not busy)
        for widget in (self._address, self._provider, self._options):
            widget.setEnabled(not busy)

    def focus_address(self) -> None:
        """Let the user type the next address in place of this one."""
        self._edit.setFocus()
        self._edit.selectAll()

    def choose_provider(self) -> None:
        """Open the list of providers."""
        self._provider.setFocus()
        self._provider.showPopup()

    def _use_suggestion(self) -> None:
        self.set_address(self._suggestion)
        self.edited.emit()  # what was told of the other address is over
        self._edit.setFocus()

    def _announce(self) -> None:
        self._pause.stop()
        self.address_changed.emit(self.address())

    def submit(self) -> None:
        """Do what the button says."""
        if self._busy:
            self.cancelled.emit()
        else:
            self.submitted.emit(self.address(), self.provider())
