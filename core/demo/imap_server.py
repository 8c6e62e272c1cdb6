"""The demo's mailbox: as much of an IMAP4rev1 server (RFC 3501) as empty folders need.

It speaks TLS from the first byte, and takes only XOAUTH2. imapsync can read it, or "copy" from one
of its mailboxes to another; there is no mail to copy, so nothing is ever appended or fetched.
"""

import base64
import json
import re
import socket
from collections.abc import Callable

from ..net.loopback import LoopbackServer, first_free
from ..oauth.sign_in.certificate import Certificate, server_context

# In bytes. RFC 7162 section 4 asks for at least 8192; an XOAUTH2 line with a large JWT has more.
_LINE_LIMIT = 1 << 16
# https://developers.google.com/gmail/imap/xoauth2-protocol
_XOAUTH2 = re.compile(r"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01")
_COUNTS = ("* 0 EXISTS", "* 0 RECENT")
_STATUS = "MESSAGES 0 RECENT 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1"
_CHALLENGE = {"status": "401", "schemes": "bearer", "scope": "mail"}


class ImapServer(LoopbackServer):
    """Admits a user who shows an access token of the same account."""

    host = "localhost"

    def __init__(self, certificate: Certificate, account_of: Callable[[str], str | None]) -> None:
        """Bind a free port; `account_of` says whose an access token is."""
        super().__init__(first_free(), context=server_context(certificate))
        self.account_of = account_of

    def serve(self, connection: socket.socket) -> None:
        """Serve one session."""
        ImapSession(connection, self.admits).run()

    def admits(self, user: str, token: str) -> bool:
        """Return whether the token opens that user's mailbox."""
        account = self.account_of(token)
        return account is not None and account.casefold() == user.casefold()


class ImapSession:
    """One client's session; a method `do_x` is the command X, and every other command gets BAD."""

    capabilities = "IMAP4rev1 AUTH=XOAUTH2"
    folders: tuple[str, ...] = ("INBOX", "Archive", "Sent")

    def __init__(self, connection: socket.socket, admits: Callable[[str, str], bool]) -> None:
        """`admits` decides about the login of a user with a token."""
        self.connection = connection
        self.reader = connection.makefile("rb")
        self.logged_in = self.over = False
        self._admits = admits

    def run(self) -> None:
        """Greet the client and obey it until one side ends the session."""
        try:
            self.send(f"* OK [CAPABILITY {self.capabilities}] A pretend mailbox")
            while not self.over:
                tag, _, rest = self.read_line().partition(" ")
                name, _, arguments = rest.partition(" ")
                command = getattr(self, f"do_{name.lower()}", self.unknown)
                command(tag, arguments)
        finally:
            self.reader.close()

    def unknown(self, tag: str, _arguments: str) -> None:
        """Refuse a command."""
        self.send(f"{tag or '*'} BAD Unknown command, or not before the login")

    def do_capability(self, tag: str, _arguments: str) -> None:
        """Say what the server can do."""
        self.send(f"* CAPABILITY {self.capabilities}")
        self.send(f"{tag} OK CAPABILITY completed")

    def do_authenticate(self, tag: str, mechanism: str) -> None:
        """Log in by XOAUTH2; a refusal comes as a challenge first."""
        if mechanism.upper() != "XOAUTH2":
            self.send(f"{tag} NO [CANNOT] Unsupported authentication mechanism")
            return
        self.send("+ ")
        credentials = _credentials(self.read_line())
        if credentials is None:
            self.send(f"{tag} BAD Invalid SASL argument")
        elif self._admits(*credentials):
            self.logged_in = True
            self.send(f"{tag} OK AUTHENTICATE completed")
        else:
            self.send(f"+ {base64.b64encode(json.dumps(_CHALLENGE).encode()).decode()}")
            self.read_line()
            self.send(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")

    def do_list(self, tag: str, _pattern: str) -> None:
        """List all folders, whatever the pattern; only after the login."""
        self.answer(tag, *(f'* LIST (\\HasNoChildren) "/" "{f}"' for f in self.folders))

    def do_select(self, tag: str, _folder: str) -> None:
        """Open a folder: all are empty."""
        facts = ("UIDVALIDITY 1", "UIDNEXT 1", "PERMANENTFLAGS ()")
        self.answer(tag, "* FLAGS ()", *_COUNTS, *(f"* OK [{fact}] Empty" for fact in facts))

    do_examine = do_select

    def do_status(self, tag: str, arguments: str) -> None:
        """Say how much is in a folder."""
        folder = arguments.rpartition(" (")[0]
        self.answer(tag, f"* STATUS {folder} ({_STATUS})")

    def do_search(self, tag: str, _criteria: str) -> None:
        """Find nothing."""
        self.answer(tag, "* SEARCH")

    def do_uid(self, tag: str, arguments: str) -> None:
        """Find nothing; there is nothing to fetch."""
        is_search = arguments.upper().startswith("SEARCH ")
        (self.do_search if is_search else self.unknown)(tag, arguments)

    def do_noop(self, tag: str, _arguments: str) -> None:
        """Do nothing. A folder that is to be created or closed needs nothing either."""
        self.answer(tag)

    do_create = do_subscribe = do_check = do_close = do_noop

    def answer(self, tag: str, *lines: str) -> None:
        """Answer a command that needs the login."""
        if not self.logged_in:
            self.unknown(tag, "")
            return
        for line in lines:
            self.send(line)
        self.send(f"{tag} OK Completed")

    def do_logout(self, tag: str, _arguments: str) -> None:
        """End the session."""
        self.send("* BYE The session ends")
        self.send(f"{tag} OK LOGOUT completed")
        self.over = True

    def read_line(self) -> str:
        """Return the client's next line; raise ConnectionAbortedError if there is none."""
        line = self.reader.readline(_LINE_LIMIT)
        if not line.endswith(b"\n"):
            raise ConnectionAbortedError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def send(self, line: str) -> None:
        """Send one line."""
        self.connection.sendall(f"{line}\r\n".encode())


def _credentials(response: str) -> tuple[str, str] | None:
    """Return the user and the token; None if it isn't XOAUTH2."""
    try:
        found = _XOAUTH2.fullmatch(base64.b64decode(response, validate=True).decode())
    except ValueError:
        return None
    return (found[1], found[2]) if found else None
