"""The content of the window: lays the widgets out, and connects them by the controllers."""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from core.i18n.translation import _
from core.model import Outcome
from gui.controllers.ask_owner import AskOwnerController
from gui.controllers.closing import AskToClose, CloseController, ask_to_close
from gui.controllers.detail import DetailController
from gui.controllers.import_files import ImportController
from gui.controllers.message_acts import MessageActsController
from gui.controllers.messages import MessageController
from gui.controllers.open_list import OpenListController, is_list
from gui.controllers.own_registration import OwnRegistrationController
from gui.controllers.parts import Parts
from gui.controllers.pretend import PretendController
from gui.controllers.refreshing import RefreshController
from gui.controllers.remove_mailbox import RemoveMailboxController
from gui.controllers.run_here import RunHereController
from gui.controllers.save_report import SaveReportController
from gui.controllers.settings import SettingsController
from gui.controllers.sign_in import SignInController
from gui.controllers.source_destination import SourceDestinationController
from gui.controllers.startup_request import StartupRequestController
from gui.controllers.stop_with_imapsync import StopWithImapsyncController
from gui.controllers.unread_note import UnreadNoteController
from gui.controllers.user_commands import UserCommandsController
from gui.model.folder_watch import FolderWatch
from gui.model.untested import mark_untested
from gui.system.open_external import open_or_tell
from gui.widgets.empty_list import TRY_THE_DEMO
from gui.widgets.enter_key import EnterKey
from gui.widgets.file_drop import FileDrop
from gui.widgets.log_splitter import LogSplitter
from gui.widgets.middle import Middle
from gui.widgets.page import Column
from gui.widgets.side_pane import SidePane

if TYPE_CHECKING:  # imported when it is first opened
    from gui.widgets.manual import ManualDialog

log = logging.getLogger(__name__)

_ONCE_PAINTED = 1  # ms; what is due in 0 ms, Qt does before it paints


class Content(Column):
    """Everything below the address bar, and what the menus do."""

    def __init__(self, parts: Parts, *, ask: AskToClose = ask_to_close) -> None:
        """`ask` is the question at closing."""
        super().__init__()
        self.parts = parts
        self.sign_in = SignInController(parts, parent=self)
        self.settings = SettingsController(parts, parent=self)
        self.refreshing = RefreshController(parts, parent=self)
        self.startup_request = StartupRequestController(parts, self.sign_in, parent=self)
        self.closing = CloseController(parts, ask=ask, parent=self)
        self._ask_owner = AskOwnerController(parts, self.sign_in, parent=self)
        self._import = ImportController(parts, self.sign_in, parent=self)
        self._open_list = OpenListController(parts, self.sign_in, parent=self)
        self._own_registration = OwnRegistrationController(parts, self.sign_in, parent=self)
        self._save_report = SaveReportController(parts, parent=self)
        self._user_commands = UserCommandsController(parts, parent=self)
        MessageController(parts, self.sign_in, parent=self)
        MessageActsController(parts, self.settings, self._save_report, parent=self)
        DetailController(parts, parent=self)
        PretendController(parts, parent=self)
        RemoveMailboxController(parts, parent=self)
        StopWithImapsyncController(parts, parent=self)
        SourceDestinationController(parts, self.sign_in, parent=self)
        RunHereController(parts, parent=self)
        UnreadNoteController(parts, parent=self)
        self._folder_watch = FolderWatch(self)
        self._lay_out()
        self._fill_menus()
        self._connect()
        self._restore()
        parts.window.set_content(self)

    def _lay_out(self) -> None:
        parts = self.parts
        parts.window.header.add_page(parts.waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(parts.message_bar)
        column.addWidget(parts.request_strip)
        column.addWidget(parts.list_strip)
        column.addWidget(LogSplitter(self._middle(), parts.log_pane), 1)

    def _middle(self) -> Middle:
        """Return the list, and beside it what belongs to the selected mailboxes."""
        parts = self.parts
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(parts.refresh_bar)
        column.addWidget(parts.mailbox_table, 1)
        selected = QWidget()
        of_selected = QVBoxLayout(selected)
        of_selected.setContentsMargins(0, 0, 0, 0)
        of_selected.addWidget(parts.detail)
        of_selected.addWidget(parts.migration, 1)
        parts.migration.align_title(parts.refresh_bar.sizeHint().height())
        self._side = SidePane(selected)
        return Middle(left, self._side)

    def _fill_menus(self) -> None:
        program, help_ = self.parts.window.program_menu, self.parts.window.help_menu
        for text, act in (
            (_("&Ask somebody else to sign in…"), self._ask_owner.ask),
            (_("Open the token &folder"), self._open_token_folder),
            (_("Open a &list of mailboxes…"), self._open_list.choose),
            (_("&Import from another program…"), self._import.choose),
            (_("Your own registratio&n…"), self._own_registration.open),
            (_(TRY_THE_DEMO), self.sign_in.rehearse),
        ):
            program.addAction(text).triggered.connect(act)
        # Windows has no standard key for most of these.
        _add(program, _("&Settings…"), "Ctrl+,", self.settings.open)
        program.addSeparator()
        _add(program, _("&Quit"), "Ctrl+Q", self.closing.ask_to_quit)
        _add(help_, _("&Manual"), "F1", self._show_manual)
        help_.addAction(_("Save a &report…")).triggered.connect(self._save_report.save)
        help_.addAction(_("&About")).triggered.connect(self._show_about)

    def _connect(self) -> None:
        parts = self.parts
        EnterKey(parts.window)
        FileDrop(parts.window).dropped.connect(self._take_dropped)
        parts.mailbox_table.open_folder.connect(
            lambda paths: self._open_folders(path.parent for path in paths)
        )
        parts.mailboxes.files.begun.connect(self._watch_folder)  # so that no change is missed
        parts.mailboxes.files.catalog_changed.connect(self.sign_in.offer_providers)
        self._folder_watch.changed.connect(parts.mailboxes.files.reload)
        self.sign_in.signed_in.connect(self._signed_in)
        parts.mailbox_table.selected.connect(self._side.show_selection)
        parts.window.noted.connect(parts.message_bar.show_note)
        parts.log_pane.problem.connect(parts.message_bar.show_error)
        parts.log_pane.opened.connect(self._remember_log)
        parts.mailbox_table.order_chosen.connect(self._remember_order)
        parts.mailbox_table.folded.connect(self._remember_folded)
        parts.window.completed.connect(parts.window.address_bar.complete)
        parts.window.completed.connect(self._name_folder)
        parts.tray.open_requested.connect(parts.window.come_to_front)
        parts.tray.quit_requested.connect(self.closing.ask_to_quit)

    def _restore(self) -> None:
        parts, settings = self.parts, self.parts.settings
        self.sign_in.offer_providers()
        parts.window.address_bar.offer_addresses(settings.addresses)
        parts.log_pane.install()
        parts.log_pane.set_open(settings.show_log)
        parts.mailbox_table.sort_by(settings.list_order)
        parts.mailbox_table.fold(settings.folded_groups)
        self.settings.restore()
        self.refreshing.restore()
        self._user_commands.restore()
        self._open_list.restore()
        parts.mailboxes.files.when_complete(lambda: mark_untested(parts.model, parts.tasks))
        QTimer.singleShot(_ONCE_PAINTED, self, self._list_files)
        if settings.problem:
            parts.window.note(settings.problem, warning=True)

    def _list_files(self) -> None:
        self.parts.mailboxes.files.reload()
        self.parts.mailboxes.files.warn()

    def _name_folder(self) -> None:
        """The first line of the log, not before the window is complete: it opens the log file."""
        log.info("Token files are in %s", self.parts.mailboxes.files.folder)

    def _watch_folder(self) -> None:
        self._folder_watch.watch(self.parts.mailboxes.files.folder)

    def _signed_in(self, outcome: Outcome) -> None:
        path = Path(outcome.file)
        claimed = self.startup_request.claim(outcome.address, outcome.provider, path)
        keep = claimed or self.parts.settings.keep_refreshing
        self.parts.mailboxes.signed_in(outcome, keep=keep)
        self.parts.mailbox_table.select(path)

    def _take_dropped(self, paths: Sequence[Path]) -> None:
        """Open a list, and import the files of other programs."""
        lists = [path for path in paths if is_list(path)]
        others = [path for path in paths if path not in lists]
        for path in lists[:1]:  # one at a time
            self._open_list.open(path)
        if others:
            self.parts.importer.start(others)

    def _show_manual(self) -> None:
        self._manual.come_to_front()

    @cached_property
    def _manual(self) -> "ManualDialog":
        from gui.widgets.manual import ManualDialog

        return ManualDialog(self)

    def _show_about(self) -> None:
        from gui.widgets.about import AboutDialog  # rarely needed

        AboutDialog(self).exec()

    def _open_token_folder(self) -> None:
        self._open_folders([self.parts.mailboxes.files.folder])

    def _open_folders(self, folders: Iterable[Path]) -> None:
        """Open each one once."""
        for folder in dict.fromkeys(folders):
            open_or_tell(folder, self.parts.window.note)

    def _remember_order(self, name: str) -> None:
        self.parts.settings.list_order = name

    def _remember_folded(self, names: list[str]) -> None:
        self.parts.settings.folded_groups = names

    def _remember_log(self, is_open: bool) -> None:
        self.parts.settings.show_log = is_open


def _add(menu: QMenu, text: str, key: str, act: Callable[[], object]) -> None:
    action = menu.addAction(text)
    action.setShortcut(QKeySequence(key))
    action.triggered.connect(act)
