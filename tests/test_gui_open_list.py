"""A list of mailboxes in the window: what it shows before, the run, the report, the sign-ins."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QMessageBox, QPlainTextEdit

from core.model import State
from core.tokenfile.format import serialize
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from gui.widgets.list_dialog import ListDialog
from gui.widgets.list_strip import ListStrip
from in_language import shown_as
from servers import ADDRESS, MakeStage, Stage, changed
from test_gui_accessibility import clashes, interactive, nameless
from test_gui_import import drop
from test_gui_mailboxes import Desktop
from window import Driven, MakeWindow

COUNT = 12
OTHER = "other@demo.example"


def address(number: int) -> str:
    """The address of a mailbox of the list."""
    return f"user{number:02}@demo.example"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider whose refresh token serves all mailboxes, and a file for each of them."""
    delegates = {(ADDRESS, address(number)) for number in range(COUNT)}
    stage = make_stage(server={"rotating": False}, mailbox={"delegates": delegates})
    stage.sign_in()
    now = stage.clock()
    for number in range(COUNT):
        account = address(number)
        file = replace(stage.file(), account=account, issued_at=now - 3700, expires_at=now - 100)
        path = stage.path.with_name(file_name(account))
        path.write_bytes(serialize(file, now=now))
        path.chmod(0o600)
    stage.path.unlink()
    return stage


def opened(
    driven: Driven, folder: Path, lines: Sequence[str], header: str = "address,provider"
) -> ListDialog:
    """The dialog of a list that the user has chosen from the menu."""
    path = folder / "staff.csv"
    path.write_text("\n".join([header, *lines]), "utf-8")
    driven.content._open_list._ask = lambda _: str(path)
    actions = driven.window.program_menu.actions()
    wanted = shown_as("Open a list of mailboxes…")
    next(a for a in actions if a.text().replace("&", "") in wanted).trigger()
    driven.wait(lambda: driven.visible(ListDialog))
    return driven.visible(ListDialog)[0]


def lines_in(dialog: ListDialog) -> list[str]:
    """The lines with mistakes or problems."""
    (text,) = dialog.findChildren(QPlainTextEdit)
    return text.toPlainText().splitlines()


def says(dialog: ListDialog, name: str) -> str:
    """The text of a label of the dialog, without the places where a long word may break."""
    (label,) = dialog.findChildren(QLabel, name)
    return label.text().replace("\u200b", "")


def strip_says(driven: Driven) -> str:
    """The text of the strip above the mailboxes; empty while it is hidden."""
    strips = driven.visible(ListStrip)
    return strips[0].findChildren(QLabel)[0].text() if strips else ""


def run(driven: Driven, dialog: ListDialog) -> None:
    """Start, and wait for the end."""
    ended: list[object] = []
    driven.parts.list_run.ended.connect(ended.append)
    driven.click("Start", dialog)
    driven.wait(lambda: ended)


def rows(folder: Path) -> list[dict[str, str]]:
    """The report as CSV."""
    with (folder / "staff.report.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_a_list_holds(stage: Stage, make_stage_window: MakeWindow, tmp_path: Path) -> None:
    """It is shown before anything is done: mailboxes, mistakes by their lines, where files go."""
    driven = make_stage_window(stage)
    before = stage.server.token_requests
    lines = [f"{address(0)},demo", "nobody,demo", f"{ADDRESS},demo", f"{OTHER},no_such_provider"]
    dialog = opened(driven, tmp_path, lines)
    expected = (
        "1 has a token file. Its token is refreshed.\n1 needs a sign-in. It follows at the end."
    )
    assert expected == says(dialog, "list_summary")
    places = says(dialog, "list_places")
    assert f"New token files: {stage.path.parent}\n" in places
    assert str(tmp_path / "staff.report.csv") in places
    assert [
        "Line 3: address: This is not an e-mail address",
        "Line 5: There is no provider with the name in this line",
    ] == lines_in(dialog)
    assert stage.server.token_requests == before
    assert not (tmp_path / "staff.report.csv").exists()


def test_all_tokens_of_a_list(stage: Stage, make_stage_window: MakeWindow, tmp_path: Path) -> None:
    """They are got, listed and kept fresh; report and files agree; mistakes stop nothing."""
    driven = make_stage_window(stage)
    lines = [f"{address(number)},demo" for number in range(COUNT)]
    dialog = opened(driven, tmp_path, [*lines[:3], "nobody,demo", *lines[3:]])
    run(driven, dialog)
    assert f"13 of 13: {COUNT} fresh, 1 failed" == says(dialog, "list_progress")
    assert ["Line 5: address: This is not an e-mail address"] == lines_in(dialog)
    report = rows(tmp_path)
    assert COUNT == sum(row["state"] == State.FRESH for row in report)
    for row in report:
        if row["state"] == State.FRESH:
            file = read_token_file(Path(row["file"]))
            assert file is not None
            assert (file.expires_at or 0) > stage.clock()
    assert len(report) == len(json.loads((tmp_path / "staff.report.json").read_text()))
    paths = {stage.path.with_name(file_name(address(number))) for number in range(COUNT)}
    driven.wait(lambda: paths == driven.kept())
    assert "" == strip_says(driven)


def test_what_is_kept_fresh_follows_the_box(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Where "Keep refreshing" is off, the new token files are only listed, wherever they are."""
    driven = make_stage_window(stage)
    driven.settings.keep_refreshing = False
    elsewhere = tmp_path / "elsewhere.txt"
    stage.path.with_name(file_name(address(0))).rename(elsewhere)
    dialog = opened(driven, tmp_path, [f"{address(0)},{elsewhere}"], header="address,token_file")
    run(driven, dialog)
    driven.wait(lambda: driven.model.row(elsewhere))
    driven.rest()
    assert set() == driven.kept()


def test_a_list_without_sign_ins(
    make_stage: MakeStage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """An application of the organisation gets new tokens for all; nobody signs in."""
    secret = "the-secret"
    stage = make_stage(server={"client_secret": secret}, grant="client_credentials", scopes=("m",))
    application = replace(stage.provider.applications["demo"], client_secret=secret)
    stage.provider = changed(stage.provider, applications={"demo": application})
    driven = make_stage_window(stage)
    dialog = opened(driven, tmp_path, [ADDRESS], header="address")
    assert "1 gets its first token without a sign-in." in says(dialog, "list_summary")
    run(driven, dialog)
    driven.wait(lambda: [ADDRESS] == driven.addresses())
    assert [] == stage.browser.opened


def test_sign_ins_one_after_the_other(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """With the window's own sign-in. One that fails comes again at the end."""
    driven = make_stage_window(stage)
    dialog = opened(driven, tmp_path, [f"{OTHER},demo", f"{ADDRESS},demo"])
    run(driven, dialog)
    assert "staff.csv: 2 mailboxes need a sign-in." == strip_says(driven)
    expected = [f"Line 2: {OTHER} needs a sign-in", f"Line 3: {ADDRESS} needs a sign-in"]
    assert expected == lines_in(dialog)
    driven.click("Sign in next", dialog)
    driven.wait(lambda: driven.visible(QMessageBox))  # the wrong account has signed in
    driven.click("Cancel", driven.visible(QMessageBox)[0])
    driven.wait(lambda: [ADDRESS, OTHER] == list(driven.parts.list_run.waiting))
    assert not dialog.isVisible()
    driven.rest()
    driven.click("Sign in next")
    driven.wait(lambda: "staff.csv: 1 mailbox needs a sign-in." == strip_says(driven))
    driven.rest()
    states = {row["address"]: row["state"] for row in rows(tmp_path)}
    assert {OTHER: State.REFUSED, ADDRESS: State.FRESH} == states
    assert {stage.path} == driven.kept()


def test_a_cancelled_sign_in_is_still_needed(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The queue can be left; the list can be shown again, and closed."""
    driven = make_stage_window(stage)
    stage.browser.visits_pages = False
    run(driven, opened(driven, tmp_path, [f"{ADDRESS},demo"]))
    driven.click("Sign in next", driven.visible(ListDialog)[0])
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Cancel")
    driven.wait(lambda: "staff.csv: 1 mailbox needs a sign-in." == strip_says(driven))
    assert [State.SIGN_IN_NEEDED] == [row["state"] for row in rows(tmp_path)]
    driven.click("Show the list…")
    driven.wait(lambda: driven.visible(ListDialog))
    driven.click("Close", driven.visible(ListDialog)[0])
    driven.click("Close the list")
    assert "" == strip_says(driven)


def test_a_stopped_run_goes_on(stage: Stage, make_stage_window: MakeWindow, tmp_path: Path) -> None:
    """Stopping loses no token, and the next start asks only for what is missing."""
    driven = make_stage_window(stage)
    dialog = opened(driven, tmp_path, [f"{address(number)},demo" for number in range(COUNT)])
    dialog._at_once.setValue(1)
    driven.parts.list_run.advanced.connect(lambda _: driven.parts.list_run.cancel())
    run(driven, dialog)
    first = sum(row["state"] == State.FRESH for row in rows(tmp_path))
    assert 0 < first < COUNT
    driven.parts.list_run.advanced.disconnect()
    before = stage.server.token_requests
    driven.click("Go on", dialog)
    driven.wait(lambda: len(rows(tmp_path)) == COUNT and not driven.parts.list_run.is_running)
    asked = stage.server.token_requests - before
    assert COUNT - first - asked in {0, 1}  # the one that was stopped may have its token already


def test_a_list_goes_on_after_a_restart(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The next window offers what is left to do; one that is closed is forgotten."""
    driven = make_stage_window(stage)
    run(driven, opened(driven, tmp_path, [f"{address(0)},demo", f"{ADDRESS},demo"]))
    driven.end()
    driven = make_stage_window(stage)
    assert "The list staff.csv is not finished." == strip_says(driven)
    driven.click("Show the list…")
    driven.wait(lambda: driven.visible(ListDialog))
    dialog = driven.visible(ListDialog)[0]
    run(driven, dialog)
    driven.click("Sign in next", dialog)
    driven.wait(lambda: "" == driven.settings.open_list)
    assert "" == strip_says(driven)
    driven.end()
    assert "" == strip_says(make_stage_window(stage))


def test_a_list_is_dropped(stage: Stage, make_stage_window: MakeWindow, tmp_path: Path) -> None:
    """It is opened, and not imported as the file of another program."""
    (tmp_path / "staff.CSV").write_text(f"address\n{address(0)}\n")
    driven = make_stage_window(stage)
    assert drop(driven, QUrl.fromLocalFile(str(tmp_path / "staff.CSV"))).isAccepted()
    driven.wait(lambda: driven.visible(ListDialog))
    assert "" == driven.error()


def test_a_list_that_cannot_be_read(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The message bar says it; there is no dialog."""
    driven = make_stage_window(stage)
    driven.content._open_list.open(tmp_path / "missing.csv")
    driven.wait(lambda: "missing.csv can't be read" in driven.error())
    assert [] == driven.visible(ListDialog)


def test_a_report_that_cannot_be_written(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The dialog says it, and the list can be started again."""
    driven = make_stage_window(stage)
    (tmp_path / "staff.report.csv").mkdir()
    dialog = opened(driven, tmp_path, [f"{address(0)},demo"])
    driven.click("Start", dialog)
    driven.wait(lambda: "can't be written" in says(dialog, "list_progress"))
    assert driven.button("Start", dialog).isEnabled()


def test_the_script_for_all_pairs(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """As `batch --script` writes it; a name of no known kind is refused."""
    driven = make_stage_window(stage)
    header = "host1,user1,password1,host2,user2"
    line = f"old.example,me,p4ss,localhost,{address(0)}"
    dialog = opened(driven, tmp_path, [line], header)
    run(driven, dialog)
    answers = [str(tmp_path / "move.doc"), str(tmp_path / "move.sh")]
    driven.content._open_list._ask_for_script = lambda _: answers.pop(0)
    driven.click("Save a script for imapsync…", dialog)
    driven.wait(lambda: "does not say its kind" in says(dialog, "list_progress"))
    driven.click("Save a script for imapsync…", dialog)
    driven.wait(lambda: "(pairs: 1, left out: 0)" in says(dialog, "list_progress"))
    assert address(0) in (tmp_path / "move.sh").read_text()


def test_the_folder_of_the_report(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """A button opens it."""
    desktop = Desktop()
    # The stub asks for bytes, which the function itself refuses.
    QDesktopServices.setUrlHandler("file", desktop, "open")  # type: ignore[arg-type]
    driven = make_stage_window(stage)
    dialog = opened(driven, tmp_path, [f"{address(0)},demo"])
    run(driven, dialog)
    driven.click("Open the report's folder", dialog)
    QDesktopServices.unsetUrlHandler("file")
    assert [str(tmp_path)] == desktop.opened


@pytest.mark.usefixtures("every_language")
def test_names_and_letters(stage: Stage, make_stage_window: MakeWindow, tmp_path: Path) -> None:
    """Each part has a name, and no two share a letter, before the run and after it."""
    driven = make_stage_window(stage)
    dialog = opened(driven, tmp_path, ["nobody,demo", f"{ADDRESS},demo"])
    assert len(list(interactive(dialog))) >= 7
    assert ([], []) == (nameless(dialog), clashes(dialog))
    run(driven, dialog)
    assert ([], []) == (nameless(dialog), clashes(dialog))
    assert ([], []) == (nameless(driven.window), clashes(driven.visible(ListStrip)[0]))
