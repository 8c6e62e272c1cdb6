"""Runs the benchmarks of docs/PERFORMANCE.md: all of them, or those that are named.

    nox -s bench [-- NAME...] [--write]

Prints each table as soon as it is measured. Saves all single figures in build/benchmarks.json;
with --write, the tables in docs/PERFORMANCE.md are replaced too.
"""

import argparse
import compileall
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib import import_module, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bed.install import MissingPart  # noqa: E402  # the project is found from here on
from benchmarks.table import MACHINE, Row, as_table, write_between  # noqa: E402

DOCUMENT = ROOT / "docs" / "PERFORMANCE.md"
SAVED = ROOT / "build" / "benchmarks.json"
NAMES = (
    "start",
    "refresh",
    "keeper",
    "status",
    "batch",
    "sign_in",
    "run_command",
    "window_start",
    "window_idle",
    "window_heartbeat",
    "window_many",
    "windows_programs",
)
NOT_MEASURED = 3  # the exit code if this computer can't run one of them


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description="Run the benchmarks of docs/PERFORMANCE.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--short", action="store_true", help="few rounds: only shows that they run")
    parser.add_argument("--write", action="store_true", help="write docs/PERFORMANCE.md too")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    for folder in ("core", "gui", "tests/benchmarks"):
        compileall.compile_dir(ROOT / folder, quiet=1)  # as after an installation
    here = machine()
    print(here, flush=True)
    measured: dict[str, list[Row]] = {}
    for name in options.names or NAMES:
        begin = time.monotonic()
        try:
            measured[name] = list(import_module(f"benchmarks.{name}").rows(short=options.short))
        except MissingPart as missing:
            print(f"\n{name}: not measured, since {missing}", flush=True)
        else:
            took = time.monotonic() - begin
            print(f"\n{name}, {took:.0f} s\n\n{as_table(measured[name])}", flush=True)
    save(SAVED, here, measured)
    if options.write:
        write(DOCUMENT, here, measured)
    return 0 if len(measured) == len(options.names or NAMES) else NOT_MEASURED


def machine() -> str:
    """What is measured on, and how busy that is."""
    versions = f"Python {platform.python_version()}, Qt {metadata.version('PySide6-Essentials')}"
    load = f"load {os.getloadavg()[0]:.2f} at the start" if hasattr(os, "getloadavg") else ""
    parts = (f"{os.cpu_count()} cores: {_processor()}", platform.platform(), versions, load)
    return f"{time.strftime('%Y-%m-%d')}, {', '.join(filter(None, parts))}."


def save(file: Path, here: str, measured: dict[str, list[Row]]) -> None:
    """Save every single figure as JSON."""
    tables = {name: [row.as_data() for row in rows] for name, rows in measured.items()}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"machine": here, "benchmarks": tables}, indent=1), "utf-8")


def write(document: Path, here: str, measured: dict[str, list[Row]]) -> None:
    """Replace the tables of these benchmarks in the document."""
    write_between(document, MACHINE, here)
    for name, rows in measured.items():
        write_between(document, name, as_table(rows))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(": ")[2] for x in lines if x.startswith("model name")), "unknown")


if __name__ == "__main__":
    sys.exit(main())
