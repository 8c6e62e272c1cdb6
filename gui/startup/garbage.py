"""Python's search for garbage waits until all mailboxes are listed.

A start creates many objects that stay, the most for a list of thousands. Python would search them
for garbage again and again: that takes a twentieth of the time of the start, and each search of
all objects is a pause.
"""

import gc


def postpone() -> None:
    """Search for no garbage until `resume`; call it before Qt is imported."""
    gc.disable()


def resume() -> None:
    """Search for garbage again, but not among the objects that are there now."""
    gc.freeze()
    gc.enable()
