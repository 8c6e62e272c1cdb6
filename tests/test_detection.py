"""Which provider an address belongs to, by what a real name server says of its domain."""

import re
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from core.address import parse_address
from core.cancel import Cancellation
from core.cli.actions import action_lines
from core.detection import sources
from core.detection.clues import MEANINGS
from core.detection.detect import Detection, examine
from core.detection.dns_records import dns_records
from core.detection.question import Lookups
from core.errors import UsageProblem
from core.mailbox.job import Dependencies, Job, Request
from core.mailbox.resolve import registration_of
from core.net.network import Network
from core.providers.catalog import load_catalog
from core.providers.live_catalog import LiveCatalog
from core.verdicts.verdict import Action
from name_server import SERVFAIL, SILENT, NameServer, Zone, name_server
from servers import AT_ONCE, no_page

CATALOG = load_catalog()
PROOFPOINT = ["10 mx0a.filtered.pphosted.com."]
AUTODISCOVER = {"CNAME": ["autodiscover.outlook.com."]}
SPF = ['"v=spf1 include:spf.protection.outlook.com include:_spf.google.com ~all"']
ZONE: Zone = {
    "office.example": ["0 office-example.mail.protection.outlook.com."],
    "gmail.example": ["10 alt3.aspmx.l.google.com.", "1 ASPMX.L.GOOGLE.COM."],
    "moving.example": ["20 moving-example.mail.protection.outlook.com.", "10 smtp.google.com."],
    "backup.example": ["10 mail.backup.example.", "20 smtp.google.com."],
    "filtered.example": ["10 mx1.filtered.iphmx.com.", "20 smtp.google.com."],
    "xn--mller-kva.example": ["1 smtp.google.com."],
    "borders.example": ["10 notgoogle.com.", "10 mx.google.com.evil.example."],
    "null.example": ["0 ."],
    "empty.example": [],
    "own.example": ["10 mail.own.example."],
    "odd.example": [r"10 a\010b\027[31m.odd.example."],
    "behind.example": {"MX": PROOFPOINT, "TXT": SPF},
    "autodiscover.behind.example": {"CNAME": ["autodiscover.group.example."]},
    "autodiscover.group.example": AUTODISCOVER,
    "doubtful.example": {"MX": PROOFPOINT, "TXT": SPF},
    "hidden.example": PROOFPOINT,
    "slow.example": PROOFPOINT,
    "autodiscover.slow.example": SILENT,
    "_imaps._tcp.slow.example": {"SRV": ["0 0 993 imap.gmail.com."]},
    "lame.example": PROOFPOINT,
    "autodiscover.lame.example": SERVFAIL,
    "circle.example": PROOFPOINT,
    "autodiscover.circle.example": {"CNAME": ["autodiscover.circle.example."]},
}


@pytest.fixture(scope="module")
def server() -> Iterator[NameServer]:
    """A name server with the zone of these tests."""
    with name_server(ZONE) as server:
        yield server


def examined(server: NameServer, address: str, timeout: float = 5) -> Detection:
    """What is known of an address."""
    lookups = Lookups(partial(dns_records, resolver=server.resolver), no_page)
    return examine(parse_address(address), CATALOG, lookups=lookups, network=Network(timeout))


@pytest.mark.parametrize(
    ("domain", "provider", "host"),
    [
        ("office.example", "office365", "office-example.mail.protection.outlook.com"),
        ("gmail.example", "gmail", "aspmx.l.google.com"),
        ("backup.example", "gmail", "smtp.google.com"),
        ("filtered.example", "gmail", "smtp.google.com"),
        ("müller.example", "gmail", "smtp.google.com"),
    ],
)
def test_the_mx_tells_the_provider(
    domain: str, provider: str, host: str, server: NameServer
) -> None:
    """The first MX host that belongs to a provider decides, and nothing else is asked."""
    before = len(server.asked)
    asked = parse_address(f"foo@{domain}").partition("@")[2]
    expected = f"{provider} (the MX record of {asked} is {host})"

    assert expected == examined(server, f"foo@{domain}").sentence()
    assert [asked] == server.asked[before:]


def test_a_domain_that_moves_shows_both_providers(server: NameServer) -> None:
    """The first MX record decides; the other one is said."""
    expected = (
        "gmail (the MX record of moving.example is smtp.google.com). Other clues: a later MX "
        "record is moving-example.mail.protection.outlook.com (office365)."
    )
    assert expected == examined(server, "foo@moving.example").sentence()


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("gmail.com", "gmail (gmail.com is Google's)"),
        ("Hotmail.COM", "office365 (hotmail.com is Microsoft's)"),
        ("live.co.uk", "office365 (live.co.uk is Microsoft's)"),
    ],
)
def test_well_known_domains_need_no_question(domain: str, found: str, server: NameServer) -> None:
    """A provider's own domain needs no DNS query, and the sentence says so."""
    before = list(server.asked)
    assert found == examined(server, f"foo@{domain}").sentence()
    assert before == server.asked


def test_behind_a_mail_filter_other_records_tell_the_provider(server: NameServer) -> None:
    """Each clue is said, also what points to another provider."""
    found = examined(server, "foo@behind.example")

    expected = (
        "office365 (the MX record of behind.example is mx0a.filtered.pphosted.com: Proofpoint, "
        "which hides the provider; autodiscover points to autodiscover.outlook.com; the SPF "
        "record includes spf.protection.outlook.com). Other clues: the SPF record includes "
        "_spf.google.com (gmail)."
    )
    assert expected == found.sentence()
    assert {"office365": 60, "gmail": 20} == found.weights
    assert found.error is None


def test_a_doubt_is_asked_about_with_the_candidates(server: NameServer) -> None:
    """The user chooses, and sees what was found."""
    error = examined(server, "foo@doubtful.example").error

    assert error is not None
    assert "provider_uncertain" == error.verdict.id
    assert Action.CHOOSE_PROVIDER is error.action
    expected = (
        "The provider of doubtful.example is not certain: perhaps Office 365, Outlook.com "
        "(office365) or Gmail, Google Workspace (gmail)"
    )
    assert expected == error.message
    assert "includes _spf.google.com" in error.explanation


@pytest.mark.parametrize(
    ("domain", "provider", "unanswered"),
    [
        ("slow.example", "gmail", ("autodiscover",)),
        ("lame.example", "", ("autodiscover",)),
        ("circle.example", "", ()),
        ("hidden.example", "", ()),
    ],
)
def test_what_does_not_answer_hinders_nobody(
    domain: str, provider: str, unanswered: tuple[str, ...], server: NameServer
) -> None:
    """The other sources still count; a circle of aliases ends."""
    started = time.monotonic()
    found = examined(server, f"foo@{domain}", timeout=1)
    assert (provider, unanswered) == (found.provider, found.unanswered)
    assert time.monotonic() - started < AT_ONCE


@pytest.mark.parametrize(
    ("domain", "verdict", "mx_host"),
    [
        ("borders.example", "provider_not_found", "mx.google.com.evil.example"),
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
    error = examined(server, f"foo@{domain}").error
    assert isinstance(error, UsageProblem)

    words = f"{error.message} {error.explanation} {error.hint}"
    assert verdict == error.verdict.id
    assert (domain, mx_host) == (error.parameters["domain"], error.parameters["mx_host"])
    assert mx_host in error.explanation
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
def test_a_forged_record_only_chooses_from_the_list(host: str, tmp_path: Path) -> None:
    """The program speaks to no host that it names, whatever the type of the record."""
    own = LiveCatalog(tmp_path / "providers.toml")
    texts = {"CNAME": host, "TXT": f"v=spf1 include:{host}"}
    lookups = Lookups(lambda name, kind, timeout: [texts.get(kind, f"0 {host}")], no_page)
    dependencies = Dependencies(own, lookups, time.time)
    request = Request("you@victim.example", tmp_path)
    job = Job(request, dependencies, lambda event: None, Cancellation())
    try:
        chosen = registration_of(job, None)
    except UsageProblem:
        return
    provider = CATALOG.providers[chosen.provider]
    assert provider.imap_host == chosen.imap_host
    assert host not in f"{chosen.authorize_uri} {chosen.token_uri} {chosen.revocation_uri}"


def test_all_is_over_after_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the user would wait, and although nobody answers; the error says so."""
    monkeypatch.setattr(sources, "TIME_LIMIT", 0.3)
    ended = threading.Event()

    def records(name: str, kind: str, timeout: float) -> list[str]:
        if kind == "MX":
            return ["10 mx0a.filtered.pphosted.com"]
        ended.wait(AT_ONCE)
        return []

    started = time.monotonic()
    found = examine("foo@a.example", CATALOG, lookups=Lookups(records, no_page))
    ended.set()
    assert time.monotonic() - started < AT_ONCE
    assert ("autodiscover", "srv", "spf") == found.unanswered
    assert found.error is not None
    assert "mail_filter_hides_provider" == found.error.verdict.id
    assert ("Not everything answered in time: autodiscover, srv, spf.",) == found.error.notes


def test_a_mistyped_big_domain_is_asked_about(server: NameServer) -> None:
    """The error asks for the likely address; nothing is changed, and DNS was asked as typed."""
    error = examined(server, "foo@gmial.com").error
    assert error is not None
    assert ("Did you mean foo@gmail.com?",) == error.notes
    assert "gmial.com" == server.asked[-1]


def test_the_reference_explains_each_clue() -> None:
    """With its weight."""
    page = (Path(__file__).parent.parent / "docs" / "COMMAND_LINE.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| ", page, re.MULTILINE)
    assert [(reason, str(meaning.weight)) for reason, meaning in MEANINGS.items()] == rows
