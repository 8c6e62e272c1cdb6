"""Says whether this Python can run and build the programs; any Python since 3.6 can run this."""

import sys

# Older ones don't make private folders on Windows (docs/DECISIONS.md).
OLDEST = (3, 12, 4) if sys.platform == "win32" else (3, 11, 0)


def main() -> int:
    """Exit code 1 and a sentence where it is too old or made for 32 bits."""
    here, wanted = (".".join(map(str, v)) for v in (sys.version_info[:3], OLDEST))
    if sys.version_info[:3] < OLDEST:
        complaint = f"{wanted} or newer is needed"
    elif sys.maxsize < 2**32:
        complaint = "one for 64 bits is needed"
    else:
        return 0
    print(f"This is Python {here}, and {complaint}.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
