"""Examine a token file: its place, its form and its token."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..i18n.translation import _, ngettext
from ..providers.catalog import Catalog
from . import form, place, tokens
from .finding import IMPORT_IT, Finding
from .reading import TakenAs, as_imapsync


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result for one value of imapsync's --oauthaccesstoken, which is `given`.

    `name` describes `given` without showing a token. `token_length` and `token_kind` describe what
    imapsync would send as the token.
    """

    given: str = field(repr=False)
    name: str
    taken_as: TakenAs
    token_length: int
    token_kind: str
    findings: tuple[Finding, ...]

    @property
    def fixable(self) -> bool:
        """Whether `fix` can repair any of the findings."""
        return any(finding.fixable for finding in self.findings)


def examine(
    given: str, *, catalog: Catalog, now: float, docker_mark: Path = place.DOCKER_MARK
) -> Diagnosis:
    """Read the file as imapsync does, and list what would go wrong."""
    reading = as_imapsync(given)
    findings = place.check_place(given, reading, docker_mark)
    if reading.taken_as is TakenAs.FILE:
        seen = form.check_form(reading.content)
        findings = (*(_not_fixable(f) if seen.file is None else f for f in findings),)
        findings += seen.findings
        if seen.file is None:
            findings += _of_other_program(reading.content)
        if seen.file is not None and seen.file.access:
            findings += tokens.check_tokens(seen.file, now=now, client_ids=_client_ids(catalog))
    return Diagnosis(
        given,
        _name(given),
        reading.taken_as,
        len(reading.token),
        _(tokens.kind_of(reading.token.decode("ascii", "replace"))),
        findings,
    )


def _of_other_program(content: bytes) -> tuple[Finding, ...]:
    """Where to go with a file of another program, which has tokens in another form."""
    from ..importing.kinds import is_known  # token files are no such files

    if not is_known(content):
        return ()
    message = _("This is a file of another program. oauth2_imap can import what is in it")
    return (Finding("other_program", message, _(IMPORT_IT)),)


def _not_fixable(finding: Finding) -> Finding:
    """Leave the permissions of a file that is not a token file to its owner."""
    if finding.name != "open_to_others":
        return finding
    hint = _("Change the permissions so that only you can read the file")
    return replace(finding, fixable=False, hint=hint)


def _name(given: str) -> str:
    """The path of the file. If a token was given instead, the name does not show it."""
    if place.looks_like_token(given):
        return ngettext(
            "The given text ({count} character)", "The given text ({count} characters)", len(given)
        )
    return os.path.abspath(given)


def _client_ids(catalog: Catalog) -> frozenset[str]:
    applications = (a for p in catalog.providers.values() for a in p.applications.values())
    return frozenset(application.client_id for application in applications)
