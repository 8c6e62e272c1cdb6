"""Writes the manual page from the tables of options and commands: `man oauth2_imap`.

    python release/manual.py FILE

The format is that of man(7). argparse-manpage could write it, but it is no wheel, so pip would have
to run its build, whose parts have no hashes in our locks.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from project import REPOSITORY, VERSION, WINDOW, commit_time  # it puts the root on the path

# isort: split
from core.cli.commands import COMMANDS
from core.cli.option import Group
from core.cli.options import OPTIONS
from core.errors import ExitCode

SECTION = 1  # programs that users start
_WHAT = "keep an OAuth2 token file valid for imapsync"
_DESCRIPTION = (
    "Sign in once with the browser. oauth2_imap then keeps a valid token in a file, and imapsync "
    "reads it there. Without arguments it shows a window. With an address it refreshes the token "
    "of that mailbox, or signs you in if there is none."
)
_EXIT_CODES = {
    ExitCode.DONE: "Done, or there was nothing to do.",
    ExitCode.FAILED: "Failed.",
    ExitCode.USAGE: "The command line or an address is wrong.",
    ExitCode.SIGN_IN_NEEDED: "You must sign in.",
    ExitCode.TRY_AGAIN: "Network or server problem. Try again.",
    ExitCode.REFUSED: "The IMAP server refused the login, or another account signed in.",
    ExitCode.CANCELLED: "Cancelled.",
}
_ENVIRONMENT = {
    "OAUTH2_IMAP_CLIENT_SECRET": "The client secret of your own application.",
    "OAUTH2_IMAP_HOME": "The folder for settings, data and logs.",
    "BROWSER": "The browser for sign-ins.",
}


def write(file: Path) -> None:
    """Write the page to a file, whose name should end with the number of the section."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join((*_lines(), "")), "utf-8", newline="\n")


def _lines() -> Iterator[str]:
    date = datetime.fromtimestamp(commit_time(), UTC).date()
    yield f'.TH {WINDOW.upper()} {SECTION} "{date}" "{WINDOW} {VERSION}" "User Commands"'
    yield from (".SH NAME", f"{WINDOW} {_escaped(f'- {_WHAT}')}", ".SH SYNOPSIS")
    yield from (f".B {WINDOW}", "[\\fIOPTIONS\\fR] \\fIADDRESS\\fR...", ".br")
    yield from (f".B {WINDOW}", "\\fICOMMAND\\fR ...", ".SH DESCRIPTION", _escaped(_DESCRIPTION))
    yield ".SH COMMANDS"
    for name, command in COMMANDS.items():
        yield from _entry(f"{name} {command.words}".strip(), command.help)
    yield ".SH OPTIONS"
    for group in Group:
        yield f".SS {_escaped(group.value)}"
        for option in (option for option in OPTIONS if option.group is group):
            yield from _entry(f"--{option.name} {option.metavar or ''}".strip(), option.help)
    yield ".SH EXIT STATUS"
    for code, meaning in _EXIT_CODES.items():
        yield from _entry(str(code.value), meaning)
    yield ".SH ENVIRONMENT"
    for name, meaning in _ENVIRONMENT.items():
        yield from _entry(name, meaning)
    yield from (".SH SEE ALSO", ".BR imapsync (1)", ".PP", _escaped(REPOSITORY))


def _entry(term: str, text: str) -> Iterator[str]:
    """A term in bold, and what it means."""
    yield from (".TP", f".B {_escaped(term)}", _escaped(text))


def _escaped(text: str) -> str:
    """Text that man(7) shows as it is: hyphens that can be copied, no control lines."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    write(Path(sys.argv[1]))
