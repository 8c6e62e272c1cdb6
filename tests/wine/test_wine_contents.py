"""What is inside the programs, and what is not."""

import ast
import hashlib
import re
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PyInstaller.archive.readers import CArchiveReader

import core
from core.i18n.translation import DOMAIN, ENGLISH, LANGUAGES
from wine.build import Programs
from wine.install import ROOT, VERSION

sys.path.append(str(ROOT / "release"))
from left_out import QT, module_stays_out, modules, stays_out  # beside the spec, which uses it too

NAMES = ("window", "terminal")
# MB; docs/PERFORMANCE.md compares them with a bare window, whose build takes minutes.
LARGEST = {"window": 33.0, "terminal": 14.8}
GUI, CONSOLE = 2, 3  # IMAGE_SUBSYSTEM_WINDOWS_GUI and _CUI
STARTS = {"core.__main__", "gui.__main__", "gui.launch"}  # each program has its own
ELSEWHERE = {"jeepney", "keyring", "secretstorage"}  # Linux; Windows has msal_extensions


Paths = Mapping[str, Path]


@pytest.fixture(scope="session")
def paths(programs: Programs) -> Paths:
    """Return the paths of the programs by name."""
    return {"window": programs.window, "terminal": programs.terminal}


def _archive(paths: Paths, name: str) -> CArchiveReader:
    return CArchiveReader(str(paths[name]))


def _modules(archive: CArchiveReader) -> set[str]:
    names = set(archive.open_embedded_archive("PYZ.pyz").toc)
    return names | {Path(name.replace("\\", "/")).name.split(".")[0] for name in archive.toc}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_binary(name: str) -> bool:
    return name.lower().endswith((".dll", ".pyd", ".exe"))


@pytest.mark.parametrize("name", NAMES)
def test_every_binary_is_of_python_or_of_a_wheel(
    paths: Paths, windows_python: Path, name: str
) -> None:
    """Each file is the same byte for byte; none is of Wine or a stand-in."""
    known = {_digest(f.read_bytes()) for f in windows_python.rglob("*") if _is_binary(f.name)}
    archive = _archive(paths, name)
    binaries = [entry for entry in archive.toc if _is_binary(entry)]
    assert f"python{VERSION.replace('.', '')}.dll" in binaries
    assert [] == [entry for entry in binaries if _digest(archive.extract(entry)) not in known]


@pytest.mark.parametrize("name", NAMES)
def test_what_stays_out_is_out(paths: Paths, windows_python: Path, name: str) -> None:
    """Parts of Qt that PyInstaller would include, and unused libraries, are left out."""
    archive = _archive(paths, name)
    assert [] == [entry for entry in archive.toc if stays_out(entry)]
    inside = _modules(archive)
    assert set() == inside & set(modules("win32"))
    assert [] == [module for module in inside if module_stays_out(module)]
    assert "pyi_rth_multiprocessing" not in inside
    assert any(stays_out(str(file)) for file in windows_python.rglob("PySide6/*"))


@pytest.mark.parametrize("name", NAMES)
def test_the_languages_are_inside(paths: Paths, name: str) -> None:
    """Our catalogues in both programs; in the window, those of Qt in the same languages."""
    inside = {entry.replace("\\", "/") for entry in _archive(paths, name).toc}
    for code in (code for code in LANGUAGES if code != ENGLISH):
        assert f"resources/locale/{code}/LC_MESSAGES/{DOMAIN}.mo" in inside
    translations = {entry.rpartition("/")[2] for entry in inside if entry.endswith(".qm")}
    assert ({"qtbase_de.qm", "qtbase_fr.qm"} if name == "window" else set()) == translations


def test_the_manual_is_inside(paths: Paths) -> None:
    """The page about the window, in each language, byte for byte."""
    archive = _archive(paths, "window")
    inside = {entry.replace("\\", "/"): entry for entry in archive.toc}
    pages = sorted((ROOT / "docs").glob("WINDOW*.md"))
    assert len(LANGUAGES) == len(pages)
    for page in pages:
        assert page.read_bytes() == archive.extract(inside[f"resources/manual/{page.name}"])


@pytest.mark.parametrize("name", NAMES)
def test_no_library_is_in_it_twice(paths: Paths, name: str) -> None:
    """Windows loads a library of one name once."""
    libraries = [Path(e.replace("\\", "/")).name.lower() for e in _archive(paths, name).toc]
    assert [] == [e for e in set(libraries) if e.endswith(".dll") and libraries.count(e) > 1]


def test_the_terminal_program_has_no_qt(paths: Paths) -> None:
    """It has neither modules nor libraries of Qt."""
    archive = _archive(paths, "terminal")
    assert set() == _modules(archive) & {*QT, "gui"}
    assert [] == [entry for entry in archive.toc if "qt6" in entry.lower()]


def _imported(folder: str) -> Iterator[str]:
    """Yield the first names of all imports of a package, even those in functions."""
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


def _own_modules(folder: str) -> set[str]:
    files = (file.relative_to(ROOT).with_suffix("") for file in (ROOT / folder).rglob("*.py"))
    return {".".join(file.parts).removesuffix(".__init__") for file in files}


@pytest.mark.parametrize(("name", "folders"), [("window", ["core", "gui"]), ("terminal", ["core"])])
def test_whatever_is_imported_late_is_inside(paths: Paths, name: str, folders: list[str]) -> None:
    """Every module of ours is inside, and every library that one of them imports."""
    inside = _modules(_archive(paths, name))
    for folder in folders:
        assert set() == _own_modules(folder) - STARTS - inside
        libraries = set(_imported(folder)) - sys.stdlib_module_names - ELSEWHERE
        assert libraries
        assert set() == libraries - inside


def _utf16(text: str) -> bytes:
    return re.escape(f"{text}\0".encode("utf-16-le"))


@pytest.mark.parametrize("name", NAMES)
def test_windows_is_told_what_it_is(paths: Paths, name: str) -> None:
    """The programs have the version, the icon in all sizes, and the manifest."""
    content = paths[name].read_bytes()
    for key, value in (
        ("FileVersion", core.__version__),
        ("OriginalFilename", paths[name].name),
        ("CompanyName", "The oauth2_imap authors"),
        ("Comments", "For Windows 10 version 1809 or newer, 64-bit"),
    ):
        assert re.search(_utf16(key) + rb"(\0\0)?" + _utf16(value), content)
    assert b">UTF-8</activeCodePage>" in content
    assert b">true</longPathAware>" in content
    assert b">PerMonitorV2</dpiAwareness>" in content
    icon = (ROOT / "resources" / "icons" / "oauth2_imap.ico").read_bytes()
    for number in range(struct.unpack_from("<H", icon, 4)[0]):
        length, place = struct.unpack_from("<II", icon, 6 + 16 * number + 8)
        assert icon[place : place + length] in content


@pytest.mark.parametrize(("name", "kind"), [("window", GUI), ("terminal", CONSOLE)])
def test_only_the_terminal_program_has_a_console(paths: Paths, name: str, kind: int) -> None:
    """The field Subsystem of the optional header says so."""
    content = paths[name].read_bytes()
    header = struct.unpack_from("<I", content, 0x3C)[0]
    assert kind == struct.unpack_from("<H", content, header + 24 + 68)[0]


def test_they_are_small(paths: Paths) -> None:
    """Whoever makes them larger decides so, and writes the reason into docs/PERFORMANCE.md."""
    sizes = {name: path.stat().st_size / 1e6 for name, path in paths.items()}
    assert {} == {name: size for name, size in sizes.items() if size > LARGEST[name]}
