"""The advanced fields, which replace the provider's own values; closed until they are needed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.advanced_fields import APPLICATION, FIELDS, AdvancedValues, Browse, Field, port_of
from gui.widgets.plain_label import PlainLabel

_DEFAULT = "Default"
_BROWSE = {Browse.FOLDER: "&Browse…", Browse.FILE: "Bro&wse…"}
_HINT = "Leave a field empty to use the value of {provider}."
_HINT_ANY_PROVIDER = "Leave a field empty to use the provider's value."
_PROTECT = (
    "Refresh tokens are saved in the system's secret store instead of the token files. A new "
    "refresh token is saved there at once. An existing one is moved there when its mailbox is "
    "refreshed next. If you untick the box, they are moved back into the token files in the same "
    "way."
)
_FIRST_FOR_OTHER = "authorization_endpoint"


class AdvancedPanel(QWidget):
    """Emits `changed` after every change, by the user or by a call."""

    changed = Signal()
    protect_chosen = Signal(bool)  # by the user; from then on it counts for every token file

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._header = QToolButton()
        self._header.setText("A&dvanced")
        self._header.setCheckable(True)
        self._header.setAutoRaise(True)
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header.setAccessibleName("Advanced")
        self._header.setAccessibleDescription("Shows and hides the advanced fields")
        self._body = QWidget()
        self._hint = PlainLabel()
        self._hint.setWordWrap(True)
        self._application = QComboBox()
        self._application.setEditable(True)
        self._application.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._application.setAccessibleName(APPLICATION.plain_label)
        self._application_edit = QLineEdit()
        self._application_edit.setAccessibleName(APPLICATION.plain_label)
        self._application.setLineEdit(self._application_edit)
        self._edits = {field.name: _edit(field) for field in FIELDS}
        self._problems = {field.name: _problem() for field in (APPLICATION, *FIELDS)}
        self._browsers = {f.name: _button(_BROWSE[f.browse]) for f in FIELDS if f.browse}
        self._no_check = QCheckBox("Skip the logi&n test after the sign-in")
        self._no_check.setAccessibleDescription(
            "Saves the token without logging in to the IMAP server"
        )
        self._protect = QCheckBox("Keep refresh tokens in the s&ystem's secret store")
        self._protect.setAccessibleDescription(_PROTECT)
        self._protect.setToolTip(_PROTECT)
        self._protect_chosen: bool | None = None
        self._reset = _button("Reset t&hese fields")
        self.set_provider("", "", ())
        self._lay_out()
        self._connect()
        self._open(False)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._place(grid, 0, 0, APPLICATION, self._application, span=1)
        row, column = 0, 2
        for field in FIELDS:
            edit = self._edits[field.name]
            half = field.half or column
            self._place(grid, row, column, field, edit, span=1 if half else 3)
            if field.half:
                column = 2
            else:
                row, column = row + 1, 0
        last = QHBoxLayout()
        last.addWidget(self._no_check)
        last.addWidget(self._protect)
        last.addStretch()
        last.addWidget(self._reset)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self._hint)
        body.addLayout(grid)
        body.addLayout(last)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._header)
        outer.addWidget(self._body)

    def _place(
        self, grid: QGridLayout, row: int, column: int, field: Field, widget: QWidget, *, span: int
    ) -> None:
        label = _label(field.label, widget)
        line = QHBoxLayout()
        line.addWidget(widget, 1)
        if field.browse:
            line.addWidget(self._browsers[field.name])
        cell = QVBoxLayout()
        cell.addLayout(line)
        cell.addWidget(self._problems[field.name])
        cell.addStretch()
        grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(cell, row, column + 1, 1, span)

    def _connect(self) -> None:
        self._header.toggled.connect(self._open)
        for field in FIELDS:
            self._connect_field(field, self._edits[field.name])
        self._connect_field(APPLICATION, self._application_edit)
        self._no_check.toggled.connect(lambda _: self.changed.emit())
        self._protect.clicked.connect(self._choose_protect)
        self._reset.clicked.connect(self.reset)
        self._browsers["token_folder"].clicked.connect(self._browse_folder)
        self._browsers["ca_file"].clicked.connect(self._browse_file)

    def _connect_field(self, field: Field, edit: QLineEdit) -> None:
        edit.textChanged.connect(lambda _: self._field_changed(field))
        edit.editingFinished.connect(lambda: self._check(field))

    def set_provider(self, name: str, label: str, applications: Sequence[tuple[str, str]]) -> None:
        """Offer the applications (name, label) of a provider; an empty name for no provider yet.

        An application that the user typed stays; a chosen one stays if this provider has it.
        """
        chosen = self._application_name()
        known = {self._application.itemData(i) for i in range(self._application.count())}
        typed = chosen if chosen not in known else ""
        self._application.blockSignals(True)
        self._application.clear()
        self._application.addItem(_DEFAULT, "")
        for application, text in applications:
            self._application.addItem(text, application)
        self._application.blockSignals(False)
        self._choose_application(
            typed or (chosen if self._application.findData(chosen) > 0 else "")
        )
        self._hint.setText(_HINT.format(provider=label) if name else _HINT_ANY_PROVIDER)

    def show_for_other(self) -> None:
        """Open the panel at the first field that another provider needs."""
        self._header.setChecked(True)
        self._edits[_FIRST_FOR_OTHER].setFocus(Qt.FocusReason.OtherFocusReason)

    def values(self) -> AdvancedValues:
        """Return what the fields hold, right or wrong."""
        texts = {field.name: self._text(field) for field in FIELDS}
        return AdvancedValues(
            application=self._application_name(),
            imap_port=port_of(texts.pop("imap_port")),
            check=not self._no_check.isChecked(),
            protect=self._protect_chosen,
            **texts,
        )

    def show_values(self, values: AdvancedValues) -> None:
        """Fill the fields, and show what is wrong with them."""
        self._choose_application(values.application)
        for name, edit in self._edits.items():
            edit.setText(str(getattr(values, name) or ""))
        self._no_check.setChecked(not values.check)
        self._show_protect(values.protect)
        for field in (APPLICATION, *FIELDS):
            self._check(field)

    def reset(self) -> None:
        """Empty every field; the choice to protect refresh tokens stays."""
        self.show_values(AdvancedValues(protect=self._protect_chosen))

    def forget_sign_in(self) -> None:
        """Empty what belongs to one sign-in: the next one may be at another provider."""
        self.show_values(self.values().lasting())

    def validate(self) -> bool:
        """Check every field and focus the first wrong one; return whether all are right."""
        wrong = [field for field in (APPLICATION, *FIELDS) if not self._check(field)]
        if wrong:
            self._header.setChecked(True)
            edit = self._edits.get(wrong[0].name, self._application_edit)
            edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return not wrong

    def _open(self, opened: bool) -> None:
        self._body.setVisible(opened)
        arrow = Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow
        self._header.setArrowType(arrow)

    def _field_changed(self, field: Field) -> None:
        self._problems[field.name].hide()
        self.changed.emit()

    def _check(self, field: Field) -> bool:
        problem = field.problem(self._text(field))
        note = self._problems[field.name]
        note.setText(f"⚠ {problem}")
        note.setVisible(bool(problem))
        widget = self._edits.get(field.name, self._application)
        widget.setAccessibleDescription(problem or field.hint)
        return not problem

    def _text(self, field: Field) -> str:
        if field is APPLICATION:
            return self._application_name()
        text = self._edits[field.name].text().strip()
        return text.lower() if field.name == "imap_host" else text

    def _choose_protect(self, on: bool) -> None:
        """From the first click on, the box counts for every token file."""
        self._protect_chosen = on
        self.protect_chosen.emit(on)

    def _show_protect(self, chosen: bool | None) -> None:
        self._protect_chosen = chosen
        self._protect.setChecked(chosen is True)

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

    def _browse_folder(self) -> None:
        dialog = QFileDialog(self, "Choose the token folder", self._edits["token_folder"].text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask(dialog, "token_folder")

    def _browse_file(self) -> None:
        dialog = QFileDialog(
            self, "Choose the CA file", "", "Certificates (*.pem *.crt *.cer);;All files (*)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._ask(dialog, "ca_file")

    def _ask(self, dialog: QFileDialog, name: str) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._edits[name].setText)
        dialog.open()


def _edit(field: Field) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(field.hint)
    edit.setAccessibleName(field.plain_label)
    edit.setAccessibleDescription(field.hint)
    if field.secret:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    # Then the label stays beside the field when a problem is shown below it.
    label.setMinimumHeight(buddy.sizeHint().height())
    return label


def _problem() -> PlainLabel:
    note = PlainLabel()
    note.setWordWrap(True)
    note.hide()
    return note


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(text.replace("&", ""))
    return button
