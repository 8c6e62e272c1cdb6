"""In place of Python's module venv, which the embeddable Python lacks: `-m venv [--clear] FOLDER`.

The real one makes a small python.exe that starts the installed Python. This one copies the whole
Python. In both, build\\venv\\Scripts\\python.exe has pip and no other package.
"""

import shutil
import sys
from pathlib import Path

folder = Path(sys.argv[-1])
if "--clear" in sys.argv:
    shutil.rmtree(folder, ignore_errors=True)
shutil.copytree(
    sys.base_prefix,
    folder / "Scripts",
    copy_function=shutil.copy,  # Wine 8 has no CopyFile2, which the default calls
)
