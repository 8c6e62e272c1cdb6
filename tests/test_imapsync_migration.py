"""The migration that a window runs; scripts for sh take imapsync's place."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.errors import AppError, Cancelled
from core.imapsync.command import Side
from core.imapsync.run.migration import Migration
from core.imapsync.run.observer import OURS
from core.imapsync.run.watch import Watch
from core.tokenfile.format import TokenFile, serialize
from servers import AT_ONCE

pytestmark = pytest.mark.only_on("posix", reason="the programs are scripts for sh")

NOW = 2000.0
STAYS = "i=0; while [ $i -lt 500 ]; do sleep 0.02; i=$((i+1)); done"


def token_file(path: Path, *, life: float = 3600) -> Path:
    """A token file whose token lives so long."""
    token = TokenFile("an-access-token", "a-refresh-token", issued_at=1, expires_at=NOW + life)
    path.write_bytes(serialize(token, now=1))
    return path


class Run:
    """A migration of two mailboxes, by a script; `version` is what it answers to --version."""

    def __init__(self, folder: Path, script: str, *, version: str = "2.312") -> None:
        self.watch, self.cancelled = Watch(), Cancellation()
        self.files = [token_file(folder / f"{name}.txt") for name in ("one", "two")]
        program = folder / "imapsync"
        program.write_text(f'#!/bin/sh\n[ "$*" = --version ] && echo {version} && exit\n{script}\n')
        program.chmod(0o755)
        self.migration = Migration(
            words=[str(program), "--justlogin"],
            source=Side("a@b.example", self.files[0], "imap.b.example"),
            destination=Side("c@d.example", self.files[1], "imap.d.example", 143),
            folder=folder / "logs",
            clock=lambda: NOW,
            is_refreshed=lambda file: False,
        )

    def run(self) -> int | None:
        """Run it to its end."""
        return self.migration.run(self.watch, self.cancelled)

    def wait_for(self, line: str) -> None:
        """Wait until it has printed this line."""
        deadline = time.monotonic() + AT_ONCE
        while line not in self.watch.look(100).lines:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def cancel_after(self, line: str) -> None:
        """Cancel it when it has printed this line."""

        def cancel() -> None:
            self.wait_for(line)
            self.cancelled.set()

        threading.Thread(target=cancel).start()


def test_it_gets_both_sides_and_a_folder(tmp_path: Path) -> None:
    """Every option of both sides, its own folder for its log, and nothing to read."""
    run = Run(tmp_path, 'echo "$@"; pwd; read answer || echo nobody answers; exit 3')
    assert 3 == run.run()
    options, folder, answer = run.watch.look(9).lines
    one, two = run.files
    assert (
        "--justlogin --host1 imap.b.example --ssl1 --user1 a@b.example"
        f" --oauthaccesstoken1 {one} --host2 imap.d.example --tls2 --user2 c@d.example"
        f" --oauthaccesstoken2 {two}"
    ) == options
    assert (str(tmp_path / "logs"), "nobody answers") == (folder, answer)


def test_an_old_imapsync_gets_what_only_it_needs(tmp_path: Path) -> None:
    """A password that it doesn't use; the user is told what it can't do."""
    run = Run(tmp_path, 'echo "$@"', version="2.229")
    assert 0 == run.run()
    note, options = run.watch.look(9).lines
    assert note.startswith(f"{OURS}This is imapsync 2.229. It reads the token file only once")
    assert "--password1 unused" in options
    assert "--password2 unused" in options


def test_a_cancelled_run_ends_imapsync_gently(tmp_path: Path) -> None:
    """It can log out, and so can what it has started itself."""
    inner = f"(trap 'echo inner; exit' TERM; echo begun; {STAYS}) &"
    run = Run(tmp_path, f"trap 'echo logged out; wait; exit 6' TERM; {inner} {STAYS}")
    run.cancel_after("begun")
    assert 6 == run.run()
    assert {"logged out", "inner"} <= set(run.watch.look(9).lines)
    assert 1 == run.watch.look(0).starts


def test_one_that_does_not_end_is_ended_by_force(tmp_path: Path) -> None:
    """A window must not wait for it for ever."""
    run = Run(tmp_path, f"trap '' TERM; echo begun; {STAYS}")
    run.migration = replace(run.migration, patience=0.2)
    run.cancel_after("begun")
    begin = time.monotonic()
    assert 128 + 9 == run.run()
    assert time.monotonic() - begin < 9


def test_a_run_that_is_cancelled_before_it_starts(tmp_path: Path) -> None:
    """Nothing is started."""
    run = Run(tmp_path, "echo started")
    run.cancelled.set()
    with pytest.raises(Cancelled):
        run.run()
    assert 0 == run.watch.look(0).starts


def test_a_token_that_nobody_refreshes(tmp_path: Path) -> None:
    """imapsync isn't started with an expired token."""
    run = Run(tmp_path, "echo started")
    token_file(run.files[1], life=-1)
    assert None is run.run()
    seen = run.watch.look(1)
    assert (0, True) == (seen.starts, "can't be refreshed" in seen.said)


def test_a_refused_login_in_words_without_options(tmp_path: Path) -> None:
    """Who sits at a window has typed none."""
    refused = "Host2 failure: Error login on [h] with user [u] auth [XOAUTH2]: 2 NO"
    run = Run(tmp_path, f"echo '{refused}'; exit 162")
    assert 162 == run.run()
    first, last = run.watch.look(9).lines
    assert refused == first
    assert last.startswith(f"{OURS}imapsync has ended because a server refused its login")
    assert "--" not in last


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    """The error names it."""
    run = Run(tmp_path, "")
    (tmp_path / "imapsync").chmod(0o644)
    with pytest.raises(AppError, match="can't be started"):
        run.run()
