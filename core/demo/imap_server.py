"""The rehearsal's mailbox: as much of an IMAP4rev1 server (RFC 3501) as a login and a LIST need.

TLS from the first byte, or STARTTLS; XOAUTH2 alone, no passwords; folders without mail. It
misbehaves on demand (`behaviour`), since it also is the server of the quick tests.
"""

from collections.abc import Callable, Collection, Sequence
from types import TracebackType
from typing import Self

from ..oauth.sign_in.certificate import Certificate, server_context
from .imap_session import Behaviour, Session
from .loopback_server import Connection, LoopbackServer

__all__ = ["Behaviour", "ImapServer"]


class ImapServer:
    """Serves from its making until `close`, or as a context manager."""

    host = "localhost"

    def __init__(
        self,
        account_of: Callable[[str], str | None],
        *,
        certificate: Certificate,
        starttls: bool = False,
        folders: Sequence[str] = ("INBOX", "Archive", "Sent"),
        behaviour: Behaviour = Behaviour.NORMAL,
        delegates: Collection[tuple[str, str]] = (),
    ) -> None:
        """Listen; `account_of` tells whose an access token is, `delegates` who may open whose."""
        self.account_of = account_of
        self.starttls = starttls
        self.folders = folders
        self.behaviour = behaviour
        self.delegates = set(delegates)
        self.logins = self.refusals = 0
        self.tokens_seen: list[str] = []
        self.tls_context = server_context(certificate)
        self._server = LoopbackServer(self._serve)

    def __enter__(self) -> Self:
        """It already listens."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.close()

    @property
    def port(self) -> int:
        """The port on loopback."""
        return self._server.port

    def close(self) -> None:
        """Stop at once, also where a client hangs."""
        self._server.close()

    def hang(self) -> None:
        """Say nothing more until the close."""
        self._server.closing.wait()

    def admits(self, user: str, token: str) -> bool:
        """Whether the token opens that user's mailbox; counted."""
        self.tokens_seen.append(token)
        admitted = self.behaviour != Behaviour.REFUSE and self._may_open(user, token)
        self.logins += admitted
        self.refusals += not admitted
        return admitted

    def _may_open(self, user: str, token: str) -> bool:
        account = self.account_of(token)
        if account is None:
            return False
        delegated = {(a.casefold(), m.casefold()) for a, m in self.delegates}
        wanted = (account.casefold(), user.casefold())
        return wanted[0] == wanted[1] or wanted in delegated

    def _serve(self, connection: Connection) -> None:
        if self.behaviour == Behaviour.RESET:
            connection.reset_on_close()
            return
        if not self.starttls:
            connection.start_tls(self.tls_context)
        with Session(self, connection, secure=not self.starttls) as session:
            session.run()
