"""Tests of core/detection/dns_records.py with a real name server."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import dns.resolver
import pytest

from core.detection import dns_records as module
from core.detection.detect import detect
from core.detection.dns_records import dns_records
from core.errors import AppError, ExitCode, TryAgain, UsageProblem
from core.providers.catalog import load_catalog
from name_server import GARBAGE, REFUSED, SERVFAIL, SILENT, NameServer, Zone, name_server
from servers import AT_ONCE

GOOGLE = "1 smtp.google.com"
ZONE: Zone = {
    "office.example": ["0 Office-Example.mail.protection.OUTLOOK.com."],
    "single.example": ["1 SMTP.Google.com."],
    "all.example": {
        "CNAME": ["Autodiscover.Outlook.com."],
        "SRV": ["10 1 993 IMAP.all.example."],
        "TXT": ['"v=spf1 include:_spf." "google.com -all"', '"caf\\195\\169"'],
    },
    "odd.example": [r"10 a\010b\027[31m.odd.example."],
    "empty.example": [],
    "null.example": ["0 ."],
    "broken.example": SERVFAIL,
    "refused.example": REFUSED,
    "silent.example": SILENT,
    "garbage.example": GARBAGE,
}


@pytest.fixture(scope="module")
def server() -> Iterator[NameServer]:
    """A name server with the zone of these tests."""
    with name_server(ZONE) as server:
        yield server


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("office.example", "MX", ["0 office-example.mail.protection.outlook.com"]),
        ("null.example", "MX", ["0 "]),
        ("empty.example", "MX", []),
        ("office.example", "SRV", []),
        ("odd.example", "MX", ["10 a\\010b\\027[31m.odd.example"]),
        ("all.example", "CNAME", ["autodiscover.outlook.com"]),
        ("all.example", "SRV", ["10 imap.all.example"]),
        ("all.example", "TXT", ["caf\ufffd\ufffd", "v=spf1 include:_spf.google.com -all"]),
    ],
)
def test_records_as_text(name: str, kind: str, expected: list[str], server: NameServer) -> None:
    """Hosts are in lower case without the trailing dot; the parts of a text are put together."""
    assert expected == sorted(dns_records(name, kind, 5, resolver=server.resolver))


def test_an_unknown_name_is_a_typing_mistake(server: NameServer) -> None:
    """The system's search list is not used, so the name is never sent with another suffix."""
    before = len(server.asked)
    with pytest.raises(UsageProblem) as raised:
        dns_records("gmial.example", "MX", 5, resolver=server.resolver)

    assert "domain_unknown" == raised.value.verdict.id
    assert {"domain": "gmial.example"} == raised.value.parameters
    assert "spelled" in raised.value.hint
    assert ["gmial.example"] == server.asked[before:]


@pytest.mark.parametrize("name", ["broken.example", "refused.example", "garbage.example"])
def test_a_broken_name_server_is_passing_trouble(name: str, server: NameServer) -> None:
    """SERVFAIL and similar answers give exit code 4 at once, without waiting for the time limit."""
    started = time.monotonic()
    # Garbage is thrown away, so that one has to wait for better.
    timeout = 1 if name == "garbage.example" else 60
    with pytest.raises(TryAgain) as raised:
        dns_records(name, "MX", timeout, resolver=server.resolver)

    assert "name_servers_silent" == raised.value.verdict.id
    assert {"domain": name} == raised.value.parameters
    assert ExitCode.TRY_AGAIN == raised.value.exit_code
    assert time.monotonic() - started < AT_ONCE


def test_a_system_without_settings_for_names_is_passing_trouble() -> None:
    """A system without DNS settings gives exit code 4, as some Windows services have it."""

    class Settingless:
        nameservers = ()

        def resolve(self, *_: object, **__: object) -> NoReturn:
            raise FileNotFoundError

    with pytest.raises(TryAgain) as raised:
        dns_records("office.example", "MX", 1, resolver=Settingless())  # type: ignore[arg-type]
    assert "name_servers_silent" == raised.value.verdict.id


@pytest.mark.parametrize("timeout", [0.1, 0.4])
def test_a_silent_name_server_is_given_up(timeout: float, server: NameServer) -> None:
    """A silent name server gives exit code 4 after the time limit for the whole query."""
    started = time.monotonic()
    with pytest.raises(TryAgain) as raised:
        dns_records("silent.example", "MX", timeout, resolver=server.resolver)

    assert "name_servers_silent" == raised.value.verdict.id
    assert timeout <= time.monotonic() - started < AT_ONCE


@pytest.mark.parametrize("slow", [0.3, 0.7])
def test_a_slow_name_server_is_heard(slow: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that comes later than the first try waits comes in time for the second."""
    monkeypatch.setattr(module, "_FIRST_TRY", 0.1)
    with name_server({"slow.example": ["1 smtp.google.com."]}, delay=slow) as server:
        records = dns_records("slow.example", "MX", 5, resolver=server.resolver)

    assert [GOOGLE] == records


@pytest.mark.only_on("linux", "win32", reason="macOS has only one loopback address")
def test_a_silent_name_server_beside_another_costs_little() -> None:
    """The other one is asked soon."""
    with (
        name_server({"slow.example": ["1 smtp.google.com."]}) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent,
    ):
        silent.bind(("127.0.0.2", server.resolver.port))
        server.resolver.nameservers = ["127.0.0.2", "127.0.0.1"]
        records = dns_records("slow.example", "MX", 2, resolver=server.resolver)

    assert [GOOGLE] == records


@pytest.mark.only_on("posix", reason="Windows keeps the settings in its registry")
@pytest.mark.parametrize(
    "content",
    [b"nameserver some-name\n", b"# caf\xe9\nnameserver 127.0.0.1\n", b"", b"search a..b\n", None],
    ids=["a name", "not UTF-8", "empty", "search list", "missing"],
)
def test_broken_settings_for_name_servers_are_said(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a sentence; they are no mistake of the program."""
    file = tmp_path / "resolv.conf"
    if content is not None:
        file.write_bytes(content)
    real = dns.resolver.Resolver
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: real(str(file)))
    with pytest.raises(AppError) as raised:
        detect("foo@office.example", load_catalog())

    assert "name_server_settings_invalid" == raised.value.verdict.id
    assert ExitCode.FAILED == raised.value.exit_code


def test_settings_that_the_registry_lacks_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """dnspython passes on what Windows answers; Wine has no such key."""

    def resolver() -> dns.resolver.Resolver:
        raise FileNotFoundError(2, "File not found")

    monkeypatch.setattr(dns.resolver, "Resolver", resolver)
    with pytest.raises(AppError) as raised:
        dns_records("office.example", "MX", 1)
    assert "name_server_settings_invalid" == raised.value.verdict.id


def test_nobody_there_is_passing_trouble() -> None:
    """A name server that doesn't run gives exit code 4."""
    with name_server({}) as gone:
        resolver = gone.resolver
    with pytest.raises(TryAgain) as raised:
        dns_records("office.example", "MX", 0.3, resolver=resolver)
    assert "name_servers_silent" == raised.value.verdict.id


def test_the_machines_resolver_is_asked(
    monkeypatch: pytest.MonkeyPatch, server: NameServer
) -> None:
    """The system's resolver is used if none is given."""
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: server.resolver)

    assert [GOOGLE] == dns_records("single.example", "MX", 5)
    assert "gmail" == detect("foo@single.example", load_catalog()).provider
