"""The options of one sign-in, which replace the provider's own values."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.i18n.translation import N_, _
from gui.model.option_fields import APPLICATION, FIELDS, Field, port_of
from gui.model.option_values import OptionValues
from gui.model.plain_text import plain
from gui.widgets.application_remark import ApplicationRemark
from gui.widgets.fitted_dialog import FittedDialog
from gui.widgets.outlined import CheckBox
from gui.widgets.plain_label import PlainLabel
from gui.widgets.primary_button import PrimaryButton

_HINT = N_(
    "For this one sign-in, of the address at the top. Leave a field empty to use the value of "
    "{provider}. If the sign-in works, these values are saved. Next time you find them under "
    "Application."
)
_HINT_ANY_PROVIDER = N_(
    "For this one sign-in, of the address at the top. Leave a field empty to use the provider's "
    "value. If the sign-in works, these values are saved. Next time you find them under "
    "Application."
)
_HINT_OTHER = N_(
    "If all fields are empty, oauth2_imap asks the address's domain where to sign in. If the "
    "provider names its sign-in server, that is enough. Else enter its endpoints, and all fields "
    "with *. If the sign-in works, the provider is saved. Next time you find it in the list."
)
_WIDTH, _GAP, _HEIGHT = 760, 8, 28  # pixels; the height is that of a field


class OptionsDialog(FittedDialog):
    """Emits `changed` after every change, and `edited` after one by the user."""

    changed = Signal()
    edited = Signal()
    get_token_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_other = False
        self._hint = PlainLabel()
        self._hint.setWordWrap(True)
        self._remark = ApplicationRemark()
        self._application = QComboBox()
        self._application.setEditable(True)
        self._application.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._application.setAccessibleName(APPLICATION.plain_label)
        self._application_edit = QLineEdit()
        self._application_edit.setAccessibleName(APPLICATION.plain_label)
        self._application.setLineEdit(self._application_edit)
        self._edits = {field.name: _edit(field) for field in FIELDS}
        self._problems = {field.name: _problem() for field in (APPLICATION, *FIELDS)}
        self._stars = {field.name: QLabel("*") for field in FIELDS if field.required}
        self._device_code = CheckBox(_("Sign in with a co&de on another device"))
        self._device_code.setAccessibleDescription(
            _("Not every provider and organisation allows it")
        )
        self._no_check = CheckBox(_("Skip the logi&n test after the sign-in"))
        self._no_check.setAccessibleDescription(
            _("Saves the token without logging in to the IMAP server")
        )
        self._empty = QPushButton(_("&Empty all fields"), autoDefault=False)
        self._get_token = PrimaryButton(_("&Get token"))
        self._close = QPushButton(_("Close"), autoDefault=False)
        self.set_provider("", (), is_other=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._place(grid, 0, 0, APPLICATION, self._application, span=1)
        row, place = 0, 2
        for field in FIELDS:
            edit = self._edits[field.name]
            half = field.half or place
            self._place(grid, row, place, field, edit, span=1 if half else 3)
            if field.half:
                place = 2
            else:
                row, place = row + 1, 0
        boxes = QHBoxLayout()
        boxes.addWidget(self._device_code)
        boxes.addWidget(self._no_check)
        boxes.addStretch()
        buttons = QHBoxLayout()
        buttons.addWidget(self._empty)
        buttons.addStretch()
        buttons.addWidget(self._get_token)
        buttons.addWidget(self._close)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self._hint)
        column.addWidget(self._remark)
        column.addLayout(grid)
        column.addLayout(boxes)
        column.addStretch()
        self.fit(body, buttons, _WIDTH)

    def _place(
        self, grid: QGridLayout, row: int, column: int, field: Field, widget: QWidget, *, span: int
    ) -> None:
        label = QHBoxLayout()
        label.setSpacing(_GAP // 2)
        label.addWidget(_label(_(field.label), widget), 0 if field.required else 1)
        if field.required:
            label.addWidget(self._stars[field.name], 1)
        beside = QVBoxLayout()
        beside.addLayout(label)
        beside.addStretch()
        widget.setMinimumHeight(_HEIGHT)
        cell = QVBoxLayout()
        cell.setSpacing(_GAP // 2)
        cell.addWidget(widget)
        cell.addWidget(self._problems[field.name])
        cell.addStretch()
        grid.addLayout(beside, row, column)
        grid.addLayout(cell, row, column + 1, 1, span)

    def _connect(self) -> None:
        for field in FIELDS:
            self._connect_field(field, self._edits[field.name])
        self._connect_field(APPLICATION, self._application_edit)
        for box in (self._device_code, self._no_check):
            box.toggled.connect(lambda _: self.changed.emit())
            box.clicked.connect(lambda _: self.edited.emit())
        self._application.activated.connect(lambda _: self.edited.emit())
        self._empty.clicked.connect(lambda: self.show_values(OptionValues()))
        self._empty.clicked.connect(self.edited)
        self._get_token.clicked.connect(self.get_token_wanted)
        self._close.clicked.connect(self.reject)

    def _connect_field(self, field: Field, edit: QLineEdit) -> None:
        edit.textChanged.connect(lambda _: self._field_changed(field))
        edit.textEdited.connect(lambda _: self.edited.emit())
        edit.editingFinished.connect(lambda: self._leave(field))

    def set_provider(
        self,
        label: str,
        applications: Sequence[tuple[str, str]],
        *,
        is_other: bool,
        remarks: Mapping[str, str] | None = None,
    ) -> None:
        """Offer the applications (name, label) of a provider; an empty label for no provider yet.

        An application that the user typed stays; a chosen one stays if this provider has it.
        """
        self._remark.remarks = remarks or {}
        chosen = self._application_name()
        known = {self._application.itemData(i) for i in range(self._application.count())}
        typed = chosen if chosen not in known else ""
        self._application.blockSignals(True)
        self._application.clear()
        self._application.addItem(_("Default"), "")
        for application, text in applications:
            self._application.addItem(plain(text), application)
        self._application.blockSignals(False)
        kept = chosen if self._application.findData(chosen) > 0 else ""
        self._choose_application(typed or kept)
        hint = _(_HINT, provider=label) if label else _(_HINT_ANY_PROVIDER)
        self._hint.setText(_(_HINT_OTHER) if is_other else hint)
        self._is_other = is_other
        for field in (APPLICATION, *FIELDS):
            self._problems[field.name].hide()
        self._mark_needed()

    def _mark_needed(self) -> None:
        """Show which fields are needed, and the remark, for what the user has entered so far."""
        for star in self._stars.values():
            star.setVisible(self._is_described())
        for field in (APPLICATION, *FIELDS):
            if self._problems[field.name].isHidden():
                self._describe(field, "")
        self._show_remark()

    def _is_described(self) -> bool:
        """Whether the fields have to describe a whole provider."""
        return self._is_other and self.values().describes_provider

    def values(self) -> OptionValues:
        """Return what the fields hold, right or wrong."""
        texts = {field.name: self._text(field) for field in FIELDS}
        return OptionValues(
            application=self._application_name(),
            imap_port=port_of(texts.pop("imap_port")),
            check=not self._no_check.isChecked(),
            device_code=self._device_code.isChecked(),
            **texts,
        )

    def show_values(self, values: OptionValues) -> None:
        """Fill the fields, and show what is wrong with them."""
        self._choose_application(values.application)
        for name, edit in self._edits.items():
            edit.setText(str(getattr(values, name) or ""))
        self._no_check.setChecked(not values.check)
        self._device_code.setChecked(values.device_code)
        for field in (APPLICATION, *FIELDS):
            if self._text(field):
                self._check(field)

    def validate(self) -> bool:
        """Check every field and focus the first wrong one; return whether all are right."""
        wrong = [field for field in (APPLICATION, *FIELDS) if not self._check(field)]
        if wrong:
            edit = self._edits.get(wrong[0].name, self._application_edit)
            edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return not wrong

    def _field_changed(self, field: Field) -> None:
        self._problems[field.name].hide()
        self._mark_needed()
        self.changed.emit()

    def _show_remark(self) -> None:
        client_id = self._edits["client_id"].text().strip()
        remark = self._remark.show_for(self._application_name(), client_id)
        self._application.setAccessibleDescription(remark)

    def _leave(self, field: Field) -> None:
        """Check what was typed; a field that is still empty may be filled in later."""
        if self._text(field):
            self._check(field)

    def _check(self, field: Field) -> bool:
        problem = field.problem(self._text(field), is_described=self._is_described())
        note = self._problems[field.name]
        note.setText(f"⚠ {problem}")
        note.setVisible(bool(problem))
        self._describe(field, problem)
        return not problem

    def _describe(self, field: Field, problem: str) -> None:
        """Let a screen reader say what the field is for, or what is wrong."""
        needed = _("Needed.") if field.required and self._is_described() else ""
        text = problem or " ".join(filter(None, (needed, _(field.hint))))
        self._edits.get(field.name, self._application).setAccessibleDescription(text)

    def _text(self, field: Field) -> str:
        if field is APPLICATION:
            return self._application_name()
        text = self._edits[field.name].text().strip()
        return text.lower() if field.name == "imap_host" else text

    def _application_name(self) -> str:
        text = self._application_edit.text().strip()
        index = self._application.findText(text, Qt.MatchFlag.MatchExactly)
        return text if index < 0 else str(self._application.itemData(index))

    def _choose_application(self, name: str) -> None:
        index = self._application.findData(name)
        if index >= 0:
            self._application.setCurrentIndex(index)
            self._application_edit.setText(self._application.itemText(index))
        else:
            self._application_edit.setText(name)


def _edit(field: Field) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(_(field.hint))
    edit.setAccessibleName(field.plain_label)
    edit.setAccessibleDescription(_(field.hint))
    if field.secret:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    # Then the label stays beside the field when a problem is shown below it.
    label.setMinimumHeight(_HEIGHT)
    return label


def _problem() -> PlainLabel:
    note = PlainLabel()
    note.setWordWrap(True)
    note.hide()
    return note
