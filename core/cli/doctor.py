"""`doctor [FILE...] [--fix]`: what imapsync would make of token files, said and mended."""

import json
import os
import time
from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..cancel import Cancellation
from ..doctor.diagnosis import Diagnosis, examine
from ..doctor.fix import Fixed, fix
from ..errors import AppError, ExitCode
from ..paths import current_folder
from ..providers.catalog import Catalog, load_catalog, own_file
from ..tokenfile.place import token_files, tokens_folder
from .output import Console

_UNTOUCHED = Fixed(took_over=False, copy=None)


def run(words: Sequence[str], options: Namespace) -> int:
    """Look at each file; 1 where anything is left to say."""
    here, console, catalog = current_folder(), Console(), load_catalog(own_file())
    named = [*words, *([os.path.expanduser(options.token_file)] if options.token_file else [])]
    codes = [_one(given, catalog, options, console) for given in named or _all_files(here, console)]
    return max(codes, default=ExitCode.DONE)


def _all_files(here: Path, console: Console) -> list[str]:
    """What lies in the usual folder."""
    folder = tokens_folder(here)
    files = token_files(folder)
    if not files:
        console.say(f"There are no token files in {folder}")
    return [str(file) for file in files]


def _one(given: str, catalog: Catalog, options: Namespace, console: Console) -> ExitCode:
    diagnosis, fixed = examine(given, catalog=catalog, now=time.time()), _UNTOUCHED
    if options.fix and diagnosis.fixable:
        try:
            fixed = fix(Path(given), timeout=options.timeout, cancelled=Cancellation())
        except AppError as exc:
            console.error(exc)
        diagnosis = examine(given, catalog=catalog, now=time.time())
    if options.json:
        print(json.dumps(_object(diagnosis, fixed)), flush=True)
    else:
        print(*_lines(diagnosis, fixed), sep="\n", flush=True)
    return ExitCode.FAILED if diagnosis.findings else ExitCode.DONE


def _lines(diagnosis: Diagnosis, fixed: Fixed) -> Iterable[str]:
    kind = f", {diagnosis.token_kind}" if diagnosis.token_kind else ""
    yield (
        f"{diagnosis.name}: imapsync takes it for {diagnosis.taken_as} and sends "
        f"{diagnosis.token_length} bytes{kind}."
    )
    if fixed.took_over:
        yield "  Took over the tokens that an earlier run left in .new."
    if fixed.copy is not None:
        yield f"  Mended. The file as it was is kept, privately, in {os.path.abspath(fixed.copy)}."
        yield "  It holds tokens: delete it once all is well."
    for finding in diagnosis.findings:
        yield f"  {finding.name}: {finding.sentence}."
        yield f"    To do: {finding.todo}."
    if not diagnosis.findings:
        yield "  All is well."


def _object(diagnosis: Diagnosis, fixed: Fixed) -> dict[str, Any]:
    return {
        "file": diagnosis.name,
        "taken_as": diagnosis.taken_as,
        "token_length": diagnosis.token_length,
        "token_kind": diagnosis.token_kind or None,
        "copy": os.path.abspath(fixed.copy) if fixed.copy else None,
        "findings": [
            {
                "name": finding.name,
                "sentence": finding.sentence,
                "todo": finding.todo,
                "fixable": finding.fixable,
            }
            for finding in diagnosis.findings
        ],
    }
