"""Writes the files in this folder by the real programs. All tokens are made up.

    apt-get download mutt && dpkg-deb -x mutt_2.2.12*.deb mutt
    python tests/importable/record.py mutt/usr/share/doc/mutt/examples/mutt_oauth2.py

It also needs the distribution emailproxy 2026.7.3, in an environment of its own: no test uses it.

email-oauth2-proxy 2026.7.3 wrote emailproxy.config and proxy_cache.config (--cache-store), and the
script of mutt 2.2.12 (Debian 12) wrote mutt_oauth2.json, and mutt_oauth2.gpg with GnuPG 2.2.40.
Their token endpoint is answered here. The tests read the files, and never run this.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ADDRESS = "you@example.com"
CLIENT_ID = "00000000-1111-2222-3333-444444444444"
CLIENT_SECRET = "made-up-client-secret"  # made up
ANSWER = {
    "token_type": "Bearer",
    "expires_in": 3599,
    "access_token": "made-up-access-token-of-you",
    "refresh_token": "made-up-refresh-token-of-you",
}
MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0"
_CONFIG = f"""\
[Email OAuth 2.0 Proxy configuration file]

[Server setup]

[IMAP-1993]
local_address = localhost
server_address = outlook.office365.com
server_port = 993

[Account setup]

[{ADDRESS}]
permission_url = {MICROSOFT}/authorize
token_url = {MICROSOFT}/token
oauth2_scope = https://outlook.office365.com/IMAP.AccessAsUser.All offline_access
redirect_uri = http://localhost
client_id = {CLIENT_ID}
client_secret = {CLIENT_SECRET}

[Advanced proxy configuration]

[emailproxy]
delete_account_token_on_password_error = True
"""


class _Redirected(urllib.request.HTTPSHandler):
    """Sends each https request of this process to a server on this computer."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.endpoint = endpoint

    def https_open(self, request: urllib.request.Request) -> Any:
        """The answer of that server."""
        return urllib.request.build_opener().open(self.endpoint, request.data)


def record_proxy(config: Path, cache: Path) -> None:
    """Let email-oauth2-proxy sign in once, with its tokens in `cache`."""
    import emailproxy  # type: ignore[import-not-found]

    cache.unlink(missing_ok=True)
    config.write_text(_CONFIG, "utf-8")
    emailproxy.CONFIG_FILE_PATH, emailproxy.CACHE_STORE = str(config), str(cache)
    emailproxy.AppConfig.unload()

    def answer() -> None:
        asked = emailproxy.REQUEST_QUEUE.get()
        url = f"{asked['redirect_uri']}?code=made-up-code"
        emailproxy.RESPONSE_QUEUE.put({**asked, "response_url": url})

    threading.Thread(target=answer, daemon=True).start()
    with token_endpoint() as endpoint:
        urllib.request.install_opener(urllib.request.build_opener(_Redirected(endpoint)))
        emailproxy.OAuth2Helper.get_oauth2_credentials(ADDRESS, "the mail program's password")


@contextmanager
def token_endpoint() -> Iterator[str]:
    """Yield the address of a token endpoint on this computer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(ANSWER).encode())

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/token"
        server.shutdown()


def record_mutt(script: Path, path: Path, pipes: Mapping[str, Any], work: Path) -> None:
    """Let mutt_oauth2.py sign in once; it is edited as its README tells users to do."""
    with token_endpoint() as endpoint:
        text = script.read_text("utf-8")
        text = text.replace("'client_id': ''", f"'client_id': '{CLIENT_ID}'")
        text = text.replace(f"'{MICROSOFT}/token'", repr(endpoint))
        for name, command in pipes.items():
            text = text.replace(f"\n{name} = ", f"\n{name} = {command!r}\n_UNUSED = ", 1)
        edited = work / "mutt_oauth2.py"
        edited.write_text(text, "utf-8")
        path.unlink(missing_ok=True)
        subprocess.run(
            [sys.executable, edited, "--authorize", path],
            input=f"microsoft\nauthcode\n{ADDRESS}\nmade-up-code\n",
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def main(script: Path) -> None:
    """Record all files."""
    record_proxy(FOLDER / "emailproxy.config", FOLDER / "emailproxy.config")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        record_proxy(work / "emailproxy.config", FOLDER / "proxy_cache.config")
        os.environ["GNUPGHOME"] = folder
        subprocess.run(
            ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", ADDRESS], check=True
        )
        plain = {"ENCRYPTION_PIPE": ["cat"], "DECRYPTION_PIPE": ["cat"]}
        record_mutt(script, FOLDER / "mutt_oauth2.json", plain, work)
        encrypt = {"ENCRYPTION_PIPE": ["gpg", "--encrypt", "--recipient", ADDRESS]}
        record_mutt(script, FOLDER / "mutt_oauth2.gpg", encrypt, work)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
