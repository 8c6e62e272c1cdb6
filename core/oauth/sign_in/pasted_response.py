"""Reads the response of the sign-in page from text that the user pasted.

The text may be an address, a query string or the code alone. It is never repeated in a message.
Any other text is told what it is; the text or address of an error page is explained.
"""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from ...net.network import LOOPBACK_HOSTS
from ...verdicts import local_sign_in
from ...verdicts.verdict import Verdict
from .authorization_response import (
    AuthorizationResponse,
    NotThisAnswer,
    PendingSignIn,
    is_code,
    parse_form,
    read_parameters,
)
from .error_page import explain_address, explain_text, is_number

MAX_LENGTH = 64 * 1024
# The codes of Yahoo and Yandex have 7 characters. "ok", "yes" and "hello" are not codes.
_MIN_CODE_LENGTH = 6
# Characters that a terminal, a mail program or a shell puts around an address; some are invisible.
_WRAPPING = " \t\r\n\v\f\xa0\ufeff\u200b\u2060\"'`<>«»“”„‘’"  # noqa: RUF001  # quotes, on purpose
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)
# Browsers leave "http://" out in their address bars.
_HOST = re.compile(
    r"(localhost|[0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-f:.]+\]|([a-z0-9-]+\.)+[a-z]{2,12})"
    r"(:[0-9]{1,5})?([/?#]|\Z)",
    re.IGNORECASE,
)
_BROWSER_PAGE = re.compile(
    r"(about|blob|brave|chrome|chrome-error|chrome-extension|data|edge|file|javascript|"
    r"moz-extension|opera|resource|view-source|vivaldi):",
    re.IGNORECASE,
)
_QUERY = re.compile(r"[?#&]|([a-z_]+=[^&]*&)*(code|state|error|client_id|response_type)=")
_EMAIL = re.compile(r"[^@]+@(?=[^@]+\.[^@])[^@]+")  # the lookahead: in linear time


def read_pasted(text: str, pending: PendingSignIn) -> AuthorizationResponse:
    """Read an authorization response from a pasted address, a query string or a code.

    Raises `NotThisAnswer` for any other text, and another `AppError` if the response holds an
    `error`, which ends the sign-in. An address is read only if it is one of the redirect URI.

    A code without a state is accepted where the provider checks PKCE, which binds the code to this
    sign-in (RFC 9700 §2.1.1). The result then has this sign-in's state.
    """
    if len(text) > MAX_LENGTH:
        raise _refused(local_sign_in.PASTE_TOO_LONG, pending)
    pasted = _without_wrapping(text)
    if not pasted:
        raise _refused(local_sign_in.PASTE_EMPTY, pending)
    joined = "".join(pasted.split())
    if _BROWSER_PAGE.match(joined):
        raise _refused(local_sign_in.PASTE_OF_BROWSER_PAGE, pending)
    if _SCHEME.match(joined) or _HOST.match(joined):
        return _from_address(joined, pending)
    if _QUERY.match(joined):
        return _from_query(joined.lstrip("?#&"), pending)
    explained = explain_text(" ".join(text.strip(_WRAPPING).split()), pending)
    if explained is not None:
        raise explained
    return _from_text(pasted, pending)


def _without_wrapping(text: str) -> str:
    """Remove the surrounding characters and the line breaks of a wrapped line."""
    return "".join(line.strip() for line in text.strip(_WRAPPING).splitlines())


def _from_address(address: str, pending: PendingSignIn) -> AuthorizationResponse:
    try:
        parts = urlsplit(address if _SCHEME.match(address) else f"//{address}")
        answers = _place(parts) == _place(urlsplit(pending.registration.redirect_uri))
    except ValueError:  # no valid address
        raise _refused(local_sign_in.PASTE_OF_FOREIGN_ADDRESS, pending) from None
    if not answers:
        raise _foreign(address, parts, pending)
    return _from_query(f"{parts.query}&{parts.fragment}", pending)


def _place(parts: SplitResult) -> tuple[str, str]:
    """Host and path of an address; the names of this computer are one, whatever the port."""
    host = parts.hostname or ""
    return LOOPBACK_HOSTS[0] if host in LOOPBACK_HOSTS else host, unquote(parts.path).rstrip("/")


def _foreign(address: str, parts: SplitResult, pending: PendingSignIn) -> NotThisAnswer:
    """What an address is that is not the redirect URI's. Its code is somebody else's, if any."""
    try:
        parameters = parse_form(f"{parts.query}&{parts.fragment}")
    except ValueError:
        parameters = {}
    explained = explain_address(address, parts.path, parameters, pending)
    if explained is not None:
        return explained
    if parts.path.rstrip("/").endswith("/wrongplace"):
        return _refused(local_sign_in.PASTE_OF_WRONGPLACE, pending)
    sign_in_host = urlsplit(pending.registration.authorize_uri).hostname
    if {"client_id", "response_type"} & parameters.keys() or parts.hostname == sign_in_host:
        return _refused(local_sign_in.PASTE_OF_SIGN_IN_PAGE, pending)
    return _refused(local_sign_in.PASTE_OF_FOREIGN_ADDRESS, pending)


def _from_query(query: str, pending: PendingSignIn) -> AuthorizationResponse:
    try:
        parameters = parse_form(query.replace("#", "&"))
    except ValueError:
        raise _refused(local_sign_in.PASTE_CONTRADICTORY, pending) from None
    if not {"code", "error"} & parameters.keys():
        if {"client_id", "response_type"} & parameters.keys():
            raise _refused(local_sign_in.PASTE_OF_SIGN_IN_PAGE, pending)
        raise _refused(local_sign_in.PASTE_WITHOUT_CODE, pending)
    if {"state", "error"} & parameters.keys():
        return read_parameters(parameters, pending)
    return _from_code(parameters["code"], pending)


def _from_text(text: str, pending: PendingSignIn) -> AuthorizationResponse:
    """Read a code that was pasted alone; it may be percent-encoded."""
    code = unquote(text)
    if _EMAIL.fullmatch(code):
        raise _refused(local_sign_in.PASTE_OF_EMAIL_ADDRESS, pending)
    if not is_code(code) or " " in code:
        raise _refused(local_sign_in.PASTE_OF_UNKNOWN_TEXT, pending)
    if len(code) < _MIN_CODE_LENGTH:
        raise _refused(local_sign_in.PASTE_TOO_SHORT, pending)
    return _from_code(code, pending)


def _from_code(code: str, pending: PendingSignIn) -> AuthorizationResponse:
    """The response with a code that came without a state."""
    if is_number(code, pending):
        raise _refused(local_sign_in.PASTE_OF_NUMBER, pending)
    if not pending.registration.pkce:
        raise _refused(local_sign_in.PASTE_OF_CODE_ALONE, pending)
    return read_parameters({"code": code, "state": pending.state}, pending)


def _refused(verdict: Verdict, pending: PendingSignIn) -> NotThisAnswer:
    return NotThisAnswer(verdict, **pending.parameters)
