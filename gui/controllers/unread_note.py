"""Tells in the message bar what the migration card says out of view: the pane must not move."""

from PySide6.QtCore import QObject, QTimer

from gui.controllers.parts import Parts
from gui.model.bar_message import Message

_PLACED = 100  # ms; layouts within layouts take several turns of the event loop


class UnreadNoteController(QObject):
    """Looks at what is said below the steps, once it has its place.

    It answers a press there. By itself, news of what was copied would cover other news.
    """

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        soon = QTimer(self, interval=_PLACED, singleShot=True)
        soon.timeout.connect(self._tell)
        card = parts.migration
        card.said.connect(soon.start)
        for named in (card.swapped, card.source_chosen, card.destination_chosen, card.pair_chosen):
            named.connect(lambda *_: soon.start())

    def _tell(self) -> None:
        if text := self._parts.migration.unread:
            headline, _, below = text.partition("\n")
            self._parts.message_bar.show_first(Message(None, headline, below))
