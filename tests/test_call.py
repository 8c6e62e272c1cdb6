"""A call with an address of the window's program: real processes, as scripts start them."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from faulty_servers.imap_server import Behaviour
from program import Finished, Program, Running, program_of
from servers import ADDRESS, Stage

OTHER = "other@demo.example"
SECRET = "from-the-file"
IDLE = f"{sys.executable} -c pass %s"  # a browser in which nobody signs in
# The program; standard error tells at its end which part of Qt was loaded.
_TELLING_QT = """
import sys
from gui.startup.window_face import main
code = main(sys.argv[1:])
print("PySide6.QtWidgets" in sys.modules, file=sys.stderr)
sys.exit(code)
"""
# The program; the user closes the window as soon as it waits for the browser.
_CLOSED = """
import sys
from gui.widgets.waiting_panel import WaitingPanel
wait = WaitingPanel.wait
def closed(panel, *event):
    wait(panel, *event)
    panel.window().close()
WaitingPanel.wait = closed
from gui.startup.window_face import main
sys.exit(main(sys.argv[1:]))
"""
# The window without an address, which tells when it can be asked.
_WINDOW = """
import sys
from gui.startup.single_instance import SingleInstance
listen = SingleInstance.listen
def told(instance):
    print("listens:", listen(instance), file=sys.stderr, flush=True)
    return True
SingleInstance.listen = told
from gui.startup.window_face import main
sys.exit(main([]))
"""
# The window with an address, started by a double click: it stays open.
_STARTED = """
import sys
from gui.model.start_arguments import StartArguments
from gui.startup.app import run
sys.exit(run(StartArguments(address=sys.argv[1])))
"""
Scripted = Callable[..., Program]


@pytest.fixture
def calling(stage: Stage) -> Scripted:
    """Return the program in a script's folder; all of them share settings and screen."""

    def made(folder: str = ".", code: str = "", **environ: str) -> Program:
        program = program_of(stage)
        command = (sys.executable, "-c", code) if code else (sys.executable, "-m", "gui")
        here = stage.folder / folder
        (here / "tokens").mkdir(parents=True, exist_ok=True)
        shown = {"QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(stage.folder)}
        settings = program.own_file.with_name("oauth2_imap.ini")
        settings.write_text(f"[General]\nca_file={stage.ca_file}\n", "utf-8")
        return replace(
            program, folder=here, command=command, environ={**program.environ, **shown, **environ}
        )

    return made


def _no_screen(program: Program) -> Program:
    environ = {name: text for name, text in program.environ.items() if name != "QT_QPA_PLATFORM"}
    return replace(program, environ={**environ, "QT_QPA_PLATFORM": ""})


def _with_secret(program: Program) -> Program:
    """The same program with an application that has a secret, which is in a file."""
    file = program.home / "secret.txt"
    file.write_text(f"{SECRET}\n", "ascii")
    program.configure(program.own_file.read_text("utf-8") + "confidential = true\n")
    environ = {**program.environ, "OAUTH2_IMAP_CLIENT_SECRET_FILE": str(file)}
    return replace(program, environ=environ)


@contextmanager
def _window(program: Program) -> Iterator[Running]:
    with program.start() as window:
        window.line_with("listens: True")
        yield window


def _file(program: Program, address: str = ADDRESS) -> Path:
    return program.folder / "tokens" / f"oauth2_tokens_{address}.txt"


def test_the_first_call_signs_in_and_ends(stage: Stage, calling: Scripted) -> None:
    """The window closes by itself, and the next line of the script finds a valid token."""
    program = calling()
    done = program.run(ADDRESS)
    assert 0 == done.code, done.err
    assert f"--oauthaccesstoken1 {_file(program)}" in done.out
    assert 1 == done.err.count(f"{ADDRESS} is signed in at demo")
    assert _file(program).is_file()
    assert (1, 0) == (stage.server.authorize_requests, stage.server.refreshes)


def test_the_client_secret_is_read_from_its_file(stage: Stage, calling: Scripted) -> None:
    """Also beside an open window, which has not read it."""
    with _window(calling(code=_WINDOW)) as window:
        program = _with_secret(calling())
        done = program.run(ADDRESS)
        assert window.process.poll() is None
    # The server's client is public, so it refuses one that sends a secret.
    assert 1 == done.code, done.err
    assert SECRET == stage.server.last_token_form["client_secret"]
    assert SECRET not in done.out + done.err


def test_the_window_reads_the_client_secret_from_its_file(stage: Stage, calling: Scripted) -> None:
    """Also where no script waits for it."""
    with _with_secret(calling(code=_STARTED)).start(ADDRESS):
        end = time.monotonic() + 60
        while not stage.server.last_token_form and time.monotonic() < end:
            time.sleep(0.05)
    assert SECRET == stage.server.last_token_form["client_secret"]


def test_a_later_call_refreshes_without_a_window(stage: Stage, calling: Scripted) -> None:
    """As from the Task Scheduler: it needs no screen, and loads no window."""
    assert 0 == calling().run(ADDRESS).code
    done = _no_screen(calling(code=_TELLING_QT)).run(ADDRESS)
    assert 0 == done.code, done.err
    assert "False" == done.err.splitlines()[-1]
    assert (1, 1) == (stage.server.authorize_requests, stage.server.refreshes)


def test_where_nobody_can_sign_in_it_ends_with_3(stage: Stage, calling: Scripted) -> None:
    """Without a screen there is no window to wait for."""
    program = _no_screen(calling())
    done = program.run(ADDRESS)
    assert (3, "") == (done.code, done.out)
    assert "Command: oauth2_imap" in done.err
    assert not _file(program).exists()


@pytest.mark.parametrize("way", ["denied", "refused login", "wrong provider", "wrong address"])
def test_it_ends_with_the_code_of_the_command_line(
    stage: Stage, calling: Scripted, way: str
) -> None:
    """An outcome that is no token has the same code and the same message."""
    options: tuple[str, ...] = ()
    address = ADDRESS
    if way == "denied":
        stage.server.oauth.auth_grant.custom_validators.pre_auth.append(_deny)
    elif way == "refused login":
        stage.mailbox.behaviour = Behaviour.REFUSE
    elif way == "wrong provider":
        options = ("--provider", "gmial")
    else:
        address = "you@@demo.example"
    window, terminal = calling("one"), replace(calling("two"), command=program_of(stage).command)
    done = window.run(*options, address)
    expected = terminal.run("--ca_file", str(stage.ca_file), *options, address)
    assert expected.code != 0, expected.err
    assert expected.code == done.code, done.err
    first = expected.err.splitlines()[-1]
    assert first.replace("two", "one") in done.err


def _deny(request: object) -> None:
    from oauthlib.oauth2.rfc6749.errors import AccessDeniedError

    raise AccessDeniedError(request=request)


def test_a_closed_window_is_a_cancelled_call(calling: Scripted) -> None:
    """The script learns that there is no token."""
    done = calling(code=_CLOSED, BROWSER=IDLE).run(ADDRESS)
    assert (130, "") == (done.code, done.out), done.err
    assert 1 == done.err.count("Cancelled")


@pytest.mark.only_on("posix", reason="a test can't press Ctrl-C there")
def test_ctrl_c_ends_a_waiting_call(calling: Scripted) -> None:
    """Also while Qt's event loop runs."""
    with calling(BROWSER=IDLE).start(ADDRESS) as running:
        running.line_with("A sign-in is needed")
        running.process.send_signal(signal.SIGINT)
        assert 130 == running.finish().code


def test_two_calls_at_once_sign_in_once(stage: Stage, calling: Scripted) -> None:
    """The second one waits, and then finds a file to refresh."""
    program = calling()
    with program.start(ADDRESS) as one, program.start(ADDRESS) as two:
        codes = one.finish().code, two.finish().code
    assert (0, 0) == codes
    assert (1, 1) == (stage.server.authorize_requests, stage.server.refreshes)


def test_two_mailboxes_at_once_both_get_a_token(stage: Stage, calling: Scripted) -> None:
    """One after the other: there is one user, and nobody's call is dropped."""
    program = calling()
    options = ("--no_check", "--token_file", str(program.folder / "tokens" / "second.txt"))
    with program.start(ADDRESS) as one, program.start(*options, ADDRESS) as two:
        codes = one.finish().code, two.finish().code
    assert (0, 0) == codes
    assert _file(program).is_file()
    assert (program.folder / "tokens" / "second.txt").is_file()
    assert 2 == stage.server.authorize_requests


@pytest.mark.parametrize("options", [(), ("--language", "de")])
def test_an_open_window_of_the_same_folder_signs_in(
    stage: Stage, calling: Scripted, options: tuple[str, ...]
) -> None:
    """The call waits for its result, and the window stays, also in its language."""
    with _window(calling(code=_WINDOW)) as window:
        program = calling()
        done = program.run(*options, ADDRESS)
        assert 0 == done.code, done.err
        assert f"The token of {ADDRESS} is in {_file(program)}" in done.err
        assert window.process.poll() is None
    assert _file(program).is_file()
    assert 1 == stage.server.authorize_requests


def test_an_open_window_tells_a_failure(stage: Stage, calling: Scripted) -> None:
    """With the code and the reason."""
    stage.server.oauth.auth_grant.custom_validators.pre_auth.append(_deny)
    with _window(calling(code=_WINDOW)):
        program = calling()
        done: Finished = program.run(ADDRESS)
    assert done.code in (1, 3, 5), done.err
    assert "Next step" in done.err
    assert not _file(program).exists()


@pytest.mark.parametrize("differs", ["folder", "options"])
def test_beside_another_window_a_call_works_itself(
    stage: Stage, calling: Scripted, differs: str
) -> None:
    """A window of another folder, or a call with options: the file is where the script wants it."""
    with _window(calling("elsewhere", code=_WINDOW)) as window:
        program = calling("here" if differs == "folder" else "elsewhere")
        options = () if differs == "folder" else ("--provider", "demo")
        done = program.run(*options, ADDRESS)
        assert 0 == done.code, done.err
        assert "The token of" not in done.err
        assert window.process.poll() is None
    assert _file(program).is_file()
