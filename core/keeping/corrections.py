"""Notices what the user corrected after a refresh has failed: a token file, or providers.toml.

The work of a look is bounded, however many mailboxes have failed: one time of each providers.toml,
and the times of some of the token files, of all in turn.
"""

from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from ..tokenfile.read import written_at
from .kept_mailbox import KeptMailbox

_LOOK_EVERY = 5.0  # seconds
_AT_MOST = 50  # token files in one look


class _Failed(NamedTuple):
    """A mailbox that failed, and when its file was written before that."""

    kept: KeptMailbox
    written_at: float


class Corrections:
    """Watches the files of the mailboxes that have failed."""

    def __init__(self) -> None:
        self._failed: OrderedDict[Path, _Failed] = OrderedDict()  # the next to look at comes first
        self._settings: dict[Path, float] = {}  # each providers.toml, and when it was written
        self._looked = 0.0

    def watch(self, kept: KeptMailbox) -> None:
        """Watch the files of a mailbox that has just failed."""
        if not self._failed:
            self._settings.clear()
        own_file = kept.job.dependencies.own_file
        if own_file not in self._settings:
            self._settings[own_file] = written_at(own_file)
        self._failed[kept.path] = _Failed(kept, written_at(kept.path))

    def discard(self, path: Path) -> None:
        """Watch the files of a mailbox no longer, if they are watched."""
        self._failed.pop(path, None)

    def next_look(self) -> float | None:
        """When `take` looks at the files again; None if none are watched."""
        return self._looked + _LOOK_EVERY if self._failed else None

    def take(self, now: float) -> list[KeptMailbox]:
        """The mailboxes whose files have changed since they failed; they are watched no longer.

        A mailbox that is busy is left for the next look.
        """
        if not self._failed or self._looked <= now < self._looked + _LOOK_EVERY:
            return []
        self._looked = now
        changed = {file for file, time in self._settings.items() if written_at(file) != time}
        for file in changed:
            self._settings[file] = written_at(file)
        looked_at = list(self._failed.values()) if changed else self._next()
        corrected = [
            failed.kept
            for failed in looked_at
            if not failed.kept.busy
            and (
                failed.kept.job.dependencies.own_file in changed
                or failed.written_at != written_at(failed.kept.path)
            )
        ]
        for kept in corrected:
            del self._failed[kept.path]
        return corrected

    def _next(self) -> list[_Failed]:
        found = []
        for _ in range(min(_AT_MOST, len(self._failed))):
            path, failed = next(iter(self._failed.items()))
            self._failed.move_to_end(path)
            found.append(failed)
        return found
