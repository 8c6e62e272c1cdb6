"""Checks whether this Python can run and build the programs; works with any Python since 3.6."""

import sys

# Older versions don't create private folders on Windows (docs/DECISIONS.md).
OLDEST = (3, 12, 4) if sys.platform == "win32" else (3, 11, 0)


def main() -> int:
    """Print why this Python is unsuitable; returns 1 if it is, else 0."""
    here, wanted = (".".join(map(str, v)) for v in (sys.version_info[:3], OLDEST))
    if sys.version_info[:3] < OLDEST:
        print(f"This is Python {here}, but {wanted} or newer is needed.")
        return 1
    if sys.maxsize < 2**32:
        print(f"This is Python {here} for 32 bits, but 64 bits are needed.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
