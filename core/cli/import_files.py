"""`import FILE...`: take over the tokens and the registrations of other programs."""

import os
import sys
from collections.abc import Iterable, Sequence
from glob import glob
from pathlib import Path
from typing import Any

from ..address import parse_address
from ..cancel import Cancellation
from ..errors import AppError, ExitCode, as_error
from ..i18n.translation import N_, _
from ..importing.kinds import LARGEST
from ..importing.outcome import Result
from ..importing.take import Import, Imported, import_content, import_file
from ..mailbox.job import Job, Request, new_dependencies
from ..mailbox.resolve import Mailbox
from ..paths import current_folder
from ..tokenfile.place import tokens_folder
from ..verdicts import local_commands
from ..verdicts.verdict import Action
from .arguments import overrides_of
from .json_lines import Format, json_line
from .options import Options
from .output import Console, ask, error_object, lines_of, print_lines
from .script_call import read_call
from .yes import is_yes

_STANDARD_INPUT = "-"
_LINES = {
    Result.SAVED: N_("saved in {path}"),
    Result.IN_PLACE: N_("the tokens are in {path} already"),
    Result.SIGN_IN: N_("sign-in required"),
    Result.FAILED: N_("not imported"),
}
_WOULD_SAVE = N_("would be saved in {path}")
_CODES = {
    Result.SAVED: ExitCode.DONE,
    Result.IN_PLACE: ExitCode.DONE,
    Result.SIGN_IN: ExitCode.SIGN_IN_NEEDED,
    Result.FAILED: ExitCode.FAILED,
}
_WORST_FIRST = (ExitCode.FAILED, ExitCode.SIGN_IN_NEEDED, ExitCode.DONE)


def run(words: Sequence[str], options: Options) -> int:
    """Import each file. Returns the exit code of what went worst."""
    if not words:
        raise as_error(local_commands.IMPORT_NEEDS_FILES)
    console = Console()
    how = _how(options, console)
    codes = set()
    for word in _expanded(words):
        for imported in _import(word, how):
            _print(imported, options, console)
            codes.add(_CODES[imported.result])
    return next(code for code in _WORST_FIRST if code in codes)


def _how(options: Options, console: Console) -> Import:
    dependencies = new_dependencies()
    dependencies.providers.check()
    request = Request(
        address=parse_address(options.address) if options.address else "",
        folder=tokens_folder(current_folder()),
        provider=options.provider,
        application=options.application,
        overrides=overrides_of(options, os.environ),
        protect=options.protect,
    )
    job = Job(request, dependencies, console.progress, Cancellation())

    def may_replace(mailbox: Mailbox) -> bool:
        return options.replace or (not options.dry_run and _is_wanted(mailbox))

    return Import(job, read_call, may_replace, dry_run=options.dry_run)


def _expanded(words: Sequence[str]) -> Iterable[str]:
    """The words with the names that *.txt and the like stand for: cmd hands such words over."""
    for word in map(os.path.expanduser, words):
        names = [] if os.path.exists(word) else sorted(glob(word))
        yield from names or [word]


def _import(word: str, how: Import) -> list[Imported]:
    if word != _STANDARD_INPUT:
        return import_file(Path(word), how)
    return import_content(sys.stdin.buffer.read(LARGEST + 1), Path(_STANDARD_INPUT), how)


def _is_wanted(mailbox: Mailbox) -> bool:
    """Whether the user wants to replace the tokens of a mailbox; False if nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    ask(
        _(
            "Replace the tokens of {address} in {path}? [y/N]",
            address=mailbox.job.address,
            path=mailbox.path,
        )
    )
    return is_yes(sys.stdin.readline())


def _print(imported: Imported, options: Options, console: Console) -> None:
    """One line to standard output, and the error behind it to standard error."""
    if options.json:
        print_lines(json_line(Format.IMPORT, _object(imported)))
        return
    would_save = options.dry_run and imported.result is Result.SAVED
    template = _WOULD_SAVE if would_save else _LINES[imported.result]
    parts = (imported.source, imported.address, _(template, path=imported.path))
    print_lines(": ".join(filter(None, parts)))
    if imported.error is not None:
        console.say(*(f"  {line}" for line in _why(imported, imported.error)), always=True)


def _why(imported: Imported, error: AppError) -> Iterable[str]:
    if error.action is Action.SIGN_IN and not imported.address:
        return lines_of(error)
    return lines_of(error, mailbox=_mailbox(imported))


def _mailbox(imported: Imported) -> list[str]:
    """The words that name the mailbox in the command for its sign-in."""
    named = {"--provider": imported.provider, "--application": imported.application}
    words = [word for name, value in named.items() if value for word in (name, value)]
    return [*words, imported.address or "ADDRESS"]


def _object(imported: Imported) -> dict[str, Any]:
    return {
        "source": imported.source,
        "address": imported.address or None,
        "provider": imported.provider or None,
        "application": imported.application or None,
        "file": str(imported.path) if imported.path else None,
        "result": imported.result,
        "error": error_object(imported.error) if imported.error else None,
    }
