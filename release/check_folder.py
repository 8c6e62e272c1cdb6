"""Checks whether the files of a build can be in this folder.

Without long paths, Windows allows 259 characters for the path of a file
(https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation).
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_PATH = 259
# Below the checkout; a file of PySide6-Essentials. tests/wine/test_wine_build_exe.py measures it.
LONGEST_INSIDE = len(r"\build\venv\Lib\site-packages" "\\") + 151
DEEPEST = LONGEST_PATH - LONGEST_INSIDE


def problem(folder: str) -> str:
    """Why the checkout can't be built in this folder and what to do; empty if it can."""
    if len(folder) <= DEEPEST or _long_paths():
        return ""
    return (
        f"The path of this folder has {len(folder)} characters, and Windows allows {DEEPEST} here: "
        f"{folder}\n"
        "Move the folder to a shorter path, for example C:\\oauth2_imap. Or let an administrator "
        "switch on long paths: https://docs.python.org/3/using/windows.html#removing-the-max-path-"
        "limitation"
    )


def _long_paths() -> bool:
    """Whether Windows allows long paths to programs that know them, as Python does."""
    if sys.platform != "win32":
        return True
    else:  # mypy looks at one system at a time
        import winreg

        name = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, name) as key:
                return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1)
        except OSError:
            return False


def main() -> int:
    """Print why this folder is unsuitable; returns 1 if it is, else 0."""
    said = problem(str(ROOT))
    if said:
        print(said)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
