"""What tests see of the bed. A part that is missing skips the test; in CI it fails it."""

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
    """The running servers: where they are, and what a test can do to them."""

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
    introspection_uri: str
    _authorization: AuthorizationServer = field(repr=False)
    _dovecot: Dovecot = field(repr=False)

    def configure(self, **knobs: Any) -> None:
        """Turns knobs until the next test: at_ttl, rt_ttl, device_ttl (seconds), token_fault.

        token_fault answers the next `times` token requests itself:
        {"times": 2, "status": 503, "body": "...", "headers": {...}}, or with "drop": True not at
        all, or with "delay_ms": 5000 late.
        """
        self._authorization.control("config", **knobs)

    def stats(self) -> dict[str, Any]:
        """Counts since the test began or the server was started.

        auth_requests, token_requests (received, whatever the answer), refreshes (granted),
        introspections, and grants: a count for each grant_type.
        """
        return dict(self._authorization.control("stats"))

    def issued(self) -> set[str]:
        """Every access token, refresh token, ID token, code and device code of this session."""
        return self._authorization.issued()

    def revoke(self, account: str) -> None:
        """Takes back all grants of a user: a refresh answers invalid_grant from now on."""
        self._authorization.control("revoke", account=account)

    def kick(self, user: str) -> None:
        """Cuts the user's IMAP sessions."""
        self._dovecot.kick(user)

    def stop_server(self) -> None:
        """Stops the authorization server; with it go all grants."""
        self._authorization.stop()

    def start_server(self) -> None:
        """Starts the authorization server again, at the same address and with the same keys."""
        self._authorization.start()

    def reset(self) -> None:
        """Knobs and counts as at the beginning, and the server running; grants stay."""
        self._authorization.start()
        self._authorization.control("reset")


@pytest.fixture(scope="session")
def bed() -> Iterator[Bed]:
    """Authorization server and Dovecot, until the last test has ended."""
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
    """Chromium is installed: what a test asks for that uses `bed.browser`."""
    try:
        install.chromium()
    except install.MissingPart as missing:
        do_without(missing)


@pytest.fixture(scope="session")
def xvfb() -> None:
    """Xvfb is installed: what a test asks for that uses `screenshots.virtual_screen`."""
    try:
        install.xvfb()
    except install.MissingPart as missing:
        do_without(missing)


@pytest.fixture
def secret_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A Secret Service for one test, which finds it in its environment."""
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
    """The real store of this system, with nothing in it; never that of the person who tests."""
    if sys.platform == "win32":
        from core.secret_store.windows_dpapi import DataProtection

        return DataProtection(tmp_path / "store")
    if sys.platform == "darwin":
        pytest.skip("a test doesn't write into a person's keychain")
    request.getfixturevalue("secret_service")
    return SystemStore()


@pytest.fixture(autouse=True)
def _fresh_knobs(request: pytest.FixtureRequest) -> None:
    """No test finds the knobs as another left them; tests without the bed don't start it."""
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
            introspection_uri=authorization.introspection_uri,
            _authorization=authorization,
            _dovecot=dovecot,
        )
    finally:
        dovecot.stop()
        authorization.stop()
        secrets_watch.note(authorization.issued())


def do_without(missing: install.MissingPart) -> NoReturn:
    """Skips the test, but where everything has to be there fails it."""
    reason = f"the test bed is not complete: {missing}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
