"""Attacks from this computer: by a web page, a second process, and planted links and files.

    python tests/reliability/local_attack.py [--short] [--seed N] [--count N]

1. While a sign-in waits, a page in a real Chromium guesses its port (COUNT of them, with the right
   one) and sends codes by fetch, form and image. The sign-in still gets its own response.
2. A second process has the port first, on one of the loopback addresses, or wants it later.
3. Symbolic links are in the place of the token file, its lock and its next content.
4. A token file names foreign endpoints, a provider and a tenant; a server there counts requests.

None succeeds. Each is reported: by an error if the run can't go on, in the log if it can. Endpoints
in a file are not reported, since nothing reads them.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import harness
import proving
from harness import Provider
from proving import Proof

from bed import install
from bed.browser import chromium
from bed.processes import free_port
from bed.users import ALICE
from bed.walker import deliver, walk
from faulty_servers.scripted import ScriptedServer
from program import Program, Running

TURNED_AWAY = "isn't this sign-in's; it was turned away"
ATTACK = """
const [ports, done] = arguments;
const tries = [];
const frame = document.createElement("iframe");
frame.name = "sink";
document.body.append(frame);
for (const port of ports) {
  const answer = new URLSearchParams({ code: "stolen-code", state: "guessed-state" });
  const address = `http://localhost:${port}/`;
  const image = new Image();
  tries.push(new Promise((ended) => { image.onload = image.onerror = ended; }));
  image.src = `${address}?${answer}`;
  tries.push(fetch(`${address}?${answer}`, { mode: "no-cors" }).catch(() => 0));
  tries.push(fetch(address, { method: "POST", mode: "no-cors", body: answer }).catch(() => 0));
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: address, target: "sink" });
  for (const [name, value] of answer) {
    form.append(Object.assign(document.createElement("input"), { name, value }));
  }
  document.body.append(form);
  form.submit();
}
Promise.allSettled(tries).then(() => done(tries.length + ports.length));
"""
SQUATTER = """
import socket, sys
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
with socket.socket(family) as squatter:
    squatter.bind((sys.argv[1], int(sys.argv[2])))
    squatter.listen()
    print("ready", flush=True)
    sys.stdin.read()
"""


class Page(BaseHTTPRequestHandler):
    """An empty page with its own origin."""

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>Harmless</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@contextmanager
def hostile_page() -> Iterator[str]:
    """Serve the page; yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()


@contextmanager
def waiting(provider: Provider, *arguments: str) -> Iterator[tuple[Running, str]]:
    """Start a sign-in that waits; yield it and the address that it opens."""
    link = provider.folder / "link"
    link.unlink(missing_ok=True)
    program = noting(provider.program(), link)
    command = ("--no_check", "--ca_file", str(provider.ca_file), *arguments, ALICE)
    with program.start(*command) as running:
        running.line_with("Waiting for the sign-in")
        yield running, noted(link)


def noting(program: Program, link: Path) -> Program:
    """Return the program with a browser that only writes down the address."""
    return replace(program, environ={"BROWSER": f"sh -c 'echo \"$1\" > {link}' sh %s"})


def noted(link: Path) -> str:
    """Return the address that was written down."""
    end = time.monotonic() + 10
    while not (link.exists() and link.read_text().endswith("\n")):
        assert time.monotonic() < end, "no browser was opened"
        time.sleep(0.05)
    return link.read_text().strip()


def page(proof: Proof, provider: Provider, count: int) -> None:
    """Attack 1: a web page."""
    install.chromium()
    with waiting(provider, "--debug") as (running, link), hostile_page() as address:
        redirect = parse_qs(urlsplit(link).query)["redirect_uri"][0]
        port = urlsplit(redirect).port or 0
        ports = sorted({port, *proof.random.sample(range(max(1024, port - 5000), port), count - 1)})
        with chromium() as driver:
            driver.get(address)
            driver.set_script_timeout(120)
            tries = driver.execute_async_script(ATTACK, ports)
        proof.check(running.process.poll() is None, "page: the sign-in ended")
        proof.check(not tokens(provider).exists(), "page: there are tokens")
        deliver(walk(link, ALICE))
        done = running.finish()
    log = (provider.folder / "home/log/oauth2_imap.log").read_text("utf-8")
    proof.check(done.code == 0, f"page: the real answer was not taken: {done.err}")
    proof.check(TURNED_AWAY in log, "page: nothing is told of it, or it never found the port")
    found = done.err.count("Loopback answered with 404")
    proof.check(found >= 4, f"page: only {found} of its four requests found the listener")
    proof.figure("a page's requests to guessed ports", f"{tries}, told of in the log, none got in")
    proof.figure("of these found the listener", found)
    tokens(provider).unlink()


def tokens(provider: Provider) -> Path:
    """Return the path of a sign-in's token file."""
    return provider.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"


def squatters(proof: Proof, provider: Provider) -> None:
    """Attack 2: a second process wants the port."""
    for host in ("127.0.0.1", "::1"):
        port, note = free_port(), provider.folder / "squatted"
        command = ("--ca_file", str(provider.ca_file), "--redirect_uri", f"http://localhost:{port}")
        with squatter(host, port):
            done = noting(provider.program(), note).run(*command, ALICE)
        proof.check(done.code == 1, f"{host}: exit {done.code}: {done.err}")
        proof.check(f"port {port} is in use" in done.err, f"{host} isn't told of: {done.err}")
        proof.check(not note.exists(), f"{host}: a browser was opened")
        proof.figure(f"a process that has the port first on {host}", "told of, no browser opened")
    with waiting(provider) as (_, link):
        port = urlsplit(parse_qs(urlsplit(link).query)["redirect_uri"][0]).port or 0
        taken = [
            f"{host} {option}"
            for host in ("127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104  # the attacker's
            for option in ("SO_REUSEADDR", "SO_REUSEPORT")
            if can_bind(host, port, option)
        ]
        proof.check(taken == [], f"the port of a waiting sign-in could be taken: {taken}")
    proof.figure("ways to take a waiting sign-in's port", "8 tried, none got in")


@contextmanager
def squatter(host: str, port: int) -> Iterator[None]:
    """Run a second process that listens there."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", SQUATTER, host, str(port)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield
        process.communicate()


def can_bind(host: str, port: int, option: str) -> bool:
    """Whether another program gets the port with this option."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as rude:
        rude.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
        if ":" in host:
            rude.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        with contextlib.suppress(OSError):
            rude.bind((host, port))
            rude.listen()
            return True
    return False


def links(proof: Proof, provider: Provider) -> None:
    """Attack 3: planted links."""
    precious = provider.folder / "precious"
    path = provider.folder / "linked" / "tokens.txt"
    for suffix in ("", ".lock", ".new"):
        precious.write_text("precious\n")
        provider.sign_in(path)
        kept, planted = path.read_bytes(), path.with_name(path.name + suffix)
        planted.unlink(missing_ok=True)
        planted.symlink_to(precious)
        done = provider.program().run(*harness.command(provider, path, "--no_check"))
        name = f"a link planted as tokens.txt{suffix}"
        proof.check(done.code == 1 and "Next step" in done.err, f"{name}: {done.code} {done.err}")
        proof.check(precious.read_text() == "precious\n", f"{name}: what it points to was written")
        planted.unlink()
        path.write_bytes(kept)
        done = provider.program().run(*harness.command(provider, path, "--no_check"))
        proof.check(done.code == 0, f"{name}: not after it is gone either: {done.err}")
        proof.figure(name, "told of, nothing written there")


def endpoints(proof: Proof, provider: Provider) -> None:
    """Attack 4: foreign endpoints in a token file."""
    heard: list[socket.socket] = []
    evil = ScriptedServer(lambda client, closing: heard.append(client))
    evil.start()
    there = f"https://localhost:{evil.port}"
    path = provider.folder / "foreign" / "tokens.txt"
    lines = {
        "endpoints": (0, "", (f"Token_uri is {there}/token", f"Authorize_uri is {there}/auth")),
        "a provider": (2, "belongs to an unknown provider", (f"Provider is {there}",)),
        "a host as its tenant": (
            2,
            "tenant",
            ("Provider is tenanted", f"Tenant is @localhost:{evil.port}"),
        ),
        "a path as its tenant": (
            2,
            "The value of tenant is not valid",
            ("Provider is tenanted", "Tenant is ../../evil"),
        ),
    }
    program = provider.program()
    tenanted = harness.PROVIDER.replace("bed", "tenanted").replace("/token", "/{{tenant}}/token")
    own = harness.PROVIDER + tenanted.replace('domains = ["example.test"]\n', 'tenant = "test"\n')
    program.configure(own.format(issuer=provider.server.issuer))
    for name, (code, words, foreign) in lines.items():
        provider.sign_in(path)
        with path.open("a") as file:
            file.writelines(f"# {line}\n" for line in foreign)
        if code == 0:
            seen = program.run("doctor", str(path))
            proof.check("names_an_endpoint" in seen.out, f"{name}: {seen.out}{seen.err}")
        done = program.run(*harness.command(provider, path, "--no_check"))
        proof.check(code == done.code, f"{name}: exit {done.code}: {done.err}")
        proof.check(words in done.err, f"{name} isn't told of: {done.err}")
        told = "told of" if code else "not read, told of by the doctor, gone with the next save"
        proof.check(code != 0 or there not in path.read_text(), f"{name}: the lines stay")
        proof.figure(f"a token file that names {name}", told)
    evil.close()
    proof.check(heard == [], "the foreign endpoint was asked")
    proof.figure("callers of the foreign endpoint", len(heard))


def main() -> int:
    """Run all four."""
    chosen = proving.options(__doc__, count=500, short=50)
    proof = proving.begin("local attack", chosen)
    with harness.provider() as provider:
        page(proof, provider, chosen.count)
        squatters(proof, provider)
        links(proof, provider)
        endpoints(proof, provider)
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
