"""Where the client secret of the user's own application is saved: in providers.toml or the store.

With the system's store, providers.toml has the name of the entry. Another secret gets another
entry, so an entry that was read once stays right. Each entry names its client ID, so that no other
application can use it.
"""

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import AppError, as_error
from ..i18n.translation import N_, _
from ..providers.overrides import Overrides
from ..verdicts.local_app_only import CLIENT_SECRET_NOT_IN_STORE
from .job import Job

if TYPE_CHECKING:
    from ..providers.fields import Registration
    from ..providers.save_overrides import Saved

_SAVING = threading.Lock()  # mailboxes share an application, and it must get one entry
_KEYS = ("client_id", "client_secret")  # of an entry's JSON object
_STORED = N_("The client secret of {application} is saved in the system's secret store")

_WITHOUT_STORE = N_(
    "The client secret of {application} is in the store. To do without the store, give the client "
    "secret again."
)


def with_client_secret(job: Job, registration: "Registration") -> "Registration":
    """The registration with its client secret, read from the store if it is there.

    Raises `AppError` if the store has no such entry, or refuses.
    """
    entry, read_before = registration.client_secret_entry, job.dependencies.client_secrets
    if not entry:
        return registration
    text = read_before.get(entry) or _read(job, registration)
    secret = _secret_in(text, registration)
    read_before[entry] = text
    return replace(registration, client_secret=secret)


def is_elsewhere(job: Job, registration: "Registration") -> bool:
    """Whether a client secret that the user has saved is not where they chose."""
    protect, catalog = job.request.protect, job.dependencies.catalog
    known = catalog.application(registration.provider, registration.application)
    if known is None or protect is None:
        return False
    in_file = bool(known.client_secret) and not known.shipped
    return in_file if protect else bool(known.client_secret_entry)


def save_registration(job: Job, registration: "Registration") -> "Saved | None":
    """Save what the user gave, and the client secret where they chose; None if all is saved.

    The store is written before the file. The old entry is deleted if the file no longer refers to
    it. Raises `AppError` if the store or the file can't be written.
    """
    with _SAVING:
        return _save(job, registration)


def _save(job: Job, registration: "Registration") -> "Saved | None":
    from ..providers.save_overrides import save_overrides

    dependencies, given = job.dependencies, job.request.overrides.given
    catalog, store = dependencies.catalog, dependencies.store
    known = catalog.application(registration.provider, registration.application)
    before, secret_before = known.client_secret_entry if known else "", _saved_secret(job, known)
    secret = _secret_to_save(job, registration, secret_before)
    entry, in_file = "", secret
    if _should_use_store(job, secret, known):
        is_there = before and secret == secret_before
        entry, in_file = before if is_there else _put(job, registration.client_id, secret), ""
    written = replace(registration, client_secret=in_file, client_secret_entry=entry)
    try:  # the secret of the environment is left out already
        saved = save_overrides(
            written, Overrides(given), catalog=catalog, own_file=dependencies.own_file
        )
    except AppError:
        if entry not in ("", before):
            store.delete(entry)
        raise
    if before not in ("", entry):
        store.delete(before)
    if entry not in ("", before):
        job.say(_(_STORED, application=registration.application))
    return saved and replace(saved, replaced_secret=secret_before not in ("", secret))


def _secret_to_save(job: Job, registration: "Registration", saved: str) -> str:
    """The given client secret, else the saved one. One of the environment is saved nowhere.

    A registration with another token endpoint has none of the saved one.
    """
    secret, overrides = registration.client_secret, job.request.overrides
    if "client_secret" in overrides.given or secret == saved:
        return secret
    is_none = secret in ("", overrides.secret_from_environment)
    return "" if is_none else saved  # another run has replaced it meanwhile


def _should_use_store(job: Job, secret: str, known: "Registration | None") -> bool:
    """Whether to save the client secret in the store.

    The user's choice decides, else it stays where it is. A secret of this program is public.
    """
    if not secret or (known is not None and known.shipped and known.client_secret == secret):
        return False
    if job.request.protect is not None:
        return job.request.protect
    return known is not None and bool(known.client_secret_entry)


def _read(job: Job, registration: "Registration") -> str:
    try:
        return job.dependencies.store.get(registration.client_secret_entry) or ""
    except AppError as exc:
        exc.add_note(_(_WITHOUT_STORE, application=registration.application))
        raise


def _put(job: Job, client_id: str, secret: str) -> str:
    """Write the client secret into the store; returns the name of its new entry."""
    import json

    from ..secret_store.store import new_entry

    entry, content = new_entry(), dict(zip(_KEYS, (client_id, secret), strict=True))
    job.dependencies.store.put(entry, json.dumps(content))
    return entry


def _saved_secret(job: Job, known: "Registration | None") -> str:
    """The client secret that was saved before; empty if there is none, or it can't be read."""
    try:
        return with_client_secret(job, known).client_secret if known else ""
    except AppError:
        return ""


def _secret_in(text: str, registration: "Registration") -> str:
    """The client secret in the text of an entry; raises `AppError` if it is not its own."""
    import json

    try:
        content = json.loads(text)
        client_id, secret = (str(content[key]) for key in _KEYS)
    except (ValueError, TypeError, KeyError, RecursionError):
        client_id = secret = ""  # there is no entry, or it was not written by this program
    if not secret or client_id != registration.client_id:
        raise as_error(CLIENT_SECRET_NOT_IN_STORE, application=registration.application)
    return secret
