"""The environment for programs that this one starts: no client secret, nothing of the loader.

No other program needs the client secret; a browser would hand it on to its own children.

The loader of a frozen program and its Qt hook change environment variables, and on Windows the DLL
search path, so that they point into the bundle. A browser that inherited them would load our
libraries instead of its own.
https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html#launching-external-programs-from-the-frozen-application
"""

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

SECRET_VARIABLE = "OAUTH2_IMAP_CLIENT_SECRET"  # noqa: S105  # the name of a variable
_LOADER_VARIABLES = ("_MEI", "_PYI_")
_ORIGINAL_PATHS = (
    "LD_LIBRARY_PATH_ORIG",
    "LIBPATH_ORIG",
)  # the loader saves the original paths here
_environment_lock = threading.Lock()  # the whole process has one environment


def bundle() -> str:
    """The folder into which the loader unpacked this program; empty when run from source."""
    return str(getattr(sys, "_MEIPASS", ""))


def environment(
    environ: Mapping[str, str], bundle_folder: str, separator: str = os.pathsep
) -> dict[str, str]:
    """Return `environ` without the client secret and the loader's variables and paths.

    `bundle_folder` is the loader's folder, or empty if the program runs from source.
    """
    environ = {name: value for name, value in environ.items() if name != SECRET_VARIABLE}
    if not bundle_folder:
        return environ
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
    """Programs started inside this block inherit neither the client secret nor the loader's."""
    bundle_folder = bundle()
    if not bundle_folder and SECRET_VARIABLE not in os.environ:
        yield
        return
    with _environment_lock:
        before = dict(os.environ)
        _set_environment(environment(before, bundle_folder))
        _set_dll_folder("")
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


def _set_dll_folder(folder: str) -> None:
    """Set the DLL folder of Windows, which child processes inherit; empty restores the default."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetDllDirectoryW(folder or None)
