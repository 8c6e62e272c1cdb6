"""`batch FILE`: get the tokens of all mailboxes of a list, and keep them fresh with --loop."""

import logging
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from ..batch.batch import open_batch, work_through
from ..batch.report import ReportRow, row_of
from ..batch.script import check_script, write_script
from ..batch.task import Done, Task
from ..batch.work import obtain
from ..cancel import Cancellation
from ..errors import AppError, Cancelled, ExitCode, SignInNeeded, as_error
from ..events import Event
from ..i18n.translation import N_, _, english, ngettext, number
from ..mailbox.get_token import get_token
from ..mailbox.job import Job, Request, new_dependencies
from ..model import Note, Outcome, State
from ..paths import current_folder
from ..tokenfile.place import tokens_folder
from ..verdicts import local_commands
from .arguments import check_combination, network_of, overrides_of, stop_conditions_of
from .json_lines import Format, json_line
from .options import Options
from .output import Console, print_lines
from .progress_line import ProgressLine
from .runner import Runner, is_terminal
from .signals import cancel_on_signals

log = logging.getLogger(__name__)

_SHOWN = 100  # lines about failures; the report has all of them
_WRITE_EVERY = 30.0  # seconds, in the loop
_EXPECTED = (State.FRESH, State.SIGN_IN_NEEDED)
_CODES = {  # the worst first
    State.FAILED: ExitCode.FAILED,
    State.REFUSED: ExitCode.REFUSED,
    State.TRY_AGAIN: ExitCode.TRY_AGAIN,
    State.SIGN_IN_NEEDED: ExitCode.SIGN_IN_NEEDED,
}
_IGNORED = N_("These columns of the list have no meaning here: {columns}")
_PROGRESS = N_("{tried} of {size}: {states}")
_FAILED = N_("Line {line}: {text}")
_REPORT = N_("Report: {csv} and {json}")
_SCRIPT = N_("Script for imapsync: {script} (pairs: {pairs}, left out: {left_out})")
_QUEUE = N_(
    "Mailboxes that need a sign-in: {count}. They come one after the other. You can stop with "
    "Ctrl-C. The same command goes on with the rest."
)
_LEFT = N_(
    "Mailboxes that need a sign-in: {count}. To sign in to them, run the same command in a "
    "terminal."
)


def run(words: Sequence[str], options: Options) -> int:
    """Work through the list. Returns the exit code of what went worst."""
    if len(words) != 1:
        raise as_error(local_commands.BATCH_NEEDS_FILE)
    check_combination((), options)
    if options.script:
        check_script(Path(options.script))
    cancelled = Cancellation()
    cancel_on_signals(cancelled)
    return _Run(Path(os.path.expanduser(words[0])), options, cancelled).run()


class _Run:
    """One run for one list."""

    def __init__(self, list_file: Path, options: Options, cancelled: Cancellation) -> None:
        self._options = options
        self._console = Console()
        dependencies = new_dependencies()
        dependencies.providers.check()
        self._runner = Runner(options, dependencies, cancelled, self._console)
        self._methods = self._runner.sign_in_methods()  # refuses an unknown browser at once
        self._base = Job(_request(options), dependencies, _to_log, cancelled)
        self._batch = open_batch(list_file, self._base)

    def run(self) -> int:
        """All of it; returns the exit code."""
        with self._runner.user_commands.finished():
            return self._run()

    def _run(self) -> int:
        report, options = self._batch.report, self._options
        if ignored := self._batch.found.ignored_columns:
            self._console.warn(_(_IGNORED, columns=", ".join(ignored)))
        done = self._unattended()
        if not options.loop:
            self._sign_in([one.task for one in done if isinstance(one.result, SignInNeeded)])
        if options.script:
            self._write_script(Path(options.script))
        if options.loop:
            self._loop([one.task for one in done])
        if options.json:
            print_lines(*(json_line(Format.BATCH, row.known()) for row in report.rows))
        self._console.say(_(_REPORT, csv=report.as_csv, json=report.as_json))
        return _exit_code(report.counts())

    def _unattended(self) -> list[Done]:
        """Get all tokens that need no user; then print what failed."""
        line, done = ProgressLine(self._console), []
        results = work_through(self._batch, self._options.at_once, self._base, line.warn)
        with closing(results):  # so that Ctrl-C still writes the report
            for one in results:
                done.append(one)
                self._tell_user_commands(one.task.job, one.result)
                line.show(self._progress)
        line.end(self._progress())
        failed = [row for row in self._batch.report.rows if row.state not in _EXPECTED]
        self._console.say(
            *(_(_FAILED, line=row.line, text=_text_of(row)) for row in failed[:_SHOWN])
        )
        if len(failed) > _SHOWN:
            self._console.say(
                ngettext(
                    "{count} more line failed. The report has all of them.",
                    "{count} more lines failed. The report has all of them.",
                    len(failed) - _SHOWN,
                )
            )
        return done

    def _write_script(self, script: Path) -> None:
        written = write_script(self._batch, script)
        self._console.say(
            _(
                _SCRIPT,
                script=script,
                pairs=number(written.pairs),
                left_out=number(written.left_out),
            )
        )

    def _progress(self) -> str:
        counts = self._batch.report.counts()
        states = ", ".join(f"{number(count)} {_(state)}" for state, count in counts.items())
        tried = sum(counts.values())
        return _(_PROGRESS, tried=number(tried), size=number(self._batch.size), states=states)

    def _sign_in(self, tasks: Sequence[Task]) -> None:
        """Let the user sign in to one mailbox after the other; the rest waits for the next run."""
        if not tasks:
            return
        if not is_terminal():
            self._console.say(_(_LEFT, count=number(len(tasks))))
            return
        self._console.say(_(_QUEUE, count=number(len(tasks))))
        try:
            for task in tasks:
                self._settle(task, self._try(task.job))
        finally:
            self._batch.report.write()

    def _try(self, job: Job) -> Outcome | AppError:
        try:
            return self._get_token(job)
        except Cancelled:
            raise
        except AppError as exc:
            self._runner.tell(job, exc)
            return exc

    def _loop(self, tasks: Sequence[Task]) -> None:
        """Keep all mailboxes of the list fresh, and the report true."""
        from ..keeping.awake import kept_awake
        from ..keeping.keeper import Keeper
        from ..keeping.loop import keep_fresh

        by_job = {id(task.job): task for task in tasks}
        keeper = Keeper(interval=self._options.every * 60, say=self._console.warn)
        written = time.monotonic()

        def report(job: Job, result: Outcome | AppError) -> None:
            nonlocal written
            if isinstance(result, AppError):
                self._runner.tell(job, result, keeper)
            self._settle(by_job[id(job)], result)
            if time.monotonic() - written > _WRITE_EVERY:
                self._batch.report.write()
                written = time.monotonic()

        awake = kept_awake(wanted=not self._options.no_keep_awake)
        conditions = stop_conditions_of(self._options, self._base.dependencies.clock)
        for condition in conditions:
            self._console.say(condition.announcement)
        try:
            with awake:
                keep_fresh(
                    [task.job for task in tasks],
                    keeper,
                    first=obtain,
                    sign_in=self._get_token if is_terminal() else None,
                    report=report,
                    cancelled=self._base.cancelled,
                    conditions=conditions,
                    at_once=self._options.at_once,
                )
        finally:
            self._batch.report.read_files()
            self._batch.report.write()

    def _tell_user_commands(self, job: Job, result: Outcome | AppError) -> None:
        """Errors of the loop go there by `Runner.tell`; those of the first round are the queue."""
        if isinstance(result, Outcome):
            self._runner.user_commands.start(job, result)

    def _settle(self, task: Task, result: Outcome | AppError) -> None:
        self._tell_user_commands(task.job, result)
        self._batch.report.add(row_of(Done(task, result)))

    def _get_token(self, job: Job) -> Outcome:
        """Let the user sign in, who has to read the messages."""
        return get_token(replace(job, progress=self._console.progress), self._methods)


def _request(options: Options) -> Request:
    """What holds for all mailboxes of the list; the address is that of each line."""
    return Request(
        address="",
        folder=tokens_folder(current_folder()),
        provider=options.provider,
        application=options.application,
        overrides=overrides_of(options, os.environ),
        check=not options.no_check,
        protect=options.protect,
        network=network_of(options),
        discover=options.discover,
    )


def _to_log(event: Event) -> None:
    """Messages about single mailboxes would hide the line that shows how far the run is."""
    if isinstance(event, Note):
        log.log(logging.WARNING if event.warning else logging.INFO, "%s", english(event.text))


def _text_of(row: ReportRow) -> str:
    if not row.address:
        return row.message
    return _("{name}: {text}", name=row.address, text=row.message)


def _exit_code(counts: Mapping[State, int]) -> int:
    """The exit code of what went worst."""
    return next((code for state, code in _CODES.items() if counts.get(state)), ExitCode.DONE)
