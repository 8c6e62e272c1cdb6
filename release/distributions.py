"""Finds the installed distributions that the program needs, and the distribution of a file."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from project import ROOT, BuildProblem

# Parts of these are in a release: the loader of a program, the hooks that run at its start, and the
# templates of the files for shells.
BUILD = ("pyinstaller", "pyinstaller-hooks-contrib", "shtab")


def runtime_closure() -> list[Distribution]:
    """The distributions that pyproject.toml requires on this system, with all that they require."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return closure(tomllib.load(file)["project"]["dependencies"])


def closure(wanted: Iterable[str]) -> list[Distribution]:
    """The distributions of these requirements and all that they require, sorted by name."""
    found: dict[str, Distribution] = {}
    _follow(wanted, "", found, set())
    return [found[name] for name in sorted(found)]


def build_parts() -> list[Distribution]:
    """The distributions of the build, of which parts are in a release."""
    return [_installed(name) for name in BUILD]


def name_of(dist: Distribution) -> str:
    """The canonical name of a distribution: lower case, with dashes."""
    return canonicalize_name(dist.metadata["Name"])


def files_of(dists: Iterable[Distribution]) -> dict[str, Distribution]:
    """The distribution of each installed file, by its path below site-packages."""
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
    """Yield the requirements for this system; with an extra only those that the extra adds."""
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
