"""The running imapsync processes, and what is shown of their command lines."""

import subprocess
from pathlib import Path

import pytest

from core.imapsync.running import ImapsyncRun, is_imapsync, label, running_imapsyncs

SECRET = "a-secret-password"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["imapsync", "--host1", "x"], True),
        (["/usr/bin/imapsync"], True),
        (["perl", "/usr/bin/imapsync", "--host1", "x"], True),
        (["/usr/bin/perl5.36.0", "-w", "./imapsync"], True),
        (["C:\\imapsync\\imapsync.exe", "--host1", "x"], True),
        (["C:\\Strawberry\\perl\\bin\\perl.exe", "C:\\Mail\\imapsync"], True),
        (["vim", "imapsync"], False),
        (["/bin/sh", "/opt/imapsync", "--host1", "x"], True),
        (["sh", "-c", "imapsync --host1 x"], False),
        (["bash", "other.sh", "imapsync"], False),
        (["perl", "other", "imapsync"], False),
        (["grep", "imapsync"], False),
        (["perl"], False),
        ([], False),
    ],
)
def test_is_imapsync(command: list[str], expected: bool) -> None:
    """imapsync by either name, or perl with the script, but no command that only mentions it."""
    assert expected == is_imapsync(command)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            "--host1 a.example --user1 me --password1 S --host2=b.example --user2=you",
            "me at a.example to you at b.example",
        ),
        ("--user1 me --passfile1 S --oauthaccesstoken2 S", "me at ? to ? at ?"),
        ("--user1 --password1 S", "imapsync"),
        ("--password1 S", "imapsync"),
        ("-user1 me -password1=S", "me at ? to ? at ?"),
        ("S", "imapsync"),
    ],
)
def test_label(options: str, expected: str) -> None:
    """The label shows users and hosts, and nothing else of the command line."""
    found = label(["imapsync", *options.replace("S", SECRET).split()])
    assert expected == found
    assert SECRET not in found


@pytest.mark.needs_program("perl", reason="it runs a script named imapsync")
def test_a_real_one(tmp_path: Path) -> None:
    """A perl script named imapsync is found while it runs, and not afterwards."""
    script = tmp_path / "imapsync"
    script.write_text('print "up\\n"; $| = 1; print "\\n"; <STDIN>;\n')
    command = ["perl", str(script), "--user1", "me", "--password1", SECRET]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        expected = ImapsyncRun(process.pid, "me at ? to ? at ?", is_ours=True)
        assert expected in running_imapsyncs()
        process.communicate()
    assert expected not in running_imapsyncs()
