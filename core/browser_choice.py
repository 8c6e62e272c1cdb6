"""The browser that the user chose for sign-ins."""

from typing import NamedTuple


class BrowserChoice(NamedTuple):
    """The browser that the user chose for sign-ins; an empty name for any.

    `name` is one that oauth/sign_in/installed_browsers.py knows. It is false if nothing was chosen.
    """

    name: str = ""
    private: bool = False

    def __bool__(self) -> bool:
        return bool(self.name) or self.private


SYSTEM_BROWSER = BrowserChoice()
