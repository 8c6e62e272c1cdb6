"""Shows which sign-ins are wanted: in the rows of their mailboxes, or in the empty list."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject

from core.i18n.translation import _
from gui.controllers.parts import Parts
from gui.controllers.sign_in_queue import SignInQueue
from gui.model.sign_in_words import Stage, in_empty_list


class SignInProgressController(QObject):
    """Follows the queue of sign-ins, and how far the first of them is."""

    def __init__(self, parts: Parts, queue: SignInQueue, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._queue = queue
        self._stage = Stage.BEGUN
        self._shown: Mapping[Path, str] = {}
        task = parts.sign_in_task
        queue.begun.connect(lambda _: self._turn_to(Stage.BEGUN))
        queue.changed.connect(lambda _: self._show())
        task.waiting.connect(lambda _: self._turn_to(Stage.WAITING))
        task.waiting_for_device.connect(lambda _: self._turn_to(Stage.WAITING))

    def _turn_to(self, stage: Stage) -> None:
        self._stage = stage
        self._show()

    def _show(self) -> None:
        self._show_in_rows()
        self._show_in_empty_list()

    def _show_in_rows(self) -> None:
        wanted = {turn.path: Stage.QUEUED for turn in self._queue.waiting}
        if current := self._queue.current:
            wanted[current.path] = self._stage
        shown = {path: _(stage) for path, stage in wanted.items()}
        for path in {*self._shown, *shown}:
            if self._shown.get(path) != shown.get(path):
                self._parts.model.change(path, signing_in=shown.get(path, ""))
        self._shown = shown
        self._parts.message_bar.hold_sign_ins(list(shown))

    def _show_in_empty_list(self) -> None:
        queue, is_pretend = self._queue, self._parts.rehearsal.has
        if current := queue.current:
            text = in_empty_list(self._stage, current.name, queue.names)
            turns = (current, *queue.waiting)
            can_try = not any(is_pretend(turn.request.token_file) for turn in turns)
            self._parts.mailbox_table.show_sign_in(text, can_try=can_try)
        else:
            self._parts.mailbox_table.show_sign_in("", can_try=True)
