"""Stops refreshing when an imapsync ends that the user chose."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from core.cancel import Cancellation
from core.errors import AppError
from core.i18n.translation import N_, _, joined
from gui.controllers.parts import Parts
from gui.model.tasks import Progress

if TYPE_CHECKING:  # imported when the user wants to choose a run
    from core.imapsync.running import ImapsyncRun
    from core.keeping.stop_conditions import StopCondition

_CHECK_EVERY = 2_000  # ms
_NONE = N_("No imapsync is running on this computer")


class StopWithImapsyncController(QObject):
    """Unticks "Keep refreshing" when the chosen process has ended, and none runs in the window."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._condition: StopCondition | None = None
        self._label = ""  # of the chosen imapsync
        self._has_told = False
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_EVERY)
        self._timer.timeout.connect(self._check)
        bar = parts.refresh_bar
        bar.imapsync_runs_asked.connect(self._offer_runs)
        bar.imapsync_run_chosen.connect(self._choose)
        bar.keep_toggled.connect(self._forget_choice)
        bar.keep_toggled.connect(self._forget_message)

    def _offer_runs(self) -> None:
        task = self._parts.tasks.start(_running)
        task.succeeded.connect(self._offer)
        task.failed.connect(lambda error: self._parts.window.note(error.message, warning=True))

    def _offer(self, runs: "list[ImapsyncRun]") -> None:
        """Offer what was found by its name; the one of this window may have another one."""
        runs_here = self._parts.imapsync_run.is_running
        none = _("No other imapsync is running") if runs_here else _(_NONE)
        self._parts.refresh_bar.offer_imapsync_runs(runs, none)

    def _choose(self, run: "ImapsyncRun | None") -> None:
        self._forget_choice()
        if run is None:
            return
        from core.keeping.stop_conditions import with_process

        try:
            self._condition = with_process(run.pid)
        except AppError:
            text = _(
                "This imapsync has already ended, so refreshing continues: {label}", label=run.label
            )
            self._parts.window.note(text, warning=True)
            return
        self._label = run.label
        self._parts.refresh_bar.show_imapsync_run(run)
        self._timer.start()

    def _check(self) -> None:
        is_used = self._parts.imapsync_run.is_running  # it needs its tokens until its own end
        if self._condition is not None and self._condition.is_reached() and not is_used:
            reason = self._condition.reason
            what = _("imapsync has ended: {label}", label=self._label)
            self._forget_choice()
            self._parts.mailboxes.keep_all(False)  # a mailbox of a later sign-in is kept again
            self._parts.window.note(joined((reason, _("Refreshing has stopped."))))
            title = _("Refreshing has stopped for all mailboxes")
            self._parts.message_bar.add_success(title, what)
            self._has_told = True
            self._parts.tray.notify(title, what, urgent=False)

    def _forget_message(self) -> None:
        """It isn't true any more once the user has ticked the box again."""
        if self._has_told:
            self._has_told = False
            self._parts.message_bar.forget_success()

    def _forget_choice(self) -> None:
        self._timer.stop()
        self._condition = None
        self._parts.refresh_bar.show_imapsync_run(None)


def _running(_progress: Progress, _cancelled: Cancellation) -> "list[ImapsyncRun]":
    from core.imapsync.running import running_imapsyncs

    return running_imapsyncs()
