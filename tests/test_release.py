"""Tests of the release scripts: hashes, licences, manifests, zip files, signatures, first start."""

import hashlib
import json
import os
import re
import subprocess
import time
import zipfile
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from xml.etree import ElementTree

import psutil
import pytest

import checksums
import core
import distributions
import first_start
import folder
import licences
import manifests
import msi
import project
import sign
from first_start import Start
from project import BuildProblem
from servers import AT_ONCE

ROOT = project.ROOT
posix = pytest.mark.only_on("posix", reason="the stand-in is a shell script")


def _script(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def test_the_hashes_are_those_of_the_files(tmp_path: Path) -> None:
    """The file has sha256sum's format, sorted by name, without folders and without itself."""
    (tmp_path / "b.exe").write_bytes(b"b")
    (tmp_path / "a.zip").write_bytes(b"a")
    (tmp_path / "folder").mkdir()
    checksums.write(tmp_path)
    sums = checksums.write(tmp_path)  # again, since SHA256SUMS exists now
    a, b = (hashlib.sha256(content).hexdigest() for content in (b"a", b"b"))
    assert f"{a}  a.zip\n{b}  b.exe\n".encode() == sums.read_bytes()
    assert {"a.zip": a, "b.exe": b} == checksums.read(sums)


def _pinned() -> set[str]:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE))


def test_what_the_program_needs_is_found_and_pinned() -> None:
    """Indirect requirements are included, test tools are not, and all are pinned."""
    names = {distributions.name_of(dist) for dist in distributions.runtime_closure()}
    assert {
        "msal",
        "pyjwt",
        "shiboken6",
        "urllib3",
        "pyasn1",
    } <= names  # google-auth requires pyasn1
    assert set() == names & {"pytest", "pyinstaller", "ruff"}
    assert set() == names - _pinned()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("app", ["app", "always"]),
        ("app[more]", ["app", "always", "extra"]),
        ("app[more]; python_version < '3'", []),
    ],
)
def test_extras_and_markers_are_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, expected: list[str]
) -> None:
    """Only requirements for this system and the requested extras are included."""
    needs = ["always", "extra; extra == 'more'", "never; sys_platform == 'other'"]
    for name, requires in (("app", needs), ("always", []), ("extra", [])):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        lines = [f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {r}" for r in requires)]
        (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *lines, ""]))
    monkeypatch.syspath_prepend(tmp_path)
    found = [distributions.name_of(dist) for dist in distributions.closure([wanted])]
    assert sorted(expected) == found


def test_every_licence_is_gathered() -> None:
    """The file holds all licences of the program, and how to relink Qt."""
    text = licences.gather()
    needed = [*distributions.runtime_closure(), *distributions.build_parts()]
    titles = [f"\n{distributions.name_of(dist)} {dist.version}: " for dist in needed]
    assert [] == [title for title in titles if title not in text]
    parts = (
        "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2",
        "\nOpenSSL ",
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "Bootloader Exception",
        f"git clone {core.REPOSITORY}",
        (ROOT / "LICENSE").read_text("utf-8").strip(),
    )
    assert [] == [part for part in parts if part not in text]


def _bare_distribution(folder: Path, *, licence: str = "") -> Distribution:
    info = folder / "bare-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bare\nVersion: 1.0\n")
    (info / "RECORD").write_text("bare-1.0.dist-info/METADATA,,\n")
    if licence:
        (info / "LICENCE.txt").write_text(licence)
        (info / "RECORD").write_text("bare-1.0.dist-info/LICENCE.txt,,\n")
    return PathDistribution(info)


def test_a_library_without_a_licence_text_ends_the_build(tmp_path: Path) -> None:
    """The error names the library."""
    with pytest.raises(BuildProblem, match=r"bare 1\.0 has no licence text"):
        licences.licence_texts(_bare_distribution(tmp_path))


def test_a_licence_text_is_taken_from_the_distribution(tmp_path: Path) -> None:
    """The distribution's own licence file is used, whatever its name."""
    assert ["Do what you like."] == licences.licence_texts(
        _bare_distribution(tmp_path, licence="Do what you like.")
    )


@pytest.mark.parametrize("name", licences.CHOICES)
def test_qt_is_used_under_the_lgpl_on_every_system(name: str, tmp_path: Path) -> None:
    """Its wheels offer that in their metadata; those for Windows hold only a commercial text."""
    info = tmp_path / f"{name}-6.0.dist-info"
    (info / "licenses").mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 6.0\n")
    (info / "licenses" / "LicenseRef-Qt-Commercial.txt").write_text("commercial")
    (info / "RECORD").write_text(f"{info.name}/licenses/LicenseRef-Qt-Commercial.txt,,\n")
    for dist in (PathDistribution(info), Distribution.from_name(name)):
        assert "LGPL-3.0-only" == licences.licence_name(dist)
        lesser, general = licences.licence_texts(dist)
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in lesser
        assert "GNU GENERAL PUBLIC LICENSE" in general


@pytest.mark.parametrize("name", licences.CHOICES)
def test_a_choice_is_offered_and_still_needed(name: str) -> None:
    """The metadata offer the licence, and the distribution doesn't hold its text."""
    dist = Distribution.from_name(name)
    assert licences.CHOICES[name].name in dist.metadata["License"].split(" OR ")
    own = [f for f in dist.files or () if "licen" in str(f).lower().split(".dist-info/")[-1]]
    assert [] == [str(f) for f in own if f.name != "LicenseRef-Qt-Commercial.txt"]


def test_the_manifests_name_this_version_and_its_hash(tmp_path: Path) -> None:
    """All four manifests are filled in from one version and one SHA256SUMS."""
    sums = tmp_path / "SHA256SUMS"
    digest = hashlib.sha256(b"zip").hexdigest()
    sums.write_text(f"{digest}  {manifests.ARCHIVE}\n")
    written = {file.name: file.read_text("utf-8") for file in manifests.write(sums, tmp_path / "m")}
    winget = {_kind(text): text for name, text in written.items() if name.endswith(".yaml")}
    assert {"version", "installer", "defaultLocale"} == set(winget)
    assert len(winget) + 1 == len(written)
    for text in winget.values():
        assert f"\nPackageVersion: {core.__version__}\n" in text
        assert re.search(r"^PackageIdentifier: [\w-]+\.oauth2_imap$", text, re.MULTILINE)
    assert f"    InstallerSha256: {digest.upper()}\n" in winget["installer"]
    scoop = json.loads(written["oauth2_imap.json"])
    assert core.__version__ == scoop["version"]
    one = scoop["architecture"]["64bit"]
    assert digest == one["hash"]
    assert f"    InstallerUrl: {one['url']}\n" in winget["installer"]
    assert one["url"].endswith(f"/v{core.__version__}/{manifests.ARCHIVE}")


def _kind(manifest: str) -> str:
    found = re.search(r"^ManifestType: (\w+)$", manifest, re.MULTILINE)
    assert found is not None
    return found[1]


def test_manifests_of_another_release_are_refused(tmp_path: Path) -> None:
    """A SHA256SUMS without this version's zip file is refused."""
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  oauth2_imap-9.9.9-windows-x86_64.zip\n")
    with pytest.raises(BuildProblem, match="another version"):
        manifests.write(tmp_path / "SHA256SUMS", tmp_path)


def test_the_version_is_written_in_one_place() -> None:
    """All parts of a release read the version from core/__init__.py."""
    listed = ["pyproject.toml", "*.bat", "*.sh", "*.spec", "release", ".github", "core", "gui"]
    done = subprocess.run(
        ["git", "grep", "--files-with-matches", "--fixed-strings", core.__version__, "--", *listed],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ["core/__init__.py"] == done.stdout.splitlines()


def test_a_zip_file_depends_on_its_content_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times and order of the files have no influence on the zip file."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for number, names in enumerate((["a", "b/c"], ["b/c", "a"])):
        for name in names:
            file = tmp_path / str(number) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name)
            os.utime(file, (number, number))
        folder.pack(tmp_path / str(number), tmp_path / f"{number}.zip")
    assert (tmp_path / "0.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "0.zip") as archive:
        assert ["oauth2_imap/a", "oauth2_imap/b/c"] == archive.namelist()
        assert {(2023, 11, 14, 22, 13, 20)} == {info.date_time for info in archive.infolist()}


def test_without_a_certificate_nothing_is_signed(tmp_path: Path) -> None:
    """Without a certificate the script says that nothing is signed."""
    assert "not signed" in sign.sign([tmp_path / "x.exe"], {}, "win32")


def test_only_windows_programs_are_signed(tmp_path: Path) -> None:
    """A configured certificate on another system is an error, and not ignored."""
    with pytest.raises(BuildProblem, match="only Windows programs"):
        sign.sign([tmp_path / "x"], {sign.THUMBPRINT: "ab"}, "linux")


@posix
def test_signtool_gets_the_certificate_and_every_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """signtool gets a time stamp server, and SHA-256 for both hashes."""
    _script(tmp_path / "signtool", f'echo "$*" >{tmp_path}/called')
    monkeypatch.setenv("PATH", str(tmp_path))
    said = sign.sign([Path("a.exe"), Path("b.exe")], {sign.THUMBPRINT: "ab12"}, "win32")
    assert "The programs are signed with ab12" == said
    called = (tmp_path / "called").read_text()
    stamp = "/tr http://timestamp.digicert.com /td SHA256"
    assert f"sign /sha1 ab12 /fd SHA256 {stamp} a.exe b.exe\n" == called


@posix
@pytest.mark.parametrize(
    ("there", "said"), [(True, "signtool failed"), (False, "is not on the PATH")]
)
def test_a_signature_that_fails_ends_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, said: str
) -> None:
    """A failing and a missing signtool are errors."""
    if there:
        _script(tmp_path / "signtool", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildProblem, match=said):
        sign.sign([Path("a.exe")], {sign.THUMBPRINT: "ab12"}, "win32")


@posix
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["echo hello"], ""),
        (["echo bye"], "'hello' was expected"),
        (["echo hello", "echo broken >&2", "exit 3"], "failed with exit code 3:\nbroken"),
    ],
    ids=["right", "other words", "failure"],
)
def test_the_first_start_is_judged(tmp_path: Path, lines: list[str], said: str) -> None:
    """A start must print the expected text and return exit code 0."""
    _script(tmp_path / "greet", *lines)
    starts = [Start("greet", ("--now",), "hello")]
    if not said:
        first_start.start_all(tmp_path, starts)
        return
    with pytest.raises(BuildProblem, match=said):
        first_start.start_all(tmp_path, starts)


@posix
@pytest.mark.timeout(30)
def test_a_start_that_never_ends_is_ended(tmp_path: Path) -> None:
    """A start that takes too long is killed with its child, since a program is two processes."""
    _script(tmp_path / "greet", "sleep 60 &", 'echo $! > "$(dirname "$0")/pid"', "wait")
    with pytest.raises(BuildProblem, match=r"greet did not run: .* timed out after 1 seconds"):
        first_start.start_all(tmp_path, [Start("greet", ())], seconds=1)
    child = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + AT_ONCE
    while _runs(child):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    """Whether a process runs; a zombie doesn't run."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_program_that_is_not_there_ends_the_build(tmp_path: Path) -> None:
    """A missing program is an error."""
    with pytest.raises(BuildProblem, match=r"oauth2_imap_cli.* did not run"):
        first_start.start_all(tmp_path)


def test_the_msi_package_has_each_file_once(tmp_path: Path) -> None:
    """Each file is a component of its own, which is the same one in the next version."""
    for name in ("oauth2_imap.exe", "_internal/base.dll", "_internal/ü (1)/base.dll"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    old, new = (ElementTree.fromstring(msi.document(tmp_path, v)) for v in ("1.0.0", "1.0.1"))  # noqa: S314  # our own

    def ids(document: ElementTree.Element, tag: str, key: str) -> list[str]:
        return [
            e.attrib[key]
            for e in document.iter(f"{{http://schemas.microsoft.com/wix/2006/wi}}{tag}")
        ]

    files = ["oauth2_imap/_internal/base.dll", "oauth2_imap/_internal/ü (1)/base.dll"]
    assert [*files, "oauth2_imap/oauth2_imap.exe"] == ids(old, "File", "Source")
    assert 3 == len({*ids(old, "Component", "Guid")}) == len({*ids(old, "File", "Id")})
    assert ids(old, "Component", "Guid") == ids(new, "Component", "Guid")
    assert ids(old, "ComponentRef", "Id") == ids(old, "Component", "Id")
    assert ids(old, "Product", "UpgradeCode") == ids(new, "Product", "UpgradeCode")
    assert ids(old, "Product", "Id") != ids(new, "Product", "Id")
