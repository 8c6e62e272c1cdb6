"""The secrets of an OAuth2 exchange: what nobody may print or log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from core.demo.http_server import DemoRequest, DemoResponse

_SENT = ("state", "code", "code_verifier", "client_secret", "refresh_token", "token", "device_code")
_GIVEN = ("access_token", "refresh_token", "id_token", "device_code", "user_code")


def secrets_sent(request: DemoRequest) -> set[str]:
    """Those in a request's query or form."""
    return {*_values(_query(request.target), _SENT), *_values(_form(request.body), _SENT)}


def secrets_given(response: DemoResponse) -> set[str]:
    """Those in a real response: a code in the redirect, tokens in the body."""
    found = _values(_query(response.headers.get("Location", "")), _SENT)
    if response.body and response.content_type == "application/json":
        found |= _values(json.loads(response.body), _GIVEN)
    return found


def _query(target: str) -> dict[str, str]:
    return _form(urlsplit(target).query)


def _form(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))


def _values(fields: Mapping[str, Any], names: tuple[str, ...]) -> set[str]:
    return {fields[name] for name in names if fields.get(name)}
