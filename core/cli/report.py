"""`report [ADDRESS...]`: writes one file that can be sent to whoever is asked for help."""

import os
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from ..address import parse_address
from ..cancel import Cancellation
from ..errors import ExitCode
from ..paths import user_config_folder, user_log_folder
from ..providers.catalog import own_file
from ..providers.detection import resolve_mx_by_dns
from ..report.report import PROMISE, write_report
from ..report.sections import SETTINGS_NAME, Question
from ..tokenfile.place import token_files, tokens_folder
from .arguments import network_of
from .output import Console


def report(words: Sequence[str], options: Namespace) -> int:
    """Write it and print where it is."""
    here = Path.cwd()
    named = [Path(os.path.expanduser(options.token_file))] if options.token_file else []
    question = Question(
        addresses=tuple(parse_address(word) for word in words),
        token_files=(*token_files(tokens_folder(here)), *named),
        network=network_of(options),
        own_file=own_file(),
        settings_file=user_config_folder() / SETTINGS_NAME,
        log_folder=user_log_folder(),
        resolve_mx=resolve_mx_by_dns,
        now=time.time(),
    )
    path = write_report(question, here, Cancellation())
    Console().say(f"{PROMISE} Read it before you send it.")
    print(path)
    return ExitCode.DONE
