"""What is to be done with a mailbox that a file describes: save its tokens, or say why not."""

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from ..errors import AppError, as_error
from ..i18n.translation import N_
from ..mailbox.job import Job
from ..mailbox.resolve import Mailbox
from ..oauth.grant import can_be_renewed
from ..oauth.permissions import permission_error
from ..oauth.token_response import fits_token_file
from ..oauth.tokens import Tokens
from ..providers.fields import Registration
from ..tokenfile.expiry import left
from ..tokenfile.format import TokenFile
from ..verdicts import local_import
from ..verdicts.verdict import Action
from .found import Found

MayReplace = Callable[[Mailbox], bool]


class Result(StrEnum):
    """What became of one mailbox."""

    SAVED = N_("saved")
    IN_PLACE = N_("in place")
    SIGN_IN = N_("sign-in needed")
    FAILED = N_("not imported")


def outcome_of(
    found: Found,
    mailbox: Mailbox,
    registration: Registration,
    source: Path,
    may_replace: MayReplace,
) -> tuple[Result, AppError | None]:
    """What is to be done with a mailbox, and why if its tokens can't be used."""
    job, there = mailbox.job, mailbox.file
    has_same = there is not None and _has_same(there, found.file)
    if _is_same(mailbox.path, source) or (has_same and _is_of(there, registration, found)):
        return Result.IN_PLACE, None
    error = found.problem or _problem_of(found, job, registration)
    if error is not None:
        return result_of(error), error
    is_good = there is not None and (can_be_renewed(there) or left(there, job.now()))
    if is_good and not has_same and not may_replace(mailbox):
        kept = as_error(local_import.TOKEN_FILE_KEPT, address=job.address, path=mailbox.path)
        return Result.FAILED, kept
    return Result.SAVED, None


def result_of(error: AppError) -> Result:
    """What becomes of a mailbox whose tokens can't be taken."""
    return Result.SIGN_IN if error.action is Action.SIGN_IN else Result.FAILED


def _problem_of(found: Found, job: Job, registration: Registration) -> AppError | None:
    """Why the tokens of a file can't be used; None if they can, as far as the file tells."""
    file, address = found.file, job.address
    granted = Tokens("", file.refresh, None, None, scopes=found.scopes)
    if not found.has_tokens:
        return as_error(local_import.NO_TOKENS, address=address)
    if not fits_token_file(file.access, file.refresh):
        return as_error(local_import.TOKENS_UNUSABLE, address=address)
    if not file.refresh and left(file, job.now()) == 0:
        return as_error(local_import.TOKENS_EXPIRED, address=address)
    if permission_error(granted, registration, address, certain=False):
        scopes = ", ".join(found.scopes)
        return as_error(local_import.TOKENS_FOR_OTHER_USE, address=address, scopes=scopes)
    return None


def _is_same(path: Path, source: Path) -> bool:
    try:
        return os.path.samefile(path, source)
    except OSError:
        return False


def _has_same(there: TokenFile, new: TokenFile) -> bool:
    return bool(new.refresh) and there.refresh == new.refresh


def _is_of(there: TokenFile | None, registration: Registration, found: Found) -> bool:
    """Whether a file names the application; if it names none, its refresh takes the default."""
    named = there.application if there else ""
    return named == registration.application or not (named or "client_id" in found.given)
