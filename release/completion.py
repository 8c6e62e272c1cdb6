"""Writes the files by which a shell completes our command line, from the tables of options.

    python release/completion.py FOLDER

For bash, zsh, fish and PowerShell, by shtab. The program itself knows nothing of them, so they cost
nothing when it runs.
"""

import sys
from argparse import Action, ArgumentParser
from collections.abc import Mapping
from pathlib import Path

import shtab

from project import TERMINAL, WINDOW  # it puts the root on the path

# isort: split
from core.cli.commands import ADDRESSES, COMMANDS, Taken
from core.cli.options import NEGATABLE, OPTIONS
from core.oauth.sign_in.installed_browsers import NAMES as BROWSERS
from core.providers.catalog import load_catalog

_NAMES: Mapping[str, str] = {
    "bash": "{program}.bash",
    "zsh": "_{program}",  # zsh finds it by this name
    "fish": "{program}.fish",
    "powershell": "{program}.ps1",
}
_OFF = "Switch that off again."
_PATHS = ("PATH", "FILE")  # what stands for a path in the help


def write(folder: Path) -> None:
    """Write the files for both programs into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for program in (WINDOW, TERMINAL):
        for shell, name in _NAMES.items():
            text = shtab.complete(parser(program), shell)
            (folder / name.format(program=program)).write_text(text, "utf-8", newline="\n")


def parser(program: str) -> ArgumentParser:
    """The command line as argparse describes one; the program has a grammar of its own."""
    whole = ArgumentParser(prog=program, add_help=False)
    _add_options(whole, ADDRESSES)
    commands = whole.add_subparsers()
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.help, add_help=False)
        _add_options(one, command.taken)
        if any(path in command.words for path in _PATHS):
            _complete_paths(one.add_argument("paths", nargs="*"))
    return whole


def _add_options(to: ArgumentParser, taken: Taken) -> None:
    choices = {"browser": BROWSERS, "provider": tuple(load_catalog().providers)}
    for option in (option for option in OPTIONS if option.name in taken):
        if option.metavar is None:
            to.add_argument(f"--{option.name}", action="store_true", help=option.help)
            if option.name in NEGATABLE:
                to.add_argument(f"--no_{option.name}", action="store_true", help=_OFF)
        else:
            action = to.add_argument(f"--{option.name}", help=option.help)
            action.choices = choices.get(option.name)
            if option.metavar in _PATHS:
                _complete_paths(action)


def _complete_paths(action: Action) -> None:
    vars(action)["complete"] = shtab.FILE  # where shtab looks for it


if __name__ == "__main__":
    write(Path(sys.argv[1]))
