"""How the window starts: its command line, the first frame, and what follows."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from gui.model.start_arguments import StartArguments, read_start_arguments
from gui.startup import exception_hook
from gui.startup.app import show_box
from gui.widgets.main_window import MainWindow
from gui.widgets.message_bar import MessageBar
from program import ROOT, Program
from screenshots import virtual_screen
from servers import ADDRESS, Stage
from window import MakeWindow

# Runs the program, then prints an expression about the window and its content, and quits.
_ASKED = """
import gc
import sys
from gui.startup import window_face
window_face.prepare()
from PySide6.QtCore import QTimer
from gui.model.start_arguments import StartArguments
from gui.startup import app
begin = app.MainWindow
def made(geometry):
    window = begin(geometry)
    window.completed.connect(lambda: QTimer.singleShot(0, lambda: tell(window)))
    return window
def tell(window):
    from PySide6.QtWidgets import QApplication
    from gui.widgets.message_bar import MessageBar
    panel = window.findChild(MessageBar)
    print({expression})
    window.close()
app.MainWindow = made
sys.exit(app.run(StartArguments()))
"""
# The smoke test with a shorter time limit.
_SMOKE_TEST = """
import sys
from gui.startup import app
from gui.startup.smoke_test import smoke_test
sys.exit(smoke_test(app.application(), seconds={seconds}))
"""
_SUBSTRUCTURE_REDIRECT = 1 << 20  # X11/X.h: whoever selects it decides which windows are shown
# The first frame must not wait for these: they take long to load.
_LATE = (
    "core.log",
    "core.model",
    "core.providers.catalog",
    "core.tokenfile",
    "gui.startup.content",
    "hashlib",
    "json",
    "logging.handlers",
)
# The whole window, as long as it is empty, does without these too.
_RARE = (
    "core.detection",
    "core.events",
    "core.tokenfile.lock",
    "gui.model.option_fields",
    "gui.model.option_values",
    "gui.startup.answers",
    "subprocess",
)
# The last one shows that all were loaded.
_RARE_CLASSES = ("QFileDialog", "QMessageBox", "QProcess", "QStyle", "QWizard")


def test_started_with_an_address(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The first start signs in; the second start refreshes the token file."""
    driven = make_stage_window(stage)
    driven.content.startup_request.start(StartArguments(address=ADDRESS))
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert driven.model.rows[0].kept
    stage.age()
    driven.content.startup_request.take_address(ADDRESS)
    driven.wait(lambda: 1 == stage.server.refreshes)
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert 1 == len(stage.browser.opened)


def test_what_the_command_line_names_is_kept(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A script waits until the window closes, so the window must refresh in its place."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.content.startup_request.take_address(ADDRESS)  # from a second start
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert [False] == [row.kept for row in driven.model.rows]
    driven.content.startup_request.start(StartArguments(address=ADDRESS))
    assert [True] == [row.kept for row in driven.model.rows]
    driven.wait(lambda: ["Fresh"] == driven.states())

    driven.mailboxes.keep_many([stage.path], False)  # the user unticks the box
    driven.content.startup_request.take_address(ADDRESS)
    assert [False] == [row.kept for row in driven.model.rows]


def test_the_mailbox_of_the_command_line_is_selected(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """After its sign-in and after its refresh, so that its options for imapsync are in view."""
    driven = make_stage_window(stage)
    driven.content.startup_request.start(StartArguments(address=ADDRESS))
    driven.wait(lambda: [stage.path] == driven.parts.mailbox_table.selection())
    driven.end()

    other = stage.path.with_name("oauth2_tokens_a@demo.example.txt")
    other.write_text("access\n\n")
    other.chmod(0o600)
    again = make_stage_window(stage)
    again.content.startup_request.start(StartArguments(address=ADDRESS))
    again.wait(lambda: [stage.path] == again.parts.mailbox_table.selection())
    again.rest()
    assert [stage.path] == again.parts.mailbox_table.selection()


def test_started_with_options(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Provider, application and login hint fill their fields."""
    driven = make_stage_window(stage)
    fields = {"application": "demo", "login_hint": "me@demo.example", "imap_port": 143}
    driven.content.startup_request.start(StartArguments(provider="demo", fields=fields))
    values = driven.parts.options.values()
    assert ("demo", "demo", "me@demo.example", 143) == (
        driven.window.address_bar.provider(),
        values.application,
        values.login_hint,
        values.imap_port,
    )
    assert not driven.busy()


def test_started_over(stage: Stage, make_stage_window: MakeWindow) -> None:
    """--startover signs in once, and the next time the mailbox is refreshed."""
    stage.sign_in()
    stage.browser.opened.clear()
    driven = make_stage_window(stage)
    driven.content.startup_request.start(StartArguments(address=ADDRESS, start_over=True))
    driven.wait(lambda: not driven.busy())
    assert 1 == len(stage.browser.opened)

    driven.click("Get token")
    driven.wait(lambda: 1 == stage.server.refreshes)
    driven.wait(lambda: not driven.busy())
    assert 1 == len(stage.browser.opened)


def test_started_for_another_computers_browser(stage: Stage, make_stage_window: MakeWindow) -> None:
    """No browser opens; the link is shown."""
    driven = make_stage_window(stage)
    driven.content.startup_request.start(StartArguments(address=ADDRESS, remote=True))
    driven.wait(lambda: driven.parts.waiting.isVisible())
    assert [] == stage.browser.opened


def test_an_address_of_both_sides_is_refreshed_on_both(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Without a provider both sides are meant, with one only that side."""
    stage.sign_in()
    content = stage.age().replace(b"Provider is demo", b"Provider is other")
    stage.path.with_name(f"oauth2_tokens_other_{ADDRESS}.txt").write_bytes(content)
    driven = make_stage_window(stage)

    driven.content.startup_request.take_address(ADDRESS, "demo")
    assert 1 == driven.states().count("Refreshing…")
    driven.wait(lambda: 1 == stage.server.refreshes)
    driven.wait(lambda: 0 == driven.states().count("Refreshing…"))
    driven.content.startup_request.take_address(ADDRESS)
    assert 2 == driven.states().count("Refreshing…")
    driven.wait(lambda: 0 == driven.states().count("Refreshing…"))


def test_started_with_an_unknown_provider(stage: Stage, make_stage_window: MakeWindow) -> None:
    """No other provider is guessed."""
    driven = make_stage_window(stage)
    driven.content.startup_request.start(StartArguments(address=ADDRESS, provider="gmial"))
    assert "gmial is not a known provider" in driven.error()
    assert (False, ADDRESS) == (driven.busy(), driven.address_field().text())


def test_started_with_a_provider_by_hand(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its options describe it, and its name is the given one, as in the terminal."""
    driven = make_stage_window(stage)
    known = stage.registration
    fields = {
        "client_id": known.client_id,
        "authorization_endpoint": known.authorize_uri,
        "token_endpoint": known.token_uri,
        "scope": " ".join(known.scopes),
        "imap_host": known.imap_host,
        "imap_port": known.imap_port,
    }
    start = StartArguments(address=ADDRESS, provider="acme", fields=fields)
    driven.content.startup_request.start(start)
    driven.wait(lambda: driven.model.rows and not driven.busy())
    assert ("acme", f"acme-{known.client_id}") == (stage.file().provider, stage.file().application)
    assert "[providers.acme]" in stage.own_file.read_text("utf-8")
    assert "" == driven.window.address_bar.provider()


def test_started_with_a_token_file(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """It may be in any folder; a new file gets the tokens of this sign-in only."""
    file = tmp_path / "other" / "mine.txt"
    driven = make_stage_window(stage)
    driven.content.startup_request.start(StartArguments(address=ADDRESS, token_file=file))
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert file.is_file()
    driven.end()

    stage.browser.opened.clear()
    again = make_stage_window(stage)
    again.content.startup_request.start(StartArguments(token_file=file))
    assert ["Refreshing…"] == again.states()
    again.wait(lambda: ["Fresh"] == again.states())
    assert [ADDRESS] == again.addresses()
    again.type_address("other@demo.example")
    again.click("Get token")
    again.wait(lambda: stage.browser.opened)
    assert "is not other@demo.example's" not in again.error()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["You@Example.COM"], StartArguments(address="You@example.com")),
        (
            ["--provider", "gmail", "a@b.example"],
            StartArguments(address="a@b.example", provider="gmail"),
        ),
        (
            ["--app", "x", "--login-hint", "C@D.example", "--imap_port", "143", "--no_check"],
            StartArguments(
                fields={
                    "application": "x",
                    "login_hint": "C@d.example",
                    "imap_port": 143,
                    "check": False,
                }
            ),
        ),
        (
            ["--client_id=x", "--authorize_uri", "https://a.example/", "--scope_string", "a b"],
            StartArguments(
                fields={
                    "client_id": "x",
                    "authorization_endpoint": "https://a.example/",
                    "scope": "a b",
                }
            ),
        ),
        (
            ["--remotebrowser", "--startover", "--localssl", "--debug", "--thunderbird"],
            StartArguments(
                fields={"redirect_uri": "https://localhost"}, start_over=True, remote=True
            ),
        ),
        (["--local"], StartArguments(fields={"redirect_uri": "http://localhost"})),
        (["--token_file", "/t.txt"], StartArguments(token_file=Path("/t.txt").absolute())),
        (
            ["--timeout", "60", "--no_protect"],
            StartArguments(protect=False, timeout=60),
        ),
        (["--language", "de"], StartArguments(language="de")),
    ],
)
def test_options_of_the_start(arguments: list[str], expected: StartArguments) -> None:
    """These are the options of the window."""
    assert expected == read_start_arguments(arguments)


@pytest.fixture
def run_window(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `python -m gui` to its end, with a home of its own."""
    program = Program(tmp_path, tmp_path / "home", {"QT_QPA_PLATFORM": "offscreen"})

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gui", *arguments],
            cwd=tmp_path,
            env=program.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_the_smoke_test(
    run_window: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """The window is painted once, the exit code is 0, and only a log is left."""
    done = run_window("--smoke-test")
    assert (0, "") == (done.returncode, done.stdout), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "tokens").exists()
    assert not list((tmp_path / "home").rglob("*.ini"))


@contextmanager
def _screen_that_shows_no_window() -> Iterator[str]:
    """Run an X display whose window manager shows no window."""
    with virtual_screen() as name:
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        display = ctypes.c_void_p(x11.XOpenDisplay(name.encode()))
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
        x11.XSelectInput(display, root, ctypes.c_long(_SUBSTRUCTURE_REDIRECT))
        x11.XSync(display, False)
        yield name
        x11.XCloseDisplay(display)


@pytest.mark.usefixtures("xvfb")
@pytest.mark.only_on("linux", reason="elsewhere every window is shown")
def test_the_smoke_test_ends_without_a_frame(tmp_path: Path) -> None:
    """If no window is painted, it ends with a sentence and exit code 1."""
    with _screen_that_shows_no_window() as name:
        program = Program(
            tmp_path,
            tmp_path / "home",
            {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb"},
            (sys.executable, "-c", _SMOKE_TEST.format(seconds=0.5)),
        )
        done = program.run(timeout=20)
    assert (1, "") == (done.code, done.out), done.err
    assert 1 == done.err.count("The window did not appear within 0.5 seconds")


@pytest.mark.only_on("linux", reason="elsewhere every system has what Qt needs")
@pytest.mark.parametrize(
    ("platform", "lacks_library", "detail"),
    [
        ("xcb", True, "xcb-cursor0 or libxcb-cursor0 is needed"),
        ("xcb", False, "could not connect to display :9999"),
        ("no_such_platform", False, "no_such_platform"),
    ],
)
def test_a_window_that_qt_cannot_show(
    tmp_path: Path, platform: str, lacks_library: bool, detail: str
) -> None:
    """A sentence names the package that is missing on Debian; Qt alone would abort with 134."""
    environment = {"DISPLAY": ":9999", "QT_QPA_PLATFORM": platform}
    if lacks_library:
        (tmp_path / "libxcb-cursor.so.0").touch()  # an empty one can't be loaded
        environment["LD_LIBRARY_PATH"] = str(tmp_path)
    command = (sys.executable, "-m", "gui")
    program = Program(tmp_path, tmp_path / "home", environment, command)
    done = program.run(timeout=20)
    assert (2, "") == (done.code, done.out), done.err
    assert done.err.startswith("The window can't be shown, because Qt can't use this screen.")
    assert "sudo apt install libxcb-cursor0" in done.err
    assert detail in done.err


def test_the_first_frame_waits_for_nothing_that_it_doesn_t_show() -> None:
    """It imports neither the content's modules nor Qt's enumerations."""
    script = f"""
import sys
from PySide6 import QtCore
from gui.startup import app
application = app.application()
window = app.MainWindow(b"")
window.painted.connect(application.quit)
window.show()
application.exec()
print([name for name in {_LATE} if name in sys.modules], "Qt" in vars(QtCore))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "[] False\n" == done.stdout


def test_what_nobody_sees_at_once_waits_until_the_content_is_painted(qtbot: QtBot) -> None:
    """The window is `completed` with the frame in which its content appears, and not before."""
    window = MainWindow()
    qtbot.addWidget(window)
    painted: list[QEvent] = []

    class Painted(QLabel):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(event)

    completed = QSignalSpy(window.completed)
    with qtbot.waitSignal(window.painted):
        window.show()
    assert not painted
    assert 0 == completed.count()
    with qtbot.waitSignal(window.completed):
        window.set_content(Painted())
    assert painted
    window.repaint()
    assert 1 == completed.count()


def test_a_key_pressed_before_the_content_is_there_is_not_lost(qtbot: QtBot) -> None:
    """The user can type into the first frame."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitSignal(window.painted).wait()
    qtbot.keyClicks(window.focusWidget() or window, ADDRESS)
    assert ADDRESS == window.address_bar.address()


@pytest.fixture
def ask_window(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Start the program with a home of its own; return its exit code and an expression's value."""

    def ask(expression: str, **environ: str) -> tuple[int, str]:
        environ = {"QT_QPA_PLATFORM": "offscreen", **environ}
        program = Program(tmp_path, tmp_path / "home", environ)
        done = subprocess.run(
            [sys.executable, "-c", _ASKED.format(expression=expression)],
            cwd=tmp_path,
            env=program.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    return ask


def test_the_window_is_built_and_closed(ask_window: Callable[[str], tuple[int, str]]) -> None:
    """From the first frame to the end, without any mailbox."""
    code, said = ask_window("window.address_bar._provider.itemText(1)")
    assert (0, "Office 365, Outlook.com\n") == (code, said)


def test_the_window_waits_for_nothing_that_is_rarely_needed(
    ask_window: Callable[[str], tuple[int, str]],
) -> None:
    """Neither modules nor Qt's classes: PySide makes a class when it is first named."""
    modules = f"[name for name in {_RARE} if name in sys.modules]"
    namespaces = "{**vars(sys.modules['PySide6.QtCore']), **vars(sys.modules['PySide6.QtWidgets'])}"
    code, said = ask_window(f"{modules}, sorted(set({_RARE_CLASSES}) & {namespaces}.keys())")
    assert (0, "[] []\n") == (code, said)


def test_no_source_is_read(ask_window: Callable[[str], tuple[int, str]]) -> None:
    """PySide's `import` would read that of each module; `linecache` keeps what was read."""
    read = "[name for name in sys.modules['linecache'].cache if name.endswith('content.py')]"
    code, said = ask_window(f"'gui.startup.content' in sys.modules, {read}")
    assert (0, "True []\n") == (code, said)


def test_the_search_for_garbage_goes_on_when_the_mailboxes_are_listed(
    ask_window: Callable[[str], tuple[int, str]],
) -> None:
    """The objects of the start are left out for good."""
    listed = "[QApplication.processEvents() for _ in iter(gc.isenabled, True)]"
    code, said = ask_window(f"({listed}, gc.get_freeze_count() > 0)[1]")
    assert (0, "True\n") == (code, said)


def test_a_broken_providers_file_is_said_in_the_window(
    ask_window: Callable[[str], tuple[int, str]], tmp_path: Path
) -> None:
    """The window shows the error, and About opens the file."""
    own = tmp_path / "home" / "providers.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[providers", "utf-8")
    menus = "[a.text() for m in (window.program_menu, window.help_menu) for a in m.actions()]"
    code, said = ask_window(f"panel.accessibleName(), window.address_bar.isEnabled(), {menus}")
    assert 0 == code
    assert "providers.toml" in said
    assert "False ['&Quit', '&About']" in said


def test_a_file_without_a_client_secret_is_said_in_the_window(
    ask_window: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    """The variable names a file that is not there."""
    file = tmp_path / "secret.txt"
    shown = "panel.accessibleName(), window.address_bar.isEnabled()"
    code, said = ask_window(shown, OAUTH2_IMAP_CLIENT_SECRET_FILE=str(file))
    assert 0 == code
    assert f"The file {file} has no client secret" in said
    assert "False" in said


def test_what_nothing_caught_is_logged_and_shown(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The window stays open; the exception's own text is only in the log."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # put back after the test
    panel = MessageBar()
    qtbot.addWidget(panel)
    exception_hook.show_exceptions(panel.show_error)
    sys.excepthook(ValueError, ValueError("its words"), None)
    assert "Internal error in oauth2_imap" in panel.accessibleName()
    assert "its words" not in panel.accessibleName()
    assert "its words" in caplog.text


def test_a_file_elsewhere_is_kept_and_found_again(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """A file outside the folder is listed and kept fresh while it exists."""
    file = tmp_path / "other" / "mine.txt"
    driven = make_stage_window(stage)
    driven.content.startup_request.start(StartArguments(address=ADDRESS, token_file=file))
    driven.wait(lambda: [file] == list(driven.kept()))
    driven.end()

    again = make_stage_window(stage)
    assert [ADDRESS] == again.addresses()
    assert again.model.rows[0].kept
    file.unlink()
    again.reload()
    assert [] == again.addresses()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Error\nWhat to do\n", ["Error", "What to do", ""]),
        (
            "\n".join("abcdefghijklmnopqrstuvwxyz"),
            ["a", "", "\n".join("abcdefghijklmnopqrstuvwxyz")],
        ),
    ],
)
def test_what_a_user_without_a_console_is_told(
    qtbot: QtBot, text: str, expected: list[str]
) -> None:
    """A box shows it; a long text has its own field, which scrolls."""
    seen: list[str] = []

    def read_and_close() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.extend([box.text(), box.informativeText(), box.detailedText()])
        box.accept()

    QTimer.singleShot(100, read_and_close)
    show_box(text, failed=True)
    assert expected == seen


def test_the_ca_file_of_the_command_line_is_used_for_refreshes_too(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It also counts for mailboxes that exist already."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage, ca_file=None)
    start = StartArguments(address=ADDRESS, ca_file=stage.ca_file)
    driven.content.startup_request.start(start)
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert 1 == stage.server.refreshes
    assert "" == driven.settings.ca_file  # the next start has its own command line


def test_a_relative_ca_file_of_the_command_line(
    stage: Stage, make_stage_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found from the current folder, `~` is the home, and the remembered one stays."""
    monkeypatch.chdir(stage.ca_file.parent)
    monkeypatch.setenv("HOME", str(stage.ca_file.parent))
    monkeypatch.setenv("USERPROFILE", str(stage.ca_file.parent))
    for written in (stage.ca_file.name, f"~/{stage.ca_file.name}"):
        start = read_start_arguments([ADDRESS, "--ca_file", written])
        assert stage.ca_file == start.ca_file
    remembered = stage.folder / "remembered.pem"
    driven = make_stage_window(stage, ca_file=remembered)
    driven.content.startup_request.start(start)
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert str(remembered) == driven.settings.ca_file


def test_an_address_is_taken_in_any_case(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A mailbox is refreshed instead of signed in to once more."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    local, _, domain = ADDRESS.partition("@")
    driven.content.startup_request.take_address(f"{local.upper()}@{domain}")
    driven.wait(lambda: 1 == stage.server.refreshes)
    assert not driven.busy()


@pytest.mark.parametrize("window", [True, False])
def test_the_end_destroys_no_window(window: bool) -> None:
    """Python would destroy Qt's objects in any order, and Qt could crash after all was done."""
    code = (
        "import atexit, sys\n"
        "from gui.startup.ending import end\n"
        "atexit.register(print, 'destroyed')\n"
        + "import PySide6.QtWidgets\n"
        * window
        + "print('said', end='')\n"
        "sys.exit(end(7))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (7, "said" if window else "saiddestroyed\n") == (done.returncode, done.stdout)
