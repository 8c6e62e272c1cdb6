"""The child process: passes on its output unchanged and notices refused logins in it."""

import contextlib
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from ...child_environment import without_loader
from ...errors import as_error
from ...verdicts import local_commands

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 13
_WAIT = 0.5  # seconds
_STOPPED_WITHIN, _LOOK_AGAIN = 1.0, 0.001  # seconds
# The first is imapsync's own message at its start. The others are server responses to an expired
# token, as Mail::IMAPClient passes them on: Gmail and Dovecot (RFC 5530), Microsoft, and Microsoft
# when it ends a session. https://github.com/imapsync/imapsync/issues/250
_REFUSED = re.compile(
    rb"^Host[12] failure: Error login on "
    rb"|\bNO \[AUTHENTICATIONFAILED\]"
    rb"|\bNO AUTHENTICATE failed\b"
    rb"|\bSession invalidated - AccessTokenExpired\b"
)
# The subject of a message, which is ignored since it may contain anything. The match goes to the
# last such end in the line, since a subject may contain one too.
_MESSAGE = re.compile(rb"Subject:\[.*\] ?\) to folder ")

# imapsync.exe is a console program: started by a window, it would open a console of its own.
NO_CONSOLE: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)

Output = Callable[[bytes, bool], None]


class Child:
    """A running imapsync, whose output is read and passed on to `output`.

    `output` gets each piece and whether it is of standard error. It raises `OSError` when nobody
    reads any more.

    `on_refused` is called in a thread for each line that reports a refused login. `refused` is set
    from then on, `interrupted` from a Ctrl-C until the next refused login.
    """

    def __init__(
        self,
        words: Sequence[str],
        *,
        environment: Mapping[str, str],
        output: Output,
        on_refused: Callable[["Child"], None],
        apart_in: Path | None = None,
    ) -> None:
        """Start it in our process group with our standard input, so that Ctrl-C reaches it.

        With `apart_in` it is started in that folder, without a terminal, and `send` reaches every
        process that it has started.
        """
        self._is_apart = apart_in is not None
        try:
            with without_loader():
                self._process = subprocess.Popen(  # noqa: S603  # the user's own command
                    list(words),
                    env=environment,
                    stdin=subprocess.DEVNULL if self._is_apart else None,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    bufsize=0,
                    cwd=apart_in,
                    start_new_session=self._is_apart,
                    creationflags=NO_CONSOLE if self._is_apart else 0,
                )
        except OSError as exc:
            raise as_error(
                local_commands.PROGRAM_NOT_STARTED, detail=exc.strerror or "", program=words[0]
            ) from exc
        self.refused = self.interrupted = self._is_ending = False
        self._output, self._on_refused = output, on_refused
        self._threads = [
            threading.Thread(target=self._pass_on, args=(source, is_error))
            for source, is_error in ((self._process.stdout, False), (self._process.stderr, True))
            if source is not None
        ]

    def wait(self) -> int:
        """Pass its output on until it ends.

        Returns its exit code, or 128 plus the signal, as shells do.
        """
        for thread in self._threads:  # only now, when the caller knows its child
            thread.start()
        code = self._wait()
        for thread in self._threads:
            thread.join()
        return 128 - code if code < 0 else code

    def send(self, number: int) -> None:
        """Pass a signal on. On Windows, every signal ends the process."""
        with contextlib.suppress(OSError):  # it has just ended
            if sys.platform == "win32":
                end_tree(self._process.pid)
            elif self._is_apart:
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)

    def interrupt(self) -> None:
        """Note a Ctrl-C, which the terminal has sent to the child too.

        It is too late for a child that `end` has ended, perhaps for what this Ctrl-C made it do.
        """
        if not self._is_ending:
            self.refused, self.interrupted = False, True

    def end(self) -> None:
        """Ask it to end; imapsync then logs out from both servers."""
        self._is_ending = True
        self.send(signal.SIGTERM)

    def _wait(self) -> int:
        while sys.platform == "win32":  # it calls our handler of Ctrl-C only between two waits
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self._process.wait(_WAIT)
        return self._process.wait()

    def _pass_on(self, source: IO[bytes], is_error: bool) -> None:
        last = b""
        with source:
            while chunk := source.read(_CHUNK):
                try:
                    self._output(chunk, is_error)
                except OSError:  # the reader has gone; closing the pipe tells the child
                    log.warning("the output of imapsync can't be passed on")
                    return
                *lines, last = (last + chunk).split(b"\n")
                for line in lines:
                    self._check(line)
                last = last[-_LONGEST_LINE:]
        self._check(last)

    def _check(self, line: bytes) -> None:
        if reports_refused_login(line):
            self.refused, self.interrupted = True, False
            self._on_refused(self)


def end_tree(pid: int) -> None:
    """End a process and its children: the packed imapsync.exe consists of two processes."""
    import psutil

    with contextlib.suppress(psutil.Error):  # it has just ended
        outer = psutil.Process(pid)
        outer.suspend()  # else it could start a child that is not in the list
        end = time.monotonic() + _STOPPED_WITHIN
        while outer.status() != psutil.STATUS_STOPPED and time.monotonic() < end:
            time.sleep(_LOOK_AGAIN)  # it may be in the middle of starting one
        for process in [*outer.children(recursive=True), outer]:
            with contextlib.suppress(psutil.Error):
                process.terminate()
        outer.resume()  # a suspended process gets no signal


def reports_refused_login(line: bytes) -> bool:
    """Whether a line of imapsync's output reports that a server refused a login."""
    return _REFUSED.search(_MESSAGE.sub(b"", line)) is not None
