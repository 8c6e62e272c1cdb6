"""Asks at the terminal whether to sign in at a server that only the address's domain names."""

from collections.abc import Callable

from ..model import FoundServer
from .output import Console


def ask_server(found: FoundServer, console: Console, answer_to: Callable[[str], str]) -> bool:
    """Show what was found; anything but a yes is a no."""
    console.say(*found.sentences, always=True)
    answer = answer_to(f"Sign in at {found.host}? [y/N]")
    return answer.strip().casefold() in ("y", "yes")
