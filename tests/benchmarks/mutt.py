"""The yardstick of a refresh: mutt_oauth2.py of Debian's package mutt, copied and adapted here.

Its gpg pipes become `cat`, and its table of registrations gets our servers. Nothing of it is part
of this project: the package is fetched from Debian when a benchmark needs it.
"""

import json
import re
import sys
from pathlib import Path

from bed import install
from bed.install import MissingPart

from .servers import ACCOUNT, Servers

_SCRIPT = "usr/share/doc/mutt/examples/mutt_oauth2.py"
_PIPE = re.compile(r"^((?:EN|DE)CRYPTION_PIPE) = .*$", re.MULTILINE)
_AFTER_THE_TABLE = "\nap = argparse.ArgumentParser("


def mutt_oauth2() -> Path:
    """Return Debian's script; the package is unpacked into the cache, not installed."""
    home = install.CACHE / "mutt"
    install.put_in_place(home, _unpack)
    return home / _SCRIPT


def _unpack(folder: Path) -> None:
    if install.find("apt-get") is None:
        raise MissingPart("mutt_oauth2.py is fetched with apt-get, which is not here")
    if install.is_root():
        with install.one_at_a_time("apt"):
            install.run(["apt-get", "update"], "apt-get update")
    install.run(["apt-get", "download", "mutt"], "apt-get download", cwd=folder)
    (package,) = folder.glob("mutt_*.deb")
    install.run(["dpkg-deb", "--extract", package, folder], "dpkg-deb")


class Mutt:
    """The adapted script, with a token file of its own."""

    def __init__(self, servers: Servers) -> None:
        """Write both into the servers' folder."""
        self._signed_in = servers.signed_in
        self._file = servers.folder / "mutt_tokens"
        self._script = servers.folder / "mutt_oauth2.py"
        registration = {
            "token_endpoint": servers.token_uri,
            "client_id": servers.client_id,
            "client_secret": "",
        }
        text, pipes = _PIPE.subn(r"\1 = ['cat']", mutt_oauth2().read_text("utf-8"))
        assert (2, 1) == (pipes, text.count(_AFTER_THE_TABLE)), "another mutt_oauth2.py"
        ours = f"\nregistrations['demo'] = {registration!r}\n{_AFTER_THE_TABLE}"
        self._script.write_text(text.replace(_AFTER_THE_TABLE, ours), "utf-8")

    def command(self) -> list[str]:
        """The command that refreshes: its access token has expired."""
        tokens = {
            "registration": "demo",
            "authflow": "authcode",
            "email": ACCOUNT,
            "access_token": self._signed_in.access,
            "access_token_expiration": "2000-01-01T00:00:00",
            "refresh_token": self._signed_in.refresh,
        }
        self._file.write_text(json.dumps(tokens), "utf-8")
        self._file.chmod(0o600)
        return [sys.executable, str(self._script), str(self._file)]
