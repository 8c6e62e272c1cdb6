"""Tokens without a user: the application's own (RFC 6749 section 4.4), one for many mailboxes."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jwt
import pytest

from core.errors import AppError, Misconfigured
from core.keeping.keeper import Keeper, renew_now
from core.mailbox.forget import forget
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.job import Dependencies, Job
from core.model import FlowKind
from core.oauth.grant import GRANTS
from core.providers.catalog import Catalog, load_catalog
from core.providers.overrides import Overrides
from core.providers.registration import resolve
from core.tokenfile.format import serialize
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from faulty_servers.responses import Fault
from servers import NO_DNS, MakeStage, Stage, changed, fixed

SECRET = "the-secret-of-the-organisation"
GRANT = "client_credentials"
ADDRESSES = [f"user{number}@demo.example" for number in range(8)]


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider whose application has a secret, and opens every mailbox."""
    stage = make_stage(server={"client_secret": SECRET}, grant=GRANT, scopes=("mail/.default",))
    application = replace(stage.provider.applications["demo"], client_secret=SECRET)
    stage.provider = changed(stage.provider, applications={"demo": application})
    return stage


def jobs_of(stage: Stage, addresses: list[str], *, check: bool = True) -> Iterator[Job]:
    """A job for each address, in one process."""
    dependencies = Dependencies(fixed(stage.catalog, stage.own_file), NO_DNS, stage.clock)
    for address in addresses:
        yield replace(stage.job(address=address, check=check), dependencies=dependencies)


def access_token_in(stage: Stage, address: str) -> str:
    """The first line of a mailbox's file."""
    file = read_token_file(stage.path.parent / file_name(address))
    assert file is not None
    assert ("", GRANT) == (file.refresh, file.grant)
    return file.access


def test_a_token(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The request has the secret and the scopes; nobody signs in."""
    caplog.set_level(logging.DEBUG)
    outcome = get_token(stage.job(), stage.methods())
    assert (True, True, []) == (outcome.renewed, outcome.checked, stage.browser.opened)
    expected = {
        "grant_type": GRANT,
        "client_id": "demo",
        "client_secret": SECRET,
        "scope": "mail/.default",
    }
    assert expected == stage.server.last_token_form
    content = stage.path.read_text()
    assert "# Grant is client_credentials" in content
    assert SECRET not in content + caplog.text + stage.said()


def test_the_provider_is_resolved_once(stage: Stage) -> None:
    """After the token is saved, nobody is told a second time which provider it is."""
    get_token(replace(stage.job(), request=replace(stage.job().request, provider="demo")), None)
    assert 1 == stage.said().count("Provider of")


def test_one_token_for_all_mailboxes(stage: Stage) -> None:
    """Many that ask at once, and those who come soon after, share one request."""
    at_once = list(jobs_of(stage, ADDRESSES, check=False))
    threads = [threading.Thread(target=get_token, args=(job, None)) for job in at_once]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 == stage.server.token_requests
    assert 1 == len({access_token_in(stage, address) for address in ADDRESSES})


def test_a_refresh_for_all_mailboxes(make_stage: MakeStage) -> None:
    """Those that are due together get the same new token; an old one is not written again."""
    now = 1.8e9
    stage = make_stage(
        server={"client_secret": SECRET}, grant=GRANT, clock=lambda: now, scopes=("mail",)
    )
    application = replace(stage.provider.applications["demo"], client_secret=SECRET)
    stage.provider = changed(stage.provider, applications={"demo": application})
    jobs = list(jobs_of(stage, ADDRESSES, check=False))
    for job in jobs:
        get_token(job, None)
    before = access_token_in(stage, ADDRESSES[0])
    now += 3300
    assert [True] * 8 == [refresh_mailbox(job).renewed for job in jobs]
    assert 2 == stage.server.token_requests
    tokens = {access_token_in(stage, address) for address in ADDRESSES}
    assert 1 == len(tokens)
    assert before not in tokens


def test_a_refusal_for_all_mailboxes(make_stage: MakeStage) -> None:
    """Those who come soon after don't ask again; each error is about its own mailbox."""
    now = 1.8e9
    stage = make_stage(server={"client_secret": SECRET}, grant=GRANT, clock=lambda: now)
    application = replace(stage.provider.applications["demo"], client_secret="wrong")
    stage.provider = changed(stage.provider, applications={"demo": application})
    jobs = list(jobs_of(stage, ADDRESSES[:3]))
    for number, job in enumerate(jobs):
        now += 10 * (number == 2)
        with pytest.raises(Misconfigured) as caught:
            get_token(job, None)
        assert job.address == caught.value.parameters["address"]
        assert "oauth_client_refused" == caught.value.verdict.id
    assert 2 == stage.server.token_requests


def test_kept_fresh(stage: Stage) -> None:
    """The keeper of many mailboxes asks once for all that are due."""
    jobs = list(jobs_of(stage, ADDRESSES, check=False))
    keeper = Keeper(interval=1800.0, jitter=lambda: 0.5, spread=lambda: 0.0)
    for job in jobs:
        get_token(job, None)
        path = job.request.folder / file_name(job.address)
        file = read_token_file(path)
        assert file is not None
        old = replace(file, issued_at=stage.clock() - 3000, expires_at=stage.clock() + 100)
        path.write_bytes(serialize(old, now=stage.clock()))
        keeper.add(job, path)
    before = access_token_in(stage, ADDRESSES[0])
    for due in keeper.take_due(len(jobs)):
        outcome = renew_now(due.job, check=False)
        assert outcome.renewed
        keeper.settle(due.path, outcome)
    assert 2 == stage.server.token_requests
    tokens = {access_token_in(stage, address) for address in ADDRESSES}
    assert (1, False) == (len(tokens), before in tokens)


def test_a_token_that_shall_be_replaced_is_not_shared(stage: Stage) -> None:
    """A refresh that somebody asked for gives another token, however young the last one is."""
    [job] = jobs_of(stage, ADDRESSES[:1], check=False)
    get_token(job, None)
    before = access_token_in(stage, ADDRESSES[0])
    assert refresh_mailbox(job, even_young=True).renewed
    assert before != access_token_in(stage, ADDRESSES[0])


def test_forgotten_without_revocation(stage: Stage) -> None:
    """The other mailboxes need the token."""
    for job in jobs_of(stage, ADDRESSES[:2], check=False):
        get_token(job, None)
    token = access_token_in(stage, ADDRESSES[1])
    assert not forget(next(jobs_of(stage, ADDRESSES))).revoked
    assert stage.server.account_of(token) is not None
    assert "gives the same token to" in stage.said()


def test_without_the_permission_of_the_application(stage: Stage) -> None:
    """Exchange refuses such a token without a reason, but it says itself what is missing."""
    stage.provider = changed(stage.provider, flow=FlowKind.MICROSOFT)
    claims = {"aud": "https://outlook.office365.com", "roles": ["Mail.Send"]}
    token = jwt.encode(claims, "a key that nobody checks, of 32 bytes", "HS256")
    stage.server.faults.append(Fault(200, json.dumps({"access_token": token}).encode()))
    with pytest.raises(Misconfigured) as caught:
        get_token(stage.job(), stage.methods())
    assert ("oauth_role_missing", "roles: Mail.Send") == (
        caught.value.verdict.id,
        caught.value.detail,
    )
    assert ([], []) == (stage.names(), stage.browser.opened)


def refused(stage: Stage, **changes: object) -> AppError:
    """The error of an application with other values; no request was sent."""
    application = replace(stage.provider.applications["demo"], **changes)  # type: ignore[arg-type]
    stage.provider = changed(stage.provider, applications={"demo": application})
    with pytest.raises(Misconfigured) as caught:
        get_token(stage.job(), stage.methods())
    assert (0, [], []) == (stage.server.token_requests, stage.names(), stage.browser.opened)
    return caught.value


@pytest.mark.parametrize("tenant", ["common", "Organizations", "consumers"])
def test_a_tenant_that_stands_for_many(stage: Stage, tenant: str) -> None:
    """It is refused with a sentence that names it."""
    error = refused(stage, tenant=tenant)
    assert "app_only_tenant_not_one" == error.verdict.id
    assert tenant in error.message


def test_without_a_secret(stage: Stage) -> None:
    """It is told before anything is sent."""
    assert "app_only_secret_missing" == refused(stage, client_secret="").verdict.id


OWN = """
[providers.office365.applications.own]
client_id = "11111111-2222-3333-4444-555555555555"
grant = "client_credentials"
tenant = "contoso.example"
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The shipped providers, and an application of the user's own."""
    own = tmp_path / "own.toml"
    own.write_text(OWN)
    return load_catalog(own)


def test_an_application_in_a_file(catalog: Catalog) -> None:
    """Its scope is the one for all permissions, and its secret may be in the environment."""
    overrides = Overrides(secret_from_environment=SECRET)
    registration = resolve(catalog, "office365", "own", overrides)
    assert ("https://outlook.office365.com/.default",) == registration.scopes
    assert SECRET == registration.client_secret
    assert registration.token_uri.startswith("https://login.microsoftonline.com/contoso.example/")


def test_an_application_with_scopes_of_its_own(tmp_path: Path) -> None:
    """They count."""
    own = tmp_path / "own.toml"
    own.write_text(OWN + 'scopes = ["other"]\n')
    registration = resolve(load_catalog(own), "office365", "own", Overrides())
    assert ("other",) == registration.scopes


def test_the_grant_by_hand(catalog: Catalog) -> None:
    """It makes another application of the same client ID, with the scope of the grant."""
    given = Overrides({"client_id": "public", "grant": GRANT, "tenant": "contoso.example"})
    registration = resolve(catalog, "office365", "", given)
    assert ("https://outlook.office365.com/.default",) == registration.scopes
    assert not GRANTS[registration.grant].needs_sign_in
