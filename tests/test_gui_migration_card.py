"""The migration card: the two steps, their commands and scripts, and who is source."""

import itertools
import os
from pathlib import Path, PureWindowsPath

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.imapsync import command as imapsync
from core.imapsync.command import Side
from core.imapsync.shell_quoting import Shell
from gui.model.imapsync_run import Step
from gui.model.mailbox_model import MailboxModel
from gui.model.migration_sides import MigrationSides
from gui.widgets.migration_card import MigrationCard
from window import SOON

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

COPY = "Copy command"
PROGRAM = [r"C:\Program Files\oauth2_imap\oauth2_imap_cli.exe"]
OPTIONS = ("Options for the source", "Options for the destination")
COMMANDS = ("Command to test the logins", "Command to copy the mail")


def side(address: str, folder: str = r"C:\Jörg & Co\tokens") -> Side:
    """Return a mailbox on Windows."""
    return Side(address, PureWindowsPath(folder) / f"{address}.txt", "imap.example.com")


SOURCE, DESTINATION = side("o'neil@example.com"), side("to%x%@example.org")
PAIR = MigrationSides(SOURCE, DESTINATION)


@pytest.fixture
def card(qtbot: QtBot) -> MigrationCard:
    """Return a visible card, as on Windows."""
    return shown(qtbot, MigrationCard(MailboxModel(), PROGRAM, platform="win32"))


def shown(qtbot: QtBot, card: MigrationCard) -> MigrationCard:
    """Show a card."""
    qtbot.addWidget(card)
    card.resize(700, 900)
    card.show()
    qtbot.waitExposed(card)
    return card


def texts(card: QWidget) -> dict[str, str]:
    """Return the visible commands by their accessible names."""
    found = card.findChildren(QPlainTextEdit)
    return {t.accessibleName(): t.toPlainText() for t in found if t.isVisible()}


def said(card: QWidget) -> str:
    """Return the text of all visible labels."""
    labels = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    return "\n".join(labels).replace("\u200b", "")


def button(card: QWidget, text: str) -> QPushButton:
    """Return a button by its text without the mnemonic."""
    [found] = [b for b in card.findChildren(QPushButton) if b.text().replace("&", "") == text]
    return found


def press(qtbot: QtBot, card: QWidget, text: str) -> None:
    """Click a button."""
    qtbot.mouseClick(button(card, text), Qt.MouseButton.LeftButton)


def choose(card: QWidget, shell: Shell) -> None:
    """Choose the shell."""
    [combo] = [box for box in card.findChildren(QComboBox) if box.accessibleName() == "Copy for"]
    combo.setCurrentIndex(combo.findData(shell))


def call(qtbot: QtBot, card: QWidget) -> QCheckBox:
    """Click the box that lets imapsync call oauth2_imap."""
    [box] = card.findChildren(QCheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() * 0.1)
    return box


def unfold(qtbot: QtBot, card: QWidget) -> None:
    """Click on "Show command"."""
    [fold] = card.findChildren(QToolButton)
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)


def test_no_mailbox_yet(card: MigrationCard) -> None:
    """The card says what to do."""
    assert "sign in to the source and to the destination" in said(card)
    assert {} == texts(card)


def test_one_mailbox(qtbot: QtBot, card: MigrationCard) -> None:
    """Its options can be copied for each side; there are no steps yet."""
    card.show_sides(MigrationSides(SOURCE))
    options = [imapsync.side_options(number, SOURCE, Shell.CMD) for number in (1, 2)]
    for text, expected in zip(("Copy as source", "Copy as destination"), options, strict=True):
        press(qtbot, card, text)
        assert expected == QGuiApplication.clipboard().text()
    assert not button(card, "⇄").isEnabled()
    assert "&1 Test the logins" not in said(card)
    assert {} == texts(card)
    unfold(qtbot, card)
    assert dict(zip(OPTIONS, options, strict=True)) == texts(card)


def test_two_mailboxes(qtbot: QtBot, card: MigrationCard) -> None:
    """Two numbered steps; their commands are folded, and can be read."""
    card.show_sides(PAIR)
    assert "&1 Test the logins" in said(card)
    assert "&2 Copy the mail" in said(card)
    assert {} == texts(card)
    unfold(qtbot, card)
    one, two = imapsync.both_options(SOURCE, DESTINATION, Shell.CMD)
    assert {
        COMMANDS[0]: f"imapsync {one} {two} --justlogin",
        COMMANDS[1]: f"imapsync {one} {two}",
    } == texts(card)
    assert "2.230" in said(card)
    unfold(qtbot, card)
    assert {} == texts(card)


def test_what_only_an_old_imapsync_needs_is_in_the_script_alone(
    qtbot: QtBot, card: MigrationCard
) -> None:
    """Most users have a newer one."""
    card.show_sides(PAIR)
    unfold(qtbot, card)
    assert "password" not in said(card) + "".join(texts(card).values())
    assert "password" in imapsync.script(SOURCE, DESTINATION, shell=Shell.CMD)


@pytest.mark.parametrize(("step", "command"), list(enumerate(COMMANDS)))
def test_copy(qtbot: QtBot, card: MigrationCard, step: int, command: str) -> None:
    """Each button copies the whole command of its step, on one line."""
    card.show_sides(PAIR)
    copy = copies(card)[step]
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    unfold(qtbot, card)
    assert texts(card)[command] == QGuiApplication.clipboard().text()
    assert "\n" not in QGuiApplication.clipboard().text()


def copies(card: QWidget) -> list[QPushButton]:
    """Return the buttons that copy the commands of the two steps."""
    return [b for b in card.findChildren(QPushButton) if b.isVisible() and b.text() == COPY]


def test_copied_is_said(qtbot: QtBot, card: MigrationCard) -> None:
    """For a moment the button says that it copied, without changing its size or its key."""
    card.show_sides(PAIR)
    copy = copies(card)[1]
    before = (copy.width(), copy.shortcut())
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert copy.text().startswith("Copied")
    QApplication.processEvents()
    assert before == (copy.width(), copy.shortcut())
    qtbot.waitUntil(lambda: copy.text() == COPY, timeout=SOON)
    assert before == (copy.width(), copy.shortcut())


@pytest.mark.parametrize(
    ("shell", "where"),
    [(Shell.CMD, "a Command Prompt"), (Shell.WSL, "a WSL terminal"), (Shell.DOCKER, "a Command")],
)
def test_the_card_says_where_to_paste(
    qtbot: QtBot, card: MigrationCard, shell: Shell, where: str
) -> None:
    """Until another pair is shown."""
    card.show_sides(PAIR)
    choose(card, shell)
    assert "Copied." not in said(card)
    qtbot.mouseClick(copies(card)[0], Qt.MouseButton.LeftButton)
    assert f"Copied. Paste the command into {where}" in said(card)
    card.show_sides(MigrationSides(DESTINATION, SOURCE))
    assert "Copied." not in said(card)


def test_swap(qtbot: QtBot, card: MigrationCard) -> None:
    """The button emits `swapped`; the card then shows what it is given."""
    card.show_sides(PAIR)
    unfold(qtbot, card)
    with qtbot.waitSignal(card.swapped, timeout=SOON):
        press(qtbot, card, "⇄")
    card.show_sides(MigrationSides(DESTINATION, SOURCE))
    assert '--user2 "o\'neil@example.com"' in texts(card)[COMMANDS[1]]


@pytest.mark.parametrize("shell", [Shell.CMD, Shell.WSL, Shell.DOCKER])
def test_copy_for(qtbot: QtBot, card: MigrationCard, shell: Shell) -> None:
    """On Windows the user can choose another shell."""
    card.show_sides(PAIR)
    unfold(qtbot, card)
    choose(card, shell)
    assert imapsync.command(SOURCE, DESTINATION, shell) == texts(card)[COMMANDS[1]]


CHOSEN = r"C:\Program Files\imapsync\imapsync.exe"
CHOOSE = 'Choose the imapsync that "Run here" starts (Alt+5)'


@pytest.mark.parametrize("shell", [Shell.CMD, Shell.WSL, Shell.DOCKER])
def test_the_commands_start_the_chosen_imapsync(
    qtbot: QtBot, card: MigrationCard, shell: Shell, tmp_path: Path
) -> None:
    """At once when it is chosen: those that are shown, copied and saved."""
    card.show_sides(PAIR)
    choose(card, shell)
    unfold(qtbot, card)
    assert CHOOSE == button(card, "Choose imapsync…").toolTip()
    card.use_imapsync(CHOSEN)
    expected = imapsync.command(SOURCE, DESTINATION, shell, imapsync=CHOSEN)
    assert expected == texts(card)[COMMANDS[1]]
    assert f"{expected} --justlogin" == texts(card)[COMMANDS[0]]
    assert (shell is Shell.CMD) == expected.startswith(f'"{CHOSEN}" --host1')
    qtbot.mouseClick(copies(card)[1], Qt.MouseButton.LeftButton)
    assert expected == QGuiApplication.clipboard().text()
    file = tmp_path / "move"
    save(qtbot, card).fileSelected.emit(str(file))
    text = imapsync.script(SOURCE, DESTINATION, shell=shell, imapsync=CHOSEN)
    assert text.encode() == file.read_bytes()
    assert f"{CHOOSE}\n{CHOSEN}" == button(card, "Choose imapsync…").toolTip()


def test_another_choice_replaces_the_first(qtbot: QtBot) -> None:
    """The first is known from the last time; what was copied of it is no news any more."""
    model = MailboxModel()
    card = shown(qtbot, MigrationCard(model, imapsync="/opt/a b/imapsync", platform="linux"))
    card.show_sides(MigrationSides(SOURCE, DESTINATION))
    unfold(qtbot, card)
    assert texts(card)[COMMANDS[0]].startswith("'/opt/a b/imapsync' --host1 ")
    qtbot.mouseClick(copies(card)[0], Qt.MouseButton.LeftButton)
    assert "Copied" in said(card)
    card.use_imapsync("/opt/<b>/imapsync")
    assert texts(card)[COMMANDS[0]].startswith("'/opt/<b>/imapsync' --host1 ")
    assert "Copied" not in said(card)
    assert "&lt;b&gt;" in button(card, "Choose imapsync…").toolTip()
    card.use_imapsync("")
    assert texts(card)[COMMANDS[0]].startswith("imapsync --host1 ")


def test_docker_with_one_mailbox(qtbot: QtBot, card: MigrationCard) -> None:
    """Docker also needs the mount of the folder, so its start is copied too."""
    card.show_sides(MigrationSides(SOURCE))
    choose(card, Shell.DOCKER)
    press(qtbot, card, "Copy as source")
    start = imapsync.starter(Shell.DOCKER, SOURCE)
    options = imapsync.side_options(1, SOURCE, Shell.DOCKER)
    assert f"{start} {options}" == QGuiApplication.clipboard().text()


def test_let_imapsync_renew_the_token(qtbot: QtBot, card: MigrationCard) -> None:
    """The box adds the options; Docker can't use them."""
    card.show_sides(PAIR)
    unfold(qtbot, card)
    box = call(qtbot, card)
    assert "Let imapsync refresh the token itself" == box.text().replace("&", "")
    assert "This needs imapsync 2.267 or newer." in said(card)
    expected = imapsync.command(SOURCE, DESTINATION, Shell.CMD, program=PROGRAM)
    assert expected == texts(card)[COMMANDS[1]]
    assert "--oauthrefreshcmd2" in expected
    choose(card, Shell.DOCKER)
    assert not box.isEnabled()
    assert "oauthrefreshcmd" not in texts(card)[COMMANDS[1]]
    assert "In Docker, imapsync can't refresh" in said(card)
    choose(card, Shell.CMD)
    assert expected == texts(card)[COMMANDS[1]]


def test_no_program(qtbot: QtBot) -> None:
    """Where imapsync can't start this program, the box is hidden."""
    card = shown(qtbot, MigrationCard(MailboxModel(), platform="win32"))
    card.show_sides(PAIR)
    assert not card.findChildren(QCheckBox)[0].isVisible()


def test_out_of_reach(qtbot: QtBot, card: MigrationCard) -> None:
    """Where WSL has no access to a folder, the reason is shown in place of a wrong command."""
    card.show_sides(MigrationSides(SOURCE, side("a@b.example", r"\\server\share")))
    unfold(qtbot, card)
    choose(card, Shell.WSL)
    assert {} == texts(card)
    assert "WSL has no access to" in said(card)
    assert [] == [b for b in (*copies(card), button(card, "Save as script…")) if b.isEnabled()]
    choose(card, Shell.CMD)
    assert 2 == len(texts(card))
    assert "has no access to" not in said(card)


def posix_sides(tmp_path: Path) -> tuple[Side, Side]:
    """Return two mailboxes on this computer."""
    source, destination = (tmp_path / name for name in ("one.txt", "two.txt"))
    return Side("a@b.example", source, "h"), Side("c@d.example", destination, "h")


def save(qtbot: QtBot, card: MigrationCard) -> QFileDialog:
    """Press the button and return the dialog that it opens."""
    assert [] == card.findChildren(QFileDialog)
    press(qtbot, card, "Save as script…")
    [dialog] = card.findChildren(QFileDialog)
    return dialog


def test_a_script_for_a_batch_file_is_refused(qtbot: QtBot) -> None:
    """It would end after the login test; the commands can still be copied."""
    chosen = r"C:\tools\imapsync.bat"
    model = MailboxModel()
    card = shown(qtbot, MigrationCard(model, imapsync=chosen, platform="win32"))
    card.show_sides(PAIR)
    press(qtbot, card, "Save as script…")
    assert [] == card.findChildren(QFileDialog)
    assert "is a batch file" in said(card)
    assert all(copy.isEnabled() for copy in copies(card))


@pytest.mark.only_on("posix", reason="the script is for sh")
def test_save_sh(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script is saved unchanged, executable, with its suffix; at home without Documents."""
    monkeypatch.setenv("HOME", str(tmp_path))
    card = shown(qtbot, MigrationCard(MailboxModel(), ["/opt/oauth2_imap"], platform="linux"))
    sides = posix_sides(tmp_path)
    card.show_sides(MigrationSides(*sides))
    dialog = save(qtbot, card)
    assert str(tmp_path) == dialog.directory().absolutePath()
    assert ["imapsync_a@b.example_to_c@d.example.sh"] == [
        Path(file).name for file in dialog.selectedFiles()
    ]
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("move")
    dialog.accept()
    file = tmp_path / "move.sh"
    qtbot.waitUntil(file.exists, timeout=2000)
    expected = imapsync.script(*sides, shell=Shell.SH)
    assert expected.encode() == file.read_bytes()
    assert os.access(file, os.X_OK)
    assert f"Saved: {file}. It tests the logins, then copies the mail." in said(card)
    card.show_sides(MigrationSides(*sides))
    assert "Saved" in said(card)
    card.show_sides(MigrationSides(sides[1], sides[0]))
    assert "Saved" not in said(card)


def test_save_bat(qtbot: QtBot, card: MigrationCard, tmp_path: Path) -> None:
    """On Windows it is a batch file; its name has no characters that cmd interprets."""
    card.show_sides(PAIR)
    call(qtbot, card)
    dialog = save(qtbot, card)
    [name] = (Path(file).name for file in dialog.selectedFiles())
    assert "imapsync_o_neil@example.com_to_to_x_@example.org.bat" == name
    file = tmp_path / "move.bat"
    dialog.fileSelected.emit(str(file))
    expected = imapsync.script(SOURCE, DESTINATION, shell=Shell.CMD, program=PROGRAM)
    assert expected.encode() == file.read_bytes()


def test_save_fails(qtbot: QtBot, card: MigrationCard, tmp_path: Path) -> None:
    """The card says that a folder isn't writable."""
    card.show_sides(PAIR)
    save(qtbot, card).fileSelected.emit(str(tmp_path / "missing" / "x.bat"))
    assert "x.bat can't be written" in said(card)


@pytest.mark.parametrize("width", [380, 440, 1600])
def test_texts_are_whole(qtbot: QtBot, card: MigrationCard, width: int) -> None:
    """The card fits into a narrow column, and each command is as high as its lines."""
    card.show_sides(PAIR)
    unfold(qtbot, card)
    call(qtbot, card)
    card.resize(width, 900)
    QApplication.processEvents()
    assert width == card.width()
    for text in card.findChildren(QPlainTextEdit):
        assert text.isReadOnly()
        assert 0 == text.horizontalScrollBar().maximum()
        assert 0 == text.verticalScrollBar().maximum()
        lines = text.document().size().height()
        assert text.viewport().height() >= lines * text.fontMetrics().lineSpacing()


def test_a_command_has_a_name_for_screen_readers(qtbot: QtBot, card: MigrationCard) -> None:
    """So has what is inside it, to which some of them go."""
    card.show_sides(PAIR)
    unfold(qtbot, card)
    for text in card.findChildren(QPlainTextEdit):
        whole = QAccessible.queryAccessibleInterface(text)
        inside = QAccessible.queryAccessibleInterface(text.viewport())
        assert QAccessible.Role.EditableText == whole.role()
        assert whole.text(QAccessible.Text.Name) in COMMANDS
        assert whole.text(QAccessible.Text.Name) == inside.text(QAccessible.Text.Name)


def test_keyboard(qtbot: QtBot, card: MigrationCard) -> None:
    """Tab follows the reading order; a text can be selected and copied with keys."""
    card.show_sides(PAIR)
    unfold(qtbot, card)
    card.activateWindow()
    card.findChildren(QComboBox)[0].setFocus()
    places, names = [], []
    while (widget := QApplication.focusWidget()) and widget.accessibleName() != COMMANDS[1]:
        places.append(QRect(widget.mapTo(card, QPoint()), widget.size()))
        names.append(widget.accessibleName() or getattr(widget, "text", str)())
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
        assert len(places) < 20, names
    qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    for one, other in itertools.pairwise(places):  # the next is below, or to the right
        assert other.top() > one.bottom() or other.left() > one.right(), names
    assert texts(card)[COMMANDS[1]] == QGuiApplication.clipboard().text()


def test_names_and_keys(card: MigrationCard) -> None:
    """Every widget has a name for screen readers, and every button a key of its own."""
    card.show_sides(PAIR)
    for widget in card.findChildren(QWidget):
        if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and widget.isVisible():
            assert widget.accessibleName() or isinstance(widget, QAbstractButton), widget
    buttons = [b for b in card.findChildren(QAbstractButton) if b.isVisible()]
    keys = [b.shortcut().toString() or key_of_label(card, b) for b in buttons]
    assert 9 == len(keys)
    assert "" not in keys
    assert len(set(keys)) == len(keys)
    told = {b.accessibleName(): b.toolTip() for b in buttons}
    assert "Test the logins now, in this window (Alt+1)" in told.values()
    assert "Copy the command to copy the mail (Ctrl+2)" in told.values()


def key_of_label(card: QWidget, of: QWidget) -> str:
    """Return the key that is underlined in the label of a button."""
    labels = [label for label in card.findChildren(QLabel) if label.buddy() is of]
    return "".join(QKeySequence.mnemonic(label.text()).toString() for label in labels)


@pytest.mark.parametrize("step", [1, 2])
def test_the_digit_of_a_step_is_its_key(qtbot: QtBot, card: MigrationCard, step: int) -> None:
    """Alt runs it, unless another run is on; Ctrl copies its command, as Ctrl+C copies."""
    card.show_sides(PAIR)
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow, timeout=SOON)
    digit, alt = (Qt.Key.Key_1, Qt.Key.Key_2)[step - 1], Qt.KeyboardModifier.AltModifier
    begun: list[Step] = []
    card.run_wanted.connect(lambda step, *_: begun.append(step))
    qtbot.keyClick(card, digit, alt)
    qtbot.waitUntil(lambda: bool(begun), timeout=SOON)
    assert [[*Step][step - 1]] == begun
    card.begin_run(begun[0], "who", "imapsync")
    qtbot.keyClick(card, digit, alt)
    qtbot.wait(200)  # a button that is pressed by a key emits that later
    assert 1 == len(begun)
    qtbot.keyClick(card, digit, Qt.KeyboardModifier.ControlModifier)
    unfold(qtbot, card)
    expected = texts(card)[COMMANDS[step - 1]]
    qtbot.waitUntil(lambda: expected == QGuiApplication.clipboard().text(), timeout=SOON)
