"""Undo the compression of an answer: some servers compress unasked, or forget to say so.

The answer may hold the only copy of a new refresh token.
"""

import zlib

from .faults import AnswerTooLarge

LARGEST_ANSWER = 1 << 20  # bytes, compressed or not; Microsoft's answers have about 10,000
_MOST_LAYERS = 3
_GZIP_OR_ZLIB, _RAW_DEFLATE = 47, -15  # zlib's `wbits`


def decompressed(body: bytes, encoding: str) -> bytes:
    """The body as it was before gzip or deflate; `encoding` is the header Content-Encoding.

    A body that can't be decompressed is returned as it is. Raises `AnswerTooLarge`.
    """
    if "deflate" in encoding.lower() and not _begins_compressed(body) and not _is_text(body):
        return _inflated(body, _RAW_DEFLATE)  # it has no header that would show it
    for _ in range(_MOST_LAYERS):
        if not _begins_compressed(body):
            break
        body = _inflated(body, _GZIP_OR_ZLIB)
    return body


def _begins_compressed(body: bytes) -> bool:
    """Whether the body begins like gzip (RFC 1952) or zlib (RFC 1950)."""
    is_zlib = body[:1] == b"\x78" and int.from_bytes(body[:2], "big") % 31 == 0
    return body[:2] == b"\x1f\x8b" or is_zlib


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _inflated(body: bytes, wbits: int) -> bytes:
    try:
        plain = zlib.decompressobj(wbits).decompress(body, LARGEST_ANSWER + 1)
    except zlib.error:
        return body
    if len(plain) > LARGEST_ANSWER:
        raise AnswerTooLarge
    return plain
