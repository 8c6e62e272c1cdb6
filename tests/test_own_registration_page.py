"""Tests of release/own_registration.py: the page has every step, and is current."""

import own_registration
from core.registering.guides import GUIDES
from core.verdicts import local_discovery
from core.verdicts.match import TABLES


def test_the_page_is_current() -> None:
    """Who changes a guide runs the script."""
    assert 0 == own_registration.main(["--check"]), f"run {own_registration.COMMAND}"


def test_the_page_has_each_step() -> None:
    """With its number, in the order of the guide."""
    page = own_registration.page()
    for guide in GUIDES.values():
        steps = [f"{n}. **{step.title}.** {step.text}" for n, step in enumerate(guide.steps, 1)]
        assert "\n".join(steps) in page


def test_each_step_names_verdicts_that_there_are() -> None:
    """An error belongs to one step of a guide at most."""
    known = {v.id for table in (*TABLES, local_discovery.VERDICTS) for v in table}
    for guide in GUIDES.values():
        named = [name for step in guide.steps for name in step.verdicts]
        assert [] == [name for name in named if name not in known]
        assert len(named) == len(set(named))
