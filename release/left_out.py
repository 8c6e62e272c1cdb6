"""Lists what is left out of the programs, and why.

The hooks of PyInstaller include everything that a library may need. The program needs much less,
above all of Qt. The program was tested without each part in this list, or can't reach it.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePath

# Patterns for paths inside the program; upper and lower case are the same.
QT_PARTS = {
    # Software OpenGL, 20 MB: widgets don't use OpenGL.
    "*/opengl32sw.dll",
    # Qt's own translations: the program is in English.
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
    # Platforms without visible windows, or with Direct2D. --smoke-test needs "offscreen".
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
}

# Modules that libraries import if they are installed, but that the program never uses.
MODULES = [
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
# Left out of the terminal program only.
QT = ["PySide6", "shiboken6"]


def stays_out(path: str) -> bool:
    """Whether the file with this path inside the program is left out."""
    inside = "/" + PurePath(path.replace("\\", "/")).as_posix().lower()
    return any(fnmatch(inside, pattern) for pattern in QT_PARTS)
