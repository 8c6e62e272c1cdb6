"""How an application shows who it is, and what its tokens are for.

The specifications are RFC 6749 section 2.3.1 and RFC 8707.
"""

import base64
import logging
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bed.as_provider import lines_of, opens_mailbox, trusting
from bed.fixtures import Bed
from bed.users import ALICE
from bed.walker import walk
from core.mailbox.forget import forget
from core.mailbox.get_token import get_token
from core.model import ClientAuthentication, FlowKind
from core.oauth.client_parameters import credentials_of
from core.tokenfile.place import file_name
from faulty_servers.device_codes import ALLOWED
from faulty_servers.responses import Fault
from program import Program
from servers import MakeStage, Stage, changed

# Encoded as in a form, then in Base64: RFC 6749 section 2.3.1 and appendix B.
SECRET = "a secret:with+%/&=é"
ENCODED = base64.b64encode(b"demo:a+secret%3Awith%2B%25%2F%26%3D%C3%A9").decode()
RESOURCE = "imap://imap.demo.example"
BASIC, BODY = ClientAuthentication.BASIC, ClientAuthentication.BODY
BY_OAUTHLIB = [FlowKind.PLAIN, FlowKind.GOOGLE]


def with_secret(make_stage: MakeStage, **changes: object) -> Stage:
    """A provider whose application has a secret."""
    stage = make_stage(server={"client_secret": SECRET}, **changes)
    application = replace(stage.provider.applications["demo"], client_secret=SECRET)
    stage.provider = changed(stage.provider, applications={"demo": application})
    return stage


@pytest.mark.parametrize("way", [BASIC, BODY])
@pytest.mark.parametrize("kind", BY_OAUTHLIB)
def test_each_request_shows_the_secret_in_this_way(
    make_stage: MakeStage,
    caplog: pytest.LogCaptureFixture,
    way: ClientAuthentication,
    kind: FlowKind,
) -> None:
    """The code, the refresh and the revocation; the server refuses a wrong or missing secret."""
    caplog.set_level(logging.DEBUG)
    stage = with_secret(make_stage, flow=kind, client_authentication=way)
    in_the_form = {} if way is BASIC else {"client_id": "demo", "client_secret": SECRET}
    for grant in ("authorization_code", "refresh_token"):
        assert get_token(stage.job(), stage.methods()).renewed
        sent = stage.server.last_token_form
        assert grant == sent["grant_type"]
        assert in_the_form == {k: v for k, v in sent.items() if k in ("client_id", "client_secret")}
    assert forget(stage.job()).revoked
    assert 2 == stage.server.revocations
    assert SECRET not in caplog.text
    assert ENCODED not in caplog.text


@pytest.mark.parametrize("kind", BY_OAUTHLIB)
def test_a_public_client_only_names_itself(make_stage: MakeStage, kind: FlowKind) -> None:
    """Without a secret there is nothing to put into a header."""
    stage = make_stage(flow=kind, client_authentication=BASIC)
    for _ in range(2):
        assert get_token(stage.job(), stage.methods()).renewed
        assert "demo" == stage.server.last_token_form["client_id"]
        assert "client_secret" not in stage.server.last_token_form


def test_the_header(make_stage: MakeStage) -> None:
    """Both parts are encoded as in a form first; nothing of it is in a repr."""
    stage = with_secret(make_stage, client_authentication=BASIC)
    credentials = credentials_of(stage.registration)
    assert {"Authorization": f"Basic {ENCODED}"} == credentials.headers
    assert {} == credentials.fields
    assert "Basic" not in repr(credentials)


@pytest.mark.parametrize("kind", BY_OAUTHLIB)
def test_the_resource_is_in_each_request(make_stage: MakeStage, kind: FlowKind) -> None:
    """In that of the browser too (RFC 8707 section 2)."""
    stage = make_stage(flow=kind, resource=RESOURCE)
    for _ in range(2):
        assert get_token(stage.job(), stage.methods()).renewed
        assert RESOURCE == stage.server.last_token_form["resource"]
    assert [RESOURCE] == parse_qs(urlsplit(stage.browser.opened[0]).query)["resource"]


def test_no_resource_unless_it_is_wanted(make_stage: MakeStage) -> None:
    """Most servers don't know the parameter."""
    stage = make_stage()
    for _ in range(2):
        get_token(stage.job(), stage.methods())
        assert "resource" not in stage.server.last_token_form
    assert "resource" not in stage.browser.opened[0]


def test_a_device_code_shows_the_secret_too(make_stage: MakeStage) -> None:
    """Both requests of RFC 8628 have the header, and name the resource."""
    stage = with_secret(make_stage, client_authentication=BASIC, resource=RESOURCE)
    stage.server.device_codes.states.append(ALLOWED)
    methods = stage.methods(open_browser=None, device_code=True)
    assert get_token(stage.job(), methods).renewed
    for form in (stage.server.last_device_form, stage.server.last_token_form):
        assert RESOURCE == form["resource"]
        assert not {"client_id", "client_secret"} & form.keys()


def test_a_refused_header_is_explained(make_stage: MakeStage) -> None:
    """The error names the application, and repeats neither the secret nor the header."""
    stage = with_secret(make_stage, client_authentication=BASIC)
    words = f'{{"error": "invalid_client", "error_description": "{SECRET} {ENCODED}"}}'
    stage.server.faults.append(Fault(401, words.encode()))
    with pytest.raises(Exception, match="client") as caught:
        get_token(stage.job(), stage.methods())
    assert SECRET not in f"{caught.value!r} {caught.value} {getattr(caught.value, 'detail', '')}"


OWN = """
[providers.basic]
authorize_uri = "{bed.authorize_uri}"
token_uri = "{bed.token_uri}"
scopes = ["openid", "offline_access", "imap"]
client_authentication = "basic"
imap_host = "{bed.imap_host}"
imap_port = {bed.imap_port}
domains = ["example.test"]

[providers.basic.applications.ours]
client_id = "{client}"
client_secret = "{secret}"
"""


def test_basic_at_a_certified_server(bed: Bed, tmp_path: Path) -> None:
    """oidc-provider takes this client's secret by client_secret_basic alone.

    The provider is one table in the user's own file: no code knows it.
    """
    program = Program(tmp_path, tmp_path / "home")
    client = "basic:secret+%/"
    secret = bed.client_secrets[client]
    program.configure(OWN.format(bed=bed, client=client, secret=secret))
    file = program.folder / "tokens" / file_name(ALICE)
    with program.start("--remotebrowser", ALICE, *trusting(bed)) as running:
        running.type(walk(running.line_with("Link: ").partition(": ")[2].strip(), ALICE))
        done = running.finish()
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, ALICE, file)
    before = lines_of(file)[0]
    refreshed = program.run(ALICE, *trusting(bed))
    assert 0 == refreshed.code, refreshed.err
    assert before != lines_of(file)[0]
    assert {"authorization_code": 1, "refresh_token": 1} == bed.stats()["grants"]
    assert opens_mailbox(bed, ALICE, file)
