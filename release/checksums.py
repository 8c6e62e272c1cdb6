"""Writes SHA256SUMS: the hashes of a release's files, in the format of `sha256sum --check`.

python release/checksums.py FOLDER
"""

import hashlib
import sys
from pathlib import Path

NAME = "SHA256SUMS"


def sha256_of(file: Path) -> str:
    """The SHA-256 hash of a file in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(folder: Path) -> Path:
    """Write the hashes of all files in `folder`, without its subfolders; returns the new file."""
    files = sorted(f for f in folder.iterdir() if f.is_file() and f.name != NAME)
    lines = [f"{sha256_of(file)}  {file.name}\n" for file in files]
    sums = folder / NAME
    sums.write_text("".join(lines), "utf-8", newline="\n")
    return sums


def read(sums: Path) -> dict[str, str]:
    """Read the hashes by file name."""
    lines = sums.read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
