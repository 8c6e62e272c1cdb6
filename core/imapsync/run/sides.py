"""Which mailbox is side 1 and which is side 2, and the options that the command line lacks.

What stands on the command line is never overridden: it decides, and what follows from it is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...address import same_address
from ...errors import UsageProblem
from ..options import MINIMUM_WITHOUT_PASSWORD, Side, side_words
from .command_line import ImapsyncCommand, Version, is_older

BOTH = (1, 2)
_ROLES = {1: "source", 2: "destination"}
# Any of these logs a side in by itself.
_OWN_LOGINS = ("password", "passfile", "oauthaccesstoken", "oauthdirect")
_TOKEN_OPTIONS = ("oauthaccesstoken", "oauthdirect")
# What names a side's server and its TLS together.
_SERVER_SHORTCUTS = ("gmail", "office", "exchange", "domino")


@dataclass(frozen=True, slots=True)
class SideChoice:
    """A side for a mailbox, and why that one, ready after "because "."""

    number: int
    why: str

    def __str__(self) -> str:
        """In words."""
        return f"side {self.number} ({_ROLES[self.number]})"


@dataclass(frozen=True, slots=True)
class Additions:
    """Words to put behind the command, and sentences on what of it was left as it is."""

    words: tuple[str, ...]
    notes: tuple[str, ...]


def users_without_login(command: ImapsyncCommand) -> list[str]:
    """Whom the command names but gives nothing to log in with: their tokens are wanted."""
    users = [
        command.value(f"user{number}")
        for number in BOTH
        if not command.has(*(f"{name}{number}" for name in _OWN_LOGINS))
    ]
    return [user for user in users if user]


def places(sides: Sequence[Side], command: ImapsyncCommand, *, chosen: int) -> list[SideChoice]:
    """A place for each of one or two mailboxes; `chosen` is what the person says, or 0."""
    if len(sides) == 1:
        return [_place_of_one(sides[0], command, chosen)]
    if chosen:
        raise UsageProblem("--side is for one mailbox", hint="Give the two in their order")
    crossed = any(
        _is_user(command, number, side.address) and not same_address(side.address, other.address)
        for number, side, other in ((2, sides[0], sides[1]), (1, sides[1], sides[0]))
    )
    if crossed:
        return [SideChoice(number, "--user1 and --user2 say so") for number in (2, 1)]
    return [SideChoice(1, "it was named first"), SideChoice(2, "it was named second")]


def additions(
    number: int, side: Side, command: ImapsyncCommand, version: Version | None
) -> Additions:
    """What imapsync needs for this side and isn't told yet."""
    given = _given(number, command)
    words = [
        word
        for name, group in side_words(number, side).items()
        if name not in given
        for word in group
    ]
    needs_password = is_older(version, MINIMUM_WITHOUT_PASSWORD)
    if needs_password and not command.has(f"password{number}", f"passfile{number}"):
        words += [f"--password{number}", "unused"]  # else it asks a person for one
    return Additions(tuple(words), tuple(_notes(number, side, command)))


def _place_of_one(side: Side, command: ImapsyncCommand, chosen: int) -> SideChoice:
    if chosen:
        return SideChoice(chosen, "you chose it")
    clues: Mapping[str, list[int]] = {
        "--user{} is that address": [n for n in BOTH if _is_user(command, n, side.address)],
        "the other side's user is named": [n for n in BOTH if command.value(f"user{n}") is None],
        "--host{} is its server": [n for n in BOTH if _is_host(command, n, side.imap_host)],
    }
    for why, numbers in clues.items():
        if len(numbers) == 1:
            return SideChoice(numbers[0], why.format(numbers[0]))
    raise UsageProblem(
        f"The command doesn't tell whether {side.address} is the source or the destination",
        hint="Say --side 1 (source) or --side 2 (destination), before the two dashes",
    )


def _is_user(command: ImapsyncCommand, number: int, address: str) -> bool:
    return same_address(command.value(f"user{number}") or "", address)


def _is_host(command: ImapsyncCommand, number: int, host: str) -> bool:
    return (command.value(f"host{number}") or "").lower() == host.lower()


def _given(number: int, command: ImapsyncCommand) -> set[str]:
    """The groups of options that the command line has already."""
    shortcut = command.has(*(f"{name}{number}" for name in _SERVER_SHORTCUTS))
    server = shortcut or command.has(f"host{number}")
    groups = {
        # Who names the server means its port and its TLS too, be it by saying nothing.
        "host": server,
        "port": server or command.has(f"port{number}"),
        "tls": server or command.has(f"ssl{number}", f"tls{number}"),
        "user": command.has(f"user{number}"),
        "token": command.has(*(f"{name}{number}" for name in _TOKEN_OPTIONS)),
    }
    return {name for name, is_given in groups.items() if is_given}


def _notes(number: int, side: Side, command: ImapsyncCommand) -> list[str]:
    notes = []
    user, host = command.value(f"user{number}"), command.value(f"host{number}")
    if user is not None and not same_address(user, side.address):
        notes.append(f"--user{number} {user} stays, though the token is {side.address}'s")
    if host is not None and not _is_host(command, number, side.imap_host):
        notes.append(f"--host{number} {host} stays, though the provider's is {side.imap_host}")
    for name in _TOKEN_OPTIONS:
        value = command.value(f"{name}{number}")
        if value is not None and value != str(side.token_file):
            # The value isn't repeated: it may be a token itself.
            notes.append(f"--{name}{number} stays, so {side.token_file} isn't handed over")
    return notes
