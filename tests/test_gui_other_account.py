"""The window asks what to do if another account has signed in than was asked for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from core.cancel import Cancellation
from core.errors import as_error
from core.events import AccountAnswer
from core.verdicts.local_mailbox import SIGNED_IN_AS_ANOTHER as REFUSED
from faulty_servers.imap_server import Behaviour
from gui.model.asked import AccountAsked
from servers import ADDRESS, Stage
from test_gui_accessibility import clashes
from window import Driven, MakeWindow

OTHER = "other@demo.example"


@pytest.fixture
def asked(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """A window with a question: a mailbox with a living token, whose server refuses the other."""
    stage.sign_in()
    stage.server.id_token_account = OTHER
    stage.mailbox.behaviour = Behaviour.REFUSE
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Sign in again")
    driven.wait(lambda: driven.visible(QMessageBox))
    return driven


def box(driven: Driven) -> QMessageBox:
    """The question."""
    (found,) = driven.visible(QMessageBox)
    return found


def test_the_question(asked: Driven) -> None:
    """It names both accounts and what the server said; nothing blocks the window's thread."""
    said = "\n".join(label.text() for label in box(asked).findChildren(QLabel))
    for words in (
        f"localhost does not let {OTHER} open the mailbox of {ADDRESS}.",
        "Server response: ",
        f"Sign in as {ADDRESS}.",
        f"Or is {ADDRESS} a shared mailbox that {OTHER} may open?",
    ):
        assert words in said
    buttons = {button.text() for button in box(asked).buttons()}
    assert {"Sign in &again", "Save the &shared mailbox", "&Cancel"} == buttons
    assert "Sign in &again" == box(asked).defaultButton().text()
    assert [] == clashes(box(asked))


def test_again(asked: Driven, stage: Stage) -> None:
    """The browser opens once more; the right account is saved."""
    stage.server.id_token_account = ADDRESS
    stage.mailbox.behaviour = Behaviour.NORMAL
    asked.click("Sign in again", box(asked))
    asked.wait(lambda: not asked.busy())
    assert 2 == len(stage.browser.opened)
    assert ([], "") == (asked.failed, stage.file().login_hint)


def test_a_shared_mailbox(asked: Driven, stage: Stage) -> None:
    """It is saved with the account that signs in, which the window shows; the refusal is told."""
    before = stage.path.read_bytes()
    asked.click("Save the shared mailbox", box(asked))
    asked.wait(lambda: not asked.busy())
    assert before != stage.path.read_bytes()
    assert OTHER == stage.file().login_hint
    assert f"does not let {OTHER} open the mailbox of {ADDRESS}" in asked.error()
    assert asked.button("Sign in again", asked.parts.message_bar).isEnabled()
    asked.wait(lambda: f"Signed in as {OTHER} at" in shown(asked))


def shown(driven: Driven) -> str:
    """What the detail pane says."""
    labels = driven.parts.detail.findChildren(QLabel)
    return "\n".join(label.text().replace("\u200b", "") for label in labels)


@pytest.mark.parametrize("way", ["button", "escape"])
def test_stop(asked: Driven, stage: Stage, way: str) -> None:
    """The old file is kept, and the message says what to do."""
    before = stage.path.read_bytes()
    if way == "button":
        asked.click("Cancel", box(asked))
    else:
        asked.qtbot.keyClick(box(asked), Qt.Key.Key_Escape)
    asked.wait(lambda: asked.failed)
    assert "imap_other_account" == asked.failed[0].verdict.id
    assert before == stage.path.read_bytes()
    assert f'For a shared mailbox: enter {OTHER} under Options, "Sign in as"' in asked.panel_text()
    assert not asked.busy()


def test_nobody_answers(asked: Driven) -> None:
    """The sign-in ends after some minutes, since a script may wait for it; so does the question."""
    question = AccountAsked(None)  # type: ignore[arg-type]  # what was asked is of no account
    assert AccountAnswer.STOP is question.wait(0.4, Cancellation())
    asked.parts.sign_in_task.failed.emit(as_error(REFUSED))
    asked.wait(lambda: not asked.visible(QMessageBox))


def test_a_cancelled_sign_in(asked: Driven, stage: Stage) -> None:
    """The question goes with it, and nothing is saved."""
    before = stage.path.read_bytes()
    asked.parts.sign_in_task.cancel()
    asked.wait(lambda: not asked.visible(QMessageBox))
    asked.rest()
    assert (before, []) == (stage.path.read_bytes(), asked.failed)
