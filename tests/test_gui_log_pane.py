"""The log pane: records of all threads, levels in words, limited, no secrets, newest visible."""

import itertools
import logging
import random
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.errors import AppError
from gui.widgets.log_handler import LIMIT, LogHandler
from gui.widgets.log_pane import LogPane
from gui.widgets.log_text import LogText
from window import SOON, only

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
log = logging.getLogger("test")


@pytest.fixture
def pane(qtbot: QtBot, tmp_path: Path) -> Iterator[LogPane]:
    """Return an open pane that shows the log; its file dialog answers by itself."""
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    pane = LogPane(ask_path=lambda _: str(tmp_path / "saved.txt"))
    qtbot.addWidget(pane)
    pane.install()
    pane.set_open(True)
    pane.resize(600, 300)
    pane.show()
    yield pane
    pane.remove()
    logging.getLogger().setLevel(level)


def _view(pane: LogPane) -> LogText:
    return only(pane, LogText)


def _press(qtbot: QtBot, pane: LogPane, text: str) -> None:
    button = next(b for b in pane.findChildren(QPushButton) if text == b.text())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _lines(pane: LogPane) -> list[str]:
    """Return the lines without the date and time at their beginning."""
    return [line[len("2026-03-02 10:01:00  ") :] for line in pane.text().split("\n")]


def test_levels_are_words(pane: LogPane) -> None:
    """Each line has date, time, level and message; details only on request."""
    log.debug("unseen")
    log.info("refreshed %s", "you@example.com")
    log.warning("slow")
    log.error("broken")
    assert ["Info     refreshed you@example.com", "Warning  slow", "Error    broken"] == _lines(
        pane
    )
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  Info", pane.text())


def test_any_thread_may_log(qtbot: QtBot, pane: LogPane) -> None:
    """All records reach the thread of the window, in their order."""

    def talk() -> None:
        for number in range(100):
            log.info("number %d", number)

    threads = [threading.Thread(target=talk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "" == pane.text(), "a widget was touched in another thread"
    qtbot.waitUntil(lambda: len(_lines(pane)) == 400, timeout=2000)
    shown = [int(line.rpartition(" ")[2]) for line in _lines(pane)]
    assert sorted([*range(100)] * 4) == sorted(shown)


def test_a_flood_is_one_signal_and_bounded(qtbot: QtBot) -> None:
    """Many records are one signal, and only the newest are stored."""
    handler, signals = LogHandler(), list[int]()
    handler.bridge.arrived.connect(lambda: signals.append(1))
    for number in range(LIMIT + 500):
        handler.handle(logging.makeLogRecord({"msg": "%d", "args": (number,), "levelno": 20}))
    lines = handler.take()
    assert (LIMIT, "500", str(LIMIT + 499)) == (len(lines), lines[0].message, lines[-1].message)
    assert [1] == signals
    handler.handle(logging.makeLogRecord({"msg": "again"}))
    assert ([1, 1], 1) == (signals, len(handler.take()))


def test_the_pane_is_bounded(pane: LogPane) -> None:
    """It has at most two thousand lines, the newest."""
    for number in range(LIMIT + 10):
        log.info("number %d", number)
    assert (LIMIT, "Info     number 10") == (len(_lines(pane)), _lines(pane)[0])


def test_no_secret_is_shown(pane: LogPane) -> None:
    """Neither a message nor a traceback shows a secret."""
    token = "eyJ0eXAiOiJKV1QiLCJub25jZSI6.eyJhdWQiOiJo.c2lnbmF0dXJl"
    only(pane, QCheckBox).setChecked(True)
    try:
        raise RuntimeError(f"refresh_token=0.AXoA-secret {token}")
    except RuntimeError:
        log.exception("access_token=%s", "EwBgA8l6BAAU")
    assert "RuntimeError: refresh_token=…" in pane.text()
    assert "access_token=…" in pane.text()
    assert [] == [s for s in ("0.AXoA-secret", "eyJ0", "EwBgA8l6") if s in pane.text()]


def test_a_message_cannot_pretend_to_be_two(pane: LogPane) -> None:
    """Line ends and control characters can't imitate another record."""
    log.info("said: %s", "a\n12:00:00  Error    forged\u202e\x1b[31m\x00")
    assert "Info     said: a" == _lines(pane)[0]
    assert pane.text().endswith("\n    12:00:00  Error    forged\\u202e\\x1b[31m\\x00")


def test_details_show_what_was_hidden(qtbot: QtBot, pane: LogPane) -> None:
    """The box shows details from then on, and hides them again."""
    log.debug("too early")
    try:
        raise ValueError("why")
    except ValueError:
        log.exception("broken")
    assert ["Error    broken"] == _lines(pane)
    details = only(pane, QCheckBox)
    details.click()
    told = "Detail   From now on, the log has more details, also in the log file"
    assert told == _lines(pane)[-1]
    log.debug("seen")
    assert "ValueError: why" in pane.text()
    assert "Detail   seen" == _lines(pane)[-1]
    details.click()
    log.debug("too late")
    assert ["Error    broken"] == _lines(pane)


def test_remove_takes_nothing_more(pane: LogPane) -> None:
    """Afterwards logging is as it was before, including its level."""
    only(pane, QCheckBox).setChecked(True)
    assert logging.DEBUG == logging.getLogger().level
    pane.remove()
    assert logging.INFO == logging.getLogger().level
    before = pane.text()
    log.info("unseen")
    assert before == pane.text()


def test_a_thread_may_outlive_the_window(qtbot: QtBot) -> None:
    """Logging after the window is deleted does no harm."""
    handler = LogHandler()
    with qtbot.waitSignal(handler.bridge.destroyed, timeout=SOON):
        handler.bridge.deleteLater()
    handler.handle(logging.makeLogRecord({"msg": "late"}))
    assert ["late"] == [line.message for line in handler.take()]


def test_the_newest_is_visible(qtbot: QtBot, pane: LogPane) -> None:
    """It stays visible when the pane gets smaller."""
    bar = _view(pane).verticalScrollBar()
    for number in range(100):
        log.info("number %d", number)
    assert bar.maximum() == bar.value() > 0
    pane.resize(600, 200)
    qtbot.wait(20)
    assert bar.maximum() == bar.value()
    for number in range(LIMIT):
        log.info("more %d", number)
        assert bar.maximum() == bar.value()


@pytest.mark.parametrize("seed", range(4))
def test_who_is_at_the_end_stays_there(qtbot: QtBot, pane: LogPane, seed: int) -> None:
    """Also at other sizes, and after folding: the newest line is in view."""
    view, chance = _view(pane), random.Random(seed)  # noqa: S311  # to be repeated
    for number in range(40):
        log.warning("%d %s", number, "gypsy " * chance.choice((1, 1, 10, 16, 40)))
        pane.resize(chance.choice((300, 500, 600, 900)), chance.choice((90, 120, 210, 300)))
        if number % 5 == 0:
            pane.set_open(False)
            qtbot.wait(10)
            log.info("folded")
            pane.set_open(True)
        qtbot.wait(10)
        qtbot.waitUntil(lambda: _end_is_seen(view))  # looking lays out more lines


def _end_is_seen(view: LogText) -> bool:
    end = QTextCursor(view.document())
    end.movePosition(QTextCursor.MoveOperation.End)
    line = view.cursorRect(end)
    return line.top() >= 0 and line.bottom() <= view.viewport().height()


def test_who_scrolled_up_stays_there_at_another_size(qtbot: QtBot, pane: LogPane) -> None:
    """The first line stays, until the user scrolls to the end."""
    for number in range(60):
        log.info("%d %s", number, "gypsy " * 12)
    view = _view(pane)
    bar = view.verticalScrollBar()
    bar.setSliderPosition(bar.maximum() // 2)
    top = view.firstVisibleBlock().text()
    for width, height in itertools.product((900, 300, 600), (300, 120, 210)):
        pane.resize(width, height)
        qtbot.wait(20)
        log.warning("more")
        qtbot.wait(20)
        assert top == view.firstVisibleBlock().text()
    bar.setSliderPosition(bar.maximum())
    pane.resize(500, 140)
    log.warning("last")
    qtbot.wait(20)
    assert _end_is_seen(view)


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Home])
def test_who_scrolls_up_by_a_key_stays_there(qtbot: QtBot, pane: LogPane, key: Qt.Key) -> None:
    """New lines come below; the key End leads to them."""
    for number in range(60):
        log.info("%d", number)
    view = _view(pane)
    qtbot.wait(20)
    qtbot.keyClick(view, key)
    log.warning("more")
    qtbot.wait(20)
    assert not _end_is_seen(view)
    qtbot.keyClick(view, Qt.Key.Key_End)
    log.warning("more")
    qtbot.wait(20)
    assert _end_is_seen(view)


@pytest.mark.parametrize("length", [1, 12, 40], ids=["short lines", "two lines", "wrapped lines"])
@pytest.mark.parametrize("height", [120, 127, 133, 250])
def test_lines_are_shown_whole(qtbot: QtBot, pane: LogPane, length: int, height: int) -> None:
    """Whatever the height: no half line at the top, and less than a line free at the bottom."""
    pane.resize(600, height)
    view = _view(pane)
    line = view.fontMetrics().lineSpacing()
    for number in range(60):
        log.info("%d %s", number, "gypsy " * length if number % 3 else "gypsy")
    qtbot.wait(20)
    cursor = QTextCursor(view.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    room = view.viewport().height()
    assert view.verticalScrollBar().maximum() == view.verticalScrollBar().value()
    assert 0 <= room - 1 - view.cursorRect(cursor).bottom() < line / 2
    assert 1 == room % line  # the last line may be a pixel lower
    image = view.viewport().grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    first = view.cursorRect(view.cursorForPosition(QPoint(0, 0)))
    cut = range(first.bottom() + 1) if first.top() < 0 else ()
    inked = [y for y in cut if any(image.pixel(x, y) != ground for x in range(image.width()))]
    assert [] == inked


class Resized(QObject):
    """Counts how often a viewport is resized, and ends a resizing that never ends by itself."""

    MOST = 100

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.times = 0
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # as in Qt
        """Count."""
        if event.type() is QEvent.Type.Resize:
            self.times += 1
        return self.times > self.MOST  # then it is not told any more


def _line(chance: random.Random) -> str:
    word = "x" * chance.choice((4, 4, 60, 90))
    return f"{word} " * chance.randint(1, 30 if len(word) < 60 else 2)


def test_a_scroll_bar_may_make_lines_wrap(qtbot: QtBot) -> None:
    """There is an end also where the bar is needed only while it takes room, or for one word."""
    view = LogText()
    qtbot.addWidget(view)
    resized = Resized(view.viewport())
    bar = view.verticalScrollBar()
    bar.rangeChanged.connect(lambda _, most: bar.setValue(most))
    view.show()
    chance = random.Random(1)  # noqa: S311  # to be repeated, not to be secret
    for _ in range(500):
        lines = [_line(chance) for _ in range(chance.randint(1, 9))]
        view.setPlainText("\n".join(lines))
        view.resize(chance.randint(250, 500), chance.randint(45, 150))
        resized.times = 0
        QApplication.processEvents()
        assert resized.times < resized.MOST
        assert not view.horizontalScrollBar().isVisible()
    assert view.viewport().height() % view.fontMetrics().lineSpacing() == 1


def test_the_usual_height_is_whole_lines_too(pane: LogPane) -> None:
    """So at the start nothing is left over."""
    pane.resize(600, pane.usual_height)
    view = _view(pane)
    assert view.height() == view.height_of(5)
    assert view.viewport().height() // view.fontMetrics().lineSpacing() == 5


@pytest.mark.parametrize("length", [1, 300], ids=["short lines", "wrapped lines"])
def test_who_scrolled_up_goes_on_reading(pane: LogPane, length: int) -> None:
    """The same line stays on top, even when the oldest lines are dropped."""
    for number in range(LIMIT):
        log.info("number %d %s", number, "x " * length)
    bar = _view(pane).verticalScrollBar()
    bar.setSliderPosition(bar.maximum() // 2)
    top = _view(pane).firstVisibleBlock().text()
    for number in range(300):
        log.info("new %d", number)
    assert "number " in top
    assert top == _view(pane).firstVisibleBlock().text()
    bar.setSliderPosition(bar.maximum())
    log.info("last")
    assert bar.maximum() == bar.value()


def test_copy_takes_the_selection_or_all(qtbot: QtBot, pane: LogPane) -> None:
    """Without a selection, everything is copied."""
    log.info("one")
    log.info("two")
    _press(qtbot, pane, "Copy")
    assert pane.text() == QGuiApplication.clipboard().text()
    cursor = _view(pane).textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    _view(pane).setTextCursor(cursor)
    _press(qtbot, pane, "Copied ✓")
    assert pane.text().split("\n")[0] == QGuiApplication.clipboard().text()


def test_save_writes_what_is_shown(qtbot: QtBot, pane: LogPane, tmp_path: Path) -> None:
    """The file is written where the user chose, and not before."""
    log.info("é")
    assert not (tmp_path / "saved.txt").exists()
    _press(qtbot, pane, "Save…")
    assert pane.text() + "\n" == (tmp_path / "saved.txt").read_text("utf-8")


@pytest.mark.parametrize(("answer", "problems"), [("", 0), ("/nowhere/at/all.txt", 1)])
def test_a_save_that_fails_is_told(qtbot: QtBot, answer: str, problems: int) -> None:
    """Cancelling the dialog is no problem; a missing folder is one."""
    told: list[AppError] = []
    pane = LogPane(ask_path=lambda _: answer)
    qtbot.addWidget(pane)
    pane.problem.connect(told.append)
    pane.set_open(True)
    pane.show()
    _press(qtbot, pane, "Save…")
    assert problems == len(told)
    assert all("/nowhere/at/all.txt" in problem.message for problem in told)


def test_the_header_opens_and_closes(qtbot: QtBot, pane: LogPane) -> None:
    """It works by mouse and by keyboard, and emits `opened`."""
    header, told = only(pane, QToolButton), list[bool]()
    pane.opened.connect(told.append)
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton)
    assert (False, Qt.ArrowType.RightArrow) == (_view(pane).isVisible(), header.arrowType())
    qtbot.keyClick(header, Qt.Key.Key_Space)
    assert (True, Qt.ArrowType.DownArrow) == (_view(pane).isVisible(), header.arrowType())
    pane.set_open(False)
    assert [False, True] == told
