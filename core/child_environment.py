"""What other programs get from this one: what they had without PyInstaller's loader.

The loader of a frozen program, and Qt's hook in it, point variables and on Windows the search for
DLLs into the bundle; a browser that inherited them would load our libraries in place of its own.
From source nothing changes.
https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html#launching-external-programs-from-the-frozen-application
"""

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_LOADER_VARIABLES = ("_MEI", "_PYI_")
_ORIGINAL_PATHS = ("LD_LIBRARY_PATH_ORIG", "LIBPATH_ORIG")  # what stood behind the bundle's path
_environment_lock = threading.Lock()  # the environment is the process's


def bundle() -> str:
    """Where the loader unpacked this program; empty from source."""
    return str(getattr(sys, "_MEIPASS", ""))


def environment(
    environ: Mapping[str, str], bundle_folder: str, separator: str = os.pathsep
) -> dict[str, str]:
    """Variables without the loader's own and without paths `inside` the bundle."""
    if not bundle_folder:
        return dict(environ)
    rest = {
        name: separator.join(p for p in value.split(separator) if not _is_inside(p, bundle_folder))
        if bundle_folder in value
        else value
        for name, value in environ.items()
        if not name.startswith(_LOADER_VARIABLES) and name not in _ORIGINAL_PATHS
    }
    return {name: value for name, value in rest.items() if value or not environ[name]}


@contextmanager
def without_loader() -> Iterator[None]:
    """What is started meanwhile inherits nothing of the loader's."""
    bundle_folder = bundle()
    if not bundle_folder:
        yield
        return
    with _environment_lock:
        before = dict(os.environ)
        _set_environment(environment(before, bundle_folder))
        _set_dll_folder(None)
        try:
            yield
        finally:
            _set_environment(before)
            _set_dll_folder(bundle_folder)


def _is_inside(path: str, folder: str) -> bool:
    return f"{path}{os.sep}".startswith(f"{folder}{os.sep}")


def _set_environment(environ: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environ.keys():
        del os.environ[name]
    os.environ.update(environ)


def _set_dll_folder(folder: str | None) -> None:
    """None is Windows' own search; children inherit it."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetDllDirectoryW(folder)
