"""What is to be started, how often, and for which mailboxes; and a file that says so."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

# A day is divided evenly by each of them, so that cron's syntax can say them. A token is valid for
# about an hour, so a longer time would leave imapsync without one.
MINUTES = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
NAME = "oauth2_imap"
DESCRIPTION = "Refresh the OAuth2 tokens for imapsync"
# In a container: the folder in which the program is started, with the folder of the tokens in it.
WORK = PurePosixPath("/work")
TOKENS = WORK / "tokens"


@dataclass(frozen=True, slots=True)
class Plan:
    """One refresh of some mailboxes, to be repeated.

    `program` is the command that starts this program here. `folder` is where it starts, and
    `tokens` is the folder of the token files. `token_file` is set for a single file with a name or
    a place of its own. `home` is the value of OAUTH2_IMAP_HOME, or "". `owner` are the numbers of
    the user and the group to whom the tokens belong.
    """

    program: tuple[str, ...]
    folder: Path
    tokens: Path
    addresses: tuple[str, ...]
    every: int
    token_file: Path | None = None
    home: str = ""
    owner: tuple[int, int] = (65534, 65534)

    @property
    def here(self) -> tuple[str, ...]:
        """The command on this computer, without the program itself."""
        named = ("--token_file", str(self.token_file)) if self.token_file else self.addresses
        return (*self._options, *named)

    @property
    def in_container(self) -> tuple[str, ...]:
        """The command in a container, where the folder of the tokens is mounted at TOKENS."""
        return (NAME, *self._options, *self.named_in_container)

    @property
    def named_in_container(self) -> tuple[str, ...]:
        """The words that name the mailboxes there."""
        if self.token_file:
            return ("--token_file", str(TOKENS / self.token_file.name))
        return self.addresses

    @property
    def _options(self) -> tuple[str, ...]:
        # Twice the time between two runs: one run can fail, and the token is still valid.
        return ("--refresh_only", "--min_left", str(2 * self.every))


@dataclass(frozen=True, slots=True)
class Written:
    """A file to write, and in which encoding its readers expect it."""

    name: str
    text: str
    encoding: str = field(default="utf-8", kw_only=True)
