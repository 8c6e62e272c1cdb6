"""What a file of another program says about one mailbox, as data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import AppError
from ..tokenfile.format import TokenFile, is_token


@dataclass(frozen=True, slots=True)
class Found:
    """One mailbox in a file of another program. What the file doesn't say is empty.

    `file` has the tokens and the names, as the token file will record them. `given` are values of
    its registration by the name of the field, as `by_hand` takes them. `scopes` are those that were
    granted. With `client_unknown`, its refresh token belongs to a client ID that the file doesn't
    say. `token_file` is where a script keeps the tokens. `problem` says why tokens are missing.
    """

    file: TokenFile
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    scopes: tuple[str, ...] = ()
    client_unknown: bool = False
    token_file: str = ""
    problem: AppError | None = None

    @property
    def has_tokens(self) -> bool:
        """Whether there is a token to import."""
        return bool(self.file.access or self.file.refresh)


# Reads the words of a call of oauth2_imap. Raises `UsageProblem` if they are no valid call.
ReadCall = Callable[[Sequence[str]], Found]


def text_in(table: Mapping[str, Any], name: str) -> str:
    """A text in a JSON object; empty if it is missing or something else."""
    value = table.get(name)
    return value.strip() if isinstance(value, str) else ""


def tokens_of(access: str, refresh: str, **more: Any) -> TokenFile:
    """A token file with these tokens; a text that can't be a token is left out."""
    access, refresh = (word if is_token(word) else "" for word in (access, refresh))
    return TokenFile(access, refresh, **more)


def given_by(**values: str) -> Mapping[str, Any]:
    """The values that are there."""
    return {name: value for name, value in values.items() if value}
