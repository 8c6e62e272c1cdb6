"""The parts of a report: each chooses, field by field, what it tells.

No part hands on a whole file, object or environment; only the log is text, and that is redacted
when it is written and masked once more here. Each may fail with an `AppError`.
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
from ..doctor.diagnosis import examine
from ..errors import AppError
from ..files import while_held
from ..mailbox.inventory import mailbox_at
from ..net.network import Network
from ..paths import LOG_FILE
from ..providers.catalog import Catalog, load_catalog
from ..providers.detection import ResolveMx, detect
from ..providers.registration import Overrides, resolve
from ..providers.tables import read_tables
from .endpoint import certificate_issuer, clock_difference
from .masking import Masking

_PACKAGES = (
    "PySide6-Essentials",  # by its record: importing it would need a display's libraries
    "msal",
    "google-auth-oauthlib",
    "requests",
    "cryptography",
    "truststore",
)
_LOG_LINES, _LOG_BYTES = 200, 1 << 16
# What the window remembers and may be told with its value: switches and numbers.
_TOLD = ("keep_refreshing", "interval_minutes", "close_to_tray", "keep_awake", "show_log")
_PLAIN_VALUE = re.compile(r"true|false|[0-9]{1,5}")
_KEY = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is to be about, and where things lie; `clock` is `time.time`."""

    addresses: tuple[str, ...]
    token_files: tuple[Path, ...]
    network: Network
    own_file: Path
    settings_file: Path
    log_folder: Path
    resolve_mx: ResolveMx
    clock: Callable[[], float]

    def catalog(self) -> Catalog:
        """With the person's own file where that can be read; the providers' part says why not."""
        try:
            return load_catalog(self.own_file)
        except AppError:
            return load_catalog()


def versions(question: Question, masking: Masking) -> Iterable[str]:
    """What runs here."""
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
        return "isn't there, or doesn't tell its version"


def providers(question: Question, masking: Masking) -> Iterable[str]:
    """All providers, and which keys the person's own file sets; no value of it but its hosts."""
    if question.own_file.exists():
        own = read_tables(question.own_file)["providers"]
        for name, table in own.items():
            yield f"own file, {name}: {_keys(table)}"
            for application, fields in table["applications"].items():
                yield f"own file, {name}, {application}: {_keys(fields)}"
    for provider in load_catalog(question.own_file).providers.values():
        hosts = _hosts(provider.authorize_uri, provider.token_uri)
        yield f"{provider.name}: {hosts}, IMAP {provider.imap_host}:{provider.imap_port}"
        yield f"  applications {', '.join(provider.applications)}"


def _keys(table: Mapping[str, object]) -> str:
    return ", ".join(sorted(key for key in table if key != "applications")) or "no key"


def _hosts(*uris: str) -> str:
    return ", ".join(dict.fromkeys(urlsplit(uri).hostname or "" for uri in uris))


def settings(question: Question, masking: Masking) -> Iterable[str]:
    """What the window remembers: the names, and the values of switches and numbers."""
    stored = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        stored.read(question.settings_file, "utf-8")
    except (OSError, ValueError, configparser.Error) as exc:
        raise AppError("The window's settings can't be read", detail=type(exc).__name__) from exc
    for section in stored.sections():
        for key, value in stored.items(section):
            if _KEY.fullmatch(key):
                plain = key in _TOLD and _PLAIN_VALUE.fullmatch(value)
                yield f"{key}: {value if plain else 'is set'}"


def detection(question: Question, masking: Masking) -> Iterable[str]:
    """Who the provider of each address is, and why."""
    catalog = question.catalog()
    for address in question.addresses:
        try:
            found = detect(
                address,
                catalog,
                resolve_mx=question.resolve_mx,
                timeout=question.network.timeout,
            )
            told = found.sentence()
        except AppError as exc:
            told = exc.message
        yield f"{masking.address(address)}: {told}"


def token_file_findings(question: Question, masking: Masking) -> Iterable[str]:
    """Each as imapsync would read it: lengths, kinds and names of findings."""
    catalog = question.catalog()
    for path in question.token_files:
        seen = examine(str(path), catalog=catalog, now=question.clock())
        known = mailbox_at(path, catalog)
        names = [n for n in (known.provider, known.application) if n in catalog.names()]
        yield seen.name
        yield (
            f"  taken for {seen.taken_as}, {seen.token_length} bytes, "
            f"{seen.token_kind or 'no known form'}"
        )
        yield f"  findings: {', '.join(finding.name for finding in seen.findings) or 'none'}"
        yield f"  mailbox: {masking.address(known.address) if known.address else 'not said'}"
        yield f"  provider and application: {', '.join(names) or 'not said, or unknown here'}"
        yield f"  holds a refresh token: {'yes' if known.renewable else 'no'}"
        yield f"  expires: {_moment(known.expires_at)}, signed in: {_moment(known.signed_in_at)}"


def _moment(moment: float | None) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else "not said"


def proxies(question: Question, masking: Masking) -> Iterable[str]:
    """Which proxies are in effect: their hosts, never what logs in to them."""
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
        return f"{parts.hostname}:{parts.port}" if parts.hostname else "is set, but names no host"
    except ValueError:
        return "is set, but is no address"


def endpoints(question: Question, masking: Masking) -> Iterable[str]:
    """Each token endpoint from here: its certificate's issuer, and the difference of the clocks."""
    catalog = question.catalog()
    uris = [resolve(catalog, name, "", Overrides()).token_uri for name in catalog.providers]
    for uri in dict.fromkeys(uris):
        host = _hosts(uri)
        try:
            issuer = certificate_issuer(uri, question.network.timeout)
            yield f"{host}: certificate issued by {issuer}"
        except AppError as exc:
            yield f"{host}: no certificate seen: {exc.message}"
        try:
            ahead = clock_difference(uri, question.network, question.clock)
            told = "its answer has no time" if ahead is None else f"{ahead:+.0f} s"
            yield f"{host}: trusted; this computer's clock is ahead by: {told}"
        except AppError as exc:
            yield f"{host}: no answer: {exc.message}"


def log_tail(question: Question, masking: Masking) -> Iterable[str]:
    """The last whole lines of the log."""

    def read() -> bytes:
        with (question.log_folder / LOG_FILE).open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - _LOG_BYTES)
            file.seek(start)
            content = file.read(_LOG_BYTES)
        return content.partition(b"\n")[2] if start else content  # the first may be a piece

    try:
        text = while_held(read).decode("utf-8", "replace")
    except FileNotFoundError:
        yield "There is no log yet"
        return
    except OSError as exc:
        raise AppError("The log can't be read", detail=exc.strerror or "") from exc
    yield from text.splitlines()[-_LOG_LINES:]
