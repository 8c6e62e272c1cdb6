"""Tests of core/paths.py: the user's folders, also of a user who has none."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.paths import (
    HOME_VARIABLE,
    program_for_scripts,
    user_config_folder,
    user_data_folder,
    user_log_folder,
    user_store_folder,
)
from privileges import AS_NOBODY, NOBODY, ROOT, need_root
from program import Program

STRANGER = 23456  # a user id that no passwd file has
AS_STRANGER = [word.replace(str(NOBODY), str(STRANGER)) for word in AS_NOBODY]
# In a container with `--user 23456` nothing else may be set.
BARE = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
# What nothing caught, here because the arguments are no strings.
BUG = "import sys; from core.cli import main; sys.exit(main([7]))"


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the stranger owns."""
    need_root()
    folder = tmp_path_factory.mktemp("stranger")
    os.chown(folder, STRANGER, STRANGER)
    return folder


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a user without passwd entry and without HOME."""
    return subprocess.run(
        [*AS_STRANGER, sys.executable, *arguments],
        cwd=folder,
        env={**BARE, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "relative"}])
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--version"], 0, ""),
        (["providers"], 0, "office365"),
        (["detect", "you@gmail.com"], 0, "gmail"),
        (["status"], 3, "There is no token file in"),
        (["doctor", "x"], 1, "There is no such file"),
        (["you@gmail.com", "--refresh_only"], 3, "There is no token"),
        (["forget", "--yes", "you@gmail.com"], 1, "There is no token file of you@gmail.com"),
    ],
)
def test_each_command_works_without_a_home(
    folder: Path, arguments: list[str], code: int, words: str, environ: dict[str, str]
) -> None:
    """Without a log, and without a folder named ~ in the current one."""
    done = run(folder, "-m", "core", *arguments, **environ)
    said = done.stdout + done.stderr
    assert code == done.returncode, said
    assert words in said
    assert "Traceback" not in said
    assert [] == list(folder.iterdir())


def test_a_report_without_a_home(folder: Path) -> None:
    """It is how a fault is reported, so it is written too."""
    done = run(folder, "-m", "core", "report", "--timeout", "0.2", HTTPS_PROXY="http://localhost:1")
    assert 0 == done.returncode, done.stderr
    assert [Path(done.stdout.strip())] == list(folder.iterdir())


def test_the_last_resort_works_without_a_home(folder: Path) -> None:
    """A bug is told in a sentence, not with a second traceback."""
    done = run(folder, "-c", BUG)
    assert 1 == done.returncode
    assert "Internal error in oauth2_imap." in done.stderr
    assert "Traceback" not in done.stderr


def test_what_was_given_by_hand_is_not_lost_silently(folder: Path) -> None:
    """Where nothing can be saved, that is said."""
    code = """
import sys
from core.errors import AppError
from core.paths import own_providers_file
from core.providers.catalog import load_catalog
from core.providers.by_hand import by_hand
from core.providers.registration import resolve
from core.providers.save_overrides import save_overrides
overrides = by_hand(client_id="mine")
catalog = load_catalog(own_providers_file())
registration = resolve(catalog, "gmail", "", overrides)
try:
    save_overrides(registration, overrides, catalog=catalog, own_file=own_providers_file())
except AppError as exc:
    print(exc.verdict.id)
"""
    assert "settings_not_written\n" == run(folder, "-c", code).stdout


@pytest.mark.parametrize("folder_of", [user_config_folder, user_data_folder, user_log_folder])
def test_a_users_folder_is_absolute(
    folder_of: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative one would lie in whatever folder is current."""
    monkeypatch.delenv(HOME_VARIABLE)
    assert folder_of().is_absolute()
    assert "oauth2_imap" in folder_of().parts


def test_one_variable_moves_all_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is the same on every system."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    folders = user_config_folder(), user_data_folder(), user_store_folder(), user_log_folder()
    assert (tmp_path, tmp_path, tmp_path / "store", tmp_path / "log") == folders


def test_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    """Not even the log: the profile of whoever runs it stays empty."""
    profile = tmp_path / "profile"
    profile.mkdir()
    program = Program(tmp_path, tmp_path / "home", {"HOME": str(profile)})
    program.configure("[providers")
    done = program.run("detect", "you@gmail.com")
    assert 1 == done.code, done.err
    assert str(program.own_file) in done.err
    assert [] == list(profile.iterdir())


@pytest.mark.parametrize(
    ("module", "arguments"), [("core", ["you@gmail.com"]), ("gui", ["you@gmail.com"]), ("gui", [])]
)
def test_a_relative_home_is_refused(tmp_path: Path, module: str, arguments: list[str]) -> None:
    """It would be another folder for imapsync, which runs the program in folders of its own."""
    environ = {HOME_VARIABLE: "here", "QT_QPA_PLATFORM": "offscreen"}
    program = Program(tmp_path, tmp_path / "home", environ, (sys.executable, "-m", module))
    done = program.run(*arguments)
    assert 2 == done.code, done.err
    assert "OAUTH2_IMAP_HOME is not an absolute path: here" in done.err
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("frozen", "names", "expected"),
    [
        (True, ("oauth2_imap.exe", "oauth2_imap_cli.exe"), "oauth2_imap_cli.exe"),
        (True, ("oauth2_imap", "oauth2_imap_cli"), "oauth2_imap_cli"),
        (True, ("oauth2_imap.exe",), "oauth2_imap.exe"),
        (True, ("oauth2_imap (1).exe", "oauth2_imap.exe"), "oauth2_imap (1).exe"),
        (False, ("python", "oauth2_imap"), "oauth2_imap"),
        (False, ("python.exe", "oauth2_imap.exe"), "oauth2_imap.exe"),
        (False, ("python",), ""),
    ],
)
def test_the_program_for_scripts(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    frozen: bool,
    names: tuple[str, ...],
    expected: str,
) -> None:
    """The terminal program beside the one that runs, else the one that runs."""
    for name in names:
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / names[0]))
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path) if frozen else "", raising=False)
    assert ([str(tmp_path / expected)] if expected else []) == program_for_scripts()
