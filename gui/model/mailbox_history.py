"""What the history of one mailbox says, for the detail pane; it is read in a thread."""

from dataclasses import dataclass

from core.errors import AppError
from core.history.entry import Entry, Happened
from core.history.freshness import fresh_since, sign_ins_required, valid_spans
from core.history.journal import read
from core.history.night import Evening, risks
from core.i18n.translation import N_, _
from core.model import FlowKind
from core.providers.catalog import Catalog
from core.providers.fields import Registration
from core.times import short_time
from gui.model.history_days import Day, days_of
from gui.model.mailbox_row import Group, Row

NOTHING_SPEAKS_AGAINST = N_(
    "Tonight: it stays fresh while this window is open and the computer is awake."
)
# No longer than what is said before the run: it comes after the run has been scrolled to.
_UNTIL_IMAPSYNC_ENDS = N_('It is kept fresh until imapsync ends. Then "Keep refreshing" is off.')
_SINCE = N_("Without a gap since {time}")
_REFRESHED = N_("Refreshed at {time}")
_GOES_ON = N_("imapsync can use the token in the file until {time}")
_LOGIN = {
    Happened.LOGGED_IN: N_("Login test worked at {time}"),
    Happened.LOGIN_FAILED: N_("Login test failed at {time}"),
}
_TOKENS = (Happened.REFRESHED, Happened.SIGNED_IN)
_WELL = (Group.FRESH, Group.OFF)


@dataclass(frozen=True, slots=True)
class MailboxHistory:
    """Sentences, empty where nothing is known, and the days of the history strip.

    `registration` names the provider, and the application as the sign-in page does. `since` and
    `refreshed` are of a mailbox that is well, `goes_on` of one that isn't. `night` says what could
    end it tonight.
    """

    registration: str
    since: str
    refreshed: str
    goes_on: str
    login: str
    night: str
    days: tuple[Day, ...]


def history_of(
    row: Row, catalog: Catalog, now: float, *, may_sleep: bool, stops: bool = False
) -> MailboxHistory:
    """Read the history of a mailbox, and put it into words.

    `stops`: it is kept fresh only until an imapsync ends.
    """
    info = row.info
    entries = [entry for entry in read(info.path) if entry.at <= now]
    spans = valid_spans(entries, info, now)
    required = sign_ins_required(entries, info)
    since = fresh_since(spans, required, now)
    is_well = row.group(now) in _WELL
    registration = catalog.application(info.provider, info.application)
    evening = Evening(
        now=now,
        kept=row.kept,
        renewable=info.renewable,
        expires_at=info.expires_at,
        signed_in_at=info.signed_in_at,
        refresh_expires_at=info.refresh_expires_at,
        certificate_expires_at=_certificate_end(registration),
        own_google_project=_is_own_at_google(registration),
        may_sleep=may_sleep,
        history=entries,
    )
    return MailboxHistory(
        registration=_registration(row, registration),
        since=_(_SINCE, time=short_time(since, now)) if since and is_well else "",
        refreshed=_refreshed(entries, now) if is_well else "",
        goes_on=_goes_on(row, now) if since and not is_well else "",
        login=_login(entries, now),
        night=_night(evening, stops=stops) if since and is_well else "",
        days=days_of(entries, spans, required, now),
    )


def _refreshed(entries: list[Entry], now: float) -> str:
    last = next((e for e in reversed(entries) if e.what in _TOKENS), None)
    is_refresh = last is not None and last.what is Happened.REFRESHED
    return _(_REFRESHED, time=short_time(last.at, now)) if last and is_refresh else ""


def _goes_on(row: Row, now: float) -> str:
    """How long imapsync can go on, although something is wrong."""
    end = row.info.expires_at
    return _(_GOES_ON, time=short_time(end, now)) if end and row.is_usable(now) else ""


def _registration(row: Row, registration: Registration | None) -> str:
    named = registration.application_label if registration else ""
    if not named:
        return row.provider
    return _("{provider} · application: {application}", provider=row.provider, application=named)


def _is_own_at_google(registration: Registration | None) -> bool:
    if registration is None or registration.shipped:
        return False
    return registration.flow is FlowKind.GOOGLE


def _certificate_end(registration: Registration | None) -> float | None:
    """When the application's certificate expires; None if it has none, or it can't be read."""
    if registration is None or not registration.certificate:
        return None
    from core.oauth.client_certificate import certificate_of  # few applications have one

    try:
        return certificate_of(registration).expires_at
    except AppError:
        return None


def _login(entries: list[Entry], now: float) -> str:
    last = next((entry for entry in reversed(entries) if entry.what in _LOGIN), None)
    return _(_LOGIN[last.what], time=short_time(last.at, now)) if last else ""


def _night(evening: Evening, *, stops: bool) -> str:
    """What could end it, or that nothing is known; a mailbox that isn't kept has no night."""
    known = risks(evening)
    if evening.kept and stops:
        known.append(_(_UNTIL_IMAPSYNC_ENDS))
    if known:
        return " ".join(known)
    return _(NOTHING_SPEAKS_AGAINST) if evening.kept and evening.renewable else ""
