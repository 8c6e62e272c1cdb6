"""The rehearsal's mailbox, asked by the standard library's IMAP client and by hand."""

import base64
import contextlib
import imaplib
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.demo.imap_server import Behaviour, ImapServer
from core.oauth.sign_in.certificate import Certificate, self_signed

ACCOUNT = "you@demo.example"
TOKEN = "good-token"


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    """One certificate serves all of them."""
    return self_signed()


@pytest.fixture(scope="module")
def context(certificate: Certificate) -> ssl.SSLContext:
    """A client that trusts it."""
    return ssl.create_default_context(cadata=certificate.certificate_pem.decode())


@pytest.fixture
def start(certificate: Certificate) -> Iterator[Callable[..., ImapServer]]:
    """Start mailboxes that end with the test; one token is known."""
    with contextlib.ExitStack() as stack:

        def started(**options: Any) -> ImapServer:
            return stack.enter_context(
                ImapServer({TOKEN: ACCOUNT}.get, certificate=certificate, **options)
            )

        yield started


@pytest.fixture
def mailbox(start: Callable[..., ImapServer]) -> ImapServer:
    """The mailbox as it is by default."""
    return start()


def xoauth2(user: str = ACCOUNT, token: str = TOKEN) -> bytes:
    """The client's answer, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()


def connect(mailbox: ImapServer, context: ssl.SSLContext) -> imaplib.IMAP4:
    """Over TLS, one way or the other."""
    if not mailbox.starttls:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=5)
    client = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=5)
    try:
        client.starttls(context)
    except BaseException:
        client.file.close()
        client.sock.close()
        raise
    return client


def log_in(client: imaplib.IMAP4, user: str = ACCOUNT, token: str = TOKEN) -> None:
    """With the continuation, which is imaplib's way."""
    client.authenticate("XOAUTH2", lambda challenge: b"" if challenge else xoauth2(user, token))


class Raw:
    """Lines by hand."""

    def __init__(self, mailbox: ImapServer, context: ssl.SSLContext | None) -> None:
        """`context` is None for a plain connection."""
        self.socket = socket.create_connection(("127.0.0.1", mailbox.port), timeout=5)
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.reader = self.socket.makefile("rb")

    def __enter__(self) -> "Raw":
        """The greeting isn't read yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give both back."""
        self.reader.close()
        self.socket.close()

    def send(self, line: str) -> None:
        """One line out."""
        self.socket.sendall(f"{line}\r\n".encode())

    def read(self) -> str:
        """One line in; empty at the end."""
        return self.reader.readline().decode().rstrip("\r\n")

    def ask(self, line: str) -> str:
        """The tagged answer."""
        self.send(line)
        tag = line.partition(" ")[0]
        while not (answer := self.read()).startswith(tag):
            assert answer
        return answer


@pytest.mark.parametrize("starttls", [False, True])
def test_imaplib_logs_in_and_lists(
    start: Callable[..., ImapServer], context: ssl.SSLContext, starttls: bool
) -> None:
    """The whole session, over TLS from the start and over STARTTLS."""
    mailbox = start(starttls=starttls)
    with connect(mailbox, context) as client:
        log_in(client)
        _, folders = client.list()
        assert [b'(\\HasNoChildren) "/" "INBOX"', b'(\\HasNoChildren) "/" "Archive"'] == folders[:2]
        assert ("OK", [b"0"]) == client.select("INBOX")
        assert ("OK", [b"0"]) == client.select("Archive", readonly=True)
        assert "NO" == client.select("Nowhere")[0]
        assert "OK" == client.noop()[0]
    assert (1, 0, [TOKEN]) == (mailbox.logins, mailbox.refusals, mailbox.tokens_seen)


def test_both_loopback_addresses_answer(mailbox: ImapServer, context: ssl.SSLContext) -> None:
    """127.0.0.1 and ::1 serve the same port."""
    for host in ("127.0.0.1", "::1"):
        with imaplib.IMAP4_SSL(host, mailbox.port, ssl_context=context, timeout=5) as client:
            assert "AUTH=XOAUTH2" in client.capabilities


@pytest.mark.parametrize("starttls", [False, True])
def test_a_stranger_distrusts_the_certificate(
    start: Callable[..., ImapServer], starttls: bool
) -> None:
    """Without the certificate among the trusted ones, there is no session."""
    mailbox = start(starttls=starttls)
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(mailbox, ssl.create_default_context())


@pytest.mark.parametrize(
    ("user", "token", "admitted"),
    [
        (ACCOUNT, TOKEN, True),
        ("YOU@Demo.example", TOKEN, True),
        ("shared@demo.example", TOKEN, True),
        ("other@demo.example", TOKEN, False),
        (ACCOUNT, "unknown", False),
    ],
)
def test_the_token_must_open_that_mailbox(
    start: Callable[..., ImapServer], context: ssl.SSLContext, user: str, token: str, admitted: bool
) -> None:
    """It is the user's own or one delegated to them; a refusal leaves the session alive."""
    mailbox = start(delegates=[(ACCOUNT, "Shared@demo.example")])
    with connect(mailbox, context) as client:
        expectation = (
            contextlib.nullcontext()
            if admitted
            else pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED")
        )
        with expectation:
            log_in(client, user, token)
        assert "OK" == client.noop()[0]
    assert (admitted, not admitted) == (mailbox.logins, mailbox.refusals)
    assert [token] == mailbox.tokens_seen


def test_an_initial_response_is_taken(mailbox: ImapServer, context: ssl.SSLContext) -> None:
    """SASL-IR: the credentials come on the command's line."""
    with Raw(mailbox, context) as client:
        assert "SASL-IR" in client.read()
        response = base64.b64encode(xoauth2()).decode()
        assert client.ask(f"a AUTHENTICATE XOAUTH2 {response}").startswith("a OK")
        assert client.ask('b LIST "" "*"').startswith("b OK")


def test_a_refusal_explains_itself_first(mailbox: ImapServer, context: ssl.SSLContext) -> None:
    """A challenge with the status in JSON, the client's empty line, then NO."""
    with Raw(mailbox, context) as client:
        client.read()
        response = base64.b64encode(xoauth2(token="bad")).decode()
        client.send(f"a AUTHENTICATE XOAUTH2 {response}")
        plus, _, challenge = client.read().partition(" ")
        assert ("+", "401") == (plus, json.loads(base64.b64decode(challenge))["status"])
        client.send("")
        assert client.read().startswith("a NO [AUTHENTICATIONFAILED]")
        client.send("b NOOP")
        assert client.read().startswith("b OK")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ('a LIST "" "*"', "a BAD"),
        ("a SELECT INBOX", "a BAD"),
        ("a LOGIN you password", "a BAD"),
        ("a FETCH 1 ALL", "a BAD"),
        ("a", "a BAD"),
        ("a AUTHENTICATE PLAIN", "a NO"),
        ("a AUTHENTICATE XOAUTH2 %%%", "a BAD"),
        ("a AUTHENTICATE XOAUTH2 bm90aGluZw==", "a BAD"),
        ("a starttls", "a BAD"),
        ("a id nil", "a OK"),
        ("a capability", "a OK"),
        ("a logout", "a OK"),
    ],
)
def test_commands_before_the_login(
    mailbox: ImapServer, context: ssl.SSLContext, line: str, answer: str
) -> None:
    """Each gets its answer; nothing gets in without a token."""
    with Raw(mailbox, context) as client:
        client.read()
        assert answer == client.ask(line)[: len(answer)]
    assert 0 == mailbox.logins


def test_nothing_is_admitted_before_tls(
    start: Callable[..., ImapServer], context: ssl.SSLContext
) -> None:
    """On the plain port there is no XOAUTH2, and what was sent ahead of TLS is forgotten."""
    mailbox = start(starttls=True)
    with Raw(mailbox, None) as client:
        greeting = client.read()
        assert "STARTTLS" in greeting
        assert "LOGINDISABLED" in greeting
        assert "XOAUTH2" not in greeting
        response = base64.b64encode(xoauth2()).decode()
        assert client.ask(f"a AUTHENTICATE XOAUTH2 {response}").startswith("a NO")
        client.send("b STARTTLS\r\nc NOOP")
        assert client.read().startswith("b OK")
        client.socket = context.wrap_socket(client.socket, server_hostname="localhost")
        client.reader.close()
        client.reader = client.socket.makefile("rb")
        client.send("d NOOP")
        assert client.read().startswith("d OK")
    assert [] == mailbox.tokens_seen


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('"" "*"', ["INBOX", "Archive", "Archive/2024"]),
        ('"" %', ["INBOX", "Archive"]),
        ('"Archive/" "*"', ["Archive/2024"]),
        ('"" INBOX', ["INBOX"]),
        ('"" "IN[A-Z]OX"', []),
        ('"" ""', [""]),
    ],
)
def test_list_knows_wildcards(
    start: Callable[..., ImapServer], context: ssl.SSLContext, pattern: str, expected: list[str]
) -> None:
    """RFC 3501 section 6.3.8."""
    mailbox = start(folders=("INBOX", "Archive", "Archive/2024"))
    with connect(mailbox, context) as client:
        log_in(client)
        _, lines = client.list(*pattern.split())
        names = [line.decode().split('"')[-2] for line in lines if isinstance(line, bytes)]
        assert expected == names


def test_too_long_a_line_ends_the_session(mailbox: ImapServer, context: ssl.SSLContext) -> None:
    """64 KiB are the bound."""
    with Raw(mailbox, context) as client:
        client.read()
        client.socket.sendall(b"a NOOP" + b" " * ((1 << 16) - 6))
        assert client.read().startswith("* BYE")
        assert "" == client.read()


@pytest.mark.parametrize(
    ("behaviour", "raised"),
    [
        (Behaviour.REFUSE, "AUTHENTICATIONFAILED"),
        (Behaviour.NO_XOAUTH2, "Unsupported|CANNOT"),
    ],
)
def test_refusing_behaviours(
    mailbox: ImapServer, context: ssl.SSLContext, behaviour: Behaviour, raised: str
) -> None:
    """The right token doesn't help; the behaviour can change while a session is on."""
    with connect(mailbox, context) as client:
        mailbox.behaviour = behaviour
        client.noop()
        with pytest.raises(imaplib.IMAP4.error, match=raised):
            log_in(client)
        assert 0 == mailbox.logins
        mailbox.behaviour = Behaviour.NORMAL
        log_in(client)


def test_no_xoauth2_is_not_announced(
    start: Callable[..., ImapServer], context: ssl.SSLContext
) -> None:
    """The capability is missing."""
    with connect(start(behaviour=Behaviour.NO_XOAUTH2), context) as client:
        assert "AUTH=XOAUTH2" not in client.capabilities


def test_no_starttls_is_neither_announced_nor_done(start: Callable[..., ImapServer]) -> None:
    """A client that insists on TLS finds none."""
    mailbox = start(starttls=True, behaviour=Behaviour.NO_STARTTLS)
    with Raw(mailbox, None) as client:
        assert "STARTTLS" not in client.read()
        assert client.ask("a STARTTLS").startswith("a BAD")


@pytest.mark.parametrize("starttls", [False, True])
def test_bye_in_place_of_a_greeting(
    start: Callable[..., ImapServer], context: ssl.SSLContext, starttls: bool
) -> None:
    """The server says BYE and closes."""
    mailbox = start(starttls=starttls, behaviour=Behaviour.BYE)
    with Raw(mailbox, None if starttls else context) as client:
        assert client.read().startswith("* BYE")
        assert "" == client.read()


def test_reset_at_connect(start: Callable[..., ImapServer]) -> None:
    """The connection is reset before a byte is said."""
    with (
        Raw(start(behaviour=Behaviour.RESET), None) as client,
        pytest.raises(ConnectionResetError),
    ):
        client.read()


def test_list_refused_or_empty(mailbox: ImapServer, context: ssl.SSLContext) -> None:
    """The login succeeds, but there are no folders."""
    with connect(mailbox, context) as client:
        log_in(client)
        mailbox.behaviour = Behaviour.LIST_NO
        assert ("NO", [b"User is authenticated but not connected."]) == client.list()
        mailbox.behaviour = Behaviour.LIST_EMPTY
        assert ("OK", [None]) == client.list()


@pytest.mark.parametrize("starttls", [False, True])
def test_a_hanging_mailbox_never_greets_but_closes_quickly(
    start: Callable[..., ImapServer], context: ssl.SSLContext, starttls: bool
) -> None:
    """TLS works, no greeting comes, and the close doesn't wait for the client."""
    mailbox = start(starttls=starttls, behaviour=Behaviour.HANG)
    with Raw(mailbox, None if starttls else context) as client:
        client.socket.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.read()
        began = time.monotonic()
        mailbox.close()
        assert time.monotonic() - began < 0.3


def test_silence_after_the_login(mailbox: ImapServer, context: ssl.SSLContext) -> None:
    """The login is answered, the next command isn't, and the close is quick all the same."""
    mailbox.behaviour = Behaviour.HANG_AFTER_LOGIN
    with Raw(mailbox, context) as client:
        client.read()
        response = base64.b64encode(xoauth2()).decode()
        assert client.ask(f"a AUTHENTICATE XOAUTH2 {response}").startswith("a OK")
        client.socket.settimeout(0.1)
        client.send('b LIST "" "*"')
        with pytest.raises(TimeoutError):
            client.read()
        began = time.monotonic()
        mailbox.close()
        assert time.monotonic() - began < 0.3
