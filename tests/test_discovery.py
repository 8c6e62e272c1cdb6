"""Discovery: what the sources say about a mail domain, and that it ends in time."""

import json
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.cancel import Cancellation
from core.discovery.finding import Finding
from core.discovery.search import search
from core.errors import Cancelled
from core.net.network import Network
from core.providers.catalog import load_catalog
from core.providers.fields import Discovery
from discoverable import CONFIGURATION, MAIL, METADATA, RESOURCE, Domain, domain_of
from servers import AT_ONCE, QUICK, Stage, trickle

ISSUER = "https://auth.example.com"
OAUTH = "<oAuth2><issuer>auth.example.org</issuer><scope>mail</scope></oAuth2>"


@pytest.fixture
def domain(stage: Stage) -> Iterator[Domain]:
    """A domain that publishes nothing yet."""
    with domain_of(stage) as running:
        yield running


def _found(domain: Domain, places: Discovery | None = None, timeout: float = AT_ONCE) -> Finding:
    return search("demo.example", places or domain.places, domain.stage.network(timeout))


def _resource(domain: Domain, **changes: Any) -> dict[str, Any]:
    return {
        "resource": domain.issuer,
        "authorization_servers": [ISSUER, "https://second.example"],
        "scopes_supported": ["calendar", MAIL, 5],
        **changes,
    }


def test_nothing_is_published(domain: Domain) -> None:
    """Then nothing is found, and each page was asked for once."""
    assert Finding() == _found(domain)
    assert 3 == len(domain.asked)


def test_a_protected_resource(domain: Domain) -> None:
    """RFC 9728: the first authorization server, and of the scopes only that of mail."""
    domain.publish(RESOURCE, _resource(domain))
    assert Finding(issuer=ISSUER, scopes=(MAIL,)) == _found(domain)


@pytest.mark.parametrize(
    "changes",
    [
        {"resource": "https://other.example"},
        {"resource": None},
        {"authorization_servers": ["http://auth.example.com"]},
        {"authorization_servers": "https://auth.example.com"},
        {"authorization_servers": []},
    ],
)
def test_a_resource_that_does_not_count(changes: dict[str, Any], domain: Domain) -> None:
    """It is that of another, or names no https server."""
    domain.publish(RESOURCE, _resource(domain, **changes))
    assert "" == _found(domain).issuer


def test_a_configuration_of_pacc(domain: Domain) -> None:
    """It names both servers."""
    content = {
        "protocols": {"imap": {"host": "imap.example.com"}},
        "authentication": {"oauth-public": {"issuer": ISSUER}},
    }
    domain.publish(CONFIGURATION, content)
    assert Finding(issuer=ISSUER, imap_host="imap.example.com") == _found(domain)
    broken: object
    for broken in ({"protocols": [], "authentication": {"oauth-public": "x"}}, {}, []):
        domain.publish(CONFIGURATION, broken)
        assert Finding() == _found(domain)


def test_the_first_source_decides_and_others_add_the_imap_server(domain: Domain) -> None:
    """The resource names the sign-in server, autoconfig only the IMAP server."""
    domain.publish(RESOURCE, _resource(domain))
    domain.publish_autoconfig(OAUTH)
    found = _found(domain)
    assert (ISSUER, (MAIL,)) == (found.issuer, found.scopes)
    assert domain.stage.mailbox.port == found.imap_port

    domain.publish(RESOURCE, "")
    found = _found(domain)
    assert ("https://auth.example.org", ("mail",)) == (found.issuer, found.scopes)


def test_the_domain_as_issuer_must_speak_of_mail(domain: Domain) -> None:
    """A web site may have a sign-in server for something else."""
    places = replace(domain.places, issuers=(domain.issuer,))
    domain.describe(scopes_supported=["openid", "email"])
    assert "" == _found(domain, places).issuer
    domain.describe(scopes_supported=["openid", MAIL])
    assert Finding(issuer=domain.issuer, scopes=(MAIL,)) == _found(domain, places)
    domain.publish(METADATA, "<html>")
    assert "" == _found(domain, places).issuer


def _imap(reason: object, capabilities: str) -> Callable[[socket.socket, threading.Event], None]:
    """An IMAP server that refuses OAUTHBEARER with this reason."""

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(f"* OK [CAPABILITY IMAP4rev1 {capabilities}] hello\r\n".encode())
        lines = client.makefile("rb")
        for line in lines:
            tag, command = line.split()[:2]
            if command == b"CAPABILITY":
                client.sendall(f"* CAPABILITY IMAP4rev1 {capabilities}\r\n".encode())
            elif command == b"AUTHENTICATE":
                client.sendall(b"+ \r\n")
                lines.readline()
                client.sendall(b"+ " + b64encode(json.dumps(reason).encode()) + b"\r\n")
                lines.readline()
                client.sendall(tag + b" NO failed\r\n")
                continue
            client.sendall(tag + b" OK done\r\n")

    return talk


@pytest.mark.parametrize(
    ("reason", "issuer"),
    [
        ({"openid-configuration": f"{ISSUER}/r/.well-known/openid-configuration"}, f"{ISSUER}/r"),
        ({"openid-configuration": "http://a.example/.well-known/openid-configuration"}, ""),
        ({"status": "invalid_token"}, ""),
        (["x"], ""),
    ],
)
def test_an_imap_server_says_where_tokens_come_from(
    reason: object, issuer: str, script: Callable[..., int], stage: Stage
) -> None:
    """RFC 7628: in the refusal of a login without a token. Its name is found in any case."""
    port = script(_imap(reason, "AUTH=OAUTHBEARER"))
    places = Discovery(imap_servers=(f"localhost:{port}",))
    found = search("demo.example", places, stage.network())
    assert (issuer, "localhost", port) == (found.issuer, found.imap_host, found.imap_port)


def test_an_imap_server_without_oauth(script: Callable[..., int], stage: Stage) -> None:
    """It isn't worth a sign-in."""
    port = script(_imap({}, "AUTH=PLAIN"))
    places = Discovery(imap_servers=(f"localhost:{port}",))
    assert Finding() == search("demo.example", places, stage.network())


def test_slow_and_broken_sources_hold_nobody_up(domain: Domain, script: Callable[..., int]) -> None:
    """They are asked beside the others, and the time limit is that of all together."""
    slow = script(trickle(b"HTTP/1.1 200 OK\r\n\r\n", b" "))
    gone = script(lambda client, closing: client.close())
    here = [f"https://localhost:{port}/" for port in (slow, gone, slow)]
    places = replace(domain.places, autoconfig=(*here, *domain.places.autoconfig))
    domain.publish_autoconfig(OAUTH)
    begun = time.monotonic()
    assert "https://auth.example.org" == _found(domain, places, timeout=2.0).issuer
    assert time.monotonic() - begun < AT_ONCE


def test_a_search_can_be_cancelled(script: Callable[..., int], stage: Stage) -> None:
    """At once."""
    slow = script(trickle(b"HTTP/1.1 200 OK\r\n\r\n", b" "))
    cancelled = Cancellation()
    threading.Timer(QUICK, cancelled.set).start()
    places = Discovery(autoconfig=(f"https://localhost:{slow}/",))
    with pytest.raises(Cancelled):
        search("demo.example", places, Network(AT_ONCE, stage.ca_file, cancelled))


def test_only_the_domain_is_sent() -> None:
    """The shipped places hold nothing else to fill in, and each is https."""
    shipped = load_catalog().discovery
    pages = (*shipped.resources, *shipped.configurations, *shipped.autoconfig, *shipped.issuers)
    for page in (*pages, *shipped.imap_servers):
        assert "example.com" in page.format(domain="example.com")
    assert all(page.startswith("https://") for page in pages)
    assert 5 < len(pages)
