"""The settings dialog: what it shows, and what each change does at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.browser_choice import BrowserChoice
from core.errors import AppError
from core.i18n.translation import N_, _
from core.tokenfile.place import can_hold_tokens
from gui.controllers.parts import Parts
from gui.model.bar_message import note_message
from gui.model.browser_labels import browser_labels
from gui.model.messages import in_one_paragraph
from gui.system.token_folder import default_token_folder, token_folder

if TYPE_CHECKING:  # imported when it is first opened
    from gui.widgets.command_field import CommandField
    from gui.widgets.settings_dialog import SettingsDialog

_NO_FOLDER = N_(
    "⚠ Token files can't be saved in {folder}. Choose a folder where you are allowed to write."
)
_UNCHANGED = N_("Not changed in the settings: {names}. What was entered can't be used.")


class SettingsController(QObject):
    """Connects the settings with what they change."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        parts.window.address_bar.settings_wanted.connect(self.open)
        parts.mailboxes.kept_changed.connect(lambda _: self._hold_awake())
        parts.keep_awake.failed.connect(lambda text: parts.window.note(text, warning=True))

    def restore(self) -> None:
        """Use what was chosen at an earlier start."""
        self._parts.mailboxes.requests.protect = self._parts.settings.protect
        self._parts.sign_in_task.choice = self._parts.settings.browser

    def open(self) -> None:
        """Show the dialog with the settings of now."""
        parts, settings, dialog = self._parts, self._parts.settings, self._dialog
        usual, _warning = default_token_folder()
        dialog.show_places(settings.token_folder, settings.ca_file, without=str(usual))
        found = parts.tasks.start(lambda _progress, _cancelled: browser_labels())
        found.succeeded.connect(self._show_browsers)
        dialog.show_language(settings.language)
        dialog.show_commands(settings.hook, settings.on_trouble)
        dialog.show_theme(settings.theme)
        dialog.show_protect(parts.mailboxes.requests.protect is True)
        dialog.show_awake(settings.keep_awake, available=parts.keep_awake.available)
        dialog.show_autostart(parts.autostart.enabled, available=parts.autostart.available)
        dialog.show()
        dialog.fit_height()
        dialog.raise_()
        dialog.activateWindow()

    @cached_property
    def _dialog(self) -> "SettingsDialog":
        from gui.widgets.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._parts.window)
        dialog.folder_chosen.connect(self._set_folder)
        dialog.ca_file_chosen.connect(self._set_ca_file)
        dialog.left_unchanged.connect(self._tell_unchanged)
        dialog.protect_chosen.connect(self._set_protect)
        dialog.awake_chosen.connect(self._set_awake)
        dialog.autostart_chosen.connect(self._set_autostart)
        dialog.theme_chosen.connect(self._set_theme)
        dialog.browser_chosen.connect(self._set_browser)
        dialog.language_chosen.connect(self._set_language)
        settings = self._parts.settings
        dialog.hook.chosen.connect(
            lambda text: self._set_commands(dialog.hook, text, settings.on_trouble)
        )
        dialog.on_trouble.chosen.connect(
            lambda text: self._set_commands(dialog.on_trouble, settings.hook, text)
        )
        return dialog

    def _show_browsers(self, labels: Mapping[BrowserChoice, str]) -> None:
        self._dialog.show_browsers(labels, self._parts.settings.browser)
        self._dialog.fit_height()  # their names may be long

    def _set_folder(self, folder: str) -> None:
        """Use another token folder, if that is possible; without one it is the usual one again."""
        if folder and not can_hold_tokens(Path(folder)):
            self._dialog.refuse_folder(_(_NO_FOLDER, folder=folder))
            return
        files = self._parts.mailboxes.files
        self._parts.settings.token_folder = folder
        files.folder, _warning = token_folder(folder, beside_script=False)
        files.reload()
        files.warn()

    def _set_ca_file(self, path: str) -> None:
        from core.net.ca_file import check_ca_file  # it loads TLS

        requests = self._parts.mailboxes.requests
        network = replace(requests.network, ca_file=Path(path) if path else None)
        try:
            check_ca_file(network)
        except AppError as exc:
            self._dialog.refuse_ca_file(f"⚠ {in_one_paragraph(exc)}")
            return
        self._parts.settings.ca_file, requests.network = path, network

    def _tell_unchanged(self, names: Sequence[str]) -> None:
        text = _(_UNCHANGED, names=", ".join(names))
        self._parts.message_bar.show_mistake(note_message(text))

    def _set_protect(self, on: bool) -> None:
        """Protect existing files too, at their next refresh: no new sign-in is needed for that."""
        self._parts.mailboxes.requests.protect = self._parts.settings.protect = on

    def _set_awake(self, on: bool) -> None:
        self._parts.settings.keep_awake = on
        self._hold_awake()

    def _hold_awake(self) -> None:
        wanted = self._parts.settings.keep_awake and bool(self._parts.model.kept_rows)
        self._parts.keep_awake.set(wanted)

    def _set_autostart(self, on: bool) -> None:
        autostart = self._parts.autostart
        try:
            autostart.set_enabled(on)
        except AppError as exc:
            self._parts.message_bar.show_error(exc)
            self._dialog.show_autostart(autostart.enabled, available=autostart.available)

    def _set_browser(self, choice: BrowserChoice) -> None:
        self._parts.sign_in_task.choice = self._parts.settings.browser = choice

    def _set_commands(self, field: "CommandField", hook: str, on_trouble: str) -> None:
        """Start these commands from now on; one that can't be started is neither used nor saved."""
        try:
            self._parts.user_commands.use(hook, on_trouble)
        except AppError as exc:
            field.tell(in_one_paragraph(exc))
            return
        self._parts.settings.hook, self._parts.settings.on_trouble = hook, on_trouble

    def _set_language(self, code: str) -> None:
        self._parts.settings.language = code  # for the next start: the window stays as it is

    def _set_theme(self, name: str) -> None:
        from gui.model.theme import apply_theme

        self._parts.settings.theme = name
        apply_theme(name)
