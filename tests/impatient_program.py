"""The program as `python -m core`, with a keeper that waits only a moment after a failure."""

import sys

from core.cli import main
from core.keeping import retries

retries._WAITS = dict.fromkeys(retries._WAITS, retries._Waits(0.3, 0.6))
retries._LONGEST_EXPIRED = 0.6

if __name__ == "__main__":
    sys.exit(main())
