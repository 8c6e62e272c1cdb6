"""What the open window costs while it keeps mailboxes fresh: its share of a core, and its memory.

    python tests/benchmarks/window_idle.py [--seconds 60] [--mailboxes 20]

The mailboxes are kept, the window is visible, and none is due meanwhile: what is measured is the
watching. One refresh is done first, so that its libraries are loaded. Beside it, at the same time,
a bare window with one label. To reach: less than 0.3 % of a core.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import bench

WHAT = ("label", "window")


def main() -> None:
    """Both windows at once, each in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--mailboxes", type=int, default=20)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]), options.seconds)
        return
    with bench.display(), bench.work_folder() as folder, bench.servers(folder, options.mailboxes):
        children = [_start(what, folder, options.seconds) for what in WHAT]
        for what, process in zip(WHAT, children, strict=True):
            said, _ = process.communicate()
            busy, size, refreshed = said.split()
            share = float(busy) / options.seconds
            print(f"{what:6}  {share:.3%} of a core, {float(size):5.1f} MB, {refreshed} refreshed")
    print(f"in {options.seconds:.0f} s with {options.mailboxes} mailboxes (goal 0.3 %)")


def _start(what: str, folder: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--seconds", str(seconds), "--child", what, str(folder)]
    environment = bench.environment(folder)
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def child(what: str, folder: Path, seconds: float) -> None:
    """Wait, and tell the seconds of CPU, the MB and how many mailboxes were refreshed before."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])

    def run(milliseconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(milliseconds), loop.quit)
        loop.exec()

    tasks, refreshed = None, 0
    if what == "label":
        window = bench.make_label()
        window.show()
    else:
        content, tasks = bench.make_content(folder)
        window = content.window()
        window.show()
        refreshed = _begin_keeping(content, folder, run)
    run(2000)
    begin = time.process_time()
    run(seconds * 1000)
    print(time.process_time() - begin, bench.memory(), refreshed)
    if tasks:
        content.closing.quit()
        tasks.close()
    app.quit()


def _begin_keeping(content, folder: Path, run) -> int:  # type: ignore[no-untyped-def]
    """Switch keeping on by its box; refresh one by its button."""
    bench.wait(lambda: not content.parts.mailboxes.files.is_reading)
    bench.click(content.window(), "Keep refreshing all mailboxes")
    path = min((folder / "tokens").glob("*.txt"))
    before = path.stat().st_mtime_ns
    content.parts.mailbox_table.select(path)
    bench.click(content.window(), "Refresh now")
    for _ in range(200):
        run(100)
        if path.stat().st_mtime_ns != before:
            return 1
    return 0


if __name__ == "__main__":
    main()
