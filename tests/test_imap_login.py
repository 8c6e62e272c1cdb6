"""Tests of the IMAP login with an access token, and of LIST."""

import contextlib
import gc
import logging
import socket
import ssl
import threading
import time
import tracemalloc
import warnings
from base64 import b64encode
from collections.abc import Callable

import pytest
import trustme

from core.errors import AppError, Refused, TryAgain
from core.mailbox.imap_login import check_mailbox
from core.net.imap_session import Heard, Limits, imap_session
from core.net.network import Network
from core.net.tls import tls_context
from faulty_servers.imap_server import Behaviour, FaultyImapServer
from servers import ADDRESS, AT_ONCE, QUICK, MakeStage, Stage, changed, issued_by

TOKEN = "an-access-token-of-somebody"


def token_of(stage: Stage) -> str:
    """A valid access token, of whoever signs in there."""
    stage.sign_in(check=False, login_hint=stage.server.account)
    return stage.file().access


HANGING = (Behaviour.HANG, Behaviour.HANG_AFTER_LOGIN)


def refused(stage: Stage, token: str = TOKEN, timeout: float = 20.0, account: str = "") -> AppError:
    """The error of a failed login; checks that the token is not in it."""
    with pytest.raises(AppError) as caught:
        check_mailbox(
            stage.registration, ADDRESS, token, network=stage.network(timeout), account=account
        )
    error = caught.value
    words = f"{error.message} {error.detail} {error.hint} {error!r} {error.__cause__!r}"
    assert token not in words
    sent = b64encode(f"user={ADDRESS}\1auth=Bearer {token}\1\1".encode()).decode()
    assert sent not in words
    assert error.detail.isprintable()
    return error


@pytest.mark.parametrize("starttls", [False, True])
def test_a_good_token(make_stage: MakeStage, starttls: bool) -> None:
    """A valid token opens all folders, with TLS from the start or STARTTLS."""
    stage = make_stage(mailbox={"starttls": starttls, "folders": ("INBOX", "A b", 'q"uote')})
    token = token_of(stage)
    assert 3 == check_mailbox(stage.registration, ADDRESS, token, network=stage.network())
    assert [token] == stage.mailbox.tokens_seen


@pytest.mark.parametrize(("starttls", "lines"), [(False, 4), (True, 6)])
def test_a_login_has_few_round_trips(make_stage: MakeStage, starttls: bool, lines: int) -> None:
    """CAPABILITY, AUTHENTICATE, the credentials, LIST; STARTTLS needs two more. No LOGOUT."""
    stage = make_stage(mailbox={"starttls": starttls})
    token = token_of(stage)
    check_mailbox(stage.registration, ADDRESS, token, network=stage.network())
    assert lines == stage.mailbox.lines


@pytest.mark.parametrize("starttls", [False, True])
def test_no_line_waits_for_an_acknowledgement(make_stage: MakeStage, starttls: bool) -> None:
    """imaplib sends the credentials in two parts; Nagle's algorithm would hold the second back."""
    stage = make_stage(mailbox={"starttls": starttls})
    network = stage.network()
    with imap_session(stage.registration, tls_context(network), network, Heard()) as imap:
        assert isinstance(imap.sock, ssl.SSLSocket)
        assert imap.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_large_token(make_stage: MakeStage) -> None:
    """A token of 30 kB reaches the server completely; JWTs with many groups are that large."""
    stage = make_stage()
    stage.mailbox.account_of = {"x" * 30_000: ADDRESS}.get
    check_mailbox(stage.registration, ADDRESS, "x" * 30_000, network=stage.network())
    assert ["x" * 30_000] == stage.mailbox.tokens_seen


def test_a_bad_token(stage: Stage) -> None:
    """A token that the server refuses gives an error with the server's text and its reason."""
    error = refused(stage)
    assert "imap_token_refused" == error.verdict.id
    assert "[AUTHENTICATIONFAILED] Invalid credentials (status 401, scope mail)" == error.detail
    assert error.message.startswith("localhost does not accept the token")


def test_another_account(stage: Stage) -> None:
    """If another account signed in, the error names it; case doesn't count."""
    error = refused(stage, account="them@demo.example")
    assert "imap_other_account" == error.verdict.id
    assert "them@demo.example" in error.message
    assert "imap_token_refused" == refused(stage, account=ADDRESS.upper()).verdict.id


@pytest.mark.parametrize(
    ("behaviour", "verdict", "detail"),
    [
        (Behaviour.REFUSE, "imap_token_refused", "[AUTHENTICATIONFAILED]"),
        (Behaviour.NO_XOAUTH2, "imap_no_oauth2", "IMAP4REV1"),
        (Behaviour.LIST_NO, "imap_not_connected", "authenticated but not connected"),
        (Behaviour.LIST_EMPTY, "imap_not_connected", ""),
        (Behaviour.BYE, "imap_busy", "The demo's mailbox is closed today"),
    ],
)
def test_behaviours(stage: Stage, behaviour: Behaviour, verdict: str, detail: str) -> None:
    """Each has its own meaning, and the server's text is quoted."""
    token = token_of(stage)
    stage.mailbox.behaviour = behaviour
    error = refused(stage, token)
    assert verdict == error.verdict.id
    assert detail in error.detail


@pytest.mark.parametrize("behaviour", HANGING)
def test_silence(stage: Stage, behaviour: Behaviour) -> None:
    """A server that doesn't answer is given up."""
    token = token_of(stage)
    stage.mailbox.behaviour = behaviour
    began = time.monotonic()
    assert isinstance(refused(stage, token, QUICK), TryAgain)
    assert time.monotonic() - began < AT_ONCE


def test_a_server_without_xoauth2_gets_no_token(stage: Stage) -> None:
    """The token stays here."""
    stage.mailbox.behaviour = Behaviour.NO_XOAUTH2
    refused(stage)
    assert [] == stage.mailbox.tokens_seen


def test_a_reset(stage: Stage) -> None:
    """A broken connection is a problem of the network."""
    stage.mailbox.behaviour = Behaviour.RESET
    with warnings.catch_warnings():
        # CPython's ssl leaves its socket open if the reset comes before the handshake.
        warnings.simplefilter("ignore", ResourceWarning)
        message = refused(stage).message
        gc.collect()
    assert "localhost closed the connection unexpectedly" == message


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [(Behaviour.NO_STARTTLS, Refused), (Behaviour.HANG, TryAgain), (Behaviour.BYE, TryAgain)],
)
def test_no_token_without_tls(
    make_stage: MakeStage, behaviour: Behaviour, kind: type[AppError]
) -> None:
    """A server without TLS never gets a token."""
    stage = make_stage(mailbox={"starttls": True, "behaviour": behaviour})
    error = refused(stage, timeout=QUICK)
    assert kind is type(error)
    assert (kind is Refused) == (error.verdict.id == "imap_no_starttls")
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
        stage.provider = changed(stage.provider, imap_port=other.port, imap_starttls=starttls)
        error = refused(stage)
        assert [] == other.tokens_seen
    assert isinstance(error, TryAgain)
    expected = "tls_unknown_issuer" if name == "localhost" else "tls_wrong_name"
    assert expected == error.verdict.id


def test_a_server_of_another_protocol(stage: Stage) -> None:
    """A port without TLS or without IMAP is a problem of the connection."""
    port = stage.server.origin.rpartition(":")[2]
    stage.provider = changed(stage.provider, imap_port=int(port))
    assert isinstance(refused(stage, timeout=QUICK), TryAgain)
    stage.provider = changed(stage.provider, imap_starttls=True)
    assert isinstance(refused(stage, timeout=QUICK), TryAgain)


def test_nobody_listens(stage: Stage) -> None:
    """A server that doesn't run can't be asked."""
    stage.mailbox.close()
    assert "localhost refused the connection" == refused(stage).message


def test_a_name_that_is_not_there(stage: Stage) -> None:
    """A host name that doesn't exist or is invalid is a problem of the network."""
    for host in ("nowhere.invalid", "a..example", "x" * 64 + ".example"):
        stage.provider = changed(stage.provider, imap_host=host)
        assert isinstance(refused(stage, timeout=QUICK), TryAgain)


def test_a_shared_mailbox(make_stage: MakeStage) -> None:
    """A delegate's token opens the shared mailbox, but no other one."""
    stage = make_stage(
        server={"account": "delegate@demo.example"},
        mailbox={"delegates": [("delegate@demo.example", ADDRESS)]},
    )
    token = token_of(stage)
    assert 3 == check_mailbox(stage.registration, ADDRESS, token, network=stage.network())
    with pytest.raises(Refused) as caught:
        check_mailbox(stage.registration, "other@demo.example", token, network=stage.network())
    assert "imap_token_refused" == caught.value.verdict.id


Talk = Callable[[socket.socket, threading.Event], None]


def answering(*answers: bytes, greeting: bytes = b"* OK ready") -> Talk:
    """An IMAP server that sends the given lines, whatever the client sends.

    In a line `%t` is the tag of the last command and `%s` the last line of the client.
    """

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(greeting + b"\r\n")
        tag = b""
        with client.makefile("rb") as reader:
            for answer in answers:
                line = reader.readline().strip()
                tag = line.partition(b" ")[0] if b" " in line else tag
                client.sendall(answer.replace(b"%t", tag).replace(b"%s", line) + b"\r\n")

    return talk


READY = b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n%t OK done"
IN = (READY, b"+ ", b"%t OK in")
REASON = b"+ " + b64encode(b'{"status":"400","scope":"https://mail.google.com/"}')


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        # To the login.
        ([READY, b"+ ", b"%t NO you said %s"], "imap_refused_unknown"),
        ([READY, b"+ ", b"%t BAD you said %s"], "imap_refused_unknown"),
        ([READY, b"%t NO AUTHENTICATE failed."], "imap_token_refused"),
        ([READY, b"+ ", b"%t NO [UNAVAILABLE] Temporary failure"], "imap_unavailable"),
        ([READY, b"+ ", b"%t NO [inuse] Later"], "imap_unavailable"),
        ([READY, b"+ ", b"%t NO [LIMIT] Not now"], "imap_throttled"),
        (
            [READY, b"+ ", REASON, b"%t NO [ALERT] Too many simultaneous connections. (Failure)"],
            "imap_too_many_connections",
        ),
        ([READY, b"+ ", b"* NO [ALERT] Slow\r\n%t NO Login failed."], "imap_token_refused"),
        ([READY, b"+ ", b"* BYE you said %s"], "imap_busy"),
        ([READY, b"+ ", b"* BYE Connection is closed. 13"], "imap_busy"),
        ([READY, b"* BYE Too many connections"], "imap_too_many_connections"),
        ([READY, b"+ ", b"%s"], "imap_answer_unusable"),
        ([READY, b"+ not*base64"], "imap_answer_unusable"),
        ([READY, b"+ ", b"+ not*base64"], "imap_answer_unusable"),
        ([READY, b"+ ", b"x" * 2_000_000], "imap_answer_unusable"),
        ([READY, b"+ ", b"%t NO \x1b[31mred\xff\x00"], "imap_refused_unknown"),
        ([READY, b"+ ", b"%t OKAY"], "imap_answer_unusable"),
        # To LIST.
        ([*IN, b"%t BAD no LIST"], "imap_refused_unknown"),
        ([*IN, b"%t NO no LIST by " + TOKEN.encode()], "imap_refused_unknown"),
        ([*IN, b"%t NO [UNAVAILABLE] Later"], "imap_unavailable"),
        ([*IN, b"%t BAD User is authenticated but not connected."], "imap_not_connected"),
        ([*IN, b"%t OK nothing there"], "imap_not_connected"),
        ([*IN, b"* BYE Connection closed. 14"], "imap_busy"),
        ([*IN, b'* LIST () "/" {99999999999999999999}'], "imap_answer_unusable"),
        ([*IN, b'* LIST () "/" {' + b"9" * 5000 + b"}"], "imap_answer_unusable"),
        ([*IN, b'* LIST () "/" {0}\r\n' * 200_000], "imap_answer_unusable"),
        # Before the login.
        ([b"%t OK no capability at all"], "imap_answer_unusable"),
        ([b"%t NO [UNAVAILABLE] Later"], "imap_unavailable"),
        ([b"%t BAD What?"], "imap_refused_unknown"),
        ([b"* CAPABILITY {3}\r\nabc\r\n%t OK done"], "imap_answer_unusable"),
        ([b"* CAPABILITY IMAP4rev1 \xff\r\n%t OK done"], "imap_answer_unusable"),
        ([b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%t OK done"], "imap_no_oauth2"),
        ([b"* CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER\r\n%t OK done"], "imap_no_oauth2"),
        ([b"nonsense"], "imap_answer_unusable"),
    ],
)
def test_answers(
    stage: Stage, script: Callable[[Talk], int], answers: list[bytes], verdict: str
) -> None:
    """Whatever a server says has a meaning; what violates the protocol is no refusal."""
    stage.provider = changed(stage.provider, imap_port=script(answering(*answers)))
    assert verdict == refused(stage).verdict.id


@pytest.mark.parametrize(
    "answers",
    [[], [*IN], [*IN, b"* LIST"], [*IN, b'* LIST () "/" {-1}'], [*IN, b'* LIST () "/" {5}\r\nab']],
)
def test_a_connection_that_ends(
    stage: Stage, script: Callable[[Talk], int], answers: list[bytes]
) -> None:
    """It is a fault of the network, in the middle of an answer too."""
    stage.provider = changed(stage.provider, imap_port=script(answering(*answers)))
    error = refused(stage)
    assert isinstance(error, TryAgain)
    assert "localhost closed the connection unexpectedly" == error.message


@pytest.mark.parametrize(
    ("greeting", "verdict"),
    [
        (b"* BYE Server too busy", "imap_busy"),
        (b"* BYE [ALERT] Too many connections", "imap_too_many_connections"),
        (b"* PREAUTH [CAPABILITY IMAP4rev1] welcome", "imap_no_oauth2"),
        (b"* NO", "imap_refused_unknown"),
        (b"220 mail.example ESMTP", "imap_answer_unusable"),
        (b"\xff\xfe\x00", "imap_answer_unusable"),
    ],
)
def test_greetings(
    stage: Stage, script: Callable[[Talk], int], greeting: bytes, verdict: str
) -> None:
    """A server may end the session with its first line, or want no login."""
    port = script(answering(READY, greeting=greeting))
    stage.provider = changed(stage.provider, imap_port=port)
    assert verdict == refused(stage).verdict.id


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds", 89.117),
        ("NO Request is throttled. Suggested Backoff Time: 500 milliseconds", 0.5),
        (f"NO Request is throttled. Suggested Backoff Time: {'9' * 5000} milliseconds", 0.0),
        ("NO Request is throttled.", 0.0),
    ],
)
def test_the_wait_that_exchange_asks_for(
    stage: Stage, script: Callable[[Talk], int], said: str, seconds: float
) -> None:
    """It is taken from the server's words."""
    port = script(answering(*IN, b"%t " + said.encode()))
    stage.provider = changed(stage.provider, imap_port=port)
    error = refused(stage)
    assert ("imap_throttled", seconds) == (error.verdict.id, error.retry_after)


def test_the_page_that_google_names(stage: Stage, script: Callable[[Talk], int]) -> None:
    """The address in the response code reaches the user."""
    said = b"%t NO [WEBALERT https://accounts.google.com/signin/continue] Web login required."
    stage.provider = changed(stage.provider, imap_port=script(answering(READY, b"+ ", said)))
    error = refused(stage)
    assert "imap_web_login_required" == error.verdict.id
    assert "https://accounts.google.com/signin/continue" in error.detail


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
    stage.provider = changed(stage.provider, imap_port=script(chatting(greeting, piece)))
    began = time.monotonic()
    error = refused(stage, timeout=QUICK)
    assert time.monotonic() - began < AT_ONCE
    assert isinstance(error, TryAgain)
    assert "in time" in error.message


def test_the_limit_comes_while_connecting() -> None:
    """A connection that is established after the time limit is closed at once."""
    ours, theirs = socket.socketpair()
    with ours, theirs, Limits(Network(timeout=0)) as limits:
        time.sleep(0.1)
        limits.watch(ours)
        theirs.settimeout(AT_ONCE)
        assert b"" == theirs.recv(1)


def test_folders_in_literals(stage: Stage, script: Callable[[Talk], int]) -> None:
    """A folder whose name is sent as a literal is counted once."""
    listed = b'* LIST () "/" {3}\r\na"b\r\n* LIST () "/" INBOX\r\n%t OK done'
    port = script(answering(*IN, listed))
    stage.provider = changed(stage.provider, imap_port=port)
    assert 2 == check_mailbox(stage.registration, ADDRESS, TOKEN, network=stage.network())


@pytest.mark.parametrize("size", [99999999999999999999, 2_000_000_000, 17 << 20])
def test_a_literal_that_is_too_large(
    stage: Stage, script: Callable[[Talk], int], size: int
) -> None:
    """No memory is taken for it, although the server goes on sending."""
    literal = f'* LIST () "/" {{{size}}}\r\n'.encode() + b"x" * 1_000_000
    stage.provider = changed(stage.provider, imap_port=script(answering(*IN, literal)))
    tracemalloc.start()
    try:
        assert "imap_answer_unusable" == refused(stage).verdict.id
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def endless(piece: bytes, *answers: bytes, greeting: bytes = b"* OK ready") -> Talk:
    """An IMAP server that goes on with a piece after its answers, until nobody listens."""
    begin = answering(*answers, greeting=greeting)

    def talk(client: socket.socket, closing: threading.Event) -> None:
        begin(client, closing)
        with contextlib.suppress(OSError):
            while not closing.is_set():
                client.sendall(piece)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        endless(b'* LIST () "/" x\r\n' * 1000, *IN),
        endless(b"\r\n" * 10_000, *IN),
        endless(b"+ \r\n" * 1000, READY),
        endless(b"* OK x\r\n" * 1000),
        endless(b"x" * 100_000, *IN),
        endless(b"x" * 100_000, greeting=b"* OK {2000000000}"),
        endless(b"x" * 100_000, greeting=b"* PREAUTH {99999999999999999999}"),
        endless(b"{3}\r\nabc {3}\r\n" * 1000, *IN),
    ],
    ids=[
        *("folders", "empty lines", "challenges", "greetings", "one line"),
        *("literal in a greeting", "huge literal in a greeting", "literals"),
    ],
)
def test_a_server_that_sends_without_end(
    stage: Stage, script: Callable[[Talk], int], talk: Talk
) -> None:
    """The session ends after a limit of bytes, and keeps few of them."""
    stage.provider = changed(stage.provider, imap_port=script(talk))
    tracemalloc.start()
    try:
        assert "imap_answer_unusable" == refused(stage).verdict.id
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()


def test_nothing_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The log holds no token."""
    caplog.set_level(logging.DEBUG)
    refused(stage)
    assert TOKEN not in caplog.text
