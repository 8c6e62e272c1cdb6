"""What all tests share, and which of them are thorough.

The mark `thorough` is for tests that need more than Python (servers of the test bed, a browser,
Wine, an X server) or that take long. All others are the quick part: `-m "not thorough"`.

Tests run one after another, or in several processes at once, for example `-n 4`; `parallel` says
how they are spread. Tests often wait, so more processes than cores are faster.
"""

import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from bed import install
from wine import quick

pytest_plugins = [
    "isolation",
    "systems",
    "secrets_watch",
    "bed.fixtures",
    "servers",
    "keeping",
    "guide_reader",
]

# Fixtures that need a part of the test bed.
_BED_PARTS = {
    "accessibility_bus",
    "actionlint",
    "bed",
    "chromium",
    "desktop_file_validate",
    "secret_service",
    "shells",
    "windows_python",
    "xvfb",
}
if sys.platform == "linux":
    _BED_PARTS.add("system_store")  # it uses `secret_service` there
# How long their tests may take. The first test that needs a part installs it, waits for a process
# that installs something else, or builds the Windows programs.
_BED_SECONDS = 2700

_THOROUGH_MODULES = {
    "test_benchmarks",
    "test_reliability",
    "test_screenshots",
    "test_wheel",
}

# On Windows, some files of tests don't run yet; each one has its reason there.
collect_ignore = [*quick.left_out(), "wine"] if sys.platform == "win32" else []

# A slow machine is no reason to fail.
hypothesis.settings.register_profile("no deadline", hypothesis.settings(deadline=None))
hypothesis.settings.load_profile("no deadline")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform == "win32":  # Qt's "offscreen" brings no fonts, and warns about that
    os.environ.setdefault("QT_QPA_FONTDIR", str(Path(os.environ["SYSTEMROOT"], "Fonts")))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Install Qt's libraries before pytest-qt imports Qt, which it does in this same hook."""
    # A shell that starts a job in the background lets it ignore Ctrl-C, and so all its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not config.pluginmanager.has_plugin("pytest-qt"):
        return
    try:
        install.qt_libraries()
    except install.MissingPart as missing:
        raise pytest.UsageError(f"Qt can't be loaded: {missing}") from missing
    for plugin in ("window", "imapsync_here"):
        config.pluginmanager.import_plugin(plugin)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Return the scheduler that knows the groups."""
    from parallel import GroupScheduling  # seldom wanted

    return GroupScheduling(config, log)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the thorough tests, and give those that need the bed more time."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        needs_bed = bool(fixtures & _BED_PARTS)
        if needs_bed:
            item.add_marker(pytest.mark.timeout(_BED_SECONDS))
        if needs_bed or item.path.stem in _THOROUGH_MODULES:
            item.add_marker("thorough")


def pytest_collection_finish() -> None:
    """Leave everything collected so far out of later garbage collections.

    Each test of a window collects twice, and would look through thousands of tests each time.
    """
    gc.collect()
    gc.freeze()
