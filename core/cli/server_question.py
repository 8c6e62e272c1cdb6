"""Asks at the terminal whether to sign in at a server that only the address's domain names."""

from collections.abc import Callable

from ..events import FoundServer
from ..i18n.translation import _
from .output import Console
from .yes import is_yes


def ask_server(found: FoundServer, console: Console, answer_to: Callable[[str], str]) -> bool:
    """Show what was found; anything but a yes is a no."""
    console.say(*found.sentences, always=True)
    return is_yes(answer_to(_("Sign in at {host}? [y/N]", host=found.host)))
