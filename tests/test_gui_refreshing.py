"""What "Keep refreshing" and "Refresh now" do, and what the rows say of it."""

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from core.model import Outcome
from faulty_servers.responses import Fault
from servers import ADDRESS, MakeStage, Stage
from test_gui_mailboxes import SOURCE, Clock, write
from window import MakeWindow


def test_what_signs_in_here_is_kept_fresh(stage: Stage, make_stage_window: MakeWindow) -> None:
    """By default; what others wrote is not until the user wants it, and the box says so."""
    driven = make_stage_window(stage)
    box = driven.button("Keep refreshing")
    assert isinstance(box, QCheckBox)
    assert Qt.CheckState.Checked == box.checkState()  # also while the list is empty
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: {stage.path} == driven.kept())
    assert Qt.CheckState.Checked == box.checkState()
    write(stage, SOURCE)
    driven.reload()
    assert Qt.CheckState.PartiallyChecked == box.checkState()
    driven.click("Keep refreshing")
    driven.wait(lambda: [True, True] == [row.kept for row in driven.model.rows])
    driven.click("Keep refreshing")
    driven.wait(lambda: (set(), False) == (driven.kept(), driven.settings.keep_refreshing))
    assert Qt.CheckState.Unchecked == box.checkState()


class SlowClock(Clock):
    """A clock on a busy computer, once it is told to be."""

    wait = 0.0

    def __call__(self) -> float:
        """Return the time after a while."""
        time.sleep(self.wait)
        return super().__call__()


def test_a_busy_computer_defers_no_click(
    make_stage: MakeStage, make_stage_window: MakeWindow
) -> None:
    """The mailbox is kept when the click returns: the question at closing counts on it."""
    clock = SlowClock()
    stage = make_stage(clock=clock)
    write(stage, ADDRESS)
    driven = make_stage_window(stage)
    clock.wait = 0.05
    driven.click("Keep refreshing")
    assert driven.model.rows[0].kept


def test_another_program_may_renew_it(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """Then a sign-in is required no more."""
    clock = Clock()
    stage = make_stage(clock=clock)
    stage.sign_in()
    stage.age(left=200)
    stage.server.revoke_grants()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(lambda: ["Sign-in required"] == driven.states())
    driven.reload()
    assert ["Sign-in required"] == driven.states()
    clock.now += 60
    write(stage, ADDRESS, age=0, left=3600)
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "" == driven.error()


def test_refresh_now_refreshes_a_new_token(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Right after the sign-in too; another sign-in of a script doesn't need that."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Refresh now")
    driven.rest()
    assert 1 == stage.server.refreshes
    message = driven.parts.message_bar.message
    assert f"{ADDRESS} was refreshed" == message.headline
    assert message.below.startswith("Its token is valid until ")
    driven.mailboxes.refresh([stage.path])
    driven.rest()
    assert 1 == stage.server.refreshes
    assert "only seconds old" in driven.parts.log_pane.text()


def test_a_refresh_by_itself_is_no_answer(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The user has asked before, and was told of a failure then."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    stage.server.faults.extend([Fault(503)] * 20)  # each try posts several times
    driven.act("Refresh now")
    driven.wait(lambda: driven.failed)
    driven.rest()
    driven.parts.message_bar.clear()
    driven.mailboxes.obtained.emit(
        Outcome(ADDRESS, "demo", str(stage.path), "", 0, False, 9e9, renewed=True, checked=True)
    )
    assert "was refreshed" not in driven.panel_text()


def test_refresh_now_says_why_not(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A valid token without a refresh token is the best there is until a sign-in."""
    write(stage, ADDRESS, refresh="")
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(lambda: f"The token of {ADDRESS} can't be refreshed" in driven.error())


def test_since_when_a_sign_in_is_required(
    make_stage: MakeStage, make_stage_window: MakeWindow
) -> None:
    """The row says it, and a second try doesn't change it."""
    clock = Clock()
    stage = make_stage(clock=clock)
    stage.sign_in()
    stage.age(left=200)
    stage.server.revoke_grants()
    driven = make_stage_window(stage)
    begun = clock.now
    driven.click_row(0)
    for count in (1, 2):
        driven.act("Refresh now")
        driven.rest()
        assert count == len(driven.failed)
        clock.now += 120
    (row,) = driven.model.rows
    assert begun == row.since
    assert row.sentence(clock.now).startswith("Sign-in required since ")
    assert ["Sign-in required"] == driven.states()
