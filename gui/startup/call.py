"""A call with an address: somebody waits until the mailbox has a valid token, or can't have one.

The token is refreshed without a window where that is possible. The window is there only while the
user has to act.
"""

from collections.abc import Sequence

from core.cancel import Cancellation
from core.cli.arguments import check_combination, parse_arguments
from core.cli.entry import guarded
from core.cli.output import Console
from core.cli.runner import Runner
from core.log import set_up
from core.mailbox.job import new_dependencies
from gui.model.call import Call
from gui.model.settings import Settings
from gui.startup.language import choose_language
from gui.system.token_folder import token_folder


def call(arguments: Sequence[str]) -> int:
    """Put a valid token into the file of one mailbox; return the command line's exit code."""
    return guarded(lambda cancelled: _call(arguments, cancelled))


def _call(arguments: Sequence[str], cancelled: Cancellation) -> int:
    one = _read(arguments, cancelled)
    code = one.without_user()
    if code is None:
        from gui.startup.call_window import sign_in  # it loads Qt's widgets

        code = sign_in(one)
    return code


def _read(arguments: Sequence[str], cancelled: Cancellation) -> Call:
    """Return the call; what the user has set in the window counts here too."""
    parsed = parse_arguments(arguments)
    words, options = parsed.words, parsed.options
    set_up(debug_to_stderr=options.debug)
    settings = Settings()
    choose_language(options.language, settings.language)
    options.ca_file = options.ca_file or settings.ca_file
    options.protect = settings.protect if options.protect is None else options.protect
    check_combination(words, options)
    folder, moved = token_folder(settings.token_folder, beside_script=True)
    console = Console()
    console.say(*(f"! {warning}" for warning in (settings.problem, moved) if warning))
    runner = Runner(options, new_dependencies(), cancelled, console, folder=folder)
    job = runner.job(words[0] if words else "")
    return Call(job, options, settings, runner, console)
