"""Text from outside is plain text in the window: no HTML is rendered, nothing is hidden."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.errors import as_error
from core.events import WaitingForBrowser, WaitingForDevice
from core.imapsync.command import Side
from core.imapsync.running import ImapsyncRun
from core.imapsync.running import label as run_label
from core.mailbox.inventory import mailbox_at
from core.providers.catalog import load_catalog
from core.verdicts.local_files import INTERNAL_ERROR
from gui.controllers.closing import Closing, ask_to_close
from gui.controllers.remove_mailbox import ask_to_remove
from gui.model.detail import detail_of
from gui.model.mailbox_list import MailboxList
from gui.model.mailbox_model import MailboxModel
from gui.model.mailbox_row import Row
from gui.model.migration_sides import MigrationSides
from gui.model.plain_text import notification, plain, tool_tip
from gui.widgets.address_bar import AddressBar
from gui.widgets.detail_pane import DetailPane
from gui.widgets.list_actions import ListActions
from gui.widgets.mailbox_view import MailboxView
from gui.widgets.message_bar import MessageBar
from gui.widgets.migration_card import MigrationCard
from gui.widgets.options_dialog import OptionsDialog
from gui.widgets.plain_label import message_box
from gui.widgets.refresh_bar import RefreshBar
from gui.widgets.waiting_panel import WaitingPanel

GUI = Path(__file__).resolve().parent.parent / "gui"
HIDDEN = "\x1b[31m\x9b\x07\u202e\u2066\u200f"


@pytest.fixture
def evil(tmp_path: Path, qtbot: QtBot) -> str:
    """A text that paints a red picture if it is rendered, and that hides characters."""
    picture = QImage(40, 40, QImage.Format.Format_RGB32)
    picture.fill(QColor(255, 0, 0))
    file = tmp_path / "red.png"
    picture.save(str(file))
    return f'<img src="{file}">{HIDDEN}'


def _red(widget: QWidget) -> bool:
    """Whether a pixel of the picture is on the screen."""
    image = widget.grab().toImage()
    pixels = (
        image.pixelColor(x, y)
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    )
    return any(p.red() > 240 and p.green() < 20 and p.blue() < 20 for p in pixels)


def _texts(widget: QWidget) -> Iterator[str]:
    """Everything that a widget and its children show or say."""
    for child in [widget, *widget.findChildren(QWidget)]:
        yield child.toolTip()
        if isinstance(child, QLabel | QAbstractButton):
            yield child.text()
        if isinstance(child, QComboBox):
            yield from (child.itemText(number) for number in range(child.count()))


def _assert_plain(widget: QWidget) -> None:
    assert not _red(widget)
    shown = "".join(_texts(widget)).replace("\n", "").replace("\u200b", "")
    assert "<img src" in shown.replace("&lt;", "<")
    assert shown.isprintable()
    for label in widget.findChildren(QLabel):
        if "<img" in label.text():
            assert Qt.TextFormat.PlainText == label.textFormat()


def test_the_picture_would_be_seen(evil: str, qtbot: QtBot) -> None:
    """An ordinary label renders it, so the other tests can fail."""
    label = QLabel(evil)
    qtbot.addWidget(label)
    label.resize(200, 100)
    label.show()
    assert _red(label)


def _side(evil: str, tmp_path: Path) -> Side:
    return Side(
        f"{evil}@x.example", tmp_path / f"{evil.replace('/', '')}.txt", "localhost", 993, False
    )


def _address_bar(evil: str, tmp_path: Path) -> QWidget:
    bar = AddressBar()
    bar.show_detection(evil)
    return bar


def _options(evil: str, tmp_path: Path) -> QWidget:
    dialog = OptionsDialog()
    dialog.set_provider(evil, [("x", evil)], is_other=False)
    return dialog


def _waiting(evil: str, tmp_path: Path) -> QWidget:
    panel = WaitingPanel()
    panel.wait(
        WaitingForBrowser(
            url="https://x.example",
            seconds=100,
            sign_in_as=evil,
            application_label=evil,
            application=evil,
            client_id=evil,
            opens_browser=True,
            takes_paste=True,
            takes_device_code=True,
            certificate_warning=False,
        ),
        evil,
    )
    panel.show_next([evil, evil])
    panel.refuse(evil)
    return panel


def _waiting_for_device(evil: str, tmp_path: Path) -> QWidget:
    panel = WaitingPanel()
    panel.wait_for_device(
        WaitingForDevice(evil, evil, "https://x.example", 100, evil, evil, evil, evil), evil
    )
    panel.show_next([evil, evil])
    panel.way_ended(evil, is_device_code=False)
    return panel


def _error(evil: str, tmp_path: Path) -> QWidget:
    panel = MessageBar(announce=lambda widget: None)
    panel.show_error(as_error(INTERNAL_ERROR, detail=evil), evil)
    return panel


def _imapsync(evil: str, tmp_path: Path) -> QWidget:
    model = MailboxModel()
    model.show([_row(evil, tmp_path).info], 0.0)
    card = MigrationCard(model)
    side = replace(_side(evil, tmp_path), token_file=model.rows[0].path)
    card.show_sides(MigrationSides(source=side, note=evil))
    return card


def _refreshing(evil: str, tmp_path: Path) -> QWidget:
    bar = RefreshBar()
    label = run_label(["imapsync", "--user1", evil, "--host1", evil])
    bar.show_imapsync_run(ImapsyncRun(1, label))
    return bar


def _detail(evil: str, tmp_path: Path) -> QWidget:
    pane = DetailPane(ListActions(QWidget()).by_name)
    row = _row(evil, tmp_path)._replace(error=as_error(INTERNAL_ERROR, detail=evil))
    pane.show_one(detail_of(row, 0.0))
    return pane


@pytest.mark.parametrize(
    "make",
    [
        _address_bar,
        _options,
        _waiting,
        _waiting_for_device,
        _error,
        _imapsync,
        _refreshing,
        _detail,
    ],
    ids=lambda f: f.__name__,
)
def test_no_panel_renders_it(
    make: Callable[[str, Path], QWidget], evil: str, tmp_path: Path, qtbot: QtBot
) -> None:
    """Accounts, login hints, labels, errors and process names are shown as they are written."""
    widget = make(evil, tmp_path)
    qtbot.addWidget(widget)
    widget.resize(700, 500)
    widget.show()
    QApplication.processEvents()
    _assert_plain(widget)


def _row(evil: str, tmp_path: Path) -> Row:
    """A mailbox whose token file was written by somebody else."""
    file = tmp_path / "oauth2_tokens_x.txt"
    file.write_text(f"a\nb\n# Account is {evil}\n# Provider is {evil}\n", "utf-8")
    info = mailbox_at(file, load_catalog())
    return Row(info._replace(address=evil, label=evil, path=tmp_path / evil))


def test_the_list_shows_it_as_text(evil: str, tmp_path: Path, qtbot: QtBot) -> None:
    """What is painted, tool tips, and texts for screen readers."""
    model = MailboxModel()
    model.show([_row(evil, tmp_path).info], 0.0)
    lines, roles = MailboxList(model), Qt.ItemDataRole
    mailbox = lines.index(1)
    for role in (
        roles.DisplayRole,
        roles.AccessibleTextRole,
        roles.AccessibleDescriptionRole,
        roles.ToolTipRole,
    ):
        shown = str(lines.data(mailbox, role))
        assert shown.isprintable()
        assert roles.ToolTipRole != role or "<img" not in shown
    assert lines.data(mailbox).startswith("<img src=")
    view = MailboxView(lines)
    qtbot.addWidget(view)
    view.resize(600, 200)
    assert not _red(view)


def _answered(qtbot: QtBot, ask: Callable[[], object]) -> tuple[bool, list[str], list[object]]:
    """Whether the question of `ask` is painted with the picture, its texts, and their formats."""
    seen: list[tuple[bool, list[str], list[object]]] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        labels = [label for label in box.findChildren(QLabel) if label.text()]
        seen.append((_red(box), [x.text() for x in labels], [x.textFormat() for x in labels]))
        box.reject()

    QTimer.singleShot(100, look)
    ask()
    return seen[0]


def test_the_question_before_removing(evil: str, tmp_path: Path, qtbot: QtBot) -> None:
    """It names the account of the token file."""
    window = QWidget()
    qtbot.addWidget(window)
    row = _row(evil, tmp_path)
    red, texts, formats = _answered(qtbot, lambda: ask_to_remove(window, [row]))
    assert not red
    assert any("<img src=" in text for text in texts)
    assert all(text.isprintable() for text in texts)
    assert {Qt.TextFormat.PlainText} == set(formats)


def test_every_message_box_is_plain(evil: str, qtbot: QtBot) -> None:
    """Its text and the text below."""
    icon = QMessageBox.Icon.Critical
    red, texts, formats = _answered(
        qtbot, lambda: message_box(icon, evil, f"{evil}\n{evil}").exec()
    )
    assert not red
    assert 2 == len([text for text in texts if "<img" in text])
    assert {Qt.TextFormat.PlainText} == set(formats)
    window = QWidget()
    qtbot.addWidget(window)
    assert (
        "Quit oauth2_imap?"
        in _answered(qtbot, lambda: ask_to_close(window, Closing(has_tray=True)))[1]
    )


def test_warnings_and_the_menu_of_processes(evil: str, qtbot: QtBot) -> None:
    """Notes name files and accounts; other users choose the command lines of their processes."""
    news = MessageBar(announce=lambda widget: None)
    qtbot.addWidget(news)
    news.show_note(evil, warning=True)
    shown = "".join(_texts(news)).replace("\u200b", "")
    assert all(text.isprintable() for text in shown.splitlines())
    bar = RefreshBar()
    qtbot.addWidget(bar)
    bar.show()
    bar.offer_imapsync_runs([ImapsyncRun(1, evil)], "")
    [menu] = [menu for menu in bar.findChildren(QMenu) if menu.actions()]
    assert all(action.text().isprintable() for action in menu.actions())
    assert not _red(menu)
    menu.close()


@pytest.mark.parametrize(
    ("text", "tip", "message"),
    [
        ("/home/you/x.txt", "/home/you/x.txt", "/home/you/x.txt"),
        ("a & b", "a & b", "a & b"),
        ("<b>x</b>", "<qt>&lt;b&gt;x&lt;/b&gt;</qt>", "\u2039b>x\u2039/b>"),
        ("<b>\nx", "<qt>&lt;b&gt;<br>x</qt>", "\u2039b>\nx"),
        ("a\x1b\u202eb", "a\\x1b\\u202eb", "a\\x1b\\u202eb"),
    ],
)
def test_tool_tips_and_notifications(text: str, tip: str, message: str) -> None:
    """Qt takes a tool tip with a tag for HTML, desktops a notification."""
    assert (tip, message) == (tool_tip(text), notification(text))
    assert plain(text).replace("\n", "").isprintable()


def _calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            yield (node.func.id if isinstance(node.func, ast.Name) else name), node


def _is_our_own(node: ast.expr) -> bool:
    """Whether a text is written in the code: a literal, a constant, or one with our own values."""
    if isinstance(node, ast.IfExp):
        return _is_our_own(node.body) and _is_our_own(node.orelse)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "_":  # its translation
        has_own_values = not node.keywords or ast.unparse(node.args[0]) == "_TEXT"
        return has_own_values and _is_our_own(node.args[0])
    return (
        isinstance(node, ast.Constant)
        or (isinstance(node, ast.Name) and node.id.isupper())
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in ("tool_tip", "notification"))
    )


def test_no_other_label_and_no_other_message_box() -> None:
    """A QLabel has a text of our own; what changes is a PlainLabel. Tool tips are escaped."""
    for file in GUI.rglob("*.py"):
        if file.name == "plain_label.py":
            continue
        for name, call in _calls(file):
            where = f"{file.name}:{call.lineno}"
            assert name not in ("QMessageBox", "setInformativeText", "setHtml", "appendHtml"), where
            if name == "QLabel":
                assert call.args, f"{where}: use PlainLabel"
                assert _is_our_own(call.args[0]) or ast.unparse(call) == "QLabel(text)", where
            if name == "setToolTip":
                assert _is_our_own(call.args[0]), f"{where}: use tool_tip"
