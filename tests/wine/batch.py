"""Batch files in a folder of their own, run by Windows' cmd."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bed.users import ALICE
from program import Finished
from wine.prefix import Wine, windows_path


@dataclass(frozen=True, slots=True)
class Scripts:
    """A folder with an unusual name for batch files, and the program beside them."""

    windows: Wine
    folder: Path

    @property
    def file(self) -> Path:
        """The token file that imapsync's line in such a script names."""
        return self.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"

    def put(self, program: Path) -> Path:
        """Copy the program to the original's place."""
        copy = self.folder / "oauth2_imap.exe"
        copy.write_bytes(program.read_bytes())
        return copy

    def start(
        self, text: str, environ: Mapping[str, str] | None = None, name: str = "run"
    ) -> subprocess.Popen[bytes]:
        """Start a batch file from another folder, with pipes and without a console."""
        batch = self.folder / f"{name}.bat"
        batch.write_text(text, "ascii", newline="\r\n")
        return self.start_command("cmd", "/c", windows_path(batch), environ=environ)

    def start_command(
        self, *command: str, environ: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a Windows program in another folder, with pipes and without a console."""
        return subprocess.Popen(
            ["wine", *command],
            env={**self.windows.environment(), **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self, text: str, environ: Mapping[str, str] | None = None, seconds: float = 300.0
    ) -> Finished:
        """Run a batch file to its end."""
        return finished(self.start(text, environ), seconds)


def finished(process: subprocess.Popen[bytes], seconds: float = 300.0) -> Finished:
    """Wait for the end of a program that prints UTF-8; a hanging one is an error.

    What cmd prints itself is in the code page of its console: a test can show it, but not read it.
    """
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()  # nothing, once it has ended
    out_text, err_text = (text.decode(errors="backslashreplace") for text in (out, err))
    return Finished(process.returncode, out_text, err_text)
