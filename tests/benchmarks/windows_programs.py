"""How large the Windows programs are and how long they take to start, under Wine.

    python tests/benchmarks/windows_programs.py [--runs 5] [--programs WINDOW TERMINAL BARE]

Beside a window with one label that PyInstaller made the usual way, in the same run and in turns.
The windows end after their first painted frame, so their times hold the end of the program too.
Builds all three first, unless they are given.
"""

import argparse
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import bench

GOALS = {"window": (1.25, 1.3), "terminal": (0.6, 0.7)}  # size and start, of the bare window's


def main() -> None:
    """Build or take, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--programs", type=Path, nargs=3)
    options = parser.parse_args()
    from screenshots import virtual_screen
    from wine import install, prefix
    from wine.build import build, build_bare
    from wine.screen import SIZE

    install.wine()
    with ExitStack() as closing:
        display = closing.enter_context(virtual_screen(SIZE))
        windows = closing.enter_context(prefix.running({"DISPLAY": display}))
        if options.programs:
            window, terminal, bare = options.programs
        else:
            folder = closing.enter_context(bench.work_folder())
            python = install.windows_python()
            bare = build_bare(windows, python, folder)
            programs = build(windows, python, folder)
            window, terminal = programs.window, programs.terminal
        commands = {
            "bare": (bare,),
            "window": (window, "--smoke-test"),
            "terminal": (terminal, "--version"),
        }
        report(commands, measure(windows, commands, options.runs))


def measure(windows, commands, runs: int) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Seconds from start to end, the median of the runs after one that warms the caches."""
    seconds: dict[str, list[float]] = {what: [] for what in commands}
    for _ in range(runs + 1):
        for what, command in commands.items():
            begin = time.monotonic()
            windows.run(*command)
            seconds[what].append(time.monotonic() - begin)
    return {what: median(times[1:]) for what, times in seconds.items()}


def report(commands, seconds: dict[str, float]) -> None:  # type: ignore[no-untyped-def]
    """A line for each, and the ratios."""
    sizes = {what: command[0].stat().st_size for what, command in commands.items()}
    for what, size in sizes.items():
        line = f"{what:8}  {size / 1e6:5.1f} MB  {seconds[what]:5.2f} s"
        if what in GOALS:
            ratios = (size / sizes["bare"], seconds[what] / seconds["bare"])
            parts = zip(("size", "start"), ratios, GOALS[what], strict=True)
            line += "".join(f"  {name} {r:.2f} x (goal {goal})" for name, r, goal in parts)
        print(line)


if __name__ == "__main__":
    main()
