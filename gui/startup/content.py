"""The content of the window: makes the parts that show, lays them out, and connects the stories."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from core.model import Outcome
from core.paths import terminal_program
from gui.controllers.closing import AskToClose, CloseController
from gui.controllers.refreshing import RefreshController
from gui.controllers.remove_mailbox import RemoveMailboxController
from gui.controllers.save_report import SaveReportController
from gui.controllers.sign_in import SignInController
from gui.controllers.source_destination import SourceDestinationController
from gui.controllers.startup_request import StartupRequestController
from gui.controllers.stop_with_imapsync import StopWithImapsyncController
from gui.model.folder_watch import FolderWatch
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.provider_lookup import ProviderLookup
from gui.model.settings import Settings
from gui.model.sign_in_task import SignInTask
from gui.model.tasks import Tasks
from gui.system.autostart import Autostart
from gui.system.keep_awake import KeepAwake
from gui.system.open_external import open_external
from gui.widgets.advanced_panel import AdvancedPanel
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.imapsync_panel import ImapsyncPanel
from gui.widgets.log_pane import LogPane
from gui.widgets.mailbox_table import MailboxTable
from gui.widgets.main_window import MainWindow
from gui.widgets.refresh_bar import RefreshBar
from gui.widgets.tray import Tray
from gui.widgets.waiting_panel import WaitingPanel


class Content(QScrollArea):
    """Given the window and the parts that work (sign-in, mailboxes, lookup), it makes the rest."""

    def __init__(
        self,
        window: MainWindow,
        *,
        settings: Settings,
        tasks: Tasks,
        model: MailboxModel,
        mailboxes: Mailboxes,
        sign_in: SignInTask,
        lookup: ProviderLookup,
        tray: Tray,
        autostart: Autostart,
        ask: AskToClose | None = None,
    ) -> None:
        """`ask` is the question at closing."""
        super().__init__()
        self._window = window
        self._settings = settings
        self._model = model
        self._mailboxes = mailboxes
        self._tray = tray
        awake = KeepAwake(self)
        self.advanced = AdvancedPanel()
        self.error_panel = ErrorPanel()
        self.waiting = WaitingPanel()
        self.refresh_bar = RefreshBar(
            awake_available=awake.available, autostart_available=autostart.available
        )
        self.mailbox_table = MailboxTable(model)
        self.imapsync = ImapsyncPanel(terminal_program())
        self.log_pane = LogPane()
        self.signing_in = self._make_signing_in(sign_in, lookup)
        self.keeping = self._make_keeping(awake, autostart)
        self.arrivals = self._make_arrivals()
        self.closing = self._make_closing(ask)
        self._reporting = SaveReportController(window, tasks, model, mailboxes)
        self._removing = RemoveMailboxController(window, model, mailboxes)
        self._until = StopWithImapsyncController(self.refresh_bar, tasks, parent=self)
        self._sides = SourceDestinationController(
            self.mailbox_table, self.imapsync, model, parent=self
        )
        self._watch = FolderWatch(self)
        self._lay_out()
        self._fill_menus()
        self._connect()
        self._restore()
        window.set_content(self)

    def _make_signing_in(self, sign_in: SignInTask, lookup: ProviderLookup) -> SignInController:
        return SignInController(
            address_bar=self._window.address_bar,
            advanced=self.advanced,
            waiting=self.waiting,
            error_panel=self.error_panel,
            mailboxes=self._mailboxes,
            settings=self._settings,
            sign_in=sign_in,
            lookup=lookup,
            parent=self,
        )

    def _make_keeping(self, awake: KeepAwake, autostart: Autostart) -> RefreshController:
        return RefreshController(
            refresh_bar=self.refresh_bar,
            error_panel=self.error_panel,
            model=self._model,
            mailboxes=self._mailboxes,
            settings=self._settings,
            awake=awake,
            autostart=autostart,
            tray=self._tray,
            parent=self,
        )

    def _make_arrivals(self) -> StartupRequestController:
        return StartupRequestController(
            window=self._window,
            advanced=self.advanced,
            error_panel=self.error_panel,
            model=self._model,
            mailboxes=self._mailboxes,
            signing_in=self.signing_in,
            parent=self,
        )

    def _make_closing(self, ask: AskToClose | None) -> CloseController:
        return CloseController(
            window=self._window,
            settings=self._settings,
            keeping=self.keeping,
            log_pane=self.log_pane,
            tray=self._tray,
            ask=ask,
            parent=self,
        )

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.mailbox_table)
        split.addWidget(self.imapsync)
        split.setStretchFactor(0, 1)  # two mailboxes are the normal case, their commands are long
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.advanced)
        column.addWidget(self.error_panel)
        column.addWidget(self.waiting)
        column.addWidget(self.refresh_bar)
        column.addWidget(split, 1)
        column.addWidget(self.log_pane)
        # A small screen at 200 % can't show all that may be open at once.
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _fill_menus(self) -> None:
        program = self._window.program_menu
        program.addAction("Open the token &folder").triggered.connect(
            lambda: _open(self._mailboxes.folder)
        )
        program.addAction("&Rehearse without an account").triggered.connect(
            self.signing_in.rehearse
        )
        program.addSeparator()
        program.addAction("&Quit").triggered.connect(self.closing.ask_to_quit)
        self._window.help_menu.addAction("Save a &report…").triggered.connect(self._reporting.save)
        self._window.help_menu.addAction("&About").triggered.connect(self._show_about)

    def _connect(self) -> None:
        lists, boxes = self.mailbox_table, self._mailboxes
        lists.refresh.connect(boxes.refresh)
        lists.check.connect(boxes.check)
        lists.keep.connect(boxes.keep)
        lists.sign_in.connect(self._sign_in_again)
        lists.open_folder.connect(lambda path: _open(path.parent))
        lists.remove.connect(self._removing.remove)
        lists.rehearse.connect(self.signing_in.rehearse)
        boxes.reloaded.connect(self._sides.show_sides)
        boxes.reloaded.connect(lambda: self._watch.watch(boxes.folder))
        self._watch.changed.connect(boxes.reload)
        self.signing_in.noted.connect(self._window.note)
        self.signing_in.signed_in.connect(self._signed_in)
        self.keeping.noted.connect(self._window.note)
        self._until.noted.connect(self._window.note)
        self._until.reached.connect(self.keeping.say_ended)
        self._reporting.noted.connect(self._window.note)
        self._reporting.failed.connect(self.error_panel.show_error)
        self.log_pane.problem.connect(self.error_panel.show_error)
        self.log_pane.opened.connect(self._remember_log)
        self._tray.open_requested.connect(self._window.come_to_front)
        self._tray.quit_requested.connect(self.closing.quit)

    def _restore(self) -> None:
        settings, bar = self._settings, self._window.address_bar
        bar.complete([(p.name, p.label) for p in self._mailboxes.catalog.providers.values()])
        bar.offer_addresses(settings.addresses)
        self.log_pane.install()
        self.log_pane.set_open(settings.show_log)
        self.signing_in.restore()
        for path in settings.kept:
            self._mailboxes.include(path)
        self._mailboxes.reload()
        self.keeping.restore()
        for warning in (settings.problem, *self._mailboxes.folder_warnings()):
            if warning:
                self._window.note(warning, warning=True)

    def _sign_in_again(self, path: Path) -> None:
        row = self._model.row(path)
        if row is not None:
            self.signing_in.start(self._mailboxes.sign_in_request(row.info))

    def _signed_in(self, outcome: Outcome) -> None:
        self._settings.remember_address(outcome.address)
        self._window.address_bar.offer_addresses(self._settings.addresses)
        keep = self.arrivals.claim(outcome.address) or self.refresh_bar.keeps
        self._mailboxes.signed_in(outcome, keep=keep)
        self.mailbox_table.select(Path(outcome.file))

    def _show_about(self) -> None:
        from gui.widgets.about import AboutDialog  # seldom wanted

        AboutDialog(self).exec()

    def _remember_log(self, is_open: bool) -> None:
        self._settings.show_log = is_open


def _open(folder: Path) -> None:
    open_external(QUrl.fromLocalFile(str(folder)))
