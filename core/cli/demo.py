"""`--demo`: sign in and refresh at a provider on this computer, and print each step."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..cancel import Cancellation
from ..demo.rehearsal import ADDRESS, run_demo
from ..errors import ExitCode, as_error
from ..events import Event, WaitingForBrowser
from ..i18n.translation import _, number
from ..oauth.sign_in.browser import find_browser
from ..tokenfile.read import read_token_file
from ..verdicts import local_commands
from .output import Console, imapsync_lines, print_lines
from .typed_lines import TypedLines


def demo(words: Sequence[str], *, automatic: bool, cancelled: Cancellation) -> int:
    """Run the demo in a new folder. The folder is kept, so that the user can read the token file.

    `automatic` gives consent without a browser. Returns the exit code. `words` must be empty.
    """
    if words:
        raise as_error(local_commands.DEMO_TAKES_NOTHING)
    console = Console()
    opener = None if automatic else find_browser()
    console.say(
        _("This is a demo. It needs no account and no network. Everything runs on this computer.")
    )
    if opener is None and not automatic:
        console.say(_("No browser was found."))
    folder = Path(tempfile.mkdtemp(prefix="oauth2_imap_demo_"))
    outcome = run_demo(
        folder,
        browser=lambda page: find_browser(page=page) if opener else None,
        paste=TypedLines().paste if opener is not None else None,
        progress=console.progress if opener else partial(_consented, console),
        cancelled=cancelled,
    )
    content = read_token_file(Path(outcome.file))
    console.say(
        _(
            "It works: {address} was signed in, the token was refreshed, and both tokens opened "
            "the mailbox.",
            address=ADDRESS,
        ),
        _(
            "The access token, of {count} characters, is the first line of the token file. "
            "imapsync reads only this line.",
            count=number(len(content.access) if content else 0),
        ),
    )
    print_lines(*imapsync_lines(outcome))
    return ExitCode.DONE


def _consented(console: Console, event: Event) -> None:
    """Print progress, but no instructions for the browser, because no browser opens."""
    if isinstance(event, WaitingForBrowser):
        console.say(_("A sign-in page would open now. The demo gives consent automatically."))
    else:
        console.progress(event)
