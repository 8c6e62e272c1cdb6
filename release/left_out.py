"""Lists what is left out of the programs, and why.

The hooks of PyInstaller include everything that a library may need. The program needs much less,
above all of Qt. The program was tested without each part in this list, or can't reach it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import PurePath

# Patterns for paths inside the program; upper and lower case are the same.
FILES = {
    # Software OpenGL, 20 MB: widgets don't use OpenGL.
    "*/opengl32sw.dll",
    # Qt's own translations: of its widgets, in the languages of the program, see `_KEPT`.
    "*/translations/*",
    # Image formats: the icons are painted (gui/model/icons.py), and Qt itself reads PNG.
    "*/plugins/imageformats/*",
    "*/plugins/iconengines/*",
    "*qt6svg*",
    "*qt6pdf*",
    # Network: the window uses only QLocalServer, which needs none of these. Python makes all
    # connections over the network.
    "*/plugins/tls/*",
    "*/plugins/networkinformation/*",
    # Touch screens with the TUIO protocol.
    "*/plugins/generic/*",
    # Platforms without visible windows, or with Direct2D. On Linux, --smoke-test needs "offscreen".
    "*/plugins/platforms/qoffscreen.dll",
    "*/plugins/platforms/*qdirect2d*",
    "*/plugins/platforms/*qminimal*",
    # Linux without a desktop: consoles, embedded and remote displays.
    "*/plugins/platforms/*qeglfs*",
    "*/plugins/platforms/*qlinuxfb*",
    "*/plugins/platforms/*qminimalegl*",
    "*/plugins/platforms/*qvkkhrdisplay*",
    "*/plugins/platforms/*qvnc*",
    "*/plugins/egldeviceintegrations/*",
    "*/plugins/platforminputcontexts/*qtvirtualkeyboard*",
    "*qt6eglfs*",
    "*qt6qml*",
    "*qt6quick*",
    "*qt6virtualkeyboard*",
    # The certificates that requests and google-auth would trust: ours are the system's
    # (core/net/tls.py), and core/oauth/sign_in/http_session.py uses no others.
    "*/certifi/cacert.pem",
    # More copies of what Python and shiboken6 have. They are loaded first, and Windows loads a
    # library of one name once.
    "*/pyside6/msvcp140.dll",
    "*/pyside6/vcruntime140*.dll",
    "*/shiboken6/vcruntime140*.dll",
}

# These stay, although a pattern above fits.
_KEPT = {"*/translations/qtbase_de.qm", "*/translations/qtbase_fr.qm"}

# Modules that libraries import if they are installed, but that the program never uses.
_MODULES = [
    # Tools for building and testing, which are installed in the same environment.
    "_pytest",
    "hypothesis",
    "mypy",
    "pip",
    "pkg_resources",
    "pytest",
    "setuptools",
    "tkinter",
    "typing_extensions",
    "unittest",
    # Parts of Python that libraries import for functions which the program doesn't call.
    "_pydatetime",
    "_pydecimal",
    "_pyio",
    "bdb",
    "bz2",
    "cgi",
    "cmd",
    "code",
    "codeop",
    "doctest",
    "ftplib",
    "lzma",
    "multiprocessing",
    "optparse",
    "pdb",
    "pickletools",
    "pydoc",
    "smtplib",
    "sqlite3",
    "statistics",
    "xmlrpc",
    # Asynchronous and other transports of dnspython, google-auth, requests and urllib3.
    "aiohttp",
    "aioquic",
    "anyio",
    "curio",
    "grpc",
    "h2",
    "httpx",
    "sniffio",
    "socks",
    "trio",
    "dns._asyncio_backend",
    "dns._trio_backend",
    "dns.quic._asyncio",
    "dns.quic._common",
    "dns.quic._sync",
    "dns.quic._trio",
    "urllib3.contrib.emscripten",
    "urllib3.contrib.pyopenssl",
    "urllib3.http2.connection",
    # Signing in Python alone, which google-auth does where cryptography isn't installed.
    "pyasn1",
    "pyasn1_modules",
    "rsa",
    # Google's credentials of machines in a cloud; the program knows users and service accounts.
    "google.auth.app_engine",
    "google.auth.aws",
    "google.auth.compute_engine",
    "google.auth.external_account",
    "google.auth.identity_pool",
    "google.auth.impersonated_credentials",
    "google.auth.pluggable",
    "google.oauth2.gdch_credentials",
    # The sign-in dialog of Windows, which needs a package of its own.
    "msal.broker",
]
# The Secret Service of Linux needs keyring, which needs it.
_NOT_ON_LINUX = ["tarfile"]
# Left out of the terminal program only.
QT = ["PySide6", "shiboken6"]

_DNS_TYPES = ("dns.rdtypes.ANY.", "dns.rdtypes.IN.")
# What an answer about MX records can hold, and what dnspython imports itself. It reads all other
# types without a class.
_DNS_TYPES_USED = {"A", "AAAA", "CNAME", "MX", "NS", "OPT", "PTR", "SOA", "TSIG", "ZONEMD"}


def stays_out(path: str) -> bool:
    """Whether the file with this path inside the program is left out."""
    inside = "/" + PurePath(path.replace("\\", "/")).as_posix().lower()
    return _fits(inside, FILES) and not _fits(inside, _KEPT)


def _fits(inside: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(inside, pattern) for pattern in patterns)


def modules(platform: str = sys.platform) -> list[str]:
    """The modules that are left out of the programs for a system."""
    return _MODULES if platform == "linux" else [*_MODULES, *_NOT_ON_LINUX]


def module_stays_out(name: str) -> bool:
    """Whether a module is left out that a hook of PyInstaller includes in spite of `modules`."""
    return name.startswith(_DNS_TYPES) and name.rpartition(".")[2] not in _DNS_TYPES_USED
