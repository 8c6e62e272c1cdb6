"""The parts of an error as lines of text, the same in the terminal and in the window."""

from collections.abc import Iterable, Iterator

from .errors import AppError
from .i18n.translation import _, english, joined
from .plain_text import visible
from .verdicts.verdict import Action, Actor, Kind, Origin, Verdict


def headline(error: AppError, address: str = "") -> str:
    """What happened, after the address of the mailbox unless the message names it."""
    if not address or visible(address) in error.message:
        return error.message
    return _("{name}: {text}", name=address, text=error.message)


def detail_line(error: AppError) -> str:
    """What the server or the system said; empty if that is unknown."""
    if not error.detail:
        return ""
    if _is_an_answer(error.verdict):
        return _("Server response: {detail}", detail=error.detail)
    return _("Details: {detail}", detail=error.detail)


def step_lines(error: AppError, *, means: Iterable[str] = (), next_try: str = "") -> Iterator[str]:
    """What to do, by which means, who can help, the notes, and the provider's own page.

    `means` are the face's own lines for the action: options or buttons. `next_try` is the time at
    which the program itself tries again, if it does.
    """
    waits = error.action is Action.WAIT
    if waits and next_try:
        yield _("Nothing to do: next try at {time}.", time=next_try)
    elif error.hint:
        yield _("Next step: {step}", step=sentence(error.hint))
    yield from means
    if not waits and error.actor not in (Actor.YOU, Actor.NOBODY):
        # Not "Next step (your administrator)": many a next step is to ask the administrator.
        yield _("Who can help: {actor}", actor=_(error.actor))
    if next_try and not waits:
        yield _("Next try at {time}.", time=next_try)
    yield from error.notes
    if error.verdict.link:
        yield _("Web page: {address}", address=error.verdict.link)


def log_line(error: AppError, address: str = "") -> str:
    """The error for the log, with the stable name of its verdict and what the server said.

    What the user typed in place of an address is left out. It may be a name or a misplaced secret.
    """
    typed = str(error.parameters.get("text", ""))
    words = str(error)
    if address and error.kind is not Kind.USAGE and visible(address) not in words:
        words = f"{address}: {words}"
    if typed:
        words = words.replace(typed, "…")
    detail = f": {english(error.detail)}" if error.detail else ""
    return f"{words} [{error.verdict.id}]{detail}"


def sentence(text: str) -> str:
    """The text with a full stop at its end."""
    return text if text.endswith((".", "!", "?")) else joined((text, "."), "")


def _is_an_answer(verdict: Verdict) -> bool:
    """Whether a server gives this answer; the words of the network are the system's."""
    return any(set(pattern.origins) != {Origin.NETWORK} for pattern in verdict.patterns)
