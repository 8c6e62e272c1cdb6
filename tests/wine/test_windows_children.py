"""What a program inherits in Windows if a frozen program starts it."""

import json
from dataclasses import replace
from pathlib import Path

from program import Program
from wine.prefix import windows_path

# A browser that writes down what it was given, and whose person says no.
BROWSER = """
import ctypes, json, os, sys, urllib.parse, urllib.request
folder = ctypes.create_unicode_buffer(1000)
ctypes.windll.kernel32.GetDllDirectoryW(1000, folder)
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({"dlls": folder.value, "variables": dict(os.environ)}, file)
asked = urllib.parse.parse_qs(urllib.parse.urlsplit(sys.argv[2]).query)
query = urllib.parse.urlencode({"error": "access_denied", "state": asked["state"][0]})
urllib.request.urlopen(f"{asked['redirect_uri'][0]}/?{query}").close()
"""


def test_a_browser_inherits_nothing_of_the_loader(
    terminal: Program, windows_python: Path, tmp_path: Path
) -> None:
    """No variable and no search path for DLLs leads into the frozen program."""
    browser, seen = tmp_path / "browser.py", tmp_path / "seen.json"
    browser.write_text(BROWSER, "utf-8")
    words = [windows_path(p) for p in (windows_python / "python.exe", browser, seen)]
    program = replace(terminal, environ={**terminal.environ, "BROWSER": " ".join([*words, "%s"])})

    done = program.run("--provider", "gmail", "you@gmail.com", timeout=120)

    assert seen.exists(), done.err
    child = json.loads(seen.read_text("utf-8"))
    assert "" == child["dlls"]
    variables = child["variables"]
    assert [] == [name for name in variables if name.startswith(("_PYI", "_MEI"))]
    assert [] == [name for name, value in variables.items() if "_MEI" in value]
