"""`request ADDRESS`: ask the owner of a mailbox to sign in on another computer.

`--finish` takes the owner's answer from standard input and never from the command line, which a
shell keeps in its history. `--list` shows the open requests, and `--cancel` removes one.
"""

import time
from collections.abc import Sequence

from ..cancel import Cancellation
from ..errors import ExitCode, as_error
from ..i18n.translation import N_, _
from ..mailbox.ask_owner import ask_owner, finish, open_requests_of
from ..mailbox.job import Dependencies, Job, new_dependencies
from ..open_requests.folder import OpenRequests
from ..open_requests.letter import letter
from ..open_requests.open_request import OpenRequest
from ..times import short_time
from ..verdicts import local_commands
from .json_lines import Format, json_line
from .options import Options
from .output import Console, print_lines, utc
from .runner import Runner
from .signals import cancel_on_signals

_NEXT = N_(
    "The request is open until {end}. Send the text to the owner of the mailbox. When you have "
    "the answer, run this command with --finish and paste it. A code is valid for a few minutes."
)
_CANCELLED = N_("The sign-in request for {address} is cancelled")
_LISTED = N_("{address}: made {made}, ends {end}, token file {file}")
_NONE = N_("There is no open sign-in request")


def run(words: Sequence[str], options: Options) -> int:
    """Make, finish, list or cancel a request. Returns the exit code."""
    dependencies = new_dependencies()
    dependencies.providers.check()
    if options.list:
        return _list(OpenRequests(dependencies.store, dependencies.clock), words, options)
    if len(words) != 1:
        raise as_error(local_commands.REQUEST_TAKES_ONE_ADDRESS, count=len(words))
    return _of_address(words[0], options, dependencies)


def _of_address(word: str, options: Options, dependencies: Dependencies) -> int:
    cancelled = Cancellation()
    cancel_on_signals(cancelled)
    runner = Runner(options, dependencies, cancelled)
    job = runner.job(word)
    if not (options.finish or options.cancel):
        _show(job, ask_owner(job), options)
        return ExitCode.DONE
    requests = open_requests_of(job)
    request = requests.of_address(job.address, job.request.token_file)
    if options.cancel:
        requests.remove(request)
        Console().say(_(_CANCELLED, address=request.address))
        return ExitCode.DONE
    return runner.show(job, finish(job, request, runner.answer_methods()))


def _show(job: Job, request: OpenRequest, options: Options) -> None:
    """Print the text for the owner, with its link."""
    link = open_requests_of(job).secret_of(request).begun.url
    text = letter(request, link)
    if options.json:
        print_lines(_as_json(request, link=link, text=text))
        return
    print_lines(*text.splitlines())
    Console().say("", _(_NEXT, end=short_time(request.ends_at, job.now())))


def _list(requests: OpenRequests, words: Sequence[str], options: Options) -> int:
    if words:
        raise as_error(local_commands.COMMAND_TAKES_NOTHING, command="request --list")
    found = requests.all()
    for request in found:
        print_lines(_as_json(request) if options.json else _as_text(request))
    if not found:
        Console().say(_(_NONE))
    return ExitCode.DONE


def _as_text(request: OpenRequest) -> str:
    now = time.time()
    made, end = short_time(request.made_at, now), short_time(request.ends_at, now)
    return _(_LISTED, address=request.address, made=made, end=end, file=request.token_file)


def _as_json(request: OpenRequest, **more: str) -> str:
    """One JSON object for a request; `more` are fields that only a new request has."""
    return json_line(
        Format.REQUEST,
        {
            "address": request.address,
            "file": request.token_file,
            "made_at": utc(request.made_at),
            "ends_at": utc(request.ends_at),
            **more,
        },
    )
