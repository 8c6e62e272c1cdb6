"""Run what a command line asks for, for each of its addresses."""

import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..browser_choice import BrowserChoice
from ..cancel import Cancellation
from ..errors import AppError, Cancelled, ExitCode, UsageProblem, as_error
from ..i18n.translation import _
from ..mailbox.get_token import get_token, refresh_mailbox
from ..mailbox.job import Dependencies, Job, Request
from ..mailbox.resolve import locate, read_own
from ..model import Outcome
from ..paths import current_folder
from ..tokenfile.place import address_in_name, tokens_folder
from ..tokenfile.read import read_token_file
from ..verdicts import local_commands
from .arguments import check_combination, repeated, request_of, stop_conditions_of
from .options import Options
from .output import Console, failure_line, imapsync_lines, print_lines, success_line
from .typed_lines import TypedLines
from .user_commands import UserCommands

if TYPE_CHECKING:
    from ..events import AccountAnswer, AccountQuestion, FoundServer
    from ..keeping.keeper import Keeper
    from ..mailbox.inventory import MailboxInfo
    from ..oauth.sign_in.methods import SignInMethods

log = logging.getLogger(__name__)


class Runner:
    """One run of the command line, for all its addresses.

    With `--refresh_only` and `--print_token` it prints warnings and errors only, since programs
    call it then.
    """

    def __init__(
        self,
        options: Options,
        dependencies: Dependencies,
        cancelled: Cancellation,
        console: Console | None = None,
        *,
        folder: Path | None = None,
    ) -> None:
        """`folder` has the token files of addresses; None: it is below the current folder."""
        self._options = options
        self._dependencies = dependencies
        self._cancelled = cancelled
        self._silent = options.refresh_only or options.print_token
        self._console = console or Console(quiet=self._silent)
        self._typed = TypedLines()
        self._tokens = folder
        self.user_commands = UserCommands(options, self._console.warn, cancelled)
        self._printed: set[str] = set()  # addresses whose imapsync options were printed

    def run(self, addresses: Sequence[str]) -> int:
        """Try all addresses. Returns the exit code of the first that failed, or 0."""
        with self.user_commands.finished():
            return self._run(addresses)

    def _run(self, addresses: Sequence[str]) -> int:
        options = self._options
        check_combination(addresses, options)
        if options.loop or not self._silent:
            self._dependencies.providers.check()
        folder = self._folder()
        jobs, codes = [], []
        for address in addresses or [self._address_in(options.token_file)]:
            try:
                request = request_of(address, options, folder, os.environ)
            except UsageProblem as exc:
                if len(addresses) < 2:
                    raise
                codes.append(self._failed(address, exc))  # still try the other addresses
            else:
                jobs.append(self._job(request))
        if options.loop:
            codes.append(self._loop(jobs))
        else:
            codes += [self._one(job) for job in jobs]
        return next((code for code in codes if code), ExitCode.DONE)

    def job(self, word: str) -> Job:
        """The job for an address or for the path of a token file; "" is the `--token_file`."""
        options = self._options
        if os.path.isfile(word):
            options = Options(**{**vars(options), "token_file": word})
            word = ""
        address = word or self._address_in(options.token_file)
        return self._job(request_of(address, options, self._folder(), os.environ))

    def _address_in(self, token_file: str) -> str:
        """The address that a token file or its name says, so that the user need not write it."""
        if not token_file:
            raise as_error(local_commands.NO_ADDRESS)
        path = Path(os.path.expanduser(token_file)).absolute()
        file = read_token_file(path)
        if file is None and not path.exists():
            raise as_error(local_commands.NO_SUCH_TOKEN_FILE, path=path)
        address = file.account if file else ""
        address = address or address_in_name(path, self._dependencies.catalog.names())
        if not address:
            raise as_error(local_commands.TOKEN_FILE_WITHOUT_ADDRESS, path=path)
        return address

    def sign_in_methods(self) -> "SignInMethods":
        """How the user can sign in on this computer."""
        from ..oauth.sign_in.browser import find_browser
        from ..oauth.sign_in.methods import SignInMethods

        remote = self._options.remotebrowser
        choice = BrowserChoice(self._options.browser, self._options.private)
        opener = find_browser(choice=choice)
        at_terminal = is_terminal()
        pastes = remote or at_terminal  # piped input is meant for another program
        return SignInMethods(
            open_browser=opener,
            paste=self._typed.paste if pastes else None,
            remote=remote,
            device_code=self._options.device_code,
            offer_device_code=self._typed.offer_device_code if pastes else None,
            ask_account=self._ask_account if at_terminal else None,
            ask_server=self._ask_server if at_terminal else None,
        )

    def answer_methods(self) -> "SignInMethods":
        """How the answer of a mailbox's owner comes: it is pasted, or sent to standard input."""
        from ..oauth.sign_in.methods import SignInMethods

        return SignInMethods(
            open_browser=None,
            paste=self._typed.paste,
            remote=True,
            ask_account=self._ask_account if is_terminal() else None,
        )

    def _ask_account(self, question: "AccountQuestion") -> "AccountAnswer":
        from .account_question import ask_account

        return ask_account(question, self._console, self._answer_to())

    def _ask_server(self, found: "FoundServer") -> bool:
        from .server_question import ask_server

        return ask_server(found, self._console, self._answer_to())

    def answer(self, question: str) -> str:
        """The line that the user types after a question; empty if there is none."""
        return self._answer_to()(question)

    def _answer_to(self) -> Callable[[str], str]:
        """What asks a question and returns the line that the user types."""
        from ..oauth.sign_in.methods import WAIT

        return partial(self._typed.answer, seconds=WAIT, cancelled=self._cancelled)

    def _folder(self) -> Path:
        """The folder for token files that are given without a full path."""
        file = self._options.token_file
        if file and os.path.isabs(os.path.expanduser(file)):
            return Path()
        if self._tokens and not file:
            return self._tokens
        here = current_folder()
        if file:
            return here
        usual = tokens_folder(here)
        if usual.parent != here:
            self._console.say(
                _(
                    "You can't write to the current folder. Token files are saved in {folder}",
                    folder=usual,
                )
            )
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
        return self.show(job, outcome)

    def _act(self, job: Job) -> Outcome:
        return self._unattended(job) if self._silent else self._sign_in(job)

    def _unattended(self, job: Job) -> Outcome:
        if self._silent:
            return refresh_mailbox(job, min_left=self._options.min_left * 60)
        return get_token(job, None)

    def _sign_in(self, job: Job) -> Outcome:
        return get_token(job, self.sign_in_methods())

    def _loop(self, jobs: list[Job]) -> int:
        from ..keeping.awake import kept_awake
        from ..keeping.keeper import Keeper
        from ..keeping.loop import keep_fresh

        keeper = Keeper(interval=self._options.every * 60, say=self._console.warn)

        def report(job: Job, result: Outcome | AppError) -> None:
            if isinstance(result, AppError):
                self._failed(job.address, result, job, keeper)
            else:
                self.show(job, result)

        awake = kept_awake(wanted=not self._options.no_keep_awake)
        conditions = stop_conditions_of(self._options, self._dependencies.clock)
        for condition in conditions:
            self._console.say(condition.announcement)
        with awake:
            ended = keep_fresh(
                jobs,
                keeper,
                first=self._unattended,
                sign_in=None if self._silent else self._sign_in,
                report=report,
                cancelled=self._cancelled,
                conditions=conditions,
            )
        for condition in conditions:
            if condition.is_reached():
                self._console.say(condition.reason, _("The loop stops."))
        return ended.exit_code if ended else ExitCode.DONE

    def _failed(
        self, address: str, error: AppError, job: Job | None = None, keeper: "Keeper | None" = None
    ) -> int:
        if job is None:
            self._console.error(error, address)
        else:
            self.tell(job, error, keeper)
        if self._options.json:
            print_lines(failure_line(address, error, _known_of(job)))
        return error.exit_code

    def tell(self, job: Job, error: AppError, keeper: "Keeper | None" = None) -> None:
        """Print an error of one mailbox, and when `keeper` tries again."""
        from ..times import local_time  # needed after an error only

        words = [*repeated(self._options, job.request.token_file), job.address]
        due = keeper.next_try(job) if keeper else None
        next_try = local_time(due, job.now()) if due else ""
        self._console.error(error, job.address, mailbox=words, next_try=next_try)
        self.user_commands.start(job, error)

    def show(self, job: Job, outcome: Outcome) -> int:
        """Print the result. Returns the exit code, which a failed login has too."""
        self.user_commands.start(job, outcome)
        if outcome.login_error is not None:
            self.tell(job, outcome.login_error)
        if self._options.json:
            print_lines(success_line(outcome))
        elif self._options.print_token:
            file = read_own(job, Path(outcome.file))
            print_lines(file.access if file else "")
        elif not self._silent and outcome.imap_host and job.address not in self._printed:
            from ..imapsync.command import PASSWORD_NOTE  # not needed by a silent refresh

            print_lines(*imapsync_lines(outcome))
            if not self._printed:
                self._console.say(_(PASSWORD_NOTE))
            self._printed.add(job.address)
        return outcome.login_error.exit_code if outcome.login_error else ExitCode.DONE


def _known_of(job: Job | None) -> "MailboxInfo | None":
    """What the token file says, for the report of a failed run; None if there is no file."""
    from ..mailbox.inventory import mailbox_at

    if job is None:
        return None
    try:
        path = locate(job)
    except AppError:
        return None
    return mailbox_at(path, job.dependencies.catalog) if path.is_file() else None


def is_terminal() -> bool:
    """Whether a user can answer at standard input."""
    return sys.stdin is not None and sys.stdin.isatty()
