"""The parts of an error as lines of text, the same in the terminal and in the window."""

from collections.abc import Iterable, Iterator

from .errors import AppError
from .plain_text import visible
from .verdicts.verdict import Action, Actor, Kind, Origin, Verdict


def headline(error: AppError, address: str = "") -> str:
    """What happened, after the address of the mailbox unless the message names it."""
    if not address or visible(address) in error.message:
        return error.message
    return f"{address}: {error.message}"


def detail_line(error: AppError) -> str:
    """What the server or the system said; empty if that is unknown."""
    if not error.detail:
        return ""
    label = "Server response" if _is_an_answer(error.verdict) else "Details"
    return f"{label}: {error.detail}"


def step_lines(error: AppError, *, means: Iterable[str] = (), next_try: str = "") -> Iterator[str]:
    """What to do, by which means, who can help, the notes, and the provider's own page.

    `means` are the face's own lines for the action: options or buttons. `next_try` is the time at
    which the program itself tries again, if it does.
    """
    waits = error.action is Action.WAIT
    if waits and next_try:
        yield f"Nothing to do: next try at {next_try}."
    elif error.hint:
        yield f"Next step: {sentence(error.hint)}"
    yield from means
    if not waits and error.actor not in (Actor.YOU, Actor.NOBODY):
        # Not "Next step (your administrator)": many a next step is to ask the administrator.
        yield f"Who can help: {error.actor}"
    if next_try and not waits:
        yield f"Next try at {next_try}."
    yield from error.notes
    if error.verdict.link:
        yield f"Web page: {error.verdict.link}"


def log_line(error: AppError, address: str = "") -> str:
    """The error for the log, with the stable name of its verdict and what the server said.

    What the user typed in place of an address is left out. It may be a name or a misplaced secret.
    """
    typed = str(error.parameters.get("text", ""))
    words = headline(error, "" if error.kind is Kind.USAGE else address)
    if typed:
        words = words.replace(typed, "…")
    detail = f": {error.detail}" if error.detail else ""
    return f"{words} [{error.verdict.id}]{detail}"


def sentence(text: str) -> str:
    """The text with a full stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _is_an_answer(verdict: Verdict) -> bool:
    """Whether a server gives this answer; the words of the network are the system's."""
    return any(set(pattern.origins) != {Origin.NETWORK} for pattern in verdict.patterns)
