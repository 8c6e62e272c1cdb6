"""What the terminal program does by options, in the words of the window."""

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
_HERE = {option: f'"{_LABELS[name]}" under Advanced' for option, name in _FIELDS.items()} | {
    "no_protect": '"Protect refresh tokens" unticked',
    "no_revoke": '"Delete only"',
    "provider": '"Provider"',
    "startover": '"Sign in again" with',
}
_OPTION = re.compile(r"--([a-z_]+)")


def for_window(advice: str) -> str:
    """The same advice with the names of fields and buttons; what has none here stays."""
    return _OPTION.sub(lambda found: _HERE.get(found[1], found[0]), advice)


def error_for_window(error: AppError) -> AppError:
    """The terminal's advice to run a command is a button here."""
    if not isinstance(error, SignInNeeded):
        return error
    return SignInNeeded(
        error.message, detail=error.detail, hint="Select it and press Sign in again"
    )
