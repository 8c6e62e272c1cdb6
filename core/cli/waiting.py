"""What the terminal shows while the user signs in, or pastes the answer of a mailbox's owner."""

import sys
from collections.abc import Iterator

from ..keeping.stop_conditions import duration
from ..model import WaitingForBrowser, WaitingForDevice, WaitingForOwner
from .qr_lines import qr_lines

DEVICE_CODE_WORD = "code"  # the user types it


def waiting_lines(
    event: WaitingForBrowser | WaitingForDevice | WaitingForOwner,
) -> Iterator[str]:
    """What to do, what the page will show, and how long there is time."""
    match event:
        case WaitingForBrowser():
            yield from _in_browser(event)
        case WaitingForDevice():
            yield from _on_device(event)
        case WaitingForOwner():
            yield from _for_owner(event)
    yield f"Waiting for the sign-in, at most {duration(event.seconds)}. Press Ctrl-C to cancel."


def _in_browser(event: WaitingForBrowser) -> Iterator[str]:
    if event.opens_browser:
        yield f"Your browser opens now. Sign in as {event.sign_in_as}."
    else:
        yield f"Open the link below in a browser. Sign in as {event.sign_in_as}."
    yield from event.expectations
    if not event.opens_browser:
        yield f"Link: {event.url}"
    if event.takes_paste and event.opens_browser:
        yield "If no page opens, or if the wrong browser opens it: press Enter to see the link."
    if event.error_page:
        yield "Paste the address of the error page here and press Enter."
    elif event.takes_paste:
        yield (
            "If the browser is on another computer, or if it shows an error page at the end: copy "
            "the whole address of its last page, paste it here and press Enter. You can also paste "
            "only the code in this address."
        )
    if event.takes_device_code:
        yield (
            f'Or type the word "{DEVICE_CODE_WORD}" and press Enter: you then get a short code for '
            "a sign-in in a browser on any other device."
        )


def _on_device(event: WaitingForDevice) -> Iterator[str]:
    yield f"Open this page in a browser on any device: {event.uri}"
    yield f"Type this code there: {event.user_code}"
    yield from qr_lines(event.complete_uri, sys.stderr)
    yield f"Sign in as {event.sign_in_as}."
    yield from event.expectations


def _for_owner(event: WaitingForOwner) -> Iterator[str]:
    yield f"Paste the address that {event.sign_in_as} has sent to you, and press Enter."
    yield "To see the link of the request: press Enter only."
