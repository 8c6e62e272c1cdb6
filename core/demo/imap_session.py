"""One client's session with the rehearsal's mailbox: the commands of RFC 3501 that it knows.

Whether a login is right is the mailbox's business. Everything else gets BAD, literals too.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from io import BufferedReader
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self

from .loopback_server import Connection

if TYPE_CHECKING:
    from .imap_server import ImapServer

# In bytes; RFC 7162 section 4 asks for at least 8192, an XOAUTH2 line with a large JWT has more.
_LINE_LIMIT = 1 << 16
ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
# https://developers.google.com/gmail/imap/xoauth2-protocol
XOAUTH2 = re.compile(r"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01")
CHALLENGE = {"status": "401", "schemes": "bearer", "scope": "mail"}


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


class Session:
    """From the greeting to the farewell; its own context manager."""

    def __init__(self, mailbox: "ImapServer", connection: Connection, *, secure: bool) -> None:
        """`secure` is whether TLS is on already."""
        self._mailbox = mailbox
        self._connection = connection
        self._secure = secure
        self._logged_in = self._over = False
        self._reader = self._new_reader()

    def __enter__(self) -> Self:
        """Nothing is said yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the reader back; the connection is its owner's."""
        self._reader.close()

    def run(self) -> None:
        """Greet and obey until one side ends it."""
        if self._mailbox.behaviour == Behaviour.HANG:
            self._mailbox.hang()
        elif self._mailbox.behaviour == Behaviour.BYE:
            self._send("* BYE The rehearsal's mailbox is closed today")
        else:
            self._send(f"* OK [CAPABILITY {self._capabilities()}] The rehearsal's mailbox")
            while not self._over:
                self._obey(self._read_line())

    def _new_reader(self) -> BufferedReader:
        return self._connection.socket.makefile("rb")

    def _read_line(self) -> str:
        line = self._reader.readline(_LINE_LIMIT)
        if not line.endswith(b"\n"):
            if len(line) == _LINE_LIMIT:
                self._send("* BYE That line is too long")
            raise ConnectionAbortedError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def _send(self, line: str) -> None:
        self._connection.socket.sendall(f"{line}\r\n".encode())

    def _obey(self, line: str) -> None:
        tag, _, rest = line.partition(" ")
        name, _, arguments = rest.partition(" ")
        name = name.upper()
        if self._logged_in and self._mailbox.behaviour == Behaviour.HANG_AFTER_LOGIN:
            self._mailbox.hang()
        elif name not in _COMMANDS:
            self._send(f"{tag or '*'} BAD Unknown command")
        elif name in NEED_LOGIN and not self._logged_in:
            self._send(f"{tag} BAD Log in first")
        else:
            _COMMANDS[name](self, tag, arguments)

    def _capabilities(self) -> str:
        words = ["IMAP4rev1", "ID", "SASL-IR"]
        if not self._secure:
            words.append("LOGINDISABLED")
        if self._offers_starttls():
            words.append("STARTTLS")
        if self._offers_xoauth2():
            words.append("AUTH=XOAUTH2")
        return " ".join(words)

    def _offers_starttls(self) -> bool:
        return not self._secure and self._mailbox.behaviour != Behaviour.NO_STARTTLS

    def _offers_xoauth2(self) -> bool:
        return self._secure and self._mailbox.behaviour != Behaviour.NO_XOAUTH2

    def _capability(self, tag: str, _arguments: str) -> None:
        self._send(f"* CAPABILITY {self._capabilities()}")
        self._send(f"{tag} OK CAPABILITY completed")

    def _noop(self, tag: str, _arguments: str) -> None:
        self._send(f"{tag} OK NOOP completed")

    def _id(self, tag: str, _arguments: str) -> None:
        """RFC 2971."""
        self._send('* ID ("name" "rehearsal")')
        self._send(f"{tag} OK ID completed")

    def _logout(self, tag: str, _arguments: str) -> None:
        self._send("* BYE Until the next rehearsal")
        self._send(f"{tag} OK LOGOUT completed")
        self._over = True

    def _starttls(self, tag: str, _arguments: str) -> None:
        if not self._offers_starttls():
            self._send(f"{tag} BAD TLS isn't offered")
            return
        self._send(f"{tag} OK Begin TLS negotiation now")
        # With the old reader goes what a client, or somebody in between, sent ahead in plain.
        self._reader.close()
        self._connection.start_tls(self._mailbox.tls_context)
        self._secure = True
        self._reader = self._new_reader()

    def _authenticate(self, tag: str, arguments: str) -> None:
        mechanism, _, response = arguments.partition(" ")
        if mechanism.upper() != "XOAUTH2" or not self._offers_xoauth2():
            self._send(f"{tag} NO [CANNOT] Unsupported authentication mechanism")
            return
        if not response:
            self._send("+ ")
            response = self._read_line()
        credentials = _credentials(response)
        if credentials is None:
            self._send(f"{tag} BAD Invalid SASL argument")
        elif self._mailbox.admits(*credentials):
            self._logged_in = True
            self._send(f"{tag} OK AUTHENTICATE completed")
        else:
            self._send(f"+ {base64.b64encode(json.dumps(CHALLENGE).encode()).decode()}")
            self._read_line()
            self._send(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")

    def _list(self, tag: str, arguments: str) -> None:
        if self._mailbox.behaviour == Behaviour.LIST_NO:
            self._send(f"{tag} NO User is authenticated but not connected.")
            return
        words = _words(arguments)
        wanted = _pattern("".join(words[:2]))
        if words[1:] == [""]:
            self._send('* LIST (\\Noselect) "/" ""')
        elif self._mailbox.behaviour != Behaviour.LIST_EMPTY:
            for folder in filter(wanted.fullmatch, self._mailbox.folders):
                self._send(f'* LIST (\\HasNoChildren) "/" "{folder}"')
        self._send(f"{tag} OK LIST completed")

    def _select(self, tag: str, arguments: str) -> None:
        self._open(tag, arguments, "[READ-WRITE] SELECT")

    def _examine(self, tag: str, arguments: str) -> None:
        self._open(tag, arguments, "[READ-ONLY] EXAMINE")

    def _open(self, tag: str, arguments: str, done: str) -> None:
        if _words(arguments)[:1] not in [[folder] for folder in self._mailbox.folders]:
            self._send(f"{tag} NO [NONEXISTENT] There is no such folder")
            return
        self._send("* FLAGS (\\Seen \\Deleted)")
        self._send("* 0 EXISTS")
        self._send("* 0 RECENT")
        self._send("* OK [UIDVALIDITY 1] UIDs are valid")
        self._send(f"{tag} OK {done} completed")


_COMMANDS: Mapping[str, Callable[[Session, str, str], None]] = MappingProxyType(
    {
        "AUTHENTICATE": Session._authenticate,
        "CAPABILITY": Session._capability,
        "EXAMINE": Session._examine,
        "ID": Session._id,
        "LIST": Session._list,
        "LOGOUT": Session._logout,
        "NOOP": Session._noop,
        "SELECT": Session._select,
        "STARTTLS": Session._starttls,
    }
)
NEED_LOGIN = frozenset({"EXAMINE", "LIST", "SELECT"})


def _credentials(response: str) -> tuple[str, str] | None:
    """User and token; None where it isn't XOAUTH2."""
    try:
        found = XOAUTH2.fullmatch(base64.b64decode(response, validate=True).decode())
    except ValueError:
        return None
    return (found[1], found[2]) if found else None


def _words(arguments: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", quoted) or bare for quoted, bare in ARGUMENT.findall(arguments)]


def _pattern(wanted: str) -> re.Pattern[str]:
    """LIST's wildcards: * is anything, % stops at the hierarchy's separator."""
    escaped = re.escape(wanted).replace(r"\*", ".*").replace("%", "[^/]*")
    return re.compile(escaped)
