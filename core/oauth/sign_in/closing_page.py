"""The page that the browser shows at the end: what the sign-in page has answered, and what is next.

It is shown before the tokens are asked for, so it never says that the sign-in worked. Nothing that
the sign-in page has sent stands in it: only the name of the error chooses its text.
"""

from collections.abc import Mapping
from string import Template
from typing import NamedTuple

from ...i18n.translation import N_, _, language
from ...paths import RESOURCES

_PROGRAM = "<strong>oauth2_imap</strong>"
_CLOSE = N_("You can close this page.")


class _Text(NamedTuple):
    title: str
    next_step: str


_RECEIVED = _Text(
    N_("Sign-in response received"),
    N_("Return to {program} to see the result."),
)
# By the user, or by a rule of the organisation: a page can send the same error for both.
_REFUSED = _Text(
    N_("Access was refused"),
    N_("Nothing was changed. Return to {program}: it says what you can do next."),
)
_FAILED = _Text(
    N_("The sign-in did not succeed"),
    N_("Nothing was changed. Return to {program}: it says why."),
)


class ClosingPage:
    """The page for any answer; its file is read before the sign-in, which can't fail by it then."""

    def __init__(self) -> None:
        self._template = Template((RESOURCES / "answer.html").read_text(encoding="utf-8"))

    def of(self, parameters: Mapping[str, str]) -> bytes:
        """Return the page for the parameters of an authorization response."""
        text = _text_of(parameters)
        page = self._template.substitute(
            language=language(),
            title=_(text.title),
            next_step=_(text.next_step, program=_PROGRAM),
            close=_(_CLOSE),
        )
        return page.encode()


def _text_of(parameters: Mapping[str, str]) -> _Text:
    if error := parameters.get("error"):
        name = error.casefold().replace(" ", "_")  # some servers send it as words
        return _REFUSED if name == "access_denied" else _FAILED
    return _RECEIVED if parameters.get("code") else _FAILED
