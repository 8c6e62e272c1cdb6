"""The languages that the user prefers in all programs."""

import os
import sys
from collections.abc import Iterator


def system_languages() -> Iterator[str]:
    """The languages that the user prefers, as gettext finds them; on Windows the display language.

    https://www.gnu.org/software/gettext/manual/html_node/Locale-Environment-Variables.html
    """
    variables = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale_name = next(filter(None, variables), "")
    if locale_name.partition(".")[0] in ("C", "POSIX"):  # these mean: no translation at all
        return
    if locale_name or sys.platform != "win32":
        yield from os.environ.get("LANGUAGE", "").split(":")
        yield locale_name
    else:
        yield _windows_language()


def _windows_language() -> str:
    if sys.platform == "win32":
        import ctypes
        from locale import windows_locale

        return windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""
