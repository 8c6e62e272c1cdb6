"""Writes data as YAML, for files that people read and change."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Data: TypeAlias = "str | int | bool | Sequence[Data] | Mapping[str, Data]"


def yaml_text(data: Mapping[str, Data], *, comments: Sequence[str] = ()) -> str:
    """One document, with comments before it."""
    head = [f"# {line}".rstrip() for line in comments]
    return "\n".join([*head, *_mapping(data)]) + "\n"


def _mapping(data: Mapping[str, Data]) -> Iterator[str]:
    for name, value in data.items():
        if _fits_in_a_line(value):
            yield f"{name}: {_scalar(value)}"
        else:
            yield f"{name}:"
            yield from (f"  {line}" for line in _block(value))


def _block(value: Data) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield from _mapping(value)
    elif isinstance(value, Sequence) and not _fits_in_a_line(value):
        for item in value:
            first, *rest = _block(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield _scalar(value)


def _fits_in_a_line(value: Data) -> bool:
    return isinstance(value, (str, int)) or not value


def _scalar(value: Data) -> str:
    """A string is always in quotes: then no word means a number, a date or a truth value.

    A string of JSON means the same in YAML: https://yaml.org/spec/1.2.2/#12-json-schema
    """
    return json.dumps(value, ensure_ascii=False)
