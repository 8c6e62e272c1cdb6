"""`python -m gui` runs the window."""

import sys

from gui.startup.app import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
