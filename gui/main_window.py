"""The window: puts the parts together and connects them; holds no rule of the business."""

import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QFileSystemWatcher, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import QMainWindow, QMessageBox, QSplitter, QVBoxLayout, QWidget

from core.errors import AppError, UsageProblem
from core.imapsync import Side
from core.model import Outcome, WaitingForBrowser
from gui.about import AboutDialog
from gui.address_bar import OTHER, AddressBar
from gui.advanced_panel import AdvancedPanel
from gui.autostart import Autostart
from gui.closing import Answer, Ask, decide
from gui.error_panel import ErrorPanel
from gui.imapsync_panel import ImapsyncPanel
from gui.keep_bar import KeepBar
from gui.log_pane import LogPane
from gui.lookup import Lookup
from gui.mailbox_list import MailboxList
from gui.mailbox_model import MailboxModel
from gui.mailboxes import Mailboxes
from gui.power import KeepAwake
from gui.requests import build_request
from gui.settings import Settings
from gui.sign_in import SignIn
from gui.start import Start
from gui.tray import Tray
from gui.waiting_panel import WaitingPanel

_SETTLES = 300  # ms; one save makes several changes in the folder


class MainWindow(QMainWindow):
    """Given its parts that work (sign-in, mailboxes, lookup), it makes those that show."""

    ended = Signal()

    def __init__(
        self,
        *,
        settings: Settings,
        model: MailboxModel,
        mailboxes: Mailboxes,
        sign_in: SignIn,
        lookup: Lookup,
        tray: Tray,
        autostart: Autostart,
        ask: Ask | None = None,
    ) -> None:
        """`ask` is the question at closing."""
        super().__init__()
        self.setWindowTitle("oauth2_imap")
        self._settings = settings
        self._model = model
        self._mailboxes = mailboxes
        self._sign_in = sign_in
        self._lookup = lookup
        self._tray = tray
        self._autostart = autostart
        self._ask = ask
        self._swapped = False
        self._catalog = mailboxes.catalog
        providers = self._catalog.providers.values()
        self.address_bar = AddressBar([(p.name, p.label) for p in providers])
        self.advanced = AdvancedPanel()
        self.error_panel = ErrorPanel()
        self.waiting = WaitingPanel()
        self.awake = KeepAwake(self)
        self.keep_bar = KeepBar(
            awake_available=self.awake.available, autostart_available=autostart.available
        )
        self.mailbox_list = MailboxList(model)
        self.imapsync = ImapsyncPanel()
        self.log_pane = LogPane()
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLES)
        self._lay_out()
        self._make_menus()
        self._connect()
        self._restore()

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.mailbox_list)
        split.addWidget(self.imapsync)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        for widget in (
            self.address_bar,
            self.advanced,
            self.error_panel,
            self.waiting,
            self.keep_bar,
        ):
            column.addWidget(widget)
        column.addWidget(split, 1)
        column.addWidget(self.log_pane)
        self.setCentralWidget(centre)
        self.statusBar()
        self.resize(900, 720)

    def _make_menus(self) -> None:
        program = self.menuBar().addMenu("&Program")
        program.addAction("Open the token &folder").triggered.connect(self._open_token_folder)
        program.addAction("&Rehearse without an account").triggered.connect(self._rehearse)
        program.addSeparator()
        program.addAction("&Quit").triggered.connect(self.quit)
        helping = self.menuBar().addMenu("&Help")
        helping.addAction("&About").triggered.connect(lambda: AboutDialog(self).exec())

    def _connect(self) -> None:
        bar, lists, boxes = self.address_bar, self.mailbox_list, self._mailboxes
        bar.submitted.connect(self.get_token)
        bar.cancelled.connect(self._sign_in.cancel)
        bar.address_changed.connect(self._look_up)
        bar.provider_changed.connect(self._choose_provider)
        self._lookup.found.connect(bar.show_found)
        self._sign_in.noted.connect(self.note)
        self._sign_in.waiting.connect(self._wait)
        self._sign_in.paste_refused.connect(lambda error: self.waiting.refuse(_sentence(error)))
        self._sign_in.succeeded.connect(self._signed_in)
        self._sign_in.failed.connect(self._failed)
        self._sign_in.cancelled.connect(self._cancelled)
        self.waiting.pasted.connect(self._sign_in.paste)
        self.waiting.open_again.connect(self._sign_in.open_again)
        lists.refresh.connect(boxes.refresh)
        lists.check.connect(boxes.check)
        lists.keep.connect(boxes.keep)
        lists.sign_in.connect(self._sign_in_again)
        lists.open_folder.connect(lambda path: _open(path.parent))
        lists.remove.connect(self._remove)
        lists.rehearse.connect(self._rehearse)
        lists.selected.connect(lambda _: self._show_sides())
        self.imapsync.swapped.connect(self._swap)
        boxes.noted.connect(self.note)
        boxes.failed.connect(lambda address, error: self.error_panel.show_error(error, address))
        boxes.needs_person.connect(self._call_person)
        boxes.well_again.connect(self._well_again)
        boxes.state_changed.connect(self._show_state)
        boxes.kept_changed.connect(self._remember_kept)
        self.keep_bar.keep_toggled.connect(self._keep_all)
        self.keep_bar.interval_changed.connect(self._set_interval)
        self.keep_bar.awake_toggled.connect(self._set_awake)
        self.keep_bar.autostart_toggled.connect(self._autostart.set_enabled)
        self.awake.failed.connect(lambda text: self.note(text, True))
        self.log_pane.problem.connect(self.error_panel.show_error)
        self.log_pane.opened.connect(lambda on: setattr(self._settings, "show_log", on))
        self._tray.open_requested.connect(self.come_to_front)
        self._tray.quit_requested.connect(self.quit)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._settle.timeout.connect(self._reload)

    def _restore(self) -> None:
        settings = self._settings
        if settings.geometry:
            self.restoreGeometry(QByteArray(settings.geometry))
        self.address_bar.offer(settings.addresses)
        self.log_pane.install()
        self.log_pane.set_open(settings.show_log)
        self._reload()
        for path in settings.kept:
            self._mailboxes.keep(path, True)
        self.keep_bar.show_settings(
            keep=settings.keep_refreshing,
            minutes=settings.interval_minutes,
            awake=settings.keep_awake,
            autostart=self._autostart.enabled,
        )
        if settings.complaint:
            self.note(settings.complaint, True)
        for warning in self._mailboxes.folder_warnings():
            self.note(warning, True)

    # What the person does

    def get_token(self, address: str, provider: str) -> None:
        """The button."""
        self.error_panel.clear()
        if not self.advanced.validate():
            return
        folder = self._mailboxes.folder
        try:
            request = build_request(address, provider, self.advanced.values(), folder=folder)
        except UsageProblem as exc:
            if provider == OTHER:
                self.advanced.show_for_other()
            self.error_panel.show_error(exc)
            return
        self._mailboxes.network = request.network
        self._lookup.stop()
        self.address_bar.set_busy(True)
        self._sign_in.start(request)

    def begin(self, start: Start) -> None:
        """Do what the command line asked for."""
        if start.provider:
            self.address_bar.set_provider(start.provider)
        values = self.advanced.values()
        self.advanced.show_values(
            replace(values, application=start.application, login_hint=start.login_hint)
        )
        if start.address:
            self.take_address(start.address)

    def come_to_front(self) -> None:
        """Show the window, wherever it was."""
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def take_address(self, address: str) -> None:
        """A second start handed its address over: refresh that mailbox, or get its token."""
        self.come_to_front()
        if not address:
            return
        row = next((r for r in self._model.rows if r.info.address == address), None)
        if row is not None:
            self._mailboxes.refresh(row.path)
        else:
            self.address_bar.set_address(address)
            self.get_token(address, self.address_bar.provider())

    def quit(self) -> None:
        """End, and stop keeping."""
        self._settings.geometry = bytes(self.saveGeometry().data())
        self._settings.save()
        self.log_pane.remove()
        self.awake.close()
        self._tray.hide()
        self._sign_in.cancel()
        self.hide()
        self.ended.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's: the title bar's cross."""
        keeps = any(row.kept for row in self._model.rows)
        has_tray = self._tray.available
        answer = decide(self, self._settings, keeps=keeps, has_tray=has_tray, ask=self._ask)
        event.setAccepted(answer is Answer.QUIT)
        if answer is Answer.QUIT:
            self.quit()
        elif answer is Answer.TO_TRAY:
            self.hide()

    def _look_up(self, address: str) -> None:
        if self.address_bar.provider():
            self.address_bar.show_found("")
        else:
            self._lookup.look(address)

    def _choose_provider(self, name: str) -> None:
        provider = self._catalog.providers.get(name)
        applications = provider.applications.values() if provider else ()
        self.advanced.set_provider(
            provider.name if provider else "",
            provider.label if provider else "",
            [(a.name, a.label) for a in applications],
        )
        if name == OTHER:
            self.advanced.show_for_other()
        self._look_up(self.address_bar.address())

    def _sign_in_again(self, path: Path) -> None:
        row = self._model.row(path)
        if row is not None:
            self.error_panel.clear()
            self.address_bar.set_busy(True)
            self._sign_in.start(self._mailboxes.sign_in_request(row.info))

    def _remove(self, path: Path) -> None:
        question = f"Delete {path.name}? The tokens in it are gone then; you would sign in again."
        if QMessageBox.question(self, "oauth2_imap", question) == QMessageBox.StandardButton.Yes:
            self._mailboxes.remove(path)

    def _rehearse(self) -> None:
        self.error_panel.clear()
        self.address_bar.set_busy(True)
        self._sign_in.rehearse(Path(tempfile.mkdtemp(prefix="oauth2_imap_demo_")))

    def _swap(self) -> None:
        self._swapped = not self._swapped
        self._show_sides()

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

    # What happens

    def note(self, text: str, warning: bool = False) -> None:
        """Say something in the status line."""
        self.statusBar().showMessage(f"⚠ {text}" if warning else text)

    def _wait(self, event: WaitingForBrowser) -> None:
        self.waiting.wait(event)

    def _idle(self) -> None:
        self.waiting.end()
        self.address_bar.set_busy(False)

    def _signed_in(self, outcome: Outcome) -> None:
        self._idle()
        self._settings.remember_address(outcome.address)
        self.address_bar.offer(self._settings.addresses)
        self._mailboxes.signed_in(outcome, keep=self.keep_bar.keeps)
        self.mailbox_list.select(Path(outcome.file))
        self.note(f"The token of {outcome.address} is in {outcome.file}")

    def _failed(self, error: AppError) -> None:
        self._idle()
        self.error_panel.show_error(error)

    def _cancelled(self) -> None:
        self._idle()
        self.note("Cancelled; the token file is usable as before")

    def _call_person(self, address: str, error: AppError) -> None:
        self._tray.notify(f"{address} needs you", error.title, urgent=True)

    def _well_again(self, address: str) -> None:
        self.error_panel.clear()
        self._tray.notify(f"{address} is well again", "Its token is fresh.", urgent=False)

    def _show_state(self, state: str, words: str) -> None:
        self._tray.show_state(state, words)
        self._show_sides()

    def _remember_kept(self, paths: set[Path]) -> None:
        self._settings.kept = paths
        self._hold_awake()

    def _hold_awake(self) -> None:
        keeps = any(row.kept for row in self._model.rows)
        self.awake.set(keeps and self._settings.keep_awake)

    def _show_sides(self) -> None:
        sides = [self._side(path) for path in self.mailbox_list.selection()[:2]]
        source, destination = (*sides, None, None)[:2]
        if self._swapped:
            source, destination = destination, source
        self.imapsync.show_sides(source, destination)

    def _side(self, path: Path) -> Side | None:
        row = self._model.row(path)
        if row is None or not row.info.imap_host:
            return None
        info = row.info
        return Side(info.address, info.path, info.imap_host, info.imap_port)

    def _reload(self) -> None:
        self._mailboxes.reload()
        folder = str(self._mailboxes.folder)
        if Path(folder).is_dir() and folder not in self._watcher.directories():
            self._watcher.addPath(folder)

    def _open_token_folder(self) -> None:
        _open(self._mailboxes.folder)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _sentence(error: AppError) -> str:
    return f"{error.title}. {error.todo}".strip()
