"""Tests of core/providers/detection.py with a real name server."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import dns.resolver
import pytest

from core.address import parse_address
from core.cancel import Cancellation
from core.cli.actions import action_lines
from core.errors import AppError, ExitCode, TryAgain, UsageProblem
from core.mailbox.job import Dependencies, Job, Request
from core.mailbox.resolve import registration_of
from core.providers import detection
from core.providers.catalog import load_catalog
from core.providers.detection import Mx, by_mx, detect, ends_with_label, resolve_mx_by_dns
from core.providers.live_catalog import LiveCatalog
from core.verdicts.verdict import Action
from name_server import GARBAGE, REFUSED, SERVFAIL, SILENT, NameServer, Zone, name_server
from servers import AT_ONCE

CATALOG = load_catalog()
ZONE: Zone = {
    "office.example": ["0 office-example.mail.protection.outlook.com."],
    "dane.example": ["0 dane-example.a-v1.mx.microsoft."],
    "gmail.example": [
        "10 alt3.aspmx.l.google.com.",
        "1 ASPMX.L.GOOGLE.COM.",
        "5 alt1.aspmx.l.google.com.",
    ],
    "single.example": ["1 SMTP.Google.com."],
    "old.example": ["10 aspmx2.googlemail.com."],
    "moving.example": ["20 moving-example.mail.protection.outlook.com.", "10 smtp.google.com."],
    "backup.example": ["10 mail.backup.example.", "20 smtp.google.com."],
    "filtered.example": ["10 mx1.filtered.iphmx.com.", "20 smtp.google.com."],
    "xn--mller-kva.example": ["1 smtp.google.com."],
    "borders.example": [
        "10 notgoogle.com.",
        "10 mx.google.com.evil.example.",
        "10 mail-protection-outlook-com.example.",
        "10 mail.protection.outlook.com.evil.example.",
    ],
    "null.example": ["0 ."],
    "empty.example": [],
    "own.example": ["10 mail.own.example."],
    "odd.example": [r"10 a\010b\027[31m.odd.example."],
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


def found(server: NameServer, address: str, timeout: float = 5) -> str:
    """The detected provider and the reason, as a sentence."""
    detection = detect(
        parse_address(address),
        CATALOG,
        resolve_mx=lambda domain, seconds: resolve_mx_by_dns(
            domain, seconds, resolver=server.resolver
        ),
        timeout=timeout,
    )
    return detection.sentence()


@pytest.mark.parametrize(
    ("domain", "provider", "host"),
    [
        ("office.example", "office365", "office-example.mail.protection.outlook.com"),
        ("dane.example", "office365", "dane-example.a-v1.mx.microsoft"),
        ("gmail.example", "gmail", "aspmx.l.google.com"),
        ("single.example", "gmail", "smtp.google.com"),
        ("old.example", "gmail", "aspmx2.googlemail.com"),
        ("moving.example", "gmail", "smtp.google.com"),
        ("backup.example", "gmail", "smtp.google.com"),
        ("filtered.example", "gmail", "smtp.google.com"),
        ("müller.example", "gmail", "smtp.google.com"),
    ],
)
def test_the_mx_tells_the_provider(
    domain: str, provider: str, host: str, server: NameServer
) -> None:
    """The first MX host that belongs to a provider decides; the sentence names it in lower case."""
    domain_asked = parse_address(f"foo@{domain}").partition("@")[2]
    expected = f"{provider} (the MX record of {domain_asked} is {host})"

    assert expected == found(server, f"foo@{domain}")
    assert domain_asked == server.asked[-1]


@pytest.mark.parametrize(
    ("domain", "provider"),
    [("gmail.com", "gmail"), ("Hotmail.COM", "office365"), ("live.co.uk", "office365")],
)
def test_well_known_domains_need_no_question(
    domain: str, provider: str, server: NameServer
) -> None:
    """A provider's own domain needs no DNS query, and the sentence says so."""
    before = list(server.asked)
    lower = domain.lower()

    expected = f"{provider} ({lower} is one of its domains)"
    assert expected == found(server, f"foo@{domain}")
    assert before == server.asked


@pytest.mark.parametrize(
    ("domain", "verdict", "mx_host"),
    [
        ("borders.example", "provider_not_found", ""),
        ("own.example", "provider_not_found", "mail.own.example"),
        ("null.example", "domain_without_mail", ""),
        ("empty.example", "domain_without_mail", ""),
        ("odd.example", "provider_not_found", "a\\010b\\027[31m.odd.example"),
    ],
)
def test_what_no_clue_tells_is_asked(
    domain: str, verdict: str, mx_host: str, server: NameServer
) -> None:
    """An undetected provider gives exit code 2; the error says what was found.

    A null MX (RFC 7505) and no MX are treated in the same way. No known provider is recommended,
    since nothing points to one.
    """
    with pytest.raises(UsageProblem) as raised:
        found(server, f"foo@{domain}")

    error = raised.value
    words = f"{error.message} {error.explanation} {error.hint}"
    assert verdict == error.verdict.id
    assert domain == error.parameters["domain"]
    assert mx_host in str(error.parameters.get("mx_host", ""))
    assert str(error.parameters.get("mx_host", "")) in error.explanation
    assert domain in error.message
    assert words.isprintable()
    steps = " ".join(action_lines(error))
    assert not any(provider in f"{words} {steps}" for provider in CATALOG.providers)
    assert ("--provider NAME" in steps) == (verdict == "domain_without_mail")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "aspmx.l.google.com.evil.example", "evilgoogle.com", "", "127.0.0.1"),
        *("smtp.google.com", "evil.mail.protection.outlook.com"),
    ],
)
def test_a_forged_mx_record_only_chooses_from_the_list(host: str, tmp_path: Path) -> None:
    """The program speaks to no host that it names."""
    own = LiveCatalog(tmp_path / "providers.toml")
    dependencies = Dependencies(own, lambda domain, seconds: [Mx(0, host)], time.time)
    request = Request("you@victim.example", tmp_path)
    job = Job(request, dependencies, lambda event: None, Cancellation())
    try:
        chosen = registration_of(job, None)
    except UsageProblem:
        return
    provider = CATALOG.providers[chosen.provider]
    assert provider.imap_host == chosen.imap_host
    assert host not in f"{chosen.authorize_uri} {chosen.token_uri} {chosen.revocation_uri}"


def test_an_unknown_domain_is_a_typing_mistake(server: NameServer) -> None:
    """NXDOMAIN gives exit code 2 and the advice to check the spelling."""
    with pytest.raises(UsageProblem) as raised:
        found(server, "foo@gmial.example")

    assert "domain_unknown" == raised.value.verdict.id
    assert {"domain": "gmial.example"} == raised.value.parameters
    assert "spelled" in raised.value.hint


def test_a_mistyped_big_domain_is_asked_about(server: NameServer) -> None:
    """The error asks for the likely address; nothing is changed, and DNS was asked as typed."""
    with pytest.raises(UsageProblem) as raised:
        found(server, "foo@gmial.com")

    assert ("Did you mean foo@gmail.com?",) == raised.value.notes
    assert "gmial.com" == server.asked[-1]


@pytest.mark.parametrize("domain", ["broken.example", "refused.example", "garbage.example"])
def test_a_broken_name_server_is_passing_trouble(domain: str, server: NameServer) -> None:
    """SERVFAIL and similar answers give exit code 4 at once, without waiting for the time limit."""
    started = time.monotonic()
    with pytest.raises(TryAgain) as raised:
        # Garbage is thrown away, so that one has to wait for better.
        found(server, f"foo@{domain}", timeout=1 if domain == "garbage.example" else 60)

    assert "name_servers_silent" == raised.value.verdict.id
    assert {"domain": domain} == raised.value.parameters
    assert ExitCode.TRY_AGAIN == raised.value.exit_code
    assert time.monotonic() - started < AT_ONCE


def test_a_system_without_settings_for_names_is_passing_trouble() -> None:
    """A system without DNS settings gives exit code 4, as some Windows services have it."""

    class Settingless:
        nameservers = ()

        def resolve(self, *_: object, **__: object) -> NoReturn:
            raise FileNotFoundError

    with pytest.raises(TryAgain) as raised:
        resolve_mx_by_dns("office.example", 1, resolver=Settingless())  # type: ignore[arg-type]
    assert "name_servers_silent" == raised.value.verdict.id


@pytest.mark.parametrize("timeout", [0.1, 0.4])
def test_a_silent_name_server_is_given_up(timeout: float, server: NameServer) -> None:
    """A silent name server gives exit code 4 after the time limit for the whole query."""
    started = time.monotonic()
    with pytest.raises(TryAgain) as raised:
        found(server, "foo@silent.example", timeout=timeout)

    assert "name_servers_silent" == raised.value.verdict.id
    assert timeout <= time.monotonic() - started < AT_ONCE


@pytest.mark.parametrize("slow", [0.3, 0.7])
def test_a_slow_name_server_is_heard(slow: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that comes later than the first try waits comes in time for the second."""
    monkeypatch.setattr(detection, "_FIRST_TRY", 0.1)
    with name_server({"slow.example": ["1 smtp.google.com."]}, delay=slow) as server:
        records = resolve_mx_by_dns("slow.example", 5, resolver=server.resolver)

    assert [Mx(1, "smtp.google.com")] == records


@pytest.mark.only_on("linux", "win32", reason="macOS has only one loopback address")
def test_a_silent_name_server_beside_another_costs_little() -> None:
    """The other one is asked soon."""
    with (
        name_server({"slow.example": ["1 smtp.google.com."]}) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent,
    ):
        silent.bind(("127.0.0.2", server.resolver.port))
        server.resolver.nameservers = ["127.0.0.2", "127.0.0.1"]
        records = resolve_mx_by_dns("slow.example", 2, resolver=server.resolver)

    assert [Mx(1, "smtp.google.com")] == records


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
        detect("foo@office.example", CATALOG)

    assert "name_server_settings_invalid" == raised.value.verdict.id
    assert ExitCode.FAILED == raised.value.exit_code


def test_settings_that_the_registry_lacks_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """dnspython passes on what Windows answers; Wine has no such key."""

    def resolver() -> dns.resolver.Resolver:
        raise FileNotFoundError(2, "File not found")

    monkeypatch.setattr(dns.resolver, "Resolver", resolver)
    with pytest.raises(AppError) as raised:
        resolve_mx_by_dns("office.example", 1)
    assert "name_server_settings_invalid" == raised.value.verdict.id


def test_nobody_there_is_passing_trouble() -> None:
    """A name server that doesn't run gives exit code 4."""
    with name_server({}) as gone:
        resolver = gone.resolver
    with pytest.raises(TryAgain) as raised:
        resolve_mx_by_dns("office.example", 0.3, resolver=resolver)
    assert "name_servers_silent" == raised.value.verdict.id


def test_the_name_is_asked_as_it_stands(server: NameServer) -> None:
    """The system's search list is not used, so the domain is never sent with another suffix."""
    before = len(server.asked)
    with pytest.raises(UsageProblem):
        found(server, "foo@nowhere.example")

    assert ["nowhere.example"] == server.asked[before:]


@pytest.mark.parametrize("label", CATALOG.mail_filters)
def test_a_filter_hides_the_mailbox(label: str) -> None:
    """Each shipped mail filter is named in the error; the user has to choose the provider."""
    for suffix in CATALOG.mail_filters[label]:
        with pytest.raises(UsageProblem) as raised:
            by_mx("a.example", [Mx(10, f"mx1.a{suffix}"), Mx(20, "mail.a.example")], CATALOG)

        error = raised.value
        assert "mail_filter_hides_provider" == error.verdict.id
        assert Action.CHOOSE_PROVIDER is error.action
        expected = {"filter": label, "domain": "a.example", "mx_host": f"mx1.a{suffix}"}
        assert expected == error.parameters


@pytest.mark.parametrize(
    ("host", "suffix", "under"),
    [
        ("smtp.google.com", ".google.com", True),
        ("google.com", ".google.com", True),
        ("notgoogle.com", ".google.com", False),
        ("google.com.evil.example", ".google.com", False),
        ("ogle.com", ".google.com", False),
        ("", ".google.com", False),
    ],
)
def test_suffixes_end_on_label_borders(host: str, suffix: str, under: bool) -> None:
    """A suffix matches the host itself and its subdomains only."""
    assert under == ends_with_label(host, (".other.example", suffix))
    assert not ends_with_label(host, ())


def test_a_provider_of_ones_own_is_found(tmp_path: Path, server: NameServer) -> None:
    """Domains and MX suffixes of the user's own providers are used too."""
    own = tmp_path / "providers.toml"
    own.write_text(
        """
        [providers.acme]
        authorize_uri = "https://login.acme.example/authorize"
        token_uri = "https://login.acme.example/token"
        scopes = ["mail"]
        imap_host = "imap.acme.example"
        domains = ["acme.example"]
        mx_suffixes = [".mail.own.example"]
        applications.desk.client_id = "desk-id"
        """
    )
    catalog = load_catalog(own)
    records = resolve_mx_by_dns("own.example", 5, resolver=server.resolver)

    assert "acme" == detect("foo@acme.example", catalog).provider
    assert "acme" == by_mx("own.example", records, catalog).provider


def test_the_machines_resolver_is_asked(
    monkeypatch: pytest.MonkeyPatch, server: NameServer
) -> None:
    """The system's resolver is used if none is given."""
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: server.resolver)

    assert [Mx(1, "smtp.google.com")] == resolve_mx_by_dns("single.example", 5)
    assert "gmail" == detect("foo@single.example", CATALOG).provider
    with pytest.raises(AppError):
        detect("foo@null.example", CATALOG)
