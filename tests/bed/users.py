"""The users who have a mailbox in the bed, and the secrets that tests may know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

ALICE = "alice@example.test"  # JWT access tokens, checked by Dovecot itself
BOB = "bob@example.test"  # the same
CAROL = "carol@example.test"  # opaque tokens, which Dovecot asks the authorization server about

Act = Literal["allow", "deny"]  # what a person may do on the consent page

# Shared with the authorization server. None of them opens anything outside a test.
_OP = Path(__file__).parent / "op"
PASSWORDS: dict[str, str] = json.loads((_OP / "users.json").read_text("utf-8"))
CLIENT_SECRETS: dict[str, str] = json.loads((_OP / "client_secrets.json").read_text("utf-8"))
