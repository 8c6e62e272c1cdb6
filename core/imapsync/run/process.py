"""The running child: its output goes through as it is, and a refused login in it is noticed."""

import contextlib
import logging
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO, BinaryIO

from ...child_environment import without_loader
from ...errors import AppError

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 13
# What imapsync says at its start; then what servers answer to a token that has ended, in the words
# that Mail::IMAPClient hands on: Gmail and Dovecot (RFC 5530), Microsoft, and Microsoft's farewell
# where it cuts a session. https://github.com/imapsync/imapsync/issues/250
_REFUSED = re.compile(
    rb"^Host[12] failure: Error login on "
    rb"|\bNO \[AUTHENTICATIONFAILED\]"
    rb"|\bNO AUTHENTICATE failed\b"
    rb"|\bSession invalidated - AccessTokenExpired\b"
)
# A message's own words, which say nothing of a login; up to the last such end in the line, since a
# subject may hold one itself.
_MESSAGE = re.compile(rb"Subject:\[.*\] ?\) to folder ")

Outputs = tuple[BinaryIO, BinaryIO]


class Child:
    """imapsync while it runs; `refused` tells whether a login was refused so far.

    Only with `on_refused` its output is read, on its way to `outputs`, and `on_refused` called in a
    thread for each line that tells of a refused login; else it writes where we would.
    """

    def __init__(
        self,
        words: Sequence[str],
        *,
        environment: Mapping[str, str],
        outputs: Outputs,
        on_refused: Callable[["Child"], None] | None = None,
    ) -> None:
        """Start it, in our process group and with our standard input: Ctrl-C is its own."""
        pipe = subprocess.PIPE if on_refused else None
        try:
            with without_loader():
                self._process = subprocess.Popen(  # noqa: S603  # the person's own command
                    list(words), env=environment, stdout=pipe, stderr=pipe, bufsize=0
                )
        except OSError as exc:
            raise AppError(
                f"{words[0]} can't be started", detail=exc.strerror or "", hint="Check the command."
            ) from exc
        self.refused = False
        self._on_refused = on_refused
        self._threads = [
            threading.Thread(target=self._hand_through, args=(source, target))
            for source, target in zip(
                (self._process.stdout, self._process.stderr), outputs, strict=True
            )
            if source is not None
        ]
        for thread in self._threads:
            thread.start()

    def wait(self) -> int:
        """Its exit code, as a shell would tell it: 128 and the signal where one ended it."""
        code = self._process.wait()
        for thread in self._threads:
            thread.join()
        return 128 - code if code < 0 else code

    def send(self, number: int) -> None:
        """Pass a signal on; Windows knows none but the end."""
        with contextlib.suppress(OSError):  # it has just ended
            if sys.platform == "win32":
                end_tree(self._process.pid)
            else:
                self._process.send_signal(number)

    def end(self) -> None:
        """Ask it to end; imapsync then says goodbye to both servers."""
        self.send(signal.SIGTERM)

    def _hand_through(self, source: IO[bytes], target: BinaryIO) -> None:
        last = b""
        with source:
            while chunk := source.read(_CHUNK):
                try:
                    target.write(chunk)
                    target.flush()
                except OSError:  # nobody reads any more: the child is to feel it
                    log.warning("what imapsync says can't be handed through")
                    return
                *lines, last = (last + chunk).split(b"\n")
                for line in lines:
                    self._look_at(line)
                last = last[-_LONGEST_LINE:]
        self._look_at(last)

    def _look_at(self, line: bytes) -> None:
        if self._on_refused and tells_of_refused_login(line):
            self.refused = True
            self._on_refused(self)


def end_tree(pid: int) -> None:
    """End a process and all below it: the packed imapsync.exe is two of them."""
    import psutil

    with contextlib.suppress(psutil.Error):  # it has just ended
        outer = psutil.Process(pid)
        for process in [*outer.children(recursive=True), outer]:
            with contextlib.suppress(psutil.Error):
                process.terminate()


def tells_of_refused_login(line: bytes) -> bool:
    """Whether a line of imapsync's output says that a server refused a login."""
    return _REFUSED.search(_MESSAGE.sub(b"", line)) is not None
