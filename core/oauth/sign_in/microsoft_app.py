"""msal's application object for one sign-in, over our HTTP session."""

from typing import Any
from urllib.parse import urlsplit

import msal
import requests

from ...model import FlowKind
from ...providers.fields import Registration
from ...verdicts.verdict import Origin, Symptom
from ..answer import json_object, read_answer
from ..token_response import TokenRequest, error_in, error_of
from .code_client import http_response, on_response, post, replace_body

_AUTHORIZE = "/oauth2/v2.0/authorize"
# msal adds these scopes itself and raises ValueError if they are passed to it.
_RESERVED = frozenset({"openid", "profile", "offline_access"})
# What msal needs of the tenant's metadata.
_ENDPOINTS = ("authorization_endpoint", "token_endpoint")


def msal_scopes(registration: Registration) -> list[str]:
    """The scopes, as msal takes them."""
    return [scope for scope in registration.scopes if scope not in _RESERVED]


def new_app(session: requests.Session, request: TokenRequest) -> Any:
    """The application object; its constructor requests the tenant's metadata.

    Raises the `AppError` that the answer, or a fault of the network, means.
    """

    def read(response: requests.Response, *_: Any, **__: Any) -> None:
        _read_metadata(response, request)

    on_response(session, read)
    try:
        return post(lambda: _construct(session, request.registration), request.registration)
    except ValueError:  # an address without a tenant
        symptom = Symptom(Origin.TOKEN, "invalid_tenant", flow=FlowKind.MICROSOFT)
        raise error_of(symptom, request) from None


def _construct(session: requests.Session, registration: Registration) -> Any:
    kind = (
        msal.ConfidentialClientApplication
        if registration.client_secret
        else msal.PublicClientApplication
    )
    return kind(
        registration.client_id,
        client_credential=registration.client_secret or None,
        authority=registration.authorize_uri.removesuffix(_AUTHORIZE),
        instance_discovery=False,  # the catalog or the user names the host
        http_client=session,
    )


def _read_metadata(response: requests.Response, request: TokenRequest) -> None:
    """Hand msal the tenant's endpoints; raises the `AppError` that another answer means.

    msal takes each status of 4xx for an unknown tenant, a filter's too. The device authorization
    endpoint is that of the registration: not every tenant's metadata has it.
    """
    registration = request.registration
    metadata = json_object(response.content)
    endpoints = [metadata.get(name) for name in _ENDPOINTS]
    if response.status_code != 200 or not all(isinstance(uri, str) for uri in endpoints):
        raise error_in(http_response(response), read_answer(response.content), request)
    # The code and the secret must not be sent to another host, whatever the metadata says.
    expected = (registration.authorize_uri, registration.token_uri)
    if [_origin(str(uri)) for uri in endpoints] != [_origin(uri) for uri in expected]:
        symptom = Symptom(Origin.NETWORK, "endpoint_elsewhere")
        raise error_of(symptom, request, detail=" ".join(map(str, endpoints)))
    own = {"device_authorization_endpoint": registration.device_authorization_uri}
    replace_body(response, {**metadata, **own})


def _origin(uri: str) -> tuple[str, str]:
    """The scheme, and the host with its port; empty if the address is none."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.lower()
