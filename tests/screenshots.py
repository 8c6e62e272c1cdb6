"""Pictures of the window for the README, and for looking at it: real clicks at the demo's servers.

    python tests/screenshots.py [FOLDER] [--scale 1|2] [--size WIDTHxHEIGHT] [--language CODE]

They go into FOLDER (docs/screenshots). --scale 2 draws as on a screen at 200 %, --size is that of
the window, and --language its language: these are for looking at, and not for the README. Without a
DISPLAY the script starts an Xvfb of its own. No account and no network is used: the names of the
mail servers lead to this computer, and the clock is put to a day of its own, so that pictures only
change when the window does.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
for _folder in (ROOT, ROOT / "tests", ROOT / "release"):
    sys.path.insert(0, str(_folder))

from bed import install  # noqa: E402  # it sees to Qt's libraries, so it comes before Qt
from core.i18n.translation import ENGLISH, LANGUAGES  # noqa: E402
from core.mailbox.job import Dependencies  # noqa: E402
from core.oauth.sign_in.certificate import Certificate, self_signed  # noqa: E402
from core.providers.live_catalog import LiveCatalog  # noqa: E402
from core.tokenfile.format import TokenFile, serialize  # noqa: E402
from core.tokenfile.place import file_name  # noqa: E402
from faulty_servers.authorization_server import FaultyAuthorizationServer  # noqa: E402
from faulty_servers.imap_server import FaultyImapServer  # noqa: E402
from faulty_servers.responses import Fault  # noqa: E402
from in_language import shown_as  # noqa: E402
from servers import mail_servers  # noqa: E402

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

    from gui.widgets.mailbox_view import MailboxView

FOLDER = ROOT / "docs" / "screenshots"
SCREEN = "2400x2000x24"  # has room for the window at 200 %
SOURCE, DESTINATION = "foo@example.com", "bar@example.org"
MX = {"example.com": "example-com.mail.protection.outlook.com", "example.org": "aspmx.l.google.com"}
HOSTS = {"office365": "outlook.office365.com", "gmail": "imap.gmail.com"}
DOMAINS = {"office365": "example.com", "gmail": "example.org"}
# As Microsoft's answer has them.
DEVICE_CODE = {
    "user_code": "GHK7LQ2PZ",
    "verification_uri": "https://microsoft.com/devicelogin",
    "verification_uri_complete": None,
}
NAMES = ("anna", "ben", "chiara", "dmitri", "eva", "femi", "grace")
MANY = 25  # mailboxes
STORIES = (
    "empty",
    "waiting",
    "two_fresh",
    "migration",
    "trouble",
    "many",
    "list",
    "list_done",
    "dark",
    "dark_waiting",
    "device_code",
    "dark_device_code",
    "options",
    "settings",
    "scale_200",
)
# The smallest usual screen at 200 % is 1920 pixels wide: half of it, without the system's own bars.
AT_200 = ("--scale", "2", "--size", "950x500", "--only", "two_fresh", "--as", "scale_200")
MORNING = 1_772_445_660.0  # Monday, 2 March 2026, 10:01 UTC
# In imapsync's place; prints what imapsync prints in the middle of a migration.
IMAPSYNC = """#!/bin/sh
[ "$*" = --version ] && echo 2.312 && exit
trap 'exit 6' TERM
echo "Folder     3/12 [Archive]                       -> [Archive]"
n=0
while [ $n -lt 234 ]; do
    n=$((n + 1))
    echo "msg Archive/$n {4711}  copied to Archive/$n  1.50 msgs/s"
done
echo "ETA: Mon Mar  2 10:35:43 2026 UTC  667 s  1000/1234 msgs left"
while :; do sleep 0.1; done
"""
SOON = 20.0  # seconds
# The same on every machine. Of Qt's themes for X11 those of a desktop alone can be told to be dark.
LOOKS = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "QT_QPA_PLATFORMTHEME": "gnome",
    "QT_LOGGING_RULES": "qt.qpa.theme.*=false",
}


def main(arguments: list[str] | None = None) -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument(
        "--scale", type=int, choices=(1, 2), default=1, help="1 for 100 %%, 2 for 200 %%"
    )
    parser.add_argument("--size", help="of the window, for example 1024x700")
    parser.add_argument("--language", choices=LANGUAGES, default=ENGLISH, help="of the window")
    parser.add_argument("--only", help="the picture that is wanted")
    parser.add_argument("--as", dest="name", help="its name")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.here:
        take_pictures(options)
        return 0
    given = sys.argv[1:] if arguments is None else arguments
    with display() as environment:
        _in_a_process(environment, given, options.scale)
        if not {"--scale", "--size", "--only", "--language"} & set(given):
            _in_a_process(environment, [*given, *AT_200], 2)
    return 0


def _in_a_process(environment: dict[str, str], arguments: list[str], scale: int) -> None:
    """Take pictures at a scale, which is set for a whole process."""
    command = [sys.executable, __file__, *arguments, "--here"]
    looks = {**LOOKS, "QT_SCALE_FACTOR": str(scale)}
    subprocess.run(command, env=environment | looks, check=True)


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Return the environment for a window; start Xvfb where there is no screen."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform != "linux":
        yield dict(os.environ)
        return
    with virtual_screen() as name:
        yield {**os.environ, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}


@contextmanager
def virtual_screen(size: str = SCREEN) -> Iterator[str]:
    """Run an Xvfb; yield its name for DISPLAY."""
    program = install.xvfb()
    command = [str(program), "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
    # One that ends deletes the socket with its number, though another may have taken that already.
    turns = install.one_at_a_time("xvfb")
    with turns:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert server.stdout
        name = f":{server.stdout.readline().decode().strip()}"
    try:
        yield name
    finally:
        with turns, server:
            server.terminate()


def take_pictures(options: argparse.Namespace) -> None:
    """Take the pictures in this process, whose scale is set in its environment."""
    from PySide6.QtWidgets import QApplication

    from gui.startup.language import choose_language, translate_qt

    logging.getLogger().setLevel(logging.INFO)
    random.seed(0)  # refreshes are spread in time, and the next one of each is in the pictures
    options.folder = options.folder.absolute()  # the current folder is another one soon
    options.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(["oauth2_imap"])
    app.setCursorFlashTime(0)  # a cursor that blinks would be in some pictures only
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    choose_language(options.language)
    translate_qt(app)
    with ExitStack() as closing:
        work = closing.enter_context(_work_folder())
        closing.enter_context(chdir(work))  # the settings name the token folder in it
        stage = Stage(work, closing)
        names = {options.only: options.name or options.only} if options.only else {}
        show = Show(stage, options.folder, names)
        closing.callback(show.close)
        if options.size:
            show.window.resize(*map(int, options.size.split("x")))
        show.run()


@contextmanager
def _work_folder() -> Iterator[Path]:
    """Yield a folder with a short path, since the pictures show it."""
    work = Path(tempfile.gettempdir()) / "migration"
    try:
        work.mkdir(mode=0o700)
    except FileExistsError:
        work = Path(tempfile.mkdtemp(prefix="migration_"))
    try:
        yield work
    finally:
        shutil.rmtree(work)


class Stage:
    """Two providers on this computer, with the names of the real ones."""

    def __init__(self, work: Path, closing: ExitStack) -> None:
        """Start them; they end with `closing`."""
        self.work = work
        self.now = MORNING
        self.ports: dict[str, int] = {}  # of the IMAP servers, by host
        certificate = self_signed(("localhost", "127.0.0.1", "::1", *HOSTS.values()))
        self.ca_file = work / "ca.pem"
        self.ca_file.write_bytes(certificate.certificate_pem)
        self.source = self._serve("office365", SOURCE, certificate, closing)
        self.source.device_codes.changes = DEVICE_CODE
        self.destination = self._serve("gmail", DESTINATION, certificate, closing)
        lead(self.ports)
        logging.setLogRecordFactory(self._record)
        own = work / "providers.toml"
        data = _overlay("office365", self.source) + _overlay("gmail", self.destination)
        own.write_text(data, "utf-8")
        self.dependencies = Dependencies(LiveCatalog(own), mail_servers(_mx), lambda: self.now)

    def _record(self, *args: Any, **options: Any) -> logging.LogRecord:
        record = logging.LogRecord(*args, **options)
        record.created = self.now
        return record

    def give(self, address: str, provider: str, *, age: float) -> None:
        """Write the token file of a mailbox whose grant no server knows any more."""
        file = TokenFile(
            "ya29.access",
            "1//refresh",
            account=address,
            provider=provider,
            application="thunderbird",
            issued_at=self.now - age,
            expires_at=self.now - age + 3600,
            signed_in_at=self.now - 2 * 86_400,
        )
        path = self.work / "tokens" / file_name(address)
        path.write_bytes(serialize(file, now=self.now))
        path.chmod(0o600)

    def _serve(
        self, provider: str, account: str, certificate: Certificate, closing: ExitStack
    ) -> FaultyAuthorizationServer:
        server = closing.enter_context(
            FaultyAuthorizationServer(
                certificate=certificate,
                account=account,
                automatic_consent=True,
                clock=lambda: self.now,
            )
        )
        mailbox = closing.enter_context(
            FaultyImapServer(server.account_of, certificate=certificate)
        )
        self.ports[HOSTS[provider]] = mailbox.port
        return server


def lead(hosts: Mapping[str, int]) -> None:
    """Redirect connections to these hosts to ports of this computer."""
    # Addresses for documentation (RFC 5737), so that nothing else can be meant by them.
    addresses = {host: f"192.0.2.{number}" for number, host in enumerate(hosts, 1)}
    ports = {addresses[host]: port for host, port in hosts.items()}
    find, connect = socket.getaddrinfo, socket.create_connection

    def found(host: Any, *args: Any, **options: Any) -> Any:
        return find(addresses.get(host, host), *args, **options)

    def connected(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        host, port = address
        there = ("127.0.0.1", ports[host]) if host in ports else (host, port)
        return connect(there, *args, **options)

    socket.getaddrinfo = found
    socket.create_connection = connected  # type: ignore[assignment]  # with fewer overloads


def _mx(domain: str) -> list[str]:
    return [f"10 {MX[domain]}"]


def _overlay(provider: str, server: FaultyAuthorizationServer) -> str:
    """Return a part of providers.toml that moves a provider to a server of ours."""
    uris = f'authorize_uri = "{server.authorize_uri}"\ntoken_uri = "{server.token_uri}"\n'
    if provider == "office365":
        uris += f'device_authorization_uri = "{server.device_authorization_uri}"\n'
    return (
        f'[providers.{provider}]\n{uris}tenant = "demo"\n'
        f"[providers.{provider}.applications.thunderbird]\n{uris}"
        'label = "Thunderbird"\nclient_id = "demo"\nclient_secret = ""\n'
    )


class Show:
    """The window, and the user who clicks in it."""

    def __init__(self, stage: Stage, folder: Path, names: Mapping[str, str]) -> None:
        """Open the window; `names` are those of the wanted pictures, if not all are wanted."""
        from PySide6.QtWidgets import QApplication

        from gui.model.settings import Settings
        from gui.model.tasks import Tasks
        from gui.startup.build import make_parts
        from gui.startup.content import Content
        from gui.widgets.main_window import MainWindow

        self._stage, self._folder = stage, folder
        self._names = names or {story: story for story in STORIES}
        self._app = QApplication.instance()
        self._tasks = Tasks()
        settings = Settings(stage.work / "settings.ini")
        settings.ca_file = str(stage.ca_file)
        tokens = stage.work / "tokens"
        self.window = MainWindow()
        self.content = Content(
            make_parts(self.window, settings, self._tasks, stage.dependencies, folder=tokens)
        )
        self.window.show()
        self.wait(lambda: self.window.windowHandle().isExposed())

    def run(self) -> None:
        """Play all stories; each begins where the last one ended."""
        self._picture("empty")
        self._browser("true")
        self._type_address(SOURCE)
        self._wait_for_browser()
        self._picture("waiting")
        self._dark(True)
        self._picture("dark_waiting")
        self._dark(False)
        self._click("On another device")
        self.wait(lambda: self.button("Copy code"))
        self._picture("device_code")
        self._dark(True)
        self._picture("dark_device_code")
        self._dark(False)
        self._click("Cancel")
        self._sign_in_both()
        self._picture("two_fresh")
        self._run_imapsync()
        self._picture("migration")
        self._stop_imapsync()
        self._dark(True)
        self._picture("dark")
        self._dark(False)
        self._dialog("Options…", "options")
        self._dialog("Settings", "settings")
        self._lose_the_grant()
        self._picture("trouble")
        self._add_mailboxes()
        self._picture("many")
        self._open_list()

    def _wait_for_browser(self) -> None:
        self._click("Get token")
        self.wait(self.content.parts.waiting.isVisible)

    def _sign_in_both(self) -> None:
        visitor = Path(__file__).with_name("consenting_browser.py")
        self._browser(f"{sys.executable} {visitor} {self._stage.ca_file} %s")
        self._sign_in(DESTINATION, 1)
        self._stage.now += 17 * 60
        self._sign_in(SOURCE, 2)
        self._stage.now += 4 * 60
        self._select(SOURCE)
        self._select(DESTINATION, more=True)

    def _sign_in(self, address: str, rows: int) -> None:
        self._type_address(address)
        self._click("Get token")
        self.wait(
            lambda: len(self.content.parts.mailbox_table.selection()) == 1 and self._rows() == rows
        )
        self.wait(lambda: self.button("Get token"))

    def _run_imapsync(self) -> None:
        program = self._stage.work / "imapsync"
        program.write_text(IMAPSYNC)
        program.chmod(0o755)
        self.content.parts.settings.imapsync = str(program)
        self._click_named("Copy the mail now, in this window")
        self.wait(lambda: self.button("Copy the mail"))
        self._click("Copy the mail")
        self.wait(lambda: self.content.parts.imapsync_run.is_running)
        self.wait(lambda: "msgs left" in "".join(self.content.parts.imapsync_run.output))
        self._stage.now += 234 / 1.5  # messages, and as many a second as it has printed
        self.wait(lambda: "2:36" in self._said(self.content.parts.migration))

    def _stop_imapsync(self) -> None:
        self._click_named("Stop imapsync")
        self.wait(lambda: not self.content.parts.imapsync_run.is_running)
        self._click_named("Hide the result of imapsync")

    def _lose_the_grant(self) -> None:
        self._stage.destination.revoke_grants()
        self._select(DESTINATION)
        self._click("Refresh now")
        self.wait(lambda: not self.content.parts.message_bar.message.is_calm)

    def _add_mailboxes(self) -> None:
        """Add token files; the grants of some have ended, and one provider is busy for a moment."""
        for number in range(1, MANY - 1):
            provider = ("office365", "gmail")[number % 2]
            address = f"{NAMES[number % len(NAMES)]}{number}@{DOMAINS[provider]}"
            ended = number % 9 == 4
            self._stage.give(address, provider, age=3500 if ended else 60 * number)
        self.content.parts.mailboxes.files.reload()
        self.wait(lambda: self._rows() == MANY and self._keeps_some())
        self._stage.destination.faults.extend([Fault(503)] * 20)  # each try posts several times
        self._click("Keep refreshing")
        self._let_pass(60)  # refreshes are spread
        self.wait(lambda: self.content.parts.log_pane.text().count("asked once more") >= 2)
        self._let_pass(90)  # a refusal is asked for once more before it counts
        self.wait(lambda: len(self.content.parts.model.needing) > 2)
        self._table().scrollToTop()

    def _open_list(self) -> None:
        """Open a list with mistakes, work through it, and leave the sign-ins for later."""
        addresses = [f"{name}.new@example.com" for name in NAMES]
        lines = [SOURCE, "anna.example.com", DESTINATION, *addresses]
        path = self._stage.work / "staff.csv"
        path.write_text("\n".join(["address", *lines]), "utf-8")
        self.content._open_list.open(path)
        self.wait(lambda: self.button("Start"))
        self._picture_of_dialog("list")
        self._click("Start")
        self.wait(lambda: self.button("Start again"))
        self._picture_of_dialog("list_done").reject()

    def _keeps_some(self) -> bool:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QCheckBox

        boxes = self.content.parts.refresh_bar.findChildren(QCheckBox)
        return Qt.CheckState.PartiallyChecked in {box.checkState() for box in boxes}

    def _let_pass(self, seconds: float) -> None:
        self._stage.now += seconds
        self.content.parts.mailboxes.refresh_due()

    def _browser(self, command: str) -> None:
        os.environ["BROWSER"] = command

    def _type_address(self, address: str) -> None:
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QLineEdit

        fields = self.window.address_bar.findChildren(QLineEdit)
        field = next(f for f in fields if f.placeholderText() == "you@example.com")
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, address)
        found = MX[address.partition("@")[2]]
        self.wait(lambda: found in self._said(self.window.address_bar))

    def _said(self, widget: QWidget) -> str:
        from PySide6.QtWidgets import QLabel

        return " ".join(label.text() for label in widget.findChildren(QLabel))

    def _rows(self) -> int:
        return len(self.content.parts.model.rows)

    def _table(self) -> MailboxView:
        from gui.widgets.mailbox_view import MailboxView

        (table,) = self.content.parts.mailbox_table.findChildren(MailboxView)
        return table

    def _select(self, address: str, *, more: bool = False) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        table = self._table()
        lines = table.model()
        shown = (lines.index(number, 0) for number in range(lines.rowCount()))
        where = table.visualRect(next(i for i in shown if address == i.data())).center()
        keys = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, where)

    def _click(self, text: str) -> None:
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        button = self.button(text)
        assert button, text
        self.wait(lambda: button.height() > 0)
        where = QPoint(10, button.height() // 2)  # a check box is clicked on its box
        keys = Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, keys, where)

    def _click_named(self, name: str) -> None:
        """Click the button with this name for screen readers."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QPushButton

        buttons = self.window.findChildren(QPushButton)
        (button,) = (b for b in buttons if b.isVisible() and b.accessibleName() in shown_as(name))
        self.wait(lambda: button.height() > 0)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def button(self, text: str) -> QAbstractButton | None:
        """Return the visible button with this text, or with this name and an icon alone."""
        from PySide6.QtWidgets import QAbstractButton

        buttons = self.window.findChildren(QAbstractButton)
        texts = ((b, b.text().replace("&", "") or b.accessibleName()) for b in buttons)
        wanted = shown_as(text)
        seen = (b for b, shown in texts if b.isVisible() and shown in wanted)
        return next(seen, None)

    def _dark(self, on: bool) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QGuiApplication

        scheme = Qt.ColorScheme.Dark if on else Qt.ColorScheme.Light
        QGuiApplication.styleHints().setColorScheme(scheme)

    def _picture(self, name: str) -> None:
        """Take a picture of the window once nothing moves any more."""
        self.content.parts.mailboxes.refresh_due()
        self._settle()
        self._save(self.window, name)

    def _dialog(self, button: str, name: str) -> None:
        """Open a dialog by its button, and take a picture of it alone."""
        self._click(button)
        self._picture_of_dialog(name).reject()

    def _picture_of_dialog(self, name: str) -> QDialog:
        """Take a picture of the visible dialog alone; return it."""
        from PySide6.QtWidgets import QApplication, QDialog

        self._settle()
        (dialog,) = (
            w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()
        )
        self._save(dialog, name)
        return dialog

    def _save(self, widget: QWidget, name: str) -> None:
        if name in self._names:
            widget.grab().save(str(self._folder / f"{self._names[name]}.png"))

    def _settle(self) -> None:
        end = time.monotonic() + 0.5
        self.wait(lambda: time.monotonic() > end)

    def wait(self, condition: Callable[[], Any]) -> None:
        """Run the event loop until a condition is true."""
        from PySide6.QtCore import QEventLoop, QTimer
        from PySide6.QtWidgets import QApplication

        end = time.monotonic() + SOON
        while not condition():
            if time.monotonic() > end:
                windows = (w for w in QApplication.topLevelWidgets() if w.isVisible())
                said = "\n\n".join(map(self._said, windows))
                raise TimeoutError(f"{said}\n\n{self.content.parts.log_pane.text()}")
            loop = QEventLoop()  # QTest.qWait would hold Python's lock, and so all other threads
            QTimer.singleShot(20, loop.quit)
            loop.exec()

    def close(self) -> None:
        """Close the window."""
        self.content.closing.quit()
        self._tasks.close()


if __name__ == "__main__":
    sys.exit(main())
