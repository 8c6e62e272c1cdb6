"""One address: where its token file lies, whose it is, and which registration renews it."""

from dataclasses import replace
from pathlib import Path

from .address import same_address
from .errors import Refused, UsageProblem
from .job import Job, Request, Surroundings
from .model import Registration
from .providers.detection import detect
from .providers.registration import has_endpoints, provider_name_by_hand, resolve
from .tokenfile.format import TokenFile
from .tokenfile.place import place_of
from .tokenfile.read import read_token_file


def locate(job: Job) -> Path:
    """The absolute path of the token file, whether it is there or not."""
    request = job.request
    if request.token_file is not None:
        return request.token_file.absolute()
    providers = job.surroundings.catalog.providers
    known = {*providers, *(name for p in providers.values() for name in p.applications)}
    return place_of(
        request.address,
        request.folder.absolute(),
        provider=request.provider,
        application=request.application,
        known_names=known | {request.provider, request.application},
    )


def read_own(path: Path, address: str) -> TokenFile | None:
    """The token file, unless it is somebody else's: such a file is neither used nor replaced."""
    file = read_token_file(path)
    if file is not None and file.account and not same_address(file.account, address):
        raise Refused(
            f"The token file {path} is not {address}'s but {file.account}'s",
            todo="Choose another file with --token_file, or give that address.",
        )
    return file


def registration_of(job: Job, file: TokenFile | None) -> Registration:
    """Which registration renews the tokens, and say why: chosen, else recorded, else detected."""
    by_hand, application = job.request.by_hand, job.request.application
    provider, reason = _provider(job.request, file, job.surroundings)
    if file is not None and file.provider == provider:
        if not by_hand.client_id:
            application = application or file.application
        by_hand = replace(by_hand, tenant=by_hand.tenant or file.tenant)
    registration = resolve(job.surroundings.catalog, provider, application, by_hand)
    job.say(f"{job.address}: {provider}, because {reason}")
    return registration


def _provider(
    request: Request, file: TokenFile | None, surroundings: Surroundings
) -> tuple[str, str]:
    if request.provider:
        return request.provider, "you chose it"
    if has_endpoints(request.by_hand, surroundings.catalog):
        return provider_name_by_hand(request.by_hand), "that is where your endpoints are"
    if file is not None and file.provider:
        if file.provider not in surroundings.catalog.providers:
            raise UsageProblem(
                f"The token file says that its provider is {file.provider}, which is unknown here",
                todo="Choose one with --provider, or restore your own providers.toml.",
            )
        return file.provider, "the token file says so"
    found = detect(request.address, surroundings.catalog, resolve_mx=surroundings.resolve_mx)
    return found.provider, found.reason
