"""Will it last the night? What could end a mailbox's fresh tokens before tomorrow morning.

Each sentence is said only if something speaks for it: the token file, the settings, or the
mailbox's own history. When a client secret expires isn't known: no file says it. A certificate says
it itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..i18n.translation import N_, _, ngettext
from ..times import short_time
from .entry import Entry
from .sign_ins import lives

_HOUR, _DAY = 3600.0, 86400.0  # seconds
GOOGLES_WEEK = 7 * _DAY  # a grant of a project in Testing lasts so long
_MORNING = 8  # o'clock
_NIGHT_ENDS = 4  # o'clock; who looks later means the next night
_ALIKE = 0.15  # of the longest; then earlier sign-ins lasted equally long
_SHORTEST = 3600.0  # seconds; no rule ends sign-ins sooner, but somebody who tries it does
_MOST_COMPARED = 3

_NOT_KEPT = N_("This mailbox is not refreshed automatically. Its token expires at {end}.")
_NOT_RENEWABLE = N_("This token can't be refreshed without a sign-in. It expires at {end}.")
_STATED_END = N_("The provider ends this sign-in at {end}. Sign in again before that.")
_CERTIFICATE_END = N_(
    "The certificate of the application expires at {end}. Without a new one, nothing is refreshed "
    "after that."
)
_TESTING = N_(
    "If your Google project is in Testing, Google ends this sign-in after 7 days, at {end}. Sign "
    "in again before that, or publish the project."
)
_USUAL_END = N_(
    "The last {count} sign-ins ended after about {life}. This one would end at about {end}. Sign "
    "in again before the night."
)
_BATTERY = N_(
    "This computer runs on battery and is not kept awake. While it sleeps, nothing is refreshed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What is known of a mailbox now.

    `renewable` says whether its token can be renewed without the user, `own_google_project` whether
    its registration is the user's own one at Google, and `may_sleep` whether the computer runs on
    battery and isn't kept awake.
    """

    now: float
    kept: bool
    renewable: bool
    expires_at: float | None = None
    signed_in_at: float | None = None
    refresh_expires_at: float | None = None
    certificate_expires_at: float | None = None
    own_google_project: bool = False
    may_sleep: bool = False
    history: Sequence[Entry] = ()

    def is_tonight(self, moment: float | None) -> bool:
        """Whether a moment is between now and the morning."""
        return moment is not None and self.now < moment < morning_after(self.now)


def morning_after(now: float) -> float:
    """The end of the coming night, or of the present one."""
    local = datetime.fromtimestamp(now)
    day = local.date() + timedelta(days=local.hour >= _NIGHT_ENDS)
    return datetime(day.year, day.month, day.day, _MORNING).timestamp()


def risks(evening: Evening) -> list[str]:
    """What could end it before the morning, a sentence each."""
    return [sentence for question in _QUESTIONS if (sentence := question(evening))]


def _expiry(evening: Evening) -> str:
    if (evening.kept and evening.renewable) or not evening.is_tonight(evening.expires_at):
        return ""
    return _at(_NOT_KEPT if evening.renewable else _NOT_RENEWABLE, evening, evening.expires_at)


def _stated_end(evening: Evening) -> str:
    end = evening.refresh_expires_at
    return _at(_STATED_END, evening, end) if evening.is_tonight(end) else ""


def _certificate_end(evening: Evening) -> str:
    end = evening.certificate_expires_at
    return _at(_CERTIFICATE_END, evening, end) if evening.is_tonight(end) else ""


def _testing(evening: Evening) -> str:
    end = (evening.signed_in_at or 0.0) + GOOGLES_WEEK
    is_likely = evening.own_google_project and evening.is_tonight(end)
    return _at(_TESTING, evening, end) if is_likely and not _usual_end(evening) else ""


def _usual_end(evening: Evening) -> str:
    """Sign-ins that ended after the same time, by a rule of the provider or its administrator."""
    known = [life for life in lives(evening.history) if life >= _SHORTEST][-_MOST_COMPARED:]
    if evening.signed_in_at is None or len(known) < 2 or min(known) < (1 - _ALIKE) * max(known):
        return ""
    end = evening.signed_in_at + min(known)
    if not evening.is_tonight(end):
        return ""
    return _at(_USUAL_END, evening, end, count=len(known), life=_duration(min(known)))


def _sleep(evening: Evening) -> str:
    return _(_BATTERY) if evening.kept and evening.renewable and evening.may_sleep else ""


_QUESTIONS: Sequence[Callable[[Evening], str]] = (
    _stated_end,
    _certificate_end,
    _usual_end,
    _testing,
    _expiry,
    _sleep,
)


def _at(template: str, evening: Evening, end: float | None, **values: object) -> str:
    return _(template, end=short_time(end or 0.0, evening.now), **values)


def _duration(seconds: float) -> str:
    if seconds >= 2 * _DAY:
        return ngettext("{count} day", "{count} days", round(seconds / _DAY))
    if seconds >= 2 * _HOUR:
        return ngettext("{count} hour", "{count} hours", round(seconds / _HOUR))
    minutes = round(seconds / 60.0) if seconds >= 120.0 else 1
    return ngettext("{count} minute", "{count} minutes", minutes)
