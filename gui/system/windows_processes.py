"""The process that started this program, and on Windows its console."""

import contextlib
import ctypes
import signal
import sys
from ctypes import wintypes
from pathlib import Path, PureWindowsPath
from typing import TextIO

from core.child_environment import bundle

_QUERY_LIMITED_INFORMATION = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_LONGEST_PATH = 32_768
_UOI_FLAGS = 1
_WSF_VISIBLE = 1
_handlers: list[object] = []  # Windows calls them as long as the process lives


def has_console() -> bool:
    """Return whether this process can use its console; elsewhere than on Windows always."""
    if sys.platform == "win32":
        return bool(ctypes.windll.kernel32.GetConsoleCP())
    return True


def starter() -> int | None:
    """Return the process that started the program; None if it has ended.

    The loader of a one-file program is our parent, and what started the program is its parent.
    """
    import psutil  # not needed to show the window

    with_loader = bundle() and Path(bundle()).parent != Path(sys.executable).parent
    process: psutil.Process | None = psutil.Process()
    for _ in range(2 if with_loader else 1):
        try:
            process = process and process.parent()
        except psutil.Error:
            return None
    return process.pid if process else None


def name_of(pid: int) -> str:
    """Return the file name of a process's program, in lower case; empty if it can't be found."""
    path = ctypes.create_unicode_buffer(_LONGEST_PATH)
    if sys.platform == "win32":
        # Not by psutil, which asks in a way that Wine 8 doesn't know.
        kernel32 = ctypes.windll.kernel32
        kernel32.OpenProcess.restype = wintypes.HANDLE
        process = wintypes.HANDLE(kernel32.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid))
        length = wintypes.DWORD(_LONGEST_PATH)
        kernel32.QueryFullProcessImageNameW(process, 0, path, ctypes.byref(length))
        kernel32.CloseHandle(process)
    return PureWindowsPath(path.value).name.casefold()


def open_console(pid: int) -> TextIO | None:
    """Attach this process to the console of another one; return what writes to it, or None."""
    if sys.platform == "win32" and ctypes.windll.kernel32.AttachConsole(wintypes.DWORD(pid)):
        _hear_ctrl_c()
        with contextlib.suppress(OSError):
            return open("CONOUT$", "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    return None


def has_desktop() -> bool:
    """Return whether the windows of this process can be seen: those of a service can't."""
    if sys.platform == "win32":
        user32, flags = ctypes.windll.user32, (wintypes.DWORD * 3)()  # USEROBJECTFLAGS
        user32.GetProcessWindowStation.restype = wintypes.HANDLE
        station = wintypes.HANDLE(user32.GetProcessWindowStation())
        size = ctypes.sizeof(flags)
        user32.GetUserObjectInformationW(station, _UOI_FLAGS, ctypes.byref(flags), size, None)
        return bool(flags[2] & _WSF_VISIBLE)
    return True


def _hear_ctrl_c() -> None:
    """Pass Ctrl-C on to Python's signal handlers: attaching has removed what did so.

    https://learn.microsoft.com/en-us/windows/console/setconsolectrlhandler
    """
    if sys.platform == "win32":
        import _thread

        def handle(event: int) -> bool:
            is_ctrl_c = event == signal.CTRL_C_EVENT
            _thread.interrupt_main(signal.SIGINT if is_ctrl_c else signal.SIGBREAK)
            return True

        handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(handle)
        _handlers.append(handler)
        ctypes.windll.kernel32.SetConsoleCtrlHandler(handler, True)
