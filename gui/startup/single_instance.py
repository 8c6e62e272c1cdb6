"""One window per user: a second start hands its address to the first and ends.

Only an address crosses, never an option or an endpoint: whoever can connect can at most ask for a
mailbox of this user to be refreshed here. Not a lock: two windows at once cost nothing, since every
token file has its own.

The talk: the window greets, the newcomer sends one line, the window acknowledges it by one byte.
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

GREETING = b"oauth2_imap window 1\n"
ACKNOWLEDGED = b"\x06"  # ASCII's ACK
LONGEST = 320  # bytes of an address
_PATIENCE = 2_000  # ms for a newcomer's line
_AT_ONCE = 8  # connections
_PROBE = 500  # ms for a greeting
_NOBODY_THERE = (  # no socket, or one that a dead window left behind
    QLocalSocket.LocalSocketError.ServerNotFoundError,
    QLocalSocket.LocalSocketError.ConnectionRefusedError,
)


class _Answer(Enum):
    NOBODY = auto()
    OURS = auto()
    STRANGER = auto()


def server_name() -> str:
    """The same for one user, another for every other, and telling nothing of them."""
    identity = f"{getpass.getuser()}\0{Path.home()}"
    return "oauth2_imap-" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:20]


class SingleInstance(QObject):
    """First `hand_over`; where nobody took it, `listen` and open the window whatever it says.

    `problem` says in words what is wrong with the name; it is empty after a failed `listen` only
    where another window came up meanwhile, so that `hand_over` is worth a second call.
    """

    address_received = Signal(str)  # an address, or "": only come to the front

    def __init__(self, name: str | None = None, parent: QObject | None = None) -> None:
        """Nothing is asked or taken yet."""
        super().__init__(parent)
        self.problem = ""
        self._name = name or server_name()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_AT_ONCE)
        self._server.newConnection.connect(self._greet)

    def hand_over(self, address: str, timeout_ms: int = 500) -> bool:
        """Whether an open window has taken the address ("": has come to the front)."""
        deadline = time.monotonic() + timeout_ms / 1000
        socket = QLocalSocket()
        answer = self._ask(socket, deadline)
        taken = answer is _Answer.OURS and _send(socket, address, deadline)
        socket.abort()
        return taken

    def listen(self) -> bool:
        """Take the name, also from a window that died; False where somebody else has it."""
        self.problem = ""
        socket = QLocalSocket()
        answer = self._ask(socket, time.monotonic() + _PROBE / 1000)
        socket.abort()
        if answer is _Answer.OURS:
            return False
        if answer is _Answer.STRANGER:
            self.problem = self._complaint("another program answers under its name")
            return False
        QLocalServer.removeServer(self._name)  # Qt asks for it, though today's does without
        if not self._server.listen(self._name):
            self.problem = self._complaint(self._server.errorString())
            return False
        return True

    def close(self) -> None:
        """Give the name back."""
        self._server.close()

    def _complaint(self, why: str) -> str:
        return f"A second start of oauth2_imap won't find this window: {why} ({self._name})."

    def _ask(self, socket: QLocalSocket, deadline: float) -> _Answer:
        """Connect and wait for the greeting."""
        socket.setServerName(self._name)
        if _is_foreign(Path(QDir.tempPath(), self._name)):
            return _Answer.STRANGER
        socket.connectToServer()
        if not socket.waitForConnected(_left(deadline)):
            error = socket.error()
            return _Answer.NOBODY if error in _NOBODY_THERE else _Answer.STRANGER
        greeting = _read(socket, len(GREETING), deadline)
        return _Answer.OURS if greeting == GREETING else _Answer.STRANGER

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(LONGEST + 2)
            socket.disconnected.connect(socket.deleteLater)
            if len(self._server.findChildren(QLocalSocket)) > _AT_ONCE:
                socket.abort()
                continue
            socket.readyRead.connect(lambda s=socket: self._listen_to(s))
            QTimer.singleShot(_PATIENCE, socket, socket.abort)
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
    """The address of a line, "" for an empty one, None for anything else."""
    line = line.removesuffix(b"\n")
    if not line:
        return ""
    try:
        return parse_address(line.decode("utf-8"))
    except (UnicodeDecodeError, AppError):
        return None


def _send(socket: QLocalSocket, address: str, deadline: float) -> bool:
    if "\n" in address:
        return False
    _let_it_come_to_the_front()
    socket.write(address.encode("utf-8", "replace") + b"\n")
    return _read(socket, len(ACKNOWLEDGED), deadline) == ACKNOWLEDGED


def _read(socket: QLocalSocket, size: int, deadline: float) -> bytes:
    """At most so many bytes, fewer where the time is up or the other side has gone."""
    while socket.bytesAvailable() < size and socket.waitForReadyRead(_left(deadline)):
        pass
    return bytes(socket.read(size).data())


def _left(deadline: float) -> int:
    return max(int((deadline - time.monotonic()) * 1000), 0)


def _is_foreign(path: Path) -> bool:
    """Whether the socket is another user's; on Windows the pipe's access list sees to that."""
    if sys.platform != "win32":
        with suppress(OSError):
            return path.lstat().st_uid != os.geteuid()
    return False


def _let_it_come_to_the_front() -> None:
    """Windows lets only the program in front hand that right on."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1  # ASFW_ANY
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
