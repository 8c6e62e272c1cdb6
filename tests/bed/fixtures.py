"""The fixtures of the bed. A missing part skips a test; in CI it fails the test."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest

import secrets_watch
from core.secret_store.store import Store
from core.secret_store.system_store import SystemStore

from . import install
from .authorization import AuthorizationServer
from .dovecot import Dovecot
from .keys import make_keys
from .secret_service import SecretService
from .users import CLIENT_SECRETS, PASSWORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """The running servers: their addresses, and what a test can do with them."""

    issuer: str
    authority: str  # what msal calls it; the same address
    authorize_uri: str
    token_uri: str
    ca_file: Path
    imap_port: int  # TLS from the start
    starttls_port: int
    imap_host: str = "localhost"
    passwords: Mapping[str, str]  # by user; the users are alice, bob and carol of `users`
    client_secrets: Mapping[str, str]  # by client; all clients are in op/clients.mjs
    client_certificate: Path  # of svc-certificate
    introspection_uri: str
    _authorization: AuthorizationServer = field(repr=False)
    _dovecot: Dovecot = field(repr=False)

    def configure(self, **knobs: Any) -> None:
        """Set knobs until the next test: at_ttl, rt_ttl, device_ttl (seconds), token_fault.

        token_fault responds to the next `times` token requests:
        {"times": 2, "status": 503, "body": "...", "headers": {...}}. With "drop": True there is no
        response, with "delay_ms": 5000 the real one comes late, and with "in_pieces": True its
        headers come before its body.
        """
        self._authorization.control("config", **knobs)

    def stats(self) -> dict[str, Any]:
        """Return counts since the test began or the server was started.

        auth_requests, token_requests (received, whatever the answer), refreshes (granted),
        introspections, grants (a count for each grant_type), and clients: for each token request
        the client_id, and the name of the client whose secret was sent ("" for none).
        """
        return dict(self._authorization.control("stats"))

    def issued(self) -> set[str]:
        """Return every access token, refresh token, ID token, code and device code so far."""
        return self._authorization.issued()

    def revoke(self, account: str) -> None:
        """Revoke all grants of a user: a refresh gets invalid_grant from now on."""
        self._authorization.control("revoke", account=account)

    def kick(self, user: str) -> None:
        """Cut the user's IMAP sessions."""
        self._dovecot.kick(user)

    def logins(self) -> int:
        """How many IMAP logins were accepted or refused so far."""
        return self._dovecot.logins()

    def stop_server(self) -> None:
        """Stop the authorization server, which forgets all grants."""
        self._authorization.stop()

    def start_server(self) -> None:
        """Start the authorization server again, at the same address and with the same keys."""
        self._authorization.start()

    def reset(self) -> None:
        """Start the server if it was stopped, and reset knobs and counts; grants stay."""
        self._authorization.start()
        self._authorization.control("reset")


@pytest.fixture(scope="session")
def bed() -> Iterator[Bed]:
    """Run the authorization server and Dovecot until the last test has ended."""
    folder = Path(tempfile.mkdtemp(prefix="bed-"))
    folder.chmod(0o755)  # Dovecot's users must pass through
    try:
        yield from _running(folder)
    except install.MissingPart as missing:
        do_without(missing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> None:
    """Install Chromium; tests that use `bed.browser` ask for it."""
    try:
        install.chromium()
    except install.MissingPart as missing:
        do_without(missing)


@pytest.fixture(scope="session")
def xvfb() -> None:
    """Install Xvfb; tests that use `screenshots.virtual_screen` ask for it."""
    try:
        install.xvfb()
    except install.MissingPart as missing:
        do_without(missing)


@pytest.fixture(scope="session")
def accessibility_bus() -> None:
    """Make sure that a window can be read as a screen reader does."""
    try:
        install.accessibility_bus()
    except install.MissingPart as missing:
        do_without(missing)


@pytest.fixture
def secret_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """Run a Secret Service for one test and name it in the environment."""
    folder = Path(tempfile.mkdtemp(prefix="bed-"))  # a socket's path must be short
    try:
        service = SecretService(folder)
    except install.MissingPart as missing:
        do_without(missing)
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    yield service
    service.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def system_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return an empty store of this system's kind, never that of the user who runs the tests."""
    if sys.platform == "win32":
        from core.secret_store.windows_dpapi import DataProtection

        return DataProtection(tmp_path / "store")
    if sys.platform == "darwin":
        pytest.skip("a test doesn't write into a person's keychain")
    request.getfixturevalue("secret_service")
    return SystemStore()


@pytest.fixture(autouse=True)
def _fresh_knobs(request: pytest.FixtureRequest) -> None:
    """Reset the knobs before each test that uses the bed."""
    if "bed" in request.fixturenames:
        request.getfixturevalue("bed").reset()


def _running(folder: Path) -> Iterator[Bed]:
    keys = make_keys(folder / "keys")
    authorization = AuthorizationServer(folder, keys)
    issuer = authorization.issuer
    dovecot = Dovecot(folder / "dovecot", keys, issuer, authorization.introspection_uri)
    try:
        authorization.start()
        dovecot.start()
        yield Bed(
            issuer=issuer,
            authority=issuer,
            authorize_uri=f"{issuer}/auth",
            token_uri=f"{issuer}/token",
            ca_file=keys.ca,
            imap_port=dovecot.imaps_port,
            starttls_port=dovecot.starttls_port,
            passwords=PASSWORDS,
            client_secrets=CLIENT_SECRETS,
            client_certificate=keys.client_certificate,
            introspection_uri=authorization.introspection_uri,
            _authorization=authorization,
            _dovecot=dovecot,
        )
    finally:
        dovecot.stop()
        authorization.stop()
        secrets_watch.note(authorization.issued())


def do_without(missing: install.MissingPart) -> NoReturn:
    """Skip the test; in CI fail it."""
    reason = f"the test bed is not complete: {missing}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
