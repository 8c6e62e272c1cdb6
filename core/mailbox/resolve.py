"""One address: where its token file lies, whose it is, and which registration renews it."""

from dataclasses import replace
from pathlib import Path

from ..address import same_address
from ..errors import Refused, UsageProblem
from ..model import Registration
from ..providers.detection import Detection, detect
from ..providers.registration import has_endpoints, provider_name_of, refuse_unknown, resolve
from ..tokenfile.format import TokenFile
from ..tokenfile.place import names_of, place_of
from ..tokenfile.read import read_token_file
from .job import Job


def locate(job: Job) -> Path:
    """The absolute path of the token file, whether it is there or not."""
    request = job.request
    if request.token_file is not None:
        return request.token_file.absolute()
    return place_of(
        request.address,
        request.folder.absolute(),
        provider=_chosen_provider(job),
        application=request.application,
        known_names=_known_names(job),
        unnamed_belongs_to=lambda: _detected_name(job),
    )


def read_own(job: Job, path: Path) -> TokenFile | None:
    """The token file, unless it is somebody else's: such a file is neither used nor replaced.

    What its lines don't say of provider and application, the original's file names do.
    """
    file = read_token_file(path)
    if file is None:
        return None
    if file.account and not same_address(file.account, job.address):
        raise Refused(
            f"The token file {path} is not {job.address}'s but {file.account}'s",
            hint="Choose another file with --token_file, or give that address",
        )
    if file.provider:
        return file
    names = names_of(path, job.address, _known_names(job))
    application = file.application or names.application
    return replace(file, provider=names.provider, application=application)


def refuse_foreign(file: TokenFile | None, provider: str) -> None:
    """Tokens of one provider are never sent to, or replaced by those of, another."""
    if file is not None and file.provider not in ("", provider):
        raise UsageProblem(
            f"The token file holds tokens of {file.provider}, not of {provider}",
            hint="Choose another file with --token_file, or leave out what names the provider",
        )


def registration_of(job: Job, file: TokenFile | None) -> Registration:
    """Which registration renews the tokens, and say why: chosen, else recorded, else detected."""
    overrides, application = job.request.overrides, job.request.application
    provider, reason = _provider(job, file)
    refuse_foreign(file, provider)
    if file is not None:
        if not overrides.client_id:
            application = application or file.application
        overrides = replace(overrides, tenant=overrides.tenant or file.tenant)
    registration = resolve(job.dependencies.catalog, provider, application, overrides)
    job.say(f"{job.address}: {provider}, because {reason}")
    return registration


def _provider(job: Job, file: TokenFile | None) -> tuple[str, str]:
    chosen, catalog = _chosen_provider(job), job.dependencies.catalog
    if job.request.provider:
        return chosen, "you chose it"
    if chosen:
        return chosen, "that is where your endpoints are"
    if file is not None and file.provider:
        if file.provider not in catalog.providers:
            raise UsageProblem(
                f"The token file says that its provider is {file.provider}, which is unknown here",
                hint="Choose one with --provider, or restore your own providers.toml",
            )
        return file.provider, "the token file says so"
    found = _detected(job)
    return found.provider, found.reason


def _chosen_provider(job: Job) -> str:
    """The provider that the person named, by name or by endpoints of its own; "" for none."""
    request, catalog = job.request, job.dependencies.catalog
    if request.provider:
        refuse_unknown(catalog, request.provider, request.overrides)
        return request.provider
    if has_endpoints(request.overrides, catalog):
        return provider_name_of(request.overrides)
    return ""


def _detected(job: Job) -> Detection:
    dependencies = job.dependencies
    return detect(
        job.address,
        dependencies.catalog,
        resolve_mx=dependencies.resolve_mx,
        timeout=job.request.network.timeout,
    )


def _detected_name(job: Job) -> str:
    try:
        return _detected(job).provider
    except UsageProblem:  # undecided: a filter in front, or a domain that nobody knows
        return ""


def _known_names(job: Job) -> set[str]:
    request = job.request
    return job.dependencies.catalog.names() | {request.provider, request.application}
