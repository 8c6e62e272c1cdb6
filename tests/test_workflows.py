"""The workflows and the desktop entry, by the tools that know their formats.

What they do can't be tried here: the workflows run on GitHub alone.
"""

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from bed import install
from bed.fixtures import do_without
from wine.install import VERSION

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
def zizmor() -> tuple[str, ...]:
    """The command that looks for weak spots in workflows, without a network."""
    program = shutil.which("zizmor", path=sysconfig.get_path("scripts"))
    if program is None:
        do_without(install.MissingPart("the PyPI package zizmor is not installed"))
    return (program, "--offline", "--no-progress", "--quiet")


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


def _code(*command: str | Path) -> int:
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode


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


@pytest.mark.thorough
def test_zizmor_is_content(zizmor: tuple[str, ...], tmp_path: Path) -> None:
    """With both workflows; and not with an action that somebody else can change."""
    assert 0 == _code(*zizmor, *WORKFLOWS)
    pinned = re.compile(r"(actions/checkout)@[0-9a-f]{40} # v(\d+)\S*")
    loose = tmp_path / "loose.yml"
    loose.write_text(pinned.sub(r"\1@v\2", WORKFLOWS[0].read_text("utf-8")))
    assert 0 != _code(*zizmor, loose)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read(workflow: Path) -> None:
    """Unless a job asks for more; and no secret of the repository is named."""
    text = workflow.read_text("utf-8")
    assert "\npermissions:\n  contents: read\n" in text
    assert [] == re.findall(r"pull_request_target|secrets\.", text)
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_the_tag_is_compared_before_anything_else() -> None:
    """All other jobs wait for it, so a wrong tag costs a minute and not an hour."""
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    jobs = re.split(r"^  (\w+):\n", release.partition("\njobs:\n")[2], flags=re.MULTILINE)[1:]
    names, bodies = jobs[::2], jobs[1::2]
    assert names[0] == "version"
    for before, name, body in zip(names, names[1:], bodies[1:], strict=False):
        assert f"    needs: {before}\n" in body, name


def test_a_job_with_rights_runs_nothing_of_ours() -> None:
    """Nor anything that was installed: what may write or sign only passes files on."""
    for workflow in WORKFLOWS:
        for job in re.split(r"^  (?=\w+:\n)", workflow.read_text("utf-8"), flags=re.MULTILINE):
            if "    steps:\n" in job and ": write\n" in job:
                assert not re.search(r"python|nox|pip|\.ci/|\./|\.sh|\.bat", job), job


def test_the_released_python_is_that_of_the_tests() -> None:
    """The programs for Windows are built with the series that runs under Wine."""
    build = (ROOT / ".github" / "workflows" / "build.yml").read_text("utf-8")
    assert [VERSION] == re.findall(r"python-version: '(.+)'", build)
    assert {VERSION} == set(re.findall(r"python:([\d.]+)-bookworm", build))


def test_the_desktop_entry_is_valid(desktop_file_validate: Path, tmp_path: Path) -> None:
    """And a wrong one isn't."""
    assert "" == _output(desktop_file_validate, DESKTOP_ENTRY)
    wrong = tmp_path / "wrong.desktop"
    wrong.write_text(DESKTOP_ENTRY.read_text("utf-8").replace("Exec=", "Execute="))
    assert "Execute" in _output(desktop_file_validate, wrong)
