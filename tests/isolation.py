"""Keeps the tests out of the profile and the browser of whoever runs them (a pytest plugin)."""

import itertools

import pytest

from core.paths import HOME_VARIABLE

# Over SSH, the program doesn't open the browser of Windows or macOS.
NO_BROWSER = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each test settings, tokens and a log of its own, and no browser."""
    home = tmp_path_factory.getbasetemp() / f"home{next(_numbers)}"
    for name, value in {HOME_VARIABLE: str(home), **NO_BROWSER}.items():
        monkeypatch.setenv(name, value)
