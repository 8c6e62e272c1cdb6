"""One window per user: a second start brings the open window to the front, or asks it for a token.

Only an address is handed over, never an option or an endpoint: whoever can connect can at most ask
this window to get the token of one of its user's mailboxes. The window takes an address only if it
would do the same for it as the second start itself (`conditions`). This is no lock: two windows at
once do no harm, since every token file has its own lock.

The protocol: the window sends a greeting, the second start sends one line, and the window answers
with one byte. If the line had an address that it takes, it sends one line with the outcome later.
"""

import getpass
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCryptographicHash, QDir, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from core.address import parse_address
from core.errors import AppError
from core.i18n.translation import N_, _, joined
from core.paths import user_config_folder

GREETING = b"oauth2_imap window 2\n"
ACKNOWLEDGED = b"\x06"  # ASCII's ACK
REFUSED = b"\x15"  # ASCII's NAK
LONGEST = 320  # bytes of an address and the conditions
_LINE_TIMEOUT = 2_000  # ms for the line of a second start
_MOST_CONNECTIONS = 8
_GREETING_TIMEOUT = 500  # ms
_LONGEST_WAIT = 3_600.0  # seconds; a sign-in takes minutes, and there may be some before it
_POLL = 500  # ms
_NOT_LISTENING = (  # no socket, or one that a crashed window left behind
    QLocalSocket.LocalSocketError.ServerNotFoundError,
    QLocalSocket.LocalSocketError.ConnectionRefusedError,
)
_TAKEN = N_("Another program uses {name}, which oauth2_imap needs to find its open window.")
_NO_SOCKET = N_(
    "oauth2_imap can't create {name}, which it needs to find its open window: {detail}."
)
_SECOND_WINDOW = N_("If you start oauth2_imap a second time, a second window opens.")


class _Listener(Enum):
    NONE = auto()
    OUR_WINDOW = auto()
    ANOTHER_PROGRAM = auto()


class Answer(NamedTuple):
    """The outcome of a mailbox: the exit code for the caller, and lines for the user."""

    code: int
    lines: Sequence[str]


class Asked:
    """An address that a second start has handed over, and that waits for its outcome."""

    def __init__(self, address: str, send: Callable[[bytes], None]) -> None:
        self.address = address
        self.is_waiting = True
        self._send = send

    def answer(self, answer: Answer) -> None:
        """Tell the outcome, unless the second start has ended meanwhile."""
        if self.is_waiting:
            import json  # the first frame needs none

            self._send(json.dumps({"code": int(answer.code), "lines": answer.lines}).encode())

    def leave(self) -> None:
        """Note that nobody waits any more."""
        self.is_waiting = False


def server_name() -> str:
    """Return the socket's name: each user's settings have their own, and it doesn't tell whose."""
    identity = f"{getpass.getuser()}\0{user_config_folder()}"
    # Python's hashlib would load OpenSSL before the first frame.
    digest = QCryptographicHash.hash(
        identity.encode("utf-8", "replace"), QCryptographicHash.Algorithm.Sha256
    )
    return "oauth2_imap-" + bytes(digest.data()).hex()[:20]


class SingleInstance(QObject):
    """Call `raise_window` first; if it returns False, call `listen`, and open the window anyway.

    `problem` says why `listen` failed. It is empty where another window came up in between.
    `conditions` returns those under which this window works; by default it takes no address.
    """

    raised = Signal()  # a second start without an address
    asked = Signal(Asked)

    def __init__(self, name: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problem = ""
        self.conditions: Callable[[], str] = str
        self._name = name or server_name()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MOST_CONNECTIONS)
        self._server.newConnection.connect(self._greet)

    def raise_window(self, timeout_ms: int = 500) -> bool:
        """Bring an open window to the front; return whether there is one."""
        socket = QLocalSocket()
        taken = self._send(socket, "", time.monotonic() + timeout_ms / 1000)
        socket.abort()
        return taken

    def ask(self, address: str, conditions: str, timeout_ms: int = 5_000) -> Answer | None:
        """Let an open window get the token of an address, and wait for the outcome.

        Returns None if there is no window, if it works under other conditions, and if it ends
        before. It has `timeout_ms` to take the address.
        """
        socket = QLocalSocket()
        try:
            if conditions and self._send(
                socket, f"{address} {conditions}", time.monotonic() + timeout_ms / 1000
            ):
                return _answer_of(socket)
        finally:
            socket.abort()
        return None

    def listen(self) -> bool:
        """Take the name, also after a window that crashed; return False where it is in use."""
        self.problem = ""
        socket = QLocalSocket()
        listener = self._connect_to(socket, time.monotonic() + _GREETING_TIMEOUT / 1000)
        socket.abort()
        if listener is _Listener.OUR_WINDOW:
            return False
        if listener is _Listener.ANOTHER_PROGRAM:
            self.problem = joined((_(_TAKEN, name=self._name), _(_SECOND_WINDOW)))
            return False
        QLocalServer.removeServer(self._name)  # Qt's documentation asks for this
        if not self._server.listen(self._name):
            problem = _(_NO_SOCKET, name=self._name, detail=self._server.errorString())
            self.problem = joined((problem, _(_SECOND_WINDOW)))
            return False
        return True

    def close(self) -> None:
        """Release the name; whoever still waits for an outcome learns that there is none."""
        self._server.close()
        for socket in self._server.findChildren(QLocalSocket):
            socket.abort()

    def _send(self, socket: QLocalSocket, line: str, deadline: float) -> bool:
        """Send a line to the open window; return whether there is one and it took the line."""
        if "\n" in line or self._connect_to(socket, deadline) is not _Listener.OUR_WINDOW:
            return False
        _allow_it_to_come_to_front()
        socket.write(line.encode("utf-8", "replace") + b"\n")
        return _read(socket, len(ACKNOWLEDGED), deadline) == ACKNOWLEDGED

    def _connect_to(self, socket: QLocalSocket, deadline: float) -> _Listener:
        """Connect, wait for the greeting, and return who listens there."""
        socket.setServerName(self._name)
        if _is_foreign(Path(QDir.tempPath(), self._name)):
            return _Listener.ANOTHER_PROGRAM
        socket.connectToServer()
        if not socket.waitForConnected(_left(deadline)):
            error = socket.error()
            return _Listener.NONE if error in _NOT_LISTENING else _Listener.ANOTHER_PROGRAM
        greeting = _read(socket, len(GREETING), deadline)
        return _Listener.OUR_WINDOW if greeting == GREETING else _Listener.ANOTHER_PROGRAM

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(LONGEST + 2)
            socket.disconnected.connect(socket.deleteLater)
            if len(self._server.findChildren(QLocalSocket)) > _MOST_CONNECTIONS:
                socket.abort()
                continue
            limit = QTimer(socket, singleShot=True, interval=_LINE_TIMEOUT)
            limit.timeout.connect(lambda s=socket: s.abort())
            limit.start()
            socket.readyRead.connect(lambda s=socket, t=limit: self._listen_to(s, t))
            socket.write(GREETING)

    def _listen_to(self, socket: QLocalSocket, limit: QTimer) -> None:
        if not limit.isActive():
            return  # it has sent its line
        if not socket.canReadLine():
            if socket.bytesAvailable() > LONGEST:
                socket.abort()
            return
        limit.stop()
        line = _line_in(bytes(socket.readLine().data()))
        if line is None:
            socket.abort()
        elif line.address and line.conditions != self.conditions():
            socket.write(REFUSED)
            socket.disconnectFromServer()
        elif line.address:
            socket.write(ACKNOWLEDGED)
            asked = Asked(line.address, lambda data: _finish(socket, data))
            socket.disconnected.connect(asked.leave)
            self.asked.emit(asked)
        else:
            socket.write(ACKNOWLEDGED)
            socket.disconnectFromServer()
            self.raised.emit()


class _Line(NamedTuple):
    """What a second start asks for: an address under conditions, or nothing."""

    address: str = ""
    conditions: str = ""


def _line_in(data: bytes) -> _Line | None:
    """Return what a line asks for; None for anything else."""
    data = data.removesuffix(b"\n")
    if not data:
        return _Line()
    try:
        text = data.decode("utf-8")
        if not text.isprintable():
            return None
        address, _, conditions = text.rpartition(" ")
        return _Line(parse_address(address), conditions)
    except (UnicodeDecodeError, AppError):
        return None


def _finish(socket: QLocalSocket, data: bytes) -> None:
    socket.write(data + b"\n")
    socket.flush()
    socket.disconnectFromServer()


def _answer_of(socket: QLocalSocket) -> Answer | None:
    """Wait for the outcome; None if the window ends, or sends something else."""
    import json

    deadline = time.monotonic() + _LONGEST_WAIT
    while not socket.canReadLine() and time.monotonic() < deadline:
        if not socket.waitForReadyRead(_POLL) and not _is_connected(socket):
            break
    try:
        said = json.loads(bytes(socket.readLine().data()))
        return Answer(int(said["code"]), [str(line) for line in said["lines"]])
    except (ValueError, TypeError, KeyError):
        return None


def _is_connected(socket: QLocalSocket) -> bool:
    return socket.state() is QLocalSocket.LocalSocketState.ConnectedState


def _read(socket: QLocalSocket, size: int, deadline: float) -> bytes:
    """Return `size` bytes, or fewer where the time is up or the other side has closed."""
    while socket.bytesAvailable() < size and socket.waitForReadyRead(_left(deadline)):
        pass
    return bytes(socket.read(size).data())


def _left(deadline: float) -> int:
    return max(int((deadline - time.monotonic()) * 1000), 0)


def _is_foreign(path: Path) -> bool:
    """Return whether the socket is another user's; Windows checks that by the pipe's ACL."""
    if sys.platform != "win32":
        with suppress(OSError):
            return path.lstat().st_uid != os.geteuid()
    return False


def _allow_it_to_come_to_front() -> None:
    """Let the open window come to the front: on Windows only the program in front may allow it."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1  # ASFW_ANY
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
