"""Puts the content of the window together: the parts that work, and those that show."""

from pathlib import Path

from core.mailbox.job import Dependencies
from core.net.network import Network
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.provider_lookup import Lookup
from gui.model.settings import Settings
from gui.model.sign_in_task import SignIn
from gui.model.tasks import Jobs
from gui.startup.content import Content
from gui.system.autostart import Autostart
from gui.widgets.main_window import MainWindow
from gui.widgets.tray import Tray


def compose_content(
    window: MainWindow,
    settings: Settings,
    jobs: Jobs,
    dependencies: Dependencies,
    *,
    folder: Path,
    tray: Tray | None = None,
) -> Content:
    """Furnish the window; `folder` is where the token files lie."""
    model = MailboxModel()
    mailboxes = Mailboxes(
        model,
        jobs,
        dependencies,
        folder=folder,
        interval=settings.interval_minutes * 60.0,
        network=Network(ca_file=Path(settings.ca_file) if settings.ca_file else None),
    )
    return Content(
        window,
        settings=settings,
        jobs=jobs,
        model=model,
        mailboxes=mailboxes,
        sign_in=SignIn(jobs, dependencies),
        lookup=Lookup(jobs, dependencies),
        tray=tray or Tray(),
        autostart=Autostart(),
    )
