"""Reads the response of the sign-in page from text that the user pasted.

The text may be an address, a query string or the code alone. It is never repeated in a message.
"""

import re
from urllib.parse import unquote

from .authorization_response import (
    AuthorizationResponse,
    NotThisAnswer,
    is_code,
    parse_form,
    read_parameters,
)

__all__ = ["MAX_LENGTH", "NotThisAnswer", "read_pasted"]

MAX_LENGTH = 64 * 1024
# The codes of Yahoo and Yandex have 7 characters. "ok", "yes" and "hello" are not codes.
_MIN_CODE_LENGTH = 6
# Characters that a terminal, a mail program or a shell puts around an address; some are invisible.
_WRAPPING = " \t\r\n\v\f\xa0\ufeff\u200b\u2060\"'`<>«»“”„‘’"  # noqa: RUF001  # quotes, on purpose
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)
_EMAIL = re.compile(r"[^@]+@[^@]+\.[^@]+")
_HINT = (
    "Paste the whole address that the browser shows at the end of the sign-in, "
    "or the code that stands in it"
)


def read_pasted(text: str, *, state: str) -> AuthorizationResponse:
    """Read an authorization response from a pasted address, a query string or a code.

    Raises `NotThisAnswer` for any other text, and another `AppError` if the response holds an
    `error`, which ends the sign-in.

    A code without a state is accepted, since every flow here uses PKCE, which binds the code to
    this sign-in (RFC 9700 §2.1.1). The result then has this sign-in's state.
    """
    if len(text) > MAX_LENGTH:
        raise _not_the_answer("far too long")
    pasted = _without_wrapping(text)
    if not pasted:
        raise NotThisAnswer("Nothing was pasted", hint=_HINT)
    joined = "".join(pasted.split())
    parameters = _parameters(joined)
    if "code" in parameters or "error" in parameters:
        return _from_parameters(parameters, state)
    _refuse_common_mistakes(pasted, joined, parameters)
    code = _bare_code(pasted)
    return _from_parameters({"code": code}, state)


def _without_wrapping(text: str) -> str:
    """Remove the surrounding characters and the line breaks of a wrapped line."""
    return "".join(line.strip() for line in text.strip(_WRAPPING).splitlines())


def _parameters(text: str) -> dict[str, str]:
    """The parameters in the query and the fragment of an address or query string."""
    before, _, fragment = text.partition("#")
    head, question_mark, query = before.partition("?")
    if not question_mark and not _ADDRESS.match(head):
        query = head
    try:
        return parse_form(f"{query}&{fragment}")
    except ValueError:
        raise _not_the_answer("contradictory: something stands in it twice") from None


def _from_parameters(parameters: dict[str, str], state: str) -> AuthorizationResponse:
    if "code" in parameters and not {"state", "error"} & parameters.keys():
        parameters = {**parameters, "state": state}
    return read_parameters(parameters, state)


def _refuse_common_mistakes(pasted: str, joined: str, parameters: dict[str, str]) -> None:
    """Raise `NotThisAnswer` for texts that users often paste by mistake."""
    if {"client_id", "response_type"} & parameters.keys():
        raise NotThisAnswer(
            "That is the address of the sign-in page, not its answer",
            hint=f"Sign in there. {_HINT}",
        )
    if _ADDRESS.match(joined) or joined.startswith(("?", "#")) or {"state"} & parameters.keys():
        raise _not_the_answer("an address without a code")
    if pasted != joined:
        raise _not_the_answer("a sentence")
    if _EMAIL.fullmatch(joined):
        raise _not_the_answer("an e-mail address")


def _bare_code(text: str) -> str:
    """The code in the text, which may be percent-encoded."""
    code = unquote(text)
    if len(code) < _MIN_CODE_LENGTH:
        raise _not_the_answer("too short for a code")
    if not is_code(code) or " " in code:
        raise _not_the_answer("text that can't be a code")
    return code


def _not_the_answer(seen: str) -> NotThisAnswer:
    return NotThisAnswer(
        f"What was pasted isn't the sign-in page's answer: it is {seen}", hint=_HINT
    )
