"""What the window says of a run of imapsync: in the user's language, and in English for the log."""

import pytest

from core.errors import as_error
from core.i18n.translation import english, use_language
from core.imapsync.run.progress import Progress
from core.imapsync.run.watch import Seen
from core.verdicts import local_commands
from gui.model.imapsync_run import RunEnd, Step
from gui.model.run_words import end_text

SEEN = Seen(starts=2, progress=Progress(), copied=1234, lines=(), said="")
ENDS = [
    RunEnd(Step.TEST, SEEN, code=0),
    RunEnd(Step.COPY, SEEN, code=0),
    RunEnd(Step.COPY, SEEN, code=16),
    RunEnd(Step.COPY, SEEN, stopped=True),
    RunEnd(Step.TEST, SEEN, stopped=True),
    RunEnd(Step.COPY, SEEN, error=as_error(local_commands.PROGRAM_NOT_FOUND, program="imapsync")),
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: f"{end.step} {end.code} {end.stopped}")
@pytest.mark.parametrize("code", ["de", "fr"])
def test_the_log_is_english_in_every_language(code: str, end: RunEnd) -> None:
    """Also where a text is made of several."""
    in_english = end_text(end)
    use_language(code)
    shown = end_text(end)
    assert shown != in_english
    assert in_english == english(shown)
