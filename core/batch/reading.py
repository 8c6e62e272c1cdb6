"""Reads a list: start reading here. Each mistake is named with its line, and the rest goes on."""

import os
import shlex
from pathlib import Path
from typing import NamedTuple

from ..address import parse_address
from ..errors import AppError, as_error
from ..verdicts import local_batch
from .entries import Identity, Listed, MailboxList, Mistake, Pair, PasswordLogin
from .table import read_file, read_table

_SIDES = {"": 0, "1": 1, "2": 2}
# How imapsync's options for passwords begin; Perl takes abbreviations, and one dash or two.
_SECRET_OPTIONS = ("-passw", "--passw")

Values = dict[str, str]


class _Columns(NamedTuple):
    """The columns that describe one mailbox. Only a pair has one for the host."""

    address: str = "address"
    host: str = "host"
    provider: str = "provider"
    application: str = "application"
    grant: str = "grant"
    login_hint: str = "login_hint"
    token_file: str = "token_file"  # noqa: S105  # the name of a column


_OF_MAILBOX = _Columns()
_OF_SIDE = {
    side: _Columns(f"user{side}", *(f"{name}{side}" for name in _OF_MAILBOX[1:])) for side in (1, 2)
}


class WrongValueError(Exception):
    """A value of a line can't be used."""

    def __init__(self, column: str, error: AppError) -> None:
        super().__init__(column)
        self.column = column
        self.error = error


def read_list(path: Path) -> MailboxList:
    """Read a list from a file. Token files in it are relative to its folder.

    Raises `AppError` if the file can't be read, or has no known columns.
    """
    return list_in(read_file(path), path.absolute().parent)


def list_in(content: bytes, folder: Path) -> MailboxList:
    """The same for the content of a file."""
    table = read_table(content)
    found = MailboxList(ignored_columns=table.ignored)
    reader = _Reader(found, folder)
    take = reader.take_pair if "user1" in table.columns else reader.take_mailbox
    for line, row in table.rows:
        if isinstance(row, AppError):
            found.mistakes.append(Mistake(line, "", row))
            continue
        values = {name: cell.strip() for name, cell in zip(table.columns, row, strict=True) if cell}
        try:
            take(line, values)
        except WrongValueError as exc:
            found.mistakes.append(Mistake(line, exc.column, exc.error))
    return found


class _Reader:
    """Adds lines to a list. It knows the token files and the mailboxes of earlier lines."""

    def __init__(self, found: MailboxList, folder: Path) -> None:
        self._found = found
        self._folder = folder
        self._seen: set[Identity] = set()
        self._owners: dict[Path, str] = {}
        self._sides: dict[tuple[str, int], Listed] = {}

    def take_mailbox(self, line: int, values: Values) -> None:
        side = values.get("side", "")
        if side not in _SIDES:
            raise WrongValueError("side", as_error(local_batch.LINE_WITH_WRONG_SIDE))
        listed = self._listed(line, values, _OF_MAILBOX, _SIDES[side])
        self._add(listed)
        self._pair(listed)

    def _pair(self, listed: Listed) -> None:
        """A source and a destination with the same address are a pair: the mailbox moves."""
        if not listed.side:
            return
        address = listed.address.casefold()
        if other := self._sides.get((address, 3 - listed.side)):
            source, destination = sorted((listed, other), key=lambda one: one.side)
            self._found.pairs.append(Pair(listed.line, source, destination))
        self._sides[address, listed.side] = listed

    def take_pair(self, line: int, values: Values) -> None:
        source, destination = self._side(line, values, 1), self._side(line, values, 2)
        options = _options(values.get("options", ""))
        for side in (source, destination):
            if isinstance(side, Listed):
                self._add(side)
        self._found.pairs.append(Pair(line, source, destination, options))

    def _side(self, line: int, values: Values, side: int) -> Listed | PasswordLogin:
        """A side with a password logs in with it; each other one gets a token."""
        columns, password = _OF_SIDE[side], values.get(f"password{side}", "")
        if not password:
            return self._listed(line, values, columns, side)
        for column in (columns.host, columns.address):
            if not values.get(column):
                raise _missing(column)
        return PasswordLogin(values[columns.host], values[columns.address], password)

    def _listed(self, line: int, values: Values, columns: _Columns, side: int) -> Listed:
        address, hint = _address(values, columns.address), columns.login_hint
        file = values.get(columns.token_file, "")
        path = self._folder / os.path.expanduser(file) if file else None
        if path and self._owners.setdefault(path, address.casefold()) != address.casefold():
            raise WrongValueError(columns.token_file, as_error(local_batch.LINE_WITH_USED_FILE))
        return Listed(
            line=line,
            address=address,
            provider=values.get(columns.provider, ""),
            application=values.get(columns.application, ""),
            grant=values.get(columns.grant, ""),
            login_hint=_address(values, hint) if values.get(hint) else "",
            token_file=path,
            side=side,
            host=values.get(columns.host, "").lower(),
        )

    def _add(self, listed: Listed) -> None:
        """Add a mailbox if no earlier line has it: its token is asked for once."""
        identity = listed.identity
        if identity not in self._seen:
            self._seen.add(identity)
            self._found.mailboxes.append(listed)


def _address(values: Values, column: str) -> str:
    """The address in a column. Its error doesn't repeat the text, which may be a password."""
    text = values.get(column, "")
    if not text:
        raise _missing(column)
    try:
        return parse_address(text)
    except AppError as exc:
        raise WrongValueError(column, as_error(exc.verdict)) from None


def _options(text: str) -> tuple[str, ...]:
    """The further words for imapsync, as a shell reads them."""
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        raise WrongValueError("options", as_error(local_batch.LINE_BADLY_QUOTED)) from None
    if any(word.startswith(_SECRET_OPTIONS) for word in words):
        raise WrongValueError("options", as_error(local_batch.LINE_WITH_SECRET_OPTION))
    return words


def _missing(column: str) -> WrongValueError:
    return WrongValueError(column, as_error(local_batch.LINE_WITHOUT_VALUE, column=column))
