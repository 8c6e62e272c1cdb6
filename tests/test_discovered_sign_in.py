"""A sign-in at a provider that only its address, or an issuer, leads to."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.errors import AppError, Cancelled, SignInNeeded, UsageProblem
from core.events import FoundServer
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.job import Job
from core.model import Outcome
from core.providers.by_hand import by_hand
from core.providers.catalog import Catalog, load_catalog
from core.providers.fields import Discovery
from core.providers.live_catalog import LiveCatalog
from core.verdicts.local_files import TOKEN_FILE_OF_OTHER_PROVIDER
from core.verdicts.local_mailbox import NO_TOKEN
from discoverable import METADATA, Domain, domain_of
from servers import ADDRESS, Stage

ISSUER_WITH_NO_PAGE = "https://localhost:1"


@pytest.fixture
def domain(stage: Stage) -> Iterator[Domain]:
    """A domain that names both servers, at a server that registers everybody."""
    with domain_of(stage) as running:
        running.describe()
        running.take_clients()
        running.publish_autoconfig(f"<oAuth2><issuer>{running.issuer}</issuer></oAuth2>")
        yield running


def _job(domain: Domain, places: Discovery | None = None, **changes: Any) -> Job:
    """A job with a catalog that knows nobody but what the user's own file has."""
    stage = domain.stage
    known = places or domain.places

    def load(own: Any) -> Catalog:
        shipped = load_catalog(own)
        names = shipped.providers.keys() - load_catalog().providers.keys()
        providers = {name: shipped.providers[name] for name in names}
        return Catalog(providers, {}, {}, discovery=known)

    job = stage.job(**changes)
    dependencies = replace(job.dependencies, providers=LiveCatalog(stage.own_file, load))
    return replace(job, dependencies=dependencies)


class Asked:
    """Answers the question, and remembers it."""

    def __init__(self, answer: bool = True) -> None:
        self.answer = answer
        self.questions: list[FoundServer] = []

    def __call__(self, found: FoundServer) -> bool:
        """Answer it."""
        self.questions.append(found)
        return self.answer


def _sign_in(domain: Domain, asked: Asked | None = None, **changes: Any) -> Outcome:
    methods = domain.stage.methods(ask_server=asked or Asked())
    return get_token(_job(domain, **{"discover": True, **changes}), methods)


def _refused(domain: Domain, **changes: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        _sign_in(domain, **changes)
    assert [] == domain.stage.browser.opened
    assert not domain.stage.path.exists()
    return caught.value


def test_an_address_is_enough(domain: Domain) -> None:
    """The servers are found, the user confirms them, and the program registers itself."""
    asked = Asked()
    outcome = _sign_in(domain, asked)
    stage = domain.stage
    assert outcome.checked
    assert [FoundServer(ADDRESS, "demo.example", "localhost", "localhost")] == asked.questions
    assert 1 == len(domain.registered)
    query = stage.server.last_authorize_query
    assert ("mail", stage.server.client_id) == (query["scope"], query["client_id"])
    assert "has registered oauth2_imap" in stage.said()
    assert f"its sign-in server is {domain.issuer}" in stage.said()


def test_what_worked_is_saved_so_that_a_refresh_needs_no_discovery(domain: Domain) -> None:
    """The user's own file has all of it; the pages are not asked again."""
    _sign_in(domain)
    stage = domain.stage
    saved = tomllib.loads(stage.own_file.read_text("utf-8"))["providers"]["localhost"]
    assert domain.issuer == saved["issuer"]
    assert stage.server.revocation_uri == saved["revocation_uri"]
    assert [stage.server.client_id] == [a["client_id"] for a in saved["applications"].values()]

    domain.asked.clear()
    before = stage.file().access
    assert refresh_mailbox(_job(domain), even_young=True).renewed
    assert before != stage.file().access
    assert [] == domain.asked


def test_a_second_address_uses_the_same_registration(domain: Domain) -> None:
    """The provider is known by its IMAP server now, so nobody is asked and nothing registered."""
    _sign_in(domain)
    domain.stage.path.unlink()
    asked = Asked()
    _sign_in(domain, asked)
    assert [] == asked.questions
    assert 1 == len(domain.registered)


def test_an_issuer_is_enough(domain: Domain) -> None:
    """The user has named the server, so there is no question; the next time it is known."""
    asked = Asked()
    changes = {"discover": False, "overrides": by_hand(issuer=domain.issuer)}
    _sign_in(domain, asked, **changes)
    assert [] == asked.questions
    assert 1 == len(domain.registered)

    domain.stage.path.unlink()
    domain.asked.clear()
    _sign_in(domain, asked, **changes)
    assert [] == domain.asked


def test_what_the_user_gives_counts_first(domain: Domain) -> None:
    """A client ID needs no registration; scopes and the IMAP server need no other source."""
    stage = domain.stage
    given = by_hand(
        issuer=domain.issuer,
        client_id=stage.server.client_id,
        scopes=("openid", "mail"),
        imap_host=stage.mailbox.host,
        imap_port=stage.mailbox.port,
    )
    domain.publish_autoconfig("")
    assert _sign_in(domain, discover=False, overrides=given).checked
    assert [] == domain.registered
    assert "openid mail" == stage.server.last_authorize_query["scope"]


def test_the_user_may_say_no(domain: Domain) -> None:
    """Then nothing is registered and no page opens."""
    with pytest.raises(Cancelled):
        _sign_in(domain, Asked(answer=False))
    assert [] == domain.registered
    assert [] == domain.stage.browser.opened


def test_a_script_is_told_the_issuer(domain: Domain) -> None:
    """Nobody can confirm there: exit 3, and the way to say yes."""
    methods = domain.stage.methods()
    with pytest.raises(SignInNeeded) as caught:
        get_token(_job(domain, discover=True), methods)
    assert "host_not_confirmed" == caught.value.verdict.id
    assert 3 == caught.value.exit_code
    assert domain.issuer == caught.value.parameters["issuer"]
    assert [] == domain.registered


def test_a_detection_that_fails_leads_to_discovery(domain: Domain) -> None:
    """The domain has no MX record here, so its servers are asked; without a user nobody is."""
    assert _sign_in(domain, discover=False).checked
    domain.stage.path.unlink()
    domain.asked.clear()
    domain.stage.own_file.unlink()
    with pytest.raises(UsageProblem) as caught:
        get_token(_job(domain), None)
    assert "domain_without_mail" == caught.value.verdict.id
    assert [] == domain.asked


def test_nothing_is_found(domain: Domain) -> None:
    """The error is that of the detection, and says that the servers were asked."""
    domain.publish_autoconfig("")
    error = _refused(domain, discover=False)
    assert "domain_without_mail" == error.verdict.id
    assert "do not say where its users sign in" in error.notes[-1]
    assert "nothing_discovered" == _refused(domain).verdict.id


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"issuer": "https://evil.example"}, "issuer_differs"),
        ({"token_endpoint": "http://localhost/token"}, "metadata_invalid"),
        ({"scopes_supported": ["calendar"]}, "no_mail_scope"),
        ({"registration_endpoint": None}, "no_free_registration"),
    ],
)
def test_a_server_that_can_not_be_used(
    changes: dict[str, Any], verdict: str, domain: Domain
) -> None:
    """Before any page opens."""
    domain.describe(**changes)
    assert verdict == _refused(domain).verdict.id


def test_a_server_that_registers_nobody(domain: Domain) -> None:
    """As Fastmail, whose clients may not have their answers on this computer."""
    domain.take_clients(400, error="invalid_redirect_uri")
    error = _refused(domain)
    assert "registration_redirect_refused" == error.verdict.id
    assert "http://localhost" in error.explanation


def test_an_unknown_imap_server(domain: Domain) -> None:
    """An issuer alone doesn't say where the mail is."""
    given = by_hand(issuer=domain.issuer)
    domain.publish_autoconfig("")
    domain.publish("/autoconfig.xml", "")
    error = _refused(domain, overrides=given)
    assert "imap_server_not_found" == error.verdict.id


def test_an_issuer_without_a_description(domain: Domain) -> None:
    """It is told, with what the server said."""
    domain.publish(METADATA, "", status=404)
    error = _refused(domain, overrides=by_hand(issuer=domain.issuer))
    assert ("no_metadata", "HTTP 404") == (error.verdict.id, error.detail)


def test_the_answer_of_another_server_is_refused(domain: Domain) -> None:
    """RFC 9207: the server says that it names itself, and the answer names nobody."""
    domain.describe(authorization_response_iss_parameter_supported=True)
    with pytest.raises(AppError) as caught:
        _sign_in(domain)
    assert "answer_of_another_server" == caught.value.verdict.id
    assert 0 == domain.stage.server.token_requests
    assert not domain.stage.path.exists()
    assert not domain.stage.own_file.exists()


def test_a_file_of_another_provider_stays(domain: Domain) -> None:
    """An issuer chooses the provider as its name does, so this file is not that mailbox's."""
    stage = domain.stage
    stage.sign_in()
    before = stage.path.read_bytes()
    given = by_hand(issuer=ISSUER_WITH_NO_PAGE)
    with pytest.raises(SignInNeeded) as caught:
        refresh_mailbox(stage.job(overrides=given), even_young=True)
    assert NO_TOKEN is caught.value.verdict
    with pytest.raises(UsageProblem) as refused:
        refresh_mailbox(stage.job(overrides=given, token_file=stage.path), even_young=True)
    assert TOKEN_FILE_OF_OTHER_PROVIDER is refused.value.verdict
    assert before == stage.path.read_bytes()
