"""What no refresh can do without: a request with a TLS context that is there already, and a file.

    python -m benchmarks.bare_post FOLDER COUNT

Prints the milliseconds of one request with an atomic write of the answer, and the CPU time of one
request in milliseconds; both are means of COUNT requests.
"""

import json
import os
import ssl
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

FORM = "refresh_form.json"


def main(folder: Path, count: int) -> None:
    """Measure, and print both figures."""
    asked = json.loads((folder / FORM).read_text("utf-8"))
    data = urllib.parse.urlencode(asked["form"]).encode()
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.ProxyHandler({}),
    )

    def post() -> bytes:
        with opener.open(asked["token_uri"], data) as answer:
            return bytes(answer.read())

    cpu = time.process_time()
    for _ in range(count):
        post()
    cpu = time.process_time() - cpu
    begin = time.perf_counter()
    for _ in range(count):
        write(folder / "bare_post.txt", post())
    took = time.perf_counter() - begin
    print(took * 1000 / count, cpu * 1000 / count)


def write(path: Path, content: bytes) -> None:
    """Replace the file, so that it is complete whenever the computer fails."""
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
