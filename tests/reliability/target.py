"""What every target of the fuzzing has: a reader, samples, and the rule for what it may say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import proving  # noqa: F401  # the folders to import from

from core.errors import AppError
from core.plain_text import visible

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of bytes that raises on a breach, with samples; `share` is its part of all cases."""

    read: Callable[[bytes], None]
    samples: tuple[bytes, ...]
    share: float


def check_error(failure: AppError, *secrets: str) -> None:
    """Check what an error says: a bounded wait, and harmless texts."""
    assert 0 <= failure.retry_after < float("inf"), "an endless wait"
    for text in (failure.message, failure.detail, failure.explanation, failure.hint):
        check_text(visible(text), *secrets)


def check_text(said: str, *secrets: str, longest: int = _LONGEST) -> None:
    """Check that a text is short and printable, and that no secret is in it."""
    assert len(said) <= longest, "somebody's words without bound"
    assert said.isprintable(), "control characters of somebody else"
    for secret in secrets:
        assert secret not in said, "a secret is quoted"
