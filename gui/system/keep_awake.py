"""Keeps the computer awake while mailboxes are refreshed; how, says core/keeping/awake.py.

The window waits for no child, so it has one of Qt's.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.child_environment import without_loader
from core.i18n.translation import N_, _
from core.keeping.awake import ES_CONTINUOUS, ES_SYSTEM_REQUIRED, inhibitor, set_execution_state

if TYPE_CHECKING:
    from PySide6.QtCore import QProcess  # imported by the first child

_GRACE = 1_000  # ms for a child to end
_NO_PROGRAM = N_("This computer can't be kept awake, because {program} doesn't run.")
_NO_PROGRAM_DETAIL = N_(
    "This computer can't be kept awake, because {program} doesn't run: {detail}"
)


class KeepAwake(QObject):
    """Keeps the computer awake while it is on; used in the GUI thread only."""

    failed = Signal(object)  # a sentence with the reason; KeepAwake isn't `available` any more

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        platform: str = sys.platform,
        command: list[str] | None = None,
        set_state: Callable[[int], bool] = set_execution_state,
    ) -> None:
        """`command` replaces the command of this system."""
        super().__init__(parent)
        self._is_windows = platform == "win32"
        self._set_state = set_state
        self._command = inhibitor(platform) if command is None else command
        self._child: QProcess | None = None
        self._on = False

    @property
    def available(self) -> bool:
        """Whether the system offers it, as far as one can tell without trying."""
        return self._is_windows or bool(self._command)

    @property
    def on(self) -> bool:
        """Whether the computer is kept awake."""
        return self._on

    def set(self, on: bool) -> None:
        """Keep the computer awake, or no longer; emits `failed` where that fails."""
        if on == self._on or (on and not self.available):
            return
        self._on = on
        if self._is_windows:
            flags = ES_CONTINUOUS | (ES_SYSTEM_REQUIRED if on else 0)
            if not self._set_state(flags) and on:
                self._fail(_("Windows refused to keep this computer awake."))
        elif on:
            self._start()
        else:
            self._stop()

    def close(self) -> None:
        """Let the computer sleep again."""
        self.set(False)

    def _start(self) -> None:
        from PySide6.QtCore import QProcess

        child = QProcess(self)
        child.setStandardOutputFile(QProcess.nullDevice())
        child.finished.connect(lambda *_: self._ended(child))
        child.errorOccurred.connect(lambda _: self._ended(child))
        self._child = child
        with without_loader():
            child.start(self._command[0], self._command[1:])

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.terminate()
        if not child.waitForFinished(_GRACE):
            child.kill()
            child.waitForFinished(_GRACE)
        # The child is deleted with its parent. With deleteLater(), Qt crashed where the parent was
        # deleted first.

    def _ended(self, child: "QProcess") -> None:
        if child is not self._child:
            return  # we stopped it ourselves
        self._child = None
        said = bytes(child.readAllStandardError().data()).decode("utf-8", "replace").strip()
        child.deleteLater()
        program = Path(self._command[0]).name
        self._command = []
        self._on = False
        sentence = _NO_PROGRAM_DETAIL if said else _NO_PROGRAM
        self._fail(_(sentence, program=program, detail=said))

    def _fail(self, sentence: str) -> None:
        self._on = False
        self.failed.emit(sentence)
