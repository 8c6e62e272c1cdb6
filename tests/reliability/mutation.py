"""Hostile inputs by mutation of samples, with a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LARGEST = 1 << 18  # bytes; twice what any reader here takes
_STRANGE = (
    *(b"\0", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc0\x80", b"\xf0\x9f\x92\xa9"),
    *("\u2028\u202e\u200b²Ⅷ".encode(), b"%00", b"%0a", b"%", b"&&==", b"?#?#", b'{"a":'),
    *(b"[" * 3000, b"9" * 5000, b"1e999", b"-1", b"NaN", b"\x1b[2J", b" is ", b"# ", b"://"),
)


def mutate(sample: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Return the sample, changed in one to four ways."""
    data = sample
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(_WAYS)(data, rng.choice(others), rng)
    return data[:LARGEST]


def _span(data: bytes, rng: random.Random) -> tuple[int, int]:
    begin = rng.randint(0, len(data))
    return begin, min(len(data), begin + rng.randint(0, 40))


def _flip(data: bytes, other: bytes, rng: random.Random) -> bytes:
    if not data:
        return other
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _delete(data: bytes, other: bytes, rng: random.Random) -> bytes:
    begin, end = _span(data, rng)
    return data[:begin] + data[end:]


def _insert(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(_STRANGE) + data[at:]


def _noise(data: bytes, other: bytes, rng: random.Random) -> bytes:
    begin, end = _span(data, rng)
    return data[:begin] + rng.randbytes(end - begin) + data[end:]


def _repeat(data: bytes, other: bytes, rng: random.Random) -> bytes:
    begin, end = _span(data, rng)
    return data[:end] + data[begin:end] * rng.choice((1, 2, 9, 300, 3000)) + data[end:]


def _glue(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))] + other[rng.randint(0, len(other)) :]


_Way = Callable[[bytes, bytes, random.Random], bytes]
_WAYS: tuple[_Way, ...] = (_flip, _delete, _insert, _noise, _repeat, _glue)
