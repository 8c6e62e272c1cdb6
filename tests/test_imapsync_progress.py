"""How far a run of imapsync is, and what a window sees of it."""

import pytest

from core.imapsync.run.progress import Progress
from core.imapsync.run.watch import Watch

# As imapsync prints them; the addresses and folders are made up.
OUTPUT = """\
Host1: success login on [imap.gmail.com] with user [a@b.example] auth [XOAUTH2]
Host1 Nb messages:              1234 messages
Folder    3/12 [INBOX.Archiv]                   -> [INBOX/Archiv]
msg INBOX/7 {1234}            copied to INBOX/8          1.50 msgs/s  0.456 MiB/s 2.0 MiB copied
ETA: Sun Nov 29 12:00:00 2026 CET  120 s  1000/1234 msgs left
msg INBOX/8 {1234} copied to INBOX/9  1.5 msgs/s 1 MiB copied  ETA: Sun  118 s  999/1234 msgs left
Err 1/50: - msg INBOX/9 {99} could not append ( Subject:[x msg a copied to b 1/2 msgs left], \
Date:[], Size:[99], Flags:[] ) to folder INBOX: 9 NO [LIMIT] no
Messages transferred                    : 2
Exiting with return value 114 (EXIT_ERR_APPEND) 1/50 nb_errors/max_errors PID 4711
"""


def after(*lines: str) -> Progress:
    """The progress after these lines."""
    progress = Progress()
    for line in lines:
        progress = progress.after(line)
    return progress


def test_the_progress_of_a_run() -> None:
    """Messages, errors and folders; the subject of a message is never counted."""
    expected = Progress(copied=2, errors=1, left=999, total=1234, folder=3, folders=12)
    assert expected == after(*OUTPUT.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Folder INBOX has 20 messages",
        "The subject says: msg INBOX/7 {1} copied to INBOX/8",
        "- msg INBOX/7 {1} could not be fetched: copied to nowhere",
        "Err x/50: no",
        "1/2 msgs left, said the subject",
    ],
)
def test_other_lines_count_nothing(line: str) -> None:
    """Only what imapsync says itself counts."""
    assert Progress() == after(line)


def test_a_watch_puts_pieces_together() -> None:
    """The output comes in pieces of any size; the two streams are not mixed."""
    watch = Watch()
    watch.started()
    for piece in (b"msg INBOX/1 {5} cop", b"ied to INBOX/1\r\nnext", b" line\n"):
        watch.output(piece, False)
        watch.output(b"x", True)
    watch.output(b"\n", True)
    seen = watch.look(3)
    assert ("msg INBOX/1 {5} copied to INBOX/1", "next line", "xxx") == seen.lines
    assert (1, 1) == (seen.starts, seen.copied)


def test_a_watch_counts_over_restarts() -> None:
    """The messages of all starts; what was said is over when imapsync runs again."""
    watch = Watch()
    for _ in range(2):
        watch.started()
        assert "" == watch.look(0).said
        watch.output(b"msg INBOX/1 {5} copied to INBOX/1\n", False)
        watch.say("It restarts.")
    seen = watch.look(1)
    assert (2, 2, 1, "It restarts.") == (
        seen.starts,
        seen.copied,
        seen.progress.copied,
        seen.said,
    )
    assert ("It restarts.",) == seen.lines


def test_a_watch_is_bounded_and_keeps_no_secret() -> None:
    """A line without an end can't fill the memory, and a token is never shown."""
    watch = Watch()
    watch.output(b"y" * 1_000_000, False)
    watch.output(b"\n" * 5_000, False)
    watch.output(b"Authorization: Bearer ya29.a0AfB_hush-hush-hush\n", False)
    seen = watch.look(5_000)
    assert 1_000 == len(seen.lines)
    assert max(map(len, seen.lines)) <= 1_000
    assert "hush" not in seen.lines[-1]
