"""The main job on real parts: a certified authorization server, Dovecot, a Chromium that clicks.

The bed's server takes the place of Microsoft's and Google's in the user's own providers.toml, which
lays it over the shipped data; msal and google-auth-oauthlib are as in production.
"""

import json
import sys
from pathlib import Path

import pytest

from bed import flow
from bed.as_provider import lines_of, opens_mailbox, providers_toml, trusting
from bed.fixtures import Bed
from bed.users import ALICE, BOB, CAROL
from bed.walker import walk
from program import Program

BROWSER = Path(__file__).parent / "bed" / "browser.py"
OUTLOOK_SCOPE = "https://outlook.office.com/IMAP.AccessAsUser.All"


@pytest.fixture
def program(bed: Bed, tmp_path: Path) -> Program:
    """The program in an empty folder, with the bed in place of the providers, and no browser."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    made = Program(folder, home)
    made.configure(providers_toml(bed))
    return made


@pytest.fixture
def with_browser(program: Program, chromium: None) -> Program:
    """The same, with a Chromium in which alice signs in and allows."""
    return _browsing(program, ALICE)


def _browsing(program: Program, user: str, act: str = "allow") -> Program:
    environ = {"BROWSER": f"{sys.executable} {BROWSER} %s", "BED_USER": user, "BED_ACT": act}
    return Program(program.folder, program.home, environ)


def test_sign_in_then_refresh_with_rotation(bed: Bed, with_browser: Program) -> None:
    """A public client signs in through Chromium by msal; the second run refreshes and rotates."""
    file = with_browser.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"

    first = with_browser.run(ALICE, *trusting(bed))
    assert 0 == first.code, first.err
    assert f"--user1 {ALICE} --oauthaccesstoken1 {file}" in first.out
    assert f"--user2 {ALICE} --oauthaccesstoken2 {file}" in first.out
    assert "Thunderbird" in first.err
    assert opens_mailbox(bed, ALICE, file)
    before = lines_of(file)

    second = with_browser.run(ALICE, *trusting(bed))
    assert 0 == second.code, second.err
    after = lines_of(file)
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert opens_mailbox(bed, ALICE, file)
    assert 1 == bed.stats()["auth_requests"]
    assert {"authorization_code": 1, "refresh_token": 1} == bed.stats()["grants"]


def test_sign_in_with_a_secret_then_refresh_without_rotation(
    bed: Bed, with_browser: Program
) -> None:
    """A client with a secret signs in by google-auth-oauthlib; its refresh token stays the same."""
    file = with_browser.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"

    for _ in range(2):
        done = with_browser.run("--provider", "gmail", ALICE, *trusting(bed))
        assert 0 == done.code, done.err
        assert opens_mailbox(bed, ALICE, file)
    assert {"authorization_code": 1, "refresh_token": 1} == bed.stats()["grants"]


def test_https_loopback(bed: Bed, with_browser: Program) -> None:
    """A registration with https://localhost works too, and the warning is announced."""
    done = with_browser.run("--app", "https", ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    assert "warn about the certificate of https://localhost" in done.err
    assert opens_mailbox(bed, ALICE, next((with_browser.folder / "tokens").glob("*.txt")))


@pytest.mark.parametrize("what", ["url", "code"])
def test_remote_browser(bed: Bed, program: Program, what: str) -> None:
    """Nothing opens; the address, or the code alone, is pasted from another computer."""
    with program.start("--remotebrowser", ALICE, *trusting(bed)) as running:
        link = running.line_with("Link: ").partition(": ")[2].strip()
        address = walk(link, ALICE)
        code = address.partition("code=")[2].partition("&")[0]
        running.type("I don't know what to paste")
        running.line_with("not an answer of the sign-in page")
        running.type(address if what == "url" else code)
        done = running.finish()
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, ALICE, program.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt")


def test_the_end_of_standard_input_is_exit_3(bed: Bed, program: Program) -> None:
    """With --remotebrowser and nothing to read there is nobody to ask."""
    done = program.run("--remotebrowser", ALICE, *trusting(bed))
    assert 3 == done.code
    assert not list((program.folder / "tokens").glob("*.txt"))


def test_by_hand_with_opaque_tokens_until_revoked(bed: Bed, program: Program) -> None:
    """A provider given by hand works and is remembered; a revoked token opens nothing."""
    overrides = (
        *("--provider", "mine", "--client_id", "public-opaque"),
        *("--authorize-uri", bed.authorize_uri, "--token-uri", bed.token_uri),
        *("--scope_string", "openid offline_access imap"),
        *("--imap_server", bed.imap_host, "--imap_port", str(bed.imap_port)),
    )
    with program.start("--remotebrowser", CAROL, *overrides, *trusting(bed)) as running:
        link = running.line_with("Link: ").partition(": ")[2].strip()
        running.type(walk(link, CAROL))
        done = running.finish()
    assert 0 == done.code, done.err
    file = program.folder / "tokens" / f"oauth2_tokens_{CAROL}.txt"
    assert opens_mailbox(bed, CAROL, file)

    again = program.run("--token_file", str(file), *trusting(bed))
    assert 0 == again.code, again.err
    assert opens_mailbox(bed, CAROL, file)
    assert {"authorization_code": 1, "refresh_token": 1} == bed.stats()["grants"]

    bed.revoke(CAROL)
    assert not opens_mailbox(bed, CAROL, file)


def test_a_dead_grant_leads_back_to_the_browser(bed: Bed, with_browser: Program) -> None:
    """After a revocation the same command signs in again."""
    assert 0 == with_browser.run(ALICE, *trusting(bed)).code
    bed.revoke(ALICE)
    done = with_browser.run(ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    assert 2 == bed.stats()["grants"]["authorization_code"]


def test_a_stopped_server_opens_no_browser(bed: Bed, with_browser: Program) -> None:
    """A network fault is exit 4: the file is byte for byte what it was, nobody is asked."""
    _write_original(bed, with_browser, f"oauth2_tokens_{ALICE}.txt")
    file = with_browser.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"
    before = file.read_bytes()
    bed.stop_server()
    done = with_browser.run(ALICE, *trusting(bed))
    assert 4 == done.code
    assert "imapsync can use the token in the file until" in done.err
    assert "Your browser" not in done.err
    assert before == file.read_bytes()
    bed.start_server()


def test_the_demo_in_a_real_browser(program: Program, chromium: None) -> None:
    """Without --yes the browser opens, as in earnest; what it is for is said before."""
    done = _browsing(program, "").run("--demo")
    assert 0 == done.code, done.err
    assert "Everything runs on this computer." in done.err
    assert "It works" in done.err


def test_an_application_that_ends_elsewhere_is_pasted(bed: Bed, program: Program) -> None:
    """A registration whose redirect is somebody's page: nothing listens, the address is pasted."""
    elsewhere = ("--redirect_uri", "https://answers.example/cgi-bin/auth")
    with program.start("--remotebrowser", *elsewhere, ALICE, *trusting(bed)) as running:
        link = running.line_with("Link: ")
        assert "redirect_uri=https%3A%2F%2Fanswers.example%2Fcgi-bin%2Fauth" in link
        running.type("")
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert 3 == running.finish().code


def test_refused_by_the_person(bed: Bed, program: Program, chromium: None) -> None:
    """Deny in the browser is exit 3 with one sentence, and no file."""
    done = _browsing(program, ALICE, "deny").run(ALICE, *trusting(bed))
    assert 3 == done.code
    assert "was refused on the sign-in page" in done.err
    assert not list((program.folder / "tokens").glob("*.txt"))


def test_another_account_in_the_browser(bed: Bed, program: Program, chromium: None) -> None:
    """Bob signs in where alice was asked for: exit 5, and the old file stays."""
    _write_original(bed, program, f"oauth2_tokens_{ALICE}.txt")
    file = program.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"
    bed.revoke(ALICE)
    before = file.read_bytes()
    done = _browsing(program, BOB).run(ALICE, *trusting(bed))
    assert 5 == done.code, done.err
    assert f"localhost does not let {BOB} open the mailbox of {ALICE}" in done.err
    assert before == file.read_bytes()


def _write_original(bed: Bed, program: Program, name: str, *, form: str = "{}\n{}\n") -> None:
    """A file as the original leaves it, with live tokens of alice."""
    tokens = flow.sign_in(
        bed.issuer,
        bed.ca_file,
        "public-rotating",
        ALICE,
        scope=f"openid profile offline_access {OUTLOOK_SCOPE}",
    )
    (program.folder / "tokens").mkdir(exist_ok=True)
    content = form.format(tokens["access_token"], tokens["refresh_token"])
    (program.folder / "tokens" / name).write_bytes(content.encode())


SUGAR = (
    "# The first   line is the access  token\n# The second  line is the refresh token\n"
    f"# Account is {ALICE}\n# File generated on Mon Sep  8 12:18:39 2025 by oauth2_imap {ALICE}\n"
)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        (f"oauth2_tokens_{ALICE}.txt", "{}\n{}\n" + SUGAR),
        (f"oauth2_tokens_thunderbird_office365_{ALICE}.txt", "{}\n{}\n" + SUGAR),
        (f"oauth2_tokens_{ALICE}.txt", ("{}\n{}\n" + SUGAR).replace("\n", "\r\n")),
        (f"oauth2_tokens_{ALICE}.txt", "{}\n{}"),
    ],
    ids=["old name", "new name", "CRLF", "two lines"],
)
def test_a_file_of_the_original_is_refreshed(
    bed: Bed, program: Program, name: str, form: str
) -> None:
    """Whatever the original wrote is picked up in place and comes out as imapsync wants it."""
    _write_original(bed, program, name, form=form)
    done = program.run(ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    assert [name] == [f.name for f in (program.folder / "tokens").glob("*.txt")]
    file = program.folder / "tokens" / name
    assert opens_mailbox(bed, ALICE, file)
    assert b"\r" not in file.read_bytes()
    assert 1 == bed.stats()["refreshes"]


def test_refresh_only_is_silent_and_costs_nothing_when_fresh(bed: Bed, program: Program) -> None:
    """imapsync's --oauthrefreshcmd1: nothing on standard output; one refresh, then none."""
    bed.configure(at_ttl=120)
    _write_original(bed, program, f"oauth2_tokens_{ALICE}.txt", form="old-access-token\n{1}\n")
    command = ("--refresh_only", "--min_left", "1", ALICE, *trusting(bed))
    assert (0, "", "") == _all(program.run(*command))
    asked = bed.stats()["token_requests"]
    assert (0, "", "") == _all(program.run(*command))
    assert asked == bed.stats()["token_requests"]


def test_print_token_and_json(bed: Bed, program: Program) -> None:
    """Standard output carries what was asked for, alone."""
    _write_original(bed, program, f"oauth2_tokens_{ALICE}.txt")
    file = program.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"
    printed = program.run("--print_token", ALICE, *trusting(bed))
    assert (0, lines_of(file)[0] + "\n", "") == _all(printed)

    done = program.run("--json", ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    said = json.loads(done.out)
    fields = ["address", "provider", "file", "expires_at", "state", "error"]
    assert ["format", "format_version", *fields] == list(said)
    assert (ALICE, "office365", str(file), "fresh", None) == (
        said["address"],
        said["provider"],
        said["file"],
        said["state"],
        said["error"],
    )


def _all(done: object) -> tuple[int, str, str]:
    return (done.code, done.out, done.err)  # type: ignore[attr-defined]
