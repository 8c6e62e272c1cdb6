"""Writes the bill of materials (CycloneDX) of what is really inside the programs.

Each program is a component with its hash and depends on the libraries found in it. Each library
lists its files with machine code and their hashes.
"""

import json
import ssl
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from importlib.metadata import Distribution
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from checksums import sha256_of
from distributions import build_parts, name_of, runtime_closure
from inside import OPENSSL, OWN, PYTHON, SYSTEM, Entry, Origins, entries
from licences import licence_name
from project import VERSION, BuildProblem, commit_time

_NOT_DISTRIBUTIONS: Mapping[str, tuple[str, str | None, str]] = {
    PYTHON: ("CPython", sys.version.split()[0], "PSF-2.0"),
    OPENSSL: ("OpenSSL", ssl.OPENSSL_VERSION.split()[1], "Apache-2.0"),
    SYSTEM: ("libraries of the build system", None, ""),
}
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/oauth2_imap")


@dataclass(slots=True)
class Materials:
    """What was found, by origin: the programs that hold it, and its files with machine code."""

    programs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    binaries: dict[str, set[Entry]] = field(default_factory=lambda: defaultdict(set))


def write(programs: Iterable[Path], target: Path) -> None:
    """Examine the programs and write the bill of materials to `target`."""
    dists = {name_of(dist): dist for dist in (*runtime_closure(), *build_parts())}
    programs = list(programs)
    target.write_text(_json(programs, look_into(programs, dists), dists), "utf-8", newline="\n")


def look_into(programs: Iterable[Path], dists: Mapping[str, Distribution]) -> Materials:
    """Examine the programs; raises `BuildProblem` for a part that the program doesn't need."""
    origins, found = Origins(metadata.distributions()), Materials()
    for program in programs:
        for entry in entries(program):
            origin = origins.of(entry)
            _refuse_unexpected(entry, origin, dists)
            found.programs[origin].add(program.name)
            if entry.is_binary:
                found.binaries[origin].add(entry)
    return found


def _refuse_unexpected(entry: Entry, origin: str, dists: Mapping[str, Distribution]) -> None:
    known = origin in dists or origin in (OWN, PYTHON, OPENSSL)
    if not known and not (origin == SYSTEM and entry.is_binary):
        raise BuildProblem(
            f"{entry.name} of {origin} is in the programs, but they don't need it. "
            "Exclude it in release/left_out.py."
        )


def _json(programs: list[Path], found: Materials, dists: Mapping[str, Distribution]) -> str:
    bom = Bom()
    whole = Component(name=OWN, version=VERSION, type=ComponentType.APPLICATION, bom_ref="release")
    bom.metadata.component = whole
    parts = {origin: _part(origin, found, dists) for origin in found.programs if origin != OWN}
    for origin in sorted(parts):
        bom.components.add(parts[origin])
    made = [_program(path) for path in programs]
    for program in made:
        bom.components.add(program)
        inside = [parts[o] for o in parts if program.name in found.programs[o]]
        bom.register_dependency(program, inside)
    bom.register_dependency(whole, made)
    bom.metadata.timestamp = datetime.fromtimestamp(commit_time(), UTC)
    bom.serial_number = _serial_number(made)
    return json.dumps(json.loads(JsonV1Dot6(bom).output_as_string()), indent=2) + "\n"


def _serial_number(programs: Iterable[Component]) -> uuid.UUID:
    """A serial number made from the programs' hashes, so that equal builds have equal files."""
    hashes = sorted(h.content for program in programs for h in program.hashes)
    return uuid.uuid5(_NAMESPACE, sha256("".join(hashes).encode()).hexdigest())


def _program(path: Path) -> Component:
    return Component(
        name=path.name,
        version=VERSION,
        type=ComponentType.APPLICATION,
        bom_ref=path.name,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256_of(path))],
    )


def _part(origin: str, found: Materials, dists: Mapping[str, Distribution]) -> Component:
    files = [_file(origin, entry) for entry in found.binaries[origin]]
    if dist := dists.get(origin):
        return Component(
            name=origin,
            version=dist.version,
            type=ComponentType.LIBRARY,
            bom_ref=origin,
            purl=PackageURL("pypi", name=origin, version=dist.version),
            licenses=[DisjunctiveLicense(name=licence_name(dist))],
            components=files,
        )
    name, version, licence = _NOT_DISTRIBUTIONS[origin]
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=origin,
        licenses=[DisjunctiveLicense(name=licence)] if licence else [],
        components=files,
    )


def _file(origin: str, entry: Entry) -> Component:
    return Component(
        name=entry.name,
        type=ComponentType.FILE,
        bom_ref=f"{origin}:{entry.name}:{entry.sha256[:8]}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=entry.sha256)],
    )
