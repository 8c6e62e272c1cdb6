"""One window per user: a second start hands its address to the open window and ends.

Only an address is handed over, never an option or an endpoint: whoever can connect can at most ask
this window to refresh one of its user's mailboxes. This is no lock: two windows at once do no harm,
since every token file has its own lock.

The protocol: the window sends a greeting, the second start sends one line, and the window
acknowledges it with one byte.
"""

import getpass
import hashlib
import os
import sys
import time
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from core.address import parse_address
from core.errors import AppError
from core.paths import user_config_folder

GREETING = b"oauth2_imap window 1\n"
ACKNOWLEDGED = b"\x06"  # ASCII's ACK
LONGEST = 320  # bytes of an address
_LINE_TIMEOUT = 2_000  # ms for the line of a second start
_MOST_CONNECTIONS = 8
_GREETING_TIMEOUT = 500  # ms
_NOT_LISTENING = (  # no socket, or one that a crashed window left behind
    QLocalSocket.LocalSocketError.ServerNotFoundError,
    QLocalSocket.LocalSocketError.ConnectionRefusedError,
)
_TAKEN = "Another program uses {name}, which oauth2_imap needs to find its open window."
_NO_SOCKET = "oauth2_imap can't create {name}, which it needs to find its open window: {detail}."
_SECOND_WINDOW = "If you start oauth2_imap a second time, a second window opens."


class _Listener(Enum):
    NONE = auto()
    OUR_WINDOW = auto()
    ANOTHER_PROGRAM = auto()


def server_name() -> str:
    """Return the socket's name: each user's settings have their own, and it doesn't tell whose."""
    identity = f"{getpass.getuser()}\0{user_config_folder()}"
    return "oauth2_imap-" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:20]


class SingleInstance(QObject):
    """Call `hand_over` first; if it returns False, call `listen` and open the window in any case.

    `problem` says why `listen` failed. It is empty where another window came up in between: then
    call `hand_over` once more.
    """

    address_received = Signal(str)  # an address; "" only brings the window to the front

    def __init__(self, name: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problem = ""
        self._name = name or server_name()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MOST_CONNECTIONS)
        self._server.newConnection.connect(self._greet)

    def hand_over(self, address: str, timeout_ms: int = 500) -> bool:
        """Give an open window the address; return whether it took it ("": came to the front)."""
        deadline = time.monotonic() + timeout_ms / 1000
        socket = QLocalSocket()
        listener = self._connect_to(socket, deadline)
        taken = listener is _Listener.OUR_WINDOW and _send(socket, address, deadline)
        socket.abort()
        return taken

    def listen(self) -> bool:
        """Take the name, also after a window that crashed; return False where it is in use."""
        self.problem = ""
        socket = QLocalSocket()
        listener = self._connect_to(socket, time.monotonic() + _GREETING_TIMEOUT / 1000)
        socket.abort()
        if listener is _Listener.OUR_WINDOW:
            return False
        if listener is _Listener.ANOTHER_PROGRAM:
            self.problem = f"{_TAKEN.format(name=self._name)} {_SECOND_WINDOW}"
            return False
        QLocalServer.removeServer(self._name)  # Qt's documentation asks for this
        if not self._server.listen(self._name):
            problem = _NO_SOCKET.format(name=self._name, detail=self._server.errorString())
            self.problem = f"{problem} {_SECOND_WINDOW}"
            return False
        return True

    def close(self) -> None:
        """Release the name."""
        self._server.close()

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
            socket.readyRead.connect(lambda s=socket: self._listen_to(s))
            QTimer.singleShot(_LINE_TIMEOUT, socket, socket.abort)
            socket.write(GREETING)

    def _listen_to(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > LONGEST:
                socket.abort()
            return
        address = _address_in(bytes(socket.readLine().data()))
        if address is None:
            socket.abort()
            return
        socket.write(ACKNOWLEDGED)
        socket.disconnectFromServer()
        self.address_received.emit(address)


def _address_in(line: bytes) -> str | None:
    """Return the address in a line, "" for an empty line, None for anything else."""
    line = line.removesuffix(b"\n")
    if not line:
        return ""
    try:
        text = line.decode("utf-8")
        return parse_address(text) if text.isprintable() else None
    except (UnicodeDecodeError, AppError):
        return None


def _send(socket: QLocalSocket, address: str, deadline: float) -> bool:
    if "\n" in address:
        return False
    _allow_it_to_come_to_front()
    socket.write(address.encode("utf-8", "replace") + b"\n")
    return _read(socket, len(ACKNOWLEDGED), deadline) == ACKNOWLEDGED


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
