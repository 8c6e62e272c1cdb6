"""Compares two builds of the same commit and names the differences.

    python release/compare.py dist another/dist

Files are compared byte by byte. If one-file programs or zip files differ, their contents are
compared too. The exit code is 0 if all files are equal, else 1.
"""

import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PyInstaller.archive.readers import ArchiveReadError

from checksums import sha256_of
from inside import entries


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield a line for each file, or part of a file, that differs between the folders."""
    yield from _compare(_hashes(one), _hashes(other), lambda name: _parts(one, other, name))


def _compare(
    one: Mapping[str, str], other: Mapping[str, str], look_into: Callable[[str], Iterator[str]]
) -> Iterator[str]:
    for name in sorted(one.keys() | other.keys()):
        if name not in other:
            yield f"{name}: only in the first"
        elif name not in one:
            yield f"{name}: only in the second"
        elif one[name] != other[name]:
            yield from look_into(name)


def _hashes(folder: Path) -> dict[str, str]:
    files = [f for f in folder.rglob("*") if f.is_file()]
    return {f.relative_to(folder).as_posix(): sha256_of(f) for f in files}


def _parts(one: Path, other: Path, name: str) -> Iterator[str]:
    first, second = _contents(one / name), _contents(other / name)
    named = list(_compare(first, second, lambda part: iter([f"{part}: differs"])))
    if not named:
        named = ["the parts are equal, but packed differently" if first else "differs"]
    yield from (f"{name}: {line}" for line in named)


def _contents(file: Path) -> dict[str, str]:
    """The parts of a program or a zip file, by name; empty for any other file."""
    if zipfile.is_zipfile(file) and file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            return {i.filename: f"{i.CRC} {i.date_time}" for i in archive.infolist()}
    try:
        return {entry.name: entry.sha256 for entry in entries(file)}
    except ArchiveReadError:
        return {}


def main() -> int:
    """Compare two folders; returns the exit code."""
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(found) or "No differences.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
