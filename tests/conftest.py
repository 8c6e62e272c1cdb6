"""What all tests share: the real test bed, the quick servers, a driven window, Qt offscreen."""

import os
from collections.abc import Sequence

import pytest

from bed import install

pytest_plugins = ["secrets_watch", "bed.fixtures", "servers", "keeping"]

# What the quick tests leave out (`-m "not thorough"`). These need the real test bed …
_THOROUGH_FIXTURES = {"actionlint", "bed", "chromium", "desktop_file_validate", "secret_service"}
# … and these look at the source, the pictures, the figures, the proofs or another way of delivery.
_THOROUGH_MODULES = {
    "test_benchmarks",
    "test_reliability",
    "test_screenshots",
    "test_wheel",
}
_THOROUGH_FOLDERS = {"wine"}

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


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Marks the thorough tests."""
    for item in items:
        named = {item.path.stem} & _THOROUGH_MODULES or {item.path.parent.name} & _THOROUGH_FOLDERS
        if named or set(getattr(item, "fixturenames", ())) & _THOROUGH_FIXTURES:
            item.add_marker("thorough")
