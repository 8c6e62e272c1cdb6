"""What has become of the tokens with which a run of imapsync began."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import AppError
from ...tokenfile.expiry import left
from ...tokenfile.format import TokenFile
from ...tokenfile.read import read_token_file


class StartedTokens:
    """The token files as they were when imapsync was started."""

    def __init__(self, files: Sequence[Path], clock: Callable[[], float]) -> None:
        """Read the files."""
        self._clock = clock
        self._before = {file: _content(file) for file in files}

    def expired(self) -> bool:
        """Whether one of those tokens has expired."""
        return any(_is_dead(token, self._clock()) for token in self._before.values())

    def replaced(self) -> bool:
        """Whether a newer token has replaced one of them."""
        return any(_is_another(_content(file), old) for file, old in self._before.items())


def dead_files(files: Sequence[Path], clock: Callable[[], float]) -> list[Path]:
    """The files whose token has expired, so that every login with it would be refused."""
    return [file for file in files if _is_dead(_content(file), clock())]


def _content(file: Path) -> TokenFile | None:
    with contextlib.suppress(AppError):
        return read_token_file(file)
    return None


def _is_dead(token: TokenFile | None, now: float) -> bool:
    return token is not None and left(token, now) == 0


def _is_another(now: TokenFile | None, before: TokenFile | None) -> bool:
    return now is not None and (before is None or now.access != before.access)
