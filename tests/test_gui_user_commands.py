"""The user's commands in the window, as `--hook` and `--on_trouble` in a terminal."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from faulty_servers.responses import Fault
from servers import ADDRESS, Stage
from test_gui_settings_dialog import enter, opened
from window import MakeWindow

HOOK, TROUBLE = "Command for a new token", "Command for a needed sign-in"
DEAD = Fault(400, b'{"error": "invalid_grant"}')
# Writes down the mailbox and what it was started for.
WRITE = """
import os, sys
with open(sys.argv[1], "a") as file:
    print(sys.argv[2], os.environ["OAUTH2_IMAP_ADDRESS"], file=file)
"""


def command(tmp_path: Path, word: str) -> str:
    """A command that writes this word into a file."""
    script = tmp_path / "hook.py"
    script.write_text(WRITE)
    return f'"{sys.executable}" "{script}" "{tmp_path / "out.txt"}" {word}'


def written(tmp_path: Path) -> list[str]:
    """What the commands have written so far."""
    out = tmp_path / "out.txt"
    return out.read_text().splitlines() if out.exists() else []


def test_a_new_token_and_a_needed_sign_in(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Each starts its command at once, and also in the next window."""
    stage.sign_in()
    driven, _ = opened(stage, make_stage_window)
    enter(driven, HOOK, command(tmp_path, "new"))
    enter(driven, TROUBLE, command(tmp_path, "needed"))
    driven.mailboxes.refresh([stage.path], even_young=True)
    driven.wait(lambda: [f"new {ADDRESS}"] == written(tmp_path))
    driven.end()

    driven = make_stage_window(stage)
    stage.server.faults.extend([DEAD] * 4)
    for _ in range(2):  # it is told once
        driven.mailboxes.refresh([stage.path], even_young=True)
        driven.rest()
    driven.end()
    assert [f"new {ADDRESS}", f"needed {ADDRESS}"] == written(tmp_path)


def test_a_command_that_cannot_be_started(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The field says why; it is neither used nor saved, and the one before stays."""
    stage.sign_in()
    driven, _ = opened(stage, make_stage_window)
    before = command(tmp_path, "new")
    enter(driven, HOOK, before)
    enter(driven, HOOK, "no_such_program --now")
    assert "no such program" in driven.named(QLineEdit, HOOK).accessibleDescription()
    assert before == driven.settings.hook
    enter(driven, HOOK, "")
    assert "" == driven.settings.hook
    driven.mailboxes.refresh([stage.path], even_young=True)
    driven.wait(lambda: stage.server.refreshes)
    driven.end()
    assert [] == written(tmp_path)


def test_a_command_that_is_gone(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The next window says so, and works without it."""
    driven = make_stage_window(stage)
    driven.settings.hook = "no_such_program"
    driven.end()
    driven = make_stage_window(stage)
    assert any("no_such_program" in line for line in driven.parts.log_pane.text().splitlines())
