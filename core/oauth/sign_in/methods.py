"""The ways in which a user can sign in at this computer, as the window or the terminal has them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...events import AskAccount, AskServer
    from ...providers.fields import Registration
    from .response_queue import ResponseQueue

WAIT = 5 * 60.0  # seconds that the user has for the sign-in page

OpenBrowser = Callable[[str], bool]
# Called with the queue when the wait begins; returns a function that ends the pasting.
PasteSource = Callable[["ResponseQueue"], Callable[[], None]]
# Called when the wait begins, with a function that starts the device code in the same wait.
OfferDeviceCode = Callable[[Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class SignInMethods:
    """The ways to sign a user in: opening a browser, reading a pasted response, a device code.

    `remote` means that the browser is on another computer: no browser is opened here and nothing
    listens. `device_code` means that the user wants nothing but a device code. `offer_device_code`
    lets the user start one beside the browser. `wait` is the time limit for the browser in seconds.
    `ask_account` asks the user after a sign-in with another account; it is None if nobody can
    answer. So is `ask_server`, which asks whether to trust a sign-in server that was found.
    """

    open_browser: OpenBrowser | None
    paste: PasteSource | None
    remote: bool = False
    device_code: bool = False
    offer_device_code: OfferDeviceCode | None = None
    wait: float = WAIT
    ask_account: "AskAccount | None" = None
    ask_server: "AskServer | None" = None

    @property
    def opener(self) -> OpenBrowser | None:
        """The function that opens a browser here; None if that is not wanted or not possible."""
        return None if self.remote else self.open_browser

    def takes_device_code(self, registration: "Registration") -> bool:
        """Whether the user can sign in with a device code."""
        is_wanted = self.device_code or self.offer_device_code is not None
        return is_wanted and bool(registration.device_authorization_uri)
