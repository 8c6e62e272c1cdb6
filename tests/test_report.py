"""The report contains what helps, hides what is private, and survives failing sections."""

import os
import platform
import queue
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from core.cancel import Cancellation
from core.errors import AppError, Cancelled
from core.net.network import Network
from core.paths import LOG_FILE, SETTINGS_FILE
from core.report import sections
from core.report.endpoint import certificate_issuer, clock_difference
from core.report.masking import Masking
from core.report.report import SECTIONS, report_text, write_report
from core.report.sections import Question
from core.tokenfile.format import TokenFile, serialize
from faulty_servers.authorization_server import FaultyAuthorizationServer
from program import Program
from servers import PATIENT, QUICK, MakeStage, Stage, issued_by, mail_servers

NOW = 1_800_000_000.0
SECRETS = {
    "access": "ya29.an-access-token-of-nobody-0123456789",
    "refresh": "1//a-refresh-token-of-nobody-0123456789",
    "client secret": "a-client-secret-of-nobody-0123456789",
    "local part": "jane.doe",
    "second local part": "boss",
    "third local part": "wanderer",
    "proxy user": "proxyuser",
    "proxy password": "proxypassword",
    "path of the window": "secret-customer",
}
OWN = f"""
[providers.own]
authorize_uri = "https://login.own.example/authorize?customer={SECRETS["local part"]}"
token_uri = "https://login.own.example/token"
scopes = ["imap"]
imap_host = "imap.own.example"
domains = ["own.example"]

[providers.own.applications.desktop]
client_id = "an-id-of-ones-own"
client_secret = "{SECRETS["client secret"]}"
"""
SETTINGS = f"""[General]
addresses={SECRETS["third local part"]}@other.example
keep_refreshing=true
interval_minutes=30
show_log="{SECRETS["local part"]}"
token_folder=/customers/{SECRETS["path of the window"]}
geometry=@ByteArray(\\x1\\xd9%s)
"""


@pytest.fixture
def question(tmp_path: Path) -> Question:
    """A computer with private data everywhere; its providers can't be reached."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "providers.toml").write_text(OWN)
    (home / SETTINGS_FILE).write_text(SETTINGS)
    file = home / f"oauth2_tokens_gmail_{SECRETS['second local part']}@own.example.txt"
    content = TokenFile(
        SECRETS["access"],
        SECRETS["refresh"],
        account=f"{SECRETS['second local part']}@own.example",
        provider="own",
        application=SECRETS["local part"],
        expires_at=NOW - 60,
    )
    file.write_bytes(b"\xef\xbb\xbf" + serialize(content, now=0))
    file.chmod(0o644)
    (home / LOG_FILE).write_text(
        f"2026 INFO core: {SECRETS['local part']}@own.example: a line of the log\n"
        f"2026 INFO core: refresh_token={SECRETS['refresh']} {SECRETS['access'] * 2}\n"
        f"2026 INFO core: wrote {file}\n"
        f"2026 INFO core: login_hint={SECRETS['third local part']}%40own.example\n"
    )
    return Question(
        addresses=(f"{SECRETS['local part']}@own.example", "x@elsewhere.example"),
        token_files=(file,),
        network=Network(QUICK),
        own_file=home / "providers.toml",
        settings_file=home / SETTINGS_FILE,
        log_folder=home,
        lookups=mail_servers(lambda domain: ["1 aspmx.l.google.com"]),
        clock=lambda: NOW,
    )


@pytest.fixture
def text(question: Question, monkeypatch: pytest.MonkeyPatch) -> str:
    """Its report, made behind a proxy that does not exist."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(
            name, f"http://{SECRETS['proxy user']}:{SECRETS['proxy password']}@localhost:1"
        )
    monkeypatch.setenv("no_proxy", SECRETS["local part"])
    return report_text(question, Cancellation(), home=str(question.log_folder))


def test_a_token_in_place_of_its_file(question: Question) -> None:
    """A token that was given instead of a path is not shown, even a short one."""
    given = replace(question, token_files=(Path("ya29.short"),))
    text = report_text(given, Cancellation(), home=str(question.log_folder))
    assert "The given text (10 characters)" in text
    assert "ya29.short" not in text


@pytest.mark.parametrize("kind", SECRETS)
def test_nothing_private_is_in_it(text: str, question: Question, kind: str) -> None:
    """The report contains no token, no secret and no local part of an address."""
    assert SECRETS[kind] not in text
    assert str(question.log_folder) not in text


@pytest.mark.parametrize(
    "line",
    [
        "own providers.toml, own: authorize_uri, domains, imap_host, scopes, token_uri",
        "own providers.toml, own, application desktop: client_id, client_secret",
        "own: login.own.example, IMAP imap.own.example:993",
        "keep_refreshing: true",
        "interval_minutes: 30",
        "show_log: (set)",
        "addresses: (set)",
        "mailbox1@own.example: own (own.example is own's)",
        "mailbox2@elsewhere.example: gmail (the MX record of elsewhere.example is "
        "aspmx.l.google.com)",
        "  findings: open_to_others, bom, expired",
        "  grant: refresh_token",
        "  can be renewed without the user: yes",
        "  provider and application: own",
        "https: localhost:1",
        "exceptions: 1",
        "2026 INFO core: mailbox1@own.example: a line of the log",
    ],
)
def test_what_helps_is_in_it(text: str, line: str) -> None:
    """The report contains hosts, domains, names of fields, reasons and names of findings."""
    assert line in text.split("\n")


def test_an_error_is_told_with_its_verdict(text: str) -> None:
    """Whoever helps can look up its stable name."""
    assert re.search(r"(?m)^login\.own\.example: no certificate received: .* \[\w+\]", text)


def test_a_mailbox_has_one_number_everywhere(text: str) -> None:
    """One mailbox has the same number in all lines."""
    numbers = set(re.findall(r"mailbox\d+@own\.example", text))
    assert {"mailbox1@own.example", "mailbox3@own.example"} <= numbers
    assert "  mailbox: mailbox3@own.example" in text


def test_parts_fail_alone(question: Question, tmp_path: Path) -> None:
    """A section that fails leaves a line, and the other sections are complete."""
    question.own_file.write_text("not toml =")
    question.settings_file.write_bytes(b"\xff\xfe\0")
    (question.log_folder / LOG_FILE).unlink()
    (question.log_folder / LOG_FILE).mkdir()
    text = report_text(question, Cancellation())
    assert [title for title, _ in SECTIONS] == re.findall(r"(?m)^== (.*)$", text)
    assert 3 == len(re.findall(r"(?m)^! ", text))
    assert "is not valid TOML" in text
    assert re.search(r"(?m)^! .* \[window_settings_unreadable\]: ", text)
    assert re.search(r"(?m)^! .* \[log_unreadable\]: ", text)
    assert "gmail (" in text


def test_a_mistake_of_ours_in_one_part(question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug leaves a line with the type of the exception only."""
    monkeypatch.setattr(platform, "platform", lambda: 1 / 0)
    text = report_text(question, Cancellation())
    assert "! This section failed: ZeroDivisionError" in text
    assert "== Last lines of the log" in text


def test_it_is_a_private_file_that_replaces_none(question: Question, tmp_path: Path) -> None:
    """The second report of a day gets a number. The path is absolute and the file is private."""
    first = write_report(question, tmp_path, Cancellation())
    content = first.read_bytes()
    second = write_report(question, tmp_path, Cancellation())
    day = datetime.fromtimestamp(NOW).strftime("%Y-%m-%d")
    assert [f"oauth2_imap_report_{day}.txt", f"oauth2_imap_report_{day}_2.txt"] == [
        first.name,
        second.name,
    ]
    assert first.is_absolute()
    assert content == first.read_bytes()
    if os.name != "nt":
        assert 0o600 == stat.S_IMODE(first.stat().st_mode)


def test_a_folder_that_is_none(question: Question, tmp_path: Path) -> None:
    """A folder that does not exist is an error."""
    with pytest.raises(AppError) as raised:
        write_report(question, tmp_path / "nowhere", Cancellation())
    assert "report_not_written" == raised.value.verdict.id
    assert {"folder": tmp_path / "nowhere"} == raised.value.parameters


def test_cancelled(question: Question, tmp_path: Path) -> None:
    """After a cancellation no file is written."""
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(Cancelled):
        write_report(question, tmp_path, cancelled)
    assert [] == list(tmp_path.glob("oauth2_imap_report*"))


def test_the_clock_and_the_certificate(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock difference and the certificate's issuer are found, on loopback without a proxy."""
    monkeypatch.setenv("HTTPS_PROXY", "http://localhost:1")
    uri = stage.provider.token_uri
    now = datetime.now(UTC).timestamp()
    ahead = clock_difference(uri, stage.network(), lambda: now + 3600)
    assert ahead is not None
    assert ahead == pytest.approx(3600, abs=30)
    assert "CN=Issuer of localhost" == certificate_issuer(uri, Network(PATIENT))
    assert 0 == stage.server.refreshes


def test_an_interceptor_is_named(make_stage: MakeStage) -> None:
    """The issuer of an untrusted certificate is named, and no request is sent."""
    authority = trustme.CA(organization_name="Reading Along Ltd")
    certificate = issued_by(authority, "localhost")
    with FaultyAuthorizationServer(certificate=certificate) as server:
        assert "Reading Along Ltd" in certificate_issuer(server.token_uri, Network(PATIENT))
        with pytest.raises(AppError) as caught:
            clock_difference(server.token_uri, make_stage().network(), lambda: NOW)
        assert "tls_unknown_issuer" == caught.value.verdict.id


def test_nothing_is_said_to_whom_is_not_trusted(script: Callable[..., int]) -> None:
    """Looking at the certificate ends after the handshake; no data is sent."""
    heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    port = script(lambda client, _closing: heard.put(client.recv(100)))
    certificate_issuer(f"https://localhost:{port}/token", Network(PATIENT))
    assert b"" == heard.get(timeout=PATIENT)


def test_nobody_answers() -> None:
    """If no server listens, the call ends in time with an error."""
    with pytest.raises(AppError) as caught:
        certificate_issuer("https://localhost:1/token", Network(PATIENT))
    assert "connection_refused" == caught.value.verdict.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("you@example.com: gone", "mailbox1@example.com: gone"),
        ("'o'brien@example.com'", "mailbox1@example.com'"),
        ("jürgen@example.com", "mailbox1@example.com"),
        ("you%40example.com", "mailbox1@example.com"),
        ("YOU@example.com you@example.com", "mailbox1@example.com mailbox1@example.com"),
        ("mailbox1@example.com", "mailbox1@example.com"),
        (
            "/home/you/t/oauth2_tokens_you@example.com.txt.new",
            "~/t/oauth2_tokens_mailbox1@example.com.txt.new",
        ),
        (f"oauth2_tokens_{'y' * 60}@example.com.txt", "oauth2_tokens_mailbox1@example.com.txt"),
        (f"token {'x' * 60} here", "token … here"),
        ("code=abcdefgh", "code=…"),
    ],
)
def test_masking(text: str, expected: str) -> None:
    """Domains are kept; names, secrets and the home folder are masked."""
    assert expected == Masking("/home/you").text(text)


def test_what_is_no_address_is_masked_whole() -> None:
    """An account that is not an address is masked completely."""
    assert "mailbox1" == Masking("/home/you").address("jane.doe")


def test_the_log_begins_with_a_whole_line(question: Question) -> None:
    """It begins with a whole line, even if the lines are long."""
    lines = [f"start {number} " + "word " * 400 for number in range(100)]
    (question.log_folder / LOG_FILE).write_text("\n".join(lines) + "\n")
    told = list(sections.log_tail(question, Masking()))
    assert 20 < len(told) < 40
    assert lines[-len(told) :] == told


@given(
    local=st.from_regex(r"[a-z0-9!#$%&'*+=^_`{}|~.-]{5,70}", fullmatch=True),
    around=st.sampled_from(["{}", "/a/oauth2_tokens_{}.txt", "<{}>", "to={},", "user '{}' x"]),
)
def test_no_local_part_stays(local: str, around: str) -> None:
    """No local part is left, whatever its characters and its place."""
    masked = Masking("/nobody").text(around.format(f"{local}-z9@example.com"))
    assert f"{local}-z9" not in masked
    assert "@example.com" in masked


def test_a_root_home_masks_no_slashes() -> None:
    """If the home folder is /, as in some containers, slashes are not masked."""
    assert "/a/b" == Masking("/").text("/a/b")


def test_the_command_line(tmp_path: Path) -> None:
    """Standard output contains the absolute path only."""
    (tmp_path / "work").mkdir()
    environ = {"HTTPS_PROXY": "http://127.0.0.1:1"}
    program = Program(tmp_path / "work", tmp_path / "home", environ)
    file = tmp_path / "elsewhere.txt"
    file.write_text("a-token-of-nobody")
    options = ("--timeout", "1", "--token_file", str(file))
    done = program.run("report", "jane.doe@gmail.com", *options)
    assert 0 == done.code, done.err
    path = Path(done.out.strip())
    assert [path] == list(program.folder.glob("*.txt"))
    assert "mailbox1@gmail.com: gmail (" in path.read_text("utf-8")
    assert f"{file}\n  imapsync uses it as: a file\n  token length in bytes: 17" in path.read_text(
        "utf-8"
    )
    assert "jane.doe" not in path.read_text("utf-8")


def test_a_folder_that_cant_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is written nevertheless, and says so."""
    program = Program(tmp_path, tmp_path / "home", {"HTTPS_PROXY": "http://127.0.0.1:1"})
    (tmp_path / "tokens").mkdir()

    def refuse(folder: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)  # root may read every folder
    done = program.run_here("report", "--timeout", "1")
    assert 0 == done.code, done.err
    assert "The folder of the token files can't be read" in done.err
    report = Path(done.out.strip()).read_text("utf-8")
    assert "The folder of the token files can't be read" in report
