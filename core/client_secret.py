"""The client secret of the user's own application, which is never on a command line.

It is in an environment variable, or in a file that another variable names: containers, Kubernetes
and systemd hand out secrets as files.
"""

from collections.abc import Mapping
from pathlib import Path

from .child_environment import SECRET_VARIABLE
from .errors import as_error
from .files import read_regular
from .verdicts.local_app_only import CLIENT_SECRET_FILE_UNUSABLE

FILE_VARIABLE = f"{SECRET_VARIABLE}_FILE"
_LARGEST = 4096  # bytes; Microsoft's secrets have 40


def has_client_secret(environ: Mapping[str, str]) -> bool:
    """Whether one of the variables is set."""
    return SECRET_VARIABLE in environ or bool(environ.get(FILE_VARIABLE))


def client_secret_in(environ: Mapping[str, str]) -> str:
    """The secret in the variable, else in the file; empty if neither is set.

    Raises `AppError` if the file can't be read, or holds anything else than one line.
    """
    path = environ.get(FILE_VARIABLE, "")
    if SECRET_VARIABLE in environ or not path:
        return environ.get(SECRET_VARIABLE, "")
    try:
        content = read_regular(Path(path), limit=_LARGEST + 1)
        secret = content.decode("utf-8-sig").strip()
    except OSError as exc:
        raise as_error(
            CLIENT_SECRET_FILE_UNUSABLE, detail=exc.strerror or "", file=path, name=FILE_VARIABLE
        ) from exc
    except UnicodeDecodeError:
        secret = ""
    if len(content) > _LARGEST or not secret or not secret.isprintable():
        raise as_error(CLIENT_SECRET_FILE_UNUSABLE, file=path, name=FILE_VARIABLE)
    return secret
