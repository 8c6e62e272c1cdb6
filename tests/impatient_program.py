"""The program as `python -m core`, with a keeper that waits only a moment after a failure."""

import sys

from core.cli import main
from core.keeping import keeper

keeper._WAITS = dict.fromkeys(keeper._WAITS, keeper._Waits(0.3, 0.6))
keeper._LONGEST_EXPIRED = 0.6

if __name__ == "__main__":
    sys.exit(main())
