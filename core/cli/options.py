"""All options, as data: the original's under their own names, ours beside them."""

from dataclasses import dataclass
from enum import StrEnum

from ..model import IMAP_PORT, IMAPS_PORT


class Group(StrEnum):
    """The headings of `--help`."""

    PROVIDER = "whom to ask"
    SIGN_IN = "how to sign in"
    FILE = "the token file"
    WORK = "what to do"
    OTHER = "the rest"


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `metavar` is None for a switch, `original` tells whose it was."""

    name: str
    metavar: str | None
    group: Group
    help: str
    original: bool = False
    kind: type = str


OPTIONS: tuple[Option, ...] = (
    Option(
        "provider",
        "NAME",
        Group.PROVIDER,
        "office365, gmail or one of your own; found from the address where not given",
        original=True,
    ),
    Option(
        "application",
        "NAME",
        Group.PROVIDER,
        "the registration to ask with: thunderbird (default), imapsync or one of your own",
        original=True,
    ),
    Option("client_id", "ID", Group.PROVIDER, "your own registration's client id", original=True),
    Option(
        "client_secret",
        "SECRET",
        Group.PROVIDER,
        "its secret; better in OAUTH2_IMAP_CLIENT_SECRET, since others see a command line",
        original=True,
    ),
    Option("tenant", "NAME", Group.PROVIDER, "Microsoft tenant (default: common)"),
    Option("authorize_uri", "URI", Group.PROVIDER, "authorization endpoint", original=True),
    Option("token_uri", "URI", Group.PROVIDER, "token endpoint", original=True),
    Option("scope_string", "SCOPES", Group.PROVIDER, "scopes with spaces between", original=True),
    Option("imap_server", "HOST", Group.PROVIDER, "the mailbox's IMAP server", original=True),
    Option(
        "imap_port",
        "PORT",
        Group.PROVIDER,
        f"its port: {IMAPS_PORT}, or {IMAP_PORT} with STARTTLS",
        kind=int,
    ),
    Option(
        "login_hint",
        "ADDRESS",
        Group.SIGN_IN,
        "who signs in, where that is somebody else (a shared mailbox)",
    ),
    Option(
        "remotebrowser",
        None,
        Group.SIGN_IN,
        "the browser is on another computer: show the link, ask for the answer",
        original=True,
    ),
    Option("redirect_uri", "URI", Group.SIGN_IN, "as registered", original=True),
    Option("local", None, Group.SIGN_IN, "listen on http://localhost", original=True),
    Option("localssl", None, Group.SIGN_IN, "listen on https://localhost", original=True),
    Option(
        "token_file",
        "PATH",
        Group.FILE,
        "default: tokens/oauth2_tokens_<address>.txt in this folder",
        original=True,
    ),
    Option("startover", None, Group.FILE, "ignore the tokens that are there", original=True),
    Option(
        "protect",
        None,
        Group.FILE,
        "keep the refresh token in the system's store; --no_protect takes it back into the file",
    ),
    Option("no_check", None, Group.FILE, "don't try the token at the IMAP server"),
    Option("fix", None, Group.FILE, "with doctor: mend what can be mended, keeping a copy"),
    Option("loop", None, Group.WORK, "stay, and refresh until Ctrl-C, --until or --while_pid"),
    Option("every", "MINUTES", Group.WORK, "how often --loop refreshes (30)", kind=float),
    Option(
        "until",
        "TIME",
        Group.WORK,
        "end --loop at 18:30, at 2026-01-31T18:30, or after 8h or 1h30m",
    ),
    Option("while_pid", "PID", Group.WORK, "end --loop when this process ends", kind=int),
    Option(
        "refresh_only",
        None,
        Group.WORK,
        "refresh if needed, silently, never with a browser: for imapsync's --oauthrefreshcmd1",
    ),
    Option(
        "min_left",
        "MINUTES",
        Group.WORK,
        "the life left that makes --refresh_only do nothing (10)",
        kind=float,
    ),
    Option("print_token", None, Group.WORK, "the access token alone, never with a browser"),
    Option(
        "side",
        "1|2",
        Group.WORK,
        "with run and one mailbox: whether it is imapsync's source or its destination",
        kind=int,
    ),
    Option(
        "check", None, Group.WORK, "with status: one line and exit code for Nagios and the like"
    ),
    Option("demo", None, Group.WORK, "rehearse the whole job without an account or a network"),
    Option(
        "yes", None, Group.WORK, "with --demo: consent without a browser; with forget: don't ask"
    ),
    Option("no_revoke", None, Group.WORK, "with forget: delete without revoking"),
    Option("json", None, Group.OTHER, "one JSON object per address on standard output"),
    Option("ca_file", "PATH", Group.OTHER, "CA certificates to trust beside this machine's"),
    Option("timeout", "SECONDS", Group.OTHER, "for one answer of the network (15)", kind=float),
    Option("debug", None, Group.OTHER, "show all that goes on; never a secret", original=True),
    Option("thunderbird", None, Group.OTHER, "accepted, and without effect", original=True),
    Option("version", None, Group.OTHER, "show the version"),
    Option("help", None, Group.OTHER, "show this"),
)

# What the original negated, where --noX takes back an earlier --X; and --protect, where it is a
# wish of its own.
NEGATABLE = frozenset(
    {"startover", "local", "localssl", "remotebrowser", "debug", "thunderbird", "protect"}
)
