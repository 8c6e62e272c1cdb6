"""The window: makes the parts that show, lays them out, and connects them."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QFileSystemWatcher, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QSessionManager
from PySide6.QtWidgets import (
    QFrame,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.errors import UsageProblem
from core.imapsync import Side
from core.model import Outcome
from core.paths import terminal_program
from gui.address_bar import AddressBar
from gui.advanced_panel import AdvancedPanel
from gui.autostart import Autostart
from gui.closing import Answer, Ask, decide
from gui.error_panel import ErrorPanel
from gui.imapsync_panel import ImapsyncPanel
from gui.keep_bar import KeepBar
from gui.keeping import Keeping
from gui.log_pane import LogPane
from gui.lookup import Lookup
from gui.mailbox_list import MailboxList
from gui.mailbox_model import MailboxModel
from gui.mailboxes import Mailboxes
from gui.power import KeepAwake
from gui.settings import Settings
from gui.sign_in import SignIn
from gui.signing_in import SigningIn
from gui.start import Start
from gui.tray import Tray
from gui.waiting_panel import WaitingPanel

_SIZE = QSize(920, 800)
_OF_SCREEN = 0.9
_SETTLES = 300  # ms; one save makes several changes in the folder


class MainWindow(QMainWindow):
    """Given the parts that work (sign-in, mailboxes, lookup), it makes those that show."""

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
        self._tray = tray
        self._ask = ask
        self._chosen: list[Path] = []
        self._swapped = False
        providers = mailboxes.catalog.providers.values()
        awake = KeepAwake(self)
        self.address_bar = AddressBar([(p.name, p.label) for p in providers])
        self.advanced = AdvancedPanel()
        self.error_panel = ErrorPanel()
        self.waiting = WaitingPanel()
        self.keep_bar = KeepBar(
            awake_available=awake.available, autostart_available=autostart.available
        )
        self.mailbox_list = MailboxList(model)
        self.imapsync = ImapsyncPanel(terminal_program())
        self.log_pane = LogPane()
        self._signing_in = SigningIn(
            address_bar=self.address_bar,
            advanced=self.advanced,
            waiting=self.waiting,
            error_panel=self.error_panel,
            mailboxes=mailboxes,
            settings=settings,
            sign_in=sign_in,
            lookup=lookup,
            parent=self,
        )
        self._keeping = Keeping(
            keep_bar=self.keep_bar,
            error_panel=self.error_panel,
            model=model,
            mailboxes=mailboxes,
            settings=settings,
            awake=awake,
            autostart=autostart,
            tray=tray,
            parent=self,
        )
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
        split.setStretchFactor(0, 1)  # two mailboxes are the normal case, their commands are long
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addWidget(self.address_bar)
        column.addWidget(self.advanced)
        column.addWidget(self.error_panel)
        column.addWidget(self.waiting)
        column.addWidget(self.keep_bar)
        column.addWidget(split, 1)
        column.addWidget(self.log_pane)
        scroll = QScrollArea()  # a small screen at 200 % can't show all that may be open at once
        scroll.setWidget(centre)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCentralWidget(scroll)
        self.statusBar()
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * _OF_SCREEN))

    def _make_menus(self) -> None:
        program = self.menuBar().addMenu("Progra&m")
        program.addAction("Open the token &folder").triggered.connect(
            lambda: _open(self._mailboxes.folder)
        )
        program.addAction("&Rehearse without an account").triggered.connect(
            self._signing_in.rehearse
        )
        program.addSeparator()
        program.addAction("&Quit").triggered.connect(self._ask_to_quit)
        helping = self.menuBar().addMenu("&Help")
        helping.addAction("&About").triggered.connect(self._show_about)

    def _connect(self) -> None:
        lists, boxes = self.mailbox_list, self._mailboxes
        lists.refresh.connect(boxes.refresh)
        lists.check.connect(boxes.check)
        lists.keep.connect(boxes.keep)
        lists.sign_in.connect(self._sign_in_again)
        lists.open_folder.connect(lambda path: _open(path.parent))
        lists.remove.connect(self._remove)
        lists.rehearse.connect(self._signing_in.rehearse)
        lists.selected.connect(self._choose_sides)
        boxes.reloaded.connect(self._show_sides)
        boxes.reloaded.connect(self._watch)
        self.imapsync.swapped.connect(self._swap)
        self._signing_in.noted.connect(self.note)
        self._signing_in.signed_in.connect(self._signed_in)
        self._keeping.noted.connect(self.note)
        self.log_pane.problem.connect(self.error_panel.show_error)
        self.log_pane.opened.connect(self._remember_log)
        self._tray.open_requested.connect(self.come_to_front)
        self._tray.quit_requested.connect(self.quit)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._settle.timeout.connect(boxes.reload)

    def _restore(self) -> None:
        settings = self._settings
        if settings.geometry:
            self.restoreGeometry(QByteArray(settings.geometry))
        self.address_bar.offer(settings.addresses)
        self.log_pane.install()
        self.log_pane.set_open(settings.show_log)
        self._signing_in.restore()
        self._mailboxes.reload()
        self._keeping.restore()
        for warning in (settings.complaint, *self._mailboxes.folder_warnings()):
            if warning:
                self.note(warning, warning=True)

    def begin(self, start: Start) -> None:
        """Do what the command line asked for."""
        if start.provider not in ("", *self._mailboxes.catalog.providers):
            self.address_bar.set_address(start.address)
            unknown = f"There is no provider called {start.provider}"
            self.error_panel.show_error(UsageProblem(unknown, todo="Choose one in the list."))
            return
        self.address_bar.set_provider(start.provider)
        values = self.advanced.values()
        self.advanced.show_values(
            replace(values, application=start.application, login_hint=start.login_hint)
        )
        row = None
        if start.token_file is not None:
            self._mailboxes.folder = start.token_file.parent
            self._mailboxes.reload()
            row = self._model.row(start.token_file)
        if row is not None:
            self.come_to_front()
            self._mailboxes.refresh(row.path)
            return
        if start.token_file is not None:
            self._signing_in.use_file(start.token_file)
        self.take_address(start.address)

    def take_address(self, address: str) -> None:
        """An address from outside: refresh that mailbox, or get its token; "" only shows us."""
        self.come_to_front()
        row = next((r for r in self._model.rows if address and r.info.address == address), None)
        if row is not None:
            self._mailboxes.refresh(row.path)
        elif address:
            self.address_bar.set_address(address)
            self._signing_in.get_token(address, self.address_bar.provider())

    def come_to_front(self) -> None:
        """Show the window, wherever it was."""
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def note(self, text: str, warning: bool = False) -> None:
        """Say something in the status line."""
        self.statusBar().showMessage(f"⚠ {text}" if warning else text)

    def quit(self) -> None:
        """End, and stop keeping."""
        self._settings.geometry = bytes(self.saveGeometry().data())
        self._settings.save()
        self.log_pane.remove()
        self._keeping.close()
        self.hide()
        self.ended.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's: the title bar's cross."""
        answer = decide(
            self,
            self._settings,
            keeps=self._keeping.keeps_any,
            has_tray=self._tray.available,
            ask=self._ask,
        )
        event.setAccepted(answer is Answer.QUIT)
        if answer is Answer.QUIT:
            self.quit()
        elif answer is Answer.TO_TRAY:
            self.hide()

    def end_of_session(self, manager: QSessionManager) -> None:
        """The computer shuts down while mailboxes are kept: say why that matters, once."""
        if self._keeping.keeps_any and manager.allowsInteraction():
            if self._asked_to_stay():
                manager.cancel()
            manager.release()

    def _ask_to_quit(self) -> None:
        if not self._asked_to_stay():
            self.quit()

    def _asked_to_stay(self) -> bool:
        keeps = self._keeping.keeps_any
        answer = decide(self, self._settings, keeps=keeps, has_tray=False, ask=self._ask)
        return answer is Answer.STAY

    def _sign_in_again(self, path: Path) -> None:
        row = self._model.row(path)
        if row is not None:
            self._signing_in.start(self._mailboxes.sign_in_request(row.info))

    def _signed_in(self, outcome: Outcome) -> None:
        if Path(outcome.file).parent == self._mailboxes.folder.absolute():  # not the rehearsal's
            self._settings.remember_address(outcome.address)
            self.address_bar.offer(self._settings.addresses)
        self._mailboxes.signed_in(outcome, keep=self.keep_bar.keeps)
        self.mailbox_list.select(Path(outcome.file))

    def _remove(self, path: Path) -> None:
        question = f"Delete {path.name}? Its tokens are gone then, and you would sign in again."
        if QMessageBox.question(self, "oauth2_imap", question) == QMessageBox.StandardButton.Yes:
            self._mailboxes.remove(path)

    def _choose_sides(self, paths: list[Path]) -> None:
        if paths != self._chosen:
            self._chosen, self._swapped = paths, False
        self._show_sides()

    def _swap(self) -> None:
        self._swapped = not self._swapped
        self._show_sides()

    def _show_sides(self) -> None:
        sides = [self._side(path) for path in self.mailbox_list.selection()[:2]]
        source, destination = [*sides, None, None][:2]
        if self._swapped:
            source, destination = destination, source
        self.imapsync.show_sides(source, destination)

    def _side(self, path: Path) -> Side | None:
        row = self._model.row(path)
        if row is None or not row.info.imap_host:
            return None
        info = row.info
        return Side(info.address, info.path, info.imap_host, info.imap_port, info.imap_starttls)

    def _show_about(self) -> None:
        from gui.about import AboutDialog  # seldom wanted

        AboutDialog(self).exec()

    def _remember_log(self, is_open: bool) -> None:
        self._settings.show_log = is_open

    def _watch(self) -> None:
        folder = self._mailboxes.folder  # made by the first sign-in
        if folder.is_dir() and str(folder) not in self._watcher.directories():
            self._watcher.addPath(str(folder))


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
