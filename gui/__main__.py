"""`python -m gui`, and the program oauth2_imap of a download: the window, or the command line."""

import sys

from gui.startup.ending import end
from gui.startup.window_face import main

if __name__ == "__main__":
    sys.exit(end(main(sys.argv[1:])))
