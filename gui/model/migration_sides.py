"""Which mailbox is imapsync's source and which its destination, as the window shows them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # imported when a mailbox is selected for the first time
    from core.imapsync.command import Side


class MigrationSides(NamedTuple):
    """The two sides as far as they are named.

    `selected` is the mailbox that is selected alone. `note` says what is missing, `pairs` are pairs
    of the selected mailboxes to choose from. `chosen` is set if a side is named. `may_call` says
    whether another process can renew the tokens: only the window renews those of a rehearsal.
    `not_kept` says until when imapsync can use a side that nobody refreshes.
    """

    source: "Side | None" = None
    destination: "Side | None" = None
    selected: "Side | None" = None
    note: str = ""
    pairs: Sequence[tuple[Path, Path]] = ()
    chosen: bool = False
    may_call: bool = True
    not_kept: str = ""

    @property
    def both(self) -> "tuple[Side, Side] | None":
        """Source and destination, if imapsync can be told both."""
        one, two = self.source, self.destination
        known = one and two and one != two and one.imap_host and two.imap_host
        return (one, two) if one and two and known else None

    @property
    def only(self) -> "Side | None":
        """The mailbox that is named or selected alone, if imapsync can be told it."""
        named = [side for side in (self.source, self.destination) if side]
        alone = self.selected if not named else named[0] if len(named) == 1 else None
        return alone if alone and alone.imap_host else None
