"""The dialog for a registration of one's own: the steps at the provider, and fields to test it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.i18n.translation import N_, _
from core.registering.guide import Guide, numbered_steps
from gui.model.option_values import OptionValues
from gui.model.plain_text import plain
from gui.widgets.fitted_dialog import FittedDialog
from gui.widgets.plain_label import PlainLabel
from gui.widgets.primary_button import PrimaryButton

_WIDTH = 720  # pixels
_GAP = 8
_TITLE = N_("Your own registration")
_ADDRESS, _ISSUER = "address", "issuer"
# The fields by name: the label with its mnemonic, and what an empty field shows.
_FIELDS: Mapping[str, tuple[str, str]] = {
    _ISSUER: (N_("&Sign-in server (issuer)"), "https://login.example.com"),
    "client_id": (N_("Client &ID"), N_("as the provider shows it")),
    "client_secret": (N_("Client s&ecret"), N_("empty if there is none")),
    "tenant": (N_("Tenan&t"), N_("empty if the registration is for all organizations")),
    "application": (N_("&Name"), N_("for this registration; if empty, the program makes one")),
    _ADDRESS: (N_("&Address for the test"), "you@example.com"),
}


class Choice(NamedTuple):
    """A provider that can be chosen; `name` is empty for one that is not in the list.

    `registrations` are the names of the user's own ones there.
    """

    name: str
    label: str
    guide: Guide
    registrations: Sequence[str]


class RegistrationDialog(FittedDialog):
    """Emits the wishes of the user; what they are about is in the fields."""

    test_wanted = Signal()
    export_wanted = Signal(str, str)  # the names of the provider and of the registration
    import_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_(_TITLE))
        self._choices: Sequence[Choice] = ()
        self._providers = QComboBox()
        self._providers.setAccessibleName(_("Provider of the registration"))
        self._guide = PlainLabel()
        self._guide.setWordWrap(True)
        self._guide.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._guide.setAccessibleName(_("Steps at the provider"))
        self._edits = {name: _edit(_(label), _(hint)) for name, (label, hint) in _FIELDS.items()}
        self._edits["client_secret"].setEchoMode(QLineEdit.EchoMode.Password)
        self._problem = PlainLabel()
        self._problem.setWordWrap(True)
        self._own = QComboBox()
        self._own.setAccessibleName(_("Your registrations at this provider"))
        self._export = QPushButton(_("E&xport…"), autoDefault=False)
        self._import = QPushButton(_("I&mport…"), autoDefault=False)
        self._test = PrimaryButton(_("Test and sa&ve"))
        self._close = QPushButton(_("Close"), autoDefault=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.addRow(_("&Provider"), self._providers)
        self._form.addRow(self._guide)
        for name, (label, _hint) in _FIELDS.items():
            self._form.addRow(_(label), self._edits[name])
        share = QHBoxLayout()
        share.addWidget(self._own, 1)
        share.addWidget(self._export)
        share.addWidget(self._import)
        self._form.addRow(_("For colleagues"), share)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addLayout(self._form)
        column.addWidget(self._problem)
        column.addStretch()
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._test)
        buttons.addWidget(self._close)
        self.fit(body, buttons, _WIDTH)

    def _connect(self) -> None:
        self._providers.currentIndexChanged.connect(lambda _: self._show_choice())
        for edit in self._edits.values():
            edit.textEdited.connect(lambda _: self.tell(""))
        self._test.clicked.connect(self.test_wanted)
        self._export.clicked.connect(
            lambda: self.export_wanted.emit(self.provider(), self._own.currentData())
        )
        self._import.clicked.connect(self.import_wanted)
        self._close.clicked.connect(self.reject)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these providers; the chosen one stays."""
        chosen = self.provider()
        self._providers.blockSignals(True)
        self._providers.clear()
        self._choices = choices
        self._providers.addItems([plain(choice.label) for choice in choices])
        names = [choice.name for choice in choices]
        self._providers.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        self._providers.blockSignals(False)
        self._show_choice()

    def provider(self) -> str:
        """Return the name of the chosen provider; empty for one that is not in the list."""
        return self._choice().name if self._choices else ""

    def _choice(self) -> Choice:
        return self._choices[self._providers.currentIndex()]

    def address(self) -> str:
        """Return the address for the test, as it was typed."""
        return self._edits[_ADDRESS].text().strip()

    def values(self) -> OptionValues:
        """Return what the visible fields hold, right or wrong."""
        shown = {name: edit for name, edit in self._edits.items() if not edit.isHidden()}
        texts: dict[str, Any] = {
            name: edit.text().strip() for name, edit in shown.items() if name != _ADDRESS
        }
        return replace(OptionValues(), **texts)

    def tell(self, text: str) -> None:
        """Say what is wrong, or what was done."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def forget_secret(self) -> None:
        """Empty the field of the client secret: what worked is saved."""
        self._edits["client_secret"].clear()

    def _show_choice(self) -> None:
        choice = self._choice()
        guide = choice.guide
        more = _("More: {address}", address=guide.page)
        self._guide.setText("\n\n".join([_(guide.who), *numbered_steps(guide), more]))
        self._set_visible(_ISSUER, not choice.name)
        self._set_visible("client_secret", guide.has_secret)
        self._set_visible("tenant", guide.has_tenant)
        self._own.clear()
        for name in choice.registrations:
            self._own.addItem(plain(name), name)
        self._own.setEnabled(bool(choice.registrations))
        self._export.setEnabled(bool(choice.registrations))
        self.tell("")

    def _set_visible(self, name: str, visible: bool) -> None:
        self._form.setRowVisible(self._edits[name], visible)


def _edit(label: str, hint: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(hint)
    edit.setAccessibleName(label.replace("&", ""))
    edit.setAccessibleDescription(hint)
    return edit
