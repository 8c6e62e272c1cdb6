"""What the window says of a run of imapsync."""

from pathlib import Path
from typing import TYPE_CHECKING

from core.error_lines import sentence
from core.i18n.translation import N_, _, joined, ngettext, number
from gui.model.imapsync_run import RunEnd, Step

if TYPE_CHECKING:  # imported by the first run
    from core.imapsync.run.watch import Seen

TITLES = {Step.TEST: N_("Testing the logins"), Step.COPY: N_("Copying the mail")}
_WORKED = {Step.TEST: N_("✓ The login test has worked"), Step.COPY: N_("✓ The copy is complete")}
_STOPPED = {Step.TEST: N_("The login test was stopped"), Step.COPY: N_("The copy was stopped")}
FAILED = {Step.TEST: N_("The login test has failed"), Step.COPY: N_("The copy has failed")}
MISSING = {
    Step.TEST: N_("The login test can't start: imapsync was not found"),
    Step.COPY: N_("The copy can't start: imapsync was not found"),
}
GET_IT = N_(
    "Choose the imapsync program on this computer, or get it from its site: imapsync.lamiral.info"
)
IS_GONE = N_("The chosen imapsync is not there any more: {file}")
RUNNING = N_("imapsync is running already")
STOPPING = N_("Stopping: imapsync logs out…")
_SIGN_IN = N_("Sign in to the mailbox that needs you, then run it again.")
_SIGN_IN_TO = N_("{mailbox} needs a sign-in. Sign in again, then run it again.")
_NOT_STARTED = N_("{what}: {why}. Choose another imapsync.")
_REFUSED = N_(
    'Choose "Test the login" in the menu of {mailbox}: it shows what the server answers. If it is '
    'a shared mailbox, enter its address at the top, and your own one under Options, "Sign in as".'
)
_OUT_OF_REACH = N_(
    "Check the network, then run it again. If the server is wrong, enter the mailbox at the top, "
    'and the right server under Options, "IMAP server".'
)
_NO_TLS = N_(
    "Ask the provider for the right port. Then enter the mailbox at the top, and that port under "
    'Options, "Port".'
)
_FULL = N_(
    "Make room in the destination, or ask its administrator for more. Then run it again to copy "
    "the rest."
)
_ERRORS = N_('"Show the output…" has the errors. Run it again: it copies only what is missing.')
_OTHER_PROGRAM = N_("{file} has ended without an error, but its name is not imapsync.")
_UNKNOWN = N_('If this is not imapsync, choose another one with "Choose imapsync…".')
# By imapsync's exit codes (core/imapsync/run/exit_codes.py); nothing where no step is sure to help.
_NEXT_STEPS = {
    10: _OUT_OF_REACH,
    12: _NO_TLS,
    16: _REFUSED,
    64: N_('This imapsync may be too old. Choose a newer one with "Choose imapsync…".'),
    69: N_("Install what its last lines name, or choose another imapsync."),
    101: _OUT_OF_REACH,
    102: _OUT_OF_REACH,
    111: _ERRORS,
    112: _ERRORS,
    113: _FULL,
    114: _ERRORS,
    115: _ERRORS,
    116: _ERRORS,
    117: _ERRORS,
    120: _ERRORS,
    161: _REFUSED,
    162: _REFUSED,
}
_OF_THE_PROGRAM = (64, 69)  # another imapsync may do
_DONE = {
    Step.TEST: N_("Both logins work. Nothing is copied yet: that is step 2."),
    Step.COPY: N_("imapsync has ended without an error."),
}


def progress_text(step: Step, seen: "Seen") -> str:
    """Return what imapsync is doing, in one line."""
    if seen.said:
        return seen.said
    if not seen.starts:
        return _("Starting imapsync…")
    if step is Step.TEST:
        return _("imapsync logs in to both mailboxes.")
    progress = seen.progress
    parts = [copied_text(seen)]
    if (left := progress.left) is not None and progress.total is not None:
        parts.append(_("{left} of {total} left", left=number(left), total=number(progress.total)))
        parts.append(progress.time_left)
    if progress.folders is not None:
        parts.append(
            _("folder {folder} of {folders}", folder=progress.folder, folders=progress.folders)
        )
    if progress.errors:
        parts.append(ngettext("{count} error", "{count} errors", progress.errors))
    if seen.starts > 1:
        parts.append(ngettext("started {count} time", "started {count} times", seen.starts))
    return joined(parts, " · ")


def copied_text(seen: "Seen") -> str:
    """Return how many messages were copied."""
    return ngettext("{count} message copied", "{count} messages copied", seen.copied)


def end_title(end: RunEnd) -> str:
    """Return in a few words how a run ended."""
    if is_bad(end):
        return f"⚠ {_(FAILED[end.step])}"
    if not (end.stopped or has_worked(end)):
        return _("⚠ A program has ended that may not be imapsync")
    return _((_STOPPED if end.stopped else _WORKED)[end.step])


def end_text(end: RunEnd) -> str:
    """Return how a run ended, and what the user can do."""
    return joined((outcome(end), advice(end)))


def outcome(end: RunEnd) -> str:
    """Return how a run ended."""
    from core.imapsync.run.exit_codes import meaning_of

    copied = sentence(copied_text(end.seen)) if end.step is Step.COPY else ""
    if end.stopped and not end.seen.starts:
        return _("You have stopped imapsync before it began.")
    if end.stopped:
        return joined((_("You have stopped imapsync."), copied))
    if end.error is not None:
        why = end.error.detail or _("no reason given")
        return _(_NOT_STARTED, what=end.error.message, why=why)
    if end.code is None:
        return end.seen.said
    if not (is_bad(end) or has_worked(end)):
        return _(_OTHER_PROGRAM, file=end.program)
    return joined((meaning_of(end.code) or _(_DONE[end.step]), copied))


def advice(end: RunEnd) -> str:
    """Return what the user can do; empty where nothing is sure to help."""
    from core.imapsync.run.exit_codes import is_known

    if end.stopped:
        is_partial = end.step is Step.COPY and end.seen.starts
        return _("Run it again to copy the rest.") if is_partial else ""
    if end.dead and (end.code is None or _NEXT_STEPS.get(end.code) is _REFUSED):
        return _(_SIGN_IN_TO, mailbox=end.dead.info.address)
    if end.code is not None:
        is_told = is_known(end.code) and (is_bad(end) or has_worked(end))
        step = _NEXT_STEPS.get(end.code, "") if is_told else _UNKNOWN
        return _(step, mailbox=_refused(end))
    return "" if end.error is not None else _(_SIGN_IN)


def _refused(end: RunEnd) -> str:
    """Return whose login was refused, as far as the code tells."""
    source, destination = end.sides
    either = _("{one} or {other}", one=source, other=destination)
    return {161: source, 162: destination}.get(end.code or 0, either)


def may_be_another(end: RunEnd) -> bool:
    """Return whether choosing another imapsync may help."""
    from core.imapsync.run.exit_codes import is_known

    if end.error is not None or end.code is None or end.stopped:
        return end.error is not None
    return end.code in _OF_THE_PROGRAM or not is_known(end.code) or not has_its_name(end.program)


def has_its_name(program: Path) -> bool:
    """Return whether a program is imapsync, as far as its name tells."""
    return "imapsync" in program.name.casefold()


def has_worked(end: RunEnd) -> bool:
    """Return whether imapsync itself has ended without an error; any program may do that."""
    return end.code == 0 and not end.stopped and has_its_name(end.program)


def is_bad(end: RunEnd) -> bool:
    """Return whether imapsync has not done what the user wanted."""
    return end.code != 0 and not end.stopped
