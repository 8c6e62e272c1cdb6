"""What the answer of a token endpoint means: tokens, or an error with its verdict.

Refresh, sign-in and revocation all read their answers here. The mapper only extracts what decides;
the table in `core.verdicts` says what it means.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import AppError, TryAgain, as_error
from ..i18n.translation import english
from ..net.network import quoted
from ..net.response import HttpResponse
from ..providers.fields import Registration
from ..providers.values import uri_host
from ..tokenfile.format import (
    LONGEST_TOKEN,
    NotATokenFile,
    TokenFile,
    parse_token_file,
    serialize,
)
from ..verdicts.verdict import Origin, Symptom
from .answer import Answer, read_answer, seconds
from .claims import accounts_of
from .registration_facts import facts_of, parameters_of
from .tokens import Tokens

log = logging.getLogger(__name__)

# With these a server speaks of itself, and not of one mailbox (RFC 6585 section 4, RFC 9110 section
# 15.6.4): 429 always, 503 if it says how long to wait.
_TOO_MANY, _BUSY = 429, (429, 503)
STILL_WAITING = "oauth_still_waiting"  # the id of the verdict


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What was asked, as far as it decides what the answer means.

    `grant` is the grant type, `address` whose mailbox it is about, and `age` the seconds since the
    sign-in, None if that isn't known. `secrets` are what was sent beside the client secret; no
    message repeats them.
    """

    registration: Registration
    grant: str
    address: str = ""
    age: float | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)


class RefreshTokenOnly(TryAgain):
    """A successful answer without a usable access token; `refresh` is its refresh token.

    It must be saved, since the provider may have ended the old one. `refresh_expires_at` is when it
    ends, None if the answer doesn't say it.
    """

    def __init__(self, error: AppError, refresh: str, refresh_expires_at: float | None) -> None:
        super().__init__(
            error.verdict,
            detail=error.detail,
            retry_after=error.retry_after,
            **error.parameters,  # type: ignore[arg-type]
        )
        self.refresh = refresh
        self.refresh_expires_at = refresh_expires_at


def read_tokens(response: HttpResponse, request: TokenRequest, *, now: float) -> Tokens:
    """The tokens in an answer; raises the `AppError` that the answer means.

    `now` is when the request was sent: the lives of the tokens count from there.
    """
    answer = read_answer(response.body)
    if not 200 <= response.status < 300:
        raise error_in(response, answer, request)
    refresh = answer.refresh
    if refresh and not fits_token_file("", refresh):
        log.warning(
            "%s sent a refresh token that can't be one", english(request.registration.label)
        )
        refresh = ""
    refresh_expires_at = now + answer.refresh_life if answer.refresh_life else None
    if not (answer.access and fits_token_file(answer.access)):
        error = _access_error(response, answer, request)
        if refresh and not answer.is_error:
            raise RefreshTokenOnly(error, refresh, refresh_expires_at)
        raise error
    return Tokens(
        access=answer.access,
        refresh=refresh,
        issued_at=now,
        expires_at=now + answer.life if answer.life else None,
        accounts=accounts_of(answer.id_token, answer.access),
        refresh_expires_at=refresh_expires_at,
        scopes=answer.scopes,
    )


def _access_error(response: HttpResponse, answer: Answer, request: TokenRequest) -> AppError:
    """The error for an answer whose access token is missing or doesn't fit into a token file."""
    if not answer.access:
        return error_in(response, answer, request)
    length = len(answer.access)
    fault = "token_too_long" if length > LONGEST_TOKEN else "token_unusable"
    return error_of(Symptom(Origin.TOKEN, fault, status=response.status), request, length=length)


def error_in(response: HttpResponse, answer: Answer, request: TokenRequest) -> AppError:
    """The error that an answer without tokens means; its code goes to the log."""
    registration = request.registration
    symptom = Symptom(
        Origin.TOKEN,
        answer.error if answer.is_error else "foreign_answer",
        suberror=answer.suberror,
        codes=answer.codes,
        words=answer.words,
        status=response.status,
        grant=request.grant,
        age=request.age,
        **facts_of(registration),
    )
    detail = ": ".join(filter(None, (answer.error, answer.words))) if answer.is_error else ""
    if not detail:
        kind = response.headers.get("content-type", "no type")[:60]
        detail = f"HTTP status {response.status}, {kind}"
    retry_after = _retry_after(response.headers)
    is_busy = response.status in _BUSY and (retry_after or response.status == _TOO_MANY)
    host = uri_host(registration.token_uri) if is_busy else ""
    error = error_of(symptom, request, detail=detail, retry_after=retry_after, busy_host=host)
    # With a device code, most answers say every few seconds that the user isn't ready yet.
    level = logging.DEBUG if error.verdict.id == STILL_WAITING else logging.INFO
    label = english(registration.label)
    log.log(level, "%s answered status %s: %s", label, response.status, error.detail)
    return error


def fits_token_file(access: str, refresh: str = "") -> bool:
    """Whether a token file can hold these tokens; `refresh` is empty if there is none."""
    try:
        read = parse_token_file(serialize(TokenFile(access, refresh), now=0))
    except NotATokenFile:
        return False
    return read is not None and (access, refresh) == (read.access, read.refresh)


def error_of(
    symptom: Symptom,
    request: TokenRequest,
    *,
    detail: str = "",
    retry_after: float = 0.0,
    busy_host: str = "",
    **more: Any,
) -> AppError:
    """The error that a symptom means; `detail` is quoted without the secrets of the request.

    `more` are values for its texts beside those of the request.
    """
    from ..verdicts.match import match  # imported late, since most requests succeed

    secrets = (*request.secrets, request.registration.client_secret)
    return as_error(
        match(symptom),
        detail=quoted(detail, *secrets),
        retry_after=retry_after,
        busy_host=busy_host,
        **parameters_of(request.registration, request.address),
        **more,
    )


def _retry_after(headers: Mapping[str, str]) -> float:
    """The seconds that the server asks to wait (RFC 9110 section 10.2.3); 0 if it doesn't.

    A date is compared with the server's own, since the clock of this computer may be wrong.
    """
    value = headers.get("retry-after", "")
    until, server_time = _moment(value), _moment(headers.get("date", ""))
    if until is None:
        return seconds(value) or 0.0
    return seconds(until - (time.time() if server_time is None else server_time)) or 0.0


def _moment(date: str) -> float | None:
    from email.utils import parsedate_to_datetime  # imported late, since few answers are errors

    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
