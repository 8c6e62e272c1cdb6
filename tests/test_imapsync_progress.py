"""How far a run of imapsync is, and what a window sees of it."""

import pytest

from core.imapsync.run.progress import Progress
from core.imapsync.run.watch import Watch

# As imapsync prints them; the addresses and folders are made up.
OUTPUT = """\
Host1: success login on [imap.gmail.com] with user [a@b.example] auth [XOAUTH2]
Host1 Nb messages:              1234 messages
ETA: Wednesday 17 January 2024-01-17 20:34:22 +0800 CST  0 s  1234/1234 msgs left
Folder     3/12 [[Gmail]/Drafts]                    -> [Drafts]
Host1: folder [[Gmail]/Drafts] has 20 messages in total (mentioned by SELECT)
msg INBOX/7 copying to INBOX  ETA: Sunday 30 July 2023-07-30 21:21:39 -0700 PDT  20963 s  \
1001/1234 msgs left
msg INBOX/7 {10311}       copied to INBOX/8       1.13 msgs/s  65.034 KiB/s 38.291 MiB copied \
ETA: Sunday 30 July 2023-07-30 21:21:31 -0700 PDT  20954 s  1000/1234 msgs left
msg INBOX/8 {2328}        copied to INBOX/9       1.14 msgs/s  64.974 KiB/s 38.293 MiB copied \
ETA: Sunday 30 July 2023-07-30 21:21:31 -0700 PDT  20954 s  999/1234 msgs left
- msg INBOX/9 {99} could not append ( Subject:[x msg a copied to b 1/2 msgs left], \
Date:["06-Sep-2012 02:43:47 -0400"], Size:[99], Flags:[\\Seen] ) to folder INBOX: \
117 BAD Parse Error (took 0 ms)
Host1 folder INBOX.Sent: Could not select: 18 NO [SERVERBUG] Internal error occurred.
Messages transferred                    : 2
++++ Listing 2 errors encountered during the sync ( avoid this listing with --noerrorsdump ).
Err 1/2: - msg INBOX/9 {99} could not append ( Subject:[x msg a copied to b 1/2 msgs left], \
Date:["06-Sep-2012 02:43:47 -0400"], Size:[99], Flags:[\\Seen] ) to folder INBOX: \
117 BAD Parse Error (took 0 ms)
Err 2/2: Host1 folder INBOX.Sent: Could not select: 18 NO [SERVERBUG] Internal error occurred.
Exiting with return value 114 (EXIT_ERR_APPEND) 2/50 nb_errors/max_errors PID 4711
"""


def after(*lines: str) -> Progress:
    """The progress after these lines."""
    progress = Progress()
    for line in lines:
        progress = progress.after(line)
    return progress


def test_the_progress_of_a_run() -> None:
    """Messages, errors and folders; the subject of a message is never counted."""
    expected = Progress(
        copied=2, errors=2, left=999, total=1234, seconds=20954, folder=3, folders=12
    )
    assert expected == after(*OUTPUT.splitlines())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ETA: Wednesday 17 January 2024-01-17 20:34:22 +0800 CST  0 s  5/5 msgs left", ""),
        ("ETA: Sun Nov 29 12:00:00 2026 UTC  1 s  3/5 msgs left", "less than a minute left"),
        ("ETA: Sun Nov 29 12:00:00 2026 UTC  59 s  3/5 msgs left", "less than a minute left"),
        ("ETA: Sun Nov 29 12:00:00 2026 UTC  60 s  3/5 msgs left", "about 1 min left"),
        ("ETA: Sun Nov 29 12:00:00 2026 UTC  119 s  3/5 msgs left", "about 2 min left"),
        ("ETA: Sun Nov 29 12:00:00 2026 UTC  290 s  3/5 msgs left", "about 5 min left"),
        ("ETA: Sun Nov 29 12:00:00 2026 UTC  3590 s  3/5 msgs left", "about 1 h left"),
        (
            "copied ETA: Sun Nov 29 12:00:00 2026 UTC  20954 s  3/5 msgs left",
            "about 5 h 49 min left",
        ),
        ("ETA: Sun Nov 29 12:00:00 2026 UTC  0 s  0/5 msgs left", ""),
        ("a line of some imapsync  3/5 msgs left", ""),
        ("", ""),
    ],
)
def test_how_long_it_still_takes(line: str, expected: str) -> None:
    """To the minute, as imapsync expects it; nothing where imapsync has not measured it yet."""
    assert expected == after(line).time_left


def test_a_message_that_failed_counts_at_once() -> None:
    """And not once more when the errors are listed at the end."""
    failed = "- msg INBOX/7 {1} could not be fetched: copied to nowhere"
    assert Progress(errors=1) == after(failed)
    assert Progress(errors=2) == after(failed, failed, f"Err 1/2: {failed}", f"Err 2/2: {failed}")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Folder INBOX has 20 messages",
        "The subject says: msg INBOX/7 {1} copied to INBOX/8",
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
    assert ("oauth2_imap: It restarts.",) == seen.lines


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
