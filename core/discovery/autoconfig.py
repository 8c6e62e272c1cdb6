"""Mail autoconfig: the XML file in which a domain describes its servers for mail programs.

`read_autoconfig` reads a file, `fetch_autoconfig` asks for one. Neither needs a catalog, so the
detection of known providers can use them too. Thunderbird's database (ISPDB) has files of the same
form. https://datatracker.ietf.org/doc/draft-ietf-mailmaint-autoconfig/
"""

from typing import TYPE_CHECKING

from ..model import IMAP_PORT, IMAPS_PORT
from ..net.http import get
from ..net.network import Network
from ..providers import values
from .finding import Finding, valid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_BYTES = 1 << 18  # bytes; the largest file of ISPDB has about 10,000
_LONGEST = 200  # characters of a label or a name
_MOST_SCOPES = 20
_MOST_SERVERS = 20  # elements that are read
_STARTTLS, _TLS = "starttls", "ssl"  # other types of sockets don't encrypt


def fetch_autoconfig(uri: str, network: Network, *, domain: str) -> Finding | None:
    """Ask for the file at this address; None if there is none, or none that can be read.

    Raises the `AppError` of a network problem, and `Cancelled`. Redirects are not followed.
    """
    response = get(uri, network)
    return read_autoconfig(response.body, domain=domain) if response.status == 200 else None


def read_autoconfig(xml: bytes, *, domain: str = "") -> Finding | None:
    """The IMAP server of a file, and its sign-in server if it names one; None for other content.

    An IMAP server that takes OAuth2 is preferred, then the first one. `domain` is that of the
    address; the file may have a placeholder for it.
    """
    root = _parsed(xml)
    provider = None if root is None else root.find("emailProvider")
    if root is None or provider is None:
        return None
    servers = [
        server
        for element in provider.findall("incomingServer")[:_MOST_SERVERS]
        if (server := _server(element, domain)) is not None
    ]
    server = next((s for s in servers if s.imap_takes_oauth), next(iter(servers), Finding()))
    oauth = next(root.iter("oAuth2"), None)
    issuer = "" if oauth is None else _text(oauth, "issuer")
    scopes = "" if oauth is None else _text(oauth, "scope")
    return Finding(
        issuer=valid(values.page, issuer if "://" in issuer else f"https://{issuer}", ""),
        authorize_uri="" if oauth is None else valid(values.endpoint, _text(oauth, "authURL"), ""),
        token_uri="" if oauth is None else valid(values.endpoint, _text(oauth, "tokenURL"), ""),
        scopes=valid(values.scopes, scopes.split()[:_MOST_SCOPES], ()),
        imap_host=server.imap_host,
        imap_port=server.imap_port,
        imap_starttls=server.imap_starttls,
        imap_takes_oauth=server.imap_takes_oauth,
        name=valid(values.host, provider.get("id", "")[:_LONGEST].lower(), ""),
        label=valid(values.text, _text(provider, "displayName")[:_LONGEST], ""),
    )


def _parsed(xml: bytes) -> "Element | None":
    """The root of the file; None if it isn't XML, or declares entities.

    Entities can grow beyond all bounds, and can name files of this computer. They need a document
    type, which this format doesn't have.
    """
    from xml.etree import ElementTree as ET  # imported late, since most addresses need no file

    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if len(xml) > _MOST_BYTES or "<!DOCTYPE" in text:
        return None
    try:
        root = ET.fromstring(text)  # noqa: S314  no entities, see above
    except (ET.ParseError, ValueError):
        return None
    return root if root.tag == "clientConfig" else None


def _server(element: "Element", domain: str) -> Finding | None:
    """An IMAP server with TLS; None for any other."""
    kind = _text(element, "socketType").lower()
    host = _text(element, "hostname").replace("%EMAILDOMAIN%", domain).lower()
    if element.get("type") != "imap" or kind not in (_STARTTLS, _TLS):
        return None
    port = _text(element, "port")
    usual = IMAP_PORT if kind == _STARTTLS else IMAPS_PORT
    ways = (way.text or "" for way in element.findall("authentication")[:_MOST_SERVERS])
    server = Finding(
        imap_host=valid(values.host, host, ""),
        imap_port=valid(values.port, int(port) if port.isdecimal() and len(port) < 6 else 0, usual),
        imap_starttls=kind == _STARTTLS,
        imap_takes_oauth=any(way.strip().lower() == "oauth2" for way in ways),
    )
    return server if server.imap_host else None


def _text(element: "Element", name: str) -> str:
    return (element.findtext(name) or "").strip()
