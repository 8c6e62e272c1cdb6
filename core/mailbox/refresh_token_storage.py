"""Where a refresh token is saved: in line 2 of its token file, or in the system's store.

The store is always written before the file. Between the two writes the store holds the newer
refresh token and the file the older access token, and both are valid. Each entry names its account
and provider, so a token file can't use an entry of another mailbox.
"""

from dataclasses import replace

from ..address import same_address
from ..errors import as_error
from ..tokenfile.format import TokenFile, is_token
from ..verdicts import local_files
from .job import Job

_KEYS = ("account", "provider", "refresh_token")  # of an entry's JSON object


def should_use_store(job: Job, file: TokenFile | None) -> bool:
    """Whether to save the refresh token in the store.

    The user's choice decides, else the refresh token stays where it is.
    """
    if job.request.protect is not None:
        return job.request.protect
    return file is not None and bool(file.store_entry)


def with_store_entry(job: Job, file: TokenFile, before: TokenFile | None) -> TokenFile:
    """The file with a store entry if its refresh token belongs into the store, else without.

    The entry that the file `before` had is used again.
    """
    if not (file.refresh and should_use_store(job, before)):
        return replace(file, store_entry="")
    from ..secret_store.store import new_entry

    known = before.store_entry if before is not None else ""
    return replace(file, store_entry=known or new_entry())


def with_refresh_token(job: Job, file: TokenFile) -> TokenFile:
    """The file with its refresh token, read from the store if it is there.

    The refresh token is empty if the store has none. Raises `AppError` if the entry belongs to
    another mailbox or provider.
    """
    if not file.store_entry:
        return file
    return _with_entry(job, file, job.dependencies.store.get(file.store_entry) or "{}")


def store_refresh_token(job: Job, file: TokenFile) -> None:
    """Write the refresh token to the store if the file has a store entry."""
    if file.store_entry:
        import json

        content = dict(zip(_KEYS, (job.address, file.provider, file.refresh), strict=True))
        job.dependencies.store.put(file.store_entry, json.dumps(content))


def delete_unused_entry(job: Job, before: TokenFile | None, after: TokenFile | None) -> None:
    """Delete the old store entry if the new file no longer refers to it."""
    known, named = (file.store_entry if file is not None else "" for file in (before, after))
    if known and known != named:
        job.dependencies.store.delete(known)


def check_store(job: Job, file: TokenFile | None) -> None:
    """Raise `AppError` if the refresh token is to be saved in the store and the store fails."""
    if should_use_store(job, file):
        from ..secret_store.store import try_store

        try_store(job.dependencies.store)


def _with_entry(job: Job, file: TokenFile, text: str) -> TokenFile:
    import json

    try:
        content = json.loads(text)
        account, provider, token = (str(content[key]) for key in _KEYS)
    except (ValueError, TypeError, KeyError, RecursionError):
        return replace(file, refresh="")  # the entry is empty or not written by this program
    foreign = file.provider and provider and file.provider != provider
    if foreign or not same_address(account, job.address):
        raise as_error(local_files.STORE_ENTRY_OF_ANOTHER, address=job.address)
    refresh = token if is_token(token) else ""
    return replace(file, refresh=refresh, provider=file.provider or provider)
