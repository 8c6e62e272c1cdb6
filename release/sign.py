"""Signs programs for Windows where the environment names a certificate.

OAUTH2_IMAP_SIGN_THUMBPRINT names a certificate of the Windows certificate store by its SHA-1
thumbprint: a key in a store or on a token never touches a command line, as a file's password would.
OAUTH2_IMAP_TIMESTAMP_URL replaces the time stamp server.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from project import BuildProblem

THUMBPRINT = "OAUTH2_IMAP_SIGN_THUMBPRINT"
TIMESTAMP = "OAUTH2_IMAP_TIMESTAMP_URL"
# A time stamp keeps the signature valid after the certificate has ended (RFC 3161).
_USUAL_TIMESTAMP = "http://timestamp.digicert.com"


def sign(
    programs: Iterable[Path],
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> str:
    """Sign them, or not; tells which."""
    thumbprint = environ.get(THUMBPRINT)
    if not thumbprint:
        return f"not signed: {THUMBPRINT} names no certificate"
    if platform != "win32":
        raise BuildProblem(f"{THUMBPRINT} is set, but only Windows programs can be signed")
    tool = shutil.which("signtool")
    if tool is None:
        raise BuildProblem("signtool is not on the PATH: it comes with the Windows SDK")
    server = environ.get(TIMESTAMP, _USUAL_TIMESTAMP)
    options = ["/sha1", thumbprint, "/fd", "SHA256", "/tr", server, "/td", "SHA256"]
    done = subprocess.run([tool, "sign", *options, *programs], check=False)  # noqa: S603  # no shell
    if done.returncode:
        raise BuildProblem(f"signtool could not sign (exit code {done.returncode})")
    return f"signed with {thumbprint}"
