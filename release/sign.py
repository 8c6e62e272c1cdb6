"""Signs programs for Windows if the environment names a certificate.

OAUTH2_IMAP_SIGN_THUMBPRINT is the SHA-1 thumbprint of a certificate in the Windows certificate
store. The store is used because a key file would need its password on the command line.
OAUTH2_IMAP_TIMESTAMP_URL replaces the default time stamp server.
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
# With a time stamp the signature stays valid after the certificate has expired (RFC 3161).
_DEFAULT_TIMESTAMP = "http://timestamp.digicert.com"


def sign(
    programs: Iterable[Path],
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> str:
    """Sign the programs if a certificate is named; returns a sentence that says whether.

    Raises `BuildProblem` if signing fails.
    """
    thumbprint = environ.get(THUMBPRINT)
    if not thumbprint:
        return f"The programs are not signed: {THUMBPRINT} is not set"
    if platform != "win32":
        raise BuildProblem(f"{THUMBPRINT} is set, but only Windows programs can be signed")
    tool = shutil.which("signtool")
    if tool is None:
        raise BuildProblem("signtool is not on the PATH. It is part of the Windows SDK.")
    server = environ.get(TIMESTAMP, _DEFAULT_TIMESTAMP)
    options = ["/sha1", thumbprint, "/fd", "SHA256", "/tr", server, "/td", "SHA256"]
    done = subprocess.run([tool, "sign", *options, *programs], check=False)  # noqa: S603  # no shell
    if done.returncode:
        raise BuildProblem(f"signtool failed (exit code {done.returncode})")
    return f"The programs are signed with {thumbprint}"
