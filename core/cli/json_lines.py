"""The lines of `--json`: one object each, which says its format. docs/CONTRACT.md promises them."""

import json
from collections.abc import Mapping
from enum import StrEnum

# Raised if a field is removed, or means something else. A new field does not raise it.
FORMAT_VERSION = 1


class Format(StrEnum):
    """What an object of `--json` describes. tests/golden/ has an example of each."""

    MAILBOX = "mailbox"
    STATUS = "status"
    DOCTOR = "doctor"
    INSPECT = "inspect"
    IMPORT = "import"
    REQUEST = "request"
    PROVIDER = "provider"
    ENDPOINT = "endpoint"
    BROWSER = "browser"
    DETECTION = "detection"
    BATCH = "batch"
    ADMIN_CHECK = "admin_check"


def json_line(kind: Format, fields: Mapping[str, object]) -> str:
    """One line with an object of this format; its first fields say the format and its version."""
    return json.dumps({"format": kind, "format_version": FORMAT_VERSION, **fields})
