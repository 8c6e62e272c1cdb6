"""The folder of the open requests: one private file each, in the user's data folder.

A request is removed when its tokens are saved, when it has ended, and when it is cancelled.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ..address import same_address
from ..errors import AppError, as_error
from ..files import make_private_folder, read_regular, replace_private
from ..paths import file_name_for, user_data_folder
from ..secret_store.store import Store
from ..verdicts import local_requests
from .open_request import (
    OpenRequest,
    SecretPart,
    request_from_json,
    request_to_json,
    secret_from_json,
    secret_to_json,
)

log = logging.getLogger(__name__)

FOLDER = "requests"  # in the user's data folder
_LARGEST = 256 * 1024  # bytes; a link with all its parameters has a few thousand


class OpenRequests:
    """The open requests of this user. A file that can't be read is left out."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def all(self) -> list[OpenRequest]:
        """All open requests, the oldest first; those that have ended are removed."""
        return sorted(self._still_open(self._known()), key=lambda request: request.made_at)

    def of_file(self, token_file: Path) -> OpenRequest | None:
        """The open request whose tokens go into this file; None if there is none."""
        request = _read(_file_of(str(token_file)))
        return next(iter(self._still_open([request] if request else [])), None)

    def of_address(self, address: str, token_file: Path | None) -> OpenRequest:
        """The one open request for an address; raises `AppError` if there is none, or several."""
        known = [request for request in self._known() if same_address(request.address, address)]
        if token_file is not None:
            path = _file_of(str(token_file))
            known = [request for request in known if _file_of(request.token_file) == path]
        found = self._still_open(known)
        if not found:
            verdict = local_requests.REQUEST_ENDED if known else local_requests.NO_OPEN_REQUEST
            raise as_error(verdict, address=address)
        if len(found) > 1:
            files = ", ".join(request.token_file for request in found)
            raise as_error(local_requests.SEVERAL_OPEN_REQUESTS, address=address, files=files)
        return found[0]

    def add(self, request: OpenRequest, secret: SecretPart) -> None:
        """Save a request; raises `AppError` if that is not possible."""
        text = secret_to_json(secret)
        if request.store_entry:
            self._store.put(request.store_entry, text)
            text = ""
        path = _file_of(request.token_file)
        try:
            make_private_folder(path.parent)
            replace_private(path, request_to_json(request, text))
        except OSError as exc:
            raise as_error(
                local_requests.REQUEST_NOT_SAVED, detail=exc.strerror or "", folder=path.parent
            ) from exc

    def secret_of(self, request: OpenRequest) -> SecretPart:
        """The secret part of a request; raises `AppError` if it is gone, or has ended."""
        if not self._still_open([request]):
            raise as_error(local_requests.REQUEST_ENDED, address=request.address)
        try:
            if request.store_entry:
                return secret_from_json(self._store.get(request.store_entry) or "")
            content = read_regular(_file_of(request.token_file), limit=_LARGEST, follow=False)
            return secret_from_json(request_from_json(content)[1])
        except (OSError, ValueError):
            raise as_error(local_requests.NO_OPEN_REQUEST, address=request.address) from None

    def remove(self, request: OpenRequest) -> None:
        """Remove a request and its secret part; one that is gone already is no error."""
        try:
            if request.store_entry:
                self._store.delete(request.store_entry)
            _file_of(request.token_file).unlink(missing_ok=True)
        except (OSError, AppError) as exc:
            log.warning("a sign-in request is not removed: %s", type(exc).__name__)

    def _known(self) -> Iterator[OpenRequest]:
        try:
            paths = sorted((user_data_folder() / FOLDER).glob("*.json"))
        except OSError:
            return
        for path in paths:
            request = _read(path)
            if request is not None:
                yield request

    def _still_open(self, requests: Iterable[OpenRequest]) -> list[OpenRequest]:
        """Those that have not ended; the others are removed."""
        still_open = []
        for request in requests:
            if self._clock() < request.ends_at:
                still_open.append(request)
            else:
                self.remove(request)
        return still_open


def _file_of(token_file: str) -> Path:
    return user_data_folder() / FOLDER / f"{file_name_for(token_file)}.json"


def _read(path: Path) -> OpenRequest | None:
    try:
        return request_from_json(read_regular(path, limit=_LARGEST, follow=False))[0]
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        log.debug("a sign-in request can't be read: %s", type(exc).__name__)
        return None
