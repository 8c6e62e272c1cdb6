"""Tests of release/completion.py and manual.py: real shells complete, and man shows the page."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import completion
import manual
from bed import install
from bed.fixtures import do_without
from core.cli.commands import COMMANDS
from core.cli.options import OPTIONS

Complete = Callable[[str], set[str]]


@pytest.fixture(scope="session")
def shells() -> None:
    """The shells, and man."""
    try:
        install.shells()
    except install.MissingPart as missing:
        do_without(missing)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all files, as in the zip file of a release."""
    folder = tmp_path_factory.mktemp("completion")
    completion.write(folder)
    manual.write(folder / "oauth2_imap.1")
    return folder


def bash(files: Path) -> Complete:
    """What bash offers for the last word of a line."""
    script = (
        'source "$1"; read -ra COMP_WORDS <<< "$2"; [[ $2 == *" " ]] && COMP_WORDS+=("");'
        " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$2; COMP_POINT=${#2};"
        ' _shtab_oauth2_imap 2> /dev/null; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return lambda line: output("bash", "-c", script, "bash", files / "oauth2_imap.bash", line)


def fish(files: Path) -> Complete:
    """The same of fish, without the descriptions."""
    script = f"source '{files / 'oauth2_imap.fish'}'; complete -C $argv[1]"
    return lambda line: output("fish", "--no-config", "-c", script, line)


def output(*command: str | Path) -> set[str]:
    """The first column of what a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {line.partition("\t")[0] for line in done.stdout.splitlines() if line}


@pytest.mark.only_on("linux", reason="one system is enough for the shells")
@pytest.mark.usefixtures("shells")
@pytest.mark.parametrize("shell", [bash, fish])
def test_a_shell_completes(files: Path, shell: Callable[[Path], Complete]) -> None:
    """Options, commands, the options of a command, and names."""
    complete = shell(files)

    assert {"--browser"} == complete("oauth2_imap --bro")
    assert {"status"} == complete("oauth2_imap sta")
    assert {"--provider"} == complete("oauth2_imap forget --prov")
    assert set() == complete("oauth2_imap status --prov")
    assert {"firefox", "chrome", "edge"} <= complete("oauth2_imap --browser ")
    assert {"office365", "gmail"} <= complete("oauth2_imap --provider ")


@pytest.mark.only_on("linux", reason="one system is enough for the shells")
@pytest.mark.usefixtures("shells")
def test_a_shell_completes_paths(files: Path, tmp_path: Path) -> None:
    """Where an option or a command takes the path of a file."""
    (tmp_path / "some_tokens.txt").touch()
    for line in ("oauth2_imap --token_file ", "oauth2_imap doctor "):
        assert {f"{tmp_path}/some_tokens.txt"} == bash(files)(f"{line}{tmp_path}/some")


@pytest.mark.only_on("linux", reason="one system is enough for the shells")
@pytest.mark.usefixtures("shells")
def test_zsh_loads_its_file(files: Path) -> None:
    """By its function, as zsh loads it for the first Tab."""
    script = f"fpath=('{files}' $fpath); autoload -Uz compinit; compinit -u -D; echo $_comps[$1]"
    for program in ("oauth2_imap", "oauth2_imap_cli"):
        assert {f"_{program}"} == output("zsh", "-f", "-c", script, "zsh", program)
        output("zsh", "-n", files / f"_{program}")


@pytest.mark.only_on("linux", reason="one system is enough for man")
@pytest.mark.usefixtures("shells")
def test_man_shows_the_page(files: Path) -> None:
    """Without a warning, with each option and each command."""
    command = ["man", "--local-file", "--warnings", str(files / "oauth2_imap.1")]
    wide = {"MANWIDTH": "400", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=wide)
    assert "" == done.stderr
    words = set(done.stdout.split())
    assert set() == {f"--{option.name}" for option in OPTIONS} - words
    assert set(COMMANDS) <= words
    assert "oauth2_imap - keep an OAuth2 token file valid for imapsync" in done.stdout


@pytest.mark.parametrize("suffix", ["bash", "fish", "ps1"])
def test_each_program_has_its_files(files: Path, suffix: str) -> None:
    """The window's and the terminal's, for each shell; PowerShell isn't at hand to try them."""
    for program in ("oauth2_imap", "oauth2_imap_cli"):
        text = (files / f"{program}.{suffix}").read_text("utf-8")
        assert f"--{OPTIONS[0].name}" in text
        assert program in text
