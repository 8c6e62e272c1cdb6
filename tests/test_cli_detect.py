"""The command detect: which provider each address has, what shows it, and with --json."""

import json
from pathlib import Path

import dns.resolver
import pytest

from core.cli.arguments import parse_arguments
from core.cli.detect import run
from name_server import Zone, name_server
from program import Program

ADDRESS = "you@gmail.com"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty folder."""
    work = tmp_path / "work"
    work.mkdir()
    return Program(work, tmp_path / "home")


def test_detect_as_json(program: Program) -> None:
    """One object, also after an error, which is told on standard error too."""
    done = program.run_here("detect", "--json", ADDRESS)
    clue = {"reason": "own_domain", "seen": "gmail.com", "provider": "gmail", "weight": 100}
    expected = {
        "format": "detection",
        "format_version": 1,
        "address": ADDRESS,
        "provider": "gmail",
        "candidates": [{"provider": "gmail", "weight": 100}],
        "clues": [clue],
        "unanswered": [],
        "error": None,
    }
    assert (0, expected) == (done.code, json.loads(done.out))
    program.configure("")
    done = program.run_here("detect", "--json", "--timeout", "0.01", "you@x.invalid")
    told = json.loads(done.out)
    assert (None, "you@x.invalid") == (told["provider"], told["address"])
    assert told["error"]["verdict"] in ("domain_unknown", "name_servers_silent")
    assert told["error"]["message"] in done.err
    assert done.code in (2, 4)


def test_detect_shows_its_doubts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The candidates with their weights, the clues, and what could not be asked."""
    zone: Zone = {
        "doubtful.example": {
            "MX": ["10 mx1.hidden.pphosted.com."],
            "TXT": ['"v=spf1 include:_spf.google.com include:spf.protection.outlook.com"'],
        }
    }
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")  # no page can be reached
    with name_server(zone) as server:
        monkeypatch.setattr(dns.resolver, "Resolver", lambda: server.resolver)
        options = parse_arguments(["detect", "--json"]).options
        assert 2 == run(["you@doubtful.example"], options)
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    candidates = [{"provider": "gmail", "weight": 20}, {"provider": "office365", "weight": 20}]
    assert (None, candidates) == (told["provider"], told["candidates"])
    seen = [(clue["reason"], clue["seen"], clue["provider"]) for clue in told["clues"]]
    assert [
        ("mail_filter", "mx1.hidden.pphosted.com", None),
        ("spf", "_spf.google.com", "gmail"),
        ("spf", "spf.protection.outlook.com", "office365"),
    ] == seen
    assert ["tenant"] == told["unanswered"]
    assert "provider_uncertain" == told["error"]["verdict"]
    assert "Option: --provider NAME" in printed.err


def test_detect_takes_several_addresses(program: Program) -> None:
    """One line each; the exit code is that of the first error, which is told and stops nothing."""
    done = program.run_here("detect", "you@hotmail.com", "you@icloud.com", ADDRESS)
    expected = (
        "you@hotmail.com: office365 (hotmail.com is Microsoft's)\n"
        f"{ADDRESS}: gmail (gmail.com is Google's)\n"
    )
    assert (2, expected) == (done.code, done.out)
    assert "you@icloud.com: Apple iCloud doesn't offer OAuth2 for IMAP" in done.err
