"""What is found in scripts that call oauth2_imap: .bat files, PowerShell and shell scripts."""

import pytest

from core.cli.script_call import read_call
from core.importing import script

ADDRESS = "you@example.com"
# In the manner of the examples that come with the Perl script, which users have edited.
LOOP_BAT = r"""
@REM CALL .\oauth2_imap.exe comment@example.com
@PUSHD %~dp0
@IF NOT EXIST tokens MKDIR tokens
SET sleep=1800
SET "who=of_a_variable@example.com"
:loop
@ECHO %date% %time%
@ECHO CALL perl .\oauth2_imap --local only_shown@example.com
@CALL perl .\oauth2_imap --startover --localssl --client_secret "" plain@example.com
CALL .\oauth2_imap.exe  ^
  --client_id     "an-id" ^
  --scope_string  "offline_access https://mail.example.com/IMAP" ^
  --token_file    "tokens\oauth2_tokens_continued@example.com.txt" ^
    continued@example.com >> log.txt 2>&1
START /B "" "C:\Program Files\x\oauth2_imap.exe" %who%
"%~dp0oauth2_imap.exe" --application thunderbird beside@example.com && ECHO done
FOR %%A IN (first@example.com second@example.com) DO CALL oauth2_imap.exe --app imapsync %%A
TIMEOUT /T %sleep% || PING 127.0.0.1 -n %sleep%
GOTO loop
"""
LOOP_SH = r"""#!/bin/sh
# ./oauth2_imap comment@example.com
sleep=1800
users="first@example.com second@example.com"
while :
do
    ./oauth2_imap plain@example.com; date
    echo ./oauth2_imap only_shown@example.com
#   ./oauth2_imap off@example.com
    for u in $users third@example.com; do
        ./oauth2_imap --provider gmail --client_secret "$SECRET" "$u" >/dev/null 2>&1 || date
    done
    perl -w /opt/oauth2_imap/oauth2_imap --token_file 'my token.txt' \
       continued@example.com
    LANG=C nohup $(dirname $0)/oauth2_imap beside@example.com &
    sleep $sleep
done
"""


LOOP_PS1 = r"""
# .\oauth2_imap.exe comment@example.com
$who = "of_a_variable@example.com"
$users = @("first@example.com", "second@example.com")
while ($true) {
    & "$PSScriptRoot\oauth2_imap.exe" plain@example.com
    .\oauth2_imap.exe --provider gmail `
        --token_file 'my token.txt' continued@example.com
    .\oauth2_imap.exe $who | Out-File log.txt
    foreach ($user in $users) { .\oauth2_imap.exe --app imapsync $user }
    Write-Host "oauth2_imap only_shown@example.com"
    Start-Sleep 1800
}
"""


def addresses(text: str) -> list[str]:
    """The local parts of the addresses in a script; "?" stands for an unknown one."""
    found = script.read(text, read_call)
    return [one.file.account.partition("@")[0] or "?" for one in found]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_bat_file(line_end: str) -> None:
    """Comments and echoed lines are no calls; lines continue, variables and loops have values."""
    expected = ["plain", "continued", "of_a_variable", "beside", "first", "second"]
    assert expected == addresses(LOOP_BAT.replace("\n", line_end))


def test_what_a_call_says() -> None:
    """Its options are read as the command line reads them."""
    _, continued, _, beside, first, _ = script.read(LOOP_BAT, read_call)
    assert {
        "client_id": "an-id",
        "scopes": ("offline_access", "https://mail.example.com/IMAP"),
    } == continued.given
    assert "tokens\\oauth2_tokens_continued@example.com.txt" == continued.token_file
    assert ("thunderbird", "imapsync") == (beside.file.application, first.file.application)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_powershell_script(line_end: str) -> None:
    """The same in PowerShell's words."""
    text = LOOP_PS1.replace("\n", line_end)
    expected = ["plain", "continued", "of_a_variable", "first", "second"]
    assert expected == addresses(text)
    assert "my token.txt" == script.read(text, read_call)[1].token_file


def test_a_shell_script() -> None:
    """The same in a shell's words; an option whose value is unknown is left out."""
    found = script.read(LOOP_SH, read_call)
    expected = ["plain", "first", "second", "third", "continued", "beside"]
    assert expected == addresses(LOOP_SH)
    assert ("gmail", {}) == (found[1].file.provider, found[1].given)
    assert "my token.txt" == found[4].token_file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oauth2_imap you@example.com", ["you"]),
        ("oauth2_office365_with_imap.exe you@example.com", ["you"]),
        ("OAUTH2_IMAP.EXE you@example.com\nOAUTH2_IMAP.EXE you@example.com", ["you"]),
        ("@SET p=oauth2_imap.exe\n%p% you@example.com", ["you"]),
        ("if ! ./oauth2_imap you@example.com; then date; fi", ["you"]),
        ("@for /f %%a in (list.txt) do oauth2_imap.exe %%a", ["?"]),
        ("./oauth2_imap $1", ["?"]),
        ('./oauth2_imap "$@"', ["?"]),
        ("#!/bin/sh\n./oauth2_imap 'unclosed@example.com", ["unclosed"]),
        ("oauth2_imap --no_such_option you@example.com", ["you"]),
    ],
)
def test_one_call(text: str, expected: list[str]) -> None:
    """Of each form."""
    assert expected == addresses(text)


def test_a_call_that_is_wrong() -> None:
    """Says why, for the line of its mailbox."""
    (found,) = script.read("oauth2_imap --no_such_option you@example.com", read_call)
    assert found.problem is not None
    assert "unknown_option" == found.problem.verdict.id


def test_nested_loops_end() -> None:
    """A script can't keep the import busy for ever."""
    names = " ".join(f"u{number}" for number in range(100))
    nested = "".join(f"for v{number} in {names}; do\n" for number in range(9))
    assert 2000 == len(script.read(f"{nested}oauth2_imap $v0$v1$v2$v3@example.com", read_call))
    doubled = "".join(f"for v{n + 1} in $v{n} $v{n}; do\n" for n in range(50))
    assert ["a"] == addresses(f"for v0 in a@example.com; do\n{doubled}oauth2_imap $v50\n")


@pytest.mark.parametrize(
    "text", ["See oauth2_imap_notes.txt", "user@example.com", "my_oauth2_imap_list: a"]
)
def test_what_is_no_script(text: str) -> None:
    """A text that doesn't name the program."""
    assert not script.fits(text)
