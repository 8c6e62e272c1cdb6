"""The house keeps its order: style, types, and who may know what."""

import ast
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


def _imports(folder: str) -> Iterator[tuple[Path, str]]:
    """Every module that a folder's files import, as it would be written absolutely."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((file, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                inside = f"{folder}." if node.level else ""
                yield file, inside + (node.module or "")


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
        "core.refresh",
        "core.renewal",
        "core.http",
        "core.signin.flow",
        "core.signin.microsoft",
        "core.signin.google",
        "core.signin.plain",
        "core.tokenfile.format",
        "core.tokenfile.save",
    ),
}


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_layers_hold(folder: str) -> None:
    """core knows no window, gui knows no OAuth, no HTTP and no file format."""
    found = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file, module in _imports(folder)
        if any(module == bad or module.startswith(f"{bad}.") for bad in FORBIDDEN[folder])
    ]
    assert [] == found


def test_core_is_relative_inside() -> None:
    """A move of core to another place stays mechanical: only __main__ names it."""
    absolute = [
        str(file.relative_to(ROOT))
        for file, module in _imports("core")
        if module.split(".")[0] == "core" and file.name != "__main__.py"
        if "from core" in file.read_text("utf-8")
    ]
    assert [] == absolute


def test_nothing_heavy_at_the_start() -> None:
    """A refresh that has nothing to do loads no library of the sign-in, and no Qt."""
    heavy = "msal google requests dns cryptography oauthlib imaplib PySide6 tomlkit urllib.request"
    code = (
        "import sys, core.cli.run, core.cli.arguments\n"
        f"print(*[m for m in '{heavy}'.split() if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "" == done.stdout.strip()


def test_no_secret_and_no_index_address_is_committed() -> None:
    """No private key, and no lock file with package-index addresses."""
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"uv.lock", "package-lock.json", "poetry.lock"} & {Path(f).name for f in files}
    marker = b"-----BEGIN " + b"PRIVATE KEY-----"
    assert [] == [f for f in files if (ROOT / f).is_file() and marker in (ROOT / f).read_bytes()]
