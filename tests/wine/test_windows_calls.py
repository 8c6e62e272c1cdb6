"""oauth2_imap.exe alone, called by batch files as the original was, and by imapsync."""

from pathlib import Path, PureWindowsPath

import pytest

from bed.as_provider import lines_of, opens_mailbox
from bed.fixtures import Bed
from bed.users import ALICE
from core.imapsync.command import Side, refresh_command
from core.imapsync.shell_quoting import Shell
from program import ROOT, Program
from wine.at_bed import trusting
from wine.batch import Scripts, finished
from wine.build import Programs
from wine.opened import opened
from wine.prefix import windows_path
from wine.screen import Screen, wait

pytestmark = pytest.mark.usefixtures("chromium")

SHORT_LIFE = 2  # seconds; for half of it a token is too young to be refreshed
START = """\
@echo off
cd /d "%~dp0"
if not exist tokens mkdir tokens
"""
# What the original's examples do. It makes its own folder, and PAUSE finds no input here.
OFFICE365 = """\
CALL .\\oauth2_imap.exe {ca_file} {address}
@PAUSE
"""
GMAIL = """\
CALL .\\oauth2_imap.exe --provider gmail {ca_file} {address}
@PAUSE
"""
ANY = """\
CALL .\\oauth2_imap.exe ^
    --provider      any ^
    --authorize_uri {authorize_uri} ^
    --token_uri     {token_uri} ^
    --client_id     public-https ^
    --client_secret "" ^
    --redirect_uri  https://localhost ^
    --scope_string  "openid offline_access https://outlook.office.com/IMAP.AccessAsUser.All" ^
    --imap_server   localhost ^
    --imap_port     {imap_port} ^
    --token_file    tokens\\oauth2_tokens_{address}.txt ^
    {ca_file} {address}
@PAUSE
"""
# Cut short: the original waits half an hour by TIMEOUT, which Wine 8 lacks, and goes on for ever.
LOOP = """\
set turns=0
:loop
CALL .\\oauth2_imap.exe {ca_file} {address}
set /a turns=%turns%+1
if %turns%==2 exit /b %errorlevel%
ping -n 2 127.0.0.1 >nul
GOTO loop
"""
DEV = """\
CALL .\\oauth2_imap.exe --debug {ca_file} {address}
CALL .\\oauth2_imap.exe --debug --app thunderbird {ca_file} {address}
CALL .\\oauth2_imap.exe --debug --startover {ca_file} {address}
@PAUSE
"""
# Of each file: how often it signs in and refreshes.
EXAMPLES = {
    "office365": (OFFICE365, 1, 0),
    "gmail": (GMAIL, 1, 0),
    "any": (ANY, 1, 0),
    "loop": (LOOP, 1, 1),
    "dev": (DEV, 2, 1),
}
# In imapsync's place: reads the first line of the token file as imapsync does.
IMAPSYNC = """\
import sys
print("imapsync has", len(open(sys.argv[1]).readline()) > 40)
sys.exit(7)
"""
CODES = """\
.\\oauth2_imap.exe {ca_file} {address}
echo First %errorlevel%
.\\oauth2_imap.exe --token_file tokens\\second.txt {ca_file} {address}
echo Second %errorlevel%
{python} imapsync.py tokens\\oauth2_tokens_{address}.txt
echo imapsync %errorlevel%
.\\oauth2_imap.exe --refresh_only nobody@example.test
echo Third %errorlevel%
.\\oauth2_imap.exe --nonsense {ca_file} {address}
echo Fourth %errorlevel%
"""
# Written by a program that shares the console: what the console shows.
SCREEN = """\
import ctypes
from ctypes import wintypes
kernel32 = ctypes.windll.kernel32
kernel32.CreateFileW.restype = wintypes.HANDLE
screen = wintypes.HANDLE(kernel32.CreateFileW("CONOUT$", 0xC0000000, 3, None, 3, 0, None))
text, count = ctypes.create_unicode_buffer(16001), wintypes.DWORD()
origin = wintypes._COORD(0, 0)
kernel32.ReadConsoleOutputCharacterW(screen, text, 16000, origin, ctypes.byref(count))
open("screen.txt", "w", encoding="utf-8").write(text.value)
"""
IN_CONSOLE = """\
.\\oauth2_imap.exe --version
echo %errorlevel% >codes.txt
.\\oauth2_imap.exe --refresh_only nobody@example.test
echo %errorlevel% >>codes.txt
{python} screen.py
"""

# As Perl's backtick on Windows.
BACKTICK = """\
import subprocess, sys
line = f'cmd.exe /x/d/c "{sys.argv[1]}"'
done = subprocess.run(line, stdout=subprocess.PIPE)
print(done.returncode, done.stdout)
"""
# Ends when a window can be asked, which is after its first frame.
LISTENING = """\
import ctypes, sys, time
sys.path.insert(0, sys.argv[1])
from gui.startup.single_instance import server_name
pipe = "\\\\\\\\.\\\\pipe\\\\" + server_name()
while not ctypes.windll.kernel32.WaitNamedPipeW(pipe, 1000):
    time.sleep(0.2)
"""


@pytest.fixture
def alone(scripts: Scripts, programs: Programs) -> Scripts:
    """A folder with nothing but the window's program, and the scripts that call it."""
    scripts.put(programs.window)
    return scripts


def _text(lines: str, bed: Bed, python: Path | None = None) -> str:
    """A batch file with these lines."""
    return START + lines.format(
        address=ALICE,
        ca_file=" ".join(trusting(bed)),
        authorize_uri=bed.authorize_uri,
        token_uri=bed.token_uri,
        imap_port=bed.imap_port,
        python=windows_path(python / "python.exe") if python else "",
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_originals_examples(bed: Bed, alone: Scripts, name: str) -> None:
    """Each signs in at its first call and refreshes later; no line waits for a window."""
    lines, sign_ins, refreshes = EXAMPLES[name]
    done = alone.run(_text(lines, bed))
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, ALICE, alone.file)
    stats = bed.stats()
    assert (sign_ins, refreshes) == (stats["auth_requests"], stats["refreshes"]), done.err


def test_each_line_has_its_code(bed: Bed, alone: Scripts, windows_python: Path) -> None:
    """Two calls in one batch file, then imapsync, then what goes wrong: %ERRORLEVEL% after each."""
    (alone.folder / "imapsync.py").write_text(IMAPSYNC)
    done = alone.run(_text(CODES, bed, windows_python))
    told = [line.strip() for line in done.out.splitlines() if not line.startswith("imapsync opt")]
    expected = ["First 0", "Second 0", "imapsync has True", "imapsync 7", "Third 3", "Fourth 2"]
    assert expected == told, done.err
    assert (alone.folder / "tokens" / "second.txt").is_file()


def test_a_denied_sign_in_is_told(bed: Bed, alone: Scripts) -> None:
    """The window closes, and the script learns that there is no token."""
    line = _text(".\\oauth2_imap.exe {ca_file} {address}\nexit /b %errorlevel%\n", bed)
    done = alone.run(line, {"BED_ACT": "deny"})
    assert 3 == done.code, done.err
    assert "Next step" in done.err
    assert not alone.file.exists()


def test_two_calls_at_once(bed: Bed, alone: Scripts) -> None:
    """They sign in once: the second one waits, and refreshes then."""
    text = _text(OFFICE365, bed)
    one, two = (alone.start(text, name=name) for name in ("one", "two"))
    ends = finished(one), finished(two)
    assert [0, 0] == [end.code for end in ends], ends
    assert opens_mailbox(bed, ALICE, alone.file)
    assert 1 == bed.stats()["auth_requests"]


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_beside_an_open_window(
    bed: Bed,
    alone: Scripts,
    windows_python: Path,
    screen: Screen,
    tmp_path: Path,
    where: str,
) -> None:
    """The token is in the script's folder, whichever window was open, and that window stays."""
    windows = alone.windows
    folder = alone.folder if where == "here" else alone.folder / "elsewhere"
    folder.mkdir(exist_ok=True)
    exe = folder / "oauth2_imap.exe"
    if where == "elsewhere":
        exe.write_bytes((alone.folder / "oauth2_imap.exe").read_bytes())
    program = Program(folder, tmp_path, windows.environment(), ("wine", windows.path(exe)))
    with opened(program, windows, *trusting(bed)) as window:
        screen.wait_for_window("^oauth2_imap$")
        windows.run(windows_python / "python.exe", "-c", LISTENING, windows_path(ROOT))
        done = alone.run(_text(OFFICE365, bed))
        assert 0 == done.code, done.err
        assert (f"The token of {ALICE} is in" in done.err) is (where == "here")
        assert opens_mailbox(bed, ALICE, alone.file)
        assert window.poll() is None
    assert 1 == bed.stats()["auth_requests"]


def test_imapsyncs_refresh_command(bed: Bed, alone: Scripts, windows_python: Path) -> None:
    """As the window writes it, run by Perl's backtick: a pipe, and no console."""
    bed.configure(at_ttl=SHORT_LIFE)
    line = ".\\oauth2_imap.exe --no_check {ca_file} {address}\n"
    assert 0 == alone.run(_text(line, bed)).code
    before = lines_of(alone.file)[0]
    path = PureWindowsPath(alone.windows.path(alone.file))
    exe = alone.windows.path(alone.folder / "oauth2_imap.exe")
    side = Side(ALICE, path, "localhost")
    command = refresh_command([exe], side, Shell.CMD, options=trusting(bed))
    words = [windows_path(windows_python / "python.exe"), "-c", BACKTICK, command]
    done = finished(alone.start_command(*words))
    assert (0, "0 b''", "") == (done.code, done.out.strip(), done.err)
    assert before != lines_of(alone.file)[0]


def test_the_console_of_the_script(bed: Bed, alone: Scripts, windows_python: Path) -> None:
    """Where nothing is redirected, the program writes into the console of who started it."""
    (alone.folder / "screen.py").write_text(SCREEN)
    batch = alone.folder / "run.bat"
    batch.write_text(_text(IN_CONSOLE, bed, windows_python), "ascii", newline="\r\n")
    finished(alone.start_command("wineconsole", "cmd", "/c", windows_path(batch)))
    shown = (alone.folder / "screen.txt").read_text("utf-8")
    assert ["0", "3"] == (alone.folder / "codes.txt").read_text().split()
    assert shown.startswith("oauth2_imap ")
    assert "There is no token of nobody@example.test" in shown


def test_a_user_who_double_clicks_gets_a_box(alone: Scripts, screen: Screen) -> None:
    """Who started it has no console, no pipe, and doesn't wait; then a box shows the text."""
    exe = alone.windows.path(alone.folder / "oauth2_imap.exe")
    started = alone.start_command("start", exe, "--version")
    window = screen.wait_for_window("^oauth2_imap$")
    screen.press("Return")
    wait(lambda: not screen.is_visible(window), "the end of the box")
    finished(started)


def test_a_shortcut_with_an_address_keeps_the_window(
    bed: Bed, alone: Scripts, screen: Screen
) -> None:
    """Nobody waits for the outcome, so the window stays after the sign-in."""
    (alone.folder / "tokens").mkdir()
    exe = alone.windows.path(alone.folder / "oauth2_imap.exe")
    folder = alone.windows.path(alone.folder)
    started = alone.start_command("start", "/d", folder, exe, *trusting(bed), ALICE)
    try:
        screen.wait_for_window("^oauth2_imap$")
        wait(alone.file.exists, "the token file", 120)
        assert opens_mailbox(bed, ALICE, alone.file)
        alone.windows.run(exe)  # ends at once beside an open window
    finally:
        alone.windows.run("taskkill", "/f", "/im", "oauth2_imap.exe")
        finished(started)
