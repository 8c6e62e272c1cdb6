"""What stays out of the programs, and why. Each entry was measured or can't be reached.

The hooks of PyInstaller take in whatever a library may need; the window needs far less of Qt, and
the libraries offer more than the program asks of them.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePath

# Paths inside the program, case and the system's separator aside.
QT_PARTS = {
    # OpenGL in software, 20 MB: widgets are painted without OpenGL.
    "*/opengl32sw.dll",
    # Qt's own words in other languages: the program speaks English.
    "*/translations/*",
    # Pictures: the icons are painted (gui/model/icons.py), and PNG is in Qt itself.
    "*/plugins/imageformats/*",
    "*/plugins/iconengines/*",
    "*qt6svg*",
    "*qt6pdf*",
    # Network: two windows of one person meet by QLocalServer, which needs none of these; everything
    # that goes over a network is Python's.
    "*/plugins/tls/*",
    "*/plugins/networkinformation/*",
    # Touch screens that speak TUIO over UDP.
    "*/plugins/generic/*",
    # Windows that nobody sees, or that Direct2D draws. "offscreen" stays, for --smoke-test.
    "*/plugins/platforms/*qdirect2d*",
    "*/plugins/platforms/*qminimal*",
    # Consoles, embedded displays and remote ones, instead of a Linux desktop.
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
}

# Imported by our libraries where they are there, and then never used by the program.
MODULES = [
    # Tools of those who build and test, which lie in the same environment.
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
]
# What the terminal program does without.
QT = ["PySide6", "shiboken6"]


def stays_out(path: str) -> bool:
    """Whether a file with this path inside the program is one of the parts left out."""
    inside = "/" + PurePath(path.replace("\\", "/")).as_posix().lower()
    return any(fnmatch(inside, pattern) for pattern in QT_PARTS)
