"""Which face of the program answers: its window, or the command line without a window and Qt."""

import os
from collections.abc import Sequence

from core.paths import HOME_VARIABLE
from gui.model.start_arguments import StartArguments
from gui.startup import garbage, plain_import

SMOKE_TEST = "--smoke-test"


def main(arguments: Sequence[str]) -> int:
    """Answer a command line, and return the exit code."""
    if SMOKE_TEST in arguments:
        from gui.startup.smoke_test import run_smoke_test

        return run_smoke_test()
    if not arguments and HOME_VARIABLE not in os.environ:  # nothing can be wrong
        return _show_window(StartArguments())
    from gui.system.caller import speaking

    with speaking() as caller:
        answer = _answer(arguments, is_waited_for=caller.waits)
    if isinstance(answer, StartArguments):
        return _show_window(answer)
    if caller.unheard is not None:
        _show_box(caller.unheard.getvalue().decode(), failed=answer != 0)
    return answer


def _answer(arguments: Sequence[str], *, is_waited_for: bool) -> int | StartArguments:
    """Return the exit code of the command line or of a call, or with what the window starts."""
    from core.cli import main as run_command_line
    from core.cli.face import Face, face_of
    from core.cli.output import Console
    from core.errors import UsageProblem
    from core.paths import named_home
    from gui.model.start_arguments import read_start_arguments

    face = face_of(arguments)
    if face is Face.CALL and is_waited_for:
        from gui.startup.call import call

        return call(arguments)
    if face is not Face.COMMAND_LINE:
        try:
            named_home()
            return read_start_arguments(arguments)
        except UsageProblem as problem:
            if not arguments:
                Console().error(problem)
                return problem.exit_code
            # The command line has the same checks, and says what is wrong.
    return run_command_line(arguments)


def prepare() -> None:
    """Do what has to be done before a module of the window is imported."""
    garbage.postpone()
    plain_import.restore()


def _show_window(start: StartArguments) -> int:
    prepare()
    from gui.startup.app import run  # it loads Qt

    return run(start)


def _show_box(text: str, *, failed: bool) -> None:
    """Show what was said to a user who has neither a console nor a pipe."""
    if text.strip():
        from gui.startup.app import show_box

        show_box(text, failed=failed)
