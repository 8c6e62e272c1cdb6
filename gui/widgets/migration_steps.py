"""The two steps of a migration, the commands and the script for them.

core.imapsync writes the commands.
"""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import UsageProblem
from core.i18n.translation import N_, _
from core.imapsync import command as imapsync
from core.imapsync.shell_quoting import Shell, own_shells
from gui.model.imapsync_run import Step
from gui.model.messages import in_one_paragraph
from gui.model.migration_sides import MigrationSides
from gui.model.plain_text import plain, tool_tip
from gui.model.shell_words import SHELLS
from gui.widgets.command_text import CommandText
from gui.widgets.done_note import DoneNote
from gui.widgets.fold_button import FoldButton
from gui.widgets.key_button import key_button, name_with_key
from gui.widgets.migration_step import MigrationStep
from gui.widgets.note_label import NoteLabel
from gui.widgets.outlined import CheckBox
from gui.widgets.plain_label import PlainLabel
from gui.widgets.save_script import ask_where, write_script
from gui.widgets.scroll_to import scroll_to
from gui.widgets.single_side import SingleSide
from gui.widgets.wheel import leave_wheel_to_page

# Translators: the digit is the underlined key that runs the step
_TEST = N_("&1 Test the logins")
_COPY = N_("&2 Copy the mail")
_CHOOSE = N_('Choose the imapsync that "Run here" starts')
_CHOOSE_KEY, _UNFOLD_KEY = "Alt+5", "Alt+Shift+C"
_COMMANDS = N_("The commands, to read and to select")
_FIRST_LINES = 4  # of a command, and what it is: then "Show command" stays below the mouse
_SETTLED = 200  # ms
_NO_CALL_IN_DOCKER = N_(
    "In Docker, imapsync can't refresh the token itself. Leave this window open and tick "
    '"Keep refreshing".'
)
_CALL = N_("Let imapsync refresh the token itsel&f")
_CALL_NOTE = N_("This needs imapsync {version} or newer.")
_REREADS = N_("imapsync {version} and newer read the token file again at every login.")


class MigrationSteps(QWidget):
    """Each step can be copied or run; for a single mailbox there are its own options."""

    run_wanted = Signal(object, object, object)  # Step, and the Sides of source and destination
    program_wanted = Signal()  # another imapsync for "Run here"
    copied = Signal()  # a command that an imapsync of this computer is to run

    def __init__(
        self, program: Sequence[str], *, platform: str, parent: QWidget | None = None
    ) -> None:
        """`program` is the command with which imapsync starts us; empty where there is none."""
        super().__init__(parent)
        self._program = tuple(program)
        self._imapsync = ""  # the one that the user has chosen
        self._sides = MigrationSides()
        self._offers_program, self._holds = True, False
        self._steps = {
            Step.TEST: MigrationStep(
                _(_TEST),
                _("imapsync only logs in. It copies nothing."),
                run=(_("Test the logins now, in this window"), "Alt+1"),
                copy=(_("Copy the command to test the logins"), "Ctrl+1"),
            ),
            Step.COPY: MigrationStep(
                _(_COPY),
                _("Run it again to copy what is new."),
                run=(_("Copy the mail now, in this window"), "Alt+2"),
                copy=(_("Copy the command to copy the mail"), "Ctrl+2"),
            ),
        }
        self._choose = key_button(_("Choose imapsync…"), _(_CHOOSE), _CHOOSE_KEY)
        self._save = QPushButton(_("Sa&ve as script…"), autoDefault=False)
        self._save.setAccessibleDescription(
            _("A script that tests the logins, then copies the mail")
        )
        self._alone = SingleSide()
        self._problem, self._not_kept = NoteLabel(), NoteLabel()
        self.run_place = QWidget()  # for what is shown of a run: below the steps it moves neither
        self.run_place.hide()
        self._shell_row = QWidget()
        self._shell = QComboBox()
        for shell in own_shells(platform):
            self._shell.addItem(_(SHELLS[shell]), shell)
        leave_wheel_to_page(self._shell)
        self.done = DoneNote(self._shell_now())
        self._shell.setAccessibleName(_("Copy for"))
        self._shell.setAccessibleDescription(_("The program into which you paste the commands"))
        self._call = CheckBox(_(_CALL))
        self._call_note = NoteLabel()
        self._unfold = FoldButton(_("Show command"), _(_COMMANDS))
        self._texts = QWidget()
        self._heads = [PlainLabel() for _n in range(2)]
        self._shown = [CommandText() for _n in range(2)]
        self._lay_out()
        self._connect()
        self._render()

    def _lay_out(self) -> None:
        self._steps[Step.COPY].add_button(self._save)
        copy_for = QLabel(_("Cop&y for:"))
        copy_for.setBuddy(self._shell)
        shell = QHBoxLayout(self._shell_row)
        shell.setContentsMargins(0, 0, 0, 0)
        shell.addWidget(copy_for)
        shell.addWidget(self._shell, 1)
        self._unfold.setShortcut(_UNFOLD_KEY)
        self._unfold.setToolTip(tool_tip(f"{_(_COMMANDS)} ({_UNFOLD_KEY})"))
        texts = QVBoxLayout(self._texts)
        texts.setContentsMargins(0, 0, 0, 0)
        for head, shown in zip(self._heads, self._shown, strict=True):
            texts.addWidget(head)
            texts.addWidget(shown)
        texts.addWidget(NoteLabel(_(_REREADS, version=imapsync.MINIMUM_TO_REREAD)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        # Not wider once there are two sides: that would move the whole pane.
        column.addStrut(max(s.minimumSizeHint().width() for s in self._steps.values()))
        for widget in (
            self._not_kept,
            *self._steps.values(),
            self.run_place,
            self._alone,
            self._problem,
            self._shell_row,
            self._call,
            self._call_note,
        ):
            column.addWidget(widget)
        below = QHBoxLayout()
        below.addWidget(self._unfold)
        below.addWidget(self._choose)  # on the right it would come under the mouse after "Hide"
        below.addStretch()
        column.addLayout(below)
        column.addWidget(self.done)  # here it moves no button
        column.addWidget(self._texts)

    def _connect(self) -> None:
        self._shell.currentIndexChanged.connect(lambda _: self._render())
        self._call.toggled.connect(lambda _: self._render())
        self._unfold.toggled.connect(self._fold)
        self._save.clicked.connect(self._ask_where)
        self._choose.clicked.connect(self.program_wanted)
        for name, step in self._steps.items():
            step.run_wanted.connect(lambda name=name: self._want_run(name))
            step.copied.connect(self._tell_copied)

    def _fold(self, is_open: bool) -> None:
        self._render()
        if is_open:
            scroll_to(self._texts, least=_FIRST_LINES * self.fontMetrics().lineSpacing())

    def run_has_focus(self) -> bool:
        """Whether a button that runs a step has the focus in its window."""
        focused = self.window().focusWidget()
        return any(step.run is focused for step in self._steps.values())

    def begin_run(self) -> None:
        """Say no more what was copied or saved."""
        self.done.follow_run()

    def allow_runs(self, allowed: bool, why_not: str) -> None:
        """Allow the buttons that run imapsync, or grey them out; their tool tips say why."""
        self._holds = not allowed
        # After a run, the sides are those of the run for a moment.
        QTimer.singleShot(0 if self._holds else _SETTLED, self, self._warn)
        for step in self._steps.values():
            step.allow_run(allowed, why_not)

    def offer_program(self, offered: bool) -> None:
        """Offer to choose another imapsync, unless the run that could not begin does so."""
        self._offers_program = offered
        self._render()

    def use_imapsync(self, path: str) -> None:
        """Let the commands start the imapsync that the user has chosen; empty for none."""
        if path != self._imapsync:
            self.done.follow_program()
        self._imapsync = path
        name_with_key(self._choose, _(_CHOOSE), _CHOOSE_KEY, below=path)
        self._choose.setAccessibleDescription(plain(path))
        self._render()

    def _want_run(self, step: Step) -> None:
        if pair := self._sides.both:
            self.run_wanted.emit(step, *pair)

    def show_sides(self, sides: MigrationSides) -> None:
        """Show the steps of a pair, or what can be copied of a single mailbox."""
        if sides.both != self._sides.both:
            self.done.follow_sides(sides.both)
        self._sides = sides
        self._render()

    def _shell_now(self) -> Shell:
        return Shell(self._shell.currentData())

    def _render(self) -> None:
        both, only = self._sides.both, self._sides.only
        docker = self._shell_now() is Shell.DOCKER
        try:
            problem, texts = "", self._commands()
        except UsageProblem as exc:
            problem, texts = in_one_paragraph(exc), ("", "")
        for step in self._steps.values():
            step.setVisible(both is not None)
        self._choose.setVisible(both is not None and self._offers_program)
        self._alone.setVisible(only is not None)
        self._alone.show_side(only.address if only else "")
        self._shell_row.setVisible(bool(both or only) and self._shell.count() > 1)
        self._call.setVisible(bool((both or only) and self._program and self._sides.may_call))
        self._call.setEnabled(not docker)
        self._call_note.setText(
            _(_NO_CALL_IN_DOCKER) if docker else _(_CALL_NOTE, version=imapsync.MINIMUM_TO_CALL)
        )
        self._call_note.setVisible(self._call.isVisibleTo(self))
        self._problem.setText(f"⚠ {problem}")
        self._problem.setVisible(bool(problem))
        self._save.setEnabled(not problem)
        self._warn()
        self._offer(texts, is_pair=both is not None)

    def _commands(self) -> tuple[str, str]:
        """Return the two commands of a pair, or the options of a single mailbox for each side."""
        shell, program = self._shell_now(), self._program_to_call()
        if pair := self._sides.both:
            copy = imapsync.command(*pair, shell, program=program, imapsync=self._imapsync)
            return imapsync.login_test(copy), copy
        if side := self._sides.only:
            start = f"{imapsync.starter(shell, side)} " if shell is Shell.DOCKER else ""
            one, two = (imapsync.side_options(n, side, shell, program=program) for n in (1, 2))
            return start + one, start + two
        return "", ""

    def _offer(self, texts: tuple[str, str], *, is_pair: bool) -> None:
        names = (
            (_("Command to test the logins"), _("Command to copy the mail"))
            if is_pair
            else (_("Options for the source"), _("Options for the destination"))
        )
        of_pair = [step.copy for step in self._steps.values()]
        buttons = of_pair if is_pair else self._alone.copies
        for button, text in zip(buttons, texts, strict=True):
            button.offer(text)
        for head, shown, name, text in zip(self._heads, self._shown, names, texts, strict=True):
            head.setText(name)
            shown.show_command(name, text)
        self._unfold.setVisible(bool(texts[0]))
        self._texts.setVisible(bool(texts[0]) and self._unfold.isChecked())

    def _program_to_call(self) -> tuple[str, ...]:
        possible = self._sides.may_call and self._shell_now() is not Shell.DOCKER
        return self._program if possible and self._call.isChecked() else ()

    def _ask_where(self) -> None:
        if (pair := self._sides.both) is None:
            return
        shell, program = self._shell_now(), self._program_to_call()
        try:
            text = imapsync.script(*pair, shell=shell, program=program, imapsync=self._imapsync)
        except UsageProblem as exc:
            self.done.say(f"⚠ {in_one_paragraph(exc)}")
            return
        ask_where(self, *pair, shell, lambda file: self.done.say(write_script(file, text)))

    def _tell_copied(self) -> None:
        shell = self._shell_now()
        self.done.say_copied(shell)
        if shell in imapsync.OWN_IMAPSYNC:
            self.copied.emit()

    def _warn(self) -> None:
        """Say that nobody refreshes a mailbox, unless imapsync itself does.

        A run keeps both, unless the user says otherwise; meanwhile, the steps must not move.
        """
        if self._holds:
            self._not_kept.setMinimumHeight(self._not_kept.height())
            self._not_kept.setText(self._sides.not_kept)
        else:
            self._not_kept.setMinimumHeight(0)
            text = "" if self._program_to_call() or not self._sides.both else self._sides.not_kept
            self._not_kept.setText(text)
            self._not_kept.setVisible(bool(text))
