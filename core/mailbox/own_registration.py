"""Tests a registration of the user's own by a real sign-in, and names the step that is wrong."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import AppError
from ..events import Event, PasteRefused, WayEnded
from ..model import FlowKind, Outcome
from ..providers.catalog import Catalog
from ..providers.own_file import Entry, write
from ..registering.guide import Guide, sentence_on_step
from ..registering.guides import GUIDES
from ..tokenfile.read import read_token_file
from .get_token import get_token
from .job import Job

if TYPE_CHECKING:
    from ..oauth.sign_in.methods import SignInMethods


class Trial(NamedTuple):
    """The outcome of the sign-in, and the name under which the registration is saved."""

    outcome: Outcome
    application: str


def guide_for(provider: str, catalog: Catalog) -> Guide:
    """The guide to a registration at this provider, which the catalog may not know."""
    known = catalog.providers.get(provider)
    return GUIDES[known.flow if known else FlowKind.PLAIN]


def try_registration(job: Job, methods: "SignInMethods") -> Trial:
    """Sign in with the registration that the job describes, and save it if that worked.

    Errors name the step of the guide that they belong to, also those that don't end the sign-in.
    """

    guide = guide_for(job.request.provider, job.dependencies.catalog)

    def progress(event: Event) -> None:
        if isinstance(event, PasteRefused | WayEnded):
            name_step(guide, event.error)
        job.progress(event)

    try:
        outcome = get_token(replace(job, progress=progress), methods)
    except AppError as exc:
        name_step(guide, exc)
        raise
    if outcome.login_error is not None:
        name_step(guide, outcome.login_error)
    file = read_token_file(Path(outcome.file))
    application = file.application if file else ""
    _save_tenant(job, outcome.provider, application)
    return Trial(outcome, application)


def name_step(guide: Guide, error: AppError) -> None:
    """Let the error name the step of the guide that it belongs to, once."""
    sentence = sentence_on_step(guide, error)
    if sentence and sentence not in error.notes:
        error.add_note(sentence)


def _save_tenant(job: Job, provider: str, application: str) -> None:
    """Save the tenant with the registration: other mailboxes can use it in this tenant only."""
    dependencies, tenant = job.dependencies, job.request.overrides.text("tenant")
    saved = dependencies.catalog.application(provider, application)
    if tenant and saved and not saved.shipped and saved.tenant != tenant:
        write(Entry(saved, {}, {"tenant": tenant}), dependencies.own_file)
