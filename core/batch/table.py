"""Reads the lines of a list (CSV): its encoding, its separator, and its fields."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..errors import AppError, as_error
from ..files import read_regular
from ..verdicts import local_batch
from .columns import ADDRESSES, COMMENT, DELIMITERS, IMAPSYNC, OPTIONAL, columns_of, is_header

_LARGEST = 32_000_000  # bytes
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UNDECODED = "\N{REPLACEMENT CHARACTER}"
_QUOTE = '"'


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a list, and its lines by their numbers: the fields, or what is wrong.

    The first line may name unknown columns; they are `ignored`.
    """

    columns: list[str]
    ignored: list[str]
    rows: Iterator[tuple[int, list[str] | AppError]]


def read_file(path: Path) -> bytes:
    """The content of a list. Raises `AppError` if it can't be read."""
    try:
        content = read_regular(path, limit=_LARGEST + 1)
    except OSError as exc:
        raise as_error(local_batch.LIST_UNREADABLE, detail=exc.strerror or "", path=path) from exc
    if len(content) > _LARGEST:
        raise as_error(local_batch.LIST_TOO_LARGE)
    return content


def read_table(content: bytes) -> Table:
    """The table in a file. Raises `UsageProblem` if its columns are unknown."""
    text = _text(content)
    _, first = next(_lines(text), (0, ""))
    if not first:
        raise as_error(local_batch.LIST_EMPTY)
    delimiter = max(DELIMITERS, key=first.count)
    header = _fields(first, delimiter)
    columns = [] if isinstance(header, AppError) else columns_of(header)
    if isinstance(header, AppError) or not is_header(columns):
        return _without_header(text, first, delimiter)
    _refuse_twice(columns)
    ignored = [cell for cell, name in zip(header, columns, strict=True) if cell and not name]
    rows = (
        (number, _row(line, delimiter, columns)) for number, line in islice(_lines(text), 1, None)
    )
    return Table(columns, ignored, rows)


def _without_header(text: str, first: str, delimiter: str) -> Table:
    """The table if its first line is a mailbox already."""
    for columns in (ADDRESSES, IMAPSYNC) if "@" in first else (IMAPSYNC,):
        if isinstance(_plain_row(first, delimiter, columns), list):
            rows = ((number, _plain_row(line, delimiter, columns)) for number, line in _lines(text))
            return Table(list(columns), [], rows)
    raise as_error(local_batch.LIST_WITHOUT_HEADER)


def _text(content: bytes) -> str:
    """The text. Excel writes UTF-8 with a byte order mark, or UTF-16."""
    coding = "utf-16" if content.startswith(_UTF16_MARKS) else "utf-8-sig"
    return content.decode(coding, errors="replace")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, without empty ones and comments."""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line.strip() and not line.startswith(COMMENT):
            yield number, line


def _row(line: str, delimiter: str, columns: list[str]) -> list[str] | AppError:
    if _UNDECODED in line:
        return as_error(local_batch.LINE_BADLY_ENCODED)
    fields = _fields(line, delimiter)
    if isinstance(fields, list) and len(fields) != len(columns):
        return _wrong_length(fields, columns)
    return fields


def _fields(line: str, delimiter: str) -> list[str] | AppError:
    """The fields of a line, which is read alone: an open quote must not take the lines below it."""
    if _QUOTE not in line:
        return line.split(delimiter)  # the same as csv, and faster
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return as_error(local_batch.LINE_BADLY_QUOTED)


def _plain_row(line: str, delimiter: str, columns: Sequence[str]) -> list[str] | AppError:
    """The fields as imapsync's loops read them: quotes mean nothing, the last may be missing."""
    if _UNDECODED in line:
        return as_error(local_batch.LINE_BADLY_ENCODED)
    fields = line.split(delimiter)
    while len(fields) > len(columns) and not fields[-1].strip():
        fields.pop()
    needed = sum(name not in OPTIONAL for name in columns)
    if not needed <= len(fields) <= len(columns):
        return _wrong_length(fields, columns)
    return fields + [""] * (len(columns) - len(fields))


def _wrong_length(fields: list[str], columns: Sequence[str]) -> AppError:
    return as_error(local_batch.LINE_OF_OTHER_LENGTH, count=len(fields), columns=len(columns))


def _refuse_twice(columns: list[str]) -> None:
    named = [name for name in columns if name]
    for name in named:
        if named.count(name) > 1:
            raise as_error(local_batch.LIST_COLUMN_TWICE, column=name)
