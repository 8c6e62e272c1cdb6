"""`schedule --for NAME`: write the files with which another program starts this one regularly."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import ExitCode, as_error
from ..i18n.translation import _
from ..paths import HOME_VARIABLE, current_folder, program_for_scripts
from ..schedule.kinds import KINDS, Kind
from ..schedule.plan import MINUTES, Plan, Written
from ..verdicts import local_commands
from .named_mailboxes import named_mailboxes
from .options import Options
from .output import Console, print_lines


def run(words: Sequence[str], options: Options) -> int:
    """Print the files, or write them into the folder of `--to`; then say what to do with them."""
    name = vars(options)["for"]  # a word of Python's own
    kind = KINDS.get(name)
    if kind is None:
        raise as_error(local_commands.SCHEDULE_FOR_WHAT, names=", ".join(KINDS))
    plan = _plan(words, options)
    _refuse_unwritable(name, kind, plan)
    files = kind.write(plan)
    if options.to:
        _save(files, Path(os.path.expanduser(options.to)))
    else:
        print_lines(*_shown(files))
    console = Console()
    console.say("", _("Next steps:"))
    for number, step in enumerate(kind.steps, 1):
        console.say(f"  {number}. {_(step, tokens=plan.tokens)}")
    return ExitCode.DONE


def _plan(words: Sequence[str], options: Options) -> Plan:
    if options.every not in MINUTES:
        numbers = ", ".join(map(str, MINUTES))
        raise as_error(local_commands.SCHEDULE_EVERY, minutes=f"{options.every:g}", numbers=numbers)
    infos = named_mailboxes(words, options)
    tokens = infos[0].path.parent.absolute()
    return Plan(
        program=tuple(program_for_scripts()),
        folder=current_folder().absolute(),
        tokens=tokens,
        addresses=tuple(dict.fromkeys(info.address for info in infos if info.address)),
        every=int(options.every),
        token_file=infos[0].path.absolute() if options.token_file else None,
        home=os.environ.get(HOME_VARIABLE, ""),
        **_owner(tokens),
    )


def _owner(folder: Path) -> dict[str, tuple[int, int]]:
    """The owner of the token files, where a system has numbers for users."""
    if os.name != "posix":
        return {}
    known = folder.stat()
    return {"owner": (known.st_uid, known.st_gid)}


def _refuse_unwritable(name: str, kind: Kind, plan: Plan) -> None:
    """Raise `AppError` for what this kind can't start as it is written."""
    if kind.here and not plan.program:
        raise as_error(local_commands.SCHEDULE_NOT_INSTALLED, name=name)
    for text in (*plan.program, *plan.here, str(plan.folder), str(plan.tokens), plan.home):
        signs = kind.unwritable + (kind.unwritable_program if text in plan.program else "")
        if not text.isprintable() or any(sign in text for sign in signs):
            raise as_error(local_commands.SCHEDULE_UNWRITABLE, name=name, text=text)


def _shown(files: Sequence[Written]) -> Iterable[str]:
    """The text of one file as it is; several files each below a comment with the name."""
    for file in files:
        if len(files) > 1:
            yield f"# File: {file.name}"
        yield from file.text.splitlines()


def _save(files: Sequence[Written], folder: Path) -> None:
    """Write the files. A file with another content stays, since a user may have changed it."""
    for file in files:
        path, content = folder / file.name, file.text.encode(file.encoding)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.read_bytes() != content:
                raise as_error(local_commands.SCHEDULE_FILE_EXISTS, path=path)
            path.write_bytes(content)
        except OSError as exc:
            raise as_error(
                local_commands.SCHEDULE_NOT_WRITTEN, path=path, detail=exc.strerror or str(exc)
            ) from exc
        Console().say(_("Written: {path}", path=path))
