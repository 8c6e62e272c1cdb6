"""Measures programs in turns, so that what else the computer does meets all of them alike."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

Name = TypeVar("Name")
SECONDS = 600.0  # no program that is measured takes so long


def in_turns(rounds: int, acts: Mapping[Name, Callable[[], float]]) -> dict[Name, list[float]]:
    """The figures of each act, from `rounds` rounds through all of them.

    One more round comes first and isn't counted: it fills the disk's cache and writes .pyc files.
    """
    figures: dict[Name, list[float]] = {name: [] for name in acts}
    for number in range(rounds + 1):
        for name, act in acts.items():
            figure = act()
            if number:
                figures[name].append(figure)
    return figures


def milliseconds(
    command: Sequence[str | Path], environment: Mapping[str, str], folder: Path
) -> float:
    """From the start of a program to its end; raises `AssertionError` if it failed."""
    begin = time.perf_counter()
    output(command, environment, folder)
    return (time.perf_counter() - begin) * 1000


def output(command: Sequence[str | Path], environment: Mapping[str, str], folder: Path) -> str:
    """What a program prints; raises `AssertionError` if it failed."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
