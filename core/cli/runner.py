"""Runs the requests of a command line, one after the other."""

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..cancel import Cancellation
from ..errors import AppError, Cancelled, ExitCode, TryAgain, UsageProblem
from ..keeping.keeper import Keeper, renew_now
from ..keeping.loop import keep_fresh
from ..mailbox.get_token import get_token, refresh_mailbox
from ..mailbox.job import Dependencies, Job, Request
from ..mailbox.resolve import locate, read_own
from ..model import Note, Outcome
from ..paths import current_folder
from ..providers.catalog import load_catalog
from ..tokenfile.place import tokens_folder
from ..tokenfile.read import read_token_file
from .arguments import check_combination, endings_of, request_of
from .output import Console, failure_line, imapsync_lines, success_line

if TYPE_CHECKING:
    from ..mailbox.inventory import MailboxInfo
    from ..oauth.sign_in.response_queue import ResponseQueue
    from ..oauth.sign_in.sign_in import SignInMethods

log = logging.getLogger(__name__)


class Runner:
    """One run of the command line: what all its addresses share."""

    def __init__(
        self,
        options: Namespace,
        dependencies: Dependencies,
        cancelled: Cancellation,
        console: Console | None = None,
    ) -> None:
        """`--refresh_only` and `--print_token` are called by programs, so they stay quiet."""
        self._options = options
        self._dependencies = dependencies
        self._cancelled = cancelled
        self._silent = options.refresh_only or options.print_token
        self._console = console or Console(quiet=self._silent)
        self._paste = TerminalPaste()
        self._told: set[str] = set()  # addresses whose lines for imapsync were printed

    def run(self, addresses: Sequence[str]) -> int:
        """Try all of them; the first failing exit code, or 0."""
        options = self._options
        check_combination(addresses, options)
        folder = self._folder()
        jobs, codes = [], []
        for address in addresses or [_address_in(options.token_file)]:
            try:
                request = request_of(address, options, folder, os.environ)
            except UsageProblem as exc:
                if len(addresses) < 2:
                    raise
                codes.append(self._failed(address, exc))  # the others are tried all the same
            else:
                jobs.append(self._job(request))
        if options.loop:
            codes.append(self._loop(jobs))
        else:
            codes += [self._one(job) for job in jobs]
        return next((code for code in codes if code), ExitCode.DONE)

    def job(self, word: str) -> Job:
        """The job for an address or a token file's path; "" is the file that --token_file names."""
        options = self._options
        if os.path.isfile(word):
            options = Namespace(**{**vars(options), "token_file": word})
            word = ""
        address = word or _address_in(options.token_file)
        return self._job(request_of(address, options, self._folder(), os.environ))

    def get_token(self, job: Job) -> None:
        """A valid token in its file: refreshed, else by a sign-in.

        Where only the network is in the way a token that lives on is as good.
        """
        try:
            get_token(job, self._sign_in_methods())
        except TryAgain as exc:
            refresh_mailbox(job, min_left=0.0)
            self._console.progress(Note(f"{exc.message}. {exc.hint}", warning=True))

    def _folder(self) -> Path:
        """Where token files lie that have no other place."""
        file = self._options.token_file
        if file and os.path.isabs(os.path.expanduser(file)):
            return Path()
        here = current_folder()
        if file:
            return here
        usual = tokens_folder(here)
        if usual.parent != here:
            self._console.say(f"This folder can't be written, so tokens go to {usual}")
        return usual

    def _job(self, request: Request) -> Job:
        return Job(request, self._dependencies, self._console.progress, self._cancelled)

    def _one(self, job: Job) -> int:
        try:
            outcome = self._act(job)
        except Cancelled:
            raise
        except AppError as exc:
            return self._failed(job.address, exc, job)
        self._show(job, outcome)
        return ExitCode.DONE

    def _act(self, job: Job) -> Outcome:
        return self._unattended(job) if self._silent else self._sign_in(job)

    def _unattended(self, job: Job) -> Outcome:
        if self._silent:
            return refresh_mailbox(job, min_left=self._options.min_left * 60)
        return get_token(job, None)

    def _sign_in(self, job: Job) -> Outcome:
        return get_token(job, self._sign_in_methods())

    def _loop(self, jobs: list[Job]) -> int:
        def report(job: Job, result: Outcome | AppError) -> None:
            if isinstance(result, AppError):
                self._failed(job.address, result, job)
            else:
                self._show(job, result)

        conditions = endings_of(self._options, self._dependencies.clock)
        for condition in conditions:
            self._console.say(f"Keeps fresh {condition.plan}.")
        ended = keep_fresh(
            jobs,
            Keeper(interval=self._options.every * 60),
            first=self._unattended,
            sign_in=None if self._silent else self._sign_in,
            again=self._again,
            report=report,
            cancelled=self._cancelled,
            conditions=conditions,
        )
        for condition in conditions:
            if condition.is_reached():
                self._console.say(f"{condition.word}: the loop ends.")
        return ended.exit_code if ended else ExitCode.DONE

    def _again(self, job: Job, *, check: bool) -> Outcome:
        """With what the person's own providers.toml says by now, so that mending it helps."""
        own = job.dependencies.own_file
        try:
            dependencies = replace(job.dependencies, catalog=load_catalog(own))
        except AppError as exc:
            log.warning("what was read of it before still counts: %s", exc.message)
            return renew_now(job, check=check)
        return renew_now(replace(job, dependencies=dependencies), check=check)

    def _failed(self, address: str, error: AppError, job: Job | None = None) -> int:
        self._console.error(error, address)
        if self._options.json:
            print(failure_line(address, error, _known_of(job)), flush=True)
        return error.exit_code

    def _show(self, job: Job, outcome: Outcome) -> None:
        if self._options.json:
            print(success_line(outcome), flush=True)
        elif self._options.print_token:
            file = read_own(job, Path(outcome.file))
            print(file.access if file else "", flush=True)
        elif not self._silent and outcome.imap_host and job.address not in self._told:
            self._told.add(job.address)
            print(*imapsync_lines(outcome), sep="\n", flush=True)

    def _sign_in_methods(self) -> "SignInMethods":
        from ..oauth.sign_in.browser import find_browser
        from ..oauth.sign_in.sign_in import SignInMethods

        remote = self._options.remotebrowser
        opener = find_browser()
        pastes = remote or _is_terminal()  # what is piped in is meant for somebody else
        return SignInMethods(
            open_browser=opener, paste=self._paste if pastes else None, remote=remote
        )


def _address_in(token_file: str) -> str:
    """The address that a token file names; a later run needs nothing else."""
    if not token_file:
        raise UsageProblem("There is no address", hint="Write oauth2_imap you@example.com")
    file = read_token_file(Path(os.path.expanduser(token_file)))
    if file is None or not file.account:
        raise UsageProblem(
            f"{token_file} doesn't say whose tokens it holds",
            hint="Give the address too: oauth2_imap --token_file PATH you@example.com",
        )
    return file.account


def _known_of(job: Job | None) -> "MailboxInfo | None":
    """What the token file says, where there is one; a failed run tells it all the same."""
    from ..mailbox.inventory import mailbox_at

    if job is None:
        return None
    try:
        path = locate(job)
    except AppError:
        return None
    return mailbox_at(path, job.dependencies.catalog) if path.is_file() else None


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

    def __call__(self, responses: "ResponseQueue") -> Callable[[], None]:
        """Begin; gives back what ends it."""
        self._input.start(responses.paste, responses.no_more_paste)
        return self._input.close
