"""`--demo`: the rehearsal on the command line."""

import tempfile
from functools import partial
from pathlib import Path

from ..cancel import Cancellation
from ..demo.rehearsal import ADDRESS, rehearse
from ..errors import ExitCode
from ..model import Event, WaitingForBrowser
from ..oauth.sign_in.browser import find_browser
from ..tokenfile.read import read_token_file
from .output import Console, imapsync_lines
from .runner import TerminalPaste


def demo(*, automatic: bool, cancelled: Cancellation) -> int:
    """Rehearse in a new folder, which stays, so that the user can look at the token file."""
    console = Console()
    opener = None if automatic else find_browser()
    console.say("This is a rehearsal: no account, no network, everything on this computer.")
    if opener is not None:
        console.say(
            "The browser will warn about the sign-in page, whose certificate was made just now. "
            "Continue to the page and allow the application Demo."
        )
    elif not automatic:
        console.say("There is no browser here.")
    folder = Path(tempfile.mkdtemp(prefix="oauth2_imap_demo_"))
    outcome = rehearse(
        folder,
        open_browser=opener,
        paste=TerminalPaste() if opener is not None else None,
        progress=console.progress if opener else partial(_consented, console),
        cancelled=cancelled,
    )
    content = read_token_file(Path(outcome.file))
    console.say(
        f"It works: {ADDRESS} signed in once, the token was refreshed once, and both tokens opened "
        "the mailbox.",
        "The first line of the token file is an access token of "
        f"{len(content.access) if content else 0} characters. imapsync reads only this line.",
    )
    print(*imapsync_lines(outcome), sep="\n")
    return ExitCode.DONE


def _consented(console: Console, event: Event) -> None:
    """Tell the progress of a sign-in that needs no browser."""
    if isinstance(event, WaitingForBrowser):
        console.say("A sign-in page would open now. Instead, the server consents automatically.")
    else:
        console.progress(event)
