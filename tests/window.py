"""A whole window for a test, driven by clicks and keys (a pytest plugin)."""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bed.as_provider import providers_toml
from bed.fixtures import Bed
from core.errors import AppError
from core.i18n.translation import LANGUAGES, use_language
from core.mailbox.job import Dependencies
from core.oauth.sign_in.browser import find_browser
from core.providers.live_catalog import LiveCatalog
from gui.controllers.closing import AskToClose, CloseChoice
from gui.controllers.parts import Parts
from gui.model.mailbox_list import MailboxList
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.settings import Settings
from gui.model.sign_in_task import FindBrowser
from gui.model.tasks import Tasks
from gui.startup.build import make_parts
from gui.startup.content import Content
from gui.system.autostart import Autostart
from gui.system.autostart_entries import DesktopFile
from gui.widgets.main_window import MainWindow
from gui.widgets.row_delegate import Part, RowDelegate
from gui.widgets.tray import Tray
from in_language import shown_as
from servers import NO_DNS, Stage, fixed

SOON = 15_000  # ms; a time limit that even a busy machine meets
_BED_BROWSER = Path(__file__).parent / "bed" / "browser.py"
_LEFT = Qt.MouseButton.LeftButton
_CTRL = Qt.KeyboardModifier.ControlModifier
_FROM_LEFT = 10  # pixels: there is the box of a check box
Widget = TypeVar("Widget", bound=QWidget)


@dataclass(slots=True)
class Driven:
    """A visible window, and the user in front of it."""

    qtbot: QtBot
    content: Content
    called: list[str] = field(default_factory=list)  # mailboxes for which the user is needed
    failed: list[AppError] = field(default_factory=list)
    failed_paths: list[Path] = field(default_factory=list)
    closed: list[Path | None] = field(default_factory=list)  # whose errors the user has closed
    noted: list[str] = field(default_factory=list)
    _ended: bool = False

    @property
    def parts(self) -> Parts:
        """What the window is made of."""
        return self.content.parts

    @property
    def window(self) -> MainWindow:
        """The main window."""
        return self.parts.window

    @property
    def settings(self) -> Settings:
        """What the window remembers."""
        return self.parts.settings

    @property
    def model(self) -> MailboxModel:
        """The rows of the list."""
        return self.parts.model

    @property
    def mailboxes(self) -> Mailboxes:
        """What acts on the mailboxes."""
        return self.parts.mailboxes

    def end(self) -> None:
        """Close the window as the program does at its end; a second call does nothing."""
        if self._ended:
            return
        self._ended = True
        self.content.closing.quit()
        parts = self.parts
        parts.tasks.close()
        parts.rehearsal.close()
        for part in (
            parts.window,
            parts.mailboxes,
            parts.provider_lookup,
            parts.sign_in_task,
            parts.tasks,
        ):
            part.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def wait(self, condition: Callable[[], Any], timeout: int = SOON) -> None:
        """Wait until a condition is true; the error shows what was noted and what failed."""
        try:
            self.qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)
        except Exception as exc:
            failed = [f"{error.message} ({error.detail})" for error in self.failed]
            raise AssertionError(f"{exc}; noted {self.noted}, failed {failed}") from exc

    def listed(self) -> None:
        """Wait until all token files have been read and are in the list."""
        self.wait(lambda: not self.mailboxes.files.is_reading)

    def reload(self) -> None:
        """Read the token files, and wait until they are in the list."""
        self.mailboxes.files.reload()
        self.listed()

    def rest(self) -> None:
        """Until nothing runs in another thread any more, and its results have been shown."""
        self.wait(lambda: not self.parts.tasks._running)

    def visible(self, kind: type[Widget]) -> list[Widget]:
        """Return all visible widgets of a class."""
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]

    def button(self, text: str, inside: QWidget | None = None) -> QAbstractButton:
        """Return the visible button with this text, or with this name and an icon alone."""
        buttons = [
            button
            for button in self.visible(QAbstractButton)
            if inside is None or inside.isAncestorOf(button)
        ]
        wanted = shown_as(text)
        found = [b for b in buttons if (b.text().replace("&", "") or b.accessibleName()) in wanted]
        assert 1 == len(found), (text, [b.text() for b in buttons])
        return found[0]

    def shows(self, text: str) -> bool:
        """Return whether a button with this text is visible."""
        wanted = shown_as(text)
        return any(b.text().replace("&", "") in wanted for b in self.visible(QAbstractButton))

    def click(self, text: str, inside: QWidget | None = None) -> None:
        """Click a button, or the box of a check box, once it has its size."""
        button = self.button(text, inside)
        self.wait(lambda: button.height() > 0 and button.width() > _FROM_LEFT)
        self.qtbot.mouseClick(button, _LEFT, pos=QPoint(_FROM_LEFT, button.height() // 2))

    def named(self, kind: type[Widget], name: str) -> Widget:
        """Return the widget with this accessible name."""
        wanted = shown_as(name)
        return next(w for w in self.window.findChildren(kind) if w.accessibleName() in wanted)

    def label(self, name: str) -> QLabel:
        """Return the label with this object name."""
        (found,) = self.window.findChildren(QLabel, name)
        return found

    def address_field(self) -> QLineEdit:
        """Return the address field."""
        fields = self.window.findChildren(QLineEdit)
        return next(f for f in fields if "you@example.com" == f.placeholderText())

    def type_address(self, address: str) -> None:
        """Click into the address field and type."""
        self.type_into(self.address_field(), address)

    def type_into(self, edit: QLineEdit, text: str) -> None:
        """Click into a field and replace its text."""
        self.qtbot.mouseClick(edit, _LEFT)
        self.qtbot.keyClick(edit, Qt.Key.Key_A, _CTRL)
        self.qtbot.keyClick(edit, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(edit, text)

    def table(self) -> QTableView:
        """Return the list of mailboxes."""
        return self.named(QTableView, "Mailboxes")

    def lines(self) -> MailboxList:
        """Return the lines of the list: headings and mailboxes."""
        lines = self.table().model()
        assert isinstance(lines, MailboxList)
        return lines

    def shown(self) -> list[str]:
        """Return the texts of the list, from top to bottom."""
        lines = self.lines()
        return [str(lines.index(number).data()) for number in range(lines.rowCount())]

    def row_rect(self, number: int) -> QRect:
        """Return where the mailbox of this row of the model is in the list; scroll to it."""
        line = self.lines().line(self.model.rows[number].path)
        assert line is not None
        self.table().scrollTo(self.lines().index(line))
        return self.table().visualRect(self.lines().index(line))

    def click_row(self, number: int, *, ctrl: bool = False) -> None:
        """Click the mailbox of this row of the model."""
        modifier = _CTRL if ctrl else Qt.KeyboardModifier.NoModifier
        where = self.row_rect(number).center()
        self.qtbot.mouseClick(self.table().viewport(), _LEFT, modifier, where)

    def click_part(self, number: int, part: Part) -> None:
        """Click the button or the dots of a mailbox's row."""
        rect, font = self.row_rect(number), self.table().font()
        line = self.table().indexAt(rect.center()).row()
        delegate = self.table().itemDelegate()
        assert isinstance(delegate, RowDelegate)
        places = (QPoint(x, rect.center().y()) for x in range(rect.left(), rect.right()))
        found = [at for at in places if part is delegate.part_at(at, rect, line, font)]
        assert found, part
        self.qtbot.mouseClick(self.table().viewport(), _LEFT, pos=found[len(found) // 2])

    def menu(self) -> QMenu:
        """Open the menu of the selected mailboxes as the menu key does."""
        viewport = self.table().viewport()
        where = viewport.rect().center()
        reason = QContextMenuEvent.Reason.Keyboard
        event = QContextMenuEvent(reason, where, viewport.mapToGlobal(where))
        QCoreApplication.sendEvent(viewport, event)
        return self.visible(QMenu)[-1]

    def can(self, text: str) -> bool:
        """Return whether the menu of the selected mailboxes offers this."""
        actions = self.parts.mailbox_table.actions_by_name.values()
        return next(a.isEnabled() for a in actions if text == a.text().replace("&", ""))

    def act(self, text: str) -> None:
        """Choose from the menu of the selected mailboxes."""
        menu = self.menu()
        action = next(a for a in menu.actions() if text == a.text().replace("&", ""))
        assert action.isEnabled(), text
        self.qtbot.mouseClick(menu, _LEFT, pos=menu.actionGeometry(action).center())
        self.window.activateWindow()  # as a window manager does when a menu has closed

    def addresses(self) -> list[str]:
        """Return the titles of all mailboxes, in the order of their files."""
        return [row.title for row in self.model.rows]

    def providers(self) -> list[str]:
        """Return the providers of all mailboxes."""
        return [row.provider for row in self.model.rows]

    def states(self) -> list[str]:
        """Return the states of all mailboxes in words."""
        return [row.state(self.model.now)[1] for row in self.model.rows]

    def state_icon(self, row: int) -> str:
        """Return the name of the icon of a mailbox's state."""
        return self.model.rows[row].state(self.model.now)[0]

    def kept(self) -> set[Path]:
        """Return the token files that the settings keep fresh at the next start."""
        return {Path(text) for text in self.settings.kept}

    def busy(self) -> bool:
        """Return whether the Get token button shows Cancel."""
        return any("Cancel" == b.text().replace("&", "") for b in self.visible(QAbstractButton))

    def error(self) -> str:
        """Return what the message bar says while it is not calm, as a screen reader speaks it."""
        message = self.parts.message_bar.message
        return "" if message.is_calm else message.spoken

    def panel_text(self) -> str:
        """Return all texts of the message bar's message."""
        message = self.parts.message_bar.message
        return "\n".join((message.headline, message.below, *message.more))

    def status(self) -> str:
        """Return the newest note."""
        return self.noted[-1] if self.noted else ""


def title_of_files(driven: Driven, menu: QMenu, text: str) -> str:
    """Choose from the menu what asks for files or a folder; return the title, and choose none."""
    titles: list[str] = []

    def cancel() -> None:
        (files,) = driven.window.findChildren(QFileDialog)
        titles.append(files.windowTitle())
        files.reject()

    QTimer.singleShot(0, cancel)  # the dialog is modal
    next(action for action in menu.actions() if text == action.text()).trigger()
    return titles[0]


def only(parent: QWidget, kind: type[Widget]) -> Widget:
    """Return the only child of this class."""
    (child,) = parent.findChildren(kind)
    return child


MakeWindow = Callable[..., Driven]


@pytest.fixture(params=LANGUAGES)
def every_language(request: pytest.FixtureRequest) -> None:
    """Run the test in each language of the program."""
    use_language(str(request.param))


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    """Open windows that are closed with the test; all windows of a test share their settings."""
    opened: list[Driven] = []

    def made(
        dependencies: Dependencies,
        folder: Path,
        *,
        browser: FindBrowser = lambda page, choice: None,
        ca_file: Path | None = None,
        ask: AskToClose = lambda _window, _closing: CloseChoice.QUIT,
        tray: Tray | None = None,
        environment_secret: str = "",
    ) -> Driven:
        settings = Settings(tmp_path / "settings" / "window.ini")
        if ca_file is not None:
            settings.ca_file = str(ca_file)
        entry = DesktopFile(tmp_path / "autostart")
        parts = make_parts(
            MainWindow(settings.geometry),
            settings,
            Tasks(),
            dependencies,
            folder=folder,
            environment_secret=environment_secret,
            tray=tray or Tray(is_available=lambda: False),
            autostart=Autostart(command=("/usr/bin/oauth2_imap",), entry=entry),
            browser=browser,
        )
        driven = Driven(qtbot, Content(parts, ask=ask))
        parts.mailboxes.user_needed.connect(
            lambda path, _: driven.called.append(parts.model.name(path))
        )
        parts.mailboxes.failed.connect(lambda _, error, _asked: driven.failed.append(error))
        parts.mailboxes.failed.connect(lambda path, *_: driven.failed_paths.append(path))
        parts.message_bar.dismissed.connect(lambda: driven.closed.append(None))
        parts.sign_in_task.failed.connect(driven.failed.append)
        parts.window.noted.connect(lambda text, _: driven.noted.append(text))
        opened.append(driven)
        parts.window.show()
        parts.window.activateWindow()
        qtbot.waitUntil(parts.window.isActiveWindow, timeout=SOON)
        driven.listed()
        return driven

    gc.collect()
    yield made
    for driven in opened:
        driven.end()
    opened.clear()
    # Python's garbage collector may run in any thread, but only the GUI thread may delete widgets.
    gc.collect()


@pytest.fixture
def make_stage_window(make_window: MakeWindow) -> MakeWindow:
    """Open a window on the quick servers; the other options are those of `make_window`."""

    def made(stage: Stage, **options: Any) -> Driven:
        dependencies = Dependencies(
            fixed(stage.catalog, stage.own_file),
            options.pop("lookups", NO_DNS),
            stage.clock,
            stage.store,
        )
        wanted = {
            "browser": lambda page, choice: stage.browser,
            "ca_file": stage.ca_file,
            **options,
        }
        return make_window(dependencies, stage.path.parent, **wanted)

    return made


@pytest.fixture
def make_bed_window(make_window: MakeWindow, bed: Bed, tmp_path: Path) -> MakeWindow:
    """Open a window on the test bed."""
    own = tmp_path / "providers.toml"
    own.write_text(providers_toml(bed), "utf-8")
    dependencies = Dependencies(LiveCatalog(own), NO_DNS, time.time)

    def made(**options: Any) -> Driven:
        return make_window(dependencies, tmp_path / "tokens", **{"ca_file": bed.ca_file, **options})

    return made


def chromium_as(user: str, act: str = "allow") -> FindBrowser:
    """Return a browser in which this user signs in, and allows or denies."""
    named = {"BROWSER": f"{sys.executable} {_BED_BROWSER} %s", "BED_USER": user, "BED_ACT": act}
    return lambda page, choice: find_browser({**os.environ, **named}, page=page, choice=choice)
