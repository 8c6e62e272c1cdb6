"""The longest pause of the event loop while a slow server is asked: what a user feels as a hang.

    python -m benchmarks.window_heartbeat bare|ours FOLDER REFRESHES

A timer beats every 10 ms in the window's thread during a sign-in and the refreshes, four at once,
at a server that takes 1 to 3 s for every token. A bare window beats for 5 s alone.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import window_parts
from .servers import ACCOUNT, CA_FILE, servers
from .surroundings import TESTS, child, display, environment, work_folder
from .table import Compared, Row
from .timing import output

GOAL = 100.0  # ms
YARDSTICK = "window with one label, alone"
REFRESHES, SLOWEST = 50, 3.0
SHORT = 3, 0.3
_BROWSER = TESTS / "consenting_browser.py"


def rows(*, short: bool = False) -> Iterator[Row]:
    """The bare window for a while, then the window with its work."""
    refreshes, slowest = SHORT if short else (REFRESHES, SLOWEST)
    with (
        display(),
        work_folder() as folder,
        servers(folder, count=refreshes, slowest=slowest),
    ):
        browser = f"{sys.executable} {_BROWSER} {folder / CA_FILE} %s"
        variables = environment(folder, BROWSER=browser)
        (alone,), (sign_in, refresh) = (
            map(
                float,
                output(
                    child("window_heartbeat", what, folder, refreshes), variables, folder
                ).split(),
            )
            for what in ("bare", "ours")
        )
    for what, pause in (("a sign-in", sign_in), (f"{refreshes} refreshes", refresh)):
        yield Row(what, [pause], YARDSTICK, [alone], GOAL, compared=Compared.ALONE)


def main(what: str, folder: Path, refreshes: int) -> None:
    """Beat, and print the longest pauses."""
    app = window_parts.application()
    if what == "bare":
        window = window_parts.make_label()
        window.show()
        print(window_parts.longest_pause(window_parts.seconds_passed(5)))
    else:
        content, tasks = window_parts.make_content(folder)
        content.window().show()
        window_parts.wait(window_parts.seconds_passed(1))  # the start isn't what is measured here
        print(window_parts.longest_pause(sign_in(content)))
        print(window_parts.longest_pause(refresh_all(content, folder, refreshes)))
        content.closing.quit()
        tasks.close()
    app.quit()


def sign_in(content) -> Callable[[], bool]:  # type: ignore[no-untyped-def]
    """Press the button; tells when the token file is there."""
    ended: list[object] = []
    content.window().address_bar.set_address(ACCOUNT)
    content.sign_in.signed_in.connect(ended.append)
    window_parts.later(lambda: window_parts.click(content.window(), "Get token"))
    return lambda: bool(ended)


def refresh_all(content, folder: Path, count: int) -> Callable[[], bool]:  # type: ignore[no-untyped-def]
    """Refresh all mailboxes by the menu; tells when all files are new."""
    from PySide6.QtWidgets import QTableView

    files = sorted((folder / "tokens").glob("*mailbox*.txt"))
    assert count == len(files)
    begun = time.time_ns()
    content.parts.mailbox_table.findChild(QTableView).selectAll()
    window_parts.later(content.parts.mailbox_table.actions_by_name["refresh"].trigger)
    return lambda: all(file.stat().st_mtime_ns > begun for file in files)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
