"""The ways in which a user can sign in at this computer, as the window or the terminal has them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .response_queue import ResponseQueue

WAIT = 5 * 60.0  # seconds that the user has for the sign-in page

OpenBrowser = Callable[[str], bool]
# Called with the queue when the wait begins; returns a function that ends the pasting.
PasteSource = Callable[["ResponseQueue"], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class SignInMethods:
    """The ways to sign a user in: opening a browser, and reading a pasted response.

    `remote` means that the browser is on another computer: no browser is opened here and nothing
    listens. `wait` is the time limit in seconds.
    """

    open_browser: OpenBrowser | None
    paste: PasteSource | None
    remote: bool = False
    wait: float = WAIT

    @property
    def opener(self) -> OpenBrowser | None:
        """The function that opens a browser here; None if that is not wanted or not possible."""
        return None if self.remote else self.open_browser
