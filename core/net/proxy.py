"""The proxy that requests to a host go through, and where its address comes from."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import as_error
from ..i18n.translation import N_, _
from ..verdicts.verdict import Origin, Symptom
from .network import LOOPBACK_HOSTS

_FROM_VARIABLE = N_("the environment variable {name}")
_FROM_SYSTEM = N_("the system's proxy settings")
_VARIABLES = ("https_proxy", "all_proxy")  # in any case of letters; the first that is set counts
_HOST = re.compile(r"[\w.:%-]+")


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy; `uri` may hold a password, `name` is its host and port without one."""

    uri: str = field(repr=False)
    name: str
    source: str


class ProxyFault(OSError):
    """The proxy could not be reached, or it refused; its cause says why."""


def proxy_for(host: str) -> Proxy | None:
    """The proxy for HTTPS requests to a host; None if they go there directly.

    It comes from the environment, else from the settings of Windows or macOS. Raises the `AppError`
    for an address that can't be a proxy's.
    """
    if host in LOOPBACK_HOSTS:
        return None
    from urllib.request import getproxies, proxy_bypass  # imported late, since it takes 40 ms

    proxies = getproxies()
    uri = proxies.get("https") or proxies.get("all")
    if not uri or proxy_bypass(host):
        return None
    source = _source(uri)
    complete = uri if "://" in uri else f"http://{uri}"
    name = _name(complete)
    if not name:
        from ..verdicts.match import match

        symptom = Symptom(Origin.NETWORK, "proxy_address_wrong")
        raise as_error(match(symptom), host=host, proxy_source=source)
    return Proxy(complete, name, source)


@contextmanager
def blamed_on_proxy(tunnel: object) -> Iterator[None]:
    """Turn any failure in this block into a `ProxyFault`, if there is a tunnel through a proxy."""
    try:
        yield
    except Exception as exc:
        if not tunnel:
            raise
        raise ProxyFault from exc


def _name(uri: str) -> str:
    """The host and port of an HTTP proxy; empty if the address is none."""
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    return f"{host}:{port}" if port else host


def _source(uri: str) -> str:
    # Of two spellings of a variable, Python takes the one in lower case.
    for variable in _VARIABLES:
        for name in sorted(os.environ, key=str.isupper):
            if name.lower() == variable and os.environ[name] == uri:
                return _(_FROM_VARIABLE, name=name)
    return _(_FROM_SYSTEM)
