"""The workflows and the desktop entry, by the tools that know their formats.

What they do can't be tried here: the workflows run on GitHub alone.
"""

import re
import subprocess
from pathlib import Path

import pytest

from bed import install
from bed.fixtures import do_without

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DESKTOP_ENTRY = ROOT / "release" / "oauth2_imap.desktop"


@pytest.fixture(scope="module")
def actionlint() -> list[str]:
    """The command that checks workflows; it prints what it finds."""
    try:
        return [str(part) for part in install.actionlint()]
    except install.MissingPart as missing:
        do_without(missing)


@pytest.fixture(scope="module")
def desktop_file_validate() -> Path:
    """The program of freedesktop.org that checks desktop entries."""
    try:
        return install.desktop_file_validate()
    except install.MissingPart as missing:
        do_without(missing)


def _output(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_actionlint_is_content(actionlint: list[str]) -> None:
    """With both workflows."""
    assert len(WORKFLOWS) == 2
    assert "" == _output(*actionlint, *WORKFLOWS)


def test_a_mistake_in_a_workflow_is_seen(actionlint: list[str], tmp_path: Path) -> None:
    """A job that waits for one that isn't there."""
    wrong = tmp_path / "wrong.yml"
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    wrong.write_text(release.replace("needs: build", "needs: bulid"))
    assert "bulid" in _output(*actionlint, wrong)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read(workflow: Path) -> None:
    """Unless a job asks for more; and no secret of the repository is named."""
    text = workflow.read_text("utf-8")
    assert "\npermissions:\n  contents: read\n" in text
    assert [] == re.findall(r"pull_request_target|secrets\.", text)
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_the_desktop_entry_is_valid(desktop_file_validate: Path, tmp_path: Path) -> None:
    """And a wrong one isn't."""
    assert "" == _output(desktop_file_validate, DESKTOP_ENTRY)
    wrong = tmp_path / "wrong.desktop"
    wrong.write_text(DESKTOP_ENTRY.read_text("utf-8").replace("Exec=", "Execute="))
    assert "Execute" in _output(desktop_file_validate, wrong)
