"""Sign-ins for scripts in an open window: each waits for the one before it."""

from core.errors import AppError, Cancelled, ExitCode
from core.model import Outcome
from servers import ADDRESS, Stage
from window import MakeWindow


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
