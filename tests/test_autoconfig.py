"""Mail autoconfig: what a file says, what is refused, and where files are asked for."""

import socket
import threading
from collections.abc import Callable

import pytest

from core.discovery.autoconfig import fetch_autoconfig, read_autoconfig
from core.discovery.finding import Finding
from core.errors import AppError
from servers import AT_ONCE, Stage

SERVER = (
    '<incomingServer type="{type}"><hostname>{host}</hostname><port>{port}</port>'
    "<socketType>{kind}</socketType><authentication>{way}</authentication></incomingServer>"
)
OAUTH = (
    "<oAuth2><issuer>auth.example.com</issuer><scope>mail offline_access</scope>"
    "<authURL>https://auth.example.com/authorize</authURL>"
    "<tokenURL>https://auth.example.com/token</tokenURL></oAuth2>"
)


def _server(**changes: str) -> str:
    usual = {"type": "imap", "host": "imap.example.com", "port": "993", "kind": "SSL", "way": "x"}
    return SERVER.format(**{**usual, **changes})


def _file(*servers: str, oauth: str = "", before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<clientConfig version="1.1">'
        f'<emailProvider id="example.com"><displayName>Example Mail</displayName>'
        f"{''.join(servers)}</emailProvider>{oauth}</clientConfig>"
    ).encode()


def test_servers_are_read() -> None:
    """The IMAP server and the sign-in server, as Thunderbird writes them."""
    assert Finding(
        issuer="https://auth.example.com",
        authorize_uri="https://auth.example.com/authorize",
        token_uri="https://auth.example.com/token",
        scopes=("mail", "offline_access"),
        imap_host="imap.example.com",
        imap_takes_oauth=True,
        name="example.com",
        label="Example Mail",
    ) == read_autoconfig(_file(_server(way="OAuth2"), oauth=OAUTH))


def test_a_server_that_takes_oauth_comes_first() -> None:
    """POP3 and unencrypted servers don't count; a port that is none is the usual one."""
    found = read_autoconfig(
        _file(
            _server(type="pop3", host="pop.example.com"),
            _server(kind="plain", host="plain.example.com", way="OAuth2"),
            _server(host="password.example.com"),
            _server(host="Mail.%EMAILDOMAIN%", kind="STARTTLS", way="OAuth2", port="many"),
        ),
        domain="example.org",
    )
    assert found is not None
    assert "mail.example.org" == found.imap_host
    assert (143, True) == (found.imap_port, found.imap_starttls)


BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b"<clientConfig/>",
        b"<clientConfig><emailProvider>",
        _file(_server()).decode().encode("utf-16"),
        _file(_server(host="&b;"), before=BOMB),
        _file(_server(host="&x;"), before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        _file(_server() * 4000),
        b"<clientConfig>" + b"<a>" * 60_000,
    ],
    ids=["empty", "html", "bare", "broken", "utf16", "bomb", "file", "giant", "deep"],
)
def test_what_is_no_file_is_refused(content: bytes) -> None:
    """Other content, entities, and more than a file can hold."""
    assert read_autoconfig(content) is None


@pytest.mark.parametrize(
    "oauth",
    [
        OAUTH.replace("https://", "http://").replace("auth.example.com</i", "http://a.example</i"),
        OAUTH.replace("auth.example.com", "user@auth.example.com"),
        OAUTH.replace("auth.example.com", "a b\u202e"),
    ],
    ids=["http", "user", "blanks"],
)
def test_addresses_that_are_not_safe_are_left_out(oauth: str) -> None:
    """The IMAP server of the same file still counts."""
    found = read_autoconfig(_file(_server(), oauth=oauth))
    assert found is not None
    assert ("", "", "") == (found.issuer, found.authorize_uri, found.token_uri)
    assert "imap.example.com" == found.imap_host


def _answers(head: str, body: bytes) -> Callable[[socket.socket, threading.Event], None]:
    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.recv(1 << 16)
        client.sendall(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    return talk


@pytest.mark.parametrize(
    ("head", "is_found"),
    [("200 OK", True), ("404 Not Found", False), ("302 Found\r\nLocation: https://a/", False)],
)
def test_a_file_is_fetched(
    head: str, is_found: bool, stage: Stage, script: Callable[..., int]
) -> None:
    """From exactly this address: no redirect is followed."""
    port = script(_answers(head, _file(_server())))
    found = fetch_autoconfig(f"https://localhost:{port}/", stage.network(), domain="example.com")
    assert is_found == (found is not None)


def test_a_giant_answer_is_not_read(stage: Stage, script: Callable[..., int]) -> None:
    """More than any answer of a server may hold ends the connection."""
    port = script(_answers("200 OK", b"x" * (2 << 20)))
    with pytest.raises(AppError) as caught:
        fetch_autoconfig(f"https://localhost:{port}/", stage.network(AT_ONCE), domain="a.example")
    assert "answer_too_large" == caught.value.verdict.id
