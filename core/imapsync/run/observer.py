"""What a run of imapsync tells whoever has started it: the command line, or the window."""

from typing import Protocol

OURS = "oauth2_imap: "  # begins a line of ours among those of imapsync


class Observer(Protocol):
    """Its methods are called in several threads."""

    def started(self) -> None:
        """imapsync has been started, perhaps again."""

    def output(self, chunk: bytes, is_error: bool) -> None:
        """imapsync has written this. Raises `OSError` when nobody reads its output any more."""

    def say(self, text: str) -> None:
        """Tell the user why imapsync has ended, or what happens next."""
