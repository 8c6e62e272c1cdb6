"""Data protection (DPAPI): the store's own tests in Windows, and the terminal program with it.

Wine has only one user, so these tests can't show that others are kept out (docs/RELEASING.md).
"""

from pathlib import Path

from bed.as_provider import lines_of, opens_mailbox
from bed.fixtures import Bed
from bed.users import ALICE
from program import Program
from wine.at_bed import sign_in, trusting
from wine.install import ROOT
from wine.prefix import Wine, windows_path

TESTS = ROOT / "tests"
# The embeddable Python takes its search path from nowhere but itself.
PYTEST = f"""
import sys
import pytest
sys.dont_write_bytecode = True
sys.path[:0] = {[windows_path(ROOT), windows_path(TESTS)]}
sys.exit(pytest.main(sys.argv[1:]))
"""
# As in pyproject.toml, but for Qt.
INI = """
[pytest]
filterwarnings = error
markers = thorough: not among the quick tests
"""


def test_the_stores_tests_in_windows(windows: Wine, windows_python: Path, tmp_path: Path) -> None:
    """They pass, even those that are skipped on other systems."""
    ini = tmp_path / "pytest.ini"
    ini.write_text(INI)
    options = ("-p", "no:pytest-qt", "-p", "no:cacheprovider", "-v", "-c", windows_path(ini))
    files = [windows_path(TESTS / "test_secret_store.py")]
    said = windows.run(windows_python / "python.exe", "-c", PYTEST, *options, *files)
    for name in ("test_what_is_put_comes_back", "test_the_file_holds_no_plain_text"):
        assert f"::{name} PASSED" in said, said


def _entries(windows: Wine) -> list[Path]:
    """Return the entries of the store."""
    return list((windows.profile / "AppData" / "Local" / "oauth2_imap" / "store").glob("*"))


def test_protected_there_and_back(bed: Bed, program: Program, windows: Wine) -> None:
    """A protected refresh token is not in the file, is refreshed, and can go back into the file."""
    file = sign_in(bed, program, "--protect")
    before, hidden, *_ = lines_of(file)
    assert "" == hidden
    assert [".dpapi"] == [entry.suffix for entry in _entries(windows)]

    done = program.run(ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    after, hidden, *_ = lines_of(file)
    assert before != after
    assert "" == hidden
    assert opens_mailbox(bed, ALICE, file)

    done = program.run("--no_protect", ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    assert lines_of(file)[1]
    assert [] == _entries(windows)


def test_forgotten(bed: Bed, program: Program, windows: Wine) -> None:
    """The file and its entry in the store are deleted."""
    file = sign_in(bed, program, "--protect")
    done = program.run("forget", "--yes", "--no_revoke", ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    assert not file.exists()
    assert [] == _entries(windows)
