"""Core's hints in the words of the window: fields and buttons in place of options."""

import re

from core.errors import AppError, SignInNeeded
from gui.model.advanced_fields import FIELDS
from gui.model.start_arguments import FIELD_OF_OPTION

_LABELS = {field.name: field.plain_label for field in FIELDS} | {"application": "Application"}
_FIELDS = FIELD_OF_OPTION | {
    "login_hint": "login_hint",
    "redirect_uri": "redirect_uri",
    "token_file": "token_folder",
}
_IN_WINDOW = {option: f'"{_LABELS[name]}" under Advanced' for option, name in _FIELDS.items()} | {
    "no_protect": '"Protect refresh tokens" unticked',
    "no_revoke": '"Delete only"',
    "provider": '"Provider"',
    "startover": '"Sign in again" with',
}
_LOGIN_HINT = re.compile(r"say --login_hint (\S+)")
_OPTION = re.compile(r"--([a-z_]+)")


def hint_for_window(hint: str) -> str:
    """Return a hint that names fields and buttons; an option that has none here stays."""
    hint = _LOGIN_HINT.sub(r"enter \1 in --login_hint", hint)
    return _OPTION.sub(lambda found: _IN_WINDOW.get(found[1], found[0]), hint)


def error_for_window(error: AppError) -> AppError:
    """Return the error; where a sign-in is needed, with the button in place of a command line."""
    if not isinstance(error, SignInNeeded):
        return error
    hint = "Select the mailbox and press Sign in again"
    return SignInNeeded(error.message, detail=error.detail, hint=hint)
