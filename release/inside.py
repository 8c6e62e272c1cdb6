"""What is really inside a one-file program, and where each part came from."""

import hashlib
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

from PyInstaller.archive.readers import CArchiveReader

from distributions import LOADER, files_of, name_of

OWN, PYTHON, OPENSSL, SYSTEM = "oauth2_imap", "python", "openssl", "system"
_MODULES = "PYZ.pyz"
_OWN_PACKAGES = ("core", "gui", "resources", "__main__")
_LOADER_PREFIXES = ("pyi_", "_pyi_", "pyimod", "pyiboot")
_BINARY_ENDS = (".dll", ".pyd", ".so", ".dylib")


@dataclass(frozen=True, slots=True)
class Entry:
    """One module or file; `sha256` is that of its bytes as the program unpacks them."""

    name: str  # a module's with dots, a file's with slashes
    sha256: str
    is_module: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether it is code for the processor."""
        suffixes = PurePosixPath(self.name).suffixes
        return not self.is_module and any(end in suffixes for end in _BINARY_ENDS)


def entries(program: Path) -> list[Entry]:
    """Everything that a one-file program carries, by name."""
    archive = CArchiveReader(str(program))
    found = list(_files(archive))
    modules = archive.open_embedded_archive(_MODULES)
    for name in modules.toc:
        if raw := modules.extract(name, raw=True):  # a namespace package has no code
            found.append(Entry(name, _sha256(raw), is_module=True))
    return sorted(found, key=lambda entry: entry.name)


def _files(archive: CArchiveReader) -> Iterator[Entry]:
    for name, (*_, kind) in archive.toc.items():
        if kind not in "zn":  # the archive of the modules; links to files that are there anyway
            is_module = kind in "msM"
            yield Entry(name.replace("\\", "/"), _sha256(archive.extract(name)), is_module)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Origins:
    """Tells where an entry came from: a distribution's name, or one of the words above."""

    def __init__(self, dists: Iterable[Distribution]) -> None:
        self._owners: Mapping[str, Distribution] = files_of(dists)
        self._base = Path(sys.base_prefix)
        self._library = Path(sysconfig.get_path("stdlib")).parent

    def of(self, entry: Entry) -> str:
        """Where `entry` came from."""
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
            return LOADER[0]
        if top.startswith(("libssl", "libcrypto")):
            return OPENSSL
        return PYTHON if self._is_python_file(entry, top) else ""

    def _is_python_file(self, entry: Entry, top: str) -> bool:
        if top in sys.stdlib_module_names or top.startswith(("_sysconfigdata", "libpython")):
            return True
        folders = (self._base, self._base / "DLLs", self._library)
        return entry.name == "base_library.zip" or any((f / entry.name).is_file() for f in folders)


def _top(entry: Entry) -> str:
    """The package or folder that an entry lies in; a file's name without what follows its dot."""
    return entry.name.split("/")[0].split(".")[0]


def _paths(entry: Entry) -> Iterator[str]:
    """Where an entry lies below site-packages, if a distribution brought it."""
    if not entry.is_module:
        yield entry.name
        return
    path = entry.name.replace(".", "/")
    yield from (f"{path}.py", f"{path}/__init__.py")
