"""A name server on loopback that answers as its zone says, and a resolver that asks it alone."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

NXDOMAIN = dns.rcode.NXDOMAIN
SERVFAIL = dns.rcode.SERVFAIL
REFUSED = dns.rcode.REFUSED
SILENT = "silent"
GARBAGE = "garbage"

# A list holds MX records ("10 mail.example."), a mapping holds those of each type. A name that is
# not in the zone does not exist.
Answer = Sequence[str] | Mapping[str, Sequence[str]] | dns.rcode.Rcode | str
Zone = Mapping[str, Answer]


@dataclass(frozen=True)
class NameServer:
    """`asked` are the names so far, in order."""

    resolver: dns.resolver.Resolver
    asked: list[str]


@contextmanager
def name_server(
    zone: Zone, delay: float = 0.0, asked: list[str] | None = None
) -> Iterator[NameServer]:
    """Runs until the end of the block; UDP only. Each answer comes `delay` seconds late.

    The names are added to `asked`.
    """
    asked = [] if asked is None else asked
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.05)
        ended = threading.Event()
        server = threading.Thread(target=_serve, args=(listener, zone, asked, ended, delay))
        server.start()
        try:
            yield NameServer(_resolver(listener.getsockname()[1]), asked)
        finally:
            ended.set()
            server.join()


def _resolver(port: int) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    resolver.search = [dns.name.from_text("company.lan")]
    resolver.timeout = 5.0  # longer than any test waits in all
    return resolver


def _serve(
    listener: socket.socket,
    zone: Zone,
    asked: list[str],
    ended: threading.Event,
    delay: float,
) -> None:
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            wire, client = listener.recvfrom(4096)
            query = dns.message.from_wire(wire)
            name = query.question[0].name.to_text(omit_final_dot=True)
            asked.append(name)
            answer = zone.get(name, NXDOMAIN)
            ended.wait(delay)
            if answer == GARBAGE:
                listener.sendto(wire[:2] + b"\x00garbage", client)
            elif answer != SILENT:
                listener.sendto(_response(query, answer).to_wire(), client)


def _response(query: dns.message.Message, answer: Answer) -> dns.message.Message:
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    if isinstance(answer, dns.rcode.Rcode):
        response.set_rcode(answer)
        return response
    question = query.question[0]
    kind = dns.rdatatype.to_text(question.rdtype)
    of_types = answer if isinstance(answer, Mapping) else {"MX": answer}
    if records := of_types.get(kind):
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
    return response
