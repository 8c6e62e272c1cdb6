"""What the window says of an import: a headline, and a paragraph for each mailbox."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.error_lines import detail_line, sentence, step_lines
from core.importing.outcome import Result
from core.importing.take import Imported
from gui.model.messages import steps

# Of one mailbox, and of several.
_COUNTS = {
    Result.SAVED: ("1 mailbox imported", "{count} mailboxes imported"),
    Result.IN_PLACE: ("1 already in its place", "{count} already in their place"),
    Result.SIGN_IN: ("1 needs a sign-in", "{count} need a sign-in"),
    Result.FAILED: ("1 not imported", "{count} not imported"),
}
_RESULTS = {
    Result.SAVED: "Imported. Its tokens are in {path}",
    Result.IN_PLACE: "Its tokens are in {path} already.",
    Result.SIGN_IN: "Sign-in required.",
    Result.FAILED: "Not imported.",
}


def headline(results: Sequence[Imported]) -> str:
    """How many mailboxes there are of each result."""
    counts = Counter(imported.result for imported in results)
    there = [(counts[result], *_COUNTS[result]) for result in Result if counts[result]]
    return ", ".join(one if count == 1 else many.format(count=count) for count, one, many in there)


def details(results: Sequence[Imported]) -> str:
    """A paragraph for each mailbox: what became of it, why, and what to do."""
    return "\n\n".join("\n".join(_lines(imported)) for imported in results)


def _lines(imported: Imported) -> Iterator[str]:
    name = Path(imported.source).name
    yield f"{name}: {imported.address}" if imported.address else name
    yield _RESULTS[imported.result].format(path=imported.path)
    if error := imported.error:
        # Where the dialog has a button for the sign-in, no other button is named.
        has_button = imported.result is Result.SIGN_IN and imported.provider
        todo = step_lines(error) if has_button else steps(error)
        parts = (sentence(error.message), detail_line(error), error.explanation, *todo)
        yield from filter(None, parts)
