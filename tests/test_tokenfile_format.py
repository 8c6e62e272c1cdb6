"""The token file's content: what is read, what is written, and that both agree."""

import base64
import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import __version__
from core.errors import AppError
from core.tokenfile.format import (
    LARGEST,
    NotATokenFile,
    TokenFile,
    is_token,
    parse_token_file,
    serialize,
)
from core.tokenfile.read import read_token_file, target_of
from privileges import run_as_nobody, small_disk

ACCESS = "EwBYA8l6BAAU-access_token~+/=="
REFRESH = "M.C552_BL2.0.U.-refresh!token$*"
SUGAR = """\
# The first   line is the access  token
# The second  line is the refresh token
# Account is foo@example.com
# File generated on Mon Aug 25 10:11:12 2025 by ./oauth2_imap --client_secret hush foo@example.com
"""
WHOLE = TokenFile(
    access=ACCESS,
    refresh=REFRESH,
    account="foo@example.com",
    provider="office365",
    application="thunderbird",
    tenant="contoso.example",
    login_hint="admin@example.com",
    grant="client_credentials",
    issued_at=1_800_000_000.0,
    expires_at=1_800_003_600.0,
    signed_in_at=1_790_000_000.0,
    refresh_expires_at=1_802_000_000.0,
)
TEXT = """\
EwBYA8l6BAAU-access_token~+/==
M.C552_BL2.0.U.-refresh!token$*
# The first   line is the access  token
# The second  line is the refresh token
# Account is foo@example.com
# File generated on {date} by oauth2_imap {version}
# Provider is office365
# Application is thunderbird
# Tenant is contoso.example
# Login hint is admin@example.com
# Grant is client_credentials
# Signed in at 2026-09-21T14:13:20Z
# Refresh token expires 2027-02-07T11:33:20Z
# Issued is 2027-01-15T08:00:00Z
# Expiry is 2027-01-15T09:00:00Z
"""


def jwt(**claims: object) -> str:
    """An access token that says something of itself."""
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.c2ln"


def test_writes_the_contract() -> None:
    """Two lines for imapsync, then the original's lines, then ours, and LF everywhere."""
    now = 1_800_000_000.0
    expected = TEXT.format(date=time.asctime(time.localtime(now)), version=__version__)

    assert expected.encode() == serialize(WHOLE, now=now)
    assert WHOLE == parse_token_file(expected.encode())


def test_the_date_is_written_as_perl_does() -> None:
    """Like the original's: a day below ten has a space before it, whatever the locale."""
    noon = time.mktime((2026, 3, 5, 12, 0, 0, 0, 0, -1))

    assert b"# File generated on Thu Mar  5 12:00:00 2026 by " in serialize(WHOLE, now=noon)


def test_the_default_grant_is_not_written() -> None:
    """A file without the line has it, as all files of earlier versions do."""
    content = serialize(TokenFile(ACCESS, REFRESH), now=0)

    read = parse_token_file(content)
    assert read is not None
    assert (False, "refresh_token") == (b"Grant" in content, read.grant)


def test_no_refresh_token_is_an_empty_line() -> None:
    """The second line is there even where the provider gave none."""
    content = serialize(TokenFile(ACCESS, ""), now=0)

    assert content.startswith(f"{ACCESS}\n\n# The first".encode())
    assert TokenFile(ACCESS, "") == parse_token_file(content)


PRINTABLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
TOKENS = st.text(PRINTABLE, min_size=8, max_size=300).filter(lambda t: t[0] not in '#{"<[')
# Not what we write, but what a file may say already and a refresh hands on.
VALUES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])).map(str.strip)
TIMES = st.none() | st.integers(1, 4_000_000_000).map(float)


@settings(database=None)
@given(
    st.builds(
        TokenFile,
        access=TOKENS,
        refresh=st.just("") | TOKENS,
        account=VALUES,
        provider=VALUES,
        application=VALUES,
        tenant=VALUES,
        login_hint=VALUES,
        grant=VALUES.filter(bool),
        issued_at=TIMES,
        expires_at=TIMES,
        signed_in_at=TIMES,
        refresh_expires_at=TIMES,
    ),
    TIMES,
)
def test_what_is_written_reads_back(file: TokenFile, now: float | None) -> None:
    """parse(serialize(x)) == x, and the first two lines are the tokens byte for byte."""
    content = serialize(file, now=now or 0)

    assert file == parse_token_file(content)
    assert [file.access.encode(), file.refresh.encode()] == content.split(b"\n")[:2]
    assert b"\r" not in content or "\r" in file.account + file.provider + file.login_hint + str(
        (file.application, file.tenant, file.grant)
    ).replace("\\r", "\r")


# Other tests show which tokens and entries of the store are refused.
TEXTS = {f.name for f in fields(TokenFile) if f.type is str} - {"access", "refresh", "store_entry"}


@settings(database=None)
@given(st.sampled_from(sorted(TEXTS)), st.text())
def test_no_value_adds_a_line(name: str, value: str) -> None:
    """A value with line ends stays one value of one line, and changes no other."""
    known: dict[str, Any] = {name: getattr(WHOLE, name)}
    for hostile in (value, f"x\n# Tenant is other.example\n{value}", f"x\r\n{'A' * 20}"):
        changed: dict[str, Any] = {name: hostile}
        file = replace(WHOLE, **changed)
        content = serialize(file, now=0)
        read = parse_token_file(content)
        assert len(content.split(b"\n")) <= len(serialize(WHOLE, now=0).split(b"\n"))
        assert read is not None
        assert WHOLE == replace(read, **known)


def test_the_earlier_line_of_the_sign_in() -> None:
    """Files of earlier versions name its time otherwise; the next save writes the new line."""
    old = TEXT.replace("Signed in at", "Sign-in is").format(date="x", version="0.0.9").encode()

    file = parse_token_file(old)
    assert WHOLE == file
    saved = serialize(WHOLE, now=0)
    assert (1, 0) == (saved.count(b"# Signed in at 2026-09-21T"), saved.count(b"Sign-in"))


@pytest.mark.parametrize(
    "line",
    [
        "#  SIGNED  in\tat 2026-09-21T14:13:20Z \r",
        "#Signed in at 2026-09-21T14:13:20Z",
        "# Sign-in is 2026-09-21T14:13:20Z\n# Signed in at 2026-01-01T00:00:00Z",
    ],
)
def test_blanks_and_case_in_a_line_do_not_matter(line: str) -> None:
    """As a hand may write it; and of two lines for one value the first counts."""
    file = parse_token_file(f"{ACCESS}\n{REFRESH}\n{line}\n".encode())

    assert TokenFile(ACCESS, REFRESH, signed_in_at=1_790_000_000.0) == file


@pytest.mark.parametrize("hint", ["jürgen@example.com", "\udcff@example.com"])
def test_writing_never_fails(hint: str) -> None:
    """The refresh token may be rotated by then: what can't be written is lost, the tokens not."""
    content = serialize(replace(WHOLE, login_hint=hint), now=0)

    read = parse_token_file(content)
    assert read is not None
    assert (ACCESS, REFRESH) == (read.access, read.refresh)


@pytest.mark.parametrize(
    ("content", "access", "refresh", "account"),
    [
        (f"{ACCESS}\n{REFRESH}\n{SUGAR}", ACCESS, REFRESH, "foo@example.com"),
        (f"{ACCESS}\r\n{REFRESH}\r\n".encode(), ACCESS, REFRESH, ""),
        (f"{ACCESS}\n{REFRESH}\n{SUGAR}".replace("\n", "\r\n"), ACCESS, REFRESH, "foo@example.com"),
        (f"\ufeff{ACCESS}\n{REFRESH}\n{SUGAR}", ACCESS, REFRESH, "foo@example.com"),
        (f"{ACCESS}\n{REFRESH}\n", ACCESS, REFRESH, ""),
        (f"{ACCESS}\n{REFRESH}", ACCESS, REFRESH, ""),
        (f"{ACCESS}\n", ACCESS, "", ""),
        (ACCESS, ACCESS, "", ""),
        (f"{ACCESS}\n\n{SUGAR}", ACCESS, "", "foo@example.com"),
        (f"{ACCESS}\n{SUGAR}", ACCESS, "", "foo@example.com"),
        (f"{ACCESS}\n# Account is foo@example.com\n", ACCESS, "", "foo@example.com"),
        (f"\n{REFRESH}\n{SUGAR}", "", REFRESH, "foo@example.com"),
        (f"{ACCESS}  \n\t{REFRESH} \n \n\n", ACCESS, REFRESH, ""),
        (
            f"{ACCESS}\n{REFRESH}\n#  ACCOUNT is  foo@example.com \n",
            ACCESS,
            REFRESH,
            "foo@example.com",
        ),
        (f"{ACCESS}\n{REFRESH}\n#Account is foo@example.com", ACCESS, REFRESH, "foo@example.com"),
        (f"{ACCESS}\n{REFRESH}\n# Account is a@b.example\n{SUGAR}", ACCESS, REFRESH, "a@b.example"),
        (f"{ACCESS}\n{REFRESH}\n# Account is \n# Account\n#\n", ACCESS, REFRESH, ""),
        (f"{ACCESS}\n{REFRESH}\n# Grüße is from me\n", ACCESS, REFRESH, ""),
    ],
)
def test_reads_what_others_wrote(
    content: str | bytes, access: str, refresh: str, account: str
) -> None:
    """The original's files, with CR LF, a BOM, two lines or one; made by hand; with a part gone."""
    content = content.encode() if isinstance(content, str) else content

    assert TokenFile(access, refresh, account) == parse_token_file(content)


ABSURD = [
    "9999-12-31T23:59:59Z",
    "9999-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00Z",
    "2242-06-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-13-01T25:61:61Z",
    "-2026-01-01T00:00:00Z",
    "\u0662\u0660\u0662\u0666-01-01T00:00:00Z and more",
    "99999999999999999999",
    "1e400",
    "nan",
    "never",
]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("moment", ABSURD)
@pytest.mark.only_on("posix", reason="Windows has no time.tzset")
def test_an_absurd_time_is_none(moment: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown is better than a time that no clock can show; and the file can be written again."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    times = ("Expiry is", "Issued is", "Signed in at", "Refresh token expires")
    facts = "".join(f"# {words} {moment}\n" for words in times)
    file = parse_token_file(f"{ACCESS}\n{REFRESH}\n{facts}".encode())
    monkeypatch.undo()
    time.tzset()

    assert TokenFile(ACCESS, REFRESH) == file
    assert file == parse_token_file(serialize(file, now=0))


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\r\n\r\n", b"\n\n\n", b" \t\n", b"\xef\xbb\xbf", SUGAR.encode()]
)
def test_an_empty_file_is_no_file(content: bytes) -> None:
    """As the original leaves it for a moment, or a hand made it: there is nothing in it."""
    assert parse_token_file(content) is None


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"\xff\xfe" + f"{ACCESS}\n".encode("utf-16-le"), "token_file_not_text"),
        (bytes(range(256)), "token_file_not_text"),
        (b"\x00" * 100, "token_file_without_tokens"),
        (b"MZ\x90\x00\x03", "token_file_not_text"),
        (b"hello world\n", "token_file_without_tokens"),
        (b"short\n", "token_file_without_tokens"),
        (f"{ACCESS}\nshort\n".encode(), "token_file_without_tokens"),
        (f"{ACCESS}\r{REFRESH}\r".encode(), "token_file_without_tokens"),
        (f"{ACCESS}ü\n".encode(), "token_file_without_tokens"),
        (b"a" * 40_000, "token_too_long"),
        (f"{ACCESS}\n{'r' * 40_000}\n".encode(), "token_too_long"),
        (b'{"access_token": "abcdefgh"}', "token_file_of_other_format"),
        (b'{"access_token":"abcdefgh","refresh_token":"abcdefgh"}', "token_file_of_other_format"),
        (b'{\n  "access_token": "abcdefgh"\n}\n', "token_file_of_other_format"),
        (b'["abcdefgh"]\n', "token_file_of_other_format"),
        (b'"abcdefghijk"\n', "token_file_of_other_format"),
        (b"<html><body>\n", "token_file_of_other_format"),
        (f"{ACCESS}\n{REFRESH}\n{ACCESS}\nand more\n".encode(), "token_file_with_more_lines"),
        (f"\n{ACCESS}\n{REFRESH}\n1\n2\n".encode(), "token_file_with_more_lines"),
        (b"[section]\nkey=value1\nother=value\n", "token_file_of_other_format"),
        (b"a" * (LARGEST + 1), "token_file_too_large"),
    ],
)
def test_refuses_other_files(content: bytes, verdict: str) -> None:
    """They are somebody's, so they are neither used nor replaced; a token isn't repeated."""
    with pytest.raises(NotATokenFile) as raised:
        parse_token_file(content)

    assert verdict == raised.value.verdict.id
    assert ACCESS not in f"{raised.value} {raised.value.parameters}"


def test_the_length_of_a_token_that_is_too_long_is_told() -> None:
    """It is no other fault: whoever reports it can say how long the token is."""
    with pytest.raises(NotATokenFile) as raised:
        parse_token_file(f"{ACCESS}\n{'r' * 40_000}\n".encode())

    assert {"length": 40_000} == raised.value.parameters
    assert "too long: 40000 characters" in raised.value.message


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "line",
    [
        b"# a" + b" " * 120_000,
        b"#" + b" " * 120_000,
        b"# a is" + b" " * 120_000 + b"\x0b",
        b"# Signed in at" + b" " * 120_000 + b"\x0b",
        b"# Signed" + b" " * 120_000,
        b"# Tenant is a\n" * 8_000,
        b"#" + b" is" * 40_000,
        b"# a" + b" - " * 40_000,
        b"#\n" * 60_000,
        b"e30." + base64.b64encode(b"[" * 90_000) + b".x",
    ],
    ids=[
        "spaces",
        "no-key",
        "no-value",
        "no-time",
        "cut",
        "same",
        "is",
        "dashes",
        "lines",
        "nested",
    ],
)
def test_a_planted_file_costs_no_time(line: bytes) -> None:
    """Whatever its lines look like, reading it takes no longer than its size allows."""
    started = time.process_time()
    parse_token_file(
        f"{ACCESS}\n{REFRESH}\n".encode() + line if line.startswith(b"#") else line[:32_000]
    )

    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("claims", "issued_at", "expires_at"),
    [
        ({"iat": 1_800_000_000, "exp": 1_800_003_600}, 1_800_000_000.0, 1_800_003_600.0),
        ({"exp": 1_800_003_600.5}, None, 1_800_003_600.5),
        ({"iat": "1800000000", "exp": None}, 1_800_000_000.0, None),
        ({"iat": -1, "exp": 0}, None, None),
        ({"iat": 1e300, "exp": float("inf")}, None, None),
        ({"iat": float("nan"), "exp": [1]}, None, None),
        ({"iat": {}, "exp": "soon"}, None, None),
        ({}, None, None),
    ],
)
def test_a_jwt_tells_its_times(
    claims: dict[str, object], issued_at: float | None, expires_at: float | None
) -> None:
    """Only where no line of ours does, and only what can be a time."""
    token = jwt(**claims)
    file = parse_token_file(f"{token}\n{REFRESH}\n".encode())
    ours = parse_token_file(
        f"{token}\n{REFRESH}\n# Issued is 2027-01-15T08:00:00Z\n# Expiry is x\n".encode()
    )

    assert file is not None
    assert ours is not None
    assert (issued_at, expires_at) == (file.issued_at, file.expires_at)
    assert (1_800_000_000.0, expires_at) == (ours.issued_at, ours.expires_at)


@pytest.mark.parametrize(
    "token", ["a.b.c-and-more", "a..c-and-more", "e30.W10.c2ln", "e30.!!!!.c2ln", "e30.Iu0=.c2ln"]
)
def test_dots_make_no_jwt(token: str) -> None:
    """An opaque token may have two dots as well."""
    assert TokenFile(token, "") == parse_token_file(token.encode())


@pytest.mark.parametrize(
    ("text", "can_be"),
    [
        (ACCESS, True),
        ("x", True),
        ("a" * 32768, True),
        ("a" * 32769, False),
        ("", False),
        ("two words", False),
        ("line\n", False),
        ("tab\t", False),
        ("ü", False),
        ("\x7f", False),
    ],
)
def test_what_can_be_a_token(text: str, can_be: bool) -> None:
    """Visible ASCII without spaces: whatever else could break the line."""
    assert can_be == is_token(text)


def test_a_repr_shows_no_token() -> None:
    """Token files may be logged by mistake."""
    assert ACCESS not in repr(WHOLE)
    assert REFRESH not in repr(WHOLE)


def test_reads_a_file(tmp_path: Path) -> None:
    """What stands there; None where nothing does."""
    path = tmp_path / "tokens.txt"
    assert read_token_file(path) is None
    path.write_bytes(serialize(WHOLE, now=0))

    assert WHOLE == read_token_file(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(f"{ACCESS}\n{REFRESH}\n".encode())
        file.truncate(100 << 20)


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


@pytest.mark.only_on("posix", reason="Windows has neither pipes nor sockets in folders")
@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("make", "verdict"),
    [
        (lambda path: os.mkfifo(path), "token_file_unreadable"),
        (lambda path: path.mkdir(), "token_file_unreadable"),
        (_loop, "token_file_unreadable"),
        (_socket, "token_file_unreadable"),
        (_sparse, "token_file_too_large"),
        (lambda path: path.write_bytes(b"\xff" * 100), "token_file_not_text"),
        (lambda path: path.write_text("{}"), "token_file_of_other_format"),
    ],
    ids=["pipe", "folder", "loop", "socket", "sparse", "binary", "json"],
)
def test_says_what_is_wrong_with_a_file(
    make: Callable[[Path], None], verdict: str, tmp_path: Path
) -> None:
    """It never hangs, takes no memory, leaves nothing open, and names the file."""
    path = tmp_path / "tokens.txt"
    make(path)
    descriptors, memory = _descriptors(), _peak_memory()

    with pytest.raises(AppError) as raised:
        read_token_file(path)

    assert verdict == raised.value.verdict.id
    assert str(path) in raised.value.message
    assert descriptors == _descriptors()
    assert _peak_memory() - memory < 50 << 20


@pytest.mark.only_on("posix", reason="Windows answers as if there were no such file")
def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    """An address of 254 characters gives one: it is said, and there is --token_file."""
    with pytest.raises(AppError) as raised:
        read_token_file(target_of(tmp_path / ("a" * 300)))
    assert "token_file_unreadable" == raised.value.verdict.id


def test_a_file_that_may_not_be_read() -> None:
    """Somebody else's file, or one in a folder that may not be entered, is said plainly."""
    with small_disk("1m") as disk:
        (disk / "theirs.txt").touch(0o600)
        (disk / "closed").mkdir(0o700)
        (disk / "closed" / "tokens.txt").touch()
        printed = run_as_nobody(
            """
for name in sys.argv[2:]:
    path = Path(sys.argv[1], name)
    try:
        print(read.read_token_file(read.target_of(path)))
    except AppError as exc:
        print(exc.detail)
""",
            disk,
            "theirs.txt",
            "closed/tokens.txt",
        )

    assert ["Permission denied", "Permission denied"] == printed.splitlines()


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


def _peak_memory() -> int:
    """In bytes, on Linux."""
    import resource  # there is none on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


USABLE = f"{ACCESS}\n{REFRESH}\n".encode()
UNUSABLE = {
    "cr lf": USABLE.replace(b"\n", b"\r\n"),
    "bom": b"\xef\xbb\xbf" + USABLE,
    "blank after": USABLE.replace(b"\n", b" \n", 1),
    "tab before": b"\t" + USABLE,
    "no-break space": "\u00a0".encode() + USABLE,
    "blank line before": b"\n" + USABLE,
    "bearer": b"Bearer " + USABLE,
}


@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE)
def test_a_good_token_in_a_form_that_imapsync_cant_use(content: bytes) -> None:
    """imapsync sends the whole first line; the tokens are read all the same."""
    file = parse_token_file(content)
    assert TokenFile(ACCESS, REFRESH) == file
    assert file is not None
    assert not file.usable


@pytest.mark.parametrize(
    ("content", "refresh", "usable"),
    [
        (USABLE, REFRESH, True),
        (f"{ACCESS}".encode(), "", True),
        (f"{ACCESS}\nnull\n".encode(), "", True),
        (f"{ACCESS}\nNone\n".encode(), "", True),
        (f"{ACCESS}\n{REFRESH}\n1700000000\n".encode(), REFRESH, True),
        (f"{ACCESS}\n{REFRESH}\nyou@example.com\n# Account is x\n".encode(), REFRESH, True),
        (f"{ACCESS}\n{REFRESH}\n{ACCESS}\n".encode(), REFRESH, True),
    ],
)
def test_files_of_other_programs(content: bytes, refresh: str, usable: bool) -> None:
    """They write a third line, or a word in place of a missing token."""
    file = parse_token_file(content)
    assert file is not None
    assert (ACCESS, refresh, usable) == (file.access, file.refresh, file.usable)


@pytest.mark.parametrize("word", ["", "null", "None", "# a comment"])
def test_without_an_access_token_it_is_not_usable(word: str) -> None:
    """There is a refresh token, so a refresh gives one."""
    file = parse_token_file(f"{word}\n{REFRESH}\n".encode())
    assert file is not None
    assert ("", REFRESH, False) == (file.access, file.refresh, file.usable)


@pytest.mark.parametrize("content", [b"null\n", b"None\nNone\n", b"\n\n# Account is x\n"])
def test_words_for_nothing_are_no_tokens(content: bytes) -> None:
    """Such a file holds none."""
    assert parse_token_file(content) is None
