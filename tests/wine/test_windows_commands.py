"""The terminal program's other commands in Windows: all are included and print UTF-8."""

import json
from pathlib import Path

from bed.fixtures import Bed
from bed.users import ALICE
from program import Program
from wine.at_bed import sign_in, token_file, trusting
from wine.prefix import windows_path

# In imapsync's place: says what it was given, and ends with a code of its own.
CHILD = """
import json, sys
sys.stdout.buffer.write(json.dumps(sys.argv[1:]).encode())
sys.exit(7)
"""


def test_status(bed: Bed, program: Program) -> None:
    """It prints for people and for Nagios; without a token file it exits with 3."""
    assert 3 == program.run("status").code
    file = sign_in(bed, program)
    done = program.run("status")
    assert 0 == done.code, done.err
    assert f"{ALICE}  Office 365, Outlook.com  fresh" in done.out
    assert rf"\{program.folder.name}\tokens\{file.name}" in done.out
    done = program.run("status", "--check")
    assert 0 == done.code, done.err
    assert 1 == done.out.count("\n")


def test_doctor(program: Program) -> None:
    """It finds and fixes what a Windows editor adds."""
    file = token_file(program)
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbfaccess-token\r\nrefresh-token\r\n")
    done = program.run("doctor")
    assert 1 == done.code, done.err
    assert rf"\{program.folder.name}\tokens\{file.name}" in done.out
    program.run("doctor", "--fix")
    assert file.read_bytes().startswith(b"access-token\nrefresh-token\n")


def test_report(bed: Bed, program: Program) -> None:
    """It writes one file, prints the path, and the file has no address in it."""
    sign_in(bed, program)
    done = program.run("report", ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    path = done.out.strip()
    assert rf"\{program.folder.name}" in path
    text = (program.folder / path.rpartition("\\")[2]).read_text("utf-8")
    assert "Windows" in text
    assert ALICE not in text


def test_run(bed: Bed, program: Program, windows_python: Path, tmp_path: Path) -> None:
    """It adds the options that imapsync needs, and passes on its output and its exit code."""
    file = sign_in(bed, program)
    child = tmp_path / "child.py"
    child.write_text(CHILD)
    own = ("--user1", ALICE, "--dry")
    command = [windows_path(windows_python / "python.exe"), windows_path(child), *own]
    done = program.run("run", *trusting(bed), "--", *command)
    assert 7 == done.code, done.err
    words = json.loads(done.out)
    assert list(own) == words[: len(own)]
    token = words[words.index("--oauthaccesstoken1") + 1]
    assert token.endswith(rf"\{program.folder.name}\tokens\{file.name}")
    assert str(bed.imap_port) == words[words.index("--port1") + 1]
