"""One entry of a mailbox's history, and the line of text that it is in its file."""

import math
from dataclasses import dataclass
from enum import StrEnum

from ..i18n.translation import N_
from ..verdicts.verdict import Kind

_LONGEST_ID = 64  # characters of a verdict's ID
_CALENDAR_ENDS = 32_000_000_000.0  # in the year 2984; Windows knows no local time after 3000


class Happened(StrEnum):
    """What happened to a mailbox."""

    REFRESHED = N_("refreshed")
    SIGNED_IN = N_("signed in")
    IMPORTED = N_("imported")
    LOGGED_IN = N_("login worked")
    REFRESH_FAILED = N_("refresh failed")
    LOGIN_FAILED = N_("login failed")


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, and when; it holds no secret and no words of a server.

    `until` is the end of the new token's validity, or the time of the last of several equal
    failures; None if it is unknown, or if there was only one. `verdict` and `kind` belong to a
    failure.
    """

    at: float
    what: Happened
    until: float | None = None
    verdict: str = ""
    kind: Kind | None = None

    @property
    def end(self) -> float:
        """The latest moment that the entry tells of."""
        return self.at if self.until is None else self.until

    @property
    def failed(self) -> bool:
        """Whether it tells of a failure."""
        return self.kind is not None


def line_of(entry: Entry) -> bytes:
    """The line for the file, with a line end at both sides.

    So a line that was cut off, by a full disk or a crash, doesn't spoil the next one.
    """
    import json  # a fresh token has nothing to record

    fields: dict[str, object] = {"at": int(entry.at), "what": entry.what}
    if entry.until is not None:
        fields["until"] = int(entry.until)
    if entry.kind is not None:
        fields |= {"verdict": entry.verdict, "kind": entry.kind}
    return b"\n%s\n" % json.dumps(fields, separators=(",", ":")).encode()


def entries_of(content: bytes) -> list[Entry]:
    """The entries in the content of a file, by time; whatever isn't one is skipped."""
    read = (_entry_of(line) for line in content.split(b"\n") if line)
    return sorted((entry for entry in read if entry), key=lambda entry: entry.at)


def _entry_of(line: bytes) -> Entry | None:
    import json

    try:
        fields = json.loads(line)
        what, kind = Happened(fields["what"]), fields.get("kind")
        entry = Entry(
            _moment(fields["at"]),
            what,
            _moment(fields["until"]) if "until" in fields else None,
            _verdict(fields.get("verdict", "")),
            None if kind is None else Kind(kind),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    is_failure = what in (Happened.REFRESH_FAILED, Happened.LOGIN_FAILED)
    return entry if entry.failed == is_failure and entry.at <= entry.end else None


def _moment(value: object) -> float:
    """A time that the calendar has too; raises ValueError for any other value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    if not math.isfinite(value) or not 0 < value < _CALENDAR_ENDS:
        raise ValueError(value)
    return float(value)


def _verdict(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_ID or not value.isprintable():
        raise ValueError(value)
    return value
