"""Two flows in one wait: the browser, and a device code that the user may start beside it.

Each flow runs in a thread of its own. All that they do goes through one queue to the thread of the
sign-in, which alone tells the face.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ...cancel import Cancellation
from ...errors import AppError
from ...events import WayEnded
from ..tokens import Tokens
from .flow import Flow, SignIn

_POLL = 0.1  # seconds until a cancellation is noticed
_LEAVE = 1.0  # seconds for a flow to close its port and to give the terminal back


def race(first: Flow, device: Flow, asked: SignIn) -> Tokens:
    """Run the first flow, and the other one when the user starts it; the first tokens count.

    If one of the two fails, the face hears of it and the wait goes on. Raises what the last one
    raises.
    """
    race = _Race(device, asked)
    race.start(first)
    if asked.methods.offer_device_code:
        asked.methods.offer_device_code(race.start_device_code)
    try:
        return race.tokens()
    finally:
        race.end()


class _Race:
    def __init__(self, device: Flow, asked: SignIn) -> None:
        self._device = device
        self._asked = asked
        self._to_do: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._running: dict[Flow, tuple[threading.Thread, Cancellation]] = {}
        self._tokens: Tokens | None = None

    def start_device_code(self) -> None:
        """Start it soon; called by the face, in any thread."""
        self._to_do.put(partial(self.start, self._device))

    def start(self, flow: Flow) -> None:
        """Start a flow that isn't running."""
        if flow in self._running:
            return
        cancelled = Cancellation()
        asked = replace(
            self._asked,
            network=replace(self._asked.network, cancelled=cancelled),
            progress=lambda event: self._to_do.put(partial(self._asked.progress, event)),
            cancelled=cancelled,
        )
        thread = threading.Thread(target=self._run, args=(flow, asked), daemon=True)
        self._running[flow] = thread, cancelled
        thread.start()

    def tokens(self) -> Tokens:
        """Wait for the first tokens."""
        while self._tokens is None:
            self._asked.cancelled.check()
            try:
                act = self._to_do.get(timeout=_POLL)
            except queue.Empty:
                continue
            act()
        return self._tokens

    def end(self) -> None:
        """Cancel what still runs."""
        for _, cancelled in self._running.values():
            cancelled.set()
        for thread, _ in self._running.values():
            thread.join(_LEAVE)

    def _run(self, flow: Flow, asked: SignIn) -> None:
        try:
            tokens = flow.run(asked)
        except Exception as exc:  # raised again in the thread of the sign-in
            self._to_do.put(partial(self._fail, flow, exc))
        else:
            self._to_do.put(partial(self._succeed, flow, tokens))

    def _succeed(self, flow: Flow, tokens: Tokens) -> None:
        del self._running[flow]
        self._tokens = tokens

    def _fail(self, flow: Flow, error: Exception) -> None:
        del self._running[flow]
        if not (self._running and isinstance(error, AppError)):
            raise error
        self._asked.progress(WayEnded(error, is_device_code=flow is self._device))
