"""What only Windows can show: our modules in a real Windows Python, under Wine."""

import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from wine.install import ROOT
from wine.prefix import Wine, windows_path

PREFACE = f"""
import sys
from pathlib import Path
sys.dont_write_bytecode = True
sys.stdout.reconfigure(encoding="utf-8")
sys.path.insert(0, {windows_path(ROOT)!r})
"""
Ask = Callable[..., str]


@pytest.fixture
def ask(windows: Wine, windows_python: Path) -> Ask:
    """Return a function that runs a few lines in Windows and returns their output."""

    def ask(lines: str, *arguments: str) -> str:
        python = windows_python / "python.exe"
        drive = windows.prefix / "drive_c"
        return windows.run(python, "-c", PREFACE + lines, *arguments, cwd=drive).strip()

    return ask


SAVE = """
from core.cancel import Cancellation
from core.files import make_folder
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.lock import locked
from core.tokenfile.place import token_files
from core.tokenfile.read import read_token_file
from core.tokenfile.save import prepare
path = Path(sys.argv[1], "tokens", "oauth2_tokens_you@example.com.txt")
make_folder(path.parent)
with locked(path, timeout=5, cancelled=Cancellation()), prepare(path) as replacement:
    replacement.commit(serialize(TokenFile("access-token", "refresh-token"), now=0))
print(len(str(path)), read_token_file(path).refresh, token_files(path.parent) == [path])
"""


@pytest.mark.parametrize(
    "folder",
    [
        r"C:\With spaces & such",
        "C:\\Ümläute Привет",
        "C:\\" + "\\".join(["forty-letters-make-a-folder-with-a-long-na"] * 7),
        r"\\localhost\share\below",
    ],
    ids=["spaces", "umlauts", "over 260", "UNC"],
)
def test_paths(ask: Ask, windows: Wine, tmp_path: Path, folder: str) -> None:
    """A token file can be locked, saved, found and read in any folder."""
    share = windows.prefix / "dosdevices" / "unc" / "localhost" / "share"
    share.parent.mkdir(parents=True, exist_ok=True)
    share.symlink_to(tmp_path)
    try:
        length, *said = ask(SAVE, folder).split()
    finally:
        share.unlink()
    assert ["refresh-token", "True"] == said
    assert int(length) > 300 or len(folder) < 100


LOCK = """
from core.cancel import Cancellation
from core.errors import TryAgain
from core.tokenfile.lock import lock_path, locked
path = Path(sys.argv[1])
with locked(path, timeout=0, cancelled=Cancellation()):
    try:
        with locked(path, timeout=0.2, cancelled=Cancellation()):
            print("locked twice")
    except TryAgain as exc:
        print(exc.verdict.id)
with locked(path, timeout=0, cancelled=Cancellation(), removes=True):
    print(lock_path(path).exists())
print(lock_path(path).exists())
"""


def test_a_lock_has_one_holder(ask: Ask) -> None:
    """It is free again at once, and its file can be deleted then."""
    assert ["token_file_in_use", "True", "False"] == ask(LOCK, r"C:\tokens.txt").split()


READERS = """
from core.tokenfile.readers import warning_of_readers
print(warning_of_readers(Path(sys.argv[1])))
"""


@pytest.mark.parametrize(("mode", "told"), [(0o600, False), (0o604, True)])
def test_an_access_list_is_read(ask: Ask, windows: Wine, mode: int, told: bool) -> None:
    """The access list that Wine makes of a file's mode is read and understood."""
    folder = windows.prefix / "drive_c" / "Öffentlich"
    folder.mkdir()
    (folder / "tokens.txt").touch()
    (folder / "tokens.txt").chmod(mode)
    try:
        said = ask(READERS, r"C:\Öffentlich\tokens.txt")
    finally:
        shutil.rmtree(folder)
    assert told == (r"C:\Öffentlich\tokens.txt can be read by Everyone" in said), said
    assert told == (r'icacls "C:\Öffentlich" /inheritance:r' in said)


PRIVATE = """
from core.files import make_folder
from core.tokenfile.readers import other_readers
make_folder(Path(sys.argv[1]))
print(other_readers(Path(sys.argv[1])))
"""


def test_the_folder_is_private(ask: Ask) -> None:
    """The folder is made with an access list that names no group."""
    assert "()" == ask(PRIVATE, r"C:\mine\tokens")


BIND = """
import socket
from core.net.loopback import first_free
taken = first_free([0])
print([one.getsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE) for one in taken])
try:
    first_free([taken[0].getsockname()[1]])
except OSError as exc:
    print(exc)
"""


def test_the_port_of_the_answer_is_ours_alone(ask: Ask) -> None:
    """The port is bound exclusively, on both addresses; another sign-in needs another port.

    Without the option Windows lets other sockets share the port; Wine doesn't.
    """
    exclusive, taken = ask(BIND).splitlines()
    assert "[1, 1]" == exclusive
    assert "no port is free" in taken


INTERNET = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings"
POST = """
from core.errors import TryAgain
from core.net.http import post_form
from core.net.network import Network
try:
    post_form("https://login.example/token", {}, Network(timeout=10))
except TryAgain as exc:
    print(exc)
"""
SESSION = """
import requests
from core.net.network import Network
from core.oauth.sign_in.http_session import new_session
try:
    new_session(Network(timeout=10)).get("https://login.example/token", timeout=10)
except requests.RequestException as exc:
    print(type(exc).__name__)
"""


@pytest.fixture
def proxy(windows: Wine) -> Iterator[socket.socket]:
    """Listen as the proxy that Windows' settings name."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        windows.set(INTERNET, "ProxyServer", "REG_SZ", f"127.0.0.1:{listener.getsockname()[1]}")
        windows.set(INTERNET, "ProxyEnable", "REG_DWORD", "1")
        yield listener
        windows.set(INTERNET, "ProxyEnable", "REG_DWORD", "0")


@pytest.mark.parametrize("lines", [POST, SESSION], ids=["refresh", "sign-in"])
def test_the_systems_proxy_is_asked(ask: Ask, proxy: socket.socket, lines: str) -> None:
    """The proxy of the system is used without any variable."""
    heard: list[bytes] = []

    def listen() -> None:
        connection, _ = proxy.accept()
        with connection:
            heard.append(connection.recv(1000).split(b"\r\n")[0])
            connection.sendall(b"HTTP/1.1 403 No\r\n\r\n")

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    said = ask(lines)
    listener.join(10)
    assert [b"CONNECT login.example:443"] == [line.rpartition(b" ")[0] for line in heard], said


TRUST = """
import ctypes
crypt32 = ctypes.windll.crypt32
crypt32.CertOpenSystemStoreW.restype = ctypes.c_void_p
store = ctypes.c_void_p(crypt32.CertOpenSystemStoreW(None, "ROOT"))
der = Path(sys.argv[1]).read_bytes()
print(crypt32.CertAddEncodedCertificateToStore(store, 1, der, len(der), 3, None))
crypt32.CertCloseStore(store, 0)
"""
CONNECT = """
import socket, ssl
from core.net.tls import tls_context
from core.net.network import Network
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10) as raw:
    try:
        with tls_context(Network()).wrap_socket(raw, server_hostname=sys.argv[2]):
            print("trusted")
    except ssl.SSLCertVerificationError:
        print("not trusted")
"""


@pytest.fixture
def https(tmp_path: Path) -> Iterator[tuple[int, bytes]]:
    """Run a server that sends its whole chain; yield its port and its CA."""
    ca = trustme.CA()
    server = ca.issue_cert("login.example")
    chain = tmp_path / "chain.pem"
    chain.write_bytes(server.private_key_and_cert_chain_pem.bytes() + ca.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return  # closed
                try:
                    with connection, context.wrap_socket(connection, server_side=True) as secure:
                        secure.recv(1)
                except OSError:
                    pass  # it didn't trust us

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], ssl.PEM_cert_to_DER_cert(ca.cert_pem.bytes().decode())
        listener.shutdown(socket.SHUT_RDWR)


def test_windows_own_certificates_are_trusted(
    ask: Ask, https: tuple[int, bytes], tmp_path: Path
) -> None:
    """A CA of the Windows store is trusted, and only for the names in the certificate."""
    port, ca = https
    (tmp_path / "ca.der").write_bytes(ca)
    assert "not trusted" == ask(CONNECT, str(port), "login.example")
    assert "1" == ask(TRUST, windows_path(tmp_path / "ca.der"))
    assert "trusted" == ask(CONNECT, str(port), "login.example")
    assert "not trusted" == ask(CONNECT, str(port), "other.example")


DPI = """
import ctypes
from PySide6.QtWidgets import QApplication
app = QApplication(sys.argv[:1])
user32 = ctypes.windll.user32
user32.GetThreadDpiAwarenessContext.restype = ctypes.c_void_p
context = ctypes.c_void_p(user32.GetThreadDpiAwarenessContext())
print(user32.GetAwarenessFromDpiAwarenessContext(context))
"""


def test_each_monitor_has_its_own_scale(ask: Ask) -> None:
    """Qt sets DPI_AWARENESS_PER_MONITOR_AWARE, which is 2 (windef.h)."""
    assert "2" == ask(DPI)
