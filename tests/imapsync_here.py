"""Runs of imapsync in a window: scripts for sh take its place (a pytest plugin, with helpers)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from servers import Stage
from window import Driven, MakeWindow

COPY = 2  # the step
A, B = "a.one@demo.example", "b.two@demo.example"
STAYS = "i=0; while [ $i -lt 1000 ]; do sleep 0.02; i=$((i+1)); done"
GENTLE = "trap 'echo logged out; exit 6' TERM"


def put_imapsync(folder: Path, script: str) -> Path:
    """Put an imapsync into a folder; it notes how it was started."""
    folder.mkdir(exist_ok=True)
    program = folder / "imapsync"
    version = '[ "$*" = --version ] && echo 2.312 && exit'
    program.write_text(f'#!/bin/sh\n{version}\necho "$@" >>"{folder}/started"\n{script}\n')
    program.chmod(0o755)
    return program


@pytest.fixture
def open_pair(
    stage: Stage, make_stage_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Driven]:
    """Open a window in which a pair is selected; `script` is the imapsync on the path."""
    from test_gui_mailboxes import write  # a module of tests is imported after the plugins

    def opened(script: str = "", left: float = 3000.0, **options: object) -> Driven:
        if script:
            put_imapsync(tmp_path / "bin", script)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
        for address in (A, B):
            write(stage, address, left=left)
        driven: Driven = make_stage_window(stage, **options)
        driven.click_row(0)
        driven.click_row(1, ctrl=True)
        return driven

    return opened


def run_here(driven: Driven, step: int) -> None:
    """Click "Run here" of a step; before the first copy, say that it is wanted."""
    begun: list[object] = []
    driven.parts.imapsync_run.begun.connect(lambda *about: begun.append(about))
    press_run_here(driven, step)
    if step == COPY:
        lost = "Choose the imapsync program on this computer"
        driven.wait(lambda: begun or driven.visible(QMessageBox) or lost in told(driven))
        agree(driven)


def agree(driven: Driven) -> None:
    """Say that the copy is wanted, if that is asked."""
    for box in driven.visible(QMessageBox):
        driven.click("Copy the mail", box)
        driven.window.activateWindow()  # as a window manager does when a dialog has closed


def press_run_here(driven: Driven, step: int) -> None:
    """Click "Run here" of a step, and leave it there."""
    names = ("Test the logins now, in this window", "Copy the mail now, in this window")
    buttons = driven.visible(type(driven.button("⇄")))
    (button,) = (b for b in buttons if b.accessibleName() == names[step - 1])
    driven.wait(lambda: button.height() > 0)  # it has its place now
    driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def click(driven: Driven, text: str) -> None:
    """Click another button of the card, once it has its place."""
    button = driven.button(text, driven.parts.migration)
    driven.wait(lambda: button.height() > 0)
    driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def told(driven: Driven) -> str:
    """Return what the card says of the run."""
    found = driven.parts.migration.findChildren(QLabel, "run_text")
    return found[0].text() if found and found[0].isVisible() else ""


def lines(driven: Driven) -> str:
    """Return the last lines of imapsync, as they are shown."""
    labels = driven.parts.migration.findChildren(QLabel)
    return next(x.text() for x in labels if "Last lines of imapsync" == x.accessibleName())


def started(tmp_path: Path) -> list[str]:
    """Return the options of all starts."""
    return (tmp_path / "bin" / "started").read_text().splitlines()


def lines_or_none(driven: Driven) -> str:
    """Return the last lines once something is shown."""
    return lines(driven) if told(driven) else ""


def running(open_pair: Callable[..., Driven], **options: object) -> Driven:
    """Return a window in which imapsync runs."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}", **options)
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    return driven
