"""The structure of the code: who may import what, and what must not be committed."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _imports(file: Path, place: str) -> Iterator[tuple[str, bool]]:
    """What a file imports, as it would be written absolutely, and whether it is so written.

    `place` is where the file lies (`core/oauth/x.py`), since relative imports start from there.
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
        "msal_extensions",
        "google",
        "google_auth_oauthlib",
        "oauthlib",
        "requests_oauthlib",
        "requests",
        "urllib",
        "urllib3",
        "http",
        "imaplib",
        "keyring",
        "core.mailbox.imap_login",
        "core.mailbox.client_secret_storage",
        "core.mailbox.refresh_token_storage",
        "core.mailbox.renewal",
        *(
            f"core.net.{name}"
            for name in ("compression", "connecting", "faults", "http", "proxy", "tls")
        ),
        "core.oauth.answer",
        "core.oauth.grant",
        "core.oauth.permissions",
        "core.oauth.refresh_request",
        "core.oauth.revocation",
        "core.oauth.token_response",
        *(
            f"core.oauth.sign_in.{name}"
            for name in (
                "authorization_response",
                "certificate",
                "clients",
                "code_client",
                "code_flow",
                "flow",
                "generic",
                "google",
                "http_session",
                "loopback",
                "loopback_server",
                "microsoft",
                "pasted_response",
            )
        ),
        "core.secret_store",
        *(f"core.tokenfile.{name}" for name in ("format", "lock", "read", "remove", "save")),
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
        _is_absolute_inside("core/oauth/x.py", module, is_absolute)
        for module, is_absolute in _imports(tmp_path / "x.py", "core/oauth/x.py")
    ]
    assert [absolute] == found


# From the top layer to the bottom. A folder imports from its own layer and from those below it.
LAYERS = (
    ("gui",),  # how it starts; the rest of gui is in subfolders
    ("gui/startup",),
    ("gui/controllers",),
    ("gui/widgets",),
    ("gui/model",),
    ("gui/system",),
    ("core/cli",),
    (
        "core/batch",
        "core/demo",
        "core/imapsync/run",
        "core/imapsync",
        "core/report",
        "core/doctor",
        "core/importing",
        "core/schedule",
        "core/keeping",
    ),
    ("core/mailbox",),
    ("core/detection",),
    ("core/open_requests",),
    ("core/registering", "core/discovery"),
    ("core/oauth/sign_in", "core/oauth", "core/secret_store"),
    ("core/providers", "core/tokenfile", "core/history"),
    ("core/net",),
    ("core",),  # the kernel: what every folder may use
    ("core/verdicts",),  # data that the kernel's errors carry
    ("core/i18n",),  # their texts are marked
)
LAYER = {folder: number for number, layer in enumerate(LAYERS) for folder in layer}
LONGEST_FILE = 300  # lines
# Tables and maps may be longer: one entry a meaning, one line a file.
TABLES = ("core/verdicts/", "core/__init__.py", "gui/__init__.py")


def _files() -> list[str]:
    """All modules of core and gui."""
    found = [file for folder in ("core", "gui") for file in (ROOT / folder).rglob("*.py")]
    return sorted(file.relative_to(ROOT).as_posix() for file in found)


def _folder(place: str) -> str:
    # Nothing imports __main__, which starts the command line.
    return "core/cli" if place == "core/__main__.py" else place.rpartition("/")[0]


def _file_of(module: str, files: Collection[str]) -> str | None:
    """The file of an imported module, or the one that has the imported name in it."""
    path = module.replace(".", "/")
    while path:
        for file in (f"{path}.py", f"{path}/__init__.py"):
            if file in files:
                return file
        path = path.rpartition("/")[0]
    return None


def _import_graph() -> dict[str, set[str]]:
    """What each file imports of core and gui, also inside functions and for types alone."""
    files = _files()
    graph: dict[str, set[str]] = {file: set() for file in files}
    for file in files:
        imported = (_file_of(module, graph) for module, _ in _imports(ROOT / file, file))
        graph[file] = {other for other in imported if other not in (None, file)}
    return graph


def _folder_graph(graph: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Which folders each folder imports from."""
    folders: dict[str, set[str]] = {_folder(file): set() for file in graph}
    for file, imported in graph.items():
        folders[_folder(file)] |= {_folder(other) for other in imported} - {_folder(file)}
    return folders


def _upward(graph: Mapping[str, Collection[str]]) -> list[str]:
    return [
        f"{file} imports {other}"
        for file, imported in sorted(graph.items())
        for other in sorted(imported)
        if LAYER[_folder(other)] < LAYER[_folder(file)]
    ]


def _circle(graph: Mapping[str, Collection[str]]) -> list[str]:
    """The nodes of a circle, from one to the same; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        return list(exc.args[1])
    return []


def test_no_import_runs_upwards() -> None:
    """A folder knows nothing of the layers above it."""
    graph = _import_graph()
    assert {_folder(file) for file in graph} == set(LAYER)
    assert [] == _upward(graph)


def test_no_files_import_each_other() -> None:
    """Not even over several files: each can be read, and tested, after those that it needs."""
    graph = _import_graph()
    assert 100 < sum(map(len, graph.values()))
    assert [] == _circle(graph)


def test_no_folders_import_each_other() -> None:
    """Not even in one layer, over several folders, by files that are in no circle themselves."""
    assert [] == _circle(_folder_graph(_import_graph()))


@pytest.mark.parametrize(
    ("place", "line", "upward"),
    [
        ("core/net/x.py", "from ..mailbox import job", "core/mailbox/job.py"),
        ("core/x.py", "from .net.tls import tls_context", "core/net/tls.py"),
        ("core/oauth/x.py", "def f():\n    from .sign_in.flow import Flow", None),
        ("core/oauth/x.py", "from ..mailbox.job import Job", "core/mailbox/job.py"),
        ("core/x.py", "if TYPE_CHECKING:\n    from .cli import main", "core/cli/__init__.py"),
        ("core/__main__.py", "from core.cli import main", None),
        ("core/net/x.py", "from .. import __version__", None),
        ("gui/model/x.py", "from gui.widgets.tray import Tray", "gui/widgets/tray.py"),
        ("gui/widgets/x.py", "import gui.controllers.sign_in", "gui/controllers/sign_in.py"),
        ("gui/system/x.py", "from gui.model import settings", "gui/model/settings.py"),
        ("gui/widgets/x.py", "from gui.model import settings", None),
    ],
)
def test_an_import_upwards_is_seen(
    place: str, line: str, upward: str | None, tmp_path: Path
) -> None:
    """However it is written, and wherever it stands; one that runs down is none."""
    (tmp_path / "x.py").write_text(line)
    modules = [module for module, _ in _imports(tmp_path / "x.py", place)]
    found = {file for module in modules if (file := _file_of(module, _files()))}
    assert found
    assert ([f"{place} imports {upward}"] if upward else []) == _upward({place: found})


def test_a_circle_is_seen() -> None:
    """Of files, and of folders whose files are in none."""
    a, b, c = "core/oauth/a.py", "core/secret_store/b.py", "core/oauth/c.py"
    only_folders = {a: {b}, b: {c}, c: set[str]()}
    assert [] == _circle(only_folders)
    assert {"core/oauth", "core/secret_store"} == set(_circle(_folder_graph(only_folders)))
    assert {a, b, c} == set(_circle({a: {b}, b: {c}, c: {a}}))


def _map_of(package: str) -> dict[str, tuple[str, list[str]]]:
    """The folders of a map, in their order, with their sentences and their files.

    A folder's line is `name/: sentence`, a file's line is indented: `    name.py  what it is`. A
    line that is indented further continues the text of its file.
    """
    folders: dict[str, tuple[str, list[str]]] = {}
    files: list[str] = []
    for line in _docstring(ROOT / package / "__init__.py").splitlines():
        if found := re.fullmatch(r"([\w/]+)/: (\S.*)", line):
            folder = package if found[1] == package else f"{package}/{found[1]}"
            assert folder not in folders, line
            files = []
            folders[folder] = (found[2], files)
        elif line.startswith(" ") and not line.startswith(" " * 8):
            named = re.fullmatch(r"    (\w+\.py) +(\S.*)", line)
            assert named, line
            files.append(f"{folder}/{named[1]}")
    return folders


def _docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""


def _holds_code(place: str) -> bool:
    """Whether there is more in a file than its docstring."""
    return len(ast.parse((ROOT / place).read_text("utf-8")).body) > 1


@pytest.mark.parametrize("package", ["core", "gui"])
def test_the_map_is_complete(package: str) -> None:
    """Each file is in it once, under its folder, and nothing else is; the folders are in order."""
    folders = _map_of(package)
    named = [file for _, files in folders.values() for file in files]
    files = [file for file in _files() if file.split("/")[0] == package]
    there = [f for f in files if Path(f).name != "__init__.py" or _holds_code(f)]
    assert sorted(there) == sorted(named)
    assert [f for layer in LAYERS for f in layer if f.split("/")[0] == package] == list(folders)


@pytest.mark.parametrize("package", ["core", "gui"])
def test_a_folder_says_what_it_is_for(package: str) -> None:
    """In one sentence, which the map repeats."""
    for folder, (sentence, _) in _map_of(package).items():
        assert sentence.endswith("."), folder
        if folder != package:
            assert sentence == _docstring(ROOT / folder / "__init__.py")


def test_files_are_short() -> None:
    """What is longer is two files, unless it is a table of data, or a map."""
    lines = {file: len((ROOT / file).read_text("utf-8").splitlines()) for file in _files()}
    long = {file for file, count in lines.items() if count > LONGEST_FILE}
    assert [] == sorted(file for file in long if not file.startswith(TABLES))


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


def test_an_installation_has_all_folders() -> None:
    """A folder that the list of packages forgets is missing in an installed program."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = {_folder(file).replace("/", ".") for file in _files()}
    data = {"resources", "resources.manual"}
    assert sorted(folders | data) == settings["tool"]["setuptools"]["packages"]
