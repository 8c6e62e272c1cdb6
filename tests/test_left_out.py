"""What is left out of the programs isn't needed: the sources run without it.

tests/wine/test_wine_contents.py looks whether it is really out, and runs the programs.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import dns.message
import pytest

import left_out

ROOT = Path(__file__).resolve().parent.parent
# As in a built program: without docstrings, and with modules that can't be found.
RUN = """
import importlib, sys
sys.path[:0] = [{root!r}, {release!r}]
import left_out

class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in left_out.modules() or left_out.module_stays_out(name):
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, LeftOut())
"""
# The answer of a name server: an MX record, and other records beside it.
ANSWER = """id 1
opcode QUERY
rcode NOERROR
flags QR
;QUESTION
demo.example. IN MX
;ANSWER
demo.example. 60 IN MX 10 mx.demo.example.
;AUTHORITY
demo.example. 60 IN NS ns.demo.example.
demo.example. 60 IN TXT "other types are read too"
;ADDITIONAL
mx.demo.example. 60 IN A 192.0.2.1
"""
READ = """
import dns.message
answer = dns.message.from_wire(bytes.fromhex({wire!r}))
print(answer.answer[0][0].exchange, answer.authority[1][0].to_text())
"""


def _without(code: str) -> str:
    """Run code without what is left out; returns its output."""
    begin = RUN.format(root=str(ROOT), release=str(ROOT / "release"))
    done = subprocess.run(
        [sys.executable, "-OO", "-c", begin + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def _imports(folder: str) -> Iterator[str]:
    """Yield each module of a package, and each that one of them imports, even in a function."""
    for file in (ROOT / folder).rglob("*.py"):
        if file.name != "__main__.py":
            yield ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module


@pytest.mark.parametrize("folder", ["core", "gui"])
def test_everything_can_be_imported_without_it(folder: str) -> None:
    """All modules, and all libraries that they import in any place."""
    names = sorted({name for name in _imports(folder) if find_spec(name.split(".")[0])})
    assert len(names) > 100
    code = f"""
for name in {names!r}:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as exc:
        if exc.name.split(".")[0] in left_out.modules() or left_out.module_stays_out(exc.name):
            raise
"""
    assert "" == _without(code)


def test_a_name_servers_answer_is_read_without_it() -> None:
    """With MX records as they are, and with types that have no class any more."""
    wire = dns.message.from_text(ANSWER).to_wire()
    assert left_out.module_stays_out("dns.rdtypes.ANY.TXT")
    host, rest = _without(READ.format(wire=wire.hex())).split(maxsplit=1)
    assert "mx.demo.example." == host
    assert rest.startswith("\\#")
