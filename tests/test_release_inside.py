"""Tests of the bill of materials and of the comparison of two builds.

The archives are written by PyInstaller's own writers, without the loader. They are read in the same
way as a complete program.
"""

import json
import sys
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from cyclonedx.model.bom import Bom
from PyInstaller.archive.writers import CArchiveWriter, ZlibArchiveWriter

import compare
import core
import sbom
from inside import PYTHON, SYSTEM, Entry, Origins
from project import BuildProblem

LIBRARY = next(
    Path(str(file.locate()))
    for file in distribution("cffi").files or ()
    if file.name.startswith("_cffi_backend.")
)


def _program(file: Path, *modules: str, constant: int = 0) -> Path:
    """Write a program with these modules, our own data file and a library of cffi."""
    code = {name: compile(f"x = {constant}", name, "exec") for name in modules}
    archive = file.with_suffix(".pyz")
    ZlibArchiveWriter(str(archive), [(name, f"{name}.py", "PYMODULE") for name in modules], code)
    data = file.with_suffix(".toml")
    data.write_text("[office365]\n")
    parts = [
        ("PYZ.pyz", str(archive), False, "z"),
        ("resources/providers.toml", str(data), True, "x"),
        (LIBRARY.name, str(LIBRARY), False, "b"),
    ]
    CArchiveWriter(str(file), parts, "libpython3.so")
    archive.unlink()
    data.unlink()
    return file


def test_the_bill_lists_what_is_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bill lists both programs with their hashes and contents, but nothing else installed."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    window = _program(tmp_path / "window", "core.mailbox.job", "json.decoder", "idna.core")
    terminal = _program(tmp_path / "terminal", "core.mailbox.job", "json.decoder")
    sbom.write([window, terminal], tmp_path / "bill.json")
    content = json.loads((tmp_path / "bill.json").read_text("utf-8"))
    bill = Bom.from_json(content)  # type: ignore[attr-defined]  # a decorator adds it
    assert bill.metadata.component is not None
    assert core.__version__ == bill.metadata.component.version
    named = {component.name: component for component in bill.components}
    assert {"window", "terminal", "CPython", "cffi", "idna"} == set(named)
    idna = distribution("idna")
    assert (idna.version, f"pkg:pypi/idna@{idna.version}") == (
        named["idna"].version,
        str(named["idna"].purl),
    )
    assert [LIBRARY.name] == [file.name for file in named["cffi"].components]
    assert {
        "window": {"python", "cffi", "idna"},
        "terminal": {"python", "cffi"},
    } == {
        d.ref.value: {inside.ref.value for inside in d.dependencies}
        for d in bill.dependencies
        if d.ref.value in ("window", "terminal")
    }


def test_the_same_programs_give_the_same_bill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal programs give equal files, without random values or the current time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    program = _program(tmp_path / "program", "idna.core", "msal.oauth2cli", "requests.api")
    for name in ("one", "other"):
        sbom.write([program], tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize("module", ["pytest", "nobody.knows.this"])
def test_what_does_not_belong_inside_ends_the_build(tmp_path: Path, module: str) -> None:
    """A test tool and a module of unknown origin inside a program are errors."""
    program = _program(tmp_path / "program", "idna.core", module)
    with pytest.raises(BuildProblem, match=rf"{module} .* is in the programs"):
        sbom.write([program], tmp_path / "bill")


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        (Entry("google.auth.credentials", "", is_module=True), "google-auth"),
        (Entry("google_auth_oauthlib.flow", "", is_module=True), "google-auth-oauthlib"),
        (Entry("PySide6/__init__.py", ""), "pyside6-essentials"),
        (Entry("core.cli.runner", "", is_module=True), "oauth2_imap"),
        (Entry("resources/LICENSES.txt", ""), "oauth2_imap"),
        (Entry("pyi_rth_pyside6", "", is_module=True), "pyinstaller"),
        (Entry("base_library.zip", ""), PYTHON),
        (Entry("_ssl.pyd", ""), PYTHON),
        (Entry("libcrypto-3.dll", ""), "openssl"),
        (Entry("libX11.so.6", ""), SYSTEM),
    ],
    ids=lambda value: value.name if isinstance(value, Entry) else "",
)
def test_where_a_part_came_from(entry: Entry, origin: str) -> None:
    """The origin is a distribution, this project, Python, the loader, or the system."""
    assert origin == Origins(distributions()).of(entry)


@pytest.mark.parametrize(
    ("name", "is_module", "expected"),
    [
        ("libssl-3.dll", False, True),
        ("libQt6Core.so.6", False, True),
        ("_ssl.cpython-312-darwin.so", False, True),
        ("ctypes.macholib.dylib", True, False),
        ("certifi/cacert.pem", False, False),
    ],
)
def test_what_is_code_for_the_processor(name: str, is_module: bool, expected: bool) -> None:
    """Libraries and extension modules are machine code; a module with such a name is not."""
    assert expected == Entry(name, "", is_module).is_binary


def _builds(folder: Path) -> tuple[Path, Path]:
    one, other = folder / "one", folder / "other"
    one.mkdir()
    other.mkdir()
    return one, other


def test_the_part_that_differs_is_named(tmp_path: Path) -> None:
    """A difference inside a program is named, down to the module."""
    one, other = _builds(tmp_path)
    _program(one / "program", "idna.core", "json.decoder", constant=1)
    _program(other / "program", "idna.core", constant=2)
    (one / "notes.txt").write_text("a")
    (other / "notes.txt").write_text("b")
    (other / "new.txt").touch()
    assert [
        "new.txt: only in the second",
        "notes.txt: differs",
        "program: idna.core: differs",
        "program: json.decoder: only in the first",
    ] == list(compare.differences(one, other))


def test_two_equal_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Equal builds give exit code 0."""
    one, other = _builds(tmp_path)
    for folder in (one, other):
        _program(folder / "program", "idna.core")
    monkeypatch.setattr(sys, "argv", ["compare.py", str(one), str(other)])
    assert (0, "No differences.\n") == (compare.main(), capsys.readouterr().out)
