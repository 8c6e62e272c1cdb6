"""What all tests share, and how they are sorted into marks and groups.

The mark `thorough` is for tests that need more than Python (servers of the test bed, a browser,
Wine, an X server) or that take long. All others are the quick part: `-m "not thorough"`.

Tests run one after another, or in several processes at once: `-n 4 --dist loadgroup` (pytest-xdist;
tests often wait, so more processes than cores pay off). Each process takes the next test when it is
free. Tests that share something that is started once are in a group, the mark `xdist_group`: one
process runs the whole group.
"""

import gc
import os
import sys
from collections.abc import Sequence

import hypothesis
import pytest

from bed import install

pytest_plugins = ["secrets_watch", "bed.fixtures", "servers", "keeping"]

# Fixtures that need a part of the test bed.
_BED_PARTS = {
    "actionlint",
    "bed",
    "chromium",
    "desktop_file_validate",
    "secret_service",
    "windows_python",
    "xvfb",
}
if sys.platform == "linux":
    _BED_PARTS.add("system_store")  # it uses `secret_service` there
# How long their tests may take. The first test that needs a part installs it, waits for a process
# that installs something else, or builds the Windows programs.
_BED_SECONDS = 1500

_THOROUGH_MODULES = {
    "test_benchmarks",
    "test_reliability",
    "test_screenshots",
    "test_wheel",
}

# Groups by what the file's name begins with, and by fixture. Wine's tests take longest, so they are
# two groups: each has a prefix, a screen and a test bed of its own.
_GROUPS_BY_FILE = {"test_windows_": "windows", "test_wine_": "wine"}
_GROUPS_BY_FIXTURE = {"bed": "bed"}

# A slow machine is no reason to fail.
hypothesis.settings.register_profile("no deadline", hypothesis.settings(deadline=None))
hypothesis.settings.load_profile("no deadline")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Sees to Qt's libraries before pytest-qt imports Qt, which it does in this same hook."""
    if not config.pluginmanager.has_plugin("pytest-qt"):
        return
    try:
        install.qt_libraries()
    except install.MissingPart as missing:
        raise pytest.UsageError(f"Qt can't be loaded: {missing}") from missing
    config.pluginmanager.import_plugin("window")


# Before pytest-xdist reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Gives each test its marks and its group."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        needs_bed = bool(fixtures & _BED_PARTS)
        if needs_bed:
            item.add_marker(pytest.mark.timeout(_BED_SECONDS))
        if needs_bed or item.path.stem in _THOROUGH_MODULES:
            item.add_marker("thorough")
        by_file = [g for start, g in _GROUPS_BY_FILE.items() if item.path.stem.startswith(start)]
        by_fixture = [g for name, g in _GROUPS_BY_FIXTURE.items() if name in fixtures]
        for group in [*by_file, *by_fixture][:1]:
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_finish() -> None:
    """Leaves all that was imported and collected out of later garbage collections.

    Each test of a window collects twice, and would look through thousands of tests each time.
    """
    gc.collect()
    gc.freeze()
