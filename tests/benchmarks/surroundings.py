"""Where programs are measured: a user without settings, a folder for the run, a screen."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
# All else that a machine sets might change how fast Python starts, or what is asked.
_INHERITED = (
    "PATH",
    "LANG",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
    "QT_QPA_PLATFORM",
    "SYSTEMROOT",
    "TEMP",
    "TMPDIR",
)
_HOMES = (
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "APPDATA",
    "LOCALAPPDATA",
)


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a user without settings: nothing of the real user's is read or changed."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    path = os.pathsep.join((str(ROOT), str(TESTS)))
    return {**inherited, **dict.fromkeys(_HOMES, str(home)), "PYTHONPATH": path, **more}


def settings_folder(home: Path) -> Path:
    """Where the program looks for this user's providers.toml, on Linux."""
    return home / "oauth2_imap"


def installed_command(folder: Path) -> list[str]:
    """The command `oauth2_imap`, as pip writes it."""
    script = folder / "oauth2_imap_command.py"
    script.write_text("import sys\nfrom gui.launch import main\nsys.exit(main())\n")
    return [sys.executable, str(script)]


def child(module: str, *arguments: object) -> list[str]:
    """The command that runs one of these modules as a program."""
    return [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder that is gone after the run."""
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_bench_") as folder:
        yield Path(folder)


@contextmanager
def display() -> Iterator[None]:
    """A screen for all windows of a run: an Xvfb where there is none, offscreen if that fails."""
    from bed.install import MissingPart
    from screenshots import display as screen

    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        yield
        return
    before = dict(os.environ)
    try:
        with screen() as variables:
            os.environ.update(variables)
            yield
    except MissingPart as missing:
        print(f"offscreen, since {missing}")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
