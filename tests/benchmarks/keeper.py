"""What one refresh costs a process that keeps many mailboxes fresh, when all are due at once.

    python -m benchmarks.keeper FOLDER

This process refreshes all token files in FOLDER/tokens, as `--loop` does, and prints the CPU
milliseconds for each. Without logins, since the request of the yardstick has none.
"""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from . import bare_post
from .servers import Servers, servers
from .surroundings import child, settings_folder, work_folder
from .table import Row
from .timing import output

COUNTS = {100: 5, 1_000: 3, 10_000: 1}  # mailboxes, and how often they are all refreshed
SHORT = {100: 1, 1_000: 1}
POSTS, FEW_POSTS = 300, 20
YARDSTICK = "one request, CPU"


def rows(*, short: bool = False) -> Iterator[Row]:
    """The CPU time of a refresh for each number of mailboxes, beside a bare request."""
    counts = SHORT if short else COUNTS
    theirs: list[float] = []
    ours: dict[int, list[float]] = {count: [] for count in counts}
    with work_folder() as folder, servers(folder) as running:
        question = {"token_uri": running.token_uri, "form": running.refresh_form}
        (folder / bare_post.FORM).write_text(json.dumps(question), "utf-8")
        for number in range(max(counts.values())):
            for count in (count for count, rounds in counts.items() if number < rounds):
                theirs.append(_bare(running, FEW_POSTS if short else POSTS))
                ours[count].append(_refresh(running, count))
    for count, figures in ours.items():
        what = f"refresh 1 of {count:,} mailboxes, CPU"
        yield Row(what, figures, YARDSTICK, theirs, 1.5)
    few, many = min(ours), max(ours)
    flat = f"1 of {many:,} beside 1 of {few:,}, CPU"
    yield Row(flat, ours[many], f"1 of {few:,}", [median(ours[few])], 1.25)


def _bare(running: Servers, posts: int) -> float:
    command = child("bare_post", running.folder, posts)
    return float(output(command, running.environment(), running.folder).split()[1])


def _refresh(running: Servers, count: int) -> float:
    for number in range(count):
        name = f"mailbox{number:05}"
        running.write(running.folder / "tokens" / f"{name}.txt", address=f"{name}@demo.example")
    took = output(child("keeper", running.folder), running.environment(), running.folder)
    files = list((running.folder / "tokens").iterdir())
    for file in files:
        file.unlink()
    return float(took)


def main(folder: Path) -> None:
    """Refresh all, and print the CPU milliseconds for each."""
    from core.cancel import Cancellation
    from core.errors import AppError, Cancelled
    from core.keeping.keeper import Keeper, renew_now
    from core.keeping.loop import keep_fresh
    from core.mailbox.job import Dependencies, Job, Request
    from core.model import Outcome
    from core.providers.live_catalog import LiveCatalog

    cancelled = Cancellation()
    own = settings_folder(folder) / "providers.toml"
    dependencies = Dependencies(LiveCatalog(own), clock=time.time)
    jobs = [
        Job(
            Request(f"{file.stem}@demo.example", file.parent, token_file=file),
            dependencies,
            lambda _: None,
            cancelled,
        )
        for file in sorted((folder / "tokens").glob("*.txt"))
    ]
    refreshed = 0

    def report(_job: Job, result: Outcome | AppError) -> None:
        nonlocal refreshed
        if isinstance(result, AppError):
            raise result
        refreshed += 1
        if refreshed == len(jobs):
            cancelled.set()

    def renew(job: Job, **_how: bool) -> Outcome:
        return renew_now(job, check=False)

    begin = time.process_time()
    with contextlib.suppress(Cancelled):
        keep_fresh(
            jobs,
            Keeper(interval=1800),
            first=renew,
            again=renew,
            report=report,
            cancelled=cancelled,
        )
    print((time.process_time() - begin) * 1000 / len(jobs))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
