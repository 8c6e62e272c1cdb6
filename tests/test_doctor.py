"""The doctor reads files as imapsync does, and names the problems."""

import base64
import json
import os
import stat
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.doctor import form
from core.doctor.diagnosis import Diagnosis, examine
from core.doctor.place import PLACE_CHECKS, CheckedPlace
from core.doctor.reading import TakenAs, as_imapsync
from core.providers.catalog import load_catalog
from core.tokenfile.format import (
    LARGEST,
    LONGEST_TOKEN,
    NotATokenFile,
    TokenFile,
    parse_token_file,
    serialize,
)
from foreign_files import google_json, recorded
from privileges import NOBODY, mounted_file, need_root, run_as_nobody, small_disk

NEEDS_PERL = pytest.mark.needs_program("perl", reason="it reads the file as imapsync does")
POSIX = pytest.mark.only_on("posix", reason="Windows has neither modes nor pipes")
CATALOG = load_catalog()
NOW = 1_800_000_000.0
NO_DOCKER = Path("/nowhere/.dockerenv")
SECOND = b"\na-refresh-token-of-you\n"
GOOD = serialize(
    TokenFile(
        "an-access-token-of-you",
        "a-refresh-token-of-you",
        account="you@example.com",
        expires_at=NOW + 60,
    ),
    now=NOW,
)
# What imapsync does with the value of --oauthaccesstoken, in as many steps.
PERL = r"""
my $token = my $given = shift;
if (-f $given and -r $given) {
    open my $file, '<', $given or die $!;
    $token = <$file> // '';
    chomp $token;
}
print $token;
"""
CONTENTS = {
    "good": GOOD,
    "crlf": GOOD.replace(b"\n", b"\r\n"),
    "bom": b"\xef\xbb\xbf" + GOOD,
    "blank first line": b"\n" + GOOD,
    "spaces": b"  an-access-token-of-you \t\na-refresh-token-of-you\n",
    "vertical": b"access\x0btoken\x0c\n",
    "old Mac": b"an-access-token-of-you\rrefresh-token\r",
    "empty": b"",
    "only a line end": b"\n",
    "no line end": b"an-access-token-of-you",
    "utf-16": GOOD.decode().encode("utf-16"),
    "zeros": b"access\0token\0\nrefresh",
    "not UTF-8": b"\xff\xfe\xfd access\nrefresh",
    "long": b"x" * 100_000 + b"\nrefresh",
}


def jwt(**claims: object) -> str:
    """Return an unsigned JWT."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts) + ".c2ln"


def look(given: Path | str, docker_mark: Path = NO_DOCKER) -> Diagnosis:
    """Examine a file at a fixed moment."""
    return examine(str(given), catalog=CATALOG, now=NOW, docker_mark=docker_mark)


def names(diagnosis: Diagnosis) -> list[str]:
    """Return the names of the findings."""
    return [finding.name for finding in diagnosis.findings]


def private(path: Path, content: bytes) -> Path:
    """Write a file that only its owner can read; return its path."""
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def perl(given: str) -> bytes:
    """Return what Perl itself makes of a value."""
    return subprocess.run(["perl", "-e", PERL, given], capture_output=True, check=True).stdout


@POSIX
@NEEDS_PERL
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_file_is_read_as_perl_reads_it(tmp_path: Path, content: bytes) -> None:
    """The doctor and Perl send the same bytes to the server, whatever the file holds."""
    path = private(tmp_path / "token.txt", content)
    reading = as_imapsync(str(path))
    assert (TakenAs.FILE, perl(str(path))) == (reading.taken_as, reading.token)


@POSIX
@NEEDS_PERL
@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "dangling", "link", "literal"])
def test_what_is_no_file_is_taken_as_perl_takes_it(tmp_path: Path, kind: str) -> None:
    """As in Perl, only a regular file or a link to one is read."""
    path = tmp_path / "token.txt"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "dangling":
            path.symlink_to("nowhere")
        case "link":
            path.symlink_to(private(tmp_path / "other.txt", GOOD))
    value = "eyJ.literal.token" if kind == "literal" else str(path)
    assert perl(value) == as_imapsync(value).token
    assert (kind == "link") == (as_imapsync(value).taken_as is TakenAs.FILE)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOD, []),
        (b"an-access-token-of-you\na-refresh-token-of-you", []),
        (b"Bearer an-access-token-of-you\na-refresh-token-of-you\n", ["bearer"]),
        (b"an-access-token-of-you\na-refresh-token-of-you\n1700000000\n", ["third_line"]),
        ("\u00a0an-access-token-of-you\na-refresh-token-of-you\u200b\n".encode(), ["invisible"]),
        (b"\xef\xbb\xbf" + GOOD, ["bom"]),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD, ["bom"]),
        (GOOD.replace(b"\n", b"\r\n"), ["carriage_return"]),
        (b"an-access-token-of-you\rrefresh-token\r", ["carriage_return"]),
        (b"\n \n" + GOOD, ["blank_first_line"]),
        (b" an-access-token-of-you\t\n" + GOOD.partition(b"\n")[2], ["spaces"]),
        (b'"an-access-token-of-you"\n"a-refresh-token-of-you"\n', ["quotes"]),
        (b"'an-access-token-of-you'\na-refresh-token-of-you\n", ["quotes"]),
        (GOOD.decode().replace("\n", "\r\n").encode("utf-16"), ["utf16", "carriage_return"]),
        (GOOD.decode().encode("utf-16-be"), ["utf16"]),
        (GOOD + b"# Token_uri is https://evil.example/\n", ["names_an_endpoint"]),
        (
            b'\xef\xbb\xbf\r\n "an-access-token-of-you" \r\na-refresh-token-of-you\r\n',
            ["bom", "carriage_return", "blank_first_line", "spaces", "quotes"],
        ),
    ],
)
def test_what_can_be_mended(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    """Each problem is found and fixed; a good file has none, with or without a last LF."""
    diagnosis = look(private(tmp_path / "token.txt", content))
    assert expected == names(diagnosis)
    assert all(finding.fixable for finding in diagnosis.findings)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["empty"]),
        (b" \r\n\n", ["empty"]),
        (b'{"AccessToken": {"secret": "abc"}}', ["json", "other_program"]),
        (b'[\r\n"abc"]', ["json"]),
        (b"\na-refresh-token-of-you\n", ["blank_first_line"]),
        (b"# Account is you@example.com\n", ["comment_first"]),
        (b"an-access-token-of-you\0\0\na-refresh-token-of-you\n\0", ["not_text"]),
        (b"\0a\0\0", ["utf16"]),
        (b"x" * 200_000, ["too_large"]),
        (b"<html>\n", ["no_token_file"]),
        (b"an-access-token-of-you\n", ["no_refresh_token"]),
        (b"an-access-token-of-you\nnull\n", ["no_refresh_token"]),
        (b"null\na-refresh-token-of-you\n", ["no_token"]),
        (b"one-token\ntwo-token\nthree-token\nfour-token\n", ["no_token_file"]),
        (GOOD[: GOOD.index(b"access  token")], ["cut_short"]),
        (
            jwt(aud="x").replace(".", "")[:40].encode() + b"\na-refresh-token-of-you",
            ["token_cut_short"],
        ),
        (jwt(aud="x")[:30].encode() + b"\na-refresh-token-of-you", ["token_cut_short"]),
        (b"1//0gabcdefghij\na-refresh-token-of-you", ["refresh_token"]),
        (b"the-same-token-on-both\nthe-same-token-on-both", ["refresh_token"]),
        (jwt(aud="x", nonce="y").encode() + SECOND, ["id_token"]),
        (jwt(aud="9e5f94bc-e8a4-4e73-b8be-63364c29d753").encode() + SECOND, ["id_token"]),
        (jwt(exp=NOW - 1).encode() + SECOND, ["expired"]),
        (
            jwt(upn="me@example.com").encode() + SECOND + b"# Account is you@example.com\n",
            ["other_account"],
        ),
    ],
)
def test_what_only_a_person_can_mend(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    """Each problem is found with a hint, and none counts as fixable."""
    diagnosis = look(private(tmp_path / "token.txt", content))
    assert expected == names(diagnosis)
    assert not diagnosis.fixable
    assert all(finding.hint for finding in diagnosis.findings)


WRONG_KINDS = [
    b"access_token=ya29.a0AfH6SMxxxxxxxxxxxxxxxx",
    b"ACCESS_TOKEN=ya29.a0AfH6SMxxxxxxxxxxxxxxxx",
    b"http://localhost/?code=M.C508_BAY.2.U.abc&state=xyz",
    b"4/0AeaYSHABCDEFGHIJKLMNOP",
    b"GOCSPX-abcdefghijklmnopqrstuvwx",
    b"somebody.with.a.name@gmail.com",
    b"/home/me/tokens/oauth2_tokens_me@x.example.txt",
    b"C:\\tokens\\oauth2_tokens_me@x.example.txt",
    b"ya31.a0AfH6SMxxxxxxxxxxxxxxxx...",
    b"ya29.a0AfH6SMxxxxxxxxxxxxxxxx...",
    b"ya29.a0AfH6SM%2Fxxxxxxxxxxxxx",
    b"eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0...",
    b"abc8Q~aaaaaaaaaabbbbbbbbbbccccccccccdddd",
    b"1b2c3d4e-1b2c-3d4e-5f60-1b2c3d4e5f60",
    b"123456789012-abcdefghijklmnopqrstuvwx.apps.googleusercontent.com",
    b"abcdefghijklmnop",
    b"Secr3tPassw0rd!",
    b"dXNlcj1tZUB4LmV4YW1wbGUBYXV0aD1CZWFyZXIgeWEyOS5hMEFmSDZTTXh4eAEB",
]


@pytest.mark.parametrize("line", WRONG_KINDS)
@pytest.mark.parametrize("end", [b"", b"\n", SECOND, SECOND + b"# Account is x@example.com\n"])
def test_what_is_no_access_token_is_never_well(tmp_path: Path, line: bytes, end: bytes) -> None:
    """The finding says what it looks like, and doesn't repeat it: it may be a secret."""
    diagnosis = look(private(tmp_path / "token.txt", line + end))
    assert "no_access_token" in names(diagnosis)
    said = " ".join(f"{finding.message} {finding.hint}" for finding in diagnosis.findings)
    assert line.decode() not in said


@pytest.mark.parametrize(
    "line",
    [
        b"refresh_token=1//0gAAAAAAAAAAAAAAAAAAAAAAAA",
        b"https://localhost/?code=4/0AeaYSHABCDEFGHIJK",
        b"4/0AeaYSHABCDEFGHIJKLMNOP",
        b"GOCSPX-abcdefghijklmnopqrstuvwx",
        b"somebody@gmail.com",
        b"1//0gAAAAAAAAAAAAAAAAAAAAAAAA...",
        b"ya29.a0AfH6SMxxxxxxxxxxxxxxxx",
    ],
)
def test_what_is_no_refresh_token_is_never_well(tmp_path: Path, line: bytes) -> None:
    """The second line is looked at too."""
    content = b"ya29.a0AfH6SMyyyyyyyyyyyyyyyy\n" + line + b"\n"
    assert ["wrong_refresh_token"] == names(look(private(tmp_path / "token.txt", content)))


@pytest.mark.parametrize(
    "line",
    [
        b"1//0gAAAAAAAAAAAAAAAAAAAAAAAA",
        b"M.C507_BAY.0.U.-Cabc!*def$ghi",
        b"0.AXoAabcdefg.AgABBAIAAA-_x",
        b"eyJhbGciOiJub25lIn0.eyJhIjoxfQ.x",
        b"/abc+def/ghijklmnopqrstuv==",
    ],
)
def test_refresh_tokens_of_all_kinds_are_well(tmp_path: Path, line: bytes) -> None:
    """Providers choose their form freely."""
    content = b"ya29.a0AfH6SMyyyyyyyyyyyyyyyy\n" + line + b"\n"
    assert [] == names(look(private(tmp_path / "token.txt", content)))


@pytest.mark.parametrize(
    "content",
    [
        jwt(upn="You@example.com", exp=NOW + 1).encode()
        + SECOND
        + b"# Account is you@example.com\n",
        jwt(upn="me@example.com").encode()
        + SECOND
        + b"# Account is shared@example.com\n# Login hint is me@example.com\n",
        b"eyJ" + b"part." * 4 + b"encrypted" + SECOND,
    ],
    ids=["its owner", "who signs in for a shared mailbox", "encrypted"],
)
def test_a_token_that_is_well(tmp_path: Path, content: bytes) -> None:
    """A good token has no findings."""
    assert [] == names(look(private(tmp_path / "token.txt", content)))


def test_mending_does_not_hide_what_else_is_wrong(tmp_path: Path) -> None:
    """A file with a BOM and an expired token has both findings."""
    content = b"\xef\xbb\xbf" + jwt(exp=NOW - 1).encode() + SECOND
    assert ["bom", "expired"] == names(look(private(tmp_path / "token.txt", content)))


@POSIX
def test_the_place(tmp_path: Path) -> None:
    """It reports a value that imapsync takes for a token, and a file that others can read."""
    path = private(tmp_path / "token.txt", GOOD)
    os.mkfifo(tmp_path / "pipe")
    assert ["directory"] == names(look(tmp_path))
    assert ["no_regular_file"] == names(look(tmp_path / "pipe"))
    assert ["missing"] == names(look(tmp_path / "none.txt"))
    path.chmod(0o640)
    assert ["open_to_others"] == names(look(path))
    path.chmod(0o600)
    (tmp_path / "token.txt.new").touch()
    assert ["new_waits"] == names(look(path))


def test_a_relative_path_in_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Docker imapsync changes its folder first, so a relative path is reported there."""
    private(tmp_path / "token.txt", GOOD)
    monkeypatch.chdir(tmp_path)
    mark = tmp_path / ".dockerenv"
    assert [] == names(look("token.txt", mark))
    mark.touch()
    assert ["relative_path"] == names(look("token.txt", mark))
    assert [] == names(look(tmp_path / "token.txt", mark))


def test_a_token_in_place_of_a_path_is_not_repeated() -> None:
    """The finding says that everybody can see the token, without repeating it."""
    for token in (jwt(aud="x" * 300), "ya29.secret-of-google", "x" * 300):
        diagnosis = look(token)
        assert ["token_itself"] == names(diagnosis)
        assert token not in repr(diagnosis)


@POSIX
def test_a_file_of_somebody_else() -> None:
    """An unreadable file is reported when the doctor runs as the user who runs imapsync."""
    code = """
found = examine(sys.argv[1], catalog=Catalog({}, {}), now=0, docker_mark=Path("/nowhere"))
print(found.taken_as, [finding.name for finding in found.findings])
"""
    with small_disk("1m") as disk:
        path = private(disk / "token.txt", GOOD)
        assert "the token itself ['unreadable']\n" == run_as_nobody(code, path)


TOKENS = st.text("abcdefgh.-_~+/='\"", min_size=0, max_size=12).map(str.encode)
ODD = st.sampled_from(
    [b"", b"\r", b"\n", b"\r\n", b" ", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b'"', b"#", b"{"]
)
NEAR_FILES = st.lists(TOKENS | ODD | st.just(b"an-access-token-of-you\n"), max_size=9).map(b"".join)


@pytest.mark.parametrize("piece", [b'" ', b'"\n', b"\r", b"\xef\xbb\xbf", b"\n", b"\0"])
def test_a_planted_file_costs_no_time(piece: bytes) -> None:
    """A file with nothing but problems is checked in linear time."""

    def seconds(count: int) -> float:
        content = piece * count + b"an-access-token-of-you"
        started = time.process_time()
        form.check_form(content)
        return time.process_time() - started

    largest = LARGEST // len(piece) - 10
    assert seconds(largest) < 3 * seconds(largest // 2) + 0.5


@pytest.mark.parametrize(
    ("begin", "piece", "end"),
    [
        (b"an-access-token-of-you\na-refresh-token-of-you\n#", b"uri", b""),
        (b"export_", b"token", b"!"),
        (b"you@", b".", b"@"),
    ],
    ids=["endpoint", "settings", "mail address"],
)
def test_a_long_line_costs_no_time(tmp_path: Path, begin: bytes, piece: bytes, end: bytes) -> None:
    """A line that nearly has a form is compared with it in linear time."""
    longest = LONGEST_TOKEN if end else LARGEST
    content = begin + piece * ((longest - len(begin) - len(end)) // len(piece)) + end
    started = time.process_time()
    look(private(tmp_path / "tokens.txt", content))
    assert time.process_time() - started < 1


@settings(max_examples=400)
@given(
    st.binary(max_size=200)
    | NEAR_FILES
    | NEAR_FILES.map(lambda b: b.decode("latin-1").encode("utf-16"))
)
def test_any_bytes(content: bytes) -> None:
    """No content crashes the doctor; one fix is enough, and it keeps both tokens."""
    seen = form.check_form(content)
    again = form.check_form(seen.repaired)
    assert seen.repaired == again.repaired
    assert not any(finding.fixable for finding in again.findings)
    assert any(finding.fixable for finding in seen.findings) == (seen.repaired != content)
    try:
        before = parse_token_file(content)
    except NotATokenFile:
        return
    if before is not None:
        after = parse_token_file(seen.repaired)
        assert after is not None
        assert [_bare(before.access), _bare(before.refresh)] == [
            _bare(after.access),
            _bare(after.refresh),
        ]


def _bare(token: str) -> str:
    """Return a token without quotes."""
    return token.strip("\"'`")


@settings(max_examples=200)
@given(content=st.binary(max_size=200) | NEAR_FILES)
def test_examining_any_file(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The examination crashes with no file."""
    path = private(tmp_path_factory.getbasetemp() / "any.txt", content)
    diagnosis = look(path)
    assert len(content.split(b"\n")[0]) == diagnosis.token_length


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_examining_any_value(value: str) -> None:
    """A value that can't be a path counts as a token."""
    assert look(value).findings


@pytest.mark.parametrize("shared", [True, False])
def test_a_windows_access_list(shared: bool) -> None:
    """On Windows the mode says nothing, so no finding is made of it."""
    place = CheckedPlace("t.txt", stat.S_IFREG | 0o600, True, False, False, False, shared=shared)
    found = [check.name for check in PLACE_CHECKS if check.applies(place)]
    assert (["shared"] if shared else []) == found


@POSIX
def test_a_place_that_others_can_change(tmp_path: Path) -> None:
    """A second name, or a folder in which others can write, is a finding."""
    folder = tmp_path / "shared"
    folder.mkdir()
    path = private(folder / "token.txt", GOOD)
    assert [] == names(look(path))
    os.link(path, tmp_path / "other")
    assert ["hard_link"] == names(look(path))
    folder.chmod(0o777)
    assert ["hard_link", "open_folder"] == names(look(path))


@POSIX
def test_a_single_mounted_file_is_a_finding(tmp_path: Path) -> None:
    """A refresh could not replace it."""
    source, path = private(tmp_path / "source.txt", GOOD), tmp_path / "token.txt"
    with mounted_file(source, path):
        assert "mounted_file" in names(look(path))


@pytest.mark.only_on("posix", reason="Windows has no owners")
def test_newer_tokens_of_another_user(tmp_path: Path) -> None:
    """They are told of, and --fix doesn't take them over."""
    need_root()
    path = private(tmp_path / "token.txt", b"ya29.a0AfH6SMyyyyyyyyyyyyyyyy" + SECOND)
    new = private(tmp_path / "token.txt.new", b"another-token")
    assert ["new_waits"] == names(look(path))
    os.chown(new, NOBODY, NOBODY)
    assert ["foreign_new"] == names(look(path))
    assert not look(path).fixable


@pytest.mark.parametrize("name", ["google", "mutt_oauth2.json", "mutt_oauth2.gpg", "loop.bat"])
def test_a_file_of_another_program(tmp_path: Path, name: str) -> None:
    """It leads to the import, which says more."""
    contents = {"google": google_json().encode(), "loop.bat": b"@call oauth2_imap you@example.com"}
    content = contents.get(name) or recorded(name)
    found = look(private(tmp_path / name, content)).findings[-1]
    assert ("other_program", "Run oauth2_imap import FILE") == (found.name, found.hint)
