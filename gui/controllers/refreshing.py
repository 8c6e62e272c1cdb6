"""Keeping fresh on the screen: the toggle, staying awake, the tray, and calling a person."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.errors import AppError
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.settings import Settings
from gui.system.autostart import Autostart
from gui.system.keep_awake import KeepAwake
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.refresh_bar import RefreshBar
from gui.widgets.tray import Tray


class RefreshController(QObject):
    """Connects the parts that keep mailboxes fresh; owns none but the computer's wakefulness."""

    noted = Signal(str, bool)  # text, warning

    def __init__(
        self,
        *,
        refresh_bar: RefreshBar,
        error_panel: ErrorPanel,
        model: MailboxModel,
        mailboxes: Mailboxes,
        settings: Settings,
        awake: KeepAwake,
        autostart: Autostart,
        tray: Tray,
        parent: QObject | None = None,
    ) -> None:
        """The parts are the window's."""
        super().__init__(parent)
        self._bar = refresh_bar
        self._error_panel = error_panel
        self._model = model
        self._mailboxes = mailboxes
        self._settings = settings
        self._awake = awake
        self._autostart = autostart
        self._tray = tray
        self._connect()

    def _connect(self) -> None:
        bar, boxes = self._bar, self._mailboxes
        bar.keep_toggled.connect(self._keep_all)
        bar.interval_changed.connect(self._set_interval)
        bar.awake_toggled.connect(self._set_awake)
        bar.autostart_toggled.connect(self._set_autostart)
        boxes.noted.connect(self.noted)
        boxes.failed.connect(lambda address, error: self._error_panel.show_error(error, address))
        boxes.user_needed.connect(self._call_person)
        boxes.recovered.connect(self._say_well)
        boxes.removed.connect(self._error_panel.clear_for)
        boxes.state_changed.connect(self._tray.show_state)
        boxes.kept_changed.connect(self._remember)
        self._awake.failed.connect(lambda text: self.noted.emit(text, True))

    def restore(self) -> None:
        """Go on with what was kept before."""
        settings = self._settings
        kept = settings.kept  # before the toggle takes all
        self._bar.show_settings(
            keep=settings.keep_refreshing,
            minutes=settings.interval_minutes,
            awake=settings.keep_awake,
            autostart=self._autostart.enabled,
        )
        for path in [row.path for row in self._model.rows]:
            self._mailboxes.keep(path, path in kept)

    @property
    def keeps_any(self) -> bool:
        """Whether closing the window would end something."""
        return any(row.kept for row in self._model.rows)

    def say_ended(self, word: str) -> None:
        """The keeping ended by plan, and nobody may be looking."""
        self._tray.notify("Refreshing has ended", word, urgent=False)

    def close(self) -> None:
        """Let the computer sleep, and leave the tray."""
        self._awake.close()
        self._tray.hide()

    def _keep_all(self, on: bool) -> None:
        self._settings.keep_refreshing = on
        for row in self._model.rows:
            self._mailboxes.keep(row.path, on)

    def _set_interval(self, minutes: int) -> None:
        self._settings.interval_minutes = minutes
        self._mailboxes.set_interval(minutes * 60.0)

    def _set_awake(self, on: bool) -> None:
        self._settings.keep_awake = on
        self._hold_awake()

    def _set_autostart(self, on: bool) -> None:
        try:
            self._autostart.set_enabled(on)
        except AppError as exc:
            self._error_panel.show_error(exc)

    def _remember(self, paths: Iterable[Path]) -> None:
        self._settings.kept = paths
        self._hold_awake()

    def _hold_awake(self) -> None:
        self._awake.set(self.keeps_any and self._settings.keep_awake)

    def _call_person(self, address: str, error: AppError) -> None:
        self._tray.notify(f"{address} needs you", error.message, urgent=True)

    def _say_well(self, address: str) -> None:
        self._error_panel.clear_for(address)
        self._tray.notify(f"{address} is well again", "Its token is fresh.", urgent=False)
