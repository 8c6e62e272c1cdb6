"""What has named the source and the destination of a migration, and what is said of it."""

from enum import Enum, auto

from core.i18n.translation import N_, _

_LOCKED = N_("They stay as they are until imapsync ends.")
_STAYS = N_("You have named these. To take the selected mailboxes, press Clear.")
_OF_SIGN_INS = N_("In the order of your first sign-ins. ⇄ turns them round.")
_OF_SELECTION = N_("In the order you selected them. ⇄ turns them round.")
_TURN = N_("⇄ swaps source and destination.")


class Named(Enum):
    """What has named the sides."""

    BY_HAND = auto()
    BY_SELECTION = auto()
    BY_SELECTION_TURNED = auto()  # by ⇄
    BY_SIGN_INS = auto()

    @property
    def ends_with_selection(self) -> bool:
        """Whether others that are selected then take the place of these."""
        return self in _TURNED

    @property
    def turned(self) -> "Named":
        """What has named them after ⇄; who turns the order of the sign-ins round has chosen."""
        return _TURNED.get(self, Named.BY_HAND)


_TURNED = {
    Named.BY_SELECTION: Named.BY_SELECTION_TURNED,
    Named.BY_SELECTION_TURNED: Named.BY_SELECTION,
}


def order_text(
    named: Named, *, is_locked: bool, keeps_others: bool, is_selected_reversed: bool
) -> str:
    """Return why both sides are these: always a sentence, so that what is below holds still.

    `is_locked` while imapsync runs. `keeps_others` says that two others are selected.
    """
    if is_locked:
        return _(_LOCKED)
    if keeps_others:
        return _(_STAYS)
    if named is Named.BY_SIGN_INS:
        return _(_OF_SIGN_INS)
    of_selection = named is Named.BY_SELECTION and not is_selected_reversed
    return _(_OF_SELECTION if of_selection else _TURN)
