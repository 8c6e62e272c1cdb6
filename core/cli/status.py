"""`status`: print the state of token files, from the files alone, without the network.

If the provider has ended a grant, this shows only after the access token has expired.
"""

import time
from collections.abc import Callable, Sequence

from ..errors import AppError, ExitCode
from ..i18n.translation import ENGLISH, N_, _, use_language
from ..keeping.stop_conditions import duration
from ..mailbox.inventory import MailboxInfo
from ..model import State
from ..net.network import quoted
from ..tokenfile.access import mount_points
from ..tokenfile.expiry import is_from_the_future
from ..tokenfile.hazards import hazards
from ..tokenfile.save import has_second_folder
from .json_lines import Format, json_line
from .monitoring import check_line, unknown_line
from .named_mailboxes import named_mailboxes
from .options import Options
from .output import error_object, lines_of, print_lines, utc

_NEWER = N_("newer tokens are in {file}; the next refresh moves them into the token file")


def run(words: Sequence[str], options: Options, *, clock: Callable[[], float] = time.time) -> int:
    """Print the state of these addresses' files, or of all files in the folder."""
    now = clock()
    if options.check:
        use_language(ENGLISH)  # monitoring systems read the line
        try:
            line, code = check_line(named_mailboxes(words, options), now)
        except AppError as exc:
            line, code = unknown_line(exc)
        print_lines(line)
        return code
    infos = named_mailboxes(words, options)
    interval = options.every * 60
    mounts, second = mount_points(), has_second_folder()  # once, and not for each file
    for info in infos:
        if options.json:
            print_lines(_as_json(info, now, interval))
        else:
            print_lines(*_as_text(info, now, interval, hazards(info.path, mounts, second)))
    return ExitCode.DONE


def _state(info: MailboxInfo, now: float) -> str:
    return State.SIGN_IN_NEEDED if info.needs_sign_in(now) else info.condition(now)


def _as_text(info: MailboxInfo, now: float, interval: float, dangers: list[str]) -> list[str]:
    provider = info.label or _("unknown provider")
    return [
        f"{info.address or '?'}  {provider}  {_(_state(info, now))}",
        *(f"  {line}" for line in _facts(info, now, interval, dangers)),
        f"  {info.path}",
    ]


def _facts(info: MailboxInfo, now: float, interval: float, dangers: list[str]) -> list[str]:
    if info.problem:
        return lines_of(info.problem)
    return [
        *_access_token(info, now),
        *_next_refresh(info, now, interval),
        _sign_in(info, now),
        *_end_of_sign_in(info, now),
        *([_(_NEWER, file=info.newer)] if info.newer else []),
        *dangers,
    ]


def _access_token(info: MailboxInfo, now: float) -> list[str]:
    if not info.usable:
        return [_("access token: the first line of the file is no token that imapsync can use")]
    seconds = _seconds_left(info, now)
    if seconds is None:
        wrong = _("access token: issued in the future, so a clock was wrong; its age is unknown")
        return [] if info.expires_at is None else [wrong]
    if seconds > 0:
        return [_("access token: valid for {time}", time=duration(seconds))]
    return [_("access token: expired {time} ago", time=duration(-seconds))]


def _seconds_left(info: MailboxInfo, now: float) -> float | None:
    """Seconds until the access token expires, negative after that; None if unknown."""
    if info.expires_at is None or is_from_the_future(info, now):
        return None
    return info.expires_at - now


def _next_refresh(info: MailboxInfo, now: float, interval: float) -> list[str]:
    due = info.due_at(interval, now)
    if due is None:
        return []
    if due <= now:
        return [_("next refresh: overdue; probably no loop or window is refreshing this token")]
    return [_("next refresh: due within {time}", time=duration(due - now))]


def _sign_in(info: MailboxInfo, now: float) -> str:
    """What the file says about the refresh token and the sign-in that it came from."""
    if not info.sign_in_helps:
        grant = quoted(info.grant)
        if info.renewable:
            return _("grant: {grant}, renewed without a sign-in", grant=grant)
        return _("grant: {grant}, not known to this version", grant=grant)
    if not info.renewable:
        return _("refresh token: none")
    if info.signed_in_at is None:
        return _("refresh token: present, date of the sign-in unknown")
    ago = duration(max(0.0, now - info.signed_in_at))
    return _("refresh token: present, from the sign-in {time} ago", time=ago)


def _end_of_sign_in(info: MailboxInfo, now: float) -> list[str]:
    """When the provider ends the sign-in, if the file says it."""
    if info.refresh_expires_at is None:
        return []
    seconds = info.refresh_expires_at - now
    if seconds > 0:
        return [_("sign-in: ends in {time}", time=duration(seconds))]
    return [_("sign-in: ended {time} ago", time=duration(-seconds))]


def _as_json(info: MailboxInfo, now: float, interval: float) -> str:
    """One JSON object for one file; times are in UTC, unknown values are null."""
    age = None if info.signed_in_at is None else round(now - info.signed_in_at)
    seconds = _seconds_left(info, now)
    return json_line(
        Format.STATUS,
        {
            "address": info.address or None,
            "provider": info.provider or None,
            "file": str(info.path),
            "state": _state(info, now),
            "expires_at": utc(info.expires_at),
            "seconds_left": None if seconds is None else round(seconds),
            "next_refresh": utc(info.due_at(interval, now)),
            "grant": info.grant,
            "signed_in_at": utc(info.signed_in_at),
            "refresh_token_age": age,
            "refresh_token_expires_at": utc(info.refresh_expires_at),
            "newer_tokens_in": str(info.newer) if info.newer else None,
            "problem": error_object(info.problem) if info.problem else None,
        },
    )
