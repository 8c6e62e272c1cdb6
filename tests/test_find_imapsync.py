"""Where imapsync is looked for."""

from pathlib import Path

import pytest

from core.imapsync.find import can_start, find_imapsync


def put(file: Path, *, executable: bool = True) -> Path:
    """Put a program into its place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755 if executable else 0o644)
    return file


@pytest.mark.only_on("posix", reason="Windows looks for .exe only")
def test_the_path_comes_first(tmp_path: Path) -> None:
    """Then the folder of this program."""
    beside = put(tmp_path / "program" / "imapsync")
    environ = {"PATH": str(tmp_path / "bin")}
    assert beside == find_imapsync(environ, platform="linux", beside=beside.parent)
    on_path = put(tmp_path / "bin" / "imapsync")
    assert on_path == find_imapsync(environ, platform="linux", beside=beside.parent)


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("win32", "USERPROFILE", "Downloads/imapsync_2.312/imapsync.exe"),
        ("win32", "USERPROFILE", "Downloads/imapsync_2.312/imapsync_2.312/imapsync.exe"),
        ("win32", "ProgramFiles", "imapsync/imapsync.exe"),
        ("win32", "ProgramFiles(x86)", "imapsync/imapsync.exe"),
        ("linux", "HOME", ".local/bin/imapsync"),
        ("linux", "HOME", "imapsync-2.229/imapsync"),
    ],
)
def test_the_usual_folders(platform: str, variable: str, place: str, tmp_path: Path) -> None:
    """A variable that is not set is no error."""
    file = put(tmp_path / place)
    found = find_imapsync({variable: str(tmp_path)}, platform=platform, beside=tmp_path / "none")
    assert file == found


def test_the_newest_version_is_found(tmp_path: Path) -> None:
    """By the name of its folder."""
    files = [put(tmp_path / f"imapsync-2.{n}" / "imapsync.exe") for n in (229, 312)]
    assert files[1] == find_imapsync({"USERPROFILE": str(tmp_path)}, platform="win32")


@pytest.mark.only_on("posix", reason="Windows has no modes")
def test_what_cannot_be_started_is_not_found(tmp_path: Path) -> None:
    """A script without its mode, or a folder of that name."""
    put(tmp_path / "bin" / "imapsync", executable=False)
    (tmp_path / "beside" / "imapsync").mkdir(parents=True)
    environ = {"HOME": str(tmp_path), "PATH": ""}
    assert None is find_imapsync(environ, platform="none", beside=tmp_path / "beside")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("imapsync.exe", True), ("imapsync.BAT", True), ("imapsync.txt", False), ("imapsync", False)],
)
def test_what_windows_can_start(name: str, expected: bool, tmp_path: Path) -> None:
    """It tells by the end of the name."""
    assert expected is can_start(put(tmp_path / name), platform="win32")
