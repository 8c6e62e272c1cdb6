"""Name servers are asked once about each domain of a list."""

import threading
import time
from dataclasses import replace

import pytest

from core.batch.batch import open_batch, work_through
from core.detection.question import Lookups
from core.detection.remembered import remembering
from core.errors import AppError, as_error
from core.net.network import Network
from core.net.response import HttpResponse
from core.verdicts.local_settings import DOMAIN_UNKNOWN, NAME_SERVERS_SILENT
from servers import Stage

ANSWER = ["10 mx.demo.example"]


class Asked:
    """Name servers and web pages that count the questions."""

    def __init__(self, error: AppError | None = None) -> None:
        self.error = error
        self.questions: list[str] = []
        self.lookups = Lookups(self.records, self.page)

    def records(self, name: str, kind: str, _timeout: float) -> list[str]:
        """The answer comes a moment later, so others ask meanwhile."""
        self.questions.append(f"{kind} {name}")
        time.sleep(0.01)
        if self.error:
            raise self.error
        return ANSWER

    def page(self, uri: str, _network: Network) -> HttpResponse:
        """An empty page."""
        self.questions.append(uri)
        return HttpResponse(200, {}, b"")


def test_the_same_question_is_asked_once() -> None:
    """By many threads at once, and later."""
    asked = Asked()
    lookups = remembering(asked.lookups)
    answers: list[list[str]] = []

    def ask() -> None:
        answers.append(lookups.records("demo.example", "MX", 1))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 8 * [ANSWER] == answers
    lookups.records("demo.example", "TXT", 1)
    for _ in range(2):
        lookups.page("https://demo.example/", Network())
    assert ["MX demo.example", "TXT demo.example", "https://demo.example/"] == asked.questions


def test_a_domain_that_does_not_exist() -> None:
    """That is an answer too; each mailbox gets an error of its own."""
    asked = Asked(as_error(DOMAIN_UNKNOWN, domain="demo.example"))
    lookups = remembering(asked.lookups)
    errors = []
    for _ in range(3):
        with pytest.raises(AppError) as caught:
            lookups.records("demo.example", "MX", 1)
        caught.value.add_note("Did you mean …?")
        errors.append(caught.value)
    assert 1 == len(asked.questions)
    assert {DOMAIN_UNKNOWN} == {error.verdict for error in errors}
    assert 3 == len({id(error) for error in errors})
    assert 3 * [1] == [len(error.notes) for error in errors]


def test_a_failure_is_forgotten() -> None:
    """Silent name servers are asked again, after a minute."""
    asked = Asked(as_error(NAME_SERVERS_SILENT, domain="demo.example"))
    now = 0.0
    lookups = remembering(asked.lookups, lambda: now)
    with pytest.raises(AppError):
        lookups.records("demo.example", "MX", 1)
    asked.error = None
    with pytest.raises(AppError):
        lookups.records("demo.example", "MX", 1)
    now = 61.0
    assert ANSWER == lookups.records("demo.example", "MX", 1)


def test_a_list_of_one_domain(stage: Stage) -> None:
    """All its mailboxes together ask as much as one of them."""
    asked = Asked()
    base = stage.job(check=False)
    base = replace(base, dependencies=replace(base.dependencies, lookups=asked.lookups))
    counts = []
    for count in (1, 30):
        path = stage.folder / "list.csv"
        lines = "".join(f"user{number}@company.example\n" for number in range(count))
        path.write_text("address\n" + lines, "utf-8")
        asked.questions.clear()
        for _ in work_through(open_batch(path, base), 8, base):
            pass
        counts.append(sorted(asked.questions))
    assert counts[0]
    assert counts[0] == counts[1]
