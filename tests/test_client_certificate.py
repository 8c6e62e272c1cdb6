"""An application signs with its certificate (RFC 7523), as Microsoft wants it."""

import base64
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from core.errors import AppError, Misconfigured
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.inventory import mailbox_at
from core.oauth.client_certificate import read_certificate
from core.providers.catalog import load_catalog
from gui.model.mailbox_history import history_of
from gui.model.mailbox_row import Row
from servers import MakeStage, Stage, changed

PASSWORD = "the password of the key"
AUTHORITY = trustme.CA()
TOKEN_URI = "https://login.example/contoso/oauth2/v2.0/token"


def issued(key_type: trustme.KeyType = trustme.KeyType.RSA) -> trustme.LeafCert:
    """A new certificate with its key."""
    return AUTHORITY.issue_cert(common_name="application", key_type=key_type)


LEAF, OTHER = issued(), issued()
KEY = load_pem_private_key(LEAF.private_key_pem.bytes(), None)
CERTIFICATE = x509.load_pem_x509_certificate(LEAF.cert_chain_pems[0].bytes())
PEM = LEAF.private_key_and_cert_chain_pem.bytes()


def pfx(password: str) -> bytes:
    """A PFX file, as Windows exports it."""
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(None, KEY, CERTIFICATE, None, encryption)  # type: ignore[arg-type]


def encrypted_pem() -> bytes:
    """A PEM file whose key needs the password."""
    encryption = BestAvailableEncryption(PASSWORD.encode())
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    return LEAF.cert_chain_pems[0].bytes() + key


@pytest.mark.parametrize(
    ("content", "password"),
    [
        (PEM, ""),
        (PEM, "a password that nobody needs"),
        (encrypted_pem(), PASSWORD),
        (pfx(""), ""),
        (pfx(PASSWORD), PASSWORD),
    ],
)
def test_forms(tmp_path: Path, content: bytes, password: str) -> None:
    """PEM and PFX, with a password and without; the signature is that of the key."""
    file = tmp_path / "application.file"
    file.write_bytes(content)
    certificate = read_certificate(file, password)
    assert CERTIFICATE.not_valid_after_utc.timestamp() == certificate.expires_at
    assertion = certificate.assertion("the-client", TOKEN_URI, 1000.9)
    thumbprint = base64.urlsafe_b64encode(CERTIFICATE.fingerprint(SHA256())).decode()
    header = jwt.get_unverified_header(assertion)
    assert ("PS256", thumbprint) == (header["alg"], header["x5t#S256"])
    unchecked = {"verify_exp": False}
    claims = jwt.decode(
        assertion,
        CERTIFICATE.public_key(),  # type: ignore[arg-type]
        ["PS256"],
        audience=TOKEN_URI,
        options=unchecked,  # type: ignore[arg-type]
    )
    assert claims.pop("jti")
    expected = {"aud": TOKEN_URI, "iss": "the-client", "sub": "the-client"}
    assert {**expected, "iat": 1000, "nbf": 1000, "exp": 1300} == claims
    assert "PRIVATE" not in repr(certificate)


@pytest.mark.parametrize(
    ("content", "password", "verdict"),
    [
        (LEAF.private_key_pem.bytes(), "", "app_only_certificate_unusable"),
        (LEAF.cert_chain_pems[0].bytes(), "", "app_only_certificate_unusable"),
        (b"no certificate at all", "", "app_only_certificate_unusable"),
        (b"", "", "app_only_certificate_unusable"),
        (
            issued(trustme.KeyType.ECDSA).private_key_and_cert_chain_pem.bytes(),
            "",
            "app_only_certificate_unusable",
        ),
        (encrypted_pem(), "", "app_only_certificate_unusable"),
        (pfx(PASSWORD), "", "app_only_certificate_unusable"),
        (encrypted_pem(), "wrong", "app_only_certificate_password"),
        (pfx(PASSWORD), "wrong", "app_only_certificate_password"),
        (
            OTHER.private_key_pem.bytes() + LEAF.cert_chain_pems[0].bytes(),
            "",
            "app_only_certificate_of_another_key",
        ),
    ],
)
def test_files_that_are_refused(
    tmp_path: Path, content: bytes, password: str, verdict: str
) -> None:
    """Each error names the file, and none repeats the password."""
    file = tmp_path / "application.file"
    file.write_bytes(content)
    with pytest.raises(AppError) as caught:
        read_certificate(file, password)
    assert verdict == caught.value.verdict.id
    assert str(file) in caught.value.message
    assert not password or password not in f"{caught.value!r} {caught.value.detail}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The error has the system's words."""
    with pytest.raises(AppError) as caught:
        read_certificate(tmp_path / "none.pem", "")
    assert "app_only_certificate_unreadable" == caught.value.verdict.id
    assert "No such file" in caught.value.detail


@pytest.fixture
def signing(make_stage: MakeStage, tmp_path: Path) -> Callable[..., Stage]:
    """An application with a certificate whose file needs a password."""

    def made(now: float) -> Stage:
        stage = make_stage(clock=lambda: now, grant="client_credentials")
        file = tmp_path / "application.pfx"
        file.write_bytes(pfx(PASSWORD))
        application = replace(
            stage.provider.applications["demo"], certificate=str(file), client_secret=PASSWORD
        )
        stage.provider = changed(stage.provider, applications={"demo": application})
        return stage

    return made


def test_the_request(signing: Callable[..., Stage], caplog: pytest.LogCaptureFixture) -> None:
    """It is signed; the password is not sent, and neither is told."""
    caplog.set_level(logging.DEBUG)
    stage = signing(CERTIFICATE.not_valid_before_utc.timestamp() + 60)
    assert get_token(stage.job(check=False), None).renewed
    form = stage.server.last_token_form
    assertion = form["client_assertion"]
    assert "client_secret" not in form
    assert "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" == form["client_assertion_type"]
    content = stage.path.read_text()
    for secret in (PASSWORD, assertion):
        assert secret not in caplog.text + stage.said() + content


@pytest.mark.parametrize(("days", "is_told"), [(29, True), (31, False)])
def test_a_certificate_that_expires_soon(
    signing: Callable[..., Stage], days: int, is_told: bool
) -> None:
    """The user is told a month before."""
    stage = signing(CERTIFICATE.not_valid_after_utc.timestamp() - days * 86400)
    assert get_token(stage.job(check=False), None).renewed
    assert is_told == ("application.pfx expires at" in stage.said())


@pytest.mark.parametrize(("hours", "is_told"), [(1, True), (48, False)])
def test_a_certificate_that_expires_tonight(
    signing: Callable[..., Stage], tmp_path: Path, hours: int, is_told: bool
) -> None:
    """The window names it among what could end the fresh tokens before the morning."""
    now = datetime(2026, 3, 2, 22).timestamp()
    stage = signing(now)
    end = datetime.fromtimestamp(now + hours * 3600, UTC)
    ending = AUTHORITY.issue_cert("application", key_type=trustme.KeyType.RSA, not_after=end)
    (tmp_path / "application.pfx").write_bytes(ending.private_key_and_cert_chain_pem.bytes())
    get_token(stage.job(check=False), None)
    row = Row(mailbox_at(stage.path, stage.catalog), kept=True)
    night = history_of(row, stage.catalog, now, may_sleep=False).night
    assert is_told == ("certificate of the application expires" in night)


def test_an_expired_certificate(signing: Callable[..., Stage]) -> None:
    """It is told before anything is sent."""
    stage = signing(CERTIFICATE.not_valid_after_utc.timestamp() + 1)
    with pytest.raises(Misconfigured) as caught:
        get_token(stage.job(), None)
    assert "app_only_certificate_expired" == caught.value.verdict.id
    assert 0 == stage.server.token_requests


def test_a_refresh_after_a_sign_in_needs_no_certificate(
    make_stage: MakeStage, tmp_path: Path
) -> None:
    """A file that can't be read costs no refresh token that has been replaced meanwhile."""
    stage = make_stage()
    stage.sign_in(check=False)
    stage.age()
    application = replace(
        stage.provider.applications["demo"], certificate=str(tmp_path / "none.pem")
    )
    stage.provider = changed(stage.provider, applications={"demo": application})
    before = stage.file().refresh
    assert refresh_mailbox(stage.job()).renewed
    assert before != stage.file().refresh


def test_the_path_in_a_file(tmp_path: Path) -> None:
    """It doesn't depend on the folder in which the program is started."""
    own = tmp_path / "own.toml"
    table = "[providers.office365.applications.own]\nclient_id = 'id'\ncertificate = '{}'\n"
    own.write_text(table.format(tmp_path / "a.pem"))
    registration = load_catalog(own).application("office365", "own")
    assert registration is not None
    assert str(tmp_path / "a.pem") == registration.certificate
    own.write_text(table.format("a.pem"))
    with pytest.raises(AppError) as caught:
        load_catalog(own)
    assert "full path" in caught.value.explanation
