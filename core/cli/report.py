"""`report [ADDRESS...]`: write one file that the user can send when asking for help."""

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from ..address import parse_address
from ..cancel import Cancellation
from ..errors import ExitCode
from ..paths import current_folder
from ..report.report import PROMISE, question_here, write_report
from ..tokenfile.place import token_files, tokens_folder
from .arguments import network_of
from .output import Console, print_lines


def run(words: Sequence[str], options: Namespace) -> int:
    """Write the report into the current folder and print its path."""
    here = current_folder()
    files = token_files(tokens_folder(here))
    if options.token_file:
        files.append(Path(os.path.expanduser(options.token_file)))
    question = question_here([parse_address(word) for word in words], files, network_of(options))
    path = write_report(question, here, Cancellation())
    Console().say(f"{PROMISE} Read it before you send it.")
    print_lines(str(path))
    return ExitCode.DONE
