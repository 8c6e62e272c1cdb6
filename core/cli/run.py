"""Runs the requests of a command line, one after the other."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..cancel import Cancellation
from ..errors import AppError, ExitCode, UsageProblem
from ..job import Job, Request, Surroundings
from ..keeper import Keeper, keep_fresh
from ..mailbox import read_own
from ..model import Outcome
from ..procedure import get_token, refresh
from ..providers.catalog import load_catalog, own_file
from ..providers.detection import resolve_mx_by_dns
from ..tokenfile.place import tokens_folder
from ..tokenfile.read import read_token_file
from .arguments import requests_of
from .output import Console, imapsync_lines, json_line

if TYPE_CHECKING:
    from ..signin.inbox import Inbox
    from ..signin.sign_in import Ways


class Runner:
    """One run of the command line: what all its addresses share."""

    def __init__(
        self, options: Namespace, surroundings: Surroundings, cancelled: Cancellation
    ) -> None:
        """`--refresh_only` and `--print_token` are called by programs, so they stay quiet."""
        self._options = options
        self._surroundings = surroundings
        self._cancelled = cancelled
        self._silent = options.refresh_only or options.print_token
        self._console = Console(quiet=self._silent)
        self._paste = TerminalPaste()

    def run(self, addresses: Sequence[str]) -> int:
        """Try all of them; the first failing exit code, or 0."""
        jobs = [self._job(request) for request in self._requests(addresses)]
        if self._options.loop:
            return self._loop(jobs)
        codes = [self._one(job) for job in jobs]
        return next((code for code in codes if code), ExitCode.DONE)

    def _requests(self, addresses: Sequence[str]) -> list[Request]:
        if not addresses:
            addresses = [_address_in(self._options.token_file)]
        usual = tokens_folder(Path.cwd())
        if usual.parent != Path.cwd():
            self._console.say(f"This folder can't be written, so tokens go to {usual}")
        return requests_of(addresses, self._options, usual, os.environ)

    def _job(self, request: Request) -> Job:
        return Job(request, self._surroundings, self._console.progress, self._cancelled)

    def _one(self, job: Job) -> int:
        try:
            outcome = self._act(job)
        except AppError as exc:
            return self._failed(job, exc)
        self._show(job, outcome)
        return ExitCode.DONE

    def _act(self, job: Job) -> Outcome:
        if self._silent:
            return refresh(job, min_left=self._options.min_left * 60)
        return get_token(job, self._ways())

    def _loop(self, jobs: list[Job]) -> int:
        def report(job: Job, result: Outcome | AppError) -> None:
            if isinstance(result, AppError):
                self._failed(job, result)
            else:
                self._show(job, result)

        keeper = Keeper(interval=self._options.every * 60)
        ended = keep_fresh(jobs, keeper, first=self._act, report=report, cancelled=self._cancelled)
        return ended.exit_code if ended else ExitCode.DONE

    def _failed(self, job: Job, error: AppError) -> int:
        self._console.error(error, job.address)
        if self._options.json:
            print(json_line(job.address, error), flush=True)
        return error.exit_code

    def _show(self, job: Job, outcome: Outcome) -> None:
        if self._options.json:
            print(json_line(job.address, outcome), flush=True)
        elif self._options.print_token:
            file = read_own(Path(outcome.file), job.address)
            print(file.access if file else "", flush=True)
        elif not self._silent:
            print(*imapsync_lines(outcome), sep="\n", flush=True)

    def _ways(self) -> "Ways":
        from ..signin.browser import find_browser
        from ..signin.sign_in import Ways

        remote = self._options.remotebrowser
        opener = find_browser()
        pastes = remote or opener is not None or _is_terminal()
        return Ways(open_browser=opener, paste=self._paste if pastes else None, remote=remote)


def new_surroundings() -> Surroundings:
    """The real ones."""
    own = own_file()
    return Surroundings(load_catalog(own), own, resolve_mx_by_dns, time.time)


def _address_in(token_file: str) -> str:
    """The address that a token file names; a later run needs nothing else."""
    if not token_file:
        raise UsageProblem("There is no address", todo="Write oauth2_imap you@example.com")
    file = read_token_file(Path(token_file).expanduser())
    if file is None or not file.account:
        raise UsageProblem(
            f"{token_file} doesn't say whose tokens it holds",
            todo="Give the address too: oauth2_imap --token_file PATH you@example.com",
        )
    return file.account


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


class TerminalPaste:
    """Takes what is pasted on standard input into an inbox; one for the run.

    A read that hangs can't be taken back, so a second reader would lose the first line to it.
    """

    def __init__(self) -> None:
        """Nothing is read before the first wait."""
        from .standard_input import StandardInput

        self._input = StandardInput()

    def __call__(self, inbox: "Inbox") -> Callable[[], None]:
        """Begin; gives back what ends it."""
        self._input.start(inbox.paste, inbox.no_more_paste)
        return self._input.close
