"""What imapsync's exit codes mean, for people.

imapsync names them in its own source (`EXIT_…`) and prints only those names.
"""

_SIGNALLED = 128  # shells add the number of the signal to it, and so does `Child.wait`
_LAST_SIGNAL = 64
_SIDES = {1: "the source", 2: "the destination"}

_MEANINGS = {
    1: "an error that has no code of its own",
    6: "a signal has ended it",
    7: "a file has told it to end",
    8: "its PID file can't be written, or another imapsync uses it (--pidfile)",
    10: "a server can't be reached",
    12: "a server refused TLS",
    16: "a server refused the login",
    21: "the folder of --subfolder1 does not exist",
    64: "an option is wrong",
    66: "a file that it was given can't be read",
    69: "something that it needs is missing on this computer",
    70: "a mistake in imapsync itself",
    **{100 + side: f"the server of {name} can't be reached" for side, name in _SIDES.items()},
    111: "not everything was copied; its output and its log name the errors",
    112: "it gave up after too many errors (--errorsmax); its output and its log name them",
    113: "the mailbox of the destination is full",
    114: "messages could not be written to the destination",
    115: "messages could not be read from the source",
    116: "folders could not be created in the destination",
    117: "folders could not be opened",
    118: "as much was copied as --exitwhenover allows",
    119: "the destination refused messages, because it took them for viruses",
    120: "flags of messages could not be set",
    **{160 + side: f"{name} refused the login" for side, name in _SIDES.items()},
    254: "a test of imapsync itself failed",
}


def meaning_of(code: int) -> str:
    """One sentence on why imapsync ended with this exit code; "" if it ended without an error."""
    if not code:
        return ""
    if code in _MEANINGS:
        why = _MEANINGS[code]
    elif _SIGNALLED < code <= _SIGNALLED + _LAST_SIGNAL:
        why = f"signal {code - _SIGNALLED} has ended it"
    else:
        why = "this code is not known here"
    return f"imapsync has ended with exit code {code}: {why}."
