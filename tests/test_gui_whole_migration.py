"""A whole migration in the window, with tokens that expire meanwhile.

`pretend_imapsync.py` stands in for imapsync and says what it has in common with the real one.
"""

import imaplib
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

from bed import flow, imap
from bed.fixtures import Bed
from bed.users import ALICE, BOB
from imapsync_here import agree, told
from test_gui_stories import give
from test_run_with_imapsync import arrived, fill, make_imapsync
from window import MakeWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints|systemTrayWindowChanged")

FOLDER = "Migration"
LIFE = 3  # seconds; of an access token
LONG = 60_000  # ms
SUBJECTS = [f"message {number:02}" for number in range(12)]


def session(bed: Bed, user: str) -> imaplib.IMAP4:
    """Log a user in; use it in a `with` statement."""
    token = flow.sign_in(bed.issuer, bed.ca_file, "public-static", user)["access_token"]
    return imap.login(user, token, port=bed.imap_port, ca_file=bed.ca_file)


def test_a_migration_in_the_window_outlives_its_tokens(
    bed: Bed, make_bed_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An imapsync that reads its token only once is started again; every message arrives once."""
    make_imapsync(tmp_path)
    with (tmp_path / "imapsync").open("r+") as program:
        script = program.read()
        program.seek(0)
        wanted = f'"$@" --folder {FOLDER} --maxmessagespersecond 1'
        program.write(script.replace('"$@"', wanted))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PRETEND_IMAPSYNC_VERSION", "2.229")
    monkeypatch.setenv("SSL_CERT_FILE", str(bed.ca_file))
    with session(bed, ALICE) as source:
        fill(source, SUBJECTS)
    bed.configure(at_ttl=LIFE)
    for user in (ALICE, BOB):
        give(bed, tmp_path / "tokens", user, age=1, left=LIFE)
    driven = make_bed_window()
    rows = [row.info.address for row in driven.model.rows]
    for position, user in enumerate((ALICE, BOB)):
        driven.click_row(rows.index(user), ctrl=position > 0)
    (button,) = (
        b for b in driven.visible(QPushButton) if b.accessibleName().startswith("Copy the mail now")
    )
    driven.wait(lambda: button.height() > 0)
    driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    driven.wait(lambda: driven.visible(QMessageBox))
    agree(driven)
    run = driven.parts.imapsync_run
    driven.wait(lambda: any("copied to" in line for line in run.output), LONG)  # it has logged in
    driven.qtbot.wait(LIFE * 1000)

    def is_restarted() -> bool:
        for user in (ALICE, BOB):
            bed.kick(user)
        driven.qtbot.wait(500)
        output = "\n".join(run.output)
        return "It restarts with the new token" in output or "as soon as it is refreshed" in output

    driven.wait(is_restarted, LONG)  # a cut can come between two sessions
    driven.wait(lambda: not run.is_running, LONG)
    assert "imapsync has ended without an error. 12 messages copied." == told(driven)
    output = "\n".join(run.output)
    assert not [secret for secret in bed.issued() if secret in output]
    bed.configure(at_ttl=600)
    with session(bed, BOB) as destination:
        assert SUBJECTS == arrived(destination)
        destination.delete(FOLDER)
    with session(bed, ALICE) as source:
        source.delete(FOLDER)
