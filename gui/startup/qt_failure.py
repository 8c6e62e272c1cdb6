"""Ends the program with a sentence where Qt can show no window; Qt itself would abort it."""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler


@contextlib.contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """While Qt starts, end the program if Qt gives up; pass on what else Qt says."""
    said: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            _end(said)
        said.append(text)

    before = qInstallMessageHandler(hear)
    yield
    qInstallMessageHandler(before)
    if sys.stderr is not None:
        sys.stderr.writelines(f"{text}\n" for text in said)


def _end(said: Sequence[str]) -> None:
    """Say why, and exit without a return to Qt, which would abort."""
    from core.cli.output import Console
    from core.errors import as_error
    from core.log import set_up
    from core.verdicts import local_commands

    error = as_error(local_commands.WINDOW_NOT_SHOWN, detail=said[0] if said else "")
    set_up()
    Console().error(error)
    os._exit(error.exit_code)
