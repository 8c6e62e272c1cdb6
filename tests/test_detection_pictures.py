"""Each picture of a domain leads to its provider or its error, for the reasons that are written.

A name server and a web server on loopback serve all of detection_pictures.toml.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.demo.http_server import DemoResponse
from core.detection.detect import examine
from core.detection.question import Lookups
from core.net.network import Network
from core.oauth.sign_in.certificate import Certificate
from core.providers.catalog import load_catalog
from domains import Pages, domains
from name_server import GARBAGE, NXDOMAIN, REFUSED, SERVFAIL, SILENT, Answer, Zone

Picture = Mapping[str, Any]
FILE = Path(__file__).parent / "detection_pictures.toml"
PICTURES: Mapping[str, Picture] = {
    domain: picture
    for kind in tomllib.loads(FILE.read_text("utf-8")).values()
    for domain, picture in kind.items()
}
CATALOG = load_catalog()
FAULTS: Mapping[str, Answer] = {
    "SERVFAIL": SERVFAIL,
    "REFUSED": REFUSED,
    "NXDOMAIN": NXDOMAIN,
    "SILENT": SILENT,
    "GARBAGE": GARBAGE,
}


def _tenant(cloud: str, host: str, part: str | None = None) -> DemoResponse:
    """The description of a tenant, as far as it is read."""
    content = {"cloud_instance_name": cloud, "msgraph_host": host, "tenant_region_sub_scope": part}
    return DemoResponse(body=json.dumps(content).encode())


TENANTS: Mapping[str, DemoResponse] = {
    "worldwide": _tenant("microsoftonline.com", "graph.microsoft.com"),
    "gcc": _tenant("microsoftonline.com", "graph.microsoft.com", "GCC"),
    "gcc_high": _tenant("microsoftonline.us", "graph.microsoft.us", "DODCON"),
    "dod": _tenant("microsoftonline.us", "dod-graph.microsoft.us", "DOD"),
    "dod_by_graph": _tenant("microsoftonline.us", "dod-graph.microsoft.us"),
    "us_without_part": _tenant("microsoftonline.us", "elsewhere.example"),
    "21vianet": _tenant("partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"),
    "busy": DemoResponse(503),
    "throttled": DemoResponse(429),
    "odd": DemoResponse(body=b'{"cloud_instance_name": {}, "tenant_region_sub_scope": []}'),
    "garbage": DemoResponse(body=b"[" * 100_000),
}
TENANT_URI = CATALOG.providers["office365"].tenant_discovery_uri
AUTOCONFIG_URI, _, ISPDB_URI = CATALOG.discovery.autoconfig
AUTOCONFIG = (
    "<clientConfig><emailProvider><incomingServer type='imap'><hostname>{host}</hostname>"
    "<port>993</port><socketType>SSL</socketType></incomingServer></emailProvider></clientConfig>"
)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _quoted(text: str) -> str:
    return f'"{text}"'


def zone_of(domain: str, picture: Picture) -> Iterator[tuple[str, Answer]]:
    """What the name server says of a domain."""
    mx, alias = picture.get("mx", []), picture.get("alias", [])
    texts = [_quoted(text) for text in _listed(picture.get("txt", []))]
    yield domain, FAULTS.get(str(mx)) or {"MX": _listed(mx), "TXT": texts}
    yield f"_imaps._tcp.{domain}", {"SRV": _listed(picture.get("srv", []))}
    name = f"autodiscover.{domain}"
    if str(alias) in FAULTS:
        yield name, FAULTS[alias]
    elif alias == "LOOP":
        yield name, {"CNAME": [f"{name}."]}
    else:
        for target in _listed(alias):
            yield name, {"CNAME": [target]}
            name = target.rstrip(".")


def pages_of(domain: str, picture: Picture) -> Iterator[tuple[str, DemoResponse]]:
    """What the web server says of a domain; no page is a tenant or a file of nobody."""
    if "tenant" in picture:
        yield TENANT_URI.replace("{tenant}", domain), TENANTS[picture["tenant"]]
    for key, uri in (("autoconfig", AUTOCONFIG_URI), ("ispdb", ISPDB_URI)):
        if key in picture:
            body = AUTOCONFIG.format(host=picture[key]).encode()
            yield uri.format(domain=domain), DemoResponse(body=body)


@pytest.fixture(scope="module")
def served(
    demo_certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lookups, list[str]]]:
    """The servers of all pictures, and what they were asked."""
    ca_file = tmp_path_factory.mktemp("pictures") / "ca.pem"
    ca_file.write_bytes(demo_certificate.certificate_pem)
    zone: Zone = {n: a for d, picture in PICTURES.items() for n, a in zone_of(d, picture)}
    pages: Pages = {u: p for d, picture in PICTURES.items() for u, p in pages_of(d, picture)}
    with domains(zone, pages, demo_certificate, ca_file) as served:
        yield served


@pytest.mark.parametrize("domain", PICTURES)
def test_each_picture_is_read_right(domain: str, served: tuple[Lookups, list[str]]) -> None:
    """The provider or the error, the reasons, and what gave no answer."""
    picture = PICTURES[domain]
    waits = SILENT in (str(v).lower() for v in picture.values()) or picture.get("mx") == "GARBAGE"
    network = Network(timeout=0.5 if waits else 10)
    found = examine(f"you@{domain}", CATALOG, lookups=served[0], network=network)

    expected = (picture.get("is"), picture.get("error"), picture["by"].split())
    error = found.error.verdict.id if found.error else None
    provider = None if found.error else found.provider
    assert expected == (provider, error, [clue.reason for clue in found.clues])
    assert picture.get("unanswered", "").split() == list(found.unanswered)
    told = found.sentence() if found.error is None else f"{found.error} {found.error.explanation}"
    assert told.isprintable()
    assert " is ." not in told


def test_what_two_providers_share_is_no_contradiction(
    served: tuple[Lookups, list[str]],
) -> None:
    """GCC High and the DoD have the same MX hosts."""
    found = examine("you@dod.example", CATALOG, lookups=served[0], network=Network(10))
    expected = (
        "office365_dod (the MX record of dod.example is dod-example.mail.protection.office365.us; "
        "Microsoft has a tenant for the domain (DOD))"
    )
    assert expected == found.sentence()


@pytest.mark.parametrize(
    ("domain", "candidates"),
    [
        ("google-or-ionos.example", "Gmail, Google Workspace (gmail) or IONOS (without OAuth2)"),
        ("only-tenant.example", "Office 365, Outlook.com (office365)"),
    ],
)
def test_a_doubt_names_the_candidates(
    domain: str, candidates: str, served: tuple[Lookups, list[str]]
) -> None:
    """With the names that can be chosen."""
    found = examine(f"you@{domain}", CATALOG, lookups=served[0], network=Network(10))
    assert found.error is not None
    assert candidates == found.error.parameters["candidates"]


def test_nobody_learns_the_address(served: tuple[Lookups, list[str]]) -> None:
    """Not more than the domain, and who is asked is what README says."""
    lookups, asked = served
    before = len(asked)
    examine("somebody@hidden.example", CATALOG, lookups=lookups, network=Network(10))

    expected = [
        "_imaps._tcp.hidden.example",
        "autodiscover.hidden.example",
        "hidden.example",  # MX
        "hidden.example",  # TXT
        "https://autoconfig.hidden.example/mail/config-v1.1.xml",
        "https://autoconfig.thunderbird.net/v1.1/hidden.example",
        "https://hidden.example/.well-known/autoconfig/mail/config-v1.1.xml",
        "https://login.microsoftonline.com/hidden.example/v2.0/.well-known/openid-configuration",
    ]
    assert expected == sorted(asked[before:])


def test_there_are_pictures_of_everything() -> None:
    """At least 120, of each provider, each mail filter that is common, and each error."""
    assert 120 <= len(PICTURES)
    assert set(CATALOG.providers) == {p["is"] for p in PICTURES.values() if "is" in p}
    errors = {picture["error"] for picture in PICTURES.values() if "error" in picture}
    assert {
        "provider_uncertain",
        "provider_not_found",
        "provider_without_oauth",
        "mail_filter_hides_provider",
        "domain_unknown",
        "domain_without_mail",
        "name_servers_silent",
    } == errors
    hosts = " ".join(str(picture.get("mx")) for picture in PICTURES.values())
    seen = [any(suffix in hosts for suffix in s) for s in CATALOG.mail_filters.values()]
    assert 15 <= sum(seen)
