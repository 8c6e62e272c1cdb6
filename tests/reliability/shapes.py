"""Hostile inputs by shape, from hypothesis: they are nearly right."""

from __future__ import annotations

import json
from urllib.parse import quote

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from proving import Proof
from targets import STATE, TARGETS

from core.cli.commands import COMMANDS
from core.cli.options import OPTIONS

_WORDS = st.text(max_size=60)
_NAMES = st.sampled_from(("code", "state", "error", "error_description", "client_id", "iss", ""))
_VALUES = st.one_of(_WORDS, st.just(STATE), st.just("4/0AbCdEf"))
_PARAMETERS = st.lists(st.tuples(_NAMES, _VALUES.map(quote)), max_size=6).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
_BEFORE = st.sampled_from(
    ("", "?", "#", "http://localhost/?", "https://localhost:1/#", "x://y?", "<")
)

_KEYS = st.sampled_from(
    ("Account", "Provider", "Tenant", "Expiry", "Issued", "Follows", "Token_uri")
)
_TIMES = st.datetimes().map(lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ"))
_FACTS = st.builds("# {} is {}".format, _KEYS, st.one_of(_WORDS, _TIMES))
_LINES = st.lists(
    st.one_of(_FACTS, st.from_regex(r"[\x21-\x7e]{8,60}", fullmatch=True), _WORDS), max_size=12
)
_ENDS = st.sampled_from(("\n", "\r\n", "\r"))

_ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(_WORDS, inner, max_size=4)
    ),
    max_leaves=12,
)
_FIELDS = st.sampled_from(
    ("access_token", "refresh_token", "expires_in", "error", "error_description", "id_token")
)
_BODIES = st.dictionaries(_FIELDS, _ANY, max_size=6).map(lambda body: json.dumps(body).encode())

_PIECES = st.sampled_from(
    (
        *("you", "@", "example.com", "gmial.com", "<", ">", '"', "'", ",", ";", " ", "\r\n", "\t"),
        *("\xa0", "\u200b", "\ufeff", "\u202e", "mailto:", "?subject=x", "(at)", "%40", ".."),
        *(".", "/", "\\", "*", "|", "\xfc", "\uff20", "\0", "\x1b[31m", "\u201c", "\u201d"),
        *("(", ")", "[", "]", "a" * 70, "xn--", "-", "_", "\u2028", "\U000e0001"),
    )
)
_NAMED = [f"--{option.name}" for option in OPTIONS]
_COMMAND_WORDS = st.one_of(
    st.sampled_from([*COMMANDS, *_NAMED, *(f"{name}=--" for name in _NAMED), "--", "-", ""]),
    st.sampled_from(_NAMED).flatmap(lambda name: _WORDS.map(lambda value: f"{name}={value}")),
    st.sampled_from(("a@example.com", "x.txt", "localhost", "0", "1e9", "nan", "8h", "/a/b")),
    _WORDS,
)
_FILES = st.builds(lambda lines, end: end.join(lines).encode(errors="surrogatepass"), _LINES, _ENDS)

SHAPES: dict[str, st.SearchStrategy[bytes]] = {
    "paste parser": st.builds(
        lambda before, parameters: (before + parameters).encode(), _BEFORE, _PARAMETERS
    ),
    "address": st.lists(_PIECES, max_size=9).map(lambda pieces: "".join(pieces).encode()),
    "command line": st.lists(_COMMAND_WORDS, max_size=6).map(
        lambda words: "\n".join(words).encode(errors="surrogatepass")
    ),
    "token file reader": _FILES,
    "doctor": _FILES,
    "the provider's answers": st.builds(
        lambda head, body: head + body, st.binary(min_size=2, max_size=2), _BODIES
    ),
}


def check(proof: Proof, name: str, count: int) -> int:
    """Try a target; return the number of cases. hypothesis prints the smallest input that fails."""
    cases = 0

    @seed(proof.seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(SHAPES[name])
    def read(data: bytes) -> None:
        nonlocal cases
        cases += 1
        TARGETS[name].read(data)

    try:
        read()
    except Exception as error:
        notes = " ".join(getattr(error, "__notes__", []))
        proof.check(False, f"{name}: {type(error).__name__} {error} {notes}")
    return cases
