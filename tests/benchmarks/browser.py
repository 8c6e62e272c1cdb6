"""A browser for BROWSER that takes the redirect, but never fetches the closing page.

    python -m benchmarks.browser FOLDER TOKEN_FILE URL

It returns at once, as xdg-open does. In the background it writes into FOLDER/took how many
milliseconds passed from the redirect until the token file was there.
"""

import http.client
import os
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

CA_FILE = "ca.pem"
TOOK = "took"
_SECONDS = 20.0


def visit_in_thread(ca_file: Path, url: str) -> bool:
    """Be an ordinary browser, and a person who says yes."""
    context = ssl.create_default_context(cafile=str(ca_file))
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
    )

    def fetch() -> None:
        with opener.open(url, timeout=_SECONDS) as page:
            page.read()

    threading.Thread(target=fetch).start()
    return True


def redirect(ca_file: Path, url: str) -> http.client.HTTPConnection:
    """Sign in; hand the redirect to the program, and keep the connection open."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=str(ca_file))
    page = http.client.HTTPSConnection(parts.netloc, context=context, timeout=_SECONDS)
    page.request("GET", f"{parts.path}?{parts.query}")
    target = urlsplit(page.getresponse().getheader("Location", ""))
    assert target.hostname
    program = http.client.HTTPConnection("127.0.0.1", target.port, timeout=_SECONDS)
    program.connect()
    program.request("GET", f"{target.path or '/'}?{target.query}", headers={"Host": target.netloc})
    return program


def measure(folder: Path, file: Path, url: str) -> None:
    """Write how long the program took."""
    program = redirect(folder / CA_FILE, url)
    begin = time.perf_counter()
    while not file.exists() and time.perf_counter() < begin + _SECONDS:
        time.sleep(0.0002)
    took = (time.perf_counter() - begin) * 1000
    program.close()
    (folder / f"{TOOK}.new").write_text(f"{took}")
    os.replace(folder / f"{TOOK}.new", folder / TOOK)


if __name__ == "__main__":
    if sys.argv[1] == "--stay":
        measure(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    else:
        subprocess.Popen([sys.executable, "-m", "benchmarks.browser", "--stay", *sys.argv[1:]])
