"""Discovery at real servers: oidc-provider registers the program, Dovecot takes its token."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bed.as_provider import lines_of, opens_mailbox
from bed.fixtures import Bed
from bed.users import ALICE
from bed.walker import deliver, walk
from core.cancel import Cancellation
from core.events import Event, FoundServer
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.job import Dependencies, Job, Request
from core.model import Note
from core.net.network import Network
from core.oauth.sign_in.certificate import Certificate
from core.oauth.sign_in.methods import SignInMethods
from core.providers.live_catalog import LiveCatalog
from discoverable import AUTOCONFIG, Domain, domain_of
from servers import NO_DNS, PATIENT, Stage
from test_discover_command import discovery


@pytest.fixture
def domain(stage: Stage, bed: Bed) -> Iterator[Domain]:
    """A domain whose autoconfig names the bed's servers."""
    with domain_of(stage) as running:
        running.publish(
            AUTOCONFIG,
            '<clientConfig version="1.1"><emailProvider id="example.test">'
            f'<incomingServer type="imap"><hostname>{bed.imap_host}</hostname>'
            f"<port>{bed.imap_port}</port><socketType>SSL</socketType></incomingServer>"
            f"</emailProvider><oAuth2><issuer>{bed.issuer}</issuer><scope>imap</scope></oAuth2>"
            "</clientConfig>",
        )
        yield running


def test_an_address_is_all_that_is_known(
    bed: Bed, domain: Domain, tmp_path: Path, demo_certificate: Certificate
) -> None:
    """Sign-in by discovery and registration, file saved; the refresh asks no page."""
    authorities = tmp_path / "both.pem"
    authorities.write_bytes(bed.ca_file.read_bytes() + demo_certificate.certificate_pem)
    own_file = tmp_path / "config" / "providers.toml"
    own_file.parent.mkdir()
    own_file.write_text(discovery(domain.issuer + AUTOCONFIG))
    events: list[Event] = []
    dependencies = Dependencies(LiveCatalog(own_file), NO_DNS)
    request = Request(ALICE, tmp_path / "tokens", network=Network(PATIENT, authorities))
    job = Job(request, dependencies, events.append, Cancellation())
    visits: list[threading.Thread] = []

    def visit(url: str) -> bool:
        visits.append(threading.Thread(target=lambda: deliver(walk(url, ALICE))))
        visits[-1].start()
        return True

    asked: list[FoundServer] = []

    def confirm(found: FoundServer) -> bool:
        asked.append(found)
        return True

    outcome = get_token(job, SignInMethods(visit, None, ask_server=confirm))
    for thread in visits:
        thread.join()

    file = Path(outcome.file)
    assert outcome.checked
    assert outcome.renewable
    assert [FoundServer(ALICE, "example.test", "localhost", "localhost")] == asked
    assert opens_mailbox(bed, ALICE, file)
    [(client, secret)] = bed.stats()["clients"]
    assert client not in ("", "public-rotating")
    assert "" == secret
    said = [event.text for event in events if isinstance(event, Note)]
    assert any("has registered oauth2_imap" in text for text in said)

    domain.asked.clear()
    before = lines_of(file)
    again = replace(job, dependencies=Dependencies(LiveCatalog(own_file), NO_DNS))
    assert refresh_mailbox(again, even_young=True, check=True).checked
    assert before[0] != lines_of(file)[0]
    assert {"authorization_code": 1, "refresh_token": 1} == bed.stats()["grants"]
    assert [] == domain.asked
