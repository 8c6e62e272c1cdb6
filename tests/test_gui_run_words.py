"""What the window says of a run of imapsync: in the user's language, and in English for the log."""

from dataclasses import replace

import pytest

from core.errors import as_error
from core.i18n.translation import english, use_language
from core.imapsync.run.progress import Progress
from core.imapsync.run.watch import Seen
from core.verdicts import local_commands
from gui.model.imapsync_run import RunEnd, Step
from gui.model.option_fields import FIELDS
from gui.model.run_words import end_text

SEEN = Seen(starts=2, progress=Progress(), copied=1234, lines=(), said="")
ENDS = [
    RunEnd(Step.TEST, SEEN, code=0),
    RunEnd(Step.COPY, SEEN, code=0),
    RunEnd(Step.COPY, SEEN, code=16),
    RunEnd(Step.COPY, SEEN, code=101),
    RunEnd(Step.COPY, SEEN, stopped=True),
    RunEnd(Step.TEST, SEEN, stopped=True),
    RunEnd(Step.COPY, SEEN, error=as_error(local_commands.PROGRAM_NOT_FOUND, program="imapsync")),
]
LABELS = {field.name: field.plain_label for field in FIELDS}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: f"{end.step} {end.code} {end.stopped}")
@pytest.mark.parametrize("code", ["de", "fr"])
def test_the_log_is_english_in_every_language(code: str, end: RunEnd) -> None:
    """Also where a text is made of several."""
    in_english = end_text(end)
    use_language(code)
    shown = end_text(end)
    assert shown != in_english
    assert in_english == english(shown)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (12, f'and that port under Options, "{LABELS["imap_port"]}".'),
        (16, f'and your own one under Options, "{LABELS["login_hint"]}".'),
        (64, 'Choose a newer one with "Choose imapsync…".'),
        (69, "or choose another imapsync."),
        (102, f'and the right server under Options, "{LABELS["imap_host"]}".'),
        (113, "ask its administrator for more."),
        (115, "Run it again: it copies only what is missing."),
        (161, 'Choose "Test the login" in the menu of a@example.com:'),
        (162, 'Choose "Test the login" in the menu of b@example.org:'),
    ],
)
def test_the_next_step_after_an_exit_code(code: int, expected: str) -> None:
    """In the window's words: its fields and buttons, and no options of a command line."""
    said = end_text(RunEnd(Step.TEST, SEEN, code=code, sides=("a@example.com", "b@example.org")))
    assert said.startswith(f"imapsync has ended with exit code {code}: ")
    assert expected in said
    assert "--" not in said


def test_another_program_may_have_been_chosen() -> None:
    """Its exit codes are not those of imapsync."""
    said = end_text(RunEnd(Step.TEST, SEEN, code=2))
    assert said.endswith('If this is not imapsync, choose another one with "Choose imapsync…".')


def test_nothing_is_advised_where_nothing_is_known() -> None:
    """The meaning of the code is all there is to say."""
    said = end_text(RunEnd(Step.TEST, SEEN, code=70))
    assert said == "imapsync has ended with exit code 70: a mistake in imapsync itself."


@pytest.mark.parametrize("step", Step)
def test_a_run_that_was_stopped_before_it_began(step: Step) -> None:
    """Nothing was copied, and there is no rest."""
    said = end_text(RunEnd(step, replace(SEEN, starts=0, copied=0), stopped=True))
    assert said == "You have stopped imapsync before it began."
