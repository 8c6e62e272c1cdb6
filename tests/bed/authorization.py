"""The authorization server of the bed: op/server.mjs, run by node, with knobs for tests."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from . import install, processes
from .keys import Keys
from .web import Client


class AuthorizationServer:
    """A server that can be stopped and started again on the same ports; it forgets all grants."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        """Write into `folder`; call `start` next."""
        self.https_port = processes.free_port()
        self.http_port = processes.free_port()
        self._folder = folder
        self._keys = keys
        self._process: processes.Server | None = None
        self._issued: set[str] = set()
        self._client = Client(ca_file=keys.ca)
        self._program = self._copy_program()

    @property
    def issuer(self) -> str:
        """The address of the issuer; all endpoints are below it."""
        return f"https://localhost:{self.https_port}/test"

    @property
    def introspection_uri(self) -> str:
        """Where Dovecot asks about opaque tokens."""
        return f"http://127.0.0.1:{self.http_port}/test/token/introspection"

    def start(self) -> None:
        """Start it and return when it responds; do nothing if it runs already."""
        if self.is_running():
            return
        settings = {
            "https_port": self.https_port,
            "http_port": self.http_port,
            "certificate": str(self._keys.certificate),
            "certificate_key": str(self._keys.certificate_key),
            "signing_key": str(self._keys.signing_key),
            "client_certificate": str(self._keys.client_certificate),
        }
        self._process = processes.start(
            "the authorization server",
            [install.node(), self._program],
            port=self.http_port,  # opened last
            log=self._folder / "server.log",
            environment=os.environ | {"BED_SERVER": json.dumps(settings)},
        )

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process and self.is_running():
            self.issued()
        if self._process:
            self._process.stop()
        self._process = None

    def is_running(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.is_running()

    def control(self, name: str, **settings: Any) -> Any:
        """Set or read one of the knobs under /_test/."""
        url = f"https://localhost:{self.https_port}/_test/{name}"
        answer = self._client.post(url, json.dumps(settings).encode())
        assert answer.status == 200, answer.text
        return json.loads(answer.text)

    def issued(self) -> set[str]:
        """Return the secrets given out so far, even those from before a restart."""
        if self.is_running():
            self._issued.update(self.control("issued"))
        return set(self._issued)

    def _copy_program(self) -> Path:
        """Copy the server beside its packages, which are not in the repository."""
        copy = self._folder / "op"
        shutil.copytree(install.SERVER_SOURCES, copy)
        (copy / "node_modules").symlink_to(install.oidc_provider(), target_is_directory=True)
        return copy / "server.mjs"
