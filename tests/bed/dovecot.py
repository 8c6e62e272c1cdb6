"""The mail server of the bed: Debian's Dovecot 2.3 with OAuth2, separate from any other Dovecot.

It has its own configuration, sockets and mail in a temporary folder and reads no /etc/dovecot.
"""

from __future__ import annotations

import mailbox
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from string import Template

from . import install, leash, processes
from .keys import Keys
from .users import CLIENT_SECRETS, PASSWORDS

MAIL_USER = "oauth2-imap-bed"  # owns the mail files: Dovecot refuses to serve mail as root
CONNECTIONS = 10  # of one user; more are refused
NO_SESSION = 68  # an exit code of `doveadm kick`: on a busy machine the user may not be in yet
NAME_IN_USE = 9  # an exit code of useradd(8): an earlier run, or another bed, has made the user
FOLDERS = {"INBOX": 3, "Work": 2, "Archive.2024": 1}
# A login that was accepted, and one that was refused (its line comes at the end of the connection).
_LOGIN = re.compile(r"imap-login: Info: (?:Login: |[^\n]*auth failed)")
TEMPLATES = Path(__file__).parent / "dovecot_conf"


class Dovecot:
    """IMAP over TLS on one port, IMAP with STARTTLS on another, for everybody in `users`."""

    def __init__(self, folder: Path, keys: Keys, issuer: str, introspection_uri: str) -> None:
        """Write configuration and mail into `folder`; call `start` next."""
        if not install.is_root():
            raise install.MissingPart("Dovecot switches users, so its tests need root")
        self._program = install.dovecot()
        self.imaps_port = processes.free_port()
        self.starttls_port = processes.free_port()
        self._folder = folder
        self._process: processes.Server | None = None
        self._make_folders()
        self._install_key(keys)
        self._write_configuration(keys, issuer, introspection_uri)
        self._fill_mailboxes()
        self._open_to_dovecots_users()

    @property
    def log(self) -> Path:
        """The log, which says why Dovecot refused a login."""
        return self._folder / "dovecot.log"

    def logins(self) -> int:
        """How many logins it has accepted or refused so far."""
        return len(_LOGIN.findall(self.log.read_text("utf-8", errors="replace")))

    def start(self) -> None:
        """Start it and return when it responds."""
        dovecot: list[str | Path] = [self._program, "-F", "-c", self._configuration]
        self._process = processes.start(
            "Dovecot",
            [sys.executable, leash.__file__, *dovecot],
            port=self.imaps_port,
            log=self.log,
        )

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process:
            self._process.stop()
        self._process = None

    def kick(self, user: str) -> None:
        """Cut the user's sessions, if there are any, as a provider does at times."""
        doveadm = install.find("doveadm")
        assert doveadm
        command: list[str | Path] = [doveadm, "-c", self._configuration, "kick", user]
        done = subprocess.run(command, capture_output=True, check=False, timeout=30)
        if done.returncode != NO_SESSION:
            done.check_returncode()

    @property
    def _configuration(self) -> Path:
        return self._folder / "dovecot.conf"

    def _make_folders(self) -> None:
        for name in ("run", "state", "mail"):
            (self._folder / name).mkdir(parents=True)
        # A new auth process looks for the penalty socket, and tries for 5 s when there is none.
        # A link to itself (ELOOP) is an error that it doesn't try again.
        penalty = self._folder / "run" / "anvil-auth-penalty"
        penalty.symlink_to(penalty.name)

    def _install_key(self, keys: Keys) -> None:
        """Put the key where Dovecot finds it: by azp ("default"), algorithm and kid."""
        folder = self._folder / "keys" / "default" / "RS256"
        folder.mkdir(parents=True)
        shutil.copy(keys.signing_key_public, folder / "bed")

    def _write_configuration(self, keys: Keys, issuer: str, introspection_uri: str) -> None:
        credentials = f"dovecot:{CLIENT_SECRETS['dovecot']}"
        values = {
            "folder": self._folder,
            "certificate": keys.certificate,
            "certificate_key": keys.certificate_key,
            "mail_user": MAIL_USER,
            "imaps_port": self.imaps_port,
            "starttls_port": self.starttls_port,
            "connections": CONNECTIONS,
            "issuer": issuer,
            "introspection_url": introspection_uri.replace("//", f"//{credentials}@"),
        }
        for template in TEMPLATES.iterdir():
            text = Template(template.read_text("utf-8")).substitute(values)
            (self._folder / template.name).write_text(text, "utf-8")

    def _fill_mailboxes(self) -> None:
        mail = self._folder / "mail"
        for user in PASSWORDS:
            _fill_mailbox(mail / user, user)
        _make_mail_user()
        owner = f"{MAIL_USER}:{MAIL_USER}"
        subprocess.run(["chown", "--recursive", owner, mail], check=True)

    def _open_to_dovecots_users(self) -> None:
        """Let Dovecot's own users read everything, whatever the umask of the tests."""
        subprocess.run(["chmod", "--recursive", "a+rX", self._folder], check=True)


def _make_mail_user() -> None:
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    made = subprocess.run(["useradd", *options, MAIL_USER], capture_output=True, check=False)
    if made.returncode != NAME_IN_USE:
        made.check_returncode()


def _fill_mailbox(path: Path, user: str) -> None:
    responses = mailbox.Maildir(path)
    for name, count in FOLDERS.items():
        folder = responses if name == "INBOX" else responses.add_folder(name)
        for number in range(1, count + 1):
            folder.add(_message(user, f"{name} {number}", number))


def _message(user: str, subject: str, number: int) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Somebody <somebody@example.test>"
    message["To"] = user
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number))
    message["Message-ID"] = f"<{subject.replace(' ', '.')}.{user}>"
    message.set_content(f"This is {subject}.\n")
    return message
