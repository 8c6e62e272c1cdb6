"""Private files: nobody else can read them, nothing is overwritten, a failure leaves nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import AppError
from core.files import (
    create_private,
    free_path,
    make_folder,
    make_private_folder,
    read_regular,
    replace_private,
    write_private,
)
from privileges import NOBODY, run_as_nobody, small_disk

POSIX = pytest.mark.only_on("posix", reason="Windows has no modes, and links need a privilege")
# As nobody on a small disk: the writer's name and the path are the arguments.
TOO_LARGE = """
from core import files
try:
    getattr(files, sys.argv[1])(Path(sys.argv[2]), bytes(1 << 20))
except OSError as exc:
    print(exc.strerror)
"""


def mode(path: Path) -> int:
    """The permission bits."""
    return path.stat().st_mode & 0o777


@POSIX
@pytest.mark.parametrize("write", [write_private, replace_private])
@pytest.mark.parametrize("umask", [0o022, 0, 0o077])
def test_a_new_file_is_private(
    write: Callable[[Path, bytes], None], umask: int, tmp_path: Path
) -> None:
    """Whatever the umask is."""
    path = tmp_path / "file"
    before = os.umask(umask)
    try:
        write(path, b"content")
    finally:
        os.umask(before)

    assert (0o600, b"content") == (mode(path), path.read_bytes())
    assert [path] == list(tmp_path.iterdir())


def test_content_is_written_as_it_is(tmp_path: Path) -> None:
    """Line ends are not translated, on Windows neither."""
    content = b"one\ntwo\r\n\0\x1a" * 100_000
    write_private(tmp_path / "one", content)
    replace_private(tmp_path / "other", content)

    assert content == (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    """What is there stays, and the caller learns of it."""
    path = tmp_path / "file"
    path.write_bytes(b"precious")
    for create in (create_private, lambda path: write_private(path, b"content")):
        with pytest.raises(FileExistsError):
            create(path)

    assert b"precious" == path.read_bytes()


@POSIX
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Somebody else may have placed it: nothing is written where it points."""
    link, elsewhere = tmp_path / "link", tmp_path / "elsewhere"
    link.symlink_to(elsewhere)
    with pytest.raises(FileExistsError):
        write_private(link, b"secret")

    assert not elsewhere.exists()


@POSIX
def test_a_replaced_file_is_private(tmp_path: Path) -> None:
    """Even if the old one was not, and a link or an open file was left as the new one."""
    path, new, elsewhere = tmp_path / "file", tmp_path / "file.new", tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    for plant in (os.symlink, os.link):
        path.write_bytes(b"old")
        path.chmod(0o644)
        plant(elsewhere, new)
        replace_private(path, b"secret")

        assert (0o600, b"secret") == (mode(path), path.read_bytes())
        assert b"precious" == elsewhere.read_bytes()
        assert not new.exists()


@pytest.mark.parametrize("writer", ["write_private", "replace_private"])
def test_a_full_disk_leaves_nothing(writer: str) -> None:
    """The old file is unchanged, and no part of the new content is left."""
    with small_disk("64k") as disk:
        path = disk / "file"
        if writer == "replace_private":
            path.write_bytes(b"old")
            os.chown(path, NOBODY, NOBODY)
        before = {file.name: file.read_bytes() for file in disk.iterdir()}
        printed = run_as_nobody(TOO_LARGE, writer, path)
        after = {file.name: file.read_bytes() for file in disk.iterdir()}

    assert "No space left on device\n" == printed
    assert before == after


def test_what_can_not_be_replaced_stays(tmp_path: Path) -> None:
    """A folder is in the way: it is unchanged, and the new content isn't left beside it."""
    path = tmp_path / "file"
    path.mkdir()
    (path / "full").touch()
    with pytest.raises(OSError, match="file"):
        replace_private(path, b"secret")

    assert [path] == list(tmp_path.iterdir())


@POSIX
def test_a_free_path_has_nothing(tmp_path: Path) -> None:
    """Neither a file, nor a folder, nor a broken link."""
    names = [tmp_path / name for name in ("file", "folder", "link", "free", "free too")]
    names[0].touch()
    names[1].mkdir()
    names[2].symlink_to(tmp_path / "nowhere")

    assert names[3] == free_path(names)


def test_a_read_has_a_limit(tmp_path: Path) -> None:
    """A file that is too large is not read whole."""
    (tmp_path / "file").write_bytes(b"0123456789\r\n")

    assert b"0123" == read_regular(tmp_path / "file", limit=4)
    assert b"0123456789\r\n" == read_regular(tmp_path / "file", limit=100)


@pytest.mark.only_on("posix", reason="on Windows, links need a privilege and pipes are no files")
@pytest.mark.timeout(10)
def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    """A pipe would hang; a link is followed unless the caller doesn't want it."""
    pipe, file, link = tmp_path / "pipe", tmp_path / "file", tmp_path / "link"
    os.mkfifo(pipe)
    file.write_bytes(b"content")
    link.symlink_to(file)

    with pytest.raises(OSError, match="Not a regular file"):
        read_regular(pipe, limit=100)
    with pytest.raises(OSError, match="link"):
        read_regular(link, limit=100, follow=False)
    assert b"content" == read_regular(link, limit=100)


@pytest.mark.only_on("posix", reason="Windows keeps access in access lists")
def test_nobody_else_writes_in_the_folders_above(tmp_path: Path) -> None:
    """Whatever the umask is: others could replace the private folder."""
    before = os.umask(0)
    try:
        make_private_folder(tmp_path / "one" / "two" / "private")
    finally:
        os.umask(before)

    assert [0o755, 0o755, 0o700] == [
        mode(tmp_path / name) for name in ("one", "one/two", "one/two/private")
    ]


@pytest.mark.parametrize("make", [make_private_folder, make_folder])
def test_a_new_folder_is_private(make: Callable[[Path], None], tmp_path: Path) -> None:
    """And it may be there already; above it nothing is made private."""
    folder = tmp_path / "above" / "tokens"
    make(folder)
    make(folder)

    assert folder.is_dir()
    if os.name != "nt":
        assert 0o700 == mode(folder)
        assert 0o700 != mode(folder.parent)


def test_a_folder_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    """In a sentence that names the folder."""
    folder = tmp_path / "file" / "tokens"
    folder.parent.touch()
    with pytest.raises(AppError) as raised:
        make_folder(folder)

    assert ("folder_not_made", {"folder": folder}) == (
        raised.value.verdict.id,
        raised.value.parameters,
    )
