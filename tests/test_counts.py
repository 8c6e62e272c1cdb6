"""How often each way to a token asks the provider and logs in: servers count both.

The rows are those of "Get token": a refresh token is used, whatever the old access token is worth,
and the old one is tried only where it is all there is.
"""

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from core.errors import AppError
from core.mailbox.get_token import check_login, get_token, refresh_mailbox
from core.model import FlowKind
from faulty_servers.responses import Fault
from servers import MakeStage, Stage

Way = Callable[[Stage], object]
OLD, NEW = "old", "new"


def interactively(stage: Stage, **changes: Any) -> object:
    """The command line with an address, and "Get token" in the window."""
    return get_token(stage.job(**changes), stage.methods())


def refreshed(stage: Stage, **options: Any) -> object:
    """`--refresh_only`, the loop and the window."""
    return refresh_mailbox(stage.job(), **options)


def alive(stage: Stage) -> None:
    """The access token is valid for long."""
    stage.age(left=3000)


def expired(stage: Stage) -> None:
    """The access token has expired, and the file says so."""
    stage.age(left=-1)


def refused(stage: Stage) -> None:
    """The mail server refuses the access token, but the file doesn't know."""
    alive(stage)
    stage.server.expire_access_tokens()


def no_file(stage: Stage) -> None:
    """Nobody has signed in."""
    stage.path.unlink()


def dead(stage: Stage) -> None:
    """The provider refuses the refresh token; the access token is still valid."""
    stage.age(left=3000)
    stage.change(refresh="a-refresh-token-of-yesterday")


def faulty(status: int, stage: Stage) -> None:
    """The token endpoint gives an error."""
    stage.age(left=-1)
    stage.server.faults.append(Fault(status, b'{"error": "invalid_client"}'))


busy = partial(faulty, 503)
mistaken = partial(faulty, 400)
without_check = partial(interactively, check=False)
starting_over = partial(interactively, start_over=True)
by_the_keeper = partial(refreshed, min_left=float("inf"), check=True)


def checked(stage: Stage) -> object:
    """`status --check` and the button in the window."""
    return check_login(stage.job())


WITH_REFRESH_TOKEN = [
    # way, state, token requests, sign-in pages, tokens with which somebody logs in
    (interactively, alive, 1, 0, [NEW]),
    (interactively, expired, 1, 0, [NEW]),
    (interactively, refused, 1, 0, [NEW]),
    (interactively, no_file, 1, 1, [NEW]),
    (interactively, dead, 2, 1, [NEW]),
    (interactively, busy, 1, 0, []),
    (interactively, mistaken, 1, 0, []),
    (starting_over, alive, 1, 1, [NEW]),
    (without_check, alive, 1, 0, []),
    (without_check, no_file, 1, 1, []),
    (refreshed, alive, 0, 0, []),
    (refreshed, expired, 1, 0, []),
    (refreshed, dead, 0, 0, []),
    (by_the_keeper, alive, 1, 0, [NEW]),
    (by_the_keeper, dead, 1, 0, []),
    (checked, alive, 0, 0, [OLD]),
]
WITHOUT_REFRESH_TOKEN = [
    (interactively, alive, 0, 0, [OLD]),
    (interactively, refused, 1, 1, [OLD, NEW]),  # only the login shows that it is refused
    (interactively, expired, 1, 1, [NEW]),
    (without_check, alive, 0, 0, []),
    (refreshed, alive, 0, 0, []),
    (refreshed, expired, 0, 0, []),
]


def counted(stage: Stage, way: Way, state: Way) -> tuple[int, int, list[str]]:
    """Return the token requests, the sign-in pages, and whose tokens logged in."""
    stage.sign_in(check=False)
    old = stage.file().access
    state(stage)
    before = stage.server.token_requests
    with contextlib.suppress(AppError):
        way(stage)
    tokens = [OLD if token == old else NEW for token in stage.mailbox.tokens_seen]
    return stage.server.token_requests - before, len(stage.browser.opened), tokens


def named(function: object) -> str:
    """Return the name of a row's way or state."""
    names = [name for name, value in globals().items() if value is function]
    return names[0] if names else ""


@pytest.mark.parametrize("kind", list(FlowKind))
@pytest.mark.parametrize(
    ("way", "state", "requests", "pages", "logins"), WITH_REFRESH_TOKEN, ids=named
)
def test_with_a_refresh_token(
    make_stage: MakeStage,
    kind: FlowKind,
    way: Way,
    state: Way,
    requests: int,
    pages: int,
    logins: list[str],
) -> None:
    """The old access token logs in nowhere, and no way logs in twice."""
    assert (requests, pages, logins) == counted(make_stage(flow=kind), way, state)


@pytest.mark.parametrize(
    ("way", "state", "requests", "pages", "logins"), WITHOUT_REFRESH_TOKEN, ids=named
)
def test_without_a_refresh_token(
    make_stage: MakeStage, way: Way, state: Way, requests: int, pages: int, logins: list[str]
) -> None:
    """The old access token is tried unless it is known to have expired."""
    stage = make_stage(server={"gives_refresh_token": False})
    assert (requests, pages, logins) == counted(stage, way, state)
