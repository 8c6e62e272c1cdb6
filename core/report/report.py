"""Put a report together and write it. A section that fails does not stop the other sections."""

import itertools
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..cancel import Cancellation
from ..detection.question import Lookups
from ..error_lines import log_line
from ..errors import AppError, as_error
from ..files import free_path, write_private
from ..i18n.translation import N_
from ..net.network import Network
from ..paths import SETTINGS_FILE, own_providers_file, user_config_folder, user_log_folder
from ..plain_text import visible
from ..verdicts import local_files
from . import sections
from .masking import Masking
from .sections import Question

log = logging.getLogger(__name__)

Section = Callable[[Question, Masking], Iterable[str]]
SECTIONS: tuple[tuple[str, Section], ...] = (
    ("Versions", sections.versions),
    ("Providers", sections.providers),
    ("Window settings", sections.settings),
    ("Provider detection", sections.detection),
    ("Token files, as imapsync reads them", sections.token_file_findings),
    ("Proxies", sections.proxies),
    ("Token endpoints", sections.endpoints),
    ("Last lines of the log", sections.log_tail),
)
PROMISE = N_(
    "This report contains no tokens, secrets or passwords. It shows only the domains of e-mail "
    "addresses. Your home folder is written as ~."
)


def question_here(
    addresses: Sequence[str], token_files: Sequence[Path], network: Network
) -> Question:
    """The question for a report about this computer and user. The addresses must be parsed."""
    return Question(
        addresses=tuple(addresses),
        token_files=tuple(token_files),
        network=network,
        own_file=own_providers_file(),
        settings_file=user_config_folder() / SETTINGS_FILE,
        log_folder=user_log_folder(),
        lookups=Lookups(),
        clock=time.time,
    )


def write_report(question: Question, folder: Path, cancelled: Cancellation) -> Path:
    """Write the report into a new private file in the folder. Returns its absolute path.

    It also uses the network, so it may take several times as long as `--timeout`.
    """
    text = report_text(question, cancelled)
    day = datetime.fromtimestamp(question.clock()).strftime("%Y-%m-%d")
    stem = folder.absolute() / f"oauth2_imap_report_{day}"
    path = free_path(stem.with_name(f"{stem.name}{end}.txt") for end in _endings())
    try:
        write_private(path, text.encode("utf-8", "replace"))
    except OSError as exc:
        raise as_error(
            local_files.REPORT_NOT_WRITTEN, detail=exc.strerror or "", folder=folder.absolute()
        ) from exc
    return path


def report_text(question: Question, cancelled: Cancellation, *, home: str = "") -> str:
    """The text of the report."""
    masking = Masking(home)
    moment = datetime.fromtimestamp(question.clock(), UTC)
    lines = [f"oauth2_imap report, {moment:%Y-%m-%d %H:%M:%S} UTC", PROMISE]
    for title, section in SECTIONS:
        cancelled.check()
        lines += ["", f"== {title}", *(_lines_of(section, question, masking) or ["none"])]
    return "\n".join(visible(masking.text(line)) for line in lines) + "\n"


def _lines_of(section: Section, question: Question, masking: Masking) -> list[str]:
    """The lines of a section. After an error, the lines before it and a line about it."""
    lines: list[str] = []
    try:
        lines.extend(section(question, masking))
    except AppError as exc:
        lines.append(f"! {log_line(exc)}")
    except Exception as exc:  # reports are made when something is wrong, perhaps in this section
        log.exception("a section of the report failed")
        lines.append(f"! This section failed: {type(exc).__name__}")
    return lines


def _endings() -> Iterator[str]:
    yield ""
    yield from (f"_{number}" for number in itertools.count(2))
