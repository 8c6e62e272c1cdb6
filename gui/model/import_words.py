"""What the window says of an import: a headline, and a paragraph for each mailbox."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from core.error_lines import detail_line, sentence, step_lines
from core.i18n.translation import N_, _, joined, ngettext
from core.importing.outcome import Result
from core.importing.take import Imported
from core.verdicts.verdict import Action
from gui.model.messages import steps
from gui.model.plain_text import button_text

_COUNTED: Mapping[Result, Callable[[int], str]] = {
    Result.SAVED: lambda n: ngettext("{count} mailbox imported", "{count} mailboxes imported", n),
    Result.IN_PLACE: lambda n: ngettext(
        "{count} already in its place", "{count} already in their place", n
    ),
    Result.SIGN_IN: lambda n: ngettext("{count} needs a sign-in", "{count} need a sign-in", n),
    Result.FAILED: lambda n: ngettext("{count} not imported", "{count} not imported", n),
}
_FIELDS: Mapping[Action, str] = {
    Action.GIVE_ADDRESS: N_("&Address of the mailbox in {name}"),
    Action.GIVE_CLIENT_ID: N_("Client &ID for {name}"),
}
_RESULTS = {
    Result.SAVED: N_("Imported. Its tokens are in {path}"),
    Result.IN_PLACE: N_("Its tokens are in {path} already."),
    Result.SIGN_IN: N_("Sign-in required."),
    Result.FAILED: N_("Not imported."),
}


def missing(results: Sequence[Imported]) -> Imported | None:
    """The first file that lacks something which the user can give; None if none does."""
    return next((one for one in results if one.error and one.error.action in _FIELDS), None)


def field_text(lacking: Imported) -> str:
    """The label of the field for what a file lacks."""
    action = lacking.error.action if lacking.error else Action.GIVE_ADDRESS
    return _(_FIELDS[action], name=button_text(Path(lacking.source).name))


def headline(results: Sequence[Imported]) -> str:
    """How many mailboxes there are of each result."""
    counts = Counter(imported.result for imported in results)
    return joined((_COUNTED[result](counts[result]) for result in Result if counts[result]), ", ")


def what_is_next(results: Sequence[Imported]) -> str:
    """What shows whether the imported tokens still work; empty if none were imported."""
    count = sum(imported.result is Result.SAVED for imported in results)
    if not count:
        return ""
    return ngettext(
        "The next refresh shows whether its token still works.",
        "The next refresh shows whether their tokens still work.",
        count,
    )


def details(results: Sequence[Imported]) -> str:
    """A paragraph for each mailbox: what became of it, why, and what to do."""
    return "\n\n".join("\n".join(_lines(imported)) for imported in results)


def _lines(imported: Imported) -> Iterator[str]:
    name = Path(imported.source).name
    address = imported.address
    yield _("{name}: {text}", name=name, text=address) if address else name
    yield _(_RESULTS[imported.result], path=imported.path)
    if error := imported.error:
        # Where the dialog has a button for the sign-in, no other button is named.
        has_button = imported.result is Result.SIGN_IN and imported.provider
        todo = step_lines(error) if has_button else steps(error)
        if error.action in _FIELDS:
            todo = iter([_("Write it into the field below.")])
        parts = (sentence(error.message), detail_line(error), error.explanation, *todo)
        yield from filter(None, parts)
