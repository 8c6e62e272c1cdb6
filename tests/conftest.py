"""What all tests share: the real test bed, the quick servers, a driven window, Qt offscreen."""

import os

import pytest

from bed import install

pytest_plugins = ["secrets_watch", "bed.fixtures", "servers", "keeping"]

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
