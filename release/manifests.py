"""Writes the manifests for winget and Scoop, from the version and a release's SHA256SUMS.

    python release/manifests.py dist/SHA256SUMS FOLDER

It submits nothing; docs/RELEASING.md says where the files go. Both manifests install the folder
variant, because it starts faster and fewer virus scanners block it.
"""

import sys
import tomllib
from pathlib import Path
from string import Template

import checksums
from project import REPOSITORY, ROOT, VERSION, WINDOW, BuildProblem

_TEMPLATES = Path(__file__).parent / "templates"
ARCHIVE = f"{WINDOW}-{VERSION}-windows-x86_64.zip"


def write(sums: Path, target: Path) -> list[Path]:
    """Write all manifests to the folder `target`; returns the new files."""
    values = _values(checksums.read(sums))
    target.mkdir(parents=True, exist_ok=True)
    templates = sorted(file for file in _TEMPLATES.iterdir() if file.suffix in {".json", ".yaml"})
    return [_fill(template, values, target) for template in templates]


def _values(hashes: dict[str, str]) -> dict[str, str]:
    if ARCHIVE not in hashes:
        raise BuildProblem(f"{ARCHIVE} is not in {checksums.NAME}, which is of another version")
    with (ROOT / "pyproject.toml").open("rb") as file:
        description = tomllib.load(file)["project"]["description"]
    publisher = REPOSITORY.split("/")[-2]
    return {
        "version": VERSION,
        "repository": REPOSITORY,
        "publisher": publisher,
        "identifier": f"{publisher}.{WINDOW}",
        "description": description.rstrip("."),
        "url": f"{REPOSITORY}/releases/download/v{VERSION}/{ARCHIVE}",
        "sha256": hashes[ARCHIVE],
        "sha256_upper": hashes[ARCHIVE].upper(),
    }


def _fill(template: Path, values: dict[str, str], target: Path) -> Path:
    """Fill in a template; winget files are named after the package, Scoop's after the program."""
    name = template.name.replace("winget", values["identifier"]).replace("scoop", WINDOW)
    file = target / name.replace(".version.yaml", ".yaml")
    filled = Template(template.read_text("utf-8")).substitute(values)
    file.write_text(filled, "utf-8", newline="\n")
    return file


def main() -> int:
    """Write the manifests of one release; returns the exit code."""
    try:
        for file in write(Path(sys.argv[1]), Path(sys.argv[2])):
            print(file)
    except BuildProblem as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
