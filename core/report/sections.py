"""The sections of a report. Each chooses, field by field, what it shows.

No section shows a whole file, object or environment. Only the log is free text. It is redacted when
it is written, and the report masks it again. Each section may raise `AppError`.
"""

import configparser
import os
import platform
import re
import ssl
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from .. import __version__
from ..detection.detect import detect
from ..detection.question import Lookups
from ..doctor.diagnosis import examine
from ..error_lines import log_line
from ..errors import AppError, as_error
from ..files import while_held
from ..i18n.translation import english
from ..mailbox.inventory import mailbox_at
from ..net.network import Network
from ..oauth.grant import GRANTS
from ..paths import LOG_FILE
from ..providers.catalog import Catalog, load_catalog
from ..providers.registration import with_tenant
from ..providers.tables import read_tables
from ..verdicts import local_files
from .endpoint import certificate_issuer, clock_difference
from .masking import Masking

_PACKAGES = (
    "PySide6-Essentials",  # only its metadata is read: importing it needs libraries of a display
    "msal",
    "google-auth-oauthlib",
    "requests",
    "cryptography",
    "truststore",
)
_LOG_LINES, _LOG_BYTES = 200, 1 << 16
# Settings of the window whose values may be shown: switches and numbers.
_SHOWN = ("keep_refreshing", "interval_minutes", "close_to_tray", "keep_awake", "show_log")
_PLAIN_VALUE = re.compile(r"true|false|[0-9]{1,5}")
_KEY = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is about: addresses, token files, and where the other files are."""

    addresses: tuple[str, ...]
    token_files: tuple[Path, ...]
    network: Network
    own_file: Path
    settings_file: Path
    log_folder: Path
    lookups: Lookups
    clock: Callable[[], float]

    def catalog(self) -> Catalog:
        """The catalog with the user's own providers.toml, or without it if it can't be read.

        The section `providers` shows why it can't be read.
        """
        try:
            return load_catalog(self.own_file)
        except AppError:
            return load_catalog()


def versions(question: Question, masking: Masking) -> Iterable[str]:
    """The versions of this program, Python, the libraries and the system."""
    frozen = ", frozen" if getattr(sys, "frozen", False) else ""
    yield f"oauth2_imap {__version__}{frozen}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield from (f"{name} {_version(name)}" for name in _PACKAGES)
    yield ssl.OPENSSL_VERSION
    yield platform.platform()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed, or version unknown"


def providers(question: Question, masking: Masking) -> Iterable[str]:
    """All providers, and the names of the fields in the user's own file. Only hosts are shown."""
    if question.own_file.exists():
        own = read_tables(question.own_file)["providers"]
        for name, table in own.items():
            yield f"own providers.toml, {name}: {_keys(table)}"
            for application, fields in table["applications"].items():
                yield f"own providers.toml, {name}, application {application}: {_keys(fields)}"
    for provider in load_catalog(question.own_file).providers.values():
        hosts = _hosts(provider.authorize_uri, provider.token_uri)
        yield f"{provider.name}: {hosts}, IMAP {provider.imap_host}:{provider.imap_port}"
        yield f"  applications: {', '.join(provider.applications)}"


def _keys(table: Mapping[str, object]) -> str:
    return ", ".join(sorted(key for key in table if key != "applications")) or "no fields"


def _hosts(*uris: str) -> str:
    return ", ".join(dict.fromkeys(urlsplit(uri).hostname or "" for uri in uris))


def settings(question: Question, masking: Masking) -> Iterable[str]:
    """The settings of the window: their names, and the values of switches and numbers."""
    stored = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        stored.read(question.settings_file, "utf-8")
    except (OSError, ValueError, configparser.Error) as exc:
        detail = type(exc).__name__
        raise as_error(local_files.WINDOW_SETTINGS_UNREADABLE, detail=detail) from exc
    for section in stored.sections():
        for key, value in stored.items(section):
            if _KEY.fullmatch(key):
                plain = key in _SHOWN and _PLAIN_VALUE.fullmatch(value)
                yield f"{key}: {value if plain else '(set)'}"


def detection(question: Question, masking: Masking) -> Iterable[str]:
    """The provider of each address, and how it was detected."""
    catalog = question.catalog()
    for address in question.addresses:
        try:
            found = detect(address, catalog, lookups=question.lookups, network=question.network)
            told = english(found.sentence())
        except AppError as exc:
            told = log_line(exc)
        yield f"{masking.address(address)}: {told}"


def token_file_findings(question: Question, masking: Masking) -> Iterable[str]:
    """Each token file as imapsync reads it: length and type of the token, names of findings."""
    catalog = question.catalog()
    for path in question.token_files:
        seen = examine(str(path), catalog=catalog, now=question.clock())
        known = mailbox_at(path, catalog)
        names = [n for n in (known.provider, known.application) if n in catalog.names()]
        yield english(seen.name)
        yield f"  imapsync uses it as: {seen.taken_as}"
        yield f"  token length in bytes: {seen.token_length}"
        yield f"  token type: {english(seen.token_kind) or 'unknown'}"
        yield f"  findings: {', '.join(finding.name for finding in seen.findings) or 'none'}"
        yield f"  mailbox: {masking.address(known.address) if known.address else 'unknown'}"
        yield f"  provider and application: {', '.join(names) or 'unknown'}"
        yield f"  grant: {known.grant if known.grant in GRANTS else 'unknown'}"
        yield f"  can be renewed without the user: {'yes' if known.renewable else 'no'}"
        yield f"  access token expires: {_moment(known.expires_at)}"
        yield f"  signed in: {_moment(known.signed_in_at)}"
        yield f"  refresh token expires: {_moment(known.refresh_expires_at)}"


def _moment(moment: float | None) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else "unknown"


def proxies(question: Question, masking: Masking) -> Iterable[str]:
    """The hosts of the proxies in use, never their user names or passwords."""
    from urllib.request import getproxies

    found = getproxies()
    for scheme in ("http", "https", "all"):
        if scheme in found:
            yield f"{scheme}: {_proxy_host(found[scheme])}"
    if "no" in found:
        yield f"exceptions: {len(found['no'].split(','))}"


def _proxy_host(value: str) -> str:
    try:
        parts = urlsplit(value if "://" in value else f"//{value}")
        return f"{parts.hostname}:{parts.port}" if parts.hostname else "set, but without a host"
    except ValueError:
        return "set, but not a valid address"


def endpoints(question: Question, masking: Masking) -> Iterable[str]:
    """Each token endpoint: the issuer of its certificate, and the difference of the clocks."""
    catalog = question.catalog()
    uris = [with_tenant(p, p.tenant).token_uri for p in catalog.providers.values()]
    for uri in dict.fromkeys(uris):
        host = _hosts(uri)
        try:
            issuer = certificate_issuer(uri, question.network)
            yield f"{host}: certificate issued by {issuer}"
        except AppError as exc:
            yield f"{host}: no certificate received: {log_line(exc)}"
        try:
            ahead = clock_difference(uri, question.network, question.clock)
            seconds = "unknown" if ahead is None else f"{ahead:+.0f} s"
            yield f"{host}: certificate trusted; this computer's clock is ahead by: {seconds}"
        except AppError as exc:
            yield f"{host}: no response: {log_line(exc)}"


def log_tail(question: Question, masking: Masking) -> Iterable[str]:
    """The last lines of the log."""

    def read() -> bytes:
        with (question.log_folder / LOG_FILE).open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - _LOG_BYTES)
            file.seek(start)
            content = file.read(_LOG_BYTES)
        return content.partition(b"\n")[2] if start else content  # the first may be incomplete

    try:
        text = while_held(read).decode("utf-8", "replace")
    except FileNotFoundError:
        yield "There is no log yet."
        return
    except OSError as exc:
        raise as_error(local_files.LOG_UNREADABLE, detail=exc.strerror or "") from exc
    yield from text.splitlines()[-_LOG_LINES:]
