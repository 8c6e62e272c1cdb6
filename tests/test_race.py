"""The browser and a device code in one wait: the first tokens count."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from core.cancel import Cancellation
from core.errors import AppError, Cancelled
from core.events import Event, WaitingForBrowser, WaitingForDevice, WayEnded
from core.mailbox.get_token import get_token
from core.model import Outcome
from core.oauth.sign_in.response_queue import ResponseQueue
from faulty_servers.device_codes import ALLOWED, DENIED, EXPIRED, PENDING
from faulty_servers.responses import Fault
from servers import ADDRESS, AT_ONCE, PATIENT, Stage, consented


class Face:
    """Starts the device code as soon as it is offered; notes when the pasting ends."""

    def __init__(self, stage: Stage, *, starts: bool = True) -> None:
        self.stage = stage
        self.starts = starts
        self.start: Callable[[], None] = lambda: None
        self.responses: ResponseQueue | None = None
        self.is_closed = threading.Event()

    def offer(self, start: Callable[[], None]) -> None:
        """The user clicks at once."""
        self.start = start
        if self.starts:
            start()

    def paste(self, responses: ResponseQueue) -> Callable[[], None]:
        """The field is there until the wait ends."""
        self.responses = responses
        return self.is_closed.set

    def sign_in(self, **methods: Any) -> Outcome:
        """A sign-in with a browser in which nobody does anything, unless `methods` say more."""
        given = {
            "open_browser": lambda _: True,
            "paste": self.paste,
            "offer_device_code": self.offer,
            **methods,
        }
        self.stage.cancelled = Cancellation()  # type: ignore[assignment]  # really waits
        return get_token(self.stage.job(), self.stage.methods(**given))

    def events(self, kind: type[Event]) -> list[Any]:
        """The events of this kind so far."""
        return [event for event in self.stage.events if isinstance(event, kind)]


@pytest.fixture
def face(stage: Stage) -> Face:
    """At a server where the user has not decided yet."""
    stage.server.device_codes.states = deque([PENDING, ALLOWED])
    return Face(stage)


def test_the_device_wins(face: Face) -> None:
    """Nobody uses the page in the browser: its port and the paste field are closed."""
    assert face.sign_in().checked
    assert (1, 1) == (len(face.events(WaitingForBrowser)), len(face.events(WaitingForDevice)))
    assert face.events(WaitingForBrowser)[0].takes_device_code
    assert ADDRESS == face.stage.server.account_of(face.stage.file().access)
    assert face.is_closed.is_set()
    assert [] == [t.name for t in threading.enumerate() if "_run" in t.name]


def test_the_browser_wins(face: Face) -> None:
    """The device code is not asked for any more."""
    face.stage.server.device_codes.states = deque([PENDING])
    assert face.sign_in(open_browser=face.stage.browser).checked
    polls = face.stage.server.device_codes.polls
    time.sleep(1.3)
    assert polls == face.stage.server.device_codes.polls


def test_a_paste_wins(face: Face) -> None:
    """The answer of the page comes by hand, while the code waits too."""
    face.stage.server.device_codes.states = deque([PENDING])

    def paste(responses: ResponseQueue) -> Callable[[], None]:
        threading.Thread(target=_visit_and_paste, args=(face, responses)).start()
        return face.is_closed.set

    assert face.sign_in(paste=paste, remote=True).checked
    assert face.is_closed.is_set()


def _visit_and_paste(face: Face, responses: ResponseQueue) -> None:
    while not face.events(WaitingForBrowser):
        time.sleep(0.01)
    answer = consented(face.stage, face.events(WaitingForBrowser)[0].url)
    query = urlencode({"code": answer.code, "state": answer.state})
    responses.paste(f"http://localhost/?{query}")


def test_it_is_not_started(face: Face) -> None:
    """Without the user's wish the provider gives no code."""
    face.starts = False
    assert face.sign_in(open_browser=face.stage.browser).checked
    assert [] == face.stage.server.device_codes.given


def test_a_code_that_fails(face: Face) -> None:
    """The user hears of it, and the browser's wait goes on; a new code can be started."""
    face.stage.server.device_codes.states = deque([EXPIRED, ALLOWED])

    def listen(event: Event) -> None:
        face.stage.events.append(event)
        if isinstance(event, WayEnded):
            face.start()

    job = replace(face.stage.job(), progress=listen, cancelled=Cancellation())
    methods = face.stage.methods(
        open_browser=lambda _: True, paste=face.paste, offer_device_code=face.offer
    )
    assert get_token(job, methods).checked
    ended = face.events(WayEnded)
    assert ["oauth_device_code_expired"] == [event.error.verdict.id for event in ended]
    assert 2 == len(face.events(WaitingForDevice))


def test_a_browser_that_fails(face: Face) -> None:
    """The exchange of its code is refused; the device code goes on."""
    fault = json.dumps({"error": "invalid_client"}).encode()
    face.stage.server.device_codes.changes["interval"] = 2
    face.stage.server.faults.append(Fault(401, fault))
    assert face.sign_in(open_browser=face.stage.browser).checked
    assert 1 == len(face.events(WayEnded))


def test_both_fail(face: Face) -> None:
    """The last failure is the sign-in's."""
    face.stage.server.device_codes.states = deque([DENIED])
    with pytest.raises(AppError) as caught:
        face.sign_in(wait=2.5)
    assert "sign_in_not_finished" == caught.value.verdict.id
    assert ["oauth_device_code_denied"] == [e.error.verdict.id for e in face.events(WayEnded)]


def test_one_code_at_a_time(face: Face) -> None:
    """A second click while a code waits starts nothing."""

    def twice(start: Callable[[], None]) -> None:
        start()
        start()

    assert face.sign_in(offer_device_code=twice).checked
    assert 1 == len(face.stage.server.device_codes.given)


def test_it_is_cancelled(face: Face) -> None:
    """Both end at once, and nothing is left of them."""
    face.stage.server.device_codes.changes["interval"] = 60
    ended: list[float] = []

    def run() -> None:
        with pytest.raises(Cancelled):
            face.sign_in()
        ended.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + PATIENT
    while not face.events(WaitingForDevice) and time.monotonic() < deadline:
        time.sleep(0.01)
    start = time.monotonic()
    face.stage.cancelled.set()
    thread.join()
    assert ended[0] - start < AT_ONCE
    assert face.is_closed.is_set()
