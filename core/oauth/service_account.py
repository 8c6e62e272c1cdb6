"""A service account of Google (RFC 7523): an organisation lets it act for its users.

Nobody signs in. The account's key signs a request that names the mailbox, so there is a token for
each mailbox. The administrator lists the account's client ID and scope (domain-wide delegation).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import as_error
from ..files import read_regular
from ..tokenfile.format import TokenFile
from ..verdicts import local_app_only as verdicts

if TYPE_CHECKING:
    from ..providers.fields import Registration
    from .client_parameters import TokenForm

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LARGEST = 1 << 16  # bytes
# Google takes at most an hour; a short life is enough for one request.
_LIFE = 300  # seconds
_NEEDED = ("client_email", "client_id", "private_key")
# The page with its fields filled in: https://support.google.com/a/answer/162106
_DELEGATION = "https://admin.google.com/ac/owl/domainwidedelegation?"


class ServiceAccount:
    """The account asks for the user of a mailbox."""

    needs_sign_in = False
    serves_all_mailboxes = False

    def can_renew(self, file: TokenFile) -> bool:
        """The key is all that it takes."""
        return True

    def form(self, registration: "Registration", file: TokenFile, *, now: float) -> "TokenForm":
        """The request for the mailbox of this file, signed by google-auth's own code."""
        from google.auth import crypt, jwt  # imported late, since no other grant needs them

        from .client_parameters import TokenForm

        key = read_key(registration)
        claims = {
            "iss": key["client_email"],
            "sub": file.account,
            "scope": " ".join(registration.scopes),
            "aud": registration.token_uri,
            "iat": int(now),
            "exp": int(now) + _LIFE,
        }
        try:
            signer = crypt.RSASigner.from_service_account_info(key)  # type: ignore[no-untyped-call]
            assertion = jwt.encode(signer, claims).decode("ascii")  # type: ignore[no-untyped-call]
        except ValueError as exc:
            raise as_error(verdicts.KEY_FILE_UNUSABLE, file=registration.key_file) from exc
        return TokenForm({"grant_type": GRANT_TYPE, "assertion": assertion}, (assertion,))


def read_key(registration: "Registration") -> Mapping[str, Any]:
    """What the key file says; raises an `AppError` if it isn't that of this service account."""
    path = registration.key_file
    if not path:
        raise as_error(verdicts.KEY_FILE_MISSING, application=registration.application)
    key = read_key_file(Path(path))
    if key["client_id"] != registration.client_id:
        raise as_error(
            verdicts.KEY_FILE_OF_ANOTHER,
            file=path,
            name=key["client_id"],
            client_id=registration.client_id,
        )
    return key


def read_key_file(path: Path) -> Mapping[str, Any]:
    """The fields of a key file, as Google gives it out; raises an `AppError` if it is none."""
    try:
        content = read_regular(path, limit=_LARGEST)
    except OSError as exc:
        raise as_error(verdicts.KEY_FILE_UNREADABLE, detail=exc.strerror or "", file=path) from exc
    import json  # imported late, as below: a fresh token needs neither

    try:
        key = json.loads(content)
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, dict) or not all(isinstance(key.get(name), str) for name in _NEEDED):
        raise as_error(verdicts.KEY_FILE_UNUSABLE, file=path)
    return key


def delegation_page(registration: "Registration") -> str:
    """Where an administrator allows this account and its scopes; the page's fields are filled."""
    from urllib.parse import urlencode

    return _DELEGATION + urlencode(
        {
            "clientScopeToAdd": ",".join(registration.scopes),
            "clientIdToAdd": registration.client_id,
            "overwriteClientId": "true",
        }
    )
