"""The command line: the one place in core that prints."""

import signal
import sys
from collections.abc import Sequence
from types import FrameType

from .. import __version__
from ..cancel import Cancellation
from ..errors import AppError, Cancelled, ExitCode, UsageProblem


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; every error ends as one clear sentence."""
    from .output import Console

    cancelled = Cancellation()
    _cancel_on_signals(cancelled)
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments), cancelled)
    except AppError as exc:
        Console().error(exc)
        return exc.exit_code
    except KeyboardInterrupt:
        Console().error(Cancelled())
        return ExitCode.CANCELLED


def _run(arguments: list[str], cancelled: Cancellation) -> int:
    from .arguments import parse, parser
    from .commands import command_named, overview

    parsed = parse(arguments)
    options = parsed.options
    if options.version:
        print(f"oauth2_imap {__version__}")
        return ExitCode.DONE
    if options.help:
        parser(overview()).print_help()
        return ExitCode.DONE
    if not arguments:
        parser(overview()).print_help(sys.stderr)
        return ExitCode.USAGE
    from ..log import set_up

    set_up(debug_to_stderr=options.debug)
    if options.demo:
        from .demo import demo

        return demo(automatic=options.yes, cancelled=cancelled)
    if options.yes:
        raise UsageProblem("--yes goes with --demo", todo="Leave it away.")
    if parsed.words and "@" not in parsed.words[0]:
        command = command_named(parsed.words[0])
        return command.function(parsed.words[1:], options)
    from .run import Runner, new_surroundings

    return Runner(options, new_surroundings(), cancelled).run(parsed.words)


def _cancel_on_signals(cancelled: Cancellation) -> None:
    """Ctrl-C interrupts whatever blocks, but for a refreshed token on its way to disk."""

    def handle(number: int, frame: FrameType | None) -> None:
        cancelled.set()
        if not cancelled.shielded:
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
