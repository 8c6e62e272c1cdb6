"""Readers of what users type, paste and save: addresses, command lines, settings, token files."""

from __future__ import annotations

import hashlib
import os
import random
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from target import Target, check_text

from core.address import did_you_mean, parse_address
from core.cli.arguments import (
    check_combination,
    parse_arguments,
    refuse_old_form,
    request_of,
    stop_conditions_of,
)
from core.cli.commands import COMMANDS
from core.cli.option_rules import refuse_unused_options
from core.cli.options import OPTIONS
from core.doctor.form import check_form
from core.doctor.tokens import check_tokens
from core.errors import AppError
from core.plain_text import visible
from core.providers.catalog import load_catalog
from core.tokenfile.format import (
    LARGEST,
    NotATokenFile,
    TokenFile,
    is_token,
    parse_token_file,
    serialize,
)
from core.tokenfile.save import adopt, new_path

SECRET = "a-secret-0123456789abcdefgh"
NOW = 1.7e9
_LONGEST_REFUSAL = 5000  # characters: 300 of the user's, each perhaps as an escape
_LONGEST_LINE = 400_000  # characters: a refused command line may be repeated as a whole
_MOST_WORDS = 200  # of a command line
_OF_WINDOWS = set('<>:"/\\|?*')
_NO_TOKENS = ("", "null", "None")
_SHARED_MEMORY = "/dev/shm"  # noqa: S108  # writing costs no time there
MEMORY = _SHARED_MEMORY if Path(_SHARED_MEMORY).is_dir() else None
_FOLDER = tempfile.TemporaryDirectory(
    prefix="oauth2_imap_proof_", dir=os.environ.get("TMPDIR", MEMORY)
)
_PLACE = Path(_FOLDER.name)


def address(data: bytes) -> None:
    """Read an address: it is a safe file name, is in the text, and is read again as it is."""
    text = data.decode(errors="surrogateescape")
    try:
        read = parse_address(text)
    except AppError as error:
        _check_refusal(error, text)
        return
    assert read.isascii(), "an address that is no file name"
    assert read.isprintable(), "an address that is no file name"
    assert not _OF_WINDOWS & set(read), "an address that is no file name"
    assert ".." not in read, "an address that is no file name"
    assert len(read) <= 254, "an address that is no file name"
    assert read == parse_address(read), "it doesn't read back"
    assert read.rpartition("@")[0] in text or "%" in text, "an invented mailbox"
    check_text(did_you_mean(read))


def _check_refusal(error: AppError, text: str) -> None:
    """Check that a question is about a valid address, and that a word without @ is not shown."""
    word = text.strip()
    is_secret = len(word) > 20 and not re.search("[@\uff20\ufe6b%]", word)
    check_text(error.message, *([word] if is_secret else []), longest=_LONGEST_REFUSAL)
    for note in error.notes:
        check_text(note)
        parse_address(note.removeprefix("Did you mean ").removesuffix("?"))


def command_line(data: bytes) -> None:
    """Read a command line, one word a line: checked values, or an error in usage."""
    words = data.decode(errors="surrogateescape").split("\n")[:_MOST_WORDS]
    command = words[0] if words[0] in COMMANDS else ""
    try:
        found = parse_arguments(words)
        for option in OPTIONS:
            value = getattr(found.options, option.name)
            assert value is None or isinstance(value, bool | int | float | str), option.name
        refuse_unused_options(command, found.given)
        refuse_old_form(found.words, found.options)
        check_combination(found.words, found.options)
        stop_conditions_of(found.options, time.time)
        for word in found.words[:2]:
            request_of(word, found.options, _PLACE, {})
    except AppError as error:
        _check_usage(error, words)


def _check_usage(error: AppError, words: list[str]) -> None:
    """Check that it is an error in usage that shows no secret, except inside an address."""
    assert error.exit_code == 2, f"exit code {error.exit_code}"
    in_address = any(SECRET in word and "@" in word for word in words)
    secrets = [] if in_address else [SECRET]
    check_text(visible(error.message), *secrets, longest=_LONGEST_LINE)


def settings(data: bytes) -> None:
    """Read a providers.toml: every endpoint is https, and no value is quoted in an error."""
    own, shipped = _PLACE / "providers.toml", _PLACE / "shipped.toml"
    own.write_bytes(data)
    if not shipped.exists():
        shipped.write_bytes(_SHIPPED)
    try:
        catalog = load_catalog(own, shipped=shipped)
    except AppError as error:
        check_text(visible(error.message), SECRET, longest=_LONGEST_LINE)
        return
    for provider in catalog.providers.values():
        for application in provider.applications.values():
            for uri in (application.authorize_uri, application.token_uri):
                assert uri.lower().startswith("https://"), "an endpoint without TLS"
            assert not {"state", "redirect_uri", "client_secret"} & {
                name.lower() for name in application.authorize_parameters
            }, "a parameter that the sign-in sets itself"


def token_file(data: bytes) -> None:
    """Read a token file; its tokens are in it, and what was read can be written and read again."""
    with suppress(NotATokenFile):
        file = parse_token_file(data)
        if file is None:
            return
        for token in (file.access, file.refresh):
            assert token in data.decode(), "an invented token"
            assert not token or (is_token(token) and token not in _NO_TOKENS), "not a token"
        first = data.partition(b"\n")[0]
        assert file.usable == (file.access != "" and first == file.access.encode()), "usable"
        again = parse_token_file(serialize(file, now=0))
        assert again is not None
        assert _told(file) == _told(again), "it doesn't read back"
        assert again.usable == bool(file.access), "imapsync can't use what was written"


def _told(file: TokenFile) -> tuple[object, ...]:
    times = (file.issued_at, file.expires_at, file.signed_in_at, file.refresh_expires_at)
    words = (file.account, file.provider, file.application, file.tenant, file.login_hint)
    whole = tuple(time and int(time) for time in times)
    return (file.access, file.refresh, *words, file.grant, *whole, file.store_entry)


def doctor(data: bytes) -> None:
    """Examine a token file: no token is shown or changed, and a repaired file stays as it is."""
    form = check_form(data)
    findings = form.findings
    if form.file is None:
        assert findings, "no word about what is no token file"
        assert not any(finding.fixable for finding in findings), "it can't be repaired"
    else:
        assert form.file == parse_token_file(form.repaired), "another file than the repaired one"
        again = check_form(form.repaired)
        assert not any(finding.fixable for finding in again.findings), "half repaired"
        assert again.repaired == form.repaired, "half repaired"
        findings += check_tokens(form.file, now=NOW, client_ids=frozenset())
        if not findings:
            assert form.file.usable, "all is well, but imapsync can't use the file"
    shown = " ".join(f"{finding.message} {finding.hint}" for finding in findings)
    assert SECRET not in shown, "a token is shown"


def waiting_file(data: bytes) -> None:
    """Adopt what waits beside a token file: only what was committed whole, and for this file."""
    path = _PLACE / "tokens.txt"
    path.write_bytes(_BEFORE)
    new_path(path).write_bytes(data)
    adopted = adopt(path)
    now = path.read_bytes()
    assert not new_path(path).exists(), "the waiting file is still there"
    if not adopted:
        assert now == _BEFORE, "the token file was changed"
        return
    content, _, line = now.removesuffix(b"\n").rpartition(b"\n")
    whole = content + b"\n"
    assert line == b"# Follows is %s %s" % (_hash(_BEFORE), _hash(whole)), "not what was committed"
    assert data.startswith(now), "not what was there"


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest()[:16].encode()


_JWT = "eyJhbGciOiJub25lIn0.eyJpYXQiOjEsImV4cCI6Mn0.c2lnbmF0dXJl"
_FILE = TokenFile(
    _JWT,
    SECRET,
    account="you@example.com",
    provider="gmail",
    application="thunderbird",
    tenant="common",
    login_hint="me@example.com",
    grant="client_credentials",
    issued_at=1.7e9,
    expires_at=1.8e9,
    signed_in_at=1.6e9,
    refresh_expires_at=1.9e9,
)
_WHOLE = serialize(_FILE, now=NOW)
_FILES = (
    _WHOLE,
    serialize(TokenFile("access-token", ""), now=0),
    serialize(TokenFile("", "refresh-token"), now=0) + b"# Follows is 0123456789abcdef\n",
    serialize(TokenFile("access-token", "", store_entry="0123456789abcdef" * 2), now=0),
    b"access-token\r\nrefresh-token\r\n",
    b"\xef\xbb\xbfaccess-token\nrefresh-token",
    b'{"access_token": "a", "refresh_token": "b"}',
    b"# Account is a@example.com\n# Expiry is 2026-01-01T00:00:00Z\n",
    b"Bearer access-token\nnull\n# Account is a@example.com\n",
    b"None\nrefresh-token\n",
    b"access-token\nrefresh-token\nan-id-token\n",
    b"\naccess-token\nrefresh-token\n",
)
_BEFORE = serialize(TokenFile("old-access-token", "old-refresh-token"), now=0)
_CLOSED = _WHOLE + b"# Follows is %s %s\n" % (_hash(_BEFORE), _hash(_WHOLE))
_PADDING = random.Random(0).randbytes(LARGEST - len(_CLOSED))  # noqa: S311  # only a sample
_SHIPPED = b"""
[providers.first]
authorize_uri = "https://first.example/authorize"
token_uri = "https://first.example/token"
scopes = ["mail"]
imap_host = "imap.first.example"
imap_port = 993
domains = ["first.example"]
default_application = "app"
[providers.first.applications.app]
client_id = "the-client"
redirect_uri = "http://localhost"
"""
_OWN = f"""
[providers.first.applications.mine]
client_id = "my-client"
client_secret = "{SECRET}"
redirect_uri = "https://localhost"
label = "My app"
authorize_parameters = {{ prompt = "consent" }}
[providers.second]
extends = "first"
domains = ["second.example"]
mx_suffixes = ["mx.second.example"]
[mail_filters]
Filter = ["filter.example"]
"""
LOCAL_TARGETS = {
    "address": Target(
        address,
        (
            b"you@example.com",
            b" \xc2\xa0<mailto:you%40example.com?subject=x>,\r\n",
            '"You, Me" <you@B\u00fccher.example>;'.encode(),
            "\u201eyou@example.com\u201c\u200b".encode(),
            b"one@example.com, two@example.com",
            b"you(at)gmial.com",
            "you\uff20exampl\u0435.com".encode(),
            b"o'neil+box@[127.0.0.1]",
            b"../you/C:me*@example.com",
            SECRET.encode(),
        ),
        0.15,
    ),
    "command line": Target(
        command_line,
        (
            b"you@example.com\n--timeout=5\r\n--token_file\nx.txt",
            b"run\nold@example.com\nnew@example.org\n--\nimapsync\n--automap",
            f"--client_id=a\n--client_secret\n{SECRET}\n--authorize_uri=https://a.b/c".encode(),
            b"--loop\n--until\n23:59\n--every\n1e9\n--while_pid\n1\na@example.com",
            b"status\n--check\n--json\n--no_check",
            b"a@example.com\ntokens/x.txt\nlocalhost",
            b"-tim\n3\n-NoCheck\n--refresh-only\n--min_left=-1\n--",
            b"--redirect_uri=http://localhost:1\n--local\n--scope_string=a b\n--imap_port=993",
            "\n".join(f"--{option.name}" for option in OPTIONS).encode(),
            "\n".join(COMMANDS).encode(),
        ),
        0.1,
    ),
    "settings": Target(
        settings,
        (_OWN.encode(), _SHIPPED, b"providers = 3", b"\xef\xbb\xbf[providers]", b"[" * 60_000),
        0.05,
    ),
    "token file reader": Target(token_file, _FILES, 0.2),
    "doctor": Target(
        doctor,
        (
            *_FILES,
            _WHOLE.decode().encode("utf-16"),
            f"  'ya29.{SECRET}'\xa0\r\n# Token_uri is https://evil.example\n".encode(),
            b"export access_token=" + SECRET.encode(),
            b"you@mail.example.com\n# Token_uri\n",
            b"my_token_password@you\nrefresh-token\n",
            b"\0\0\0",
        ),
        0.08,
    ),
    "waiting file": Target(
        waiting_file,
        (_CLOSED, _CLOSED + _PADDING, _WHOLE, _CLOSED.replace(_hash(_BEFORE), b"0" * 16)),
        0.02,
    ),
}
