"""A stand-in for imapsync that uses tokens as imapsync does.

It logs in to real IMAP servers by XOAUTH2, copies a folder message by message, slowly if told to,
leaves alone what is there already, and logs in again when it is cut off. As in imapsync (measured
with 2.229, 2.277 and 2.288):

- a token option names a file, whose first line counts, or else is itself the token;
- before 2.230 the file is read once, at the start; later ones read it before each login;
- from 2.267 on --oauthrefreshcmd is run before that, with an open pipe as its standard input;
- a login refused at the start ends it with 161 or 162, a server out of reach with 101 or 102, an
  unknown option with 64;
- a login refused later is an error like others: the message is skipped;
- an error doesn't end it before there are fifty, which then give 115 (source) or 114 (destination);
- one Ctrl-C makes it log in again on both sides, two within two seconds end it by SIGINT.

PRETEND_IMAPSYNC_VERSION tells which it plays. A message whose subject begins with "bad" can't be
copied. TLS is verified against SSL_CERT_FILE.
"""

import argparse
import imaplib
import os
import re
import shlex
import signal
import ssl
import subprocess
import sys
import time
from email.parser import BytesHeaderParser
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

VERSION = tuple(int(part) for part in os.environ["PRETEND_IMAPSYNC_VERSION"].split("."))
REREADS = (2, 230)
ASKS_NO_PASSWORD = (2, 251)
CALLS = (2, 267)
ERRORS_MAX = 50
TWICE = 2.0  # seconds between two Ctrl-C that end it
SUBJECT = "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"


class Refused(Exception):
    """A server refused the login; the message is its response."""


class Side:
    """One mailbox, and how to get into it again."""

    def __init__(self, number: int, options: argparse.Namespace) -> None:
        """Read the token, as versions do that read it once."""
        self.number = number
        self.user, self.host, self.port, self._token_option = (
            getattr(options, f"{name}{number}")
            for name in ("user", "host", "port", "oauthaccesstoken")
        )
        self._refresh_command = getattr(options, f"oauthrefreshcmd{number}", "")
        self._folder = options.folder
        self._token = first_line_or_string(self._token_option)
        self.session: imaplib.IMAP4 | None = None

    def log_in(self) -> None:
        """Connect, log in and open the folder; make it if it is missing."""
        self.cut()
        if VERSION >= REREADS:
            self._run_refresh_command()
            self._token = first_line_or_string(self._token_option)
        session = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=ssl.create_default_context())
        bearer = f"user={self.user}\1auth=Bearer {self._token}\1\1".encode()
        try:
            session.authenticate("XOAUTH2", lambda challenge: b"" if challenge else bearer)
        except imaplib.IMAP4.error as exc:
            session.shutdown()
            raise Refused(f"2 NO {exc}") from exc
        session.create(self._folder)
        session.select(self._folder)
        self.session = session

    def do(self, name: str, *arguments: Any) -> Any:
        """Run an IMAP command; if the connection was cut, log in and run it again."""
        try:
            if self.session is None:
                self.log_in()
            return getattr(self.session, name)(*arguments)
        except (imaplib.IMAP4.abort, OSError):
            self.log_in()
            return getattr(self.session, name)(*arguments)

    def cut(self) -> None:
        """Close the connection without a logout."""
        if self.session is not None:
            self.session.shutdown()
            self.session = None

    def subjects(self) -> dict[str, str]:
        """Return the subject of each message, by its number in the folder."""
        _, [count] = self.do("select", self._folder)
        if not int(count):
            return {}
        _, answer = self.do("fetch", "1:*", SUBJECT)
        parsed = (part for part in answer if isinstance(part, tuple))
        return {
            part[0].split()[0].decode(): str(BytesHeaderParser().parsebytes(part[1])["Subject"])
            for part in parsed
        }

    def _run_refresh_command(self) -> None:
        if self._refresh_command:
            done = subprocess.Popen(
                shlex.split(self._refresh_command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            assert done.stdin is not None
            assert done.stdout is not None
            with done.stdin, done.stdout:
                done.wait()
                print(done.stdout.read().decode(), end="")


class Migration:
    """From the first login to the exit code."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Prepare both sides without a login."""
        self._source, self._destination = Side(1, options), Side(2, options)
        self._sides = (self._source, self._destination)
        self._folder = options.folder
        self._only_logs_in = options.justlogin
        self._pause = 1 / options.maxmessagespersecond if options.maxmessagespersecond else 0.0
        self._errors = 0
        self._worst = 0
        self._interrupted = -TWICE
        self._cut = False

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Log in again on both sides before the next message; end if it comes twice."""
        now = time.monotonic()
        if now - self._interrupted < TWICE:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self._interrupted, self._cut = now, True
        self._say("Got a signal INT. Reconnecting to both imap servers.")

    def run(self) -> int:
        """Copy every message that is missing."""
        for side in self._sides:
            try:
                side.log_in()
            except Refused as exc:
                self._say(
                    f"Host{side.number} failure: Error login on [{side.host}] "
                    f"with user [{side.user}] auth [XOAUTH2]: {exc}"
                )
                return 160 + side.number
            except OSError as exc:
                self._say(f"Host{side.number} failure: can not open imap connection: {exc}")
                return 100 + side.number
            self._say(f"Host{side.number}: success login on [{side.host}] with user [{side.user}]")
        if self._only_logs_in:
            return 0
        there = set(self._destination.subjects().values())
        for number, subject in self._source.subjects().items():
            if subject not in there:
                self._copy(number, subject)
            if self._errors == ERRORS_MAX:
                self._say(f"Maximum number of errors {ERRORS_MAX} reached. Exiting.")
                break
        for side in self._sides:
            side.cut()
        return self._worst

    def _copy(self, number: str, subject: str) -> None:
        time.sleep(self._pause)
        message = f"- msg {self._folder}/{number} {{0}}"
        not_appended = (
            f"{message} could not append ( Subject:[{subject}], Date:[], Size:[0], Flags:[] ) "
            f"to folder {self._folder}:"
        )
        if self._cut:
            self._source.cut()
            self._destination.cut()
            self._cut = False
        try:
            _, [(_, content), *_] = self._source.do("fetch", number, "(BODY.PEEK[])")
        except Refused as exc:
            self._error(115, f"{message} could not be fetched: {exc}")
            return
        try:
            if subject.startswith("bad"):
                self._error(114, f"{not_appended} 9 NO [LIMIT] no")
            else:
                self._destination.do("append", self._folder, None, None, content)
                self._say(f"msg {self._folder}/{number} copied to {self._folder}")
        except Refused as exc:
            self._error(114, f"{not_appended} {exc}")

    def _error(self, code: int, text: str) -> None:
        self._errors += 1
        self._worst = code
        self._say(text)
        time.sleep(0.05)

    def _say(self, text: str) -> None:
        print(text, flush=True)


def first_line_or_string(value: str) -> str:
    """Return the first line of the file, or the value itself if there is no such file."""
    if os.path.isfile(value):
        return re.split("\n", Path(value).read_text("ascii"))[0]
    return value


def main() -> NoReturn:
    """Run as imapsync does, with the options that tests use."""
    if "--version" in sys.argv:
        print(".".join(map(str, VERSION)))
        sys.exit()
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for number in (1, 2):
        for name in ("host", "user", "oauthaccesstoken"):
            parser.add_argument(f"--{name}{number}", required=True)
        parser.add_argument(f"--port{number}", type=int, default=993)
        parser.add_argument(f"--ssl{number}", action="store_true")
        if VERSION >= CALLS:
            parser.add_argument(f"--oauthrefreshcmd{number}", default="")
        parser.add_argument(f"--password{number}", required=VERSION < ASKS_NO_PASSWORD)
    parser.add_argument("--folder", default="INBOX")
    parser.add_argument("--justlogin", action="store_true")
    parser.add_argument("--maxmessagespersecond", type=float, default=0.0)
    options, unknown = parser.parse_known_args()
    if unknown:
        print(f"Unknown options: {unknown}", flush=True)
        sys.exit(64)
    migration = Migration(options)
    signal.signal(signal.SIGINT, migration.interrupt)
    code = migration.run()
    print(f"Exiting with return value {code}", flush=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
