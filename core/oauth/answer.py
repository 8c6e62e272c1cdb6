"""What an answer of a provider holds: the parameters of RFC 6749, cleaned.

Servers, and what stands before them, send the same answer in many forms: with a byte order mark or
as UTF-16, form-encoded, with junk at the end, with null or text where a number belongs, with an
object where a name belongs. By then a code is used up, or the old refresh token has ended. So
everything that can be understood is read here, and nobody else parses an answer.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

_LONGEST_LIFE = 10 * 365 * 86400  # seconds; a longer one is an error of the server
_MOST_WORDS = 20_000  # characters
_AADSTS = re.compile(r"AADSTS(\d{4,8})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_IN_NO_FORM = re.compile(r"[<\s]")
_MOST_DIGITS = 18  # of a number; Python refuses to read one of 4,300
# Where servers put the name and the words of an error: RFC 6749, then Google, Yahoo and others.
_NAMES = ("errorId", "error", "code", "status", "type")
_WORDS = (
    "error_description",
    "error_message",
    "errorMessage",
    "message",
    "localizedMessage",
    "description",
    "detail",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The parameters; what an answer doesn't hold, or holds in no usable form, is empty or None.

    `life` and `refresh_life` are seconds. `codes` are AADSTS numbers. `is_error` says that there is
    an error, though perhaps without a name. `words` is its description; for an answer that is no
    OAuth2, it is the text of the page.
    """

    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)
    life: float | None = None
    refresh_life: float | None = None
    scopes: tuple[str, ...] = ()
    error: str = ""
    suberror: str = ""
    codes: tuple[int, ...] = ()
    words: str = field(default="", repr=False)
    is_error: bool = False


def read_answer(body: bytes) -> Answer:
    """The parameters in the body of an answer."""
    parameters = json_object(body) or _form(_decoded(body))
    if parameters:
        return answer_of(parameters)
    page = _unescaped(_TAG.sub(" ", _decoded(body)))
    return Answer(words=page, codes=_codes(page))


def answer_of(parameters: Mapping[str, Any]) -> Answer:
    """The same for parameters that were read already, as those of a redirect."""
    error = parameters.get("error")
    words = _words(parameters)
    if isinstance(error, dict):
        words = _words(error) or words
    return Answer(
        access=_text(parameters.get("access_token")),
        refresh=_text(parameters.get("refresh_token")),
        id_token=_text(parameters.get("id_token")),
        life=seconds(parameters.get("expires_in")),
        refresh_life=seconds(parameters.get("refresh_token_expires_in")),
        scopes=_scopes(parameters.get("scope")),
        error=_error_name(error),
        suberror=_text(parameters.get("suberror")) or _text(parameters.get("error_subtype")),
        codes=_codes(words, parameters.get("error_codes"), parameters.get("error_uri")),
        words=words,
        is_error=bool(error),
    )


def seconds(value: object) -> float | None:
    """A time span in seconds, from a number or a text; None if it is missing or not plausible."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        span = float(value)
    except (ValueError, OverflowError):
        return None
    return span if 0 < span <= _LONGEST_LIFE else None


def _decoded(body: bytes) -> str:
    """The body as text: any UTF, with or without a byte order mark, else Latin-1."""
    try:
        text = body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    return text.strip("\ufeff\0 \t\r\n")


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


_JSON = json.JSONDecoder(parse_int=_whole, strict=False)


def json_object(body: bytes) -> dict[str, Any]:
    """The object with which a body begins; empty if it begins otherwise."""
    try:
        content, _ = _JSON.raw_decode(_decoded(body))
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _form(text: str) -> dict[str, str]:
    """The parameters of a form, which some servers send; empty if it is none of OAuth2."""
    if _IN_NO_FORM.search(text):
        return {}
    pairs = [pair.partition("=") for pair in text.split("&")]
    found = {
        # A token never holds a space, so a plus sign that wasn't encoded is one.
        name: unquote(value) if name.endswith("_token") else unquote_plus(value)
        for name, _, value in pairs
    }
    return found if {"access_token", "error"} & found.keys() else {}


def _unescaped(words: str) -> str:
    """One line of bounded length, without HTML's character references and without wide spaces."""
    import html  # imported late, since few answers are errors

    return " ".join(html.unescape(words[:_MOST_WORDS]).split())


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _scopes(value: object) -> tuple[str, ...]:
    """The scopes, from a text that separates them by spaces or commas, or from a list."""
    listed: Iterable[object] = value if isinstance(value, list) else [value]
    words = re.split(r"[\s,]+", " ".join(map(_text, listed)))
    return tuple(filter(None, words))


def _error_name(error: object) -> str:
    """The name of the error, wherever the server puts it."""
    match error:
        case str():
            return error.strip()
        case dict():
            listed = error.get("errors")
            first = listed[0] if isinstance(listed, list) and listed else {}
            reason = first.get("reason") if isinstance(first, dict) else None
            return next(filter(None, map(_text, [reason, *map(error.get, _NAMES)])), "")
        case [str(only)]:
            return only.strip()
        case bool() | None:
            return ""
        case int() | float():
            return str(error)
        case _:
            return ""


def _words(parameters: Mapping[str, Any]) -> str:
    """What the server says of the error; some descriptions are written for a web page."""
    said = next((parameters[key] for key in _WORDS if parameters.get(key)), "")
    return _unescaped(str(said)) if said else ""


def _codes(words: str, listed: object = None, uri: object = None) -> tuple[int, ...]:
    """The AADSTS numbers, which Microsoft sends in up to three places."""
    found = [code for code in listed if type(code) is int] if isinstance(listed, list) else []
    found += map(int, _AADSTS.findall(words))
    try:
        query = dict(parse_qsl(urlsplit(_text(uri)).query))
    except ValueError:
        query = {}
    code = query.get("code", "")
    if code.isascii() and code.isdecimal() and len(code) <= 8:
        found.append(int(code))
    return tuple(dict.fromkeys(found))
