"""What the window remembers, in one private ini file in the user's config folder.

It holds no secrets. A value that is invalid counts as its default. A file that can't be read is
renamed, and `problem` says so. Where the file can't be written, settings last until the program
ends.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from core.address import parse_address, same_address
from core.browser_choice import BrowserChoice
from core.errors import AppError
from core.i18n.translation import LANGUAGES
from core.paths import SETTINGS_FILE, user_config_folder
from gui.model.settings_file import can_be_saved, create, prepare, rename_broken

MOST_ADDRESSES = 20
INTERVALS = range(1, 24 * 60 + 1)  # minutes
_LARGEST_GEOMETRY = 4_096


class Settings:
    """Each property is one setting. Changes are saved soon, or at once by `save`."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file, or create it."""
        self.path = path or user_config_folder() / SETTINGS_FILE
        self.problem = prepare(self.path)
        self._store = self._open()
        self._store.allKeys()  # Qt finds mistakes in the file only when it reads the keys
        if self._store.status() == QSettings.Status.FormatError:
            self.problem = rename_broken(self.path)
            create(self.path)
            self._store = self._open()

    def _open(self) -> QSettings:
        return QSettings(str(self.path), QSettings.Format.IniFormat)

    def save(self) -> bool:
        """Write all changes to the file; return whether that worked."""
        self._store.sync()
        return self._store.status() == QSettings.Status.NoError

    @property
    def addresses(self) -> Sequence[str]:
        """The addresses that were used before, the newest first."""
        return [text for text in self._texts("addresses") if _is_address(text)][:MOST_ADDRESSES]

    def remember_address(self, address: str) -> None:
        """Put an address first in the list of used addresses."""
        others = [a for a in self.addresses if not same_address(a, address)]
        self._store.setValue("addresses", [address, *others])

    @property
    def keep_refreshing(self) -> bool:
        """Whether mailboxes that are signed in to in the window are kept fresh; yes by default."""
        return self._flag("keep_refreshing") is not False

    @keep_refreshing.setter
    def keep_refreshing(self, on: bool) -> None:
        self._store.setValue("keep_refreshing", on)

    @property
    def interval_minutes(self) -> int:
        """Minutes between refreshes."""
        from core.tokenfile.expiry import INTERVAL  # the first frame doesn't need it

        text = self._text("interval_minutes")
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(INTERVALS[-1]))
        return int(text) if is_number and int(text) in INTERVALS else int(INTERVAL // 60)

    @interval_minutes.setter
    def interval_minutes(self, minutes: int) -> None:
        self._store.setValue("interval_minutes", minutes)

    @property
    def kept(self) -> frozenset[str]:
        """The token files that are kept fresh; a path that an ini file can't hold is left out.

        Whole paths, as texts: it takes long to make thousands of `Path`s.
        """
        texts = (text for text in self._texts("kept") if text.isprintable())
        return frozenset(text for text in texts if os.path.isabs(text))

    @kept.setter
    def kept(self, paths: Iterable[str]) -> None:
        self._store.setValue("kept", sorted(path for path in paths if path.isprintable()))

    @property
    def token_folder(self) -> str:
        """The token folder that the user chose; empty for the default one."""
        return self._path("token_folder")

    @token_folder.setter
    def token_folder(self, folder: str) -> None:
        self._store.setValue("token_folder", folder if _is_path(folder) else "")

    @property
    def ca_file(self) -> str:
        """The certificate file of a private CA; empty for none."""
        return self._path("ca_file")

    @ca_file.setter
    def ca_file(self, path: str) -> None:
        self._store.setValue("ca_file", path if _is_path(path) else "")

    @property
    def protect(self) -> bool | None:
        """Whether the system's secret store has the refresh tokens; None: each file stays as is."""
        return self._flag("protect")

    @protect.setter
    def protect(self, protect: bool | None) -> None:
        self._set_flag("protect", protect)

    @property
    def theme(self) -> str:
        """The look that the user chose (gui/model/theme.py); empty for the system's."""
        return self._text("theme")

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def language(self) -> str:
        """The language that the user chose, a key of `LANGUAGES`; empty for the system's."""
        code = self._text("language")
        return code if code in LANGUAGES else ""

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def browser(self) -> BrowserChoice:
        """The browser for sign-ins; false for the system's."""
        return BrowserChoice(self._text("browser"), self._flag("private_window") or False)

    @browser.setter
    def browser(self, choice: BrowserChoice) -> None:
        self._store.setValue("browser", choice.name)
        self._store.setValue("private_window", choice.private)

    @property
    def geometry(self) -> bytes:
        """Size and position of the window, from `QWidget.saveGeometry`; empty for none."""
        value = self._store.value("geometry")
        data = value.data() if isinstance(value, QByteArray) else b""
        return bytes(data) if len(data) <= _LARGEST_GEOMETRY else b""

    @geometry.setter
    def geometry(self, geometry: bytes) -> None:
        self._store.setValue("geometry", QByteArray(geometry))

    @property
    def close_to_tray(self) -> bool:
        """Whether closing the window while mailboxes are kept fresh goes to the tray, unasked."""
        return self._flag("close_to_tray") or False

    @close_to_tray.setter
    def close_to_tray(self, to_tray: bool) -> None:
        self._store.setValue("close_to_tray", to_tray)

    @property
    def keep_awake(self) -> bool:
        """Whether the computer is kept awake while mailboxes are refreshed."""
        return self._flag("keep_awake") or False

    @keep_awake.setter
    def keep_awake(self, on: bool) -> None:
        self._store.setValue("keep_awake", on)

    @property
    def show_log(self) -> bool:
        """Whether the log pane is open."""
        return self._flag("show_log") is not False

    @show_log.setter
    def show_log(self, on: bool) -> None:
        self._store.setValue("show_log", on)

    @property
    def list_order(self) -> str:
        """By what the list is sorted, as its menu names it; empty for the default order."""
        return self._text("list_order")

    @list_order.setter
    def list_order(self, name: str) -> None:
        self._store.setValue("list_order", name)

    @property
    def folded_groups(self) -> frozenset[str]:
        """The names of the groups that are folded in the list."""
        return frozenset(filter(None, self._text("folded_groups").split(" ")))

    @folded_groups.setter
    def folded_groups(self, names: Iterable[str]) -> None:
        self._store.setValue("folded_groups", " ".join(sorted(names)))

    @property
    def imapsync(self) -> str:
        """The imapsync that the user has named; empty for none."""
        return self._path("imapsync")

    @imapsync.setter
    def imapsync(self, path: str) -> None:
        self._store.setValue("imapsync", path if _is_path(path) else "")

    @property
    def open_list(self) -> str:
        """The list of mailboxes that isn't finished; empty for none."""
        return self._path("open_list")

    @open_list.setter
    def open_list(self, path: str) -> None:
        self._store.setValue("open_list", path if _is_path(path) else "")

    @property
    def hook(self) -> str:
        """The command that is started for each new token; empty for none."""
        return self._text("hook")

    @hook.setter
    def hook(self, command: str) -> None:
        self._store.setValue("hook", command if can_be_saved(command) else "")

    @property
    def on_trouble(self) -> str:
        """The command that is started when a mailbox needs a sign-in; empty for none."""
        return self._text("on_trouble")

    @on_trouble.setter
    def on_trouble(self, command: str) -> None:
        self._store.setValue("on_trouble", command if can_be_saved(command) else "")

    def _flag(self, key: str) -> bool | None:
        return {"true": True, "false": False}.get(self._text(key))

    def _set_flag(self, key: str, value: bool | None) -> None:
        if value is None:
            self._store.remove(key)
        else:
            self._store.setValue(key, value)

    def _text(self, key: str) -> str:
        """Return a value as text, as in the file, even if it isn't saved yet."""
        value = self._store.value(key)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, str | int) else ""

    def _texts(self, key: str) -> list[str]:
        """Return a list of texts; Qt saves a list with one text like that text alone."""
        value = self._store.value(key)
        texts = value if isinstance(value, list) else [value]
        return [text for text in texts if isinstance(text, str)]

    def _path(self, key: str) -> str:
        text = self._text(key)
        return text if _is_path(text) else ""


def whole_path(text: str) -> str:
    """Return the path that the user wrote, with `~` expanded; empty if it isn't absolute."""
    path = os.path.expanduser(text.strip())
    return path if _is_path(path) else ""


def _is_address(text: str) -> bool:
    try:
        return parse_address(text) == text
    except AppError:
        return False


def _is_path(text: str) -> bool:
    return text.isprintable() and Path(text).is_absolute()
