"""What a sign-in server publishes, and how this program registers there."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.discovery.client import Client, register
from core.discovery.finding import Finding
from core.discovery.scopes import scopes_to_ask
from core.discovery.sign_in_server import SignInServer, find_sign_in_server, metadata_uris
from core.errors import AppError
from core.model import ClientAuthentication
from core.providers.catalog import load_catalog
from discoverable import METADATA, OPENID, REGISTER, Domain, domain_of
from servers import QUICK, Stage, trickle

SECRET = "Hush-hush-42"
KNOWN = load_catalog().discovery
POST, BASIC = "client_secret_post", "client_secret_basic"


@pytest.fixture
def domain(stage: Stage) -> Iterator[Domain]:
    """A server that publishes nothing yet."""
    with domain_of(stage) as running:
        yield running


def _asked(domain: Domain, issuer: str = "") -> SignInServer:
    return find_sign_in_server(issuer or domain.issuer, domain.stage.network())


def _refused(domain: Domain, issuer: str = "") -> AppError:
    with pytest.raises(AppError) as caught:
        _asked(domain, issuer)
    return caught.value


def test_where_a_description_may_be() -> None:
    """RFC 8414 inserts before the path, OpenID Connect appends; without a path it is the same."""
    assert (
        "https://a.example/.well-known/oauth-authorization-server/realm/x",
        "https://a.example/realm/x/.well-known/openid-configuration",
        "https://a.example/.well-known/openid-configuration/realm/x",
    ) == metadata_uris("https://a.example/realm/x/")
    assert (
        "https://a.example/.well-known/oauth-authorization-server",
        "https://a.example/.well-known/openid-configuration",
    ) == metadata_uris("https://a.example")


@pytest.mark.parametrize("path", [METADATA, OPENID])
def test_a_description_is_read(path: str, domain: Domain) -> None:
    """By either standard, with what a sign-in needs."""
    domain.describe(path, authorization_response_iss_parameter_supported=True)
    server = domain.stage.server
    assert SignInServer(
        issuer=domain.issuer,
        authorize_uri=domain.authorize_uri,
        token_uri=server.token_uri,
        revocation_uri=server.revocation_uri,
        registration_uri=domain.issuer + REGISTER,
        scopes=("openid", "mail", "calendar"),
        client_authentication=("none",),
        sends_issuer=True,
    ) == _asked(domain)


def test_the_path_of_an_issuer_counts(domain: Domain) -> None:
    """Two realms of one server are two issuers."""
    issuer = f"{domain.issuer}/realms/a"
    domain.describe(f"{METADATA}/realms/a", issuer=issuer)
    assert issuer == _asked(domain, issuer).issuer
    domain.describe(f"{METADATA}/realms/b", issuer=issuer)
    assert "issuer_differs" == _refused(domain, f"{domain.issuer}/realms/b").verdict.id


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"issuer": "https://evil.example"}, "issuer_differs"),
        ({"issuer": ["a"]}, "issuer_differs"),
        ({"issuer": None}, "issuer_differs"),
        ({"authorization_endpoint": "http://localhost/a"}, "metadata_invalid"),
        ({"authorization_endpoint": "file:///etc/passwd"}, "metadata_invalid"),
        ({"authorization_endpoint": None}, "metadata_invalid"),
        ({"token_endpoint": "https://a.example/?client_id=x"}, "metadata_invalid"),
        ({"token_endpoint": "https://a.example/{tenant}/token"}, "metadata_invalid"),
        ({"registration_endpoint": "http://a.example/"}, "metadata_invalid"),
        ({"revocation_endpoint": 5}, "metadata_invalid"),
        ({"code_challenge_methods_supported": ["plain"]}, "sign_in_server_lacks"),
        ({"response_types_supported": ["token"]}, "sign_in_server_lacks"),
        ({"grant_types_supported": ["password"]}, "sign_in_server_lacks"),
    ],
)
def test_a_description_that_can_not_be_used(
    changes: dict[str, Any], verdict: str, domain: Domain
) -> None:
    """Each has its verdict."""
    domain.describe(**changes)
    assert verdict == _refused(domain).verdict.id


def test_another_issuer_is_quoted_and_not_followed(domain: Domain) -> None:
    """Its text comes from outside."""
    domain.describe(issuer="https://evil.example/\u202e" + "x" * 5000)
    error = _refused(domain)
    assert error.detail.startswith("issuer https://evil.example/")
    assert len(error.detail) < 1000
    assert error.detail.isprintable()


def test_a_redirect_is_not_followed(domain: Domain) -> None:
    """It is told."""
    domain.describe(OPENID + "-elsewhere")
    elsewhere = f"{domain.issuer}{OPENID}-elsewhere"
    for path in (METADATA, OPENID):
        domain.publish(path, "", status=302, headers={"Location": elsewhere})
    error = _refused(domain)
    assert "no_metadata" == error.verdict.id
    assert f"HTTP 302 to {elsewhere}" == error.detail


@pytest.mark.parametrize("content", ["", "<html>", "[]", "null", '"x"', "{" * 5000])
def test_no_description(content: str, domain: Domain) -> None:
    """Something else is there."""
    domain.publish(METADATA, content)
    error = _refused(domain)
    assert "no_metadata" == error.verdict.id
    assert "HTTP 200, HTTP 404" == error.detail


def test_a_giant_description_is_not_read(domain: Domain) -> None:
    """The limit of all answers holds."""
    domain.describe(scopes_supported=["x" * 100] * 20_000)
    assert "answer_too_large" == _refused(domain).verdict.id


def test_a_slow_description_ends(script: Any, stage: Stage) -> None:
    """After the time limit of one answer."""
    port = script(trickle(b"HTTP/1.1 200 OK\r\n\r\n", b" "))
    with pytest.raises(AppError) as caught:
        find_sign_in_server(f"https://localhost:{port}", stage.network(QUICK))
    assert 4 == caught.value.exit_code


@pytest.mark.parametrize(
    "issuer", ["http://a.example", "a.example", "https://a.example/?x", "https://a/{b}", "https://"]
)
def test_an_issuer_is_an_https_address(issuer: str, domain: Domain) -> None:
    """Without a query; nobody is asked otherwise."""
    error = _refused(domain, issuer)
    assert "not_an_issuer" == error.verdict.id
    assert issuer not in error.message


@pytest.mark.parametrize(
    ("offered", "told", "asked"),
    [
        (("openid", "offline_access", "calendar"), (), ("openid", "offline_access")),
        (("openid", "email"), (), ("openid", "email")),
        (("mail", "openid", "urn:ietf:params:oauth:scope:mail"), (), (KNOWN.mail_scopes[0],)),
        (("imap", "offline_access"), (), ("imap", "offline_access")),
        (("offline_access",), ("box",), ("box", "offline_access")),
        (("calendar", "offline_access"), (), ()),
        ((), (), ()),
    ],
)
def test_few_scopes_are_asked_for(
    offered: tuple[str, ...], told: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    """Those of mail, or what the domain says, and never all."""
    server = SignInServer(issuer="i", authorize_uri="a", token_uri="t", scopes=offered)
    assert asked == scopes_to_ask(server, Finding(scopes=told), KNOWN)


def test_the_program_registers_itself(domain: Domain) -> None:
    """As a public native client whose answers come to this computer."""
    domain.describe()
    domain.take_clients(client_id="new-client")
    assert Client("new-client") == register(_asked(domain), domain.stage.network())
    assert [
        {
            "client_name": "oauth2_imap",
            "application_type": "native",
            "redirect_uris": ["http://localhost"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        }
    ] == domain.registered


@pytest.mark.parametrize(
    ("methods", "asked", "answer", "client"),
    [
        ([POST], POST, {"token_endpoint_auth_method": POST}, Client("c", SECRET)),
        ([POST, BASIC], BASIC, {}, Client("c", SECRET, ClientAuthentication.BASIC)),
        (["private_key_jwt"], "none", {"token_endpoint_auth_method": "none"}, Client("c")),
    ],
)
def test_a_server_may_give_a_secret(
    methods: list[str], asked: str, answer: dict[str, Any], client: Client, domain: Domain
) -> None:
    """It is sent in the way that the server says, by default with Basic."""
    domain.describe(token_endpoint_auth_methods_supported=methods)
    domain.take_clients(client_id="c", client_secret=SECRET, **answer)
    given = register(_asked(domain), domain.stage.network())
    assert asked == domain.registered[0]["token_endpoint_auth_method"]
    assert client == given
    assert SECRET not in repr(given)


@pytest.mark.parametrize(
    ("status", "answer", "verdict"),
    [
        (400, {"error": "invalid_redirect_uri"}, "registration_redirect_refused"),
        (
            400,
            {"error": "invalid_client_metadata", "error_description": "redirect_uris: no http"},
            "registration_redirect_refused",
        ),
        (401, {"error": "invalid_token"}, "registration_needs_token"),
        (403, {"message": "no"}, "registration_needs_token"),
        (400, {"error": "invalid_client_metadata"}, "registration_refused"),
        (404, {"a": "b"}, "registration_refused"),
        (429, {"a": "b"}, "registration_busy"),
        (503, {"a": "b"}, "registration_busy"),
        (201, {"client_id": ["x"]}, "registration_answer_unusable"),
        (200, {"client_secret": SECRET}, "registration_answer_unusable"),
        (302, {"client_id": "x"}, "registration_answer_unusable"),
    ],
)
def test_a_refused_registration(
    status: int, answer: dict[str, Any], verdict: str, domain: Domain
) -> None:
    """Each has its verdict, and nothing secret is told."""
    domain.describe()
    domain.take_clients(status, **answer)
    with pytest.raises(AppError) as caught:
        register(_asked(domain), domain.stage.network())
    assert verdict == caught.value.verdict.id
    assert f"HTTP {status}" in caught.value.detail
    assert SECRET not in caught.value.detail


def test_a_server_without_registration(domain: Domain) -> None:
    """The user has to bring a client ID."""
    domain.describe(registration_endpoint=None)
    with pytest.raises(AppError) as caught:
        register(_asked(domain), domain.stage.network())
    assert "no_free_registration" == caught.value.verdict.id
