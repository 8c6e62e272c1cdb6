"""One window per user: what is handed over, what is refused, and whom it trusts. Real sockets."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from core.paths import HOME_VARIABLE
from gui.startup import single_instance
from gui.startup.single_instance import (
    ACKNOWLEDGED,
    GREETING,
    LONGEST,
    REFUSED,
    Answer,
    Asked,
    SingleInstance,
    server_name,
)
from privileges import NOBODY, ROOT, need_root
from servers import AT_ONCE
from window import SOON

T = TypeVar("T")
posix = pytest.mark.only_on("posix", reason="speaks to the socket's file")


@pytest.fixture
def name() -> Iterator[str]:
    """Return a socket name for this test; its path must be short (sun_path)."""
    with tempfile.TemporaryDirectory(prefix="si") as folder:
        yield f"{folder}/s" if sys.platform != "win32" else Path(folder).name


@pytest.fixture
def window(qtbot: QtBot, name: str) -> Iterator[tuple[SingleInstance, list[str]]]:
    """Return a window that listens, and the addresses that it takes; "" for its own sake."""
    instance, received = SingleInstance(name), list[str]()

    def take(asked: Asked) -> None:
        received.append(asked.address)
        asked.answer(Answer(5, ["It says why."]))

    instance.conditions = lambda: "same"
    instance.raised.connect(lambda: received.append(""))
    instance.asked.connect(take)
    assert instance.listen()
    yield instance, received
    instance.close()


def _while_the_window_runs(qtbot: QtBot, call: Callable[[], T]) -> T:
    """Call a function in another thread, as another process would, and return its result."""
    with ThreadPoolExecutor(1) as executor:
        future: Future[T] = executor.submit(call)
        qtbot.waitUntil(future.done, timeout=SOON)
        return future.result()


def _say(name: str, data: bytes) -> bytes:
    """Send raw bytes to a window after its greeting, and return its answer."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(AT_ONCE)
        client.connect(name)
        answer = client.recv(len(GREETING))
        assert GREETING == answer
        client.sendall(data)
        try:
            return client.recv(100)
        except ConnectionResetError:
            return b""


_SECOND = """
import sys
from gui.startup import single_instance
from gui.startup.single_instance import SingleInstance
second = SingleInstance(sys.argv[1])
print({expression})
"""
_SQUATTER = """
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print("ready", flush=True)
kept = []
while True:
    connection, _ = server.accept()
    kept.append(connection)
    connection.send(bytes.fromhex(sys.argv[2]), socket.MSG_NOSIGNAL)
"""


def _second_start(qtbot: QtBot, name: str, expression: str) -> str:
    """Evaluate an expression about `second` in a second process, and return its output."""
    command = [sys.executable, "-c", _SECOND.format(expression=expression), name]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=SOON)
        assert process.stdout is not None
        return process.stdout.read().rstrip("\n")


@contextmanager
def _squatter(name: str, greeting: bytes) -> Iterator[None]:
    """Run a program that took the name: it accepts, sends one greeting and ignores the rest."""
    command = [sys.executable, "-c", _SQUATTER, name, greeting.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "ready\n" == process.stdout.readline()
            yield
        finally:
            process.kill()


def test_a_second_start_hands_its_address_over(
    qtbot: QtBot, name: str, window: tuple[SingleInstance, list[str]]
) -> None:
    """The second process waits for the outcome, and learns it."""
    both = "*second.ask('you@example.com', 'same'), second.raise_window(5000)"
    assert "5 ['It says why.'] True" == _second_start(qtbot, name, both)
    assert ["you@example.com", ""] == window[1]


def test_without_a_window_the_address_is_not_taken(qtbot: QtBot, name: str) -> None:
    """The first start doesn't wait."""
    second = SingleInstance(name)
    assert (None, False) == (second.ask("you@example.com", "same"), second.raise_window())


@posix
def test_a_dead_window_s_socket_is_taken_over(qtbot: QtBot, name: str) -> None:
    """A crash leaves a socket behind to which nothing listens."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(name)
        dead.listen()
    assert Path(name).exists()
    instance = SingleInstance(name)
    assert not instance.raise_window()
    assert (True, "") == (instance.listen(), instance.problem)
    assert "True" == _second_start(qtbot, name, "second.raise_window(5000)")
    instance.close()


def test_a_second_window_doesn_t_take_the_name(
    qtbot: QtBot, name: str, window: tuple[SingleInstance, list[str]]
) -> None:
    """Of two starts at once, the later one brings the window of the first to the front."""
    asks = "second.listen(), repr(second.problem), second.raise_window(5000)"
    assert "False '' True" == _second_start(qtbot, name, asks)
    assert [""] == window[1]


@posix
@pytest.mark.parametrize(
    "greeting",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", GREETING[:-2]],
    ids=["silent", "web", "half"],
)
def test_a_squatter_is_told_of_and_gets_nothing(qtbot: QtBot, name: str, greeting: bytes) -> None:
    """A program with another greeting gets no address, and the problem is told."""
    with _squatter(name, greeting):
        instance = SingleInstance(name)
        assert instance.ask("you@example.com", "same", 100) is None
        assert not instance.listen()
        assert "Another program uses" in instance.problem
        assert Path(name).exists()


@posix
def test_a_greeter_that_acknowledges_nothing(qtbot: QtBot, name: str) -> None:
    """If a window hangs, the second start goes on by itself."""
    with _squatter(name, GREETING):
        assert SingleInstance(name).ask("you@example.com", "same", 100) is None


@posix
def test_another_user_s_socket_is_not_trusted(qtbot: QtBot, name: str) -> None:
    """Even with the right greeting."""
    need_root()
    with _squatter(name, GREETING + ACKNOWLEDGED):
        assert SingleInstance(name).raise_window()
        os.chown(name, NOBODY, NOBODY)
        instance = SingleInstance(name)
        assert not instance.raise_window()
        assert not instance.listen()
        assert "Another program uses" in instance.problem


@posix
def test_a_place_that_can_t_be_taken_is_told(qtbot: QtBot) -> None:
    """The window opens without the name."""
    instance = SingleInstance("/nowhere/at/all")
    assert not instance.listen()
    assert "a second window opens" in instance.problem


@posix
@pytest.mark.parametrize(
    ("data", "answer", "received"),
    [
        (b"you@example.com same\n", ACKNOWLEDGED, ["you@example.com"]),
        (b"you@example.com other\n", REFUSED, []),
        (b"\n", ACKNOWLEDGED, [""]),
        ("you@bücher.example same\n".encode(), ACKNOWLEDGED, ["you@xn--bcher-kva.example"]),
        (b"one@example.com same\ntwo@example.com same\n", ACKNOWLEDGED, ["one@example.com"]),
        (b"--token_file=/etc/passwd same\n", b"", []),
        (b"you@example.com --client_id=x same\n", b"", []),
        (b"../../you@example.com same\n", b"", []),
        (b"\xff@example.com same\n", b"", []),
        (b"\0\n", b"", []),
        (b"you@example.com same\r\n", b"", []),
        (b"x" * LONGEST + b"\n", b"", []),
        (b"x" * 10_000, b"", []),
    ],
    ids=[
        "address", "conditions", "raise", "idn", "two lines", "option", "more", "path", "bytes",
        "nul", "cr", "long", "endless",
    ],
)  # fmt: skip
def test_only_an_address_crosses(
    qtbot: QtBot,
    name: str,
    window: tuple[SingleInstance, list[str]],
    data: bytes,
    answer: bytes,
    received: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Anything else is dropped without an answer, and nobody waits for more."""
    monkeypatch.setattr(single_instance, "_LINE_TIMEOUT", 60_000)
    assert answer == _while_the_window_runs(qtbot, lambda: _say(name, data))[:1]
    qtbot.wait(10)
    assert received == window[1]


@posix
def test_who_says_nothing_is_sent_away(
    qtbot: QtBot,
    name: str,
    window: tuple[SingleInstance, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connection that sends no line is closed after a while."""
    monkeypatch.setattr(single_instance, "_LINE_TIMEOUT", 50)
    assert b"" == _while_the_window_runs(qtbot, lambda: _say(name, b"you@exam"))
    assert [] == window[1]


@posix
def test_a_crowd_is_not_let_in(
    qtbot: QtBot, name: str, window: tuple[SingleInstance, list[str]]
) -> None:
    """The number of connections is limited; closed ones make room again."""

    def crowd() -> int:
        clients = [socket.socket(socket.AF_UNIX) for _ in range(20)]
        greeted = 0
        for client in clients:
            client.settimeout(AT_ONCE)
            client.connect(name)
            greeted += client.recv(len(GREETING)) == GREETING
        for client in clients:
            client.close()
        return greeted

    assert 8 == _while_the_window_runs(qtbot, crowd)
    assert "True" == _second_start(qtbot, name, "second.raise_window(5000)")


@pytest.mark.parametrize(
    "address", ["x" * LONGEST + "@example.com", "a@example.com\nb@example.com"]
)
def test_what_can_t_cross_isn_t_sent(
    qtbot: QtBot, name: str, window: tuple[SingleInstance, list[str]], address: str
) -> None:
    """The second start has to report the problem itself."""
    assert "None" == _second_start(qtbot, name, f"second.ask({address!r}, 'same')")
    assert [] == window[1]


def test_a_window_that_ends_tells_nothing(
    qtbot: QtBot, name: str, window: tuple[SingleInstance, list[str]]
) -> None:
    """Then the second start does the work itself."""
    instance = window[0]
    instance.asked.disconnect()
    instance.asked.connect(lambda _: instance.close())
    assert "None" == _second_start(qtbot, name, "second.ask('you@example.com', 'same')")


def test_nobody_is_told_who_has_gone(
    qtbot: QtBot, name: str, window: tuple[SingleInstance, list[str]]
) -> None:
    """A script that was stopped leaves no sign-in behind that waits for its turn."""
    instance, waiting = window[0], list[Asked]()
    instance.asked.disconnect()
    instance.asked.connect(waiting.append)
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            _SECOND.format(expression="second.ask('a@b.example', 'same')"),
            name,
        ],
        cwd=ROOT,
    ) as second:
        qtbot.waitUntil(lambda: bool(waiting), timeout=SOON)
        assert waiting[0].is_waiting
        second.kill()
    qtbot.waitUntil(lambda: not waiting[0].is_waiting, timeout=SOON)
    waiting[0].answer(Answer(0, []))


def test_the_name_tells_settings_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each user's settings have their own name, which doesn't contain their folder."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "somebody"))
    one = server_name()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "somebody-else"))
    assert one != server_name()
    assert "somebody" not in one


@posix
def test_only_the_user_may_connect(name: str, window: tuple[SingleInstance, list[str]]) -> None:
    """The mode of the socket keeps others out."""
    assert 0 == Path(name).stat().st_mode & 0o077
