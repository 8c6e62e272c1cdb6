"""The house keeps its order: style, types, and who may know what."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "command",
    [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]],
    ids=["lint", "format", "types"],
)
def test_tools_are_content(command: list[str]) -> None:
    """ruff and the strict type checker find nothing to say."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stdout + done.stderr


def _imports(file: Path, place: str) -> Iterator[tuple[str, bool]]:
    """What a file imports, as it would be written absolutely, and whether it is so written.

    `place` is where the file lies (`core/signin/x.py`), since relative imports start from there.
    """
    inside = place.split("/")[:-1]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, True) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = inside[: len(inside) - node.level + 1] if node.level else []
            module = [*start, *([node.module] if node.module else [])]
            # Each name may be a module too: `from core import http`.
            yield from ((".".join([*module, alias.name]), not node.level) for alias in node.names)


def _imported(folder: str) -> Iterator[tuple[str, str, bool]]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        place = file.relative_to(ROOT).as_posix()
        yield from ((place, module, absolute) for module, absolute in _imports(file, place))


FORBIDDEN = {
    "core": ("gui", "PySide6", "PyQt6", "tkinter"),
    "gui": (
        "msal",
        "google",
        "google_auth_oauthlib",
        "oauthlib",
        "requests_oauthlib",
        "requests",
        "urllib",
        "http",
        "imaplib",
        "core.oauth.refresh_request",
        "core.mailbox.renewal",
        "core.oauth.revocation",
        "core.net.http",
        "core.oauth.sign_in.flow",
        "core.oauth.sign_in.microsoft",
        "core.oauth.sign_in.google",
        "core.oauth.sign_in.generic",
        "core.secret_store",
        "core.tokenfile.format",
        "core.tokenfile.save",
    ),
}


def _is_forbidden(folder: str, module: str) -> bool:
    return any(f"{module}.".startswith(f"{bad}.") for bad in FORBIDDEN[folder])


def _is_absolute_inside(place: str, module: str, absolute: bool) -> bool:
    return absolute and module.split(".")[0] == "core" and place != "core/__main__.py"


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_layers_hold(folder: str) -> None:
    """core knows no window, gui knows no OAuth, no HTTP and no file format."""
    found = [
        f"{place} imports {module}"
        for place, module, _ in _imported(folder)
        if _is_forbidden(folder, module)
    ]
    assert [] == found


def test_core_is_relative_inside() -> None:
    """A move of core to another place stays mechanical: only __main__ names it."""
    found = [
        f"{place} imports {module}"
        for place, module, absolute in _imported("core")
        if _is_absolute_inside(place, module, absolute)
    ]
    assert [] == found


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("gui/x.py", "from core.net import http"),
        ("gui/x.py", "from core.net import network, http as web"),
        ("gui/x.py", "import core.net.http"),
        ("gui/x.py", "from core.net.http import post_form"),
        ("gui/x.py", "from core.tokenfile import save"),
        ("gui/x.py", "from core.oauth.sign_in import flow"),
        ("gui/x.py", "import urllib.request"),
        ("gui/x.py", "from google.oauth2 import credentials"),
        ("gui/below/x.py", "def f():\n    from core.oauth import refresh_request"),
        ("core/x.py", "import gui"),
        ("core/x.py", "from PySide6 import QtCore"),
        ("core/x.py", "from .. import gui"),
    ],
)
def test_a_breach_of_the_layers_is_seen(place: str, line: str, tmp_path: Path) -> None:
    """However the import is written."""
    (tmp_path / "x.py").write_text(line)
    folder = place.split("/")[0]
    assert any(_is_forbidden(folder, module) for module, _ in _imports(tmp_path / "x.py", place))


@pytest.mark.parametrize(
    ("line", "absolute"),
    [
        ("import core.net.http", True),
        ("import core", True),
        ("from core.net import http", True),
        ("from core.net.http import post_form", True),
        ("from . import http", False),
        ("from .http import post_form", False),
        ("from ..errors import AppError", False),
    ],
)
def test_an_absolute_import_inside_core_is_seen(line: str, absolute: bool, tmp_path: Path) -> None:
    """However it is written; relative ones are the rule."""
    (tmp_path / "x.py").write_text(line)
    found = [
        _is_absolute_inside("core/signin/x.py", module, is_absolute)
        for module, is_absolute in _imports(tmp_path / "x.py", "core/signin/x.py")
    ]
    assert [absolute] == found


def test_nothing_heavy_at_the_start() -> None:
    """A refresh that has nothing to do loads no library of the sign-in, and no Qt."""
    heavy = "msal google requests dns cryptography oauthlib imaplib PySide6 tomlkit urllib.request"
    code = (
        "import sys, core.cli.runner, core.cli.arguments\n"
        f"print(*[m for m in '{heavy}'.split() if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "" == done.stdout.strip()


# In pieces, so that this file doesn't hold what it looks for.
_PRIVATE_KEY = re.compile(rb"-----" rb"BEGIN ([A-Z0-9]+ )*PRIVATE" rb" KEY")
_INDEXES = re.compile(
    rb"\b("
    + rb"|".join(
        host.replace(b" ", rb"\.")
        for host in (
            b"pypi org",
            b"pythonhosted org",
            b"npmjs (org|com)",
            b"yarnpkg com",
            b"conda anaconda org",
            b"crates io",
            b"rubygems org",
            b"proxy golang org",
        )
    )
    + rb")\b",
    re.IGNORECASE,
)
_LOCK_FILES = {
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "pylock.toml",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
}


def _breach(name: str, content: bytes) -> str:
    """Why a file must not be committed; empty where it may."""
    if Path(name).name in _LOCK_FILES:
        return f"{name} is a lock file"
    if _PRIVATE_KEY.search(content):
        return f"{name} holds a private key"
    return f"{name} names a package index" if _INDEXES.search(content) else ""


def test_no_secret_and_no_index_address_is_committed() -> None:
    """No private key, no lock file, and no address of a package index."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    files = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert len(files) > 100
    breaches = [_breach(name, (ROOT / name).read_bytes()) for name in files]
    assert [] == [breach for breach in breaches if breach]


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("below/uv.lock", ()),
        ("package-lock.json", ()),
        ("x.pem", ("-----BEGIN ", "PRIVATE KEY-----")),
        ("x.pem", ("-----BEGIN ", "RSA PRIVATE KEY-----")),
        ("x.pem", ("-----BEGIN ", "EC PRIVATE KEY-----")),
        ("x.py", ("key = '-----BEGIN ", "OPENSSH PRIVATE KEY-----'")),
        ("x.pem", ("-----BEGIN ", "ENCRYPTED PRIVATE KEY-----")),
        ("x.asc", ("-----BEGIN ", "PGP PRIVATE KEY BLOCK-----")),
        ("README.md", ("https://", "pypi", ".org/simple")),
        ("x.txt", ("https://files.", "pythonhosted", ".org/x")),
        ("x.json", ("https://registry.", "npmjs", ".org/x")),
        ("x.txt", ("https://TEST.", "PyPI", ".org/")),
    ],
)
def test_what_must_not_be_committed_is_seen(name: str, pieces: tuple[str, ...]) -> None:
    """Keys of any kind, encrypted ones too, indexes and lock files."""
    assert "" != _breach(name, "".join(pieces).encode())
    assert "" == _breach("x.py", b"-----BEGIN CERTIFICATE----- PyPI pypi.toml")
