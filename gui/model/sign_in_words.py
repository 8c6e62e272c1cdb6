"""What the window says of sign-ins that are wanted: in the rows, in the card and below it."""

from collections.abc import Sequence
from enum import StrEnum

from core.i18n.translation import N_, _, joined, ngettext


class Stage(StrEnum):
    """How far a sign-in is, as its row says it."""

    QUEUED = N_("Waits for another sign-in")
    BEGUN = N_("Signing in…")
    WAITING = N_("Waiting for the sign-in in the browser")


_EMPTY_LIST = {
    Stage.BEGUN: N_("Signing in to {name}…"),
    Stage.WAITING: N_(
        "Waiting for the sign-in of {name} in the browser: the mailbox then appears here."
    ),
}


def in_empty_list(stage: Stage, name: str, following: Sequence[str]) -> str:
    """Say in place of the list whose sign-in is under way, and whose come after it."""
    return joined((_(_EMPTY_LIST[stage], name=name), next_sentence(following)), "\n")


def next_sentence(names: Sequence[str]) -> str:
    """Say whose sign-ins come after this one; empty where none does."""
    if not names:
        return ""
    if len(names) == 1:
        return _("After this sign-in comes that of {name}.", name=names[0])
    return ngettext(
        "After this sign-in comes that of {name}, and {count} more.",
        "After this sign-in comes that of {name}, and {count} more.",
        len(names) - 1,
        name=names[0],
    )
