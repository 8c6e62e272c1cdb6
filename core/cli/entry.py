"""Runs a command line: every error becomes one clear message and an exit code."""

import io
import logging
import sys
from collections.abc import Callable, Sequence

from .. import __version__
from ..cancel import Cancellation
from ..errors import AppError, Cancelled, ExitCode
from ..i18n.translation import ENGLISH, use_language
from .signals import cancel_on_signals

log = logging.getLogger(__name__)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    return guarded(lambda cancelled: _run(list(arguments), cancelled))


def guarded(act: Callable[[Cancellation], int]) -> int:
    """Return the exit code of `act`, or that of its error, which is told.

    `act` gets what Ctrl-C and other signals set.
    """
    from .output import Console, discard_stream

    # Until the log is set up, logging would print tracebacks to standard error.
    logging.getLogger("core").addHandler(logging.NullHandler())
    cancelled = Cancellation()
    cancel_on_signals(cancelled)
    _use_utf8()
    try:
        code = act(cancelled)
        if sys.stdout is not None:
            sys.stdout.flush()
    except AppError as exc:
        Console().error(exc)
        return exc.exit_code
    except KeyboardInterrupt:
        Console().error(Cancelled())
        return ExitCode.CANCELLED
    except BrokenPipeError:
        discard_stream(sys.stdout)  # the reader has gone, as in `oauth2_imap providers | head`
        return ExitCode.FAILED
    except Exception as exc:  # last resort: a bug, or output that can't be written
        from ..log import internal_error  # seldom needed

        log.exception("unexpected error")
        discard_stream(sys.stdout)
        Console().error(internal_error(exc))
        return ExitCode.FAILED
    return code


def _run(arguments: list[str], cancelled: Cancellation) -> int:
    from .arguments import parse_arguments, refuse_old_form
    from .commands import command_named
    from .option_rules import refuse_unused_options
    from .output import Console, print_lines

    parsed = parse_arguments(arguments)
    options = parsed.options
    if options.json or options.language:
        use_language(ENGLISH if options.json else options.language)
    if options.version:
        print_lines(f"oauth2_imap {__version__}")
        return ExitCode.DONE
    if options.help or not arguments:
        from .help import help_text

        lines = help_text().splitlines()
        if options.help:
            print_lines(*lines)
            return ExitCode.DONE
        Console().say(*lines)
        return ExitCode.USAGE
    from ..log import set_up

    set_up(debug_to_stderr=options.debug)
    if options.demo:
        from .demo import demo

        refuse_unused_options("--demo", parsed.given)
        return demo(parsed.words, automatic=options.yes, cancelled=cancelled)
    name = parsed.words[0] if parsed.words and "@" not in parsed.words[0] else ""
    command = command_named(name) if name else None
    refuse_unused_options(name, parsed.given)
    if command is not None:
        return command.run(parsed.words[1:], options)
    refuse_old_form(parsed.words, options)
    from ..mailbox.job import new_dependencies
    from .runner import Runner

    return Runner(options, new_dependencies(), cancelled).run(parsed.words)


def _use_utf8() -> None:
    """Paths and server messages may use any script; Windows redirects in an old code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if sys.platform == "win32" else None
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
