"""What one window is made of; every controller gets it."""

from typing import NamedTuple

from gui.model.imapsync_run import ImapsyncRun
from gui.model.importer import Importer
from gui.model.list_run import ListRun
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.owner_requests import OwnerRequests
from gui.model.provider_lookup import ProviderLookup
from gui.model.rehearsal import Rehearsal
from gui.model.settings import Settings
from gui.model.sign_in_task import SignInTask
from gui.model.tasks import Tasks
from gui.model.user_commands import UserCommands
from gui.system.autostart import Autostart
from gui.system.keep_awake import KeepAwake
from gui.widgets.detail_pane import DetailPane
from gui.widgets.list_strip import ListStrip
from gui.widgets.log_pane import LogPane
from gui.widgets.mailbox_table import MailboxTable
from gui.widgets.main_window import MainWindow
from gui.widgets.message_bar import MessageBar
from gui.widgets.migration_card import MigrationCard
from gui.widgets.refresh_bar import RefreshBar
from gui.widgets.request_strip import RequestStrip
from gui.widgets.sign_in_options import SignInOptions
from gui.widgets.tray import Tray
from gui.widgets.waiting_panel import WaitingPanel


class Parts(NamedTuple):
    """The model, the system and the widgets of one window; gui.startup.build creates them."""

    settings: Settings
    tasks: Tasks
    model: MailboxModel
    mailboxes: Mailboxes
    rehearsal: Rehearsal
    sign_in_task: SignInTask
    imapsync_run: ImapsyncRun
    importer: Importer
    list_run: ListRun
    user_commands: UserCommands
    provider_lookup: ProviderLookup
    owner_requests: OwnerRequests
    autostart: Autostart
    keep_awake: KeepAwake
    window: MainWindow
    options: SignInOptions
    message_bar: MessageBar
    waiting: WaitingPanel
    refresh_bar: RefreshBar
    request_strip: RequestStrip
    list_strip: ListStrip
    mailbox_table: MailboxTable
    detail: DetailPane
    migration: MigrationCard
    log_pane: LogPane
    tray: Tray
