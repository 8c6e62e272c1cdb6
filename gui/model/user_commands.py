"""Starts the user's commands, as `--hook` and `--on_trouble` do in a terminal."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.errors import AppError
from core.i18n.translation import _
from core.model import Outcome

if TYPE_CHECKING:  # most users have no commands
    from core.keeping.hooks import Hooks


class UserCommands(QObject):
    """None is started until `use` has named one."""

    noted = Signal(str)  # a sentence about a command that failed; emitted in its thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hooks: Hooks | None = None
        self._former: list[Hooks] = []  # their commands may still run

    def use(self, changed: str, trouble: str) -> None:
        """Start these commands from now on: for a new token, and when a sign-in is required.

        Raises `AppError` if one of them can't be started; then all stays as it was.
        """
        from core.keeping.hook_words import words_of
        from core.keeping.hooks import Hooks

        of_token = words_of(_("Command for a new token"), changed)
        of_trouble = words_of(_("Command for a needed sign-in"), trouble)
        hooks = Hooks(of_token, of_trouble, self.noted.emit)
        if self._hooks is not None:
            self._former.append(self._hooks)
        self._hooks = hooks

    def take(self, address: str, file: str, result: Outcome | AppError) -> None:
        """Start the command for this result of a mailbox, if there is one; returns at once."""
        if self._hooks is not None:
            self._hooks.take(address, file, result)

    def close(self) -> None:
        """Give the commands that run some seconds to end."""
        for hooks in (*self._former, *([self._hooks] if self._hooks else [])):
            hooks.finish(cancelled=True)
        self._hooks, self._former = None, []
