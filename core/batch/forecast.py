"""What a list will take, by what this computer knows: nothing is done yet, and nobody is asked."""

from dataclasses import dataclass

from ..address import domain_of
from ..detection.hosts import clues_of_domain
from ..mailbox.job import Request
from ..oauth.grant import GRANTS
from ..providers.catalog import Catalog
from .batch import Batch


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many mailboxes have a token file, get one without the user, and need a sign-in.

    A token file may turn out to need a sign-in too, if its provider refuses a refresh.
    """

    existing: int
    unattended: int
    sign_ins: int


def forecast_of(batch: Batch, catalog: Catalog) -> Forecast:
    """The forecast for all mailboxes of a list."""
    requests = [task.job.request for task in batch.tasks]
    new = [request for request in requests if not _may_have_file(request)]
    sign_ins = sum(_needs_sign_in(request, catalog) for request in new)
    return Forecast(len(requests) - len(new), len(new) - sign_ins, sign_ins)


def _may_have_file(request: Request) -> bool:
    """Whether there is a token file; without a path, the folder may have one of another name."""
    return request.token_file is None or request.token_file.exists()


def _needs_sign_in(request: Request, catalog: Catalog) -> bool:
    """Whether the first token comes from the user; so it is where the provider isn't known yet."""
    domain = domain_of(request.address)
    names = [request.provider] if request.provider else _owners(domain, catalog)
    provider = next((p for name in names if (p := catalog.providers.get(name))), None)
    if provider is None:
        return True
    application = request.application or provider.application_for(domain)
    registration = catalog.application(provider.name, application)
    grant = GRANTS.get(registration.grant) if registration else None
    return grant is None or grant.needs_sign_in


def _owners(domain: str, catalog: Catalog) -> list[str]:
    return [clue.provider for clue in clues_of_domain(domain, catalog)]
