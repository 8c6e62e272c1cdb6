"""Explains an error page of a sign-in from its text or its address, which the user pasted.

Most errors of Microsoft and Google stand on a page that never leads back to the redirect URI.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ...i18n.translation import N_, _
from ...model import FlowKind
from ...net.network import quoted
from ...verdicts.local_sign_in import PASTE_OF_ERROR_PAGE
from ...verdicts.match import match
from ...verdicts.verdict import Origin, Symptom
from ..registration_facts import facts_of
from .authorization_response import NotThisAnswer, PendingSignIn, symptom_of

# "AADSTS50105" and "Error Code: 53003" on a page, "error?code=50105" in the address of one.
_NUMBERS = re.compile(r"(?:AADSTS\W?|\berror(?:[ _?]?code)?\W{1,3})([0-9]{4,8})\b", re.IGNORECASE)
# How Google's pages end: "Error 400: admin_policy_enforced". They appear in other sign-ins too,
# where an organisation signs in to them with Google.
_GOOGLE_ERROR = re.compile(r"\berror [0-9]{3}:\s*([a-z_]+)", re.IGNORECASE)
_ERROR_NAME = re.compile(r"""\berror["']?\s*[:=]\s*["']?([a-z]+(?:_[a-z]+)+)""", re.IGNORECASE)
# The names of RFC 6749 and of OpenID Connect, as oidc-provider's page shows them, and nothing else.
_STANDARD_NAME = re.compile(
    r"\b(invalid_client|unauthorized_client|invalid_redirect_uri|invalid_request|invalid_scope)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]{4,9}")
_ERROR_PATH = re.compile(r"/(error(/v[0-9]+)?|err\.srf)/?", re.IGNORECASE)
_ON_PAGE = N_("that the page names")
# The fields of Google's authError, a protobuf message: a tag, a length, and text.
_NAME_TAG, _WORDS_TAG = 0x0A, 0x12


def is_number(text: str, pending: PendingSignIn) -> bool:
    """Whether the text is a number that can't be a code; Yandex's codes are numbers."""
    return facts_of(pending.registration)["flow"] != FlowKind.PLAIN and text.isdecimal()


def numbers_in(text: str) -> tuple[int, ...]:
    """Microsoft's error numbers in a text or in an address, each once."""
    return tuple(dict.fromkeys(int(number) for number in _NUMBERS.findall(text)))


def explain_text(text: str, pending: PendingSignIn) -> NotThisAnswer | None:
    """The error that the text of a page tells of; None if the text tells of none that is known."""
    google = _GOOGLE_ERROR.search(text)
    name = google or _ERROR_NAME.search(text) or _STANDARD_NAME.search(text)
    numbers = numbers_in(text)
    facts: dict[str, Any] = {"codes": numbers}
    if google:
        facts["flow"] = FlowKind.GOOGLE.value
    if is_number(text, pending) and _NUMBER.fullmatch(text):
        facts["codes"] = (int(text),)
    # Without a name the text itself may be one: "admin_policy_enforced".
    symptom = symptom_of(pending, error=name[1] if name else text, words=text, **facts)
    if _is_known(symptom) or numbers or name:
        return _explained(symptom, name[1] if name else "", pending)
    return None


def explain_address(
    address: str, path: str, parameters: Mapping[str, str], pending: PendingSignIn
) -> NotThisAnswer | None:
    """The error in the address of an error page; None if it is not the address of such a page."""
    error, words = parameters.get("error", ""), parameters.get("error_description", "")
    facts: dict[str, Any] = {"codes": numbers_in(unquote(address))}
    if "authError" in parameters:
        error, words = _google_error(parameters["authError"])
        facts["flow"] = FlowKind.GOOGLE.value
    symptom = symptom_of(pending, error=error, words=words, **facts)
    if symptom.codes or _is_known(symptom):
        return _explained(symptom, error, pending)
    if error or "authError" in parameters or _ERROR_PATH.search(path):
        return NotThisAnswer(PASTE_OF_ERROR_PAGE, **pending.parameters)
    return None


def _is_known(symptom: Symptom) -> bool:
    """Whether the tables know more of it than that the sign-in page sent an error."""
    return match(symptom) is not match(Symptom(Origin.AUTHORIZATION))


def _explained(symptom: Symptom, name: str, pending: PendingSignIn) -> NotThisAnswer:
    """The explanation, with the error's name and number; the pasted text isn't repeated."""
    numbers = (f"AADSTS{code}" for code in symptom.codes)
    detail = quoted(", ".join(filter(None, (name, *numbers))), pending.state)
    # Another provider's page, where an organisation signs in with that one, speaks of another
    # application than the registration's.
    page = FlowKind.MICROSOFT if symptom.codes else symptom.flow
    ours = page == facts_of(pending.registration)["flow"]
    known = pending.parameters if ours else {"address": pending.address, "client_id": _(_ON_PAGE)}
    error = NotThisAnswer(match(symptom), detail=detail, **known)
    error.add_note(
        _("The sign-in still waits: it can go on in the browser, also as another account.")
    )
    return error


def _google_error(value: str) -> tuple[str, str]:
    """The error's name and its words in Google's parameter authError; empty if unreadable."""
    try:
        rest = base64.urlsafe_b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4))
    except ValueError:
        return "", ""
    name, rest = _field(rest, _NAME_TAG)
    words, _after = _field(rest, _WORDS_TAG)
    return name, words


def _field(message: bytes, tag: int) -> tuple[str, bytes]:
    """The text of a message's first field, if it has this tag, and what follows it."""
    if not message or message[0] != tag:
        return "", message
    length = shift = 0
    for index, byte in enumerate(message[1:], start=2):
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            text = message[index : index + length]
            return text.decode(errors="replace"), message[index + length :]
    return "", b""
