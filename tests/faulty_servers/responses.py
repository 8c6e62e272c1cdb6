"""HTTP responses that misbehave, as real servers and networks do."""

from __future__ import annotations

import select
import socket
import struct
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from core.demo.http_server import DemoResponse


@dataclass(frozen=True, slots=True)
class FaultyResponse(DemoResponse):
    """A response that comes late, broken or not at all.

    `delay` is the seconds before it. With `drop` the connection is reset without a response. After
    `pause_after` bytes of the body nothing more comes until the server closes.
    """

    delay: float = 0
    drop: bool = False
    pause_after: int | None = None

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        """Write to the client what this response lets through."""
        if self.delay:
            _wait(handler.connection, self.delay)
        if self.drop:
            reset(handler.connection)
            return
        self.send_head(handler)
        handler.wfile.write(self.body[: self.pause_after])
        if self.pause_after is not None:
            _wait(handler.connection, None)


@dataclass(frozen=True, slots=True)
class Fault(FaultyResponse):
    """What the token endpoint sends once in place of its real response.

    With `commit` the server carries the request out all the same (it uses up a code, it rotates a
    refresh token), and only the response is lost. With `late` the real response comes after
    `delay`. Without either nothing happens to the grant.
    """

    commit: bool = False
    late: bool = False


def delayed(response: DemoResponse, seconds: float) -> FaultyResponse:
    """The same response, so many seconds later."""
    return FaultyResponse(
        response.status, response.body, response.content_type, response.headers, delay=seconds
    )


def reset(connection: socket.socket) -> None:
    """Close with a reset (RST) in place of an orderly end (FIN)."""
    # struct linger has two ints, on Windows two shorts.
    on_for_no_time = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, on_for_no_time)
    connection.close()


def _wait(connection: socket.socket, seconds: float | None) -> None:
    """Until the time is over, the client goes away or the server closes."""
    select.select([connection], [], [], seconds)
