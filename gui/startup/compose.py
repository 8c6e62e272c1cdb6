"""Puts the content of the window together: the parts that work, and those that show."""

import time
from pathlib import Path

from core.mailbox.job import Surroundings
from core.net.network import Network
from core.providers.catalog import load_catalog, own_file
from core.providers.detection import resolve_mx_by_dns
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


def new_surroundings() -> Surroundings:
    """The real ones."""
    own = own_file()
    return Surroundings(load_catalog(own), own, resolve_mx_by_dns, time.time)


def compose(
    window: MainWindow,
    settings: Settings,
    jobs: Jobs,
    surroundings: Surroundings,
    *,
    folder: Path,
    tray: Tray | None = None,
) -> Content:
    """Furnish the window; `folder` is where the token files lie."""
    model = MailboxModel()
    mailboxes = Mailboxes(
        model,
        jobs,
        surroundings,
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
        sign_in=SignIn(jobs, surroundings),
        lookup=Lookup(jobs, surroundings),
        tray=tray or Tray(),
        autostart=Autostart(),
    )
