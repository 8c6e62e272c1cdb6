"""The command line as a whole: what it refuses and how, what it prints where, how it is stopped."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import __version__
from core.demo.authorization_server import AuthorizationServer, Fault
from core.demo.mailbox import Behaviour, Mailbox
from program import Program

ADDRESS = "you@demo.example"
BROWSER = Path(__file__).parent / "consenting_browser.py"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty folder, without a browser."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Program(folder, tmp_path / "home")


@dataclass(frozen=True, slots=True)
class Stage:
    """A program with a provider called `own` around it, and tokens in the file."""

    program: Program
    server: AuthorizationServer
    mailbox: Mailbox
    options: tuple[str, ...]

    @property
    def file(self) -> Path:
        """The token file."""
        return self.program.folder / "tokens" / f"oauth2_tokens_own_{ADDRESS}.txt"


@pytest.fixture
def stage(program: Program, tmp_path: Path) -> Iterator[Stage]:
    """Signed in once."""
    with (
        AuthorizationServer(automatic_consent=True) as server,
        Mailbox(server.account_of, certificate=server.certificate) as mailbox,
    ):
        ca_file = tmp_path / "ca.pem"
        ca_file.write_bytes(server.certificate.certificate_pem)
        environ = {"BROWSER": f"{sys.executable} {BROWSER} {ca_file} %s"}
        browsing = Program(program.folder, program.home, environ)
        browsing.configure(f"""
[providers.own]
authorize_uri = "{server.authorize_uri}"
token_uri = "{server.token_uri}"
scopes = ["imap"]
imap_host = "localhost"
imap_port = {mailbox.port}

[providers.own.applications.desktop]
client_id = "demo"
""")
        options = ("--ca_file", str(ca_file), "--provider", "own", "--timeout", "5")
        made = Stage(browsing, server, mailbox, options)
        done = browsing.run(*options, ADDRESS)
        assert 0 == done.code, done.err
        yield made


def test_version_and_help(program: Program) -> None:
    """--version is one line; --help has examples and the commands, on standard output."""
    assert (0, f"oauth2_imap {__version__}\n") == _code_and_out(program, "--version")
    code, out = _code_and_out(program, "--help")
    assert 0 == code
    for part in ("examples:", "commands:", "detect ADDRESS", "--refresh_only", "--demo"):
        assert part in out


def test_without_arguments_it_shows_its_help(program: Program) -> None:
    """No window, no address: the help on standard error, and exit code 2."""
    done = program.run()
    assert (2, "") == (done.code, done.out)
    assert "examples:" in done.err


def _code_and_out(program: Program, *arguments: str) -> tuple[int, str]:
    done = program.run(*arguments)
    return done.code, done.out


@pytest.mark.parametrize(
    "address",
    [
        "you",
        "you@",
        "@example.com",
        "you@example",
        "y ou@example.com",
        "you@exam\nple.com",
        "you@example.com\n",
        "../../you@example.com",
        "you/../../etc@example.com",
        "..@example.com",
        'y"ou@example.com',
        "y\\ou@example.com",
        "a" * 10_000 + "@example.com",
        "you@" + "a." * 5_000 + "com",
        "jürgen@example.com",
        "you@example.com@example.org",
        "CON:@example.com",
        "you@-example.com",
    ],
    ids=lambda address: repr(address)[:30],
)
def test_malformed_addresses(program: Program, address: str) -> None:
    """Exit code 2, one sentence, and nothing is made anywhere."""
    done = program.run("--provider", "gmail", address)
    assert 2 == done.code, done.err
    assert "Traceback" not in done.err
    assert [] == list(program.folder.rglob("*"))


@pytest.mark.parametrize("address", ["o'brien@gmail.com", "a+b@gmail.com", "you@bücher.example"])
def test_unusual_addresses_are_fine(program: Program, address: str) -> None:
    """They get as far as the sign-in, which nobody can do here."""
    done = program.run("--provider", "gmail", address)
    assert 3 == done.code, done.err
    assert "neither a browser nor a terminal" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--provider", "nonsense", ADDRESS], "provider nonsense is unknown"),
        (["--provider", "no\nsense", ADDRESS], "The provider is unknown"),
        (["--provider", "gmail", "--app", "nonsense", ADDRESS], "no application of that name"),
        (["--provider", "gmail", "--token_uri", "http://x.example", ADDRESS], "--token_uri must"),
        (["--provider", "gmail", "--auth", "file:///etc/passwd", ADDRESS], "--authorize_uri must"),
        (["--provider", "gmail", "--redirect", "http://x.example", ADDRESS], "--redirect_uri must"),
        (["--provider", "gmail", "--imap_server", "a b", ADDRESS], "--imap_server must"),
        (["--provider", "gmail", "--imap_port", "99999", ADDRESS], "--imap_port must"),
        (["--provider", "gmail", "--tenant", "../x", ADDRESS], "--tenant must"),
        (["--provider", "x", "--auth", "https://x.example/a", ADDRESS], "Give --token_uri"),
        (["--local", "--localssl", ADDRESS], "exclude each other"),
        (["--token_file", "x", ADDRESS, "me@demo.example"], "for one address"),
        (["--login_hint", ADDRESS, ADDRESS, "me@demo.example"], "for one address"),
        (["--print_token", "--json", ADDRESS], "exclude each other"),
        (["--yes"], "--yes goes with --demo"),
        (["--loop"], "There is no address"),
        (["nonsense"], "neither an e-mail address nor a command"),
        (["detect"], "detect takes"),
        (["detect", "nonsense"], "is not an e-mail address"),
        (["providers", "x"], "providers takes"),
    ],
)
def test_usage_mistakes(program: Program, arguments: list[str], words: str) -> None:
    """Exit code 2 and a sentence that names the option; nothing on standard output."""
    done = program.run(*arguments)
    assert (2, "") == (done.code, done.out), done.err
    assert words in done.err
    assert "To do, by you:" in done.err


def test_commands(program: Program) -> None:
    """providers lists what each asks for; detect says who and why."""
    code, out = _code_and_out(program, "providers")
    assert 0 == code
    assert "--application thunderbird, the default: asks to allow Thunderbird" in out
    assert "needs the secret of its owner" in out
    assert "not approved" in out
    expected = "gmail, because gmail.com is one of its own domains\n"
    assert (0, expected) == _code_and_out(program, "detect", "you@gmail.com")


def test_a_broken_own_file_is_named(program: Program) -> None:
    """File, table and key; never the value."""
    program.configure('[providers.gmail]\nimap_port = "a secret on the wrong line"\n')
    done = program.run("you@gmail.com")
    assert 1 == done.code
    assert f"{program.own_file}: [providers.gmail] imap_port must be" in done.err
    assert "wrong line" not in done.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\xff\xfe binary \x00", "not a token file"),
        (b'{"access_token": "x"}\n', "not a token file"),
        (b"several words on one line\n", "not a token file"),
        (b"x" * 20 + b"\n" + b"y" * 20 + b"\nthird line without a sign\n", "not a token file"),
        (None, "can't be read"),
    ],
    ids=["binary", "json", "text", "three lines", "a directory"],
)
def test_what_is_no_token_file_is_left_alone(
    stage: Stage, content: bytes | None, words: str
) -> None:
    """Exit code 1, and the thing is what it was: also with --startover."""
    stage.file.unlink()
    if content is None:
        stage.file.mkdir()
    else:
        stage.file.write_bytes(content)
    for extra in ((), ("--startover",), ("--refresh_only",)):
        done = stage.program.run(*stage.options, *extra, ADDRESS)
        assert 1 == done.code, done.err
        assert words in done.err
    assert content is None or content == stage.file.read_bytes()


def test_an_empty_file_is_no_obstacle(stage: Stage) -> None:
    """The original can leave one behind: sign in and fill it."""
    stage.file.write_bytes(b"")
    done = stage.program.run(*stage.options, ADDRESS)
    assert 0 == done.code, done.err
    assert stage.file.read_bytes()


def test_a_folder_that_cannot_be_made(stage: Stage) -> None:
    """A file stands where the folder should be: exit code 1, nobody signs in."""
    in_the_way = stage.program.folder / "in the way"
    in_the_way.write_text("a file")
    before = stage.server.authorize_requests
    done = stage.program.run(*stage.options, "--token_file", str(in_the_way / "x.txt"), ADDRESS)
    assert 1 == done.code, done.err
    assert "can't be made" in done.err
    assert before == stage.server.authorize_requests


def test_several_addresses(stage: Stage) -> None:
    """All are tried; the first failing code is returned; one JSON object each."""
    done = stage.program.run(*stage.options, "--refresh_only", "--json", "me@demo.example", ADDRESS)
    assert 3 == done.code, done.err
    me, you = (json.loads(line) for line in done.out.splitlines())
    assert ("me@demo.example", "sign-in needed", None) == (me["address"], me["state"], me["file"])
    assert "has to" in me["error"]["title"] or "no token" in me["error"]["title"]
    assert (ADDRESS, "fresh", str(stage.file)) == (you["address"], you["state"], you["file"])


def test_the_token_file_alone_is_enough(stage: Stage) -> None:
    """The address comes from `# Account is`; without it a sentence says so."""
    options = stage.options[:2]
    done = stage.program.run(*options, "--token_file", str(stage.file))
    assert 0 == done.code, done.err
    stage.file.write_text("token-without-an-account\n")
    done = stage.program.run(*options, "--token_file", str(stage.file))
    assert 2 == done.code
    assert "doesn't say whose tokens" in done.err


def test_print_token_never_opens_a_browser(stage: Stage) -> None:
    """The token alone on standard output, or nothing and exit code 3."""
    done = stage.program.run(*stage.options, "--print_token", ADDRESS)
    token = stage.file.read_text("ascii").split("\n")[0]
    assert (0, f"{token}\n", "") == (done.code, done.out, done.err)
    stage.file.unlink()
    done = stage.program.run(*stage.options, "--print_token", ADDRESS)
    assert (3, "") == (done.code, done.out)


def _interrupt(stage: Stage, wait_for: str, *arguments: str) -> tuple[int, str, float]:
    with stage.program.start(*stage.options, *arguments, ADDRESS) as running:
        running.line_with(wait_for)
        time.sleep(0.3)
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        done = running.finish(20)
        return done.code, done.err, time.monotonic() - began


def test_ctrl_c_while_the_browser_is_waited_for(stage: Stage) -> None:
    """Cancelled at once, exit code 130, the file as it was."""
    before = stage.file.read_bytes()
    stage.server.automatic_consent = False
    code, err, seconds = _interrupt(stage, "Waiting for the answer", "--startover")
    assert 130 == code, err
    assert seconds < 3
    assert before == stage.file.read_bytes()
    assert "Traceback" not in err


def test_ctrl_c_while_the_mailbox_hangs(stage: Stage) -> None:
    """The check is broken off; what was refreshed is kept."""
    stage.mailbox.behaviour = Behaviour.HANG
    code, err, _ = _interrupt(stage, "because you chose it")
    assert 130 == code, err
    assert "Traceback" not in err


def test_ctrl_c_while_a_refresh_is_on_its_way(stage: Stage) -> None:
    """The answer is awaited and saved before the program ends: a rotated token is not lost."""
    before = stage.file.read_text("ascii").split("\n")
    stage.server.faults.append(Fault(body=b"", delay=1.0, commit=False, status=503))
    code, err, _ = _interrupt(stage, "because you chose it", "--no_check")
    assert code in (4, 130), err
    assert before[:2] == stage.file.read_text("ascii").split("\n")[:2]
    assert 0 == stage.program.run(*stage.options, ADDRESS).code


def test_loop_refreshes_until_ctrl_c(stage: Stage) -> None:
    """One process in place of the batch file: short-lived tokens are renewed at half their life."""
    stage.server.token_lifetime = 4
    with stage.program.start(*stage.options, "--loop", ADDRESS) as running:
        deadline = time.monotonic() + 20
        while stage.server.refreshes < 3 and time.monotonic() < deadline:
            time.sleep(0.1)
        running.process.send_signal(signal.SIGINT)
        done = running.finish()
    assert 130 == done.code, done.err
    assert stage.server.refreshes >= 3
    assert "Your browser" not in done.err


def test_loop_ends_when_nothing_is_left_to_keep(stage: Stage) -> None:
    """A dead grant in a later round stops the loop with exit code 3, without a browser."""
    stage.server.token_lifetime = 4
    with stage.program.start(*stage.options, "--loop", ADDRESS) as running:
        running.line_with("shows 3 folders")
        asked = stage.server.authorize_requests
        stage.server.revoke_grants()
        done = running.finish(30)
    assert 3 == done.code, done.err
    assert "has to sign in again" in done.err
    assert asked == stage.server.authorize_requests


def test_demo(program: Program) -> None:
    """The rehearsal works whatever CA and proxy variables the environment has."""
    nonsense = str(program.folder / "nothing.pem")
    environ = {
        "REQUESTS_CA_BUNDLE": nonsense,
        "CURL_CA_BUNDLE": nonsense,
        "SSL_CERT_FILE": nonsense,
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }
    done = Program(program.folder, program.home, environ).run("--demo", "--yes")
    assert 0 == done.code, done.err
    assert "--oauthaccesstoken1" in done.out
    path = done.out.split("--oauthaccesstoken1 ")[1].split("\n")[0]
    assert 2 <= len(Path(path).read_text("ascii").split("\n"))


def test_the_secret_of_the_environment_is_used_and_not_kept(stage: Stage) -> None:
    """OAUTH2_IMAP_CLIENT_SECRET serves an application that needs a secret, and lies nowhere."""
    environ = {**stage.program.environ, "OAUTH2_IMAP_CLIENT_SECRET": "from-the-environment"}
    own = stage.program.own_file
    own.write_text(own.read_text() + "confidential = true\n")
    done = Program(stage.program.folder, stage.program.home, environ).run(
        *stage.options, "--no_check", ADDRESS
    )
    # The server's client is public, so it refuses one that sends a secret.
    assert 1 == done.code, done.err
    assert "from-the-environment" == stage.server.last_token_form["client_secret"]
    kept = [p for p in stage.program.home.rglob("*") if p.is_file()]
    assert [] == [p for p in kept if b"from-the-environment" in p.read_bytes()]


def test_an_unwritable_folder_moves_to_the_users_data(program: Program) -> None:
    """Where the folder can't be written the user's data folder serves."""
    program.folder.chmod(0o555)
    code = (
        "import os, platformdirs\n"
        "from pathlib import Path\n"
        "from core.tokenfile.place import tokens_folder\n"
        "os.getuid() or os.setuid(65534)  # root may write everywhere\n"
        "print(tokens_folder(Path('.')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=program.folder,
        env=program.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(program.home / "data" / "oauth2_imap" / "tokens") == done.stdout.strip()
