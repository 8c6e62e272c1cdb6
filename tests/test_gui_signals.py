"""PySide6 itself: an error in it would end the program after some hours."""

import sys

from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    """Emits a signal."""

    sent = Signal(int)


def test_emitting_keeps_the_constants() -> None:
    """PySide6 6.12.0 on Python 3.11 lost a reference to True with each signal, then crashed."""
    sender = Sender()
    before = sys.getrefcount(True)
    for number in range(500):
        sender.sent.emit(number)
    assert abs(sys.getrefcount(True) - before) < 100
