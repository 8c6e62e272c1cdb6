"""What follows the first frame: the log, the content, and the program's place among others."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from core.errors import AppError
from core.log import set_up
from core.mailbox.job import new_dependencies
from gui.model.icons import app_icon
from gui.model.settings import Settings
from gui.model.start_arguments import Start
from gui.model.tasks import Jobs
from gui.startup import exception_hook
from gui.startup.compose import compose_content
from gui.startup.single_instance import SingleInstance
from gui.system.token_folder import usual_folder
from gui.widgets.main_window import MainWindow


def furnish(
    app: QApplication,
    window: MainWindow,
    *,
    settings: Settings,
    instance: SingleInstance,
    start: Start,
) -> None:
    """Make the window whole and begin what the start asked for."""
    set_up()
    exception_hook.log_qt_messages()
    if not instance.listen() and not instance.complaint and instance.hand_over(start.address):
        app.quit()  # another window came up at the same time
        return
    app.aboutToQuit.connect(instance.close)
    app.setWindowIcon(app_icon())
    try:
        dependencies = new_dependencies()
    except AppError as exc:
        from gui.startup.unusable import explain  # seldom wanted

        instance.address_received.connect(window.come_to_front)
        explain(window, exc)
        return
    app.setQuitOnLastWindowClosed(False)  # it may go to the tray
    jobs = Jobs()
    app.aboutToQuit.connect(jobs.close)
    chosen = start.folder_of_script(Path.cwd()) or settings.token_folder
    folder, moved = (Path(chosen), "") if chosen else usual_folder()
    content = compose_content(window, settings, jobs, dependencies, folder=folder)
    exception_hook.show_exceptions(content.error_panel.show_error)
    instance.address_received.connect(content.arrivals.take_address)
    content.closing.ended.connect(app.quit)
    app.commitDataRequest.connect(content.closing.end_of_session)
    for warning in filter(None, (moved, instance.complaint)):
        window.note(warning, warning=True)
    content.arrivals.begin(start)
