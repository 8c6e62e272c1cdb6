"""What the terminal shows while the user signs in, or pastes the answer of a mailbox's owner."""

import sys
from collections.abc import Iterator

from ..events import WaitingForBrowser, WaitingForDevice, WaitingForOwner
from ..i18n.translation import _
from ..keeping.stop_conditions import duration
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
    yield _(
        "Waiting for the sign-in, at most {time}. Press Ctrl-C to cancel.",
        time=duration(event.seconds),
    )


def _in_browser(event: WaitingForBrowser) -> Iterator[str]:
    if event.opens_browser:
        yield _("Your browser opens now. Sign in as {address}.", address=event.sign_in_as)
    else:
        yield _("Open the link below in a browser. Sign in as {address}.", address=event.sign_in_as)
    yield from event.expectations
    if not event.opens_browser:
        yield _("Link: {url}", url=event.url)
    if event.takes_paste and event.opens_browser:
        yield _("If no page opens, or if the wrong browser opens it: press Enter to see the link.")
    if event.error_page:
        yield _("Paste the address of the error page here and press Enter.")
    elif event.takes_paste:
        yield _(
            "If the browser is on another computer, or if it shows an error page at the end: copy "
            "the whole address of its last page, paste it here and press Enter. You can also paste "
            "only the code in this address."
        )
    if event.takes_device_code:
        yield _(
            'Or type the word "{word}" and press Enter: you then get a short code for a sign-in '
            "in a browser on any other device.",
            word=DEVICE_CODE_WORD,
        )


def _on_device(event: WaitingForDevice) -> Iterator[str]:
    yield _("Open this page in a browser on any device: {uri}", uri=event.uri)
    yield _("Type this code there: {code}", code=event.user_code)
    yield from qr_lines(event.complete_uri, sys.stderr)
    yield _("Sign in as {address}.", address=event.sign_in_as)
    yield from event.expectations


def _for_owner(event: WaitingForOwner) -> Iterator[str]:
    yield _(
        "Paste the address that {owner} has sent to you, and press Enter.", owner=event.sign_in_as
    )
    yield _("To see the link of the request: press Enter only.")
