"""What a guide to a registration is, and which of its steps an error belongs to."""

from typing import NamedTuple

from ..errors import AppError
from ..i18n.translation import N_, _

_BELONGS_TO = N_("This belongs to step {number} of the registration, {title}: {text}")


class Step(NamedTuple):
    """One thing to do at the provider.

    `verdicts` are the ids of the errors that a sign-in ends with if the step was left out, or was
    done in another way.
    """

    title: str
    text: str
    verdicts: tuple[str, ...] = ()


class Guide(NamedTuple):
    """How to register an application at a kind of provider.

    `page` is where the provider describes it. `who` says who can do it, and who need not.
    `has_tenant` and `has_secret` say what belongs to the client ID.
    """

    title: str
    page: str
    who: str
    steps: tuple[Step, ...]
    has_tenant: bool = False
    has_secret: bool = False


def numbered_steps(guide: Guide) -> list[str]:
    """The steps in the user's language, each with its number."""
    steps = (_("{name}: {text}", name=_(step.title), text=_(step.text)) for step in guide.steps)
    return [f"{number}. {step}" for number, step in enumerate(steps, start=1)]


def sentence_on_step(guide: Guide, error: AppError) -> str:
    """A sentence that names the step that an error belongs to; empty if it belongs to none."""
    for number, step in enumerate(guide.steps, start=1):
        if error.verdict.id in step.verdicts:
            return _(_BELONGS_TO, number=number, title=_(step.title), text=_(step.text))
    return ""
