"""One address with two token files: what happens to one of them never changes the other one."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import as_error
from core.tokenfile.format import serialize
from core.tokenfile.read import read_token_file
from core.verdicts import local_commands
from core.verdicts.verdict import Kind
from faulty_servers.responses import Fault
from gui.model.mailbox_row import Row
from servers import ADDRESS, MakeStage, Stage
from test_gui_mailboxes import Clock
from window import Driven, MakeWindow

FAULTS = {"fail": Fault(503), "die": Fault(400, b'{"error": "invalid_grant"}')}
KINDS = {"fail": Kind.PASSING, "die": Kind.DEAD_GRANT, "recover": None}
Happening = tuple[int, str]  # which of the two files, and what happens to it
BOTH_DIE: tuple[Happening, ...] = ((0, "die"), (0, "recover"), (1, "die"), (1, "recover"))
ONE_FAILS: tuple[Happening, ...] = ((0, "die"), (0, "recover"), (1, "fail"), (1, "recover"))


def two_files(stage: Stage) -> tuple[Path, Path]:
    """Sign in twice to the same address, into two files."""
    paths = stage.path, stage.path.with_name(f"oauth2_tokens_demo_{ADDRESS}.txt")
    for path in paths:
        stage.sign_in(token_file=path)
    return paths


def row(driven: Driven, path: Path) -> Row:
    """Return the row of a file."""
    found = driven.model.row(path)
    assert found is not None
    return found


def mailboxes_told(driven: Driven) -> set[Path]:
    """Return the token files of the mailboxes of which the message bar tells."""
    message = driven.parts.message_bar.message
    return {path for path in (message.path, *message.mailboxes) if path}


def happen(driven: Driven, stage: Stage, clock: Clock, path: Path, what: str) -> None:
    """Refresh one mailbox, a minute later; the server answers accordingly."""
    clock.now += 61
    if what in FAULTS:
        stage.server.faults.append(FAULTS[what])
    driven.mailboxes.refresh([path])
    driven.wait(lambda: not row(driven, path).busy)
    error = row(driven, path).error
    assert (error.kind if error else None) == KINDS[what]


@pytest.mark.parametrize("happenings", [BOTH_DIE, ONE_FAILS], ids=["both die", "one fails"])
@pytest.mark.parametrize("first", range(4))
def test_all_orders(
    make_stage: MakeStage,
    make_stage_window: MakeWindow,
    happenings: tuple[Happening, ...],
    first: int,
) -> None:
    """Failure, death and recovery of each side, in all orders that begin with this one."""
    clock = Clock()
    stage = make_stage(clock=clock)
    paths = two_files(stage)
    driven = make_stage_window(stage)
    if happenings is BOTH_DIE:  # of the others, the keeper would try the one that failed again
        driven.click("Keep refreshing")
    orders = [o for o in itertools.permutations(happenings) if o[0] == happenings[first]]
    assert 6 == len(orders)
    for order in orders:
        for side, what in order:
            path, other = paths[side], paths[1 - side]
            before, told = row(driven, other), mailboxes_told(driven)
            happen(driven, stage, clock, path, what)
            after = row(driven, other)
            assert (before.error, before.due, before.info) == (after.error, after.due, after.info)
            assert before.state(clock.now) == after.state(clock.now)
            dead = {p for p in paths if row(driven, p).needs_user}
            assert set(driven.model.needing) == dead
            shown = mailboxes_told(driven)
            assert all(row(driven, one).error is not None for one in shown)
            assert dead <= shown or driven.failed_paths[-1] in shown
            assert other in shown or not (other in told and what == "recover")
        for path in paths:
            happen(driven, stage, clock, path, "recover")
        assert "" == driven.error()


def test_an_address_that_stands_twice_is_told_with_its_provider(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """In the error panel and in messages; with the same provider twice, the file is told."""
    paths = two_files(stage)
    file = read_token_file(paths[1])
    assert file is not None
    alone = make_stage_window(stage)
    assert [f"{ADDRESS} ({path})" for path in paths] == [alone.model.name(p) for p in paths]
    other = replace(file, provider="elsewhere")
    paths[1].write_bytes(serialize(other, now=stage.clock()))
    alone.reload()
    assert f"{ADDRESS} (Demo Mail)" == alone.model.name(paths[0])
    assert f"{ADDRESS} (elsewhere)" == alone.model.name(paths[1])
    stage.server.faults.append(FAULTS["die"])
    stage.age()
    alone.mailboxes.refresh([paths[0]])
    alone.wait(alone.error)
    assert f"Error: {ADDRESS} (Demo Mail): " in alone.error()
    assert [f"{ADDRESS} (Demo Mail)"] == alone.called
    paths[1].unlink()
    alone.wait(lambda: ADDRESS == alone.model.name(paths[0]))


def test_the_deletion_of_one_file_leaves_the_error_of_the_other(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It goes with its own file only."""
    paths = two_files(stage)
    driven = make_stage_window(stage)
    stage.server.faults.append(FAULTS["die"])
    stage.age()
    driven.mailboxes.refresh([paths[0]])
    driven.wait(driven.error)
    paths[1].unlink()
    driven.wait(lambda: 1 == driven.model.rowCount())
    assert "is no longer valid" in driven.error()
    paths[0].unlink()
    driven.wait(lambda: 0 == driven.model.rowCount())
    assert "" == driven.error()


def test_the_message_bar_signs_in_to_its_own_file(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Whatever is selected, the dead side is signed in to, and the other file stays as it is."""
    paths = two_files(stage)
    stage.age()
    driven = make_stage_window(stage)
    stage.server.faults.append(FAULTS["die"])
    driven.mailboxes.refresh([paths[0]])
    driven.wait(driven.error)
    before = [path.read_bytes() for path in paths]
    driven.click_row([r.path for r in driven.model.rows].index(paths[1]))
    driven.click("Sign in again", driven.parts.message_bar)
    driven.wait(lambda: ["Fresh", "Fresh"] == driven.states())
    assert before[0] != paths[0].read_bytes()
    assert before[1] == paths[1].read_bytes()
    assert "" == driven.error()


def test_several_selected_sign_in_to_the_one_that_needs_it(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Of those that are selected; where none needs it, the window says so."""
    paths = two_files(stage)
    stage.age()
    driven = make_stage_window(stage)
    driven.model.change(paths[1], error=as_error(local_commands.AUTOSTART_NOT_CHANGED))
    order = [r.path for r in driven.model.rows]
    stage.server.faults.append(FAULTS["die"])
    driven.mailboxes.refresh([paths[0]])
    driven.wait(driven.error)
    before = [path.read_bytes() for path in paths]
    driven.click_row(order.index(paths[1]))
    driven.click_row(order.index(paths[0]), ctrl=True)
    driven.act("Sign in to the first that needs it")
    driven.wait(lambda: before[0] != paths[0].read_bytes() and not driven.busy())
    assert before[1] == paths[1].read_bytes()
    before = [path.read_bytes() for path in paths]
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    driven.act("Sign in to the first that needs it")
    assert "None of the selected mailboxes needs a sign-in." in driven.error()
    driven.rest()
    assert before == [path.read_bytes() for path in paths]
