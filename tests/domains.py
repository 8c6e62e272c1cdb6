"""Domains as tests need them: a name server and a web server on loopback answer for them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from core.demo.http_server import DemoRequest, DemoResponse
from core.detection.dns_records import dns_records
from core.detection.question import Lookups
from core.net.http import get
from core.net.network import Network
from core.net.response import HttpResponse
from core.oauth.sign_in.certificate import Certificate
from faulty_servers.scripted import AnsweringServer
from name_server import Zone, name_server

Pages = Mapping[str, DemoResponse]
NOT_FOUND = DemoResponse(404)


@contextmanager
def domains(
    zone: Zone, pages: Pages, certificate: Certificate, ca_file: Path
) -> Iterator[tuple[Lookups, list[str]]]:
    """Runs until the end of the block. The list has what was asked: names, and addresses of pages.

    The name of each page's host leads to this computer. A page that isn't in `pages` is not found.
    """
    asked: list[str] = []

    def respond(request: DemoRequest) -> DemoResponse:
        uri = unquote(request.path.removeprefix("/"))
        asked.append(uri)
        return pages.get(uri, NOT_FOUND)

    with AnsweringServer(certificate, respond) as web, name_server(zone, asked=asked) as names:

        def page(uri: str, network: Network) -> HttpResponse:
            here = f"https://localhost:{web.port}/{quote(uri, safe='')}"
            return get(here, replace(network, ca_file=ca_file))

        yield Lookups(partial(dns_records, resolver=names.resolver), page), asked
