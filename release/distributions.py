"""Which installed distributions the program needs when it runs, and to which one a file belongs."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from project import ROOT, BuildProblem

# Parts of these two are inside every program: its loader, and hooks that run at its start.
LOADER = ("pyinstaller", "pyinstaller-hooks-contrib")


def runtime_closure() -> list[Distribution]:
    """What pyproject.toml asks for on this system, with all that this asks for, by name."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return closure(tomllib.load(file)["project"]["dependencies"])


def closure(wanted: Iterable[str]) -> list[Distribution]:
    """The distributions that these requirements ask for, and those that they need, by name."""
    found: dict[str, Distribution] = {}
    _follow(wanted, "", found, set())
    return [found[name] for name in sorted(found)]


def loader_parts() -> list[Distribution]:
    """PyInstaller's, of which a part is in the programs."""
    return [_installed(name) for name in LOADER]


def name_of(dist: Distribution) -> str:
    """The canonical name: lower case, dashes."""
    return canonicalize_name(dist.metadata["Name"])


def files_of(dists: Iterable[Distribution]) -> dict[str, Distribution]:
    """The owner of each installed file, by its path below site-packages."""
    return {file.as_posix(): dist for dist in dists for file in dist.files or ()}


def _follow(
    lines: Iterable[str], extra: str, found: dict[str, Distribution], seen: set[tuple[str, str]]
) -> None:
    for requirement in _applicable(lines, extra):
        name = canonicalize_name(requirement.name)
        for wanted in ("", *sorted(requirement.extras)):
            if (name, wanted) in seen:
                continue
            seen.add((name, wanted))
            found[name] = dist = _installed(name)
            _follow(dist.requires or (), wanted, found, seen)


def _applicable(lines: Iterable[str], extra: str) -> Iterator[Requirement]:
    """Those that hold on this system; with an extra only what it adds."""
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker is None:
            if not extra:
                yield requirement
        elif marker.evaluate({"extra": extra}):
            yield requirement


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError as exc:
        raise BuildProblem(
            f"{name} isn't installed: run build_exe.bat or build_exe.sh, which install everything"
        ) from exc
