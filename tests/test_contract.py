"""docs/CONTRACT.md: each kind of line of `--json` is as its example in tests/golden/.

Programs of other people read these lines. So a field that goes, or changes its type, fails here.
Then raise FORMAT_VERSION, and write the new example and the document.
"""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.cli.json_lines import FORMAT_VERSION, Format
from core.tokenfile.format import TokenFile, serialize
from program import Program, program_of
from servers import ADDRESS, MakeStage, Stage
from test_claims import OF_A_USER, jwt

GOLDEN = Path(__file__).parent / "golden"
CONTRACT = Path(__file__).parent.parent / "docs" / "CONTRACT.md"
# What differs from run to run, and the sentences, which may change; only the type is compared.
_NAMES = (
    "seconds_left refresh_token_age expires_at next_refresh signed_in_at signed_in issued expires"
    " made_at ends_at link text uri imap_port token_length detail message explanation hint"
)
VARYING = frozenset(_NAMES.split())
Run = tuple[str, ...]
# What prints each example, and the address of the mailbox in the words "ADDRESS".
COMMANDS: Mapping[str, Run] = {
    "mailbox": ("--refresh_only", "--no_check", "ADDRESS"),
    "mailbox_failed": ("--refresh_only", "other@demo.example"),
    "status": ("status",),
    "doctor": ("doctor",),
    "inspect": ("inspect", "ADDRESS"),
    "import": ("import", "FILE"),
    "request": ("request", "other@demo.example"),
    "provider": ("providers", "demo"),
    "endpoint": ("providers", "--check", "demo"),
    "browser": ("browsers",),
    "batch": ("batch", "LIST", "--no_check"),
    "detection": ("detect", "you@gmail.com"),
    "admin_check": ("admin", "--check", "other@demo.example"),
}
_NETWORK = frozenset({"mailbox", "mailbox_failed", "request", "endpoint", "batch", "admin_check"})


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider, and a mailbox that signed in three days ago."""
    stage = make_stage()
    now = time.time()
    file = TokenFile(
        jwt(**OF_A_USER),
        "a-refresh-token",
        account=ADDRESS,
        provider="demo",
        signed_in_at=now - 3 * 86400,
        issued_at=now,
        expires_at=now + 3600,
    )
    stage.path.parent.mkdir(exist_ok=True)
    stage.path.write_bytes(serialize(file, now=now))
    stage.path.chmod(0o600)
    return stage


@pytest.fixture
def printed(stage: Stage, tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Runs the command of an example, and returns the first object that it prints."""
    browser = tmp_path / "bin" / "firefox"
    browser.parent.mkdir()
    browser.write_text("#!/bin/sh\n", "ascii")
    browser.chmod(0o755)
    plain = program_of(stage)
    program = Program(plain.folder, plain.home, {**plain.environ, "PATH": str(browser.parent)})
    (stage.folder / "list.csv").write_text(f"{ADDRESS}\n", "ascii")
    words = {"ADDRESS": ADDRESS, "FILE": str(stage.path), "LIST": "list.csv"}

    def run(name: str) -> dict[str, Any]:
        trust = ("--ca_file", str(stage.ca_file)) if name in _NETWORK else ()
        done = program.run_here(
            *(words.get(word, word) for word in COMMANDS[name]), "--json", *trust
        )
        text = done.out.splitlines()[0].replace(str(stage.folder), "/home/you")
        return dict(json.loads(text))

    return run


def settled(found: Any, example: Any, name: str = "") -> Any:
    """What was found, with the example's values where they differ from run to run."""
    if name in VARYING and type(found) is type(example):
        return example
    if isinstance(found, dict) and isinstance(example, dict):
        return {key: settled(value, example.get(key), key) for key, value in found.items()}
    if isinstance(found, list) and isinstance(example, list) and len(found) == len(example):
        return [settled(*pair) for pair in zip(found, example, strict=True)]
    return found


@pytest.mark.only_on("posix", reason="the browser of the example is a script in a PATH")
@pytest.mark.parametrize("name", COMMANDS)
def test_each_line_is_as_its_example(name: str, printed: Callable[[str], dict[str, Any]]) -> None:
    """With all fields, in their order."""
    example = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    found = settled(printed(name), example)
    assert example == found
    assert list(example) == list(found)


def test_each_format_has_an_example() -> None:
    """Each example says its format and the version."""
    examples = [json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))]
    assert set(Format) == {example["format"] for example in examples}
    assert {FORMAT_VERSION} == {example["format_version"] for example in examples}
    assert set(COMMANDS) == {path.stem for path in GOLDEN.glob("*.json")}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_contract_names_each_field(name: str) -> None:
    """In the row of its format."""
    example = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    row = next(
        line
        for line in CONTRACT.read_text("utf-8").splitlines()
        if line.startswith(f"| `{example['format']}` |")
    )
    fields = [field for field in example if field not in ("format", "format_version")]
    assert [] == [field for field in fields if f"`{field}`" not in row]
