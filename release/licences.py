"""Gathers the licences of everything inside the programs into resources/LICENSES.txt.

    python release/licences.py

The build fails if a library has no licence text. The licences of system libraries inside a Linux
program (X11, GTK …) are not gathered; the file says where to find them.
"""

import re
import ssl
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from distributions import build_parts, name_of, runtime_closure
from project import LICENCES, REPOSITORY, ROOT, VERSION, BuildProblem

_TEXTS = Path(__file__).parent / "texts"
_LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)
_LINE = "=" * 80


@dataclass(frozen=True, slots=True)
class Choice:
    """The licence under which the program uses a distribution, if its own files don't tell."""

    name: str
    texts: tuple[str, ...]


_SYSTEM = """\
A program built on Linux also contains libraries of the system that it was built on. The bill of
materials (oauth2_imap-<version>-linux-<machine>.cdx.json) names each of these files; their licences
are in that system's /usr/share/doc, in the folder of each package.
"""
# Their metadata offer the LGPL or the GPL. The wheels for Linux and macOS hold no text; those for
# Windows only the commercial licence, which we don't have. The LGPL adds to the GPL.
_QT = Choice("LGPL-3.0-only", ("LGPL-3.0.txt", "GPL-3.0.txt"))
CHOICES: Mapping[str, Choice] = {"pyside6-essentials": _QT, "shiboken6": _QT}


def gather() -> str:
    """The content of LICENSES.txt."""
    parts = [*_own(), *_python(), *_libraries([*runtime_closure(), *build_parts()])]
    return "\n".join(parts)


def licence_texts(dist: Distribution) -> list[str]:
    """The licence texts of a distribution: those of `CHOICES`, or else its own.

    Raises `BuildProblem` if there is neither.
    """
    if choice := CHOICES.get(name_of(dist)):
        return [(_TEXTS / name).read_text("utf-8") for name in choice.texts]
    inside = [f for f in dist.files or () if ".dist-info/" in f.as_posix()]
    own = [f for f in inside if _LICENCE_FILE.search(f.as_posix().split(".dist-info/", 1)[1])]
    if own:
        return [Path(str(f.locate())).read_text("utf-8", errors="replace") for f in sorted(own)]
    raise BuildProblem(
        f"{name_of(dist)} {dist.version} has no licence text. Look for it on its home page and add "
        "it with the reason to CHOICES in release/licences.py."
    )


def licence_name(dist: Distribution) -> str:
    """The name of the licence: that of `CHOICES`, or else of the metadata, in one line."""
    if choice := CHOICES.get(name_of(dist)):
        return choice.name
    classifiers = dist.metadata.get_all("Classifier") or []
    classified = [c.rsplit(" :: ", 1)[1] for c in classifiers if c.startswith("License :: ")]
    fields = [
        *_first_line(dist, "License-Expression"),
        *_first_line(dist, "License"),
        ", ".join(classified),
    ]
    return next(filter(None, fields), "see its text")


def _first_line(dist: Distribution, field: str) -> list[str]:
    """The first line of a metadata field: some distributions put a whole licence there."""
    return "".join(dist.metadata.get_all(field) or []).strip().splitlines()[:1]


def _own() -> Iterator[str]:
    yield from _section(f"oauth2_imap {VERSION}", [(ROOT / "LICENSE").read_text("utf-8")])
    relinking = (_TEXTS / "RELINKING.txt").read_text("utf-8")
    yield from _section(
        "Qt and PySide6: how to replace them", [relinking.format(repository=REPOSITORY)]
    )


def _python() -> Iterator[str]:
    yield from _section(f"Python {sys.version.split()[0]}", [_python_licence()])
    apache = (_TEXTS / "Apache-2.0.txt").read_text("utf-8")
    yield from _section(f"{ssl.OPENSSL_VERSION}: Apache-2.0", [apache])
    if sys.platform == "linux":
        yield from _section("Libraries of the system", [_SYSTEM])


def _python_licence() -> str:
    """Python's licence; its place differs between python.org's installers, source and Debian."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path("/usr/share/doc") / version / "copyright",
    )
    for place in places:
        if place.is_file():
            return place.read_text("utf-8", errors="replace")
    raise BuildProblem(f"Python's licence is in none of: {', '.join(map(str, places))}")


def _libraries(dists: Iterable[Distribution]) -> Iterator[str]:
    for dist in dists:
        title = f"{name_of(dist)} {dist.version}: {licence_name(dist)}"
        yield from _section(title, licence_texts(dist))


def _section(title: str, texts: Iterable[str]) -> Iterator[str]:
    yield f"{_LINE}\n{title}\n{_LINE}\n"
    for text in texts:
        yield "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"


def write() -> None:
    """Write resources/LICENSES.txt, which the spec and the window read."""
    LICENCES.write_text(gather(), "utf-8", newline="\n")


if __name__ == "__main__":
    write()
