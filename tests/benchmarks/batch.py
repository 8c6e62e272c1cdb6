"""A list of thousands: read and checked, and the tokens of all its mailboxes without a user."""

import csv
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from core.batch.reading import read_list
from core.oauth.sign_in.certificate import self_signed
from faulty_servers.authorization_server import FaultyAuthorizationServer

from .surroundings import environment, installed_command, settings_folder, work_folder
from .table import Row
from .timing import in_turns, milliseconds

COUNT = 5_000
SECRET = "a-secret-of-the-organisation"
PROVIDER = """
[providers.demo]
authorize_uri = "{authorize_uri}"
token_uri = "{token_uri}"
scopes = ["mail"]
imap_host = "localhost"

[providers.demo.applications.own]
client_id = "{client_id}"
client_secret = "{secret}"
grant = "client_credentials"
"""
# What no program that loses nothing can leave out: a file is on the disk before it gets its name,
# and its name is on the disk before the next one.
LOOP = """
import os, sys
for number in range(int(sys.argv[2])):
    path = os.path.join(sys.argv[1], f"mailbox{number:04}.txt")
    with open(path + ".new", "xb") as file:
        file.write(b"an-access-token" * 100)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)
    folder = os.open(sys.argv[1], os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
"""


def rows(*, short: bool = False) -> Iterator[Row]:
    """The list, then the tokens."""
    count, rounds = (50, 1) if short else (COUNT, 3)
    with work_folder() as folder, _server(folder):
        path = folder / "list.csv"
        lines = [f"mailbox{n:04}@demo.example,demo,own,\n" for n in range(count)]
        path.write_text("address,provider,application,token_file\n" + "".join(lines), "utf-8")
        reading: dict[str, Callable[[], float]] = {
            "csv": partial(_timed, lambda: _read_by_csv(path)),
            "ours": partial(_timed, lambda: read_list(path)),
        }
        took = in_turns(rounds * 3, reading)
        theirs = f"csv.reader alone, {count:,} lines"
        yield Row(f"read and check {count:,} lines", took["ours"], theirs, took["csv"], 2.0)
        working = {"loop": partial(_loop, folder, count), "ours": partial(_batch, folder)}
        took = in_turns(rounds, working)
        theirs = f"a loop writes {count:,} small files, each flushed and replaced"
        yield Row(f"`batch`, {count:,} new token files", took["ours"], theirs, took["loop"], 1.5)


@contextmanager
def _server(folder: Path) -> Iterator[None]:
    """A provider that gives one token for all mailboxes, and settings that name it.

    It is in this process, since it has nothing to do but once.
    """
    certificate = self_signed()
    (folder / "ca.pem").write_bytes(certificate.certificate_pem)
    with FaultyAuthorizationServer(certificate=certificate, client_secret=SECRET) as server:
        own = settings_folder(folder) / "providers.toml"
        own.parent.mkdir()
        text = PROVIDER.format(
            authorize_uri=server.authorize_uri,
            token_uri=server.token_uri,
            client_id=server.client_id,
            secret=SECRET,
        )
        own.write_text(text, "utf-8")
        yield


def _timed(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def _read_by_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _loop(folder: Path, count: int) -> float:
    """A new folder for each round, as for the program."""
    files = folder / f"loop{time.monotonic_ns()}"
    files.mkdir()
    command = [sys.executable, "-c", LOOP, str(files), str(count)]
    return milliseconds(command, environment(folder), folder)


def _batch(folder: Path) -> float:
    """The whole command, without logins: the loop has none."""
    for file in (folder / "tokens").glob("*"):
        file.unlink()
    command = [*installed_command(folder), "batch", "list.csv", "--no_check"]
    variables = environment(folder, SSL_CERT_FILE=str(folder / "ca.pem"))
    took = milliseconds(command, variables, folder)
    report = json.loads((folder / "list.report.json").read_text("utf-8"))
    assert {"fresh"} == {row["state"] for row in report}
    return took
