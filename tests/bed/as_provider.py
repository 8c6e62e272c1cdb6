"""The bed takes the place of Microsoft's and Google's servers for the whole program."""

from __future__ import annotations

from pathlib import Path

from . import imap
from .fixtures import Bed


def providers_toml(bed: Bed) -> str:
    """Return the user's own providers.toml for that."""
    secret = bed.client_secrets["desktop-secret"]
    base = bed.issuer.removesuffix("/test")
    return f"""
[providers.office365]
authorize_uri = "{base}/{{tenant}}/oauth2/v2.0/authorize"
token_uri = "{base}/{{tenant}}/oauth2/v2.0/token"
device_authorization_uri = "{base}/{{tenant}}/oauth2/v2.0/devicecode"
tenant = "test"
imap_host = "{bed.imap_host}"
imap_port = {bed.imap_port}
domains = ["example.test"]

[providers.office365.applications.thunderbird]
label = "Thunderbird"
client_id = "public-rotating"

[providers.office365.applications.https]
client_id = "public-https"
redirect_uri = "https://localhost"

[providers.gmail]
authorize_uri = "{bed.authorize_uri}"
token_uri = "{bed.token_uri}"
device_authorization_uri = "{bed.issuer}/device/auth"
imap_host = "{bed.imap_host}"
imap_port = {bed.starttls_port}
imap_starttls = true

[providers.gmail.applications.thunderbird]
client_id = "desktop-secret"
client_secret = "{secret}"
"""


def trusting(bed: Bed) -> tuple[str, str]:
    """Return the option that makes the program trust the bed's certificates."""
    return ("--ca_file", str(bed.ca_file))


def lines_of(file: Path) -> list[str]:
    """Return the lines of a token file."""
    return file.read_text("ascii").split("\n")


def opens_mailbox(bed: Bed, user: str, file: Path) -> bool:
    """Whether Dovecot accepts the file's first line, which is what imapsync uses."""
    token = lines_of(file)[0]
    try:
        with imap.login(user, token, port=bed.imap_port, ca_file=bed.ca_file) as session:
            return session.select("INBOX")[0] == "OK"
    except imap.LoginRefused:
        return False
