"""Keeps the tests out of the profile and the browser of whoever runs them (a pytest plugin)."""

import itertools
import os
import time

import pytest

from core.i18n import translation
from core.paths import HOME_VARIABLE

# Over SSH, the program doesn't open the browser of Windows or macOS.
NO_BROWSER = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
# English, whoever runs the tests.
ENGLISH = {"LC_ALL": "C.UTF-8"}
_numbers = itertools.count()

# Noon, whenever they run: a time on another day is written with its date, which takes more room.
if hasattr(time, "tzset"):
    os.environ["TZ"] = f"NOON{time.gmtime().tm_hour - 12:+d}"
    time.tzset()


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each test settings, tokens a log of its own, no browser, and English."""
    home = tmp_path_factory.getbasetemp() / f"home{next(_numbers)}"
    for name, value in {HOME_VARIABLE: str(home), **NO_BROWSER, **ENGLISH}.items():
        monkeypatch.setenv(name, value)
    translation.use_language(translation.ENGLISH)
