"""What follows the first frame: the log, the parts of the window, and the start's request."""

import os
from pathlib import Path

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from core.client_secret import client_secret_in
from core.errors import AppError
from core.i18n.translation import _
from core.log import set_up
from core.mailbox.job import Dependencies, new_dependencies
from core.net.network import Network
from core.paths import own_providers_file, program_for_scripts
from gui.controllers.parts import Parts
from gui.model.icons import app_icon
from gui.model.imapsync_run import ImapsyncRun
from gui.model.importer import Importer
from gui.model.list_run import ListRun
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.message_act import Act
from gui.model.owner_requests import OwnerRequests
from gui.model.provider_lookup import ProviderLookup
from gui.model.rehearsal import Rehearsal
from gui.model.settings import Settings
from gui.model.sign_in_task import FindBrowser, SignInTask, find_browser
from gui.model.start_arguments import StartArguments
from gui.model.tasks import Tasks
from gui.model.user_commands import UserCommands
from gui.startup import exception_hook, garbage
from gui.startup.content import Content
from gui.startup.single_instance import Asked, SingleInstance
from gui.system.autostart import Autostart
from gui.system.keep_awake import KeepAwake
from gui.system.open_external import open_or_tell
from gui.system.token_folder import token_folder
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

_ANYONE = "you@example.com"  # the conditions are the same for all addresses


def build_window(
    app: QApplication,
    window: MainWindow,
    *,
    settings: Settings,
    instance: SingleInstance,
    start: StartArguments,
) -> None:
    """Complete the window, and do what the command line asks for."""
    set_up()
    exception_hook.log_qt_messages()
    if not instance.listen() and not instance.problem and not start.address:
        instance.raise_window()  # another window came up at the same time
        app.quit()
        return
    app.aboutToQuit.connect(instance.close)
    window.completed.connect(lambda: app.setWindowIcon(app_icon()))
    try:
        dependencies = new_dependencies()
        dependencies.providers.check()
        # Read once: while a browser is started, the variable is taken out for a moment.
        secret = client_secret_in(os.environ)
    except AppError as exc:
        instance.raised.connect(window.come_to_front)
        show_startup_error(window, exc)
        garbage.resume()
        return
    app.setQuitOnLastWindowClosed(False)  # the window may go to the tray
    tasks = Tasks()
    app.aboutToQuit.connect(tasks.close)
    folder, moved = token_folder(settings.token_folder, beside_script=bool(start.address))
    content = Content(
        make_parts(window, settings, tasks, dependencies, folder=folder, environment_secret=secret)
    )
    app.aboutToQuit.connect(content.parts.rehearsal.close)
    exception_hook.show_exceptions(content.parts.message_bar.show_error)
    instance.raised.connect(window.come_to_front)
    instance.conditions = lambda: _conditions(content)
    instance.asked.connect(lambda asked: _take(content, asked))
    content.closing.ended.connect(app.quit)
    app.commitDataRequest.connect(content.closing.end_of_session)
    for warning in filter(None, (moved, instance.problem)):
        window.note(warning, warning=True)
    content.parts.mailboxes.files.when_complete(garbage.resume)
    content.startup_request.start(start)


def _conditions(content: Content) -> str:
    from gui.startup.answers import conditions_of  # asked by a second start only

    return conditions_of(content.parts.mailboxes.requests.for_address(_ANYONE))


def _take(content: Content, asked: Asked) -> None:
    from gui.startup.answers import answer_of

    content.startup_request.take_call(
        asked.address,
        lambda result: asked.answer(answer_of(asked.address, result)),
        lambda: asked.is_waiting,
    )


def make_parts(
    window: MainWindow,
    settings: Settings,
    tasks: Tasks,
    dependencies: Dependencies,
    *,
    folder: Path,
    environment_secret: str = "",
    tray: Tray | None = None,
    autostart: Autostart | None = None,
    browser: FindBrowser = find_browser,
) -> Parts:
    """Create what the window is made of; `folder` is where the token files lie."""
    model = MailboxModel()
    network = Network(ca_file=Path(settings.ca_file) if settings.ca_file else None)
    interval = settings.interval_minutes * 60.0
    table, rehearsal = MailboxTable(model), Rehearsal(dependencies.providers)
    mailboxes = Mailboxes(
        model,
        tasks,
        dependencies,
        rehearsal,
        folder=folder,
        interval=interval,
        network=network,
        environment_secret=environment_secret,
    )
    return Parts(
        settings=settings,
        tasks=tasks,
        model=model,
        mailboxes=mailboxes,
        rehearsal=rehearsal,
        imapsync_run=ImapsyncRun(tasks, dependencies.clock, mailboxes.keeping.keeps, model.dead),
        importer=Importer(tasks, dependencies, mailboxes.requests),
        user_commands=UserCommands(),
        list_run=ListRun(tasks, dependencies, mailboxes.requests),
        sign_in_task=SignInTask(tasks, dependencies, rehearsal, browser=browser),
        provider_lookup=ProviderLookup(tasks, dependencies, mailboxes.requests),
        owner_requests=OwnerRequests(tasks, dependencies, mailboxes.requests),
        autostart=autostart or Autostart(),
        keep_awake=KeepAwake(window),
        window=window,
        options=SignInOptions(window),
        message_bar=MessageBar(),
        waiting=WaitingPanel(),
        refresh_bar=RefreshBar(),
        request_strip=RequestStrip(),
        list_strip=ListStrip(),
        mailbox_table=table,
        detail=DetailPane(table.actions_by_name),
        migration=MigrationCard(model, program_for_scripts(), imapsync=settings.imapsync),
        log_pane=LogPane(),
        tray=tray or Tray(),
    )


def show_startup_error(window: MainWindow, error: AppError) -> None:
    """Show in the window why it can't be used; the menus offer About and Quit."""
    from gui.widgets.about import AboutDialog  # it opens providers.toml, to correct it

    window.address_bar.setEnabled(False)
    window.program_menu.addAction(_("&Quit")).triggered.connect(window.close)
    window.help_menu.addAction(_("&About")).triggered.connect(lambda: AboutDialog(window).exec())
    panel = MessageBar(offers=(Act.OWN_PROVIDERS,))
    panel.dismissed.connect(window.close)
    file = own_providers_file()
    panel.act_wanted.connect(
        lambda _: open_or_tell(file if file.exists() else file.parent, window.note)
    )
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(panel)
    column.addStretch()
    window.set_content(content)
    panel.show_error(error)
