"""When `run` starts imapsync again; scripts for sh take its place, and no clock goes on."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.imapsync.run.reading import Reading
from core.imapsync.run.restart_policy import RestartPolicy
from core.imapsync.run.supervisor import Supervisor
from core.tokenfile.format import TokenFile, serialize

pytestmark = pytest.mark.only_on("posix", reason="the programs are scripts for sh")

REFUSED = "echo 'Host1 failure: Error login on [h] with user [u] auth [XOAUTH2]: 2 NO'"
REFUSED_LATER = "echo 'Err 1/50: - msg INBOX/7 {0} could not be fetched: 3 NO AUTHENTICATE failed.'"
ENDED_EARLY = 6
# imapsync logs out when it is asked to end. Nobody asks this one for more than ten seconds.
LEAVES = f"trap 'exit {ENDED_EARLY}' TERM"
STAYS = "i=0; while [ $i -lt 500 ]; do sleep 0.02; i=$((i+1)); done"
NOW = 2000.0


class Waits(Cancellation):
    """Instead of waiting it calls `then`."""

    def __init__(self, then: Callable[[], object]) -> None:
        super().__init__()
        self._then = then
        self.seconds: list[float] = []

    def wait(self, seconds: float) -> bool:
        """Return whether it is set."""
        self.seconds.append(seconds)
        self._then()
        return self.is_set()


class Terminal:
    """Where the output goes; the user presses Ctrl-C when a line says so."""

    press: Callable[[], object]

    def __init__(self) -> None:
        self.written = b""
        self.said: list[str] = []
        self.say = self.said.append

    def started(self) -> None:
        """Note nothing."""

    def output(self, chunk: bytes, is_error: bool) -> None:
        """Keep it."""
        if b"press ctrl-c" in chunk:
            self.press()
        self.written += chunk


class Migration:
    """A supervisor of a script, with one token file whose token has expired when a run ends."""

    def __init__(self, folder: Path) -> None:
        self.file, self._starts = folder / "tokens.txt", folder / "starts"
        self._pressed = folder / "pressed"
        self.given_up = False
        self.now = NOW
        self.write("an-access-token", expires_at=NOW - 1)
        self.waits = Waits(lambda: None)
        self.terminal = Terminal()
        self.said = self.terminal.said
        self.restarts = RestartPolicy((5.0, 15.0))

    def write(self, access: str, *, expires_at: float) -> None:
        """Write a token into the file."""
        token = TokenFile(access, "a-refresh-token", issued_at=1, expires_at=expires_at)
        self.file.write_bytes(serialize(token, now=1))

    def refresh(self) -> None:
        """Put a fresh token into the file."""
        self.write("a-fresh-token", expires_at=NOW + 3600)

    @property
    def starts(self) -> int:
        """How often the script was started."""
        return self._starts.read_text().count("\n")

    def run(self, script: str, reading: Reading) -> int:
        """Run it to its end; `$n` in the script is the number of this start."""
        count = f'echo >>"{self._starts}"; n=$(wc -l <"{self._starts}"); pressed="{self._pressed}"'
        supervisor = Supervisor(
            words=["sh", "-c", f"{count}\n{script}"],
            environment=os.environ,
            observer=self.terminal,
            files=[self.file],
            reading=reading,
            clock=lambda: self.now,
            stopped=self.waits,
            restarts=self.restarts,
        )

        def press() -> None:
            supervisor.stop(signal.SIGINT, False)
            self._pressed.touch()

        self.terminal.press = press
        return supervisor.run(lambda file: not self.given_up)


@pytest.fixture
def migration(tmp_path: Path) -> Migration:
    """A migration whose token has expired and is not refreshed yet."""
    return Migration(tmp_path)


@pytest.mark.parametrize("reading", [Reading.ONCE, Reading.AT_LOGIN])
def test_an_old_token_is_not_repeated(migration: Migration, reading: Reading) -> None:
    """An imapsync that would be refused again is ended, and waits for the fresh token."""
    looks = []

    def look() -> None:
        looks.append(migration.starts)
        if len(looks) == 4:
            migration.refresh()

    migration.waits = Waits(look)
    script = f"[ $n -gt 1 ] && exit 0; {LEAVES}; {REFUSED_LATER}; {STAYS}"
    assert 0 == migration.run(script, reading)
    assert [1, 1, 1, 1] == looks  # no start before the token was fresh
    assert 2 == migration.starts
    assert 1 == sum("as soon as it is refreshed" in line for line in migration.said)


def test_a_token_that_nobody_renews(migration: Migration) -> None:
    """imapsync isn't started with a token that is dead for good."""
    migration.given_up = True
    assert ENDED_EARLY == migration.run(f"{LEAVES}; {REFUSED_LATER}; {STAYS}", Reading.ONCE)
    assert 1 == migration.starts
    assert "can't be refreshed" in migration.said[-1]


def test_a_fresh_token_that_is_refused_again_and_again(migration: Migration) -> None:
    """The pauses grow, and the number of restarts is limited."""
    migration.waits = Waits(migration.refresh)
    assert 161 == migration.run(f"{REFUSED}; exit 161", Reading.AT_LOGIN)
    assert 3 == migration.starts
    assert [5.0, 15.0] == migration.waits.seconds
    assert "again and again" in migration.said[-1]


@pytest.mark.parametrize("reading", Reading)
def test_messages_that_were_skipped(migration: Migration, reading: Reading) -> None:
    """Every imapsync that ends with errors after a refused login is started again."""
    migration.waits = Waits(migration.refresh)
    script = f"[ $n -gt 1 ] && exit 0; {REFUSED_LATER}; exit 115"
    assert 0 == migration.run(script, reading)
    assert 2 == migration.starts
    assert migration.said[0].startswith("imapsync has ended because a server refused its login")


def test_an_unknown_program_is_left_alone(migration: Migration) -> None:
    """It may run several imapsyncs, so it isn't ended by us."""
    migration.waits = Waits(migration.refresh)
    script = f"[ $n -gt 1 ] && exit 0; {REFUSED_LATER}; sleep 0.2; echo unhurt; exit 115"
    assert 0 == migration.run(script, Reading.UNKNOWN)
    assert b"unhurt" in migration.terminal.written


def test_one_refusal_with_a_fresh_token_in_the_file(migration: Migration) -> None:
    """An imapsync that reads the file at each login is not ended: it goes on by itself."""
    migration.refresh()
    script = f"{REFUSED_LATER}; sleep 0.2; echo unhurt; exit 0"
    assert 0 == migration.run(script, Reading.AT_LOGIN)
    assert b"unhurt" in migration.terminal.written


PRESSED = 'echo press ctrl-c; until [ -e "$pressed" ]; do sleep 0.02; done'


@pytest.mark.parametrize(
    ("script", "code", "starts"),
    [
        # imapsync takes one Ctrl-C as "reconnect", with a token that is old by now.
        (f"[ $n -gt 1 ] && exit 0; {PRESSED}; {REFUSED_LATER}; exit 115", 0, 2),
        ("echo press ctrl-c; sleep 0.1; exit 0", 0, 1),
        ("echo press ctrl-c; sleep 0.1; exit 130", 130, 1),
        (f"{REFUSED_LATER}; sleep 0.1; echo press ctrl-c; sleep 0.1; exit 115", 115, 1),
    ],
    ids=["reconnects in vain", "reconnects", "ends", "pressed after the refusal"],
)
def test_ctrl_c_is_the_childs(migration: Migration, script: str, code: int, starts: int) -> None:
    """One Ctrl-C leaves restarts possible; if imapsync ends by it, it isn't started again."""
    migration.waits = Waits(migration.refresh)
    assert code == migration.run(script, Reading.UNKNOWN)
    assert starts == migration.starts


@pytest.mark.parametrize(("presses", "starts"), [(1, 2), (2, 1)])
def test_ctrl_c_while_imapsync_is_being_ended(
    migration: Migration, presses: int, starts: int
) -> None:
    """It may come late, after the refusal that it caused. The second one ends `run`."""
    migration.waits = Waits(migration.refresh)
    press = "; ".join(["echo press ctrl-c; sleep 0.1"] * presses)
    leaves = f"trap '{press}; exit {ENDED_EARLY}' TERM"
    script = f"[ $n -gt 1 ] && exit 0; {leaves}; {REFUSED_LATER}; {STAYS}"
    assert (0 if starts > 1 else ENDED_EARLY) == migration.run(script, Reading.ONCE)
    assert starts == migration.starts


def test_ctrl_c_between_two_runs(migration: Migration) -> None:
    """While no imapsync runs, Ctrl-C ends `run`."""
    migration.waits = Waits(lambda: migration.terminal.press())
    assert 115 == migration.run(f"{REFUSED_LATER}; exit 115", Reading.UNKNOWN)
    assert 1 == migration.starts
