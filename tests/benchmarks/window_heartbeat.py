"""The longest pause of the event loop while a slow server is asked: what a person feels as a hang.

    python tests/benchmarks/window_heartbeat.py [--refreshes 50] [--slowest 3]

A timer beats every 10 ms in the window's thread during a sign-in and the refreshes, four at once,
at a server that takes 1 to 3 s for every token. Beside it a bare window with one label beats as
long, alone. To reach: no pause over 100 ms.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bench

WHAT = ("label", "window")


def main() -> None:
    """The bare window for a while, then the window with its work."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--refreshes", type=int, default=50)
    parser.add_argument("--slowest", type=float, default=3.0, help="seconds")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]), options.refreshes)
        return
    with bench.display(), bench.work_folder() as folder:
        arguments = ["--refreshes", str(options.refreshes), "--child"]
        with bench.servers(folder, options.refreshes, slowest=options.slowest):
            for what in WHAT:
                command = [sys.executable, __file__, *arguments, what, str(folder)]
                environment = bench.environment(folder)
                environment["BROWSER"] = f"{sys.executable} {_visitor()} {folder / 'ca.pem'} %s"
                subprocess.run(command, env=environment, check=True)
    print(f"pauses beyond the beat of {bench.BEAT} ms (goal: 100 ms at most)")


def _visitor() -> Path:
    return bench.ROOT / "tests" / "consenting_browser.py"


def child(what: str, folder: Path, refreshes: int) -> None:
    """Beat, and print the pauses."""
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    heart = bench.Heart()
    if what == "label":
        window = bench.make_label()
        window.show()
        heart.beat(bench.seconds_passed(5), "label   alone for 5 s")
    else:
        content, tasks = bench.make_content(folder)
        window = content.window()
        window.show()
        bench.wait(bench.seconds_passed(1))  # the start isn't what is measured here
        signed_in = sign_in(content)
        heart.beat(signed_in, "window  a sign-in")
        done = refresh_all(content, folder)
        heart.beat(done, f"window  {refreshes} refreshes")
        content.closing.quit()
        tasks.close()
    app.quit()


def sign_in(content) -> Callable[[], bool]:  # type: ignore[no-untyped-def]
    """Press the button; tells when the token file is there."""
    ended: list[object] = []
    content.window().address_bar.set_address("you@demo.example")
    content.sign_in.signed_in.connect(ended.append)
    bench.later(lambda: bench.click(content.window(), "Get token"))
    return lambda: bool(ended)


def refresh_all(content, folder: Path) -> Callable[[], bool]:  # type: ignore[no-untyped-def]
    """Refresh all mailboxes by the button; tells when all files are new."""
    from PySide6.QtWidgets import QTableView

    files = sorted((folder / "tokens").glob("*mailbox*.txt"))
    begun = time.time_ns()
    content.parts.mailbox_table.findChild(QTableView).selectAll()
    bench.later(lambda: bench.click(content.window(), "Refresh now"))
    return lambda: all(file.stat().st_mtime_ns > begun for file in files)


if __name__ == "__main__":
    main()
