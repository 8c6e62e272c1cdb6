"""Searches for the sign-in server and the IMAP server of a mail domain.

All sources are asked at once, within one time limit. A source that doesn't answer in time, or
answers anything else, says nothing.
"""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

from ..errors import Cancelled
from ..net.network import Network
from ..providers.fields import Discovery
from .finding import Finding
from .sources import Ask, questions

log = logging.getLogger(__name__)

LIMIT = 5.0  # seconds for all sources together
_POLL = 0.05  # seconds


def search(domain: str, known: Discovery, network: Network) -> Finding:
    """What the sources say together; an empty finding if they say nothing.

    The first source that names a sign-in server decides. What it leaves open, such as the IMAP
    server, is taken from the first that says it. Raises `Cancelled`.
    """
    limit = min(LIMIT, network.timeout)
    asked = list(questions(domain, known, replace(network, timeout=limit)))
    found = _ask_all(asked, time.monotonic() + limit, network)
    decisive = next((f for f in found if f.issuer), Finding())
    server = next((f for f in (decisive, *found) if f.imap_host), Finding())
    return replace(
        decisive,
        imap_host=server.imap_host,
        imap_port=server.imap_port,
        imap_starttls=server.imap_starttls,
        imap_takes_oauth=server.imap_takes_oauth,
    )


def _ask_all(asked: Sequence[Ask], deadline: float, network: Network) -> list[Finding]:
    """What was found until the deadline, in the order of the questions."""
    answers: list[Future[Finding | None]] = [Future() for _ in asked]
    for ask, answer in zip(asked, answers, strict=True):
        threading.Thread(target=_answer, args=(ask, answer), daemon=True).start()
    while time.monotonic() < deadline and not all(answer.done() for answer in answers):
        if network.cancelled:
            network.cancelled.check()
        time.sleep(_POLL)
    results = [answer.result() for answer in answers if answer.done()]
    return [finding for finding in results if finding is not None]


def _answer(ask: Ask, answer: "Future[Finding | None]") -> None:
    try:
        answer.set_result(ask())
    except Cancelled:
        answer.set_result(None)
    except Exception as exc:  # whatever strangers answer, the other sources count
        log.debug("a source of discovery ended with %s", type(exc).__name__)
        answer.set_result(None)
