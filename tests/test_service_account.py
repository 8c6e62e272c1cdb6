"""A service account of Google: the token endpoint here verifies what google-auth signs."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl

import jwt
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from core.demo.http_server import DemoRequest, DemoResponse
from core.errors import AppError
from core.mailbox.get_token import get_token, refresh_mailbox
from core.oauth.sign_in.certificate import Certificate
from core.providers.catalog import load_catalog
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from faulty_servers.scripted import AnsweringServer
from servers import ADDRESS, MakeStage, Stage, changed

ADMIN = "https://www.googleapis.com/auth/gmail.imap_admin"
MAIL = "https://mail.google.com/"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
NOT_DELEGATED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized "
    "for any of the scopes requested."
)
ACCOUNT = "mover@project.example"
CLIENT_ID = "112233445566778899000"
USERS = (ADDRESS, "second@demo.example")
PRIVATE_KEY = trustme.CA().issue_cert(ACCOUNT, key_type=trustme.KeyType.RSA).private_key_pem.bytes()
PUBLIC_KEY = load_pem_private_key(PRIVATE_KEY, None).public_key()
KEY = {
    "type": "service_account",
    "client_email": ACCOUNT,
    "client_id": CLIENT_ID,
    "private_key_id": "0123456789abcdef",
    "private_key": PRIVATE_KEY.decode(),
    "token_uri": "https://not-asked.example/token",
}


@dataclass(slots=True)
class TokenEndpoint:
    """Google's part of RFC 7523: it says no to whatever is wrong about an assertion."""

    uri: str = ""
    delegated: set[str] = field(default_factory=lambda: {ADMIN})
    issued: dict[str, str] = field(default_factory=dict)  # whose mailbox a token opens
    assertions: list[str] = field(default_factory=list)

    def answer(self, request: DemoRequest) -> DemoResponse:
        """Tokens, or the error that Google gives."""
        form = dict(parse_qsl(request.body))
        assert {"grant_type": GRANT_TYPE, "assertion": form["assertion"]} == form
        self.assertions.append(form["assertion"])
        try:
            claims = self._verified(form["assertion"])
        except jwt.InvalidTokenError as exc:
            return _error("invalid_grant", f"Invalid JWT: {exc}")
        if claims["scope"] not in self.delegated:
            return _error("unauthorized_client", NOT_DELEGATED)
        if claims["sub"] not in USERS:
            return _error("invalid_grant", "Invalid email or User ID")
        token = f"a-token-number-{len(self.issued)}"
        self.issued[token] = claims["sub"]
        content = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return DemoResponse(200, json.dumps(content).encode())

    def _verified(self, assertion: str) -> Mapping[str, str]:
        """The claims; raises for a wrong signature, issuer, audience, lifetime or key."""
        if KEY["private_key_id"] != jwt.get_unverified_header(assertion)["kid"]:
            raise jwt.InvalidTokenError("unknown key")
        required = ["iss", "sub", "scope", "aud", "iat", "exp"]
        claims = jwt.decode(
            assertion,
            PUBLIC_KEY,  # type: ignore[arg-type]
            algorithms=["RS256"],
            audience=self.uri,
            issuer=ACCOUNT,
            options={"require": required},
        )
        if not 0 < claims["exp"] - claims["iat"] <= 3600:
            raise jwt.InvalidTokenError("it must be a short-lived token")
        return dict(claims)


def _error(name: str, words: str) -> DemoResponse:
    content = {"error": name, "error_description": words}
    return DemoResponse(400 if name == "invalid_grant" else 401, json.dumps(content).encode())


@pytest.fixture
def endpoint(demo_certificate: Certificate) -> Iterator[TokenEndpoint]:
    """A token endpoint that runs."""
    endpoint = TokenEndpoint()
    server = AnsweringServer(demo_certificate, endpoint.answer)
    endpoint.uri = f"{server.origin}/token"
    server.start()
    yield endpoint
    server.close()


@pytest.fixture
def stage(
    make_stage: MakeStage,
    endpoint: TokenEndpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    """A provider that takes the endpoint's tokens, and an application with the key."""
    stage = make_stage()
    monkeypatch.setattr(stage.mailbox, "account_of", endpoint.issued.get)
    file = tmp_path / "key.json"
    file.write_text(json.dumps(KEY))
    application = replace(
        stage.provider.applications["demo"], client_id=CLIENT_ID, key_file=str(file)
    )
    stage.provider = changed(
        stage.provider,
        applications={"demo": application},
        token_uri=endpoint.uri,
        grant="jwt_bearer",
        scopes=(ADMIN,),
        fallback_scopes=(MAIL,),
    )
    return stage


def test_a_token_for_each_mailbox(
    stage: Stage, endpoint: TokenEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """Each opens its own mailbox; no key and no assertion is told or saved."""
    caplog.set_level(logging.DEBUG)
    for address in USERS:
        assert get_token(stage.job(address=address), stage.methods()).checked
        file = read_token_file(stage.path.parent / file_name(address))
        assert file is not None
        assert (address, "jwt_bearer", "") == (
            endpoint.issued[file.access],
            file.grant,
            file.refresh,
        )
    assert [] == stage.browser.opened
    told = caplog.text + stage.said() + stage.path.read_text()
    assert "PRIVATE" not in told
    assert not any(assertion in told for assertion in endpoint.assertions)


def test_a_refresh(stage: Stage, endpoint: TokenEndpoint) -> None:
    """It asks with the key again."""
    get_token(stage.job(check=False), None)
    stage.age()
    assert refresh_mailbox(stage.job(), check=True).checked
    assert 2 == len(endpoint.assertions)


def test_the_scope_that_shows_less(stage: Stage, endpoint: TokenEndpoint) -> None:
    """It is asked for if the other one isn't allowed, and the user reads what it hides."""
    endpoint.delegated = {MAIL}
    assert get_token(stage.job(), None).checked
    assert "messages above the folder size limit" in stage.said()
    endpoint.delegated = {ADMIN}
    stage.events.clear()
    stage.age()
    refresh_mailbox(stage.job())
    assert "folder size limit" not in stage.said()


def refusal(stage: Stage, address: str = ADDRESS) -> AppError:
    """The error for a mailbox."""
    with pytest.raises(AppError) as caught:
        get_token(stage.job(address=address), stage.methods())
    assert [] == stage.browser.opened
    return caught.value


def test_without_the_delegation(stage: Stage, endpoint: TokenEndpoint) -> None:
    """Each step is told: the page with its fields filled, the client ID, the scope, the time."""
    endpoint.delegated = set()
    error = refusal(stage)
    assert "google_not_delegated" == error.verdict.id
    page = (
        "https://admin.google.com/ac/owl/domainwidedelegation?"
        "clientScopeToAdd=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.imap_admin"
        f"&clientIdToAdd={CLIENT_ID}&overwriteClientId=true"
    )
    assert page in error.hint
    assert f"the client ID is {CLIENT_ID} and the scope is {ADMIN}, letter" in error.hint
    assert "24 hours" in error.explanation


def test_a_user_that_is_not_there(stage: Stage) -> None:
    """The mailbox is named, and no sign-in is asked for."""
    error = refusal(stage, address="nobody@demo.example")
    assert "google_no_such_mailbox" == error.verdict.id
    assert "nobody@demo.example" in error.message


def test_a_key_of_another_pair(stage: Stage, tmp_path: Path) -> None:
    """The endpoint refuses the signature."""
    other = trustme.CA().issue_cert(ACCOUNT, key_type=trustme.KeyType.RSA).private_key_pem
    (tmp_path / "key.json").write_text(json.dumps({**KEY, "private_key": other.bytes().decode()}))
    assert "grant_refused" == refusal(stage).verdict.id


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (None, "service_account_key_unreadable"),
        ("", "service_account_key_unusable"),
        ("[]", "service_account_key_unusable"),
        ("[" * 60000, "service_account_key_unusable"),
        (json.dumps({**KEY, "client_email": 1}), "service_account_key_unusable"),
        (json.dumps({**KEY, "private_key": "no key"}), "service_account_key_unusable"),
        (json.dumps({**KEY, "client_id": "5"}), "service_account_key_of_another"),
    ],
)
def test_files_that_are_refused(
    stage: Stage, endpoint: TokenEndpoint, tmp_path: Path, content: str | None, verdict: str
) -> None:
    """They are told before anything is sent."""
    file = tmp_path / "key.json"
    file.unlink()
    if content is not None:
        file.write_text(content)
    error = refusal(stage)
    assert (verdict, []) == (error.verdict.id, endpoint.assertions)
    assert str(file) in error.message


def test_without_a_key_file(stage: Stage) -> None:
    """The application is named."""
    application = replace(stage.provider.applications["demo"], key_file="")
    stage.provider = changed(stage.provider, applications={"demo": application})
    assert "service_account_key_missing" == refusal(stage).verdict.id


def test_the_shipped_scopes(tmp_path: Path) -> None:
    """An application with this grant asks for the scope that shows all mail."""
    own = tmp_path / "own.toml"
    own.write_text(
        "[providers.gmail.applications.company]\n"
        f"client_id = '{CLIENT_ID}'\ngrant = 'jwt_bearer'\nkey_file = '{tmp_path / 'key.json'}'\n"
    )
    registration = load_catalog(own).application("gmail", "company")
    assert registration is not None
    assert ((ADMIN,), (MAIL,)) == (registration.scopes, registration.fallback_scopes)
    assert "https://oauth2.googleapis.com/token" == registration.token_uri
