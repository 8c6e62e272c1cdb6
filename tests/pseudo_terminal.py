"""The program in a pseudo-terminal, and what that shows."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from program import Program


class Shown:
    """What a terminal shows."""

    def __init__(self, descriptor: int) -> None:
        self.text = ""
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, args=(descriptor,))
        self._reader.start()

    def wait_for(self, pattern: re.Pattern[str]) -> str:
        """The first group of the pattern, once it is shown."""
        with self._news:
            assert self._news.wait_for(lambda: pattern.search(self.text), 30), self.text
            found = pattern.search(self.text)
            assert found
            return found[1]

    def join(self) -> None:
        """Wait until the program has closed its side."""
        self._reader.join()

    def _read(self, descriptor: int) -> None:
        while data := _read(descriptor):
            with self._news:
                self.text += data.decode().replace("\r", "")
                self._news.notify_all()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so at the end: EIO
        return b""


@contextmanager
def in_a_terminal(
    program: Program, *arguments: str
) -> Iterator[tuple["subprocess.Popen[bytes]", Shown]]:
    """The program in a pseudo-terminal."""
    user, end = os.openpty()
    process = subprocess.Popen(
        [*program.command, *arguments],
        cwd=program.folder,
        env=program.environment(),
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    shown = Shown(user)
    try:
        yield process, shown
    finally:
        process.kill()
        process.wait()
        shown.join()
        os.close(user)
