"""Asks the endpoints of providers whether they still answer as OAuth2 servers do.

The requests have no parameters, so nobody signs in and no secret is sent. Every server refuses
them, and they change nothing there.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from ..i18n.translation import N_
from ..net.http import get, post_form
from ..net.network import Network, quoted
from ..net.response import HttpResponse
from ..providers.catalog import Provider
from ..providers.registration import with_tenant
from .answer import read_answer

# Not there, no such method, gone, and too many requests: such an answer is not the endpoint's.
_NOT_THE_ENDPOINT = (404, 405, 410, 429)


class EndpointKind(StrEnum):
    """Which endpoint of RFC 6749 section 3 it is."""

    AUTHORIZE = N_("authorization endpoint")
    TOKEN = N_("token endpoint")


class Endpoint(NamedTuple):
    """One endpoint of a provider or of one of its applications."""

    provider: str
    kind: EndpointKind
    uri: str


class Answered(NamedTuple):
    """What an endpoint answered, and whether that is what it should be."""

    passed: bool
    detail: str


def endpoints_of(providers: Iterable[Provider]) -> list[Endpoint]:
    """The endpoints of all providers and applications, each of them once."""
    found: dict[str, Endpoint] = {}
    for provider in providers:
        for source in (provider, *provider.applications.values()):
            fields = with_tenant(source, source.tenant)
            for kind, uri in (
                (EndpointKind.AUTHORIZE, fields.authorize_uri),
                (EndpointKind.TOKEN, fields.token_uri),
            ):
                found.setdefault(uri, Endpoint(provider.name, kind, uri))
    return list(found.values())


def ask(endpoint: Endpoint, network: Network) -> Answered:
    """Ask one endpoint; raises the `AppError` that a fault of the network means."""
    if endpoint.kind is EndpointKind.AUTHORIZE:
        return _of_page(get(endpoint.uri, network))
    return _of_token_endpoint(post_form(endpoint.uri, {}, network))


def _of_page(response: HttpResponse) -> Answered:
    """A page for people: a sign-in, an explanation, or a redirect to one of both."""
    there = response.status < 500 and response.status not in _NOT_THE_ENDPOINT
    return Answered(there, f"HTTP status {response.status}")


def _of_token_endpoint(response: HttpResponse) -> Answered:
    """An OAuth2 error. Some servers send it with status 200."""
    answer = read_answer(response.body)
    there = response.status < 500 and response.status not in _NOT_THE_ENDPOINT
    name = quoted(answer.error) if answer.is_error else "no OAuth2 error"
    return Answered(there and answer.is_error, f"HTTP status {response.status}, {name}")
