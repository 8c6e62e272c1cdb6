"""The demo's mailbox with what tests need: other behaviours, STARTTLS, delegates, memory."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections import deque
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum

from core.demo.imap_server import ImapServer, ImapSession
from core.oauth.sign_in.certificate import Certificate
from faulty_servers.responses import reset


class Behaviour(StrEnum):
    """What the mailbox does; looked at anew at each step, so that it can change at any time."""

    NORMAL = "normal"
    REFUSE = "refuse every login"
    HANG = "never greet"
    HANG_AFTER_LOGIN = "fall silent after the login"
    RESET = "reset the connection"
    BYE = "greet with a farewell"
    LIST_NO = "refuse LIST, as Microsoft does for a wrong mailbox"
    LIST_EMPTY = "list no folder"
    NO_XOAUTH2 = "know no XOAUTH2"
    NO_STARTTLS = "offer no TLS on the plain port"


class FaultyImapServer(ImapServer):
    """Behaves as `behaviour` says, and counts logins and lines."""

    def __init__(
        self,
        account_of: Callable[[str], str | None],
        *,
        certificate: Certificate,
        starttls: bool = False,
        folders: Sequence[str] = ImapSession.folders,
        behaviour: Behaviour = Behaviour.NORMAL,
        delegates: Collection[tuple[str, str]] = (),
    ) -> None:
        """`account_of` says whose an access token is, `delegates` who may open whose mailbox."""
        super().__init__(certificate, account_of)
        self.starttls = starttls
        self.folders = tuple(folders)
        self.behaviour = behaviour
        self.delegates = {(a.casefold(), m.casefold()) for a, m in delegates}
        self.logins = self.refusals = 0
        self.lines = 0  # of all clients
        self.tokens_seen: list[str] = []
        self.login_says: deque[str] = deque()  # instead of the real answers, each once
        self.list_says: deque[str] = deque()
        self.tls_context = self.context
        if starttls:
            self.context = None
        self._secured: list[ssl.SSLSocket] = []

    def serve(self, connection: socket.socket) -> None:
        """Serve one session, or none."""
        if self.behaviour == Behaviour.RESET:
            reset(connection)
            return
        session = _Session(connection, self)
        try:
            session.run()
        finally:
            session.connection.close()

    def secure(self, connection: socket.socket) -> ssl.SSLSocket:
        """TLS over a plain connection."""
        assert self.tls_context
        secured = self.tls_context.wrap_socket(connection, server_side=True)
        self._secured.append(secured)
        return secured

    def admits(self, user: str, token: str) -> bool:
        """Whether the token opens that user's mailbox; counted."""
        self.tokens_seen.append(token)
        delegated = ((self.account_of(token) or "").casefold(), user.casefold()) in self.delegates
        admitted = delegated or super().admits(user, token)
        admitted = admitted and self.behaviour != Behaviour.REFUSE
        self.logins += admitted
        self.refusals += not admitted
        return admitted

    def close(self) -> None:
        """Interrupt the connections that turned to TLS too."""
        super().close()
        for connection in self._secured:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _Session(ImapSession):
    """One client's session, as the mailbox wants to behave."""

    def __init__(self, connection: socket.socket, mailbox: FaultyImapServer) -> None:
        super().__init__(connection, mailbox.admits)
        self._mailbox = mailbox
        self.folders = mailbox.folders
        self._look()

    @property
    def _behaviour(self) -> Behaviour:
        return self._mailbox.behaviour

    @property
    def _secure(self) -> bool:
        return isinstance(self.connection, ssl.SSLSocket)

    def run(self) -> None:
        """Greet and obey, unless the behaviour is another one."""
        if self._behaviour == Behaviour.HANG:
            if isinstance(self.connection, ssl.SSLSocket):
                self.connection.do_handshake()
            self._mailbox.closing.wait()
        elif self._behaviour == Behaviour.BYE:
            self.send("* BYE The demo's mailbox is closed today")
        else:
            super().run()
        self.reader.close()

    def read_line(self) -> str:
        """The client's next line, if it is listened to."""
        if self.logged_in and self._behaviour == Behaviour.HANG_AFTER_LOGIN:
            self._mailbox.closing.wait()
        line = super().read_line()
        self._mailbox.lines += 1
        return line

    def do_authenticate(self, tag: str, mechanism: str) -> None:
        """XOAUTH2 behind TLS alone, where it is offered."""
        offered = self._secure and self._behaviour != Behaviour.NO_XOAUTH2
        if offered and self._mailbox.login_says:
            self.send("+ ")
            self.read_line()
            self.send(f"{tag} {self._mailbox.login_says.popleft()}")
            return
        super().do_authenticate(tag, mechanism if offered else "")

    def do_list(self, tag: str, pattern: str) -> None:
        """All folders, or none, or a refusal."""
        if self._mailbox.list_says:
            self.send(f"{tag} {self._mailbox.list_says.popleft()}")
            return
        if self._behaviour == Behaviour.LIST_NO:
            self.send(f"{tag} NO User is authenticated but not connected.")
            return
        self.folders = () if self._behaviour == Behaviour.LIST_EMPTY else self._mailbox.folders
        super().do_list(tag, pattern)

    def do_starttls(self, tag: str, arguments: str) -> None:
        """Turn to TLS, where it is offered."""
        if "STARTTLS" not in self.capabilities:
            self.unknown(tag, arguments)
            return
        self.send(f"{tag} OK Begin TLS negotiation now")
        # With the old reader goes what a client, or somebody in between, sent ahead in plain.
        self.reader.close()
        self.connection = self._mailbox.secure(self.connection)
        self.reader = self.connection.makefile("rb")
        self._look()

    def _look(self) -> None:
        """What the server can do now."""
        words = ["IMAP4rev1"]
        if not self._secure:
            words.append("LOGINDISABLED")
            words += ["STARTTLS"] * (self._behaviour != Behaviour.NO_STARTTLS)
        elif self._behaviour != Behaviour.NO_XOAUTH2:
            words.append("AUTH=XOAUTH2")
        self.capabilities = " ".join(words)
