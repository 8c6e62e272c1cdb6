"""`report [ADDRESS...]`: write one file that the user can send when asking for help."""

import os
from collections.abc import Sequence
from pathlib import Path

from ..address import parse_address
from ..cancel import Cancellation
from ..errors import AppError, ExitCode
from ..i18n.translation import _, joined
from ..paths import current_folder
from ..report.report import PROMISE, question_here, write_report
from ..tokenfile.place import token_files, tokens_folder
from .arguments import network_of
from .options import Options
from .output import Console, print_lines


def run(words: Sequence[str], options: Options) -> int:
    """Write the report into the current folder and print its path."""
    here, console = current_folder(), Console()
    files = _token_files(here, console)
    if options.token_file:
        files.append(Path(os.path.expanduser(options.token_file)))
    question = question_here([parse_address(word) for word in words], files, network_of(options))
    path = write_report(question, here, Cancellation())
    console.say(joined((_(PROMISE), _("Read it before you send it."))))
    print_lines(str(path))
    return ExitCode.DONE


def _token_files(here: Path, console: Console) -> list[Path]:
    """The token files in the usual folder; the report is written also if it can't be read."""
    try:
        return token_files(tokens_folder(here))
    except AppError as exc:
        console.warning(exc)  # the report has it with the last lines of the log
        return []
