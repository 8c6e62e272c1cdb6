"""Coverage-guided fuzzing of one target by atheris (libFuzzer), in a process of its own.

    python tests/reliability/guided.py TARGET CASES SEED FOLDER

FOLDER is where libFuzzer keeps its inputs; it starts from the target's samples. Prints what
libFuzzer prints and exits as it does: 0 when nothing was found.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["core"]):
    from targets import TARGETS

LIMITS = ("-max_len=8192", "-timeout=5", "-rss_limit_mb=1024")


def main(name: str, cases: str, seed: str, folder: str) -> None:
    """Run the cases; libFuzzer ends the process."""
    target = TARGETS[name]
    for number, sample in enumerate(target.samples):
        (Path(folder) / f"sample{number}").write_bytes(sample)
    atheris.Setup([sys.argv[0], f"-runs={cases}", f"-seed={seed}", *LIMITS, folder], target.read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:5])
