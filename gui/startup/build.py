"""What follows the first frame: the log, the content, and the program's place among others."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from core.errors import AppError
from core.log import set_up
from core.mailbox.job import Dependencies, new_dependencies
from core.net.network import Network
from gui.model.icons import app_icon
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.provider_lookup import ProviderLookup
from gui.model.settings import Settings
from gui.model.sign_in_task import SignInTask
from gui.model.start_arguments import StartArguments
from gui.model.tasks import Tasks
from gui.startup import exception_hook
from gui.startup.content import Content
from gui.startup.single_instance import SingleInstance
from gui.system.autostart import Autostart
from gui.system.token_folder import default_token_folder
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.main_window import MainWindow
from gui.widgets.tray import Tray


def build_window(
    app: QApplication,
    window: MainWindow,
    *,
    settings: Settings,
    instance: SingleInstance,
    start: StartArguments,
) -> None:
    """Make the window whole and begin what the start asked for."""
    set_up()
    exception_hook.log_qt_messages()
    if not instance.listen() and not instance.problem and instance.hand_over(start.address):
        app.quit()  # another window came up at the same time
        return
    app.aboutToQuit.connect(instance.close)
    app.setWindowIcon(app_icon())
    try:
        dependencies = new_dependencies()
    except AppError as exc:
        instance.address_received.connect(window.come_to_front)
        explain(window, exc)
        return
    app.setQuitOnLastWindowClosed(False)  # it may go to the tray
    tasks = Tasks()
    app.aboutToQuit.connect(tasks.close)
    chosen = start.folder_of_script(Path.cwd()) or settings.token_folder
    folder, moved = (Path(chosen), "") if chosen else default_token_folder()
    content = compose_content(window, settings, tasks, dependencies, folder=folder)
    exception_hook.show_exceptions(content.error_panel.show_error)
    instance.address_received.connect(content.arrivals.take_address)
    content.closing.ended.connect(app.quit)
    app.commitDataRequest.connect(content.closing.end_of_session)
    for warning in filter(None, (moved, instance.problem)):
        window.note(warning, warning=True)
    content.arrivals.begin(start)


def compose_content(
    window: MainWindow,
    settings: Settings,
    tasks: Tasks,
    dependencies: Dependencies,
    *,
    folder: Path,
    tray: Tray | None = None,
) -> Content:
    """Furnish the window; `folder` is where the token files lie."""
    model = MailboxModel()
    mailboxes = Mailboxes(
        model,
        tasks,
        dependencies,
        folder=folder,
        interval=settings.interval_minutes * 60.0,
        network=Network(ca_file=Path(settings.ca_file) if settings.ca_file else None),
    )
    return Content(
        window,
        settings=settings,
        tasks=tasks,
        model=model,
        mailboxes=mailboxes,
        sign_in=SignInTask(tasks, dependencies),
        lookup=ProviderLookup(tasks, dependencies),
        tray=tray or Tray(),
        autostart=Autostart(),
    )


def explain(window: MainWindow, error: AppError) -> None:
    """Say why, and leave what helps: About opens that file."""
    from gui.widgets.about import AboutDialog

    window.address_bar.setEnabled(False)
    window.program_menu.addAction("&Quit").triggered.connect(window.close)
    window.help_menu.addAction("&About").triggered.connect(lambda: AboutDialog(window).exec())
    panel = ErrorPanel()
    panel.dismissed.connect(window.close)
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(panel)
    column.addStretch()
    window.set_content(content)
    panel.show_error(error)
