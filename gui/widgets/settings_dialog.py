"""The settings: what lasts, for every mailbox and every start. A change counts at once."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.browser_choice import BrowserChoice
from core.i18n.translation import LANGUAGES, N_, _
from gui.model.theme import THEMES
from gui.widgets.command_field import CommandField
from gui.widgets.fitted_dialog import FittedDialog
from gui.widgets.outlined import CheckBox
from gui.widgets.path_field import PathField
from gui.widgets.plain_label import PlainLabel

_WIDTH = 560  # pixels
_GAP, _INDENT = 8, 24
_PROTECT = N_(
    "Each refresh token moves there when its mailbox is refreshed or signed in to. Without the "
    "tick it moves back into the token file, at the same moments."
)
_WITHOUT = N_("If this is empty: {folder}")
_AWAKE = N_("While tokens are refreshed, this computer doesn't go to sleep. The screen may.")
_NOT_AWAKE = N_("Not possible on this computer: no program that prevents sleep was found.")
_AUTOSTART = N_("Refreshing goes on after the computer restarts and you log in.")
_NOT_AUTOSTART = N_("Only possible with the installed program.")
_LANGUAGE = N_("Takes effect when you start oauth2_imap again.")


class SettingsDialog(FittedDialog):
    """Shows the settings, and emits what the user changes."""

    folder_chosen = Signal(str)
    ca_file_chosen = Signal(str)
    protect_chosen = Signal(bool)
    awake_chosen = Signal(bool)
    autostart_chosen = Signal(bool)
    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    browser_chosen = Signal(BrowserChoice)
    left_unchanged = Signal(list)  # when it closes: the names of fields with a text of no use

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Settings"))
        self._folder = PathField(_("Token folder"), _("&Browse…"), empty="", of_folder=True)
        self._protect = _Switch(_("Keep refresh tokens in the s&ystem's secret store"))
        self._ca_file = PathField(
            _("CA file"),
            _("B&rowse…"),
            empty=_("only for a private CA (PEM)"),
            of_folder=False,
        )
        self.hook = CommandField(_("Command for a new token"), _("no command"))
        self.on_trouble = CommandField(_("Command for a needed sign-in"), _("no command"))
        self._awake = _Switch(_("Keep this comp&uter awake"))
        self._autostart = _Switch(_("Start oauth2_imap &when I log in to this computer"))
        self._theme = QComboBox()
        self._theme.setAccessibleName(_("Look"))
        for name, label in THEMES.items():
            self._theme.addItem(_(label), name)
        self._language = QComboBox()
        self._language.setAccessibleName(_("Language"))
        self._language.setAccessibleDescription(_(_LANGUAGE))
        for code, name in {"": _("As the system"), **LANGUAGES}.items():
            self._language.addItem(name, code)
        self._browser = QComboBox()
        self._browser.setAccessibleName(_("Browser for sign-ins"))
        self._browser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setVerticalSpacing(2 * _GAP)
        for text, field, buddy in (
            (_("Token &folder"), self._folder, self._folder.edit),
            (_("CA fil&e"), self._ca_file, self._ca_file.edit),
            (_("Browser for si&gn-ins"), self._browser, self._browser),
            (_("Co&mmand for a new token"), self.hook, self.hook.edit),
            (_("Comman&d for a needed sign-in"), self.on_trouble, self.on_trouble.edit),
            (_("&Look"), self._theme, self._theme),
            (_("L&anguage"), self._language_field(), self._language),
        ):
            label = QLabel(text)
            label.setBuddy(buddy)
            form.addRow(label, field)
        close = QPushButton(_("&Close"), autoDefault=False)  # Enter in a field isn't for the dialog
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(close)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * _GAP)
        column.addLayout(form)
        for switch in (self._protect, self._awake, self._autostart):
            column.addWidget(switch)
        column.addStretch()
        self.fit(body, buttons, _WIDTH)

    def _language_field(self) -> QWidget:
        """Return the list of languages, and below it when a choice counts."""
        remark = QLabel(_(_LANGUAGE))
        remark.setWordWrap(True)
        field = QWidget()
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(field)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._language, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(remark)
        return field

    def _connect(self) -> None:
        self._folder.chosen.connect(self.folder_chosen)
        self._ca_file.chosen.connect(self.ca_file_chosen)
        self._protect.box.clicked.connect(self.protect_chosen)
        self._awake.box.clicked.connect(self.awake_chosen)
        self._autostart.box.clicked.connect(self.autostart_chosen)
        self._browser.activated.connect(
            lambda _index: self.browser_chosen.emit(self._browser.currentData())
        )
        self._theme.activated.connect(
            lambda _index: self.theme_chosen.emit(str(self._theme.currentData()))
        )
        self._language.activated.connect(
            lambda _index: self.language_chosen.emit(str(self._language.currentData()))
        )

    def show_places(self, folder: str, ca_file: str, *, without: str) -> None:
        """Show the chosen paths, empty for none; `without` is the folder without a choice."""
        self._folder.say_empty(_(_WITHOUT, folder=without))
        self._folder.show_path(folder)
        self._ca_file.show_path(ca_file)

    def refuse_folder(self, problem: str) -> None:
        """Say why the folder that was just chosen can't be used."""
        self._folder.refuse(problem)
        self.fit_height()

    def refuse_ca_file(self, problem: str) -> None:
        """Say why the CA file that was just chosen can't be used."""
        self._ca_file.refuse(problem)
        self.fit_height()

    def done(self, result: int) -> None:
        """Close, and say which fields have changed nothing."""
        fields = (self._folder, self._ca_file, self.hook, self.on_trouble)
        refused = [field.edit.accessibleName() for field in fields if field.is_refused]
        super().done(result)
        if refused:
            self.left_unchanged.emit(refused)

    def show_commands(self, hook: str, on_trouble: str) -> None:
        """Show the user's commands; empty for none."""
        self.hook.show_command(hook)
        self.on_trouble.show_command(on_trouble)

    def show_browsers(self, labels: Mapping[BrowserChoice, str], chosen: BrowserChoice) -> None:
        """Offer these browsers; the first is the system's, which stands in for one that is gone."""
        self._browser.clear()
        for choice, label in labels.items():
            self._browser.addItem(label, choice)
        self._browser.setCurrentIndex([*labels].index(chosen) if chosen in labels else 0)

    def show_theme(self, name: str) -> None:
        """Show which look was chosen."""
        self._theme.setCurrentIndex(max(0, self._theme.findData(name)))

    def show_language(self, code: str) -> None:
        """Show which language was chosen; empty for the system's."""
        self._language.setCurrentIndex(max(0, self._language.findData(code)))

    def show_protect(self, on: bool) -> None:
        """Show whether the secret store has the refresh tokens."""
        self._protect.show_state(on, _(_PROTECT))

    def show_awake(self, on: bool, *, available: bool) -> None:
        """Show whether the computer is kept awake, or that it can't be."""
        self._awake.show_state(on, _(_AWAKE if available else _NOT_AWAKE), available=available)

    def show_autostart(self, on: bool, *, available: bool) -> None:
        """Show whether the program starts at login, or that it can't."""
        text = _(_AUTOSTART if available else _NOT_AUTOSTART)
        self._autostart.show_state(on, text, available=available)


class _Switch(QWidget):
    """A check box, and below it what it does, or why it is greyed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.box = CheckBox(text)
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._text.setIndent(_INDENT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP // 2)
        column.addWidget(self.box)
        column.addWidget(self._text)

    def show_state(self, on: bool, text: str, *, available: bool = True) -> None:
        """Tick the box or not, and say what it does."""
        self.box.setChecked(on)
        self.box.setEnabled(available)
        self.box.setAccessibleDescription(text)
        self._text.setText(text)
