"""Device codes as a test wants them (RFC 8628)."""

from __future__ import annotations

import secrets
from collections import deque
from typing import Any

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PENDING, SLOW_DOWN, ALLOWED = "authorization_pending", "slow_down", "authorized"
DENIED, EXPIRED = "access_denied", "expired_token"


class DeviceCodes:
    """Gives codes out; `states` is what each poll finds, and the last one stays.

    `changes` are other values for the answer with the code; None leaves one out.
    """

    def __init__(self, page: str) -> None:
        self._page = page
        self.states: deque[str] = deque([PENDING])
        self.changes: dict[str, Any] = {}
        self.given: list[dict[str, Any]] = []
        self.polls = 0

    def give(self) -> dict[str, Any]:
        """A new code."""
        user_code = secrets.token_hex(12).upper()  # so long that secrets_watch looks for it
        answer = {
            "device_code": secrets.token_urlsafe(24),
            "user_code": user_code,
            "verification_uri": self._page,
            "verification_uri_complete": f"{self._page}?user_code={user_code}",
            "expires_in": 900,
            "interval": 1,
            **self.changes,
        }
        answer = {name: value for name, value in answer.items() if value is not None}
        self.given.append(answer)
        return answer

    def state_of(self, device_code: str) -> str | None:
        """What a poll finds; None for a code that nobody has."""
        if device_code not in [answer.get("device_code") for answer in self.given]:
            return None
        self.polls += 1
        return self.states.popleft() if len(self.states) > 1 else self.states[0]
