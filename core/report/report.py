"""Put the report together and write it. A part that fails becomes one line; the others stay."""

import itertools
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..cancel import Cancellation
from ..errors import AppError
from ..files import free_path, write_private
from ..net.network import Network
from ..paths import SETTINGS_FILE, user_config_folder, user_log_folder
from ..providers.catalog import own_file
from ..providers.detection import resolve_mx_by_dns
from . import sections
from .masking import Masking
from .sections import Question

log = logging.getLogger(__name__)

Section = Callable[[Question, Masking], Iterable[str]]
SECTIONS: tuple[tuple[str, Section], ...] = (
    ("Versions", sections.versions),
    ("Providers", sections.providers),
    ("Settings of the window", sections.settings),
    ("Detection", sections.detection),
    ("Token files, as imapsync reads them", sections.token_file_findings),
    ("Proxies", sections.proxies),
    ("Token endpoints", sections.endpoints),
    ("The end of the log", sections.log_tail),
)
PROMISE = (
    "No token, secret or password is in it, and no more of an address than its domain; your home "
    "folder is written ~."
)


def question_here(
    addresses: Sequence[str], token_files: Sequence[Path], network: Network
) -> Question:
    """A question about this computer and its user. The addresses must be parsed already."""
    return Question(
        addresses=tuple(addresses),
        token_files=tuple(token_files),
        network=network,
        own_file=own_file(),
        settings_file=user_config_folder() / SETTINGS_FILE,
        log_folder=user_log_folder(),
        resolve_mx=resolve_mx_by_dns,
        clock=time.time,
    )


def write_report(question: Question, folder: Path, cancelled: Cancellation) -> Path:
    """Write the report into a new private file in the folder; the file's absolute path.

    It may take several times `--timeout`, since servers are asked. Raises `AppError` if the file
    can't be written, and `Cancelled`.
    """
    text = report_text(question, cancelled)
    day = datetime.fromtimestamp(question.clock()).strftime("%Y-%m-%d")
    stem = folder.absolute() / f"oauth2_imap_report_{day}"
    path = free_path(stem.with_name(f"{stem.name}{end}.txt") for end in _endings())
    try:
        write_private(path, text.encode("utf-8", "replace"))
    except OSError as exc:
        raise AppError(
            f"The report can't be written to {folder.absolute()}",
            detail=exc.strerror or "",
            hint="Run this in a folder you may write to",
        ) from exc
    return path


def report_text(question: Question, cancelled: Cancellation, *, home: str = "") -> str:
    """The text of a report, without what identifies the user; raises `Cancelled`."""
    masking = Masking(home)
    moment = datetime.fromtimestamp(question.clock(), UTC)
    lines = [f"A report of oauth2_imap, {moment:%Y-%m-%d %H:%M:%S} UTC", PROMISE]
    for title, section in SECTIONS:
        cancelled.check()
        lines += ["", f"== {title}", *(_told(section, question, masking) or ["nothing"])]
    return "\n".join(masking.text(line) for line in lines) + "\n"


def _told(section: Section, question: Question, masking: Masking) -> list[str]:
    """The lines of one part; if it fails, the lines so far and one about the failure."""
    told: list[str] = []
    try:
        told.extend(section(question, masking))
    except AppError as exc:
        told.append(f"! {exc.message}{f' ({exc.detail})' if exc.detail else ''}")
    except Exception as exc:  # the mistake may be in this very part
        log.exception("a part of the report failed")
        told.append(f"! this part failed: {type(exc).__name__}")
    return told


def _endings() -> Iterator[str]:
    yield ""
    yield from (f"_{number}" for number in itertools.count(2))
