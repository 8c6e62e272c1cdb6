"""Checks whether this Python can run and build the programs; works with any Python since 3.6."""

import os
import sys
import sysconfig

# Older versions don't create private folders on Windows (docs/DECISIONS.md).
OLDEST = (3, 12, 4) if sys.platform == "win32" else (3, 11, 0)


def problem() -> str:
    """Why this Python is unsuitable and what to do; empty if it is suitable."""
    here, wanted = (".".join(map(str, v)) for v in (sys.version_info[:3], OLDEST))
    if sys.version_info[:3] < OLDEST:
        return f"This is Python {here}, but {wanted} or newer is needed."
    if sys.maxsize < 2**32:
        return (
            f"This is Python {here} for 32 bits, but 64 bits are needed. "
            'Install the "Windows installer (64-bit)".'
        )
    # platform.machine() asks a service of Windows, and tells of the computer, not of this Python.
    if sysconfig.get_platform() == "win-arm64":
        return (
            f"This is Python {here} for ARM64. The library cryptography doesn't exist for it. "
            'Install the "Windows installer (64-bit)", which Windows 11 on ARM runs too, and name '
            "it in the variable PYTHON."
        )
    if sys.platform == "darwin" and os.uname().machine == "x86_64":
        return "This Mac has an Intel processor. The library cryptography doesn't exist for it."
    return ""


def main() -> int:
    """Print why this Python is unsuitable; returns 1 if it is, else 0."""
    said = problem()
    if said:
        print(said)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
