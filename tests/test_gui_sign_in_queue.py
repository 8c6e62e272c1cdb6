"""Sign-ins in an open window, of the user and for scripts: each waits for the one before it."""

from PySide6.QtWidgets import QLabel, QMessageBox

from core.errors import AppError, Cancelled, ExitCode
from core.model import Outcome
from servers import ADDRESS, Stage
from window import Driven, MakeWindow

OTHER = "other@demo.example"


def test_a_call_waits_for_the_users_sign_in(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It doesn't cancel that one, and begins as soon as it has ended."""
    told: list[Outcome | AppError] = []
    stage.browser.visits_pages = False
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())

    driven.content.startup_request.take_call(ADDRESS, told.append, lambda: True)
    driven.qtbot.wait(50)
    assert (1, []) == (len(stage.browser.opened), told)
    stage.browser.visits_pages = True
    driven.click("Cancel")

    driven.wait(lambda: told)
    assert isinstance(told[0], Outcome)
    assert str(stage.path) == told[0].file
    assert 2 == len(stage.browser.opened)


def test_calls_are_answered_one_after_the_other(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Each learns its own outcome; who has gone meanwhile costs no sign-in."""
    told: list[tuple[str, ExitCode]] = []
    driven = make_stage_window(stage)
    take = driven.content.startup_request.take_call

    def tell(name: str, result: Outcome | AppError) -> None:
        code = result.exit_code if isinstance(result, AppError) else ExitCode.DONE
        told.append((name, code))

    take("other@demo.example", lambda result: tell("other", result), lambda: True)
    take(ADDRESS, lambda result: tell("gone", result), lambda: False)
    take(ADDRESS, lambda result: tell("you", result), lambda: True)

    driven.wait(lambda: driven.visible(QMessageBox))  # the wrong account has signed in
    driven.click("Cancel", driven.visible(QMessageBox)[0])
    driven.wait(lambda: 2 == len(told))
    assert [("other", ExitCode.REFUSED), ("you", ExitCode.DONE)] == told
    assert 2 == len(stage.browser.opened)


def test_a_call_learns_that_the_user_cancelled(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its script must not wait."""
    told: list[Outcome | AppError] = []
    stage.browser.visits_pages = False
    driven = make_stage_window(stage)
    driven.content.startup_request.take_call(ADDRESS, told.append, lambda: True)
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Cancel")
    assert [Cancelled] == [type(result) for result in told]


def waits(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """Return a window with another mailbox, which waits for a browser that never answers."""
    stage.sign_in()
    stage.browser.opened.clear()
    stage.browser.visits_pages = False
    driven: Driven = make_stage_window(stage)
    driven.type_address(OTHER)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    return driven


def said(driven: Driven) -> str:
    """Return what the card says."""
    return " ".join(label.text() for label in driven.parts.waiting.findChildren(QLabel))


def test_sign_in_again_waits_for_the_sign_in_that_is_under_way(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The card says whose turn it is, and whose is next; asking twice adds nothing."""
    driven = waits(stage, make_stage_window)
    assert f"Sign in as {OTHER}" in said(driven)
    assert "After this" not in said(driven)
    for _ in range(2):
        driven.content.sign_in.sign_in_again([stage.path])
    assert f"After this sign-in comes that of {ADDRESS}." in said(driven)
    driven.wait(lambda: 1 == len(stage.browser.opened))
    driven.click("Cancel")
    driven.wait(lambda: 2 == len(stage.browser.opened))
    driven.wait(lambda: f"Sign in as {ADDRESS}" in said(driven))
    assert "After this" not in said(driven)
    driven.click("Cancel")
    driven.qtbot.wait(50)
    assert not driven.busy()


def test_the_demo_waits_too(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Nothing that is under way is cancelled by it."""
    driven = waits(stage, make_stage_window)
    driven.content.sign_in.rehearse()
    driven.content.sign_in.sign_in_again([stage.path])
    assert "After this sign-in comes that of you@pretend.example, and 1 more." in said(driven)
    assert driven.busy()
    assert f"Sign in as {OTHER}" in said(driven)


def test_before_the_browser_the_card_says_whose_sign_in_it_is(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The address field may hold another one."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.type_address(OTHER)
    driven.content.sign_in.sign_in_again([stage.path])
    assert f"Signing in to {ADDRESS}…" == driven.label("detected_provider").text()
    driven.wait(lambda: not driven.busy())
    assert "Signing in" not in driven.label("detected_provider").text()
