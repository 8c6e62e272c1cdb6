"""Lists the parts of a one-file program and finds where each part comes from."""

import hashlib
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

from PyInstaller.archive.readers import CArchiveReader

from distributions import BUILD, files_of, name_of

OWN, PYTHON, OPENSSL, SYSTEM = "oauth2_imap", "python", "openssl", "system"
_MODULES = "PYZ.pyz"
_OWN_PACKAGES = ("core", "gui", "resources", "__main__")
_LOADER_PREFIXES = ("pyi_", "_pyi_", "pyimod", "pyiboot")
_BINARY_ENDS = (".dll", ".pyd", ".so", ".dylib")


@dataclass(frozen=True, slots=True)
class Entry:
    """A module or file in a program; `sha256` is the hash of its unpacked content."""

    name: str  # with dots for a module, with slashes for a file
    sha256: str
    is_module: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether the entry is a file with machine code."""
        suffixes = PurePosixPath(self.name).suffixes
        return not self.is_module and any(end in suffixes for end in _BINARY_ENDS)


def entries(program: Path) -> list[Entry]:
    """All modules and files in a one-file program, sorted by name."""
    archive = CArchiveReader(str(program))
    found = list(_files(archive))
    modules = archive.open_embedded_archive(_MODULES)
    for name in modules.toc:
        if raw := modules.extract(name, raw=True):  # a namespace package has no code
            found.append(Entry(name, _sha256(raw), is_module=True))
    return sorted(found, key=lambda entry: entry.name)


def _files(archive: CArchiveReader) -> Iterator[Entry]:
    for name, (*_, kind) in archive.toc.items():
        if kind not in "zn":  # neither the archive of the modules nor links to other files
            is_module = kind in "msM"
            yield Entry(name.replace("\\", "/"), _sha256(archive.extract(name)), is_module)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Origins:
    """Finds where an entry comes from: a distribution's name, or one of the constants above."""

    def __init__(self, dists: Iterable[Distribution]) -> None:
        self._owners: Mapping[str, Distribution] = files_of(dists)
        self._base = Path(sys.base_prefix)
        self._library = Path(sysconfig.get_path("stdlib")).parent

    def of(self, entry: Entry) -> str:
        """The origin of `entry`."""
        if _top(entry) in _OWN_PACKAGES:
            return OWN
        return self._distribution(entry) or self._known(entry) or SYSTEM

    def _distribution(self, entry: Entry) -> str:
        for path in _paths(entry):
            if owner := self._owners.get(path):
                return name_of(owner)
        return ""

    def _known(self, entry: Entry) -> str:
        top = _top(entry)
        if entry.is_module and top.startswith(_LOADER_PREFIXES):
            return BUILD[0]
        if top.startswith(("libssl", "libcrypto")):
            return OPENSSL
        return PYTHON if self._is_python_file(entry, top) else ""

    def _is_python_file(self, entry: Entry, top: str) -> bool:
        if top in sys.stdlib_module_names or top.startswith(("_sysconfigdata", "libpython")):
            return True
        folders = (self._base, self._base / "DLLs", self._library)
        return entry.name == "base_library.zip" or any((f / entry.name).is_file() for f in folders)


def _top(entry: Entry) -> str:
    """The top package or folder of an entry; for a single file its name without the suffixes."""
    return entry.name.split("/")[0].split(".")[0]


def _paths(entry: Entry) -> Iterator[str]:
    """Yield the possible paths of an entry below site-packages."""
    if not entry.is_module:
        yield entry.name
        return
    path = entry.name.replace(".", "/")
    yield from (f"{path}.py", f"{path}/__init__.py")
