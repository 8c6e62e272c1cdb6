"""TLS for clients: certificates are verified with the computer's own store, always.

A private CA is trusted in addition to those of the system. On Windows and macOS truststore asks the
system's store. On Linux the store is a file or a folder that OpenSSL reads by itself, so truststore
would only read it again for each connection.
"""

import os
import re
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from ..errors import as_error
from ..verdicts.local_network import CA_FILE_UNUSABLE
from .network import Network

# Where Linux systems and BSDs have their certificates in one file. OpenSSL knows only the place of
# the system that it was built for, and a program that is one file runs on others too. Sources:
# https://go.dev/src/crypto/x509/root_linux.go, https://go.dev/src/crypto/x509/root_bsd.go
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]+")  # openssl-rehash(1)
_MOST = 8  # contexts; usually there is one
_Stamp = tuple[int, int, int]


def tls_context(network: Network) -> ssl.SSLContext:
    """The TLS context for clients; all threads may use it at once, and nobody changes it.

    Raises `AppError` if the CA file can't be used.
    """
    if sys.platform != "linux":  # truststore holds a lock through each handshake
        return new_tls_context(network)
    with _faults_named(network.ca_file):
        places = ssl.get_default_verify_paths()
        store = (places.cafile, places.capath)
        return _cached(network.ca_file, _stamp(network.ca_file), store, _stamp(places.cafile))


def new_tls_context(network: Network) -> ssl.SSLContext:
    """Another such context, for a library that changes it (urllib3 sets protocols for HTTP)."""
    with _faults_named(network.ca_file):
        return _context(network.ca_file)


@contextmanager
def _faults_named(ca_file: Path | None) -> Iterator[None]:
    try:
        yield
    except (OSError, ssl.SSLError) as exc:
        detail = exc.strerror or type(exc).__name__
        raise as_error(CA_FILE_UNUSABLE, detail=detail, file=ca_file) from exc


@lru_cache(maxsize=_MOST)
def _cached(ca_file: Path | None, *_what_it_depends_on: object) -> ssl.SSLContext:
    return _context(ca_file)


def _stamp(file: Path | str | None) -> _Stamp | None:
    """What changes when a file of certificates is replaced."""
    if file is None:
        return None
    status = os.stat(file)
    return status.st_mtime_ns, status.st_size, status.st_ino


def _context(ca_file: Path | None) -> ssl.SSLContext:
    if sys.platform == "linux":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _load_system_certificates(context)
    else:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context


def _load_system_certificates(context: ssl.SSLContext) -> None:
    """Take OpenSSL's own places (also SSL_CERT_FILE and SSL_CERT_DIR), else a known bundle."""
    places = ssl.get_default_verify_paths()  # None for a place that isn't there
    bundle = next((file for file in _BUNDLES if os.path.isfile(file)), None)
    if places.cafile or bundle is None or _has_certificates(places.capath):
        context.set_default_verify_paths()
    else:
        context.load_verify_locations(cafile=bundle)


def _has_certificates(folder: str | None) -> bool:
    """Whether OpenSSL finds certificates in a folder: by their hashes."""
    if folder is None:
        return False
    with os.scandir(folder) as entries:
        return any(_HASHED_NAME.fullmatch(entry.name) for entry in entries)
