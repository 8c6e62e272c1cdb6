"""A separate Secret Service: a D-Bus session and an unlocked GNOME Keyring."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from . import install

PASSWORD = b"the keyring's password"
START_SECONDS = 20
STOP_SECONDS = 10


class SecretService:
    """Runs until `stop`; a program finds it by the variables of `environment`."""

    def __init__(self, folder: Path) -> None:
        """Start it; the keyring's files and the bus's socket are in the folder."""
        install.secret_service()
        self.folder = folder
        self.log = folder / "secret_service.log"
        self._bus = self._start(
            "dbus-daemon", "--session", "--nofork", "--print-address", f"--address={self._address}"
        )
        self._wait_for(folder / "bus")
        self._keyring = self._start(
            "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"
        )
        assert self._keyring.stdin is not None
        self._keyring.stdin.write(PASSWORD)
        self._keyring.stdin.close()
        # It is made by the first unlock, and from then on the default collection.
        self._wait_for(folder / "data" / "keyrings" / "login.keyring")

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that name the D-Bus session."""
        return {"DBUS_SESSION_BUS_ADDRESS": self._address}

    def lock(self) -> None:
        """Lock the keyring, as the user can on a desktop."""
        import secretstorage

        bus = secretstorage.dbus_init()
        secretstorage.Collection(bus).lock()
        bus.close()

    def end_keyring(self) -> None:
        """End the keyring, so that requests get no response."""
        # Before it: the bus would start another one for the next caller.
        _end(self._bus)
        _end(self._keyring)

    def stop(self) -> None:
        """End the keyring and the bus."""
        for process in (self._keyring, self._bus):
            _end(process)
            if process.stdin is not None and not process.stdin.closed:
                process.stdin.close()

    @property
    def _address(self) -> str:
        return f"unix:path={self.folder / 'bus'}"

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        path = install.find(program)
        assert path is not None
        environment = {
            **os.environ,
            **self.environment,
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_RUNTIME_DIR": str(self.folder),
        }
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [path, *arguments],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _wait_for(self, path: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not path.exists():
            assert time.monotonic() < deadline, self.log.read_text("utf-8", errors="replace")
            time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
