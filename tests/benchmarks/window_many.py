"""Thousands of mailboxes: how long until all are listed, and the longest pause of the event loop.

    python tests/benchmarks/window_many.py [--mailboxes 5000]

A timer beats every 10 ms in the window's thread: while the window starts with as many token files,
while "Keep refreshing all mailboxes" is ticked, and while a window starts that keeps them all. None
of them is due, and no server is asked. Beside it a bare window with one label beats alone, and our
window starts with an empty folder. To reach: no pause over 100 ms, all listed within 1.5 s of the
first frame.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bench

WHAT = ("label", "empty", "many", "kept")


def main() -> None:
    """Each window in a process of its own; the last two share their folder and settings."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mailboxes", type=int, default=5_000)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]), options.mailboxes)
        return
    with bench.display(), bench.work_folder() as empty, bench.work_folder() as folder:
        fill(folder / "tokens", options.mailboxes)
        for what in WHAT:
            place = empty if what == "empty" else folder
            count = 0 if what == "empty" else options.mailboxes
            arguments = ["--mailboxes", str(count), "--child", what, str(place)]
            command = [sys.executable, __file__, *arguments]
            subprocess.run(command, env=bench.environment(place), check=True)
    print(f"pauses beyond the beat of {bench.BEAT} ms (goal: 100 ms at most)")


def fill(tokens: Path, count: int) -> None:
    """Write token files that are not due for another 20 minutes."""
    from core.tokenfile.format import TokenFile, serialize
    from core.tokenfile.place import file_name

    tokens.mkdir()
    now = time.time()
    for number in range(count):
        address = f"mailbox{number:04}@example.com"
        file = TokenFile(
            access="an-access-token" * 100,  # as long as Microsoft's
            refresh="a-refresh-token" * 80,
            account=address,
            provider="office365",
            application="thunderbird",
            issued_at=now - 10 * 60,
            expires_at=now + 50 * 60,
        )
        (tokens / file_name(address)).write_bytes(serialize(file, now=now))


def child(what: str, folder: Path, count: int) -> None:
    """Beat, and print the pauses."""
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    if what == "label":
        window = bench.make_label()
        window.show()
        bench.Heart().beat(bench.seconds_passed(3), "label   alone for 3 s")
    else:
        _start(what, folder, count)
    app.quit()


def _start(what: str, folder: Path, count: int) -> None:
    from gui.startup.app import Loader
    from gui.widgets.main_window import MainWindow

    settings, window = bench.make_settings(folder), MainWindow()
    made: list = []  # type: ignore[type-arg]  # Qt is imported late
    listed: list[float] = []

    first: list[float] = []

    def build() -> None:
        content, tasks = bench.make_content(folder, window, settings)
        files = content.parts.mailboxes.files
        files.listed.connect(lambda: listed.append(time.perf_counter() - first[0]))
        made.extend((content, tasks))

    loader = Loader(window)
    window.painted.connect(lambda: first.append(time.perf_counter()))
    window.painted.connect(loader.start)
    loader.loaded.connect(build)
    window.show()
    bench.Heart().beat(_later(lambda: bool(listed)), f"window  start, {what}")
    content, tasks = made
    assert count == len(content.parts.model.rows)
    print(f"        {count} listed {listed[0]:.2f} s after the first frame", flush=True)
    if what == "many":
        bench.later(lambda: bench.click(window, "Keep refreshing all mailboxes"))
        kept = _later(lambda: count == len(content.parts.model.kept_rows))
        bench.Heart().beat(kept, "window  tick Keep")
    if what == "kept":
        assert count == len(content.parts.model.kept_rows)
    content.closing.quit()
    tasks.close()


def _later(done: Callable[[], bool], seconds: float = 2.0) -> Callable[[], bool]:
    """Whether it has been so for a while, since what follows it may make a pause too."""
    since: list[float] = []

    def ended() -> bool:
        if done():
            since.append(time.monotonic())
        return bool(since) and time.monotonic() > since[0] + seconds

    return ended


if __name__ == "__main__":
    main()
