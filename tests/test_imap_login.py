"""Tests of the IMAP login with an access token, and of LIST."""

import gc
import logging
import socket
import threading
import time
import warnings
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
import trustme

from core.errors import AppError, Refused, TryAgain
from core.mailbox.imap_login import _TimeLimit, check_mailbox
from faulty_servers.imap_server import Behaviour, FaultyImapServer
from servers import ADDRESS, AT_ONCE, QUICK, MakeStage, Stage, issued_by

TOKEN = "an-access-token-of-somebody"


def token_of(stage: Stage) -> str:
    """A valid access token."""
    stage.sign_in(check=False)
    return stage.file().access


HANGING = (Behaviour.HANG, Behaviour.HANG_AFTER_LOGIN)


def refused(stage: Stage, token: str = TOKEN, timeout: float = 20.0) -> AppError:
    """The error of a failed login; checks that the token is not in it."""
    with pytest.raises(AppError) as caught:
        check_mailbox(stage.registration, ADDRESS, token, network=stage.network(timeout))
    error = caught.value
    words = f"{error.message} {error.detail} {error.hint} {error!r} {error.__cause__!r}"
    assert token not in words
    sent = b64encode(f"user={ADDRESS}\1auth=Bearer {token}\1\1".encode()).decode()
    assert sent not in words
    return error


@pytest.mark.parametrize("starttls", [False, True])
def test_a_good_token(make_stage: MakeStage, starttls: bool) -> None:
    """A valid token opens all folders, with TLS from the start or STARTTLS."""
    stage = make_stage(mailbox={"starttls": starttls, "folders": ("INBOX", "A b", 'q"uote')})
    token = token_of(stage)
    assert 3 == check_mailbox(stage.registration, ADDRESS, token, network=stage.network())
    assert [token] == stage.mailbox.tokens_seen


def test_a_large_token(make_stage: MakeStage) -> None:
    """A token of 30 kB reaches the server completely; JWTs with many groups are that large."""
    stage = make_stage()
    stage.mailbox.account_of = {"x" * 30_000: ADDRESS}.get
    check_mailbox(stage.registration, ADDRESS, "x" * 30_000, network=stage.network())
    assert ["x" * 30_000] == stage.mailbox.tokens_seen


def test_a_bad_token(stage: Stage) -> None:
    """A token that the server refuses gives an error with the server's text."""
    error = refused(stage)
    assert isinstance(error, Refused)
    assert "[AUTHENTICATIONFAILED] Invalid credentials" == error.detail
    assert "localhost doesn't let you@demo.example in with this token" == error.message


@pytest.mark.parametrize(
    ("behaviour", "kind", "message", "detail"),
    [
        (Behaviour.REFUSE, Refused, "doesn't let", "[AUTHENTICATIONFAILED]"),
        (Behaviour.NO_XOAUTH2, Refused, "doesn't let", "Unsupported authentication mechanism"),
        (Behaviour.LIST_NO, Refused, "opens no folder", "authenticated but not connected"),
        (Behaviour.LIST_EMPTY, Refused, "opens no folder", "no folders"),
        (Behaviour.BYE, TryAgain, "opens no IMAP session", "* BYE The rehearsal"),
        (Behaviour.HANG, TryAgain, "gave no answer in time", ""),
        (Behaviour.HANG_AFTER_LOGIN, TryAgain, "gave no answer in time", ""),
    ],
)
def test_behaviours(
    stage: Stage, behaviour: Behaviour, kind: type[AppError], message: str, detail: str
) -> None:
    """A refusal and a server that can't be asked give different errors.

    The server's text is quoted.
    """
    token = token_of(stage)
    stage.mailbox.behaviour = behaviour
    began = time.monotonic()
    error = refused(stage, token, QUICK if behaviour in HANGING else 20.0)
    assert time.monotonic() - began < AT_ONCE
    assert kind is type(error)
    assert message in error.message
    assert detail in error.detail
    assert "" != error.hint


def test_a_reset(stage: Stage) -> None:
    """A broken connection is a problem of the network."""
    stage.mailbox.behaviour = Behaviour.RESET
    with warnings.catch_warnings():
        # CPython's ssl leaves its socket open if the reset comes before the handshake.
        warnings.simplefilter("ignore", ResourceWarning)
        message = refused(stage).message
        gc.collect()
    assert "localhost broke the connection off" == message


@pytest.mark.parametrize(
    ("behaviour", "detail"),
    [(Behaviour.NO_STARTTLS, "TLS not supported"), (Behaviour.HANG, ""), (Behaviour.BYE, "BYE")],
)
def test_no_token_without_tls(make_stage: MakeStage, behaviour: Behaviour, detail: str) -> None:
    """A server without TLS never gets a token."""
    stage = make_stage(mailbox={"starttls": True, "behaviour": behaviour})
    error = refused(stage, timeout=QUICK)
    assert isinstance(error, TryAgain)
    assert detail in error.detail
    assert [] == stage.mailbox.tokens_seen


@pytest.mark.parametrize("starttls", [False, True])
@pytest.mark.parametrize("name", ["localhost", "elsewhere.example"])
def test_a_wrong_certificate(make_stage: MakeStage, starttls: bool, name: str) -> None:
    """A server with a wrong certificate never gets a token, with STARTTLS neither."""
    stage = make_stage()
    authority = trustme.CA()
    if name != "localhost":
        authority.cert_pem.write_to_path(stage.ca_file)
    certificate = issued_by(authority, name)
    with FaultyImapServer(
        stage.server.account_of, certificate=certificate, starttls=starttls
    ) as other:
        stage.provider = replace(stage.provider, imap_port=other.port, imap_starttls=starttls)
        error = refused(stage)
        assert [] == other.tokens_seen
    assert isinstance(error, TryAgain)
    assert "The certificate of localhost can't be trusted" == error.message


def test_a_server_of_another_protocol(stage: Stage) -> None:
    """A port without TLS or without IMAP is a problem of the connection."""
    port = stage.server.origin.rpartition(":")[2]
    stage.provider = replace(stage.provider, imap_port=int(port))
    assert isinstance(refused(stage, timeout=QUICK), TryAgain)
    stage.provider = replace(stage.provider, imap_starttls=True)
    assert isinstance(refused(stage, timeout=QUICK), TryAgain)


def test_nobody_listens(stage: Stage) -> None:
    """A server that doesn't run can't be asked."""
    stage.mailbox.close()
    assert "localhost refused the connection" == refused(stage).message


def test_a_name_that_is_not_there(stage: Stage) -> None:
    """A host name that doesn't exist or is invalid is a problem of the network."""
    for host in ("nowhere.invalid", "a..example", "x" * 64 + ".example"):
        stage.provider = replace(stage.provider, imap_host=host)
        assert isinstance(refused(stage, timeout=QUICK), TryAgain)


def test_a_shared_mailbox(make_stage: MakeStage) -> None:
    """A delegate's token opens the shared mailbox, but no other one."""
    stage = make_stage(
        server={"account": "delegate@demo.example"},
        mailbox={"delegates": [("delegate@demo.example", ADDRESS)]},
    )
    token = token_of(stage)
    assert 3 == check_mailbox(stage.registration, ADDRESS, token, network=stage.network())
    with pytest.raises(Refused):
        check_mailbox(stage.registration, "other@demo.example", token, network=stage.network())


Talk = Callable[[socket.socket, threading.Event], None]


def answering(*answers: bytes) -> Talk:
    """An IMAP server that sends the given lines, whatever the client sends.

    In a line `%t` is the tag of the last command and `%s` the last line of the client.
    """

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(b"* OK ready\r\n")
        tag = b""
        with client.makefile("rb") as reader:
            for answer in answers:
                line = reader.readline().strip()
                tag = line.partition(b" ")[0] if b" " in line else tag
                client.sendall(answer.replace(b"%t", tag).replace(b"%s", line) + b"\r\n")

    return talk


CAPABILITY = b"* CAPABILITY IMAP4rev1\r\n%t OK done"


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([CAPABILITY, b"+ ", b"%t NO you said %s"], Refused),
        ([CAPABILITY, b"+ ", b"%t BAD you said %s"], Refused),
        ([CAPABILITY, b"+ ", b"%t NO [UNAVAILABLE] Temporary failure"], TryAgain),
        ([CAPABILITY, b"+ ", b"%t NO [inuse] Later"], TryAgain),
        ([CAPABILITY, b"+ ", b"%t OK in", b"%t NO [UNAVAILABLE] Later"], TryAgain),
        ([CAPABILITY, b"+ ", b"* BYE you said %s"], TryAgain),
        ([CAPABILITY, b"+ ", b"%s"], TryAgain),
        ([CAPABILITY, b"+ ", b"x" * 2_000_000], Refused),
        ([CAPABILITY, b"+ ", b"%t NO \x1b[31mred\xff\x00"], Refused),
        ([CAPABILITY, b"+ ", b"%t OK in", b"%t BAD no LIST"], Refused),
        ([CAPABILITY, b"+ ", b"%t OK in", b"%t NO no LIST by " + TOKEN.encode()], Refused),
        ([CAPABILITY, b"+ ", b"%t OK in", b"* LIST"], TryAgain),
        ([CAPABILITY, b"+ ", b"%t OK in"], TryAgain),
        ([b"%t OK no capability at all"], TryAgain),
        ([b"nonsense"], TryAgain),
    ],
)
def test_odd_servers(
    stage: Stage, script: Callable[[Talk], int], answers: list[bytes], kind: type[AppError]
) -> None:
    """A server that violates the protocol or repeats the token gives an error without the token."""
    stage.provider = replace(stage.provider, imap_port=script(answering(*answers)))
    error = refused(stage)
    assert kind is type(error)
    assert error.detail.isprintable()


def chatting(greeting: bytes, piece: bytes) -> Talk:
    """An IMAP server that sends without end."""

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(greeting)
        while not closing.wait(0.05):
            client.sendall(piece)

    return talk


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("greeting", "piece"),
    [(b"* ", b"O"), (b"* OK ready\r\n", b"* OK still here\r\n"), (b"* OK ready\r\n", b"x")],
    ids=["greeting", "lines", "one line"],
)
def test_a_server_that_dribbles(
    stage: Stage, script: Callable[[Talk], int], greeting: bytes, piece: bytes
) -> None:
    """A server that sends slowly without end is given up: the whole session has a time limit."""
    stage.provider = replace(stage.provider, imap_port=script(chatting(greeting, piece)))
    began = time.monotonic()
    error = refused(stage, timeout=QUICK)
    assert time.monotonic() - began < AT_ONCE
    assert isinstance(error, TryAgain)
    assert "localhost gave no answer in time" == error.message


def test_the_limit_comes_while_connecting() -> None:
    """A connection that is established after the time limit is closed at once."""
    ours, theirs = socket.socketpair()
    with ours, theirs, _TimeLimit(0) as limit:
        deadline = time.monotonic() + AT_ONCE
        while not limit.expired and time.monotonic() < deadline:
            time.sleep(0.01)
        limit.watch(ours)
        theirs.settimeout(AT_ONCE)
        assert b"" == theirs.recv(1)


def test_folders_in_literals(stage: Stage, script: Callable[[Talk], int]) -> None:
    """A folder whose name is sent as a literal is counted once."""
    listed = b'* LIST () "/" {3}\r\na"b\r\n* LIST () "/" INBOX\r\n%t OK done'
    port = script(answering(CAPABILITY, b"+ ", b"%t OK in", listed))
    stage.provider = replace(stage.provider, imap_port=port)
    assert 2 == check_mailbox(stage.registration, ADDRESS, TOKEN, network=stage.network())


def test_nothing_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The log holds no token."""
    caplog.set_level(logging.DEBUG)
    refused(stage)
    assert TOKEN not in caplog.text
