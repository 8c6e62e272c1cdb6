"""Fills in the manifests for winget and Scoop, from the version and a release's SHA256SUMS.

    python release/manifests.py dist/SHA256SUMS FOLDER

It submits nothing: docs/RELEASING.md tells where the files go. Both install the folder variant,
which starts faster and which virus scanners mind less.
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
    """Write all manifests to the folder `target`."""
    values = _values(checksums.read(sums))
    target.mkdir(parents=True, exist_ok=True)
    return [_fill(template, values, target) for template in sorted(_TEMPLATES.iterdir())]


def _values(hashes: dict[str, str]) -> dict[str, str]:
    if ARCHIVE not in hashes:
        raise BuildProblem(f"{ARCHIVE} isn't in {checksums.NAME}: that release is another version")
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
    """Winget's files are named after the package, Scoop's after the program."""
    name = template.name.replace("winget", values["identifier"]).replace("scoop", WINDOW)
    file = target / name.replace(".version.yaml", ".yaml")
    filled = Template(template.read_text("utf-8")).substitute(values)
    file.write_text(filled, "utf-8", newline="\n")
    return file


def main() -> int:
    """Write the manifests of one release."""
    try:
        for file in write(Path(sys.argv[1]), Path(sys.argv[2])):
            print(file)
    except BuildProblem as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
