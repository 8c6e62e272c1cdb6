"""The command line as a whole: what it refuses, what it prints where, and how it is stopped."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pytest

from core import __version__
from core.cancel import Cancellation
from core.cli.arguments import parse_arguments
from core.cli.runner import Runner
from core.mailbox.get_token import get_token
from core.mailbox.job import Dependencies, Job, Request
from core.model import Outcome
from core.net.network import Network
from core.oauth.sign_in.certificate import Certificate
from core.oauth.sign_in.methods import SignInMethods
from core.providers.catalog import Catalog
from core.providers.live_catalog import LiveCatalog
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.imap_server import FaultyImapServer
from faulty_servers.responses import Fault
from privileges import read_only, small_disk
from program import Program
from servers import NO_DNS, PATIENT, Browser, fixed

ADDRESS = "you@demo.example"
BROWSER = Path(__file__).parent / "consenting_browser.py"
FILED = f"an-old-access-token\nan-old-refresh-token\n# Account is {ADDRESS}\n"


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
    server: FaultyAuthorizationServer
    mailbox: FaultyImapServer
    options: tuple[str, ...]

    @property
    def file(self) -> Path:
        """The token file."""
        return self.program.folder / "tokens" / f"oauth2_tokens_{ADDRESS}.txt"


@pytest.fixture
def stage(program: Program, tmp_path: Path, demo_certificate: Certificate) -> Iterator[Stage]:
    """Yield a program whose user has signed in once."""
    with (
        FaultyAuthorizationServer(automatic_consent=True, certificate=demo_certificate) as server,
        FaultyImapServer(server.account_of, certificate=server.certificate) as mailbox,
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
        options = ("--ca_file", str(ca_file), "--provider", "own", "--timeout", "20")
        made = Stage(browsing, server, mailbox, options)
        sign_in(made, Network(PATIENT, ca_file))
        yield made


def sign_in(stage: Stage, network: Network) -> None:
    """Sign in within this process, so that the program and the browser need none."""
    own_file = stage.program.own_file
    browser = Browser(stage.server.certificate)
    request = Request(ADDRESS, stage.file.parent, provider="own", network=network)
    dependencies = Dependencies(LiveCatalog(own_file), NO_DNS, time.time)
    job = Job(request, dependencies, lambda event: None, Cancellation())
    get_token(job, SignInMethods(open_browser=browser, paste=None, wait=PATIENT))
    browser.close()


def test_version_and_help(program: Program) -> None:
    """--version is one line; --help has examples and the commands, on standard output."""
    assert (0, f"oauth2_imap {__version__}\n") == _code_and_out(program, "--version")
    code, out = _code_and_out(program, "--help")
    assert 0 == code
    for part in ("Examples:", "Commands:", "detect ADDRESS...", "--refresh_only", "--demo"):
        assert part in out


def test_without_arguments_it_shows_its_help(program: Program) -> None:
    """Without an address it prints the help on standard error and exits with 2."""
    done = program.run()
    assert (2, "") == (done.code, done.out)
    assert "Examples:" in done.err


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
        "you@example.com\nme@example.com",
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
    """It exits with 2 and makes no file and no folder."""
    done = program.run_here("--provider", "gmail", address)
    assert 2 == done.code, done.err
    assert "Traceback" not in done.err
    assert [] == list(program.folder.rglob("*"))


@pytest.mark.parametrize("address", ["o'brien@gmail.com", "a+b@gmail.com", "you@bücher.example"])
def test_unusual_addresses_are_fine(program: Program, address: str) -> None:
    """They are accepted: only the sign-in fails, since there is no browser here."""
    done = program.run("--provider", "gmail", address)
    assert 3 == done.code, done.err
    assert "there is no browser and no terminal here" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--provider", "nonsense", ADDRESS], "nonsense is not a known provider"),
        (["--provider", "no\nsense", ADDRESS], "no sense is not a known provider"),
        (
            ["--provider", "gmail", "--app", "nonsense", ADDRESS],
            "gmail has no application nonsense",
        ),
        (
            ["--provider", "gmail", "--token_uri", "http://x.example", ADDRESS],
            "of token_uri is not valid",
        ),
        (
            ["--provider", "gmail", "--auth", "file:///etc/passwd", ADDRESS],
            "of authorize_uri is not valid",
        ),
        (
            ["--provider", "gmail", "--redirect", "http://x.example", ADDRESS],
            "of redirect_uri is not valid",
        ),
        (["--provider", "gmail", "--imap_server", "a b", ADDRESS], "of imap_server is not valid"),
        (["--provider", "gmail", "--imap_port", "99999", ADDRESS], "of imap_port is not valid"),
        (["--provider", "gmail", "--tenant", "../x", ADDRESS], "of tenant is not valid"),
        (["--provider", "x", "--auth", "https://x.example/a", ADDRESS], "it also needs token_uri"),
        (["--authorize_uri", "https://exa mple/x", ADDRESS], "of authorize_uri is not valid"),
        (["--authorize_uri", "https://[::1/x", ADDRESS], "of authorize_uri is not valid"),
        (["--token_uri", "https://x.example/t", ADDRESS], "token_uri also needs authorize_uri"),
        (["detect", "nonsense"], "This is not an e-mail address"),
    ],
)
def test_wrong_values(program: Program, arguments: list[str], words: str) -> None:
    """It exits with 2, names the option once, and prints nothing on standard output."""
    done = program.run_here(*arguments)
    assert (2, "") == (done.code, done.out), done.err
    assert words in done.err
    assert "Next step:" in done.err
    assert 1 == done.err.count(words), "said once"


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        (["--local", "--localssl", ADDRESS], "options_exclude"),
        (["--local", "--redirect_uri", "https://localhost", ADDRESS], "options_exclude"),
        (["--localssl", "--redirect_uri", "https://x.example", ADDRESS], "options_exclude"),
        (["--token_file", "x", ADDRESS, "me@demo.example"], "option_for_one_address"),
        (["--login_hint", ADDRESS, ADDRESS, "me@demo.example"], "option_for_one_address"),
        (["--print_token", "--json", ADDRESS], "options_exclude"),
        (["--yes"], "option_of_a_command"),
        (["--no_revoke"], "option_of_a_command"),
        (["--check", ADDRESS], "option_of_a_command"),
        (["detect", "--fix", ADDRESS], "option_of_a_command"),
        (["--until", "8h", ADDRESS], "option_needs_loop"),
        (["--while_pid", "1", ADDRESS], "option_needs_loop"),
        (["--loop", "--until", "tomorrow", ADDRESS], "until_unreadable"),
        (["--loop", "--until", "2001-01-01T00:00", ADDRESS], "until_past"),
        (["--loop", "--while_pid", "4194305", ADDRESS], "no_such_process"),
        (["--loop", "--while_pid", "x", ADDRESS], "option_needs_whole_number"),
        (["--nonsense"], "unknown_option"),
        (["--tests"], "option_ran_tests"),
        ([ADDRESS, "tokens/t.txt", "localhost"], "old_positional_form"),
        (["--timeout", "--", ADDRESS], "option_needs_value"),
        (["--provider=--"], "option_needs_value"),
        (["--loop"], "no_address"),
        (["nonsense"], "not_a_command"),
        (["detect"], "detect_needs_address"),
        (["providers", "x"], "provider_unknown"),
        (["browsers", "x"], "command_takes_nothing"),
        (["forget", ADDRESS, ADDRESS], "forget_takes_one_address"),
        (["request"], "request_takes_one_address"),
        (["request", "--list", ADDRESS], "command_takes_nothing"),
        (["request", "--list", "--cancel"], "options_exclude"),
    ],
)
def test_usage_mistakes(
    program: Program, caplog: pytest.LogCaptureFixture, arguments: list[str], verdict: str
) -> None:
    """It exits with 2, says what is wrong and what to do, and prints nothing else."""
    done = program.run_here(*arguments)
    assert (2, "") == (done.code, done.out), done.err
    assert [verdict] == re.findall(r"\[(\w+)\]", caplog.text)
    assert "  Next step: " in done.err
    assert "…" not in done.err


def test_commands(program: Program) -> None:
    """`providers` lists what each provider asks for; `detect` names the provider and the reason."""
    providers = program.run_here("providers")
    assert 0 == providers.code
    out = providers.out
    assert '--application thunderbird\n    The sign-in page asks you to allow "Thunderbird".' in out
    assert "It needs --client_secret" in out
    assert "not approved" in out
    entry = "0123456789abcdef" * 2
    table = f'[providers.gmail.applications.imapsync]\nclient_secret_entry = "{entry}"\n'
    program.configure(table)
    stored = program.run_here("providers", "gmail").out
    assert "--application imapsync" in stored
    assert "It needs --client_secret" not in stored
    assert entry not in stored + program.run_here("providers", "gmail", "--json").out
    detected = program.run_here("detect", "you@gmail.com")
    expected = "gmail (gmail.com is Google's)\n"
    assert (0, expected) == (detected.code, detected.out)


def test_a_broken_own_file_is_named(program: Program) -> None:
    """The message names the file and the field, but never the value."""
    program.configure('[providers.gmail]\nimap_port = "a secret on the wrong line"\n')
    done = program.run_here("you@gmail.com")
    assert 1 == done.code
    assert f"{program.own_file} has a value that is not valid" in done.err
    assert "[providers.gmail] imap_port" in done.err
    assert "wrong line" not in done.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\xff\xfe binary \x00", "not a token file"),
        (b'{"access_token": "x"}\n', "not a token file"),
        (b"several words on one line\n", "not a token file"),
        (b"x" * 20 + b"\n" + b"y" * 20 + b"\nmore lines\nwithout a sign\n", "not a token file"),
        (None, "can't be read"),
    ],
    ids=["binary", "json", "text", "four lines", "a directory"],
)
def test_what_is_no_token_file_is_left_alone(
    stage: Stage, content: bytes | None, words: str
) -> None:
    """It exits with 1 and changes nothing."""
    stage.file.unlink()
    if content is None:
        stage.file.mkdir()
    else:
        stage.file.write_bytes(content)
    for extra in ((), ("--refresh_only",)):
        done = stage.program.run_here(*stage.options, *extra, ADDRESS)
        assert 1 == done.code, done.err
        assert words in done.err
    assert content is None or content == stage.file.read_bytes()


def test_an_empty_file_is_no_obstacle(stage: Stage) -> None:
    """The original program can leave an empty file behind: the user signs in and it is filled."""
    stage.file.write_bytes(b"")
    done = stage.program.run_here(*stage.options, ADDRESS)
    assert 0 == done.code, done.err
    assert stage.file.read_bytes()


def test_a_folder_that_cannot_be_made(stage: Stage) -> None:
    """If a file is in the place of the folder, it exits with 1 and nobody has to sign in."""
    in_the_way = stage.program.folder / "in the way"
    in_the_way.write_text("a file")
    before = stage.server.authorize_requests
    done = stage.program.run_here(
        *stage.options, "--token_file", str(in_the_way / "x.txt"), ADDRESS
    )
    assert 1 == done.code, done.err
    assert f"{in_the_way} can't be created" in done.err
    assert before == stage.server.authorize_requests


def test_several_addresses(stage: Stage) -> None:
    """Each address is tried and gets a JSON object; the exit code is that of the first failure."""
    addresses = ("me@demo.example", "malformed@", ADDRESS)
    done = stage.program.run_here(*stage.options, "--refresh_only", "--json", *addresses)
    assert 2 == done.code, done.err
    told = {line["address"]: line for line in map(json.loads, done.out.splitlines())}
    assert set(addresses) == set(told)
    me, malformed, you = (told[address] for address in addresses)
    assert ("sign-in needed", None) == (me["state"], me["file"])
    assert "no token" in me["error"]["message"]
    assert ("failed", None) == (malformed["state"], malformed["file"])
    assert "not an e-mail address" in malformed["error"]["message"]
    assert (ADDRESS, "fresh", str(stage.file)) == (you["address"], you["state"], you["file"])


def test_a_failure_tells_what_the_file_says(stage: Stage) -> None:
    """The JSON of a failure has the provider, the path and the expiry that the file records."""
    stage.server.revoke_grants()
    done = stage.program.run_here(
        *stage.options, "--refresh_only", "--min_left", "999", "--json", ADDRESS
    )
    young = json.loads(done.out)
    stage.file.write_text(
        f"{FILED}# Provider is own\n# Expiry is 2026-01-02T03:04:05Z\n", "ascii", newline="\n"
    )
    done = stage.program.run_here(*stage.options, "--refresh_only", "--json", ADDRESS)
    assert 3 == done.code, done.err
    dead = json.loads(done.out)
    assert ("fresh", str(stage.file)) == (young["state"], young["file"])
    assert ("sign-in needed", "own", str(stage.file), "2026-01-02T03:04:05Z") == (
        dead["state"],
        dead["provider"],
        dead["file"],
        dead["expires_at"],
    )


def test_the_loop_goes_on_beside_a_malformed_address(stage: Stage) -> None:
    """The malformed address is reported, and the other mailboxes are kept fresh."""
    with stage.program.start(*stage.options, "--loop", "malformed@", ADDRESS) as running:
        running.line_with("not an e-mail address")
        running.line_with("3 folders found")
        running.process.send_signal(signal.SIGINT)
        assert 130 == running.finish().code


@pytest.mark.parametrize(
    ("port", "words"),
    [("143", "--tls{0}"), ("993", "--ssl{0}"), ("1993", "--ssl{0} --port{0} 1993")],
)
def test_the_printed_port(stage: Stage, port: str, words: str) -> None:
    """The printed options make imapsync connect in the way that the check did."""
    done = stage.program.run_here(*stage.options, "--no_check", "--imap_port", port, ADDRESS)
    for number, line in enumerate(done.out.splitlines(), start=1):
        assert f"--host{number} localhost {words.format(number)} --user{number} {ADDRESS} " in line
    assert 2 == len(done.out.splitlines())
    assert 1 == done.err.count("imapsync before version 2.251 asks for a password")


def test_the_token_file_alone_is_enough(stage: Stage) -> None:
    """The address comes from the line `# Account is`, else from the name; else an error says so."""
    options = stage.options[:2]
    done = stage.program.run_here(*options, "--token_file", str(stage.file))
    assert 0 == done.code, done.err
    lines = stage.file.read_text().splitlines()
    stage.file.write_text("\n".join(lines[:2]) + "\n")
    done = stage.program.run_here(*options, "--provider", "own", "--token_file", str(stage.file))
    assert 0 == done.code, done.err
    other = stage.file.with_name("other.txt")
    other.write_text("token-without-an-account\n")
    done = stage.program.run_here(*options, "--token_file", str(other))
    assert 2 == done.code
    assert "does not say which mailbox" in done.err
    stage.file.unlink()
    done = stage.program.run_here(*options, "--token_file", str(stage.file))
    assert 3 == done.code
    assert f"There is no token file {stage.file}" in done.err


def test_print_token_never_opens_a_browser(stage: Stage) -> None:
    """It prints the token alone, or prints nothing and exits with 3."""
    done = stage.program.run(*stage.options, "--print_token", ADDRESS)
    token = stage.file.read_text("ascii").split("\n")[0]
    assert (0, f"{token}\n", "") == (done.code, done.out, done.err)
    stage.file.unlink()
    done = stage.program.run(*stage.options, "--print_token", ADDRESS)
    assert (3, "") == (done.code, done.out)


def test_loop_refreshes_until_ctrl_c(stage: Stage) -> None:
    """One process replaces the batch file: short-lived tokens are renewed at half their life."""
    stage.server.token_lifetime = 2
    with stage.program.start(*stage.options, "--loop", ADDRESS) as running:
        deadline = time.monotonic() + 20
        while stage.server.refreshes < 3 and time.monotonic() < deadline:
            time.sleep(0.1)
        running.process.send_signal(signal.SIGINT)
        done = running.finish()
    assert 130 == done.code, done.err
    assert stage.server.refreshes >= 3
    assert "Your browser" not in done.err
    assert 2 == len(done.out.splitlines()), (
        "the lines for imapsync don't change from round to round"
    )


def test_loop_ends_when_nothing_is_left_to_keep(stage: Stage) -> None:
    """A dead grant in a later round stops the loop with exit code 3, without a browser."""
    stage.server.token_lifetime = 2
    with stage.program.start(*stage.options, "--loop", ADDRESS) as running:
        running.line_with("3 folders found")
        asked = stage.server.authorize_requests
        stage.server.revoke_grants()
        done = running.finish(30)
    assert 3 == done.code, done.err
    assert "is no longer valid" in done.err
    assert asked == stage.server.authorize_requests


def test_loop_until(stage: Stage) -> None:
    """It says when it will end, and ends then with exit code 0."""
    began = time.monotonic()
    done = stage.program.run(*stage.options, "--loop", "--until", "3s", ADDRESS)
    assert 3 <= time.monotonic() - began < 20
    assert 0 == done.code, done.err
    lines = done.err.splitlines()
    stop_time = r"[\d:]+ on \w+day, [\d-]+\."
    announced = rf"Refreshing will stop at {stop_time} Time until then: 3 s\."
    assert re.fullmatch(announced, lines[0])
    assert re.fullmatch(rf"It is {stop_time}", lines[-2])
    assert "The loop stops." == lines[-1]


def test_loop_while_another_process_runs(stage: Stage) -> None:
    """It ends with exit code 0 when the other process ends."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        options = (*stage.options, "--loop", "--while_pid", str(other.pid))
        with stage.program.start(*options, ADDRESS) as running:
            running.line_with(f"(process {other.pid}) ends")
            running.line_with("3 folders found")
            other.communicate()
            done = running.finish(30)
    assert 0 == done.code, done.err
    assert f"(process {other.pid}) has ended." in done.err


def test_loop_heals_when_its_settings_are_mended(stage: Stage) -> None:
    """A wrong client ID is reported; once providers.toml is right, the running loop uses it."""
    stage.server.token_lifetime = 2
    own = stage.program.own_file
    right = own.read_text("utf-8")
    with stage.program.start(*stage.options, "--loop", "--until", "1h", ADDRESS) as running:
        running.line_with("3 folders found")
        own.write_text(right.replace('client_id = "demo"', 'client_id = "wrong"'), "utf-8")
        running.line_with("invalid_client")
        refreshes = stage.server.refreshes
        own.write_text(right, "utf-8")
        deadline = time.monotonic() + 45
        while stage.server.refreshes == refreshes and time.monotonic() < deadline:
            time.sleep(0.1)
        running.process.send_signal(signal.SIGINT)
        running.finish()
    assert stage.server.refreshes > refreshes


def test_demo(program: Program) -> None:
    """The demo works whatever CA and proxy variables the environment has."""
    nonsense = str(program.folder / "nothing.pem")
    environ = {
        "REQUESTS_CA_BUNDLE": nonsense,
        "CURL_CA_BUNDLE": nonsense,
        "SSL_CERT_FILE": nonsense,
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
        "TMPDIR": str(program.folder),  # where the demo leaves its folder
    }
    done = Program(program.folder, program.home, environ).run("--demo", "--yes")
    assert 0 == done.code, done.err
    assert "--oauthaccesstoken1" in done.out
    path = done.out.split("--oauthaccesstoken1 ")[1].split("\n")[0]
    assert 2 <= len(Path(path).read_text("ascii").split("\n"))


def test_the_secret_of_the_environment_is_used_and_not_kept(stage: Stage) -> None:
    """OAUTH2_IMAP_CLIENT_SECRET is sent for an application that needs it, and saved nowhere."""
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


def _started(
    program: Program,
    *words: str,
    stdout: IO[bytes] | int = subprocess.PIPE,
    stderr: IO[bytes] | int = subprocess.PIPE,
) -> "subprocess.CompletedProcess[str]":
    """Run Python in the program's folder and environment."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=program.folder,
        env=program.environment(),
        stdout=stdout,
        stderr=stderr,
        text=True,
        check=False,
    )


@pytest.mark.only_on("posix", reason="folders have no modes on Windows")
def test_an_unwritable_folder_moves_to_the_users_data(program: Program) -> None:
    """If the folder can't be written to, the user's data folder is used."""
    program.folder.chmod(0o555)
    code = (
        "import os, platformdirs\n"
        "from pathlib import Path\n"
        "from core.tokenfile.place import tokens_folder\n"
        "os.getuid() or os.setuid(65534)  # root may write everywhere\n"
        "print(tokens_folder(Path('.')))\n"
    )
    done = _started(program, "-c", code)
    assert str(program.home / "tokens") == done.stdout.strip()


def test_an_unwritable_folder_keeps_the_files_that_are_there(stage: Stage) -> None:
    """Readable tokens can still be used; a refresh fails before it asks for a token."""
    with small_disk("1m") as disk:
        path = disk / "tokens" / stage.file.name
        path.parent.mkdir()
        path.write_bytes(stage.file.read_bytes())
        program = replace(stage.program, folder=disk)
        with read_only(disk):
            printed = program.run(*stage.options, "--print_token", ADDRESS)
            asked = stage.server.token_requests, stage.server.authorize_requests
            plain = program.run(*stage.options, ADDRESS)
        assert (0, path.read_text("ascii").split("\n")[0] + "\n", "") == (
            printed.code,
            printed.out,
            printed.err,
        )
        assert 1 == plain.code, plain.err
        assert str(path.parent) in plain.err
        assert "Change the permissions so that you can write in the folder" in plain.err
    assert asked == (stage.server.token_requests, stage.server.authorize_requests)
    assert not (stage.program.home / "tokens").exists()


@pytest.mark.only_on("posix", reason="Windows deletes no folder that is current")
@pytest.mark.parametrize(
    "arguments",
    [
        (ADDRESS,),
        ("--token_file", "tokens.txt", ADDRESS),
        ("--loop", ADDRESS),
        ("status",),
        ("doctor",),
        ("doctor", "tokens.txt"),
        ("inspect",),
        ("report",),
    ],
)
def test_a_current_folder_that_is_gone(program: Program, arguments: tuple[str, ...]) -> None:
    """If another terminal deleted the folder, the program says so and exits with 1."""
    code = "import os, sys; os.rmdir(os.getcwd()); from core.cli import main; sys.exit(main())"
    done = _started(program, "-c", code, *arguments)
    assert (1, "") == (done.returncode, done.stdout), done.stderr
    assert "The current folder does not exist any more." in done.stderr
    assert "nexpected" not in done.stderr


def test_a_home_of_nobody(program: Program) -> None:
    """`~nobody-of-that-name/` is an ordinary name, as it is for a shell."""
    done = program.run("--provider", "gmail", "--token_file", "~nouserx/y", "you@gmail.com")
    assert 3 == done.code, done.err
    assert "there is no browser and no terminal here" in done.err


@pytest.mark.only_on("posix", reason="Windows has no SIGPIPE and no EPIPE")
@pytest.mark.parametrize("arguments", [("providers",), ("--version",)])
def test_nobody_reads_the_output(program: Program, arguments: tuple[str, ...]) -> None:
    """`oauth2_imap providers | true` exits with 1 and prints nothing on standard error."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = _started(program, "-m", "core", *arguments, stdout=pipe)
    assert (1, "") == (done.returncode, done.stderr)


@pytest.mark.only_on("linux", reason="/dev/full is a device of Linux")
@pytest.mark.parametrize(
    "arguments", [("providers",), ("--version",), ("--json", "--refresh_only", ADDRESS)]
)
def test_an_output_that_takes_nothing(program: Program, arguments: tuple[str, ...]) -> None:
    """If `>` writes to a full disk, it prints the system's message and exits with 1."""
    with open("/dev/full", "wb") as full:
        done = _started(program, "-m", "core", *arguments, stdout=full)
    assert 1 == done.returncode
    assert "Details: OSError: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.only_on("posix", reason="Windows has no SIGPIPE and no EPIPE")
def test_nobody_reads_what_is_said(stage: Stage) -> None:
    """With `oauth2_imap … 2>&1 | grep -m1 link` the sign-in is still saved."""
    before = stage.file.read_bytes()
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = _started(
            stage.program, "-m", "core", *stage.options, "--startover", ADDRESS, stderr=pipe
        )
    assert 0 == done.returncode
    assert "--oauthaccesstoken1" in done.stdout
    assert before != stage.file.read_bytes()


def test_no_lines_for_imapsync_without_a_server(
    program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    """A round with nothing to refresh knows no server, so it prints no lines."""
    dependencies = Dependencies(fixed(Catalog({}, {}), program.own_file), NO_DNS, time.time)
    runner = Runner(parse_arguments([]).options, dependencies, Cancellation())
    job = runner._job(Request(ADDRESS, program.folder))
    runner.show(
        job, Outcome(ADDRESS, "", "/t.txt", "", 0, False, None, renewed=False, checked=False)
    )
    assert "" == capsys.readouterr().out


def test_a_mistake_of_ours_ends_as_a_sentence(program: Program) -> None:
    """It exits with 1; the traceback is in the log and not on the screen."""
    code = (
        "import sys, core.cli as cli, core.cli.entry as entry, core.log as log\n"
        "def broken(arguments, cancelled):\n"
        "    log.set_up()\n"
        "    raise LookupError('a secret')\n"
        "entry._run = broken\n"
        "sys.exit(cli.main())\n"
    )
    done = _started(program, "-c", code)
    assert (1, "") == (done.returncode, done.stdout)
    assert "Details: LookupError" in done.stderr
    assert "a secret" not in done.stderr
    assert "Traceback" not in done.stderr
    (log_file,) = program.home.rglob("*.log")
    assert "Traceback" in log_file.read_text("utf-8")


def test_an_output_without_umlauts(program: Program) -> None:
    """It works with an old terminal's character set."""
    home = program.home.with_name("Jörg")
    environ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = Program(program.folder, home, environ).run("providers")
    assert 0 == done.code, done.err
    assert "J\\xf6rg" in done.out or "Jörg" in done.out


@pytest.mark.only_on("posix", reason="the shell is sh")
def test_standard_input_of_a_loop_is_left_alone(stage: Stage) -> None:
    """In `while read x; do oauth2_imap …; done < list` every line goes to the shell loop."""
    stage.file.unlink()
    script = 'while read x; do echo "$x"; "$@" >/dev/null || echo "code $?"; done'
    command = [sys.executable, "-m", "core", *stage.options, "--startover", ADDRESS]
    done = subprocess.run(
        ["sh", "-c", script, "sh", *command],
        cwd=stage.program.folder,
        env=stage.program.environment(),
        input="one\ntwo\nthree\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ["one", "two", "three"] == done.stdout.splitlines(), done.stderr
    assert 3 + 1 == stage.server.authorize_requests


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2242-03-16T12:56:31Z"]
)
def test_absurd_times_crash_nothing(stage: Stage, moment: str, zone: str) -> None:
    """A file with such times is used and renewed as if it had no times."""
    good = stage.file.read_text("ascii").split("\n")[:2]
    facts = [f"# {key} is {moment}" for key in ("Issued", "Expiry", "Sign-in")]
    stage.file.write_text("\n".join([*good, *facts, ""]), "ascii")
    os.utime(stage.file, (0, 0))
    environ = {**stage.program.environ, "TZ": zone}
    program = replace(stage.program, environ=environ)
    stage.server.faults.append(Fault(503))
    for code, arguments in ((4, ()), (0, ("--json",)), (0, ("--refresh_only",))):
        done = program.run(*stage.options, "--no_check", *arguments, ADDRESS)
        assert code == done.code, done.err
        assert "nexpected" not in done.err
