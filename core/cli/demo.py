"""`--demo`: the rehearsal, told step by step."""

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
    """Rehearse in a folder of its own, which stays, so that the token file can be looked at."""
    console = Console()
    opener = None if automatic else find_browser()
    console.say("A rehearsal: no account, no network, everything on this computer.")
    if opener is not None:
        console.say(
            "The browser will warn twice as much as in earnest: the rehearsal's sign-in page has a "
            "certificate that was made just now. Go on to the page, and allow Demo."
        )
    elif not automatic:
        console.say("There is no browser here.")
    folder = Path(tempfile.mkdtemp(prefix="oauth2_imap_demo_"))
    done = rehearse(
        folder,
        open_browser=opener,
        paste=TerminalPaste() if opener is not None else None,
        progress=console.progress if opener else partial(_consented, console),
        cancelled=cancelled,
    )
    file = Path(done.refreshed.file)
    content = read_token_file(file)
    console.say(
        f"It works: {ADDRESS} signed in once, was refreshed once, and the token opened the mailbox "
        "both times.",
        f"The token file has {len(content.access) if content else 0} characters of access token "
        "in its first line, which is all that imapsync reads of it.",
    )
    print(*imapsync_lines(done.refreshed), sep="\n")
    return ExitCode.DONE


def _consented(console: Console, event: Event) -> None:
    """Where nobody is asked, nobody is told what to do in the browser."""
    if isinstance(event, WaitingForBrowser):
        console.say("A sign-in page would open now; the consent is given automatically.")
    else:
        console.progress(event)
