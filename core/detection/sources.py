"""The sources of clues beside the MX records: each is one small function in a table.

They are asked side by side, and only if the domain and its MX records don't tell the provider.
Nobody learns more than the domain of the address.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from types import MappingProxyType

from ..errors import AppError
from .clues import Clue, Reason
from .dns_records import hosts_of
from .hosts import clues_of_host
from .pages import by_autoconfig, by_tenant
from .question import Question

TIME_LIMIT = 2.0  # seconds for all of them
_LONGEST_CHAIN = 4  # aliases of autodiscover that are followed; a circle ends there too
_IMAPS = "_imaps._tcp"  # RFC 6186
_SPF = "v=spf1"  # RFC 7208
_SPF_TERMS = ("include:", "redirect=")
# None: no answer that can be used.
Call = Callable[[], list[Clue] | None]
Source = Callable[[Question], list[Clue] | None]


def by_autodiscover(question: Question) -> list[Clue]:
    """Where Outlook is sent to find the mailbox: an alias, perhaps over others of the domain."""
    name = f"autodiscover.{question.domain}"
    for _ in range(_LONGEST_CHAIN):
        targets = question.records(name, "CNAME")
        if not targets:
            return []
        name = targets[0]
        if clues := clues_of_host(Reason.AUTODISCOVER, name, question.catalog):
            return clues
    return []


def by_srv(question: Question) -> list[Clue]:
    """The IMAP server that the domain announces to mail programs, that with the highest priority.

    https://www.rfc-editor.org/rfc/rfc6186
    """
    for host in hosts_of(question.records(f"{_IMAPS}.{question.domain}", "SRV")):
        if clues := clues_of_host(Reason.SRV, host, question.catalog):
            return clues
    return []


def by_spf(question: Question) -> list[Clue]:
    """Whose servers may send mail of the domain: https://www.rfc-editor.org/rfc/rfc7208"""
    texts = question.records(question.domain, "TXT")
    terms = [term for t in texts if t.split()[:1] == [_SPF] for term in t.lower().split()]
    hosts = [term.partition(start)[2] for term in terms for start in _SPF_TERMS if start in term]
    return [c for host in hosts for c in clues_of_host(Reason.SPF, host, question.catalog)]


SOURCES: Mapping[Reason, Source] = MappingProxyType(
    {
        Reason.AUTODISCOVER: by_autodiscover,
        Reason.SRV: by_srv,
        Reason.SPF: by_spf,
        Reason.TENANT: by_tenant,
    }
)


def ask_side_by_side(question: Question) -> tuple[list[Clue], tuple[Reason, ...]]:
    """The clues of all sources, and the sources that gave no answer in time."""
    calls = list(_calls(question))
    # The threads end soon after the deadline, since the sources have the same one.
    pool = ThreadPoolExecutor(len(calls), "detection")
    answers = [(reason, pool.submit(ask)) for reason, ask in calls]
    pool.shutdown(wait=False)
    done, _ = wait([answer for _, answer in answers], question.left)
    clues: list[Clue] = []
    unanswered = []
    for reason, answer in answers:
        found = _clues_of(answer) if answer in done else None
        if found is None:
            unanswered.append(reason)
        else:
            clues += found
    return list(dict.fromkeys(clues)), tuple(dict.fromkeys(unanswered))


def _calls(question: Question) -> Iterator[tuple[Reason, Call]]:
    """Each source, and each place of a file for mail programs."""
    for reason, source in SOURCES.items():
        yield reason, partial(source, question)
    for place in question.catalog.discovery.autoconfig:
        yield Reason.AUTOCONFIG, partial(by_autoconfig, question, place)


def _clues_of(answer: Future[list[Clue] | None]) -> list[Clue] | None:
    """None if the source could not be asked; it is only one of several."""
    try:
        return answer.result()
    except AppError:
        return None
