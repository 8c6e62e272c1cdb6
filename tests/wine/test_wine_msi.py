"""The MSI package: installed, replaced by a newer one and removed, without a question."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import msi
from bed import install
from bed.fixtures import do_without
from bed.install import MissingPart
from project import VERSION
from wine.build import Programs
from wine.prefix import Wine, windows_path

NEWER = "0.9.9"


@pytest.fixture
def archive(programs: Programs, tmp_path: Path) -> Path:
    """The zip file of the build, in a folder of its own."""
    try:
        install.wixl()
    except MissingPart as missing:
        do_without(missing)
    return Path(shutil.copy(next(programs.dist.glob("*.zip")), tmp_path))


def test_it_installs_and_leaves_nothing_behind(
    archive: Path, windows: Wine, programs: Programs
) -> None:
    """All files of the zip file, a program that runs, and its entry in the start menu."""
    package = windows_path(msi.make(archive))
    installed = windows.drive_c / "Program Files" / "oauth2_imap"

    windows.run("msiexec", "/i", package, "/qn")
    expected = {file.relative_to(programs.folder) for file in programs.folder.rglob("*")}
    assert expected == {file.relative_to(installed) for file in installed.rglob("*")}
    said = windows.run(windows.path(installed / "oauth2_imap_cli.exe"), "--version")
    assert f"oauth2_imap {VERSION}" == said.strip()
    assert ["oauth2_imap.lnk"] == [file.name for file in in_start_menu(windows)]

    windows.run("msiexec", "/x", package, "/qn")
    assert not installed.exists()
    assert [] == in_start_menu(windows)


def test_a_newer_one_takes_its_place(archive: Path, windows: Wine) -> None:
    """Windows knows it by its code, so only one is installed; a file of the user stays."""
    older = windows_path(msi.make(archive))
    windows.run("msiexec", "/i", older, "/qn")
    installed = windows.drive_c / "Program Files" / "oauth2_imap"
    (installed / "mine.txt").write_text("mine")
    other = archive.rename(archive.with_stem("newer"))
    newer = windows_path(msi.make(other, NEWER))

    windows.run("msiexec", "/i", newer, "/qn")
    assert (installed / "oauth2_imap.exe").exists()
    removed, _ = windows.outcome("msiexec", "/x", older, "/qn")
    assert removed != 0  # it isn't installed any more

    windows.run("msiexec", "/x", newer, "/qn")
    assert ["mine.txt"] == [file.name for file in installed.iterdir()]


def in_start_menu(windows: Wine) -> list[Path]:
    """Its entries; Wine puts them into the user's menu."""
    return [file for file in windows.drive_c.rglob("oauth2_imap*.lnk") if "Start Menu" in str(file)]
