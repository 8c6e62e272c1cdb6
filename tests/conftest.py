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
from collections.abc import Mapping, Sequence

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

# What is started once for each group, by the names of the fixtures; the first that fits counts.
_GROUPS: Mapping[str, set[str]] = {
    "programs": {"programs"},  # the Windows programs, built and run in one Wine prefix
    "wine": {"windows_python"},  # everything else in Wine, in another prefix at the same time
    "bed": {"bed"},  # the authorization server and Dovecot
}

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
        group = next((name for name, shared in _GROUPS.items() if shared & fixtures), None)
        if group is not None:
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_finish() -> None:
    """Leaves all that was imported and collected out of later garbage collections.

    Each test of a window collects twice, and would look through thousands of tests each time.
    """
    gc.collect()
    gc.freeze()
