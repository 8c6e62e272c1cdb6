"""A token file looked at from all sides: its place, its form, its token."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..providers.catalog import Catalog
from . import form, place, tokens
from .finding import Finding
from .reading import TakenAs, as_imapsync


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`given` is what imapsync would be given; `name` may be shown, also where that is a token.

    `token_length` and `token_kind` tell of what imapsync would send, whatever it is.
    """

    given: str = field(repr=False)
    name: str
    taken_as: TakenAs
    token_length: int
    token_kind: str
    findings: tuple[Finding, ...]

    @property
    def fixable(self) -> bool:
        """Whether `fix` has something to do."""
        return any(finding.fixable for finding in self.findings)


def examine(
    given: str, *, catalog: Catalog, now: float, docker_mark: Path = place.DOCKER_MARK
) -> Diagnosis:
    """Read what imapsync would be given as it does, and name what would go wrong."""
    reading = as_imapsync(given)
    findings = place.check_place(given, reading, docker_mark)
    if reading.taken_as is TakenAs.FILE:
        seen = form.check_form(reading.content)
        findings = (*(_of_no_token_file(f) if seen.file is None else f for f in findings),)
        findings += seen.findings
        if seen.file is not None and seen.file.access:
            findings += tokens.check_tokens(seen.file, now=now, client_ids=_client_ids(catalog))
    return Diagnosis(
        given,
        _name(given),
        reading.taken_as,
        len(reading.token),
        tokens.kind_of(reading.token.decode("ascii", "replace")),
        findings,
    )


def _of_no_token_file(finding: Finding) -> Finding:
    """Its permissions are its owner's business."""
    if finding.name != "open_to_others":
        return finding
    return replace(finding, fixable=False, todo="Make it readable by you alone")


def _name(given: str) -> str:
    """Where a token itself was given it isn't repeated."""
    if place.looks_like_token(given):
        return f"What was given ({len(given)} characters)"
    return os.path.abspath(given)


def _client_ids(catalog: Catalog) -> frozenset[str]:
    applications = (a for p in catalog.providers.values() for a in p.applications.values())
    return frozenset(application.client_id for application in applications)
