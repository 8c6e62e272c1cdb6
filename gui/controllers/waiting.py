"""The wait of a sign-in in the card: for the browser, and for another device."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.errors import AppError
from gui.controllers.parts import Parts
from gui.controllers.sign_in_queue import SignInQueue
from gui.model.browser_labels import browser_labels
from gui.model.messages import in_one_paragraph

if TYPE_CHECKING:  # imported by the first sign-in
    from core.events import WaitingForBrowser, WaitingForDevice, WayEnded

log = logging.getLogger(__name__)


class WaitingController(QObject):
    """Connects the card with the task that signs in."""

    def __init__(self, parts: Parts, queue: SignInQueue, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._name = ""  # whose sign-in is under way
        task, waiting = parts.sign_in_task, parts.waiting
        waiting.pasted.connect(task.paste)
        waiting.cancelled.connect(task.cancel)
        waiting.open_again.connect(task.open_again)
        waiting.open_elsewhere.connect(task.open_again)
        waiting.device_code_wanted.connect(task.start_device_code)
        queue.begun.connect(self._begin)
        queue.changed.connect(waiting.show_next)
        task.waiting.connect(self._wait)
        task.waiting_for_device.connect(self._wait_for_device)
        task.way_ended.connect(self._end_way)
        task.paste_refused.connect(self._refuse_paste)
        task.browser_failed.connect(self._tell_browser_failed)

    def _begin(self, name: str) -> None:
        self._name = name

    def _wait(self, event: "WaitingForBrowser") -> None:
        self._show(partial(self._parts.waiting.wait, event, self._name))
        if event.opens_browser:
            found = self._parts.tasks.start(lambda _progress, _cancelled: browser_labels())
            found.succeeded.connect(self._parts.waiting.offer_browsers)

    def _wait_for_device(self, event: "WaitingForDevice") -> None:
        self._show(partial(self._parts.waiting.wait_for_device, event, self._name))

    def _end_way(self, event: "WayEnded") -> None:
        text = in_one_paragraph(event.error)
        end = self._parts.waiting.way_ended
        self._show(partial(end, text, is_device_code=event.is_device_code))

    def _show(self, show: Callable[[], None]) -> None:
        """Let the card show the wait; who was in the card can paste, or copy, at once."""
        header, waiting = self._parts.window.header, self._parts.waiting
        had_focus = header.has_focus()
        show()
        header.turn_to(waiting)
        waiting.announce()
        if had_focus:
            waiting.take_focus()

    def _tell_browser_failed(self, link: str) -> None:
        """Say it, unless the link is that of an earlier sign-in."""
        if self._parts.waiting.browser_failed(link):
            log.warning("The browser could not be started")

    def _refuse_paste(self, error: AppError) -> None:
        self._parts.waiting.refuse(in_one_paragraph(error))
