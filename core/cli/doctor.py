"""`doctor [FILE...] [--fix]`: print the problems of token files, and repair them with `--fix`."""

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..cancel import Cancellation
from ..doctor.diagnosis import Diagnosis, examine
from ..doctor.fix import Fixed, fix
from ..doctor.reading import TakenAs
from ..error_lines import sentence
from ..errors import AppError, ExitCode
from ..i18n.translation import N_, _, joined, number
from ..paths import current_folder, own_providers_file
from ..providers.catalog import Catalog, load_catalog
from ..tokenfile.place import token_files, tokens_folder
from .json_lines import Format, json_line
from .options import Options
from .output import Console, print_lines

_UNTOUCHED = Fixed(took_over=False, copy=None)
_ONLY_A_LOGIN = N_("Only a login at the mail server shows whether it accepts the token.")
_TAKEN_AS = {
    TakenAs.FILE: N_("{name}: imapsync reads the token from this file."),
    TakenAs.STRING: N_("{name}: imapsync finds no readable file and uses this text as the token."),
}


def run(words: Sequence[str], options: Options) -> int:
    """Examine each file. Returns exit code 1 if any problem is left."""
    here, console = current_folder(), Console()
    catalog = _catalog(console)
    named = [*words, *([os.path.expanduser(options.token_file)] if options.token_file else [])]
    codes = [_one(given, catalog, options, console) for given in named or _all_files(here, console)]
    return max(codes, default=ExitCode.DONE)


def _catalog(console: Console) -> Catalog:
    """The providers; those of the program if the user's own file has a mistake."""
    try:
        return load_catalog(own_providers_file())
    except AppError as exc:
        console.warning(exc)
        return load_catalog()


def _all_files(here: Path, console: Console) -> list[str]:
    """The token files in the usual folder."""
    folder = tokens_folder(here)
    files = token_files(folder)
    if not files:
        console.say(_("There are no token files in {folder}", folder=folder))
    return [str(file) for file in files]


def _one(given: str, catalog: Catalog, options: Options, console: Console) -> ExitCode:
    diagnosis, fixed = examine(given, catalog=catalog, now=time.time()), _UNTOUCHED
    if options.fix and diagnosis.fixable:
        try:
            fixed = fix(Path(given), timeout=options.timeout, cancelled=Cancellation())
        except AppError as exc:
            console.error(exc)
        diagnosis = examine(given, catalog=catalog, now=time.time())
    if options.json:
        print_lines(json_line(Format.DOCTOR, _object(diagnosis, fixed)))
    else:
        print_lines(*_lines(diagnosis, fixed))
    return ExitCode.FAILED if diagnosis.findings else ExitCode.DONE


def _lines(diagnosis: Diagnosis, fixed: Fixed) -> Iterable[str]:
    yield _(_TAKEN_AS[diagnosis.taken_as], name=diagnosis.name)
    yield from (f"  {line}" for line in _facts(diagnosis, fixed))
    for finding in diagnosis.findings:
        step = _("Next step: {step}", step=sentence(finding.hint))
        yield f"  {finding.name}: {sentence(finding.message)}"
        yield f"    {step}"
    if not diagnosis.findings:
        found = joined((_("No problems found."), _(_ONLY_A_LOGIN)))
        yield f"  {found}"


def _facts(diagnosis: Diagnosis, fixed: Fixed) -> Iterable[str]:
    kind = _(diagnosis.token_kind) or _("unknown")
    yield _("Token length in bytes: {length}", length=number(diagnosis.token_length))
    yield _("Token type: {kind}", kind=kind)
    if fixed.took_over:
        yield _("Repaired: the newer tokens from an interrupted run are now in the file.")
    if fixed.copy is not None:
        copy = os.path.abspath(fixed.copy)
        yield _("Repaired. A private copy of the old file: {copy}", copy=copy)
        yield _("The copy contains tokens. Delete it when everything works.")


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
                "message": finding.message,
                "hint": finding.hint,
                "fixable": finding.fixable,
            }
            for finding in diagnosis.findings
        ],
    }
