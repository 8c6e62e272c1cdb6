"""Saving a report from the window."""

from pathlib import Path

from gui.controllers.save_report import SaveReportController
from servers import ADDRESS, Stage
from window import Driven, MakeWindow, title_of_files


def reporting(driven: Driven, folder: str) -> SaveReportController:
    """Return the window's controller, with a folder that is chosen already."""
    return SaveReportController(driven.parts, ask=lambda _: folder, parent=driven.window)


def test_it_is_about_the_mailboxes_that_are_shown(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The log and the message bar name the file; the report doesn't have the address."""
    stage.sign_in()
    driven = make_stage_window(stage)
    reporting(driven, str(tmp_path)).save()
    message = driven.parts.message_bar
    driven.wait(lambda: "Read it before you send it." == message.message.below)
    report = next(tmp_path.glob("oauth2_imap_report_*.txt"))
    assert str(report) in driven.status()
    assert str(report) in message.message.headline
    text = report.read_text("utf-8")
    assert "mailbox1@demo.example" in text
    assert ADDRESS not in text


def test_a_folder_that_takes_no_file(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The error is shown in the window."""
    driven = make_stage_window(stage)
    reporting(driven, "/proc/self").save()
    driven.wait(lambda: "can't be written" in driven.error())


def test_no_folder_is_chosen(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Nothing happens."""
    driven = make_stage_window(stage)
    reporting(driven, "").save()
    assert "" == driven.status()


def test_its_dialog_says_what_is_saved(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is in the Help menu; nobody has to know the report to choose its folder."""
    driven = make_stage_window(stage)
    title = title_of_files(driven, driven.window.help_menu, "Save a &report…")
    assert "Save a report without secrets, for somebody who helps you: choose its folder" == title
