"""The marks of tests that only some systems can run (a pytest plugin).

    @pytest.mark.only_on("posix", reason="Windows has no modes")
    @pytest.mark.not_under_wine(reason="Wine opens a file for reading that another has locked")
    @pytest.mark.needs_program("perl", reason="imapsync is a Perl program")

`only_on` takes names of `sys.platform` ("linux", "darwin", "win32") or "posix" for all but Windows.
`not_under_wine` is for what Windows can do, but Wine can't. A program that is missing on Linux or
macOS skips the test; in CI it fails it. test_systems.py checks that each mark gives its reason.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Collection, Sequence

import pytest

SYSTEMS = frozenset({"darwin", "linux", "posix", "win32"})


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marks for `pytest --markers`."""
    for mark in (
        "only_on(*systems, reason): about these systems; skipped on others",
        "not_under_wine(reason): runs on Windows, but not under Wine",
        "needs_program(name, reason): needs a program; in CI it must be there",
    ):
        config.addinivalue_line("markers", mark)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Skip what can't run here, with the mark's reason."""
    wine = under_wine()
    for item in items:
        for mark in item.iter_markers("only_on"):
            if not is_one_of(mark.args):
                _skip(item, f"only on {' and '.join(mark.args)}: {mark.kwargs['reason']}")
        for mark in item.iter_markers("not_under_wine"):
            if wine:
                _skip(item, f"not under Wine: {mark.kwargs['reason']}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is missing; fail it in CI, where it is installed."""
    for mark in item.iter_markers("needs_program"):
        (name,) = mark.args
        if shutil.which(name) is None:
            reason = f"there is no {name} here: {mark.kwargs['reason']}"
            if os.environ.get("CI") == "true" and sys.platform != "win32":
                pytest.fail(reason)
            pytest.skip(reason)


def is_one_of(systems: Collection[str]) -> bool:
    """Return whether this system is one of them."""
    return sys.platform in systems or (sys.platform != "win32" and "posix" in systems)


def under_wine() -> bool:
    """Return whether this Windows is Wine."""
    # https://gitlab.winehq.org/wine/wine/-/wikis/Developer-FAQ
    libraries = getattr(ctypes, "windll", None)
    return libraries is not None and hasattr(libraries.ntdll, "wine_get_version")


def _skip(item: pytest.Item, reason: str) -> None:
    item.add_marker(pytest.mark.skip(reason=reason))
