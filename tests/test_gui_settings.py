"""What the window remembers: typed, private, and never a reason not to start."""

import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from core.paths import SETTINGS_FILE
from gui.model.settings import MOST_ADDRESSES, Settings
from privileges import NOBODY, need_root


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of the settings; its folder doesn't exist yet."""
    return tmp_path / "config" / SETTINGS_FILE


def _written(file: Path, content: str | bytes) -> Settings:
    file.parent.mkdir()
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Settings(file)


def _reread(settings: Settings) -> Settings:
    """Read a copy of the file, since Qt caches what it wrote to a path."""
    assert settings.save()
    copy = settings.path.with_name(f"copy{os.urandom(4).hex()}.ini")
    shutil.copy(settings.path, copy)
    return Settings(copy)


def test_everything_has_a_default(file: Path) -> None:
    """So the first start needs no file."""
    settings = Settings(file)
    assert "" == settings.problem
    assert [] == list(settings.addresses)
    assert (True, 30, frozenset()) == (
        settings.keep_refreshing,
        settings.interval_minutes,
        settings.kept,
    )
    assert ("", "", b"") == (settings.token_folder, settings.ca_file, settings.geometry)
    assert (False, None, False, True) == (
        settings.close_to_tray,
        settings.protect,
        settings.keep_awake,
        settings.show_log,
    )


def test_everything_is_remembered(file: Path) -> None:
    """At once and by the next start."""
    names = ('/tokens/a,b;c "é".txt', "/tokens/second.txt")
    kept = frozenset(os.path.abspath(name) for name in names)
    settings = Settings(file)
    settings.remember_address("you@example.com")
    settings.keep_refreshing, settings.interval_minutes, settings.kept = True, 1440, kept
    settings.token_folder, settings.ca_file = str(file.parent), str(file)
    settings.geometry, settings.protect = bytes(range(256)), True
    settings.close_to_tray, settings.keep_awake, settings.show_log = True, True, False
    for read in (settings, _reread(settings)):
        assert ["you@example.com"] == list(read.addresses)
        assert (True, 1440, kept) == (read.keep_refreshing, read.interval_minutes, read.kept)
        assert (str(file.parent), str(file)) == (read.token_folder, read.ca_file)
        assert (bytes(range(256)), True) == (read.geometry, read.protect)
        assert (True, True, False) == (read.close_to_tray, read.keep_awake, read.show_log)


def test_ask_again_is_a_choice_too(file: Path) -> None:
    """None means that nothing is chosen."""
    settings = Settings(file)
    settings.protect = True
    settings.protect = None
    assert _reread(settings).protect is None


@pytest.mark.parametrize("count", [0, 1, 3])
def test_any_number_of_files_is_kept(file: Path, count: int) -> None:
    """Qt writes an empty list and a list of one in other ways than longer ones."""
    kept = {os.path.abspath(f"/tokens/{number}.txt") for number in range(count)}
    settings = Settings(file)
    settings.kept = ["/tokens/before.txt"]
    settings.kept = kept
    assert kept == _reread(settings).kept


@pytest.mark.only_on("posix", reason="Windows has no such names")
def test_a_path_that_no_ini_file_can_hold_is_left_out(file: Path) -> None:
    """A shortened path would name another file."""
    settings = Settings(file)
    settings.kept = [os.fsdecode(b"/tokens/\xff.txt"), "/tokens/good.txt"]
    settings.ca_file = os.fsdecode(b"/\xff.pem")
    read = _reread(settings)
    assert (frozenset({"/tokens/good.txt"}), "") == (read.kept, read.ca_file)


def test_newest_address_first_and_bounded(file: Path) -> None:
    """An address that is used again comes first, whatever its case."""
    settings = Settings(file)
    for number in range(MOST_ADDRESSES + 5):
        settings.remember_address(f"you{number}@example.com")
    settings.remember_address("You10@example.com")
    addresses = list(_reread(settings).addresses)
    assert MOST_ADDRESSES == len(addresses)
    assert ["You10@example.com", "you24@example.com"] == addresses[:2]
    assert "you10@example.com" not in addresses


@pytest.mark.parametrize(
    ("line", "name", "default"),
    [
        ("keep_refreshing=perhaps", "keep_refreshing", True),
        ("interval_minutes=0", "interval_minutes", 30),
        ("interval_minutes=1441", "interval_minutes", 30),
        ("interval_minutes=-5", "interval_minutes", 30),
        ("interval_minutes=5.5", "interval_minutes", 30),
        ("interval_minutes=٣", "interval_minutes", 30),
        ("interval_minutes=" + "9" * 5000, "interval_minutes", 30),
        ("interval_minutes=1, 2", "interval_minutes", 30),
        ("kept=relative.txt", "kept", frozenset()),
        ("token_folder=relative", "token_folder", ""),
        ("imapsync=bin/imapsync", "imapsync", ""),
        ("ca_file=a, b", "ca_file", ""),
        ("geometry=text", "geometry", b""),
        ("geometry=@ByteArray(" + "x" * 5000 + ")", "geometry", b""),
        ("close_to_tray=ask", "close_to_tray", False),
        ("protect=perhaps", "protect", None),
        ("keep_awake=1", "keep_awake", False),
        ("language=tlh", "language", ""),
        ("show_log=@Invalid()", "show_log", True),
        ("addresses=not an address, <b>@x, @Invalid()", "addresses", []),
    ],
)
def test_nonsense_counts_as_the_default(file: Path, line: str, name: str, default: object) -> None:
    """One wrong value affects neither the others nor the start."""
    settings = _written(file, f"[General]\n{line}\nunknown=1\n")
    assert (default, "") == (getattr(settings, name), settings.problem)


@pytest.mark.parametrize(
    "content",
    [
        b"nonsense",
        b"[General]\ninterval_minutes=12\nnonsense\n",
        b"[General\n",
        b"interval_minutes=12\0",
        b"\xff\xfei\0n\0",
        b"[General]\ngeometry=@Variant(\\0\\0\\0\\x7f)\n",
        b"[General]\n" + b"interval_minutes=12\n" * 900_000,
    ],
    ids=["text", "half", "header", "binary", "utf-16", "objects", "huge"],
)
def test_a_broken_file_is_set_aside(file: Path, content: bytes) -> None:
    """It is renamed, and the defaults are used."""
    settings = _written(file, content)
    broken = file.with_name(SETTINGS_FILE + ".broken")
    assert content == broken.read_bytes()
    assert f"renamed to {broken}" in settings.problem
    assert 30 == settings.interval_minutes
    settings.interval_minutes = 12
    again = _reread(settings)
    assert ("", 12) == (again.problem, again.interval_minutes)
    assert sys.platform == "win32" or 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_what_is_no_file_is_set_aside(file: Path) -> None:
    """A folder with that name is renamed too."""
    file.mkdir(parents=True)
    settings = Settings(file)
    assert "renamed to" in settings.problem
    assert settings.save()
    assert file.is_file()


@pytest.mark.only_on("posix", reason="Windows has access lists instead")
def test_only_the_owner_reads_it(file: Path) -> None:
    """Even a file that others could read before."""
    before = os.umask(0)
    try:
        settings = Settings(file)
        assert 0o700 == stat.S_IMODE(file.parent.stat().st_mode)
        for mode in (0o600, 0o644):
            file.chmod(mode)
            settings = Settings(file)
            settings.interval_minutes += 1
            settings.save()
            assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    finally:
        os.umask(before)


def test_where_nothing_can_be_written_it_works_until_the_end(tmp_path: Path) -> None:
    """Settings last until the program ends, and the problem is told."""
    (tmp_path / "config").touch()
    settings = Settings(tmp_path / "config" / SETTINGS_FILE)
    assert "can't be saved" in settings.problem
    settings.interval_minutes = 12
    assert (False, 12) == (settings.save(), settings.interval_minutes)


def test_a_file_of_another_user_is_no_crash() -> None:
    """It can't be read or renamed: the problem is told, and the defaults are used."""
    need_root()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder, SETTINGS_FILE)
        file.write_text("[General]\ninterval_minutes=12\n")
        file.chmod(0o600)
        os.seteuid(NOBODY)
        try:
            settings = Settings(file)
            minutes, saved = settings.interval_minutes, settings.save()
        finally:
            os.seteuid(0)
    assert "can't be renamed" in settings.problem
    assert (30, False) == (minutes, saved)
