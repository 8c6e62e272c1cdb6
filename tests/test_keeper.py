"""Keeping token files fresh: when each is tried, and what ends the keeping of a mailbox."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.errors import (
    AppError,
    Cancelled,
    Misconfigured,
    Refused,
    SignInNeeded,
    TryAgain,
    as_error,
)
from core.keeping.keeper import LOOK_EVERY, Keeper, Result, renew_now
from core.keeping.loop import keep_fresh
from core.mailbox.get_token import get_token
from core.mailbox.job import Job
from core.model import Outcome
from core.verdicts.local_settings import NAME_SERVERS_SILENT
from core.verdicts.local_sign_in import NO_BROWSER_NO_TERMINAL
from core.verdicts.verdict import Action, Actor, Kind, Verdict
from faulty_servers.imap_server import Behaviour
from faulty_servers.responses import Fault
from keeping import INTERVAL, MINUTE, Kept, MakeKept, Sleep, Time, after
from servers import ADDRESS, AT_ONCE, MakeStage, mail_servers


def test_every_interval(kept: Kept) -> None:
    """The token is renewed at the interval, for as long as it runs, and never expires."""
    kept.run(until=3 * INTERVAL + 10)
    assert [0, INTERVAL, 2 * INTERVAL, 3 * INTERVAL] == pytest.approx(kept.good(), abs=1)
    assert 4 == kept.stage.server.refreshes
    assert kept.ended is None


def test_before_the_expiry(kept: Kept) -> None:
    """With an interval longer than its life, a token is renewed 5 minutes before it expires."""
    kept.run(until=120 * MINUTE, interval=600 * MINUTE)
    assert [0, 55 * MINUTE, 110 * MINUTE] == pytest.approx(kept.good(), abs=1)


def test_short_lived_tokens(make_kept: MakeKept) -> None:
    """A token of six minutes is renewed at half its life."""
    kept = make_kept(server={"token_lifetime": 360})
    kept.run(until=500)
    assert [0, 180, 360] == pytest.approx(kept.good(), abs=1)


def test_it_looks_at_the_clock(kept: Kept) -> None:
    """No sleep is longer than half a minute, so that a computer's own sleep is noticed."""
    sleep = kept.run(until=INTERVAL)
    assert max(sleep.slept) <= LOOK_EVERY
    assert min(sleep.slept) > 0


def test_a_computer_that_slept(kept: Kept) -> None:
    """After the computer slept, the token is renewed at the first look at the clock."""

    def night(job: Job) -> Outcome:
        outcome = kept.sign_in(job)
        kept.clock.now += 8 * 60 * MINUTE
        return outcome

    kept.run(until=8 * 60 * MINUTE + 60, first=night)
    assert 2 == kept.stage.server.refreshes
    assert kept.good()[1] - 8 * 60 * MINUTE <= LOOK_EVERY


class Lid(Sleep):
    """The first wait is cut in two by a night in which the computer sleeps."""

    def wait(self, seconds: float) -> bool:
        """Only the wall clock goes on in the night."""
        if not self.slept:
            self.clock.now += 8 * 60 * MINUTE
        return super().wait(seconds)


def test_a_computer_that_sleeps_while_the_keeper_waits(kept: Kept) -> None:
    """The keeper looks at once after the resume: the rest of its wait is dropped."""
    lid = Lid(kept.clock, until=9 * 60 * MINUTE)
    good: list[Result] = []

    def report(job: Job, result: Result) -> None:
        good.append(result)
        if len(good) == 2:
            lid.set()

    keeper = Keeper(interval=INTERVAL, spread=lambda: 0.0)
    with pytest.raises(Cancelled):
        keep_fresh([kept.stage.job()], keeper, first=kept.sign_in, report=report, cancelled=lid)
    assert [outcome.renewed for outcome in good if isinstance(outcome, Outcome)] == [True, True]
    assert 1 == len(lid.slept)
    assert lid.slept[0] <= 1


def test_only_the_first_round_may_sign_in(kept: Kept) -> None:
    """A grant that ends meanwhile ends the keeping, at the second refusal, and opens no browser."""
    kept.run(until=10 * INTERVAL, first=after(kept, kept.stage.server.revoke_grants))
    assert isinstance(kept.ended, SignInNeeded)
    assert [] == kept.stage.browser.opened
    assert [INTERVAL + MINUTE] == pytest.approx(kept.bad(), abs=1)


DEAD = Fault(400, b'{"error": "invalid_grant"}')


def test_a_single_refusal_of_the_refresh_token(kept: Kept) -> None:
    """The provider is asked once more after a minute; it is a note and no error."""
    first = after(kept, lambda: kept.stage.server.faults.append(DEAD))
    kept.run(until=INTERVAL + 2 * MINUTE, first=first)
    assert [] == kept.bad()
    assert [0, INTERVAL + MINUTE] == pytest.approx(kept.good(), abs=1)
    assert f"did not refresh the token of {ADDRESS}" in kept.stage.said()
    assert kept.ended is None


def test_the_refusals_that_count_come_in_a_row(kept: Kept) -> None:
    """After a success the next refusal is in doubt again."""
    faults = kept.stage.server.faults
    kept.then = [lambda: faults.append(DEAD), lambda: faults.append(DEAD)]  # last one first
    kept.run(until=2 * INTERVAL + 5 * MINUTE)
    assert [] == kept.bad()
    assert 3 == len(kept.good())


def test_trouble_between_two_refusals(kept: Kept) -> None:
    """It says nothing about the refresh token, so the second refusal ends the keeping."""
    faults = [DEAD, Fault(503), DEAD]
    kept.run(until=2 * INTERVAL, first=after(kept, lambda: kept.stage.server.faults.extend(faults)))
    assert [TryAgain, SignInNeeded] == [type(result) for _, result in kept.reports[1:]]
    assert isinstance(kept.ended, SignInNeeded)


@pytest.mark.parametrize(("left", "refresh"), [(-1.0, "a-refresh-token"), (1000.0, "")])
def test_no_doubt_without_a_token_to_go_on_with(kept: Kept, left: float, refresh: str) -> None:
    """A refusal counts at once if the access token has expired or nothing can be asked."""
    kept.stage.change(expires_at=kept.clock.now + left, refresh=refresh)
    kept.run(until=INTERVAL, first=fails(as_error(NO_BROWSER_NO_TERMINAL)))
    assert [0] == kept.bad()
    assert isinstance(kept.ended, SignInNeeded)


def fails(error: AppError) -> Callable[[Job], Outcome]:
    """A first round that fails."""

    def first(job: Job) -> Outcome:
        raise error

    return first


def verdict_of(kind: Kind) -> Verdict:
    """Any verdict of this kind."""
    return Verdict("any", kind, Actor.NOBODY, Action.NONE, "Something happened")


@pytest.mark.parametrize(
    ("kind", "wait"),
    [
        (Kind.PASSING, 5.0),
        (Kind.MISCONFIGURED, 5 * MINUTE),
        (Kind.REFUSED_ACCOUNT, 5 * MINUTE),
        (Kind.REFUSED_WAY, 5 * MINUTE),
        (Kind.REFUSED, 5 * MINUTE),
        (Kind.LOCAL, 5 * MINUTE),
        (Kind.USAGE, None),
    ],
)
def test_the_kind_decides_about_the_next_try(kept: Kept, kind: Kind, wait: float | None) -> None:
    """Only what trying again can't help ends the keeping."""
    kept.stage.age(left=3000)
    error = as_error(verdict_of(kind))
    kept.run(until=6 * MINUTE, first=fails(error))
    assert [0] == kept.bad()
    assert ([] if wait is None else [wait]) == pytest.approx(kept.good(), abs=1)
    assert (error if wait is None else None) is kept.ended


def test_a_login_that_is_refused(kept: Kept) -> None:
    """It is told each time, and the keeping goes on slowly."""
    mailbox = kept.stage.mailbox

    def first(job: Job) -> Outcome:
        mailbox.behaviour = Behaviour.BYE
        outcome = kept.sign_in(job)
        mailbox.behaviour = Behaviour.REFUSE
        return outcome

    kept.run(until=INTERVAL + 70 * MINUTE, first=first)
    waits = [(later - earlier) / MINUTE for earlier, later in pairwise(kept.bad())]
    assert [5, 10, 20, 30] == pytest.approx(waits, abs=0.1)
    assert kept.ended is None


@pytest.mark.parametrize("answer", ["NO [LIMIT] Too many connections", "NO Computer says no."])
def test_a_login_that_proves_nothing(kept: Kept, answer: str) -> None:
    """The refresh counts; each later refresh is tested until one is proved."""
    mailbox = kept.stage.mailbox
    mailbox.login_says.extend([answer] * 3)
    before = mailbox.logins
    kept.run(until=4 * INTERVAL + 10)
    assert [] == kept.bad()
    assert 5 == len(kept.good())
    assert 1 == mailbox.logins - before


def test_a_dead_grant_ends_that_mailbox_alone(make_stage: MakeStage, kept: Kept) -> None:
    """The other mailboxes are still kept fresh."""
    dead = kept.stage.job(token_file=kept.stage.folder / "dead.txt")
    kept.run(kept.stage.job(), dead, until=INTERVAL + 10, first=fails_for(kept, dead))
    assert [0, INTERVAL] == pytest.approx(kept.good(), abs=1)
    assert [0] == pytest.approx(kept.bad(), abs=1)


def fails_for(kept: Kept, one: Job) -> Callable[[Job], Outcome]:
    """Return a first round in which this mailbox has no grant."""

    def first(job: Job) -> Outcome:
        if job is one:
            raise as_error(NO_BROWSER_NO_TERMINAL)
        return kept.sign_in(job)

    return first


def test_the_first_error_is_told(kept: Kept) -> None:
    """When no mailbox is left the run ends with the first error."""
    kept.stage.age(left=-1)
    one = kept.stage.job()
    kept.run(one, until=INTERVAL, first=fails_for(kept, one))
    assert isinstance(kept.ended, SignInNeeded)
    assert 1 == len(kept.reports)


def test_growing_waits(kept: Kept) -> None:
    """A failed refresh is repeated after waits that double, at most 30 s once the token expired."""
    first = after(kept, lambda: kept.stage.server.faults.extend([Fault(503)] * 500))
    kept.run(until=70 * MINUTE, first=first)
    tries = kept.bad()
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert [5, 10, 20, 40, 80, 160, 300] == pytest.approx(waits[:7], abs=1)
    expired = [wait for at, wait in zip(tries, waits, strict=False) if at >= 60 * MINUTE]
    assert len(expired) > 10
    assert max(expired) <= 31
    crossing = [at + wait for at, wait in zip(tries, waits, strict=False) if at < 60 * MINUTE]
    assert max(crossing) <= 60 * MINUTE + 31


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 3.75), (1.0, 6.25)])
def test_jitter(kept: Kept, jitter: float, expected: float) -> None:
    """The waits differ from run to run, so that many programs don't ask at the same time."""
    first = after(kept, lambda: kept.stage.server.faults.append(Fault(503)))
    kept.run(until=INTERVAL + 20, first=first, jitter=jitter)
    assert [INTERVAL] == pytest.approx(kept.bad(), abs=1)
    assert INTERVAL + expected == pytest.approx(kept.good()[1], abs=1)


def test_the_wait_a_server_asks_for(kept: Kept) -> None:
    """Retry-After counts while the token lives."""
    busy = Fault(429, headers={"Retry-After": "120"})
    first = after(kept, lambda: kept.stage.server.faults.append(busy))
    kept.run(until=INTERVAL + 200, first=first)
    assert INTERVAL + 120 == pytest.approx(kept.good()[1], abs=1)


def test_recovered(kept: Kept) -> None:
    """After a success the waits start again with the shortest."""
    faults = kept.stage.server.faults
    first = after(kept, lambda: faults.extend([Fault(503), Fault(503)]))
    kept.then = [lambda: faults.append(Fault(503)), list, list, list]  # last one first
    kept.run(until=2 * INTERVAL + 60, first=first)
    again = 2 * INTERVAL + 15
    assert [0, INTERVAL + 15, again + 5] == pytest.approx(kept.good(), abs=2)
    assert [INTERVAL, INTERVAL + 5, again] == pytest.approx(kept.bad(), abs=2)


def test_trouble_in_the_first_round(kept: Kept) -> None:
    """A failure in the first round doesn't end the keeping."""
    kept.stage.server.faults.append(Fault(503))
    kept.stage.age()
    kept.run(until=60)
    assert [0] == kept.bad()
    assert [5] == pytest.approx(kept.good(), abs=1)


def test_without_a_refresh_token(make_kept: MakeKept) -> None:
    """A file without a refresh token isn't tried again; the keeping ends when its token expires."""
    kept = make_kept(server={"gives_refresh_token": False})
    kept.run(until=3 * 60 * MINUTE)
    assert [0] == pytest.approx(kept.good(), abs=1)
    assert [60 * MINUTE] == pytest.approx(kept.bad(), abs=40)
    assert isinstance(kept.ended, SignInNeeded)


def test_a_short_interval(kept: Kept) -> None:
    """A token younger than a minute isn't renewed, and that isn't reported each time."""
    kept.run(until=3 * MINUTE, interval=20)
    assert len(kept.reports) < 60
    assert kept.stage.server.refreshes <= 4


def test_another_program_renewed(kept: Kept) -> None:
    """If another program has renewed the token, the next refresh is due as the file says."""

    def elsewhere() -> None:
        kept.clock.now += 20 * MINUTE
        kept.stage.change(issued_at=kept.clock.now, expires_at=kept.clock.now + 60 * MINUTE)

    kept.then = [elsewhere]
    kept.run(until=55 * MINUTE)
    assert [0, 50 * MINUTE] == pytest.approx(kept.good(), abs=1)


@pytest.mark.parametrize("content", [b"\x00\xff", b"{}"])
@pytest.mark.parametrize("error", [None, as_error(NAME_SERVERS_SILENT)])
def test_a_file_that_breaks(kept: Kept, content: bytes, error: AppError | None) -> None:
    """A file that can't be read any more is reported; the other mailbox is still kept fresh."""
    broken = kept.stage.job(token_file=kept.stage.folder / "broken.txt")

    def first(job: Job) -> Outcome:
        if job is not broken:
            return kept.sign_in(job)
        outcome = kept.sign_in(job)
        (kept.stage.folder / "broken.txt").write_bytes(content)
        if error is not None:
            raise error
        return outcome

    kept.run(broken, kept.stage.job(), until=INTERVAL + 20, first=first)
    errors = [str(result) for _, result in kept.reports if isinstance(result, AppError)]
    assert "not a token file" in errors[-1]
    assert INTERVAL == pytest.approx(kept.good()[-1], abs=1)


def test_a_file_that_became_somebody_elses(kept: Kept) -> None:
    """It isn't refreshed, but tried again until it is put right."""
    first = after(kept, lambda: kept.stage.change(account="them@demo.example"))
    kept.then = [lambda: kept.stage.change(account=ADDRESS), list, list]  # last one first
    kept.run(until=INTERVAL + 10, first=first)
    assert [1, 5 * MINUTE + 1] == pytest.approx(kept.bad(), abs=1)
    assert {Refused} == {type(result) for _, result in kept.reports[1:3]}
    assert [0, INTERVAL] == pytest.approx(kept.good(), abs=1)
    assert 2 == kept.stage.server.refreshes


@pytest.mark.parametrize("error", ["invalid_client", "invalid_scope"])
def test_a_misconfiguration(kept: Kept, error: str) -> None:
    """A wrong secret or a missing permission is retried rarely, and the keeping goes on."""
    faults = [Fault(400, f'{{"error": "{error}"}}'.encode())] * 5
    first = after(kept, lambda: kept.stage.server.faults.extend(faults))
    kept.run(until=130 * MINUTE, first=first)
    waits = [(later - earlier) / MINUTE for earlier, later in pairwise(kept.bad())]
    assert [5, 10, 20, 30] == pytest.approx(waits, abs=0.1)
    assert {Misconfigured} == {type(result) for _, result in kept.reports[1:6]}
    assert 125 * MINUTE == pytest.approx(kept.good()[1], abs=1)
    assert kept.ended is None


def test_a_misconfiguration_that_is_mended(kept: Kept) -> None:
    """A change to providers.toml is tried at once, without waiting for the next rare try."""
    fault = Fault(401, b'{"error": "invalid_client"}')
    kept.then = [lambda: kept.stage.own_file.write_text("", "utf-8"), list]  # last one first
    kept.run(until=35 * MINUTE, first=after(kept, lambda: kept.stage.server.faults.append(fault)))
    assert [INTERVAL] == pytest.approx(kept.bad(), abs=1)
    assert kept.good()[1] <= INTERVAL + LOOK_EVERY + 1


def test_a_young_token_ends_no_failure(kept: Kept) -> None:
    """The next try asks the provider, although the token is only seconds old."""
    kept.stage.server.faults.extend([Fault(503)] * 2)
    kept.run(until=MINUTE, first=lambda job: get_token(job, None))
    assert (2, 1) == (len(kept.bad()), len(kept.good()))
    assert 1 == kept.stage.server.refreshes


@pytest.mark.parametrize("in_own_file", [True, False])
def test_a_correction_is_tried_however_long_the_token_is_valid(
    kept: Kept, in_own_file: bool
) -> None:
    """Also where the file says that no refresh is due, and where the token is only seconds old."""
    kept.stage.server.faults.append(Fault(401, b'{"error": "invalid_client"}'))

    def correct() -> None:
        if in_own_file:
            kept.stage.own_file.write_text("", "utf-8")
        else:
            os.utime(kept.stage.path, (0, 0))

    kept.then = [correct]
    kept.run(until=MINUTE, first=lambda job: get_token(job, None))
    assert (1, 1) == (len(kept.bad()), len(kept.good()))
    assert 1 == kept.stage.server.refreshes


def test_a_new_sign_in_elsewhere(kept: Kept) -> None:
    """A mailbox is kept fresh again once another program has signed in to it."""
    place = kept.stage.folder / "dead.txt"
    dead = kept.stage.job(token_file=place)
    kept.then = [lambda: kept.stage.sign_in(token_file=place), list]  # last one first
    kept.run(kept.stage.job(), dead, until=INTERVAL + 10, first=fails_for(kept, dead))
    assert 1 == len(kept.bad())
    assert 3 == len(kept.good())
    assert kept.ended is None


def test_spread(kept: Kept) -> None:
    """Refreshes come up to a tenth early, so that mailboxes signed in together spread out."""
    kept.run(until=INTERVAL, spread=1.0)
    assert [0, 0.9 * INTERVAL] == pytest.approx(kept.good(), abs=1)


def test_the_last_tries_before_the_end(kept: Kept) -> None:
    """If the provider is back just before the token expires, there is always a valid token."""
    server, ends = kept.stage.server, kept.clock.now + 60 * MINUTE
    first = after(kept, lambda: server.faults.extend([Fault(503)] * 500))

    def repair(job: Job, **how: bool) -> Outcome:
        if kept.clock.now >= ends - 4:
            server.faults.clear()
        return renew_now(job, **how)

    kept.run(until=61 * MINUTE, first=first, again=repair)
    assert 60 * MINUTE - 4 <= kept.good()[1] < 60 * MINUTE


def test_a_file_that_is_deleted(kept: Kept) -> None:
    """A mailbox whose file is deleted needs a sign-in."""
    first = after(kept, kept.stage.path.unlink)
    kept.run(until=INTERVAL, first=first)
    assert isinstance(kept.ended, SignInNeeded)


def test_cancelled_at_once(kept: Kept) -> None:
    """If the first round is cancelled, nothing is reported and no other mailbox is tried."""
    tried: list[Job] = []

    def first(job: Job) -> Outcome:
        tried.append(job)
        raise Cancelled

    jobs = [kept.stage.job(), kept.stage.job(token_file=kept.stage.folder / "other.txt")]
    kept.run(*jobs, until=INTERVAL, first=first, at_once=1)
    assert [jobs[0]] == tried
    assert [] == kept.reports


def test_cancelled_while_sleeping(kept: Kept) -> None:
    """A sleep ends at once when it is cancelled."""
    cancelled = Cancellation()
    first = after(kept, cancelled.set)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        keep_fresh(
            [kept.stage.job()],
            Keeper(interval=INTERVAL),
            first=first,
            report=lambda job, result: None,
            cancelled=cancelled,
        )
    assert time.monotonic() - began < AT_ONCE


def test_no_login_after_the_first_round(kept: Kept) -> None:
    """Only the first round logs in to the mailbox; later rounds ask the token endpoint alone."""
    logins: list[int] = []
    first = after(kept, lambda: logins.append(kept.stage.mailbox.logins))
    kept.run(until=2 * INTERVAL + 10, first=first)
    assert 3 == len(kept.good())
    assert logins == [kept.stage.mailbox.logins]


def test_an_old_file_waits_for_the_name_servers(make_stage: MakeStage) -> None:
    """They tell the provider of an old file. While they don't respond the loop goes on; it opens
    no browser afterwards."""
    clock = Time()
    stage = make_stage(clock=clock, domains=())
    signed_in = Path(stage.sign_in(provider="demo").file)
    token, refresh_token = signed_in.read_text("ascii").split("\n")[:2]
    signed_in.unlink()
    stage.path.write_text(f"{token}\n{refresh_token}\n", "ascii")
    silent = 3
    asked: list[str] = []

    def mx(domain: str) -> list[str]:
        asked.append(domain)
        if len(asked) <= silent:
            raise as_error(NAME_SERVERS_SILENT, domain=domain)
        return ["10 mx.nobody.example"]  # undecided: so the chosen provider's

    job = stage.job(provider="demo")
    job = replace(job, dependencies=replace(job.dependencies, lookups=mail_servers(mx)))
    heard: list[AppError | Outcome] = []
    before = stage.server.authorize_requests
    with pytest.raises(Cancelled):
        keep_fresh(
            [job],
            Keeper(interval=INTERVAL),
            first=lambda job: get_token(job, stage.methods()),
            report=lambda job, result: heard.append(result),
            cancelled=Sleep(clock, until=10 * MINUTE),
        )
    assert [TryAgain] * silent == [type(result) for result in heard[:silent]]
    assert isinstance(heard[silent], Outcome)
    assert before == stage.server.authorize_requests
