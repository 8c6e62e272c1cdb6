"""Which mailbox is side 1 and which is side 2, and the options to add to the command line.

Options that the user wrote are never overridden. If they contradict ours, a note tells the user.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from ...address import same_address
from ...errors import as_error
from ...i18n.translation import N_, _
from ...verdicts import local_commands
from ..command import MINIMUM_TO_CALL, MINIMUM_WITHOUT_PASSWORD, Side, side_words
from ..shell_quoting import join, own_shells
from .command_line import ImapsyncCommand
from .version import Version, is_at_least, is_older

BOTH = (1, 2)
_NAMES = {1: N_("side 1 (source)"), 2: N_("side 2 (destination)")}
# With any of these, imapsync can log in to a side without our token.
_OWN_LOGINS = ("password", "passfile", "oauthaccesstoken", "oauthdirect")
_TOKEN_OPTIONS = ("oauthaccesstoken", "oauthdirect")
# Options that set both the server and TLS of a side.
_SERVER_SHORTCUTS = ("gmail", "office", "exchange", "domino")


@dataclass(frozen=True, slots=True)
class SideChoice:
    """The side of a mailbox, and a sentence for the user that says which one and why."""

    number: int
    message: str


def users_without_login(command: ImapsyncCommand) -> list[str]:
    """The users in the command that have no password or token, so they need ours."""
    users = [
        command.value(f"user{number}")
        for number in BOTH
        if not command.has(*(f"{name}{number}" for name in _OWN_LOGINS))
    ]
    return [user for user in users if user]


def choose_sides(
    sides: Sequence[Side], command: ImapsyncCommand, *, chosen: int
) -> list[SideChoice]:
    """Choose the side of each of one or two mailboxes; `chosen` is the user's `--side`, or 0.

    Raises `UsageProblem` if the command does not tell the side of a single mailbox.
    """
    if len(sides) == 1:
        return [_choose_for_one(sides[0], command, chosen)]
    if chosen:
        raise as_error(local_commands.SIDE_FOR_ONE_MAILBOX)
    crossed = any(
        _is_user(command, number, side.address) and not same_address(side.address, other.address)
        for number, side, other in ((2, sides[0], sides[1]), (1, sides[1], sides[0]))
    )
    if crossed:
        return [
            _choice(N_("{address} is {side}, as in --user1 and --user2."), side, number)
            for side, number in zip(sides, (2, 1), strict=True)
        ]
    return [
        _choice(N_("{address} is {side}, because you named it first."), sides[0], 1),
        _choice(N_("{address} is {side}, because you named it second."), sides[1], 2),
    ]


def additions(
    number: int,
    side: Side,
    command: ImapsyncCommand,
    version: Version | None,
    refresh_command: str = "",
) -> list[str]:
    """The words of the options for this side that the command does not have yet.

    `refresh_command` is what imapsync can call before each login, if its version can.
    """
    given = _given(number, command)
    words = [
        word
        for name, group in side_words(number, side).items()
        if name not in given
        for word in group
    ]
    needs_password = is_older(version, MINIMUM_WITHOUT_PASSWORD)
    if needs_password and not command.has(f"password{number}", f"passfile{number}"):
        words += [f"--password{number}", "unused"]  # otherwise imapsync asks for one
    if refresh_command and can_call(number, side, command, version):
        words += [f"--oauthrefreshcmd{number}", refresh_command]
    return words


def notes_on(number: int, side: Side, command: ImapsyncCommand) -> list[str]:
    """Notes on options of the command that contradict ours, or that a container needs."""
    notes = []
    user_option, host_option = f"--user{number}", f"--host{number}"
    user, host = command.value(f"user{number}"), command.value(f"host{number}")
    if user is not None and not same_address(user, side.address):
        shared = join(
            ["run", user, "--login_hint", side.address, "--"], own_shells(sys.platform)[0]
        )
        notes.append(
            _(
                "{option} {user} is not changed, but the token belongs to {address}. If {user} is "
                "a shared mailbox, give oauth2_imap its address: {command} imapsync …",
                option=user_option,
                user=user,
                address=side.address,
                command=shared,
            )
        )
    if host is not None and not _is_host(command, number, side.imap_host):
        notes.append(
            _(
                "{option} {host} is not changed, but the provider's server is {imap_host}.",
                option=host_option,
                host=host,
                imap_host=side.imap_host,
            )
        )
    for name in _TOKEN_OPTIONS:
        token_option, value = f"--{name}{number}", command.value(f"{name}{number}")
        if value is not None and not _is_read_as(value, side, command):
            # The note does not repeat the value: it may be a token.
            notes.append(
                _(
                    "{option} is not changed, so imapsync does not use {path}.",
                    option=token_option,
                    path=side.token_file,
                )
            )
    if "token" not in _given(number, command) and command.is_in_container:
        notes.append(_container_note(number, side))
    return notes


def can_call(number: int, side: Side, command: ImapsyncCommand, version: Version | None) -> bool:
    """Whether this imapsync can refresh the token of a side itself, and the user leaves it to us.

    An imapsync of unknown version gets only options that every imapsync knows.
    """
    uses_our_file = not command.has(f"oauthdirect{number}") and command.value(
        f"oauthaccesstoken{number}"
    ) in (None, str(side.token_file))
    own = command.has(f"oauthrefreshcmd{number}")
    return is_at_least(version, MINIMUM_TO_CALL) and uses_our_file and not own


def _choose_for_one(side: Side, command: ImapsyncCommand, chosen: int) -> SideChoice:
    if chosen:
        return _choice(N_("{address} is {side}, as you chose with --side."), side, chosen)
    same_user = [n for n in BOTH if _is_user(command, n, side.address)]
    same_file = [n for n in BOTH if _is_token_file(command, n, side)]
    no_login = [n for n in BOTH if not command.has(*(f"{name}{n}" for name in _OWN_LOGINS))]
    no_user = [n for n in BOTH if command.value(f"user{n}") is None]
    same_host = [n for n in BOTH if _is_host(command, n, side.imap_host)]
    if sorted(no_login + no_user) == [*BOTH]:
        no_login, no_user = [], []  # the one says side 1, the other side 2
    for message, numbers in (
        (N_("{address} is {side}, because --user{number} is this address."), same_user),
        (N_("{address} is {side}, because --oauthaccesstoken{number} is its file."), same_file),
        (N_("{address} is {side}, because the command has a login for the other side."), no_login),
        (N_("{address} is {side}, because the command names the user of the other side."), no_user),
        (N_("{address} is {side}, because --host{number} is its server."), same_host),
    ):
        if len(numbers) == 1:
            return _choice(message, side, numbers[0])
    raise as_error(local_commands.SIDE_UNKNOWN, address=side.address)


def _choice(message: str, side: Side, number: int) -> SideChoice:
    named = _(message, address=side.address, side=_(_NAMES[number]), number=number)
    return SideChoice(number, named)


def _is_user(command: ImapsyncCommand, number: int, address: str) -> bool:
    return same_address(command.value(f"user{number}") or "", address)


def _is_token_file(command: ImapsyncCommand, number: int, side: Side) -> bool:
    """Whether a side has this mailbox's token file, perhaps under another path in a container."""
    given = command.value(f"oauthaccesstoken{number}") or ""
    return PurePath(given).name == side.token_file.name


def _is_read_as(path: str, side: Side, command: ImapsyncCommand) -> bool:
    """Whether imapsync finds this mailbox's token file under a path, as far as that is known."""
    if command.is_in_container:
        return PurePosixPath(path).name == side.token_file.name
    return path == str(side.token_file)


def _is_host(command: ImapsyncCommand, number: int, host: str) -> bool:
    return (command.value(f"host{number}") or "").lower() == host.lower()


def _given(number: int, command: ImapsyncCommand) -> set[str]:
    """The groups of options (as in `side_words`) that the command line has already."""
    shortcut = command.has(*(f"{name}{number}" for name in _SERVER_SHORTCUTS))
    server = shortcut or command.has(f"host{number}")
    groups = {
        # A user who names the server also decides on its port and TLS, if only by the defaults.
        "host": server,
        "port": server or command.has(f"port{number}"),
        "tls": server or command.has(f"ssl{number}", f"tls{number}"),
        "user": command.has(f"user{number}"),
        "token": command.has(*(f"{name}{number}" for name in _TOKEN_OPTIONS)),
    }
    return {name for name, is_given in groups.items() if is_given}


def _container_note(number: int, side: Side) -> str:
    """The note for an imapsync in a container, where the token file has another path or none."""
    inside, shell = f"/tokens{number}", own_shells(sys.platform)[0]
    mounting = join(["-v", f"{side.token_file.parent}:{inside}"], shell)
    named = join([f"--oauthaccesstoken{number}", f"{inside}/{side.token_file.name}"], shell)
    return _(
        "imapsync runs in a container, which does not see the token file of {address}. Add these "
        "options to the command: {mounting} for the container, and {named} for imapsync. "
        "docs/DOCKER.md says how the user of the container can read the file.",
        address=side.address,
        mounting=mounting,
        named=named,
    )
