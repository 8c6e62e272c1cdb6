"""The demo's authorization server with what tests need: faults, memory, a strict provider."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from oauthlib.oauth2 import ClientCredentialsGrant
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, UnsupportedCodeChallengeMethodError
from oauthlib.oauth2.rfc8628.grant_types import DeviceCodeGrant

from core.demo.authorization_server import AUTHORIZE_PATH, TOKEN_PATH, AuthorizationServer
from core.demo.grants import CLIENT_ID
from core.demo.http_server import DemoRequest, DemoResponse
from core.oauth.sign_in.certificate import Certificate, self_signed
from faulty_servers.device_codes import GRANT, DeviceCodes
from faulty_servers.grants import StrictGrants
from faulty_servers.issued import secrets_given, secrets_sent
from faulty_servers.responses import Fault, delayed

REVOKE_PATH = "/demo/oauth2/v2.0/revoke"
DEVICE_PATH = "/demo/oauth2/v2.0/devicecode"


class FaultyAuthorizationServer(AuthorizationServer):
    """Gives `faults` in place of the token endpoint's responses, and remembers requests."""

    client_id = CLIENT_ID

    def __init__(
        self,
        *,
        certificate: Certificate | None = None,
        account: str = "you@demo.example",
        rotating: bool = True,
        gives_refresh_token: bool = True,
        token_lifetime: int = 3600,
        client_secret: str = "",
        automatic_consent: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`token_lifetime` is in seconds; it and `id_token_account` may change at any time."""
        self.certificate = certificate or self_signed()
        self._kept = StrictGrants(account, client_secret, clock)
        super().__init__(self.certificate, self._kept, automatic_consent=automatic_consent)
        self.revocation_uri = self.origin + REVOKE_PATH
        self.routes["POST", REVOKE_PATH] = self._revoke
        self.device_authorization_uri = self.origin + DEVICE_PATH
        self.routes["POST", DEVICE_PATH] = self._give_device_code
        self.device_codes = self._kept.device_codes = DeviceCodes(self.origin + "/demo/device")
        self.device_faults: deque[DemoResponse] = deque()
        self.last_device_form: dict[str, str] = {}
        self.token_lifetime = token_lifetime
        self.account = self.id_token_account = account
        self.more_claims: dict[str, object] = {}  # of the ID token, in place of the usual ones
        self.faults: deque[Fault] = deque()
        self.revocation_faults: deque[DemoResponse] = deque()
        self.revoked_kinds: list[str] = []  # the hints of all revocation requests
        self.authorize_requests = self.token_requests = 0
        self.last_authorize_query: dict[str, str] = {}
        self.last_token_form: dict[str, str] = {}
        self.issued = {client_secret} - {""}  # every secret given out or received so far
        self._clock = clock
        self._noting = threading.Lock()
        self.oauth.auth_grant.custom_validators.pre_auth.append(_refuse_unsupported)
        self.oauth.auth_grant.refresh_token = gives_refresh_token
        self.oauth.refresh_grant.issue_new_refresh_tokens = rotating
        self.oauth.grant_types["client_credentials"] = ClientCredentialsGrant(self._kept)
        self.oauth.grant_types[GRANT] = DeviceCodeGrant(self._kept)
        self.oauth.grant_types[GRANT].register_token_modifier(self._add_id_token)
        self.oauth.bearer.expires_in = lambda _request: self.token_lifetime

    @property
    def refreshes(self) -> int:
        """How many were granted."""
        return self._kept.refreshes

    @property
    def revocations(self) -> int:
        """How many were carried out."""
        return self._kept.revocations

    def account_of(self, access_token: str) -> str | None:
        """Whose mailbox the token opens; None when it is unknown, expired or revoked."""
        return self._kept.account_of(access_token)

    def revoke_grants(self) -> None:
        """Every refresh token so far is `invalid_grant` now, every access token invalid."""
        self._kept.end_all()

    def expire_access_tokens(self) -> None:
        """Every access token so far is invalid now; the refresh tokens work on."""
        self._kept.access_tokens.clear()

    def respond(self, request: DemoRequest) -> DemoResponse:
        """The next fault for this endpoint, else what the endpoint really says."""
        with self._noting:
            self._note(request)
            fault = self._next_fault(request.path)
        if fault and not (isinstance(fault, Fault) and (fault.commit or fault.late)):
            return fault
        response = super().respond(request)
        with self._noting:
            self.issued |= secrets_given(response)
        if isinstance(fault, Fault):
            return delayed(response, fault.delay) if fault.late else fault
        return response

    def claims(self, grant: Any) -> Mapping[str, object]:
        """Name the account that the test wants, at the test's time."""
        now = int(self._clock())
        times = {"iat": now, "exp": now + self.token_lifetime}
        account = self.id_token_account
        whose = {"email": account, "preferred_username": account}
        claims = {**super().claims(grant), **times, **whose, **self.more_claims}
        return {name: value for name, value in claims.items() if value is not None}

    def _note(self, request: DemoRequest) -> None:
        self.issued |= secrets_sent(request)
        form = dict(parse_qsl(request.body, keep_blank_values=True))
        route = request.method, request.path
        if route == ("GET", AUTHORIZE_PATH):
            query = request.target.partition("?")[2]
            self.last_authorize_query = dict(parse_qsl(query, keep_blank_values=True))
            self.authorize_requests += 1
        elif route == ("POST", TOKEN_PATH):
            self.last_token_form = form
            self.token_requests += 1
        elif route == ("POST", DEVICE_PATH):
            self.last_device_form = form
        elif route == ("POST", REVOKE_PATH):
            self.revoked_kinds.append(form.get("token_type_hint", ""))

    def _next_fault(self, path: str) -> DemoResponse | None:
        if path == TOKEN_PATH and self.faults:
            return self.faults.popleft()
        if path == REVOKE_PATH and self.revocation_faults:
            return self.revocation_faults.popleft()
        if path == DEVICE_PATH and self.device_faults:
            return self.device_faults.popleft()
        return None

    def _give_device_code(self, request: DemoRequest) -> DemoResponse:
        return DemoResponse(body=json.dumps(self.device_codes.give()).encode())

    def _revoke(self, request: DemoRequest) -> DemoResponse:
        _, body, status = self.oauth.create_revocation_response(
            self.revocation_uri, "POST", request.body, request.headers
        )
        return DemoResponse(status, body.encode())


def _refuse_unsupported(request: Any) -> dict[str, object]:
    """So that a sign-in works by PKCE with S256 alone, with the answer in the query."""
    if request.code_challenge and request.code_challenge_method != "S256":
        raise UnsupportedCodeChallengeMethodError(request=request)
    if request.response_mode not in (None, "query"):
        raise InvalidRequestError("response_mode must be query", request=request)
    return {}
