"""What imapsync's exit codes mean, for people.

imapsync names them in its own source (`EXIT_…`) and prints only those names.
"""

from ...i18n.translation import N_, _

_SIGNALLED = 128  # shells add the number of the signal to it, and so does `Child.wait`
_LAST_SIGNAL = 31  # those after it end no program unasked

_MEANINGS = {
    1: N_("its last lines say what went wrong"),
    6: N_("a signal has ended it"),
    7: N_("a file has told it to end"),
    8: N_("its PID file can't be written, or another imapsync uses it (--pidfile)"),
    10: N_("a server can't be reached"),
    12: N_("a server refused TLS"),
    16: N_("a server refused the login"),
    21: N_("the folder of --subfolder1 does not exist"),
    64: N_("an option is wrong"),
    66: N_("a file that it was given can't be read"),
    69: N_("something that it needs is missing on this computer"),
    70: N_("a mistake in imapsync itself"),
    101: N_("the server of the source can't be reached"),
    102: N_("the server of the destination can't be reached"),
    111: N_("not everything was copied; its output and its log name the errors"),
    112: N_("it gave up after too many errors (--errorsmax); its output and its log name them"),
    113: N_("the mailbox of the destination is full"),
    114: N_("messages could not be written to the destination"),
    115: N_("messages could not be read from the source"),
    116: N_("folders could not be created in the destination"),
    117: N_("folders could not be opened"),
    118: N_("as much was copied as --exitwhenover allows"),
    119: N_("the destination refused messages, because it took them for viruses"),
    120: N_("flags of messages could not be set"),
    161: N_("the source refused the login"),
    162: N_("the destination refused the login"),
    254: N_("a test of imapsync itself failed"),
}


def is_known(code: int) -> bool:
    """Whether imapsync ends with this exit code, or a signal has ended it."""
    return code in _MEANINGS or code <= 0 or _SIGNALLED < code <= _SIGNALLED + _LAST_SIGNAL


def meaning_of(code: int) -> str:
    """One sentence on why imapsync ended with this exit code; "" if it ended without an error."""
    if not code:
        return ""
    if code in _MEANINGS:
        why = _(_MEANINGS[code])
    elif _SIGNALLED < code <= _SIGNALLED + _LAST_SIGNAL:
        why = _("signal {number} has ended it", number=code - _SIGNALLED)
    else:
        why = _("this code is not known here")
    return _("imapsync has ended with exit code {code}: {why}.", code=code, why=why)
