"""All options, as data: those of the Perl script under their old names, and the new ones."""

from types import SimpleNamespace

from .command_options import COMMAND_OPTIONS
from .option import Group, Option


class Options(SimpleNamespace):
    """The value of each option in `OPTIONS`, by its name."""


OPTIONS: tuple[Option, ...] = (
    Option(
        "provider",
        "NAME",
        Group.PROVIDER,
        "The mail provider: office365, gmail, or a name from your own providers.toml. Default: "
        "detected from the address.",
        original=True,
    ),
    Option(
        "application",
        "NAME",
        Group.PROVIDER,
        "The registered application to sign in with: thunderbird, imapsync, or your own. Default: "
        "thunderbird, or your own if you use --client_id or your own provider.",
        original=True,
    ),
    Option("client_id", "ID", Group.PROVIDER, "Your own application's client ID.", original=True),
    Option(
        "client_secret",
        "SECRET",
        Group.PROVIDER,
        "Your own application's client secret. Other users of this computer can see the command "
        "line, so it is safer to set the environment variable OAUTH2_IMAP_CLIENT_SECRET.",
        original=True,
    ),
    Option("tenant", "NAME", Group.PROVIDER, "The Microsoft tenant. Default: common."),
    Option(
        "grant",
        "NAME",
        Group.PROVIDER,
        "How your own application gets tokens without a sign-in: client_credentials (Microsoft, "
        "with a client secret or --certificate) or jwt_bearer (Google, with --key_file).",
    ),
    Option(
        "certificate",
        "PATH",
        Group.PROVIDER,
        "The PEM or PFX file with the certificate of your own application at Microsoft and its "
        "private key. A password of the file is given in place of the client secret.",
    ),
    Option(
        "key_file",
        "PATH",
        Group.PROVIDER,
        "The JSON file with the key of your service account at Google.",
    ),
    Option(
        "issuer",
        "URL",
        Group.PROVIDER,
        "The sign-in server of a provider that is not in the list. Its endpoints are found by its "
        "own description, and oauth2_imap registers itself there if you give no --client_id.",
    ),
    Option(
        "discover",
        None,
        Group.PROVIDER,
        "Ask the servers of the address's domain where its users sign in. This is also done where "
        "no known provider is detected.",
    ),
    Option("authorize_uri", "URI", Group.PROVIDER, "The authorization endpoint.", original=True),
    Option("token_uri", "URI", Group.PROVIDER, "The token endpoint.", original=True),
    Option(
        "scope_string",
        "SCOPES",
        Group.PROVIDER,
        "The scopes, separated by spaces.",
        original=True,
    ),
    Option("imap_server", "HOST", Group.PROVIDER, "The mailbox's IMAP server.", original=True),
    Option(
        "imap_port",
        "PORT",
        Group.PROVIDER,
        "The port of the IMAP server: 993, or 143 with STARTTLS.",
        kind=int,
    ),
    Option(
        "login_hint",
        "ADDRESS",
        Group.SIGN_IN,
        "The address of the user who signs in, if it is not the mailbox's address (for example, "
        "for a shared mailbox).",
    ),
    Option(
        "remotebrowser",
        None,
        Group.SIGN_IN,
        "Sign in with a browser on another computer: open the link there, then copy the address "
        "of the last page and paste it here.",
        original=True,
    ),
    Option(
        "device_code",
        None,
        Group.SIGN_IN,
        "Sign in with a short code that you type in a browser on any other device. Not every "
        "provider and organisation allows it.",
    ),
    Option(
        "browser",
        "NAME",
        Group.SIGN_IN,
        "Sign in with this browser: firefox, chrome, edge or another one that `browsers` lists. "
        "Default: the system's browser.",
    ),
    Option(
        "private",
        None,
        Group.SIGN_IN,
        "Sign in with a private window, which knows no other account.",
    ),
    Option(
        "redirect_uri",
        "URI",
        Group.SIGN_IN,
        "The redirect URI, as registered for the application.",
        original=True,
    ),
    Option(
        "local",
        None,
        Group.SIGN_IN,
        "Receive the browser's answer at http://localhost.",
        original=True,
    ),
    Option(
        "localssl",
        None,
        Group.SIGN_IN,
        "Receive the browser's answer at https://localhost.",
        original=True,
    ),
    Option(
        "token_file",
        "PATH",
        Group.FILE,
        "The token file. Default: tokens/oauth2_tokens_<address>.txt in the current folder.",
        original=True,
    ),
    Option(
        "startover",
        None,
        Group.FILE,
        "Ignore the tokens in the file and sign in again.",
        original=True,
    ),
    Option(
        "protect",
        None,
        Group.FILE,
        "Save the refresh token in the operating system's secret store, not in the token file. "
        "--no_protect moves it back into the file.",
    ),
    Option("no_check", None, Group.FILE, "Do not test the token with an IMAP login."),
    Option(
        "loop",
        None,
        Group.ACTION,
        "Keep running and refresh the token regularly. Stop with Ctrl-C, or use --until or "
        "--while_pid.",
    ),
    Option(
        "every",
        "MINUTES",
        Group.ACTION,
        "With --loop, run or schedule: the time between two refreshes. With status: the time from "
        "which it computes the next refresh. Default: 30.",
        kind=float,
    ),
    Option(
        "until",
        "TIME",
        Group.ACTION,
        "With --loop: stop at this time (18:30 or 2026-01-31T18:30) or after this duration (8h "
        "or 1h30m).",
    ),
    Option(
        "while_pid",
        "PID",
        Group.ACTION,
        "With --loop: stop when the process with this number ends.",
        kind=int,
    ),
    Option(
        "no_keep_awake",
        None,
        Group.ACTION,
        "With --loop or run: let the computer sleep meanwhile.",
    ),
    Option(
        "refresh_only",
        None,
        Group.ACTION,
        "Refresh the token if it expires soon. Never open a browser; print warnings and errors "
        "only. Use it with imapsync's options --oauthrefreshcmd1 and --oauthrefreshcmd2.",
    ),
    Option(
        "min_left",
        "MINUTES",
        Group.ACTION,
        "With --refresh_only or --print_token: do not refresh a token that is valid for longer "
        "than this. Default: 10.",
        kind=float,
    ),
    Option(
        "print_token",
        None,
        Group.ACTION,
        "Print the access token and nothing else. Never open a browser.",
    ),
    Option(
        "hook",
        "COMMAND",
        Group.ACTION,
        "Start this command after each new token. It finds OAUTH2_IMAP_ADDRESS and "
        "OAUTH2_IMAP_FILE in its environment, but never a token.",
    ),
    Option(
        "on_trouble",
        "COMMAND",
        Group.ACTION,
        "Start this command when a mailbox needs a new sign-in. OAUTH2_IMAP_VERDICT says why.",
    ),
    Option(
        "demo",
        None,
        Group.ACTION,
        "Run the demo: sign in and refresh on this computer, without an account and without a "
        "network.",
    ),
    *COMMAND_OPTIONS,
    Option(
        "json",
        None,
        Group.OTHER,
        "Print one JSON object for each address. With status, doctor or inspect: for each token "
        "file. With providers: for each provider.",
    ),
    Option(
        "ca_file",
        "PATH",
        Group.OTHER,
        "Trust the CA certificates in this file, in addition to those of the system.",
    ),
    Option(
        "timeout",
        "SECONDS",
        Group.OTHER,
        "The longest wait for one response from the network. Default: 15.",
        kind=float,
    ),
    Option(
        "debug",
        None,
        Group.OTHER,
        "Print a detailed log, without secrets, to standard error.",
        original=True,
    ),
    Option(
        "thunderbird",
        None,
        Group.OTHER,
        "Has no effect. The Perl script had this option.",
        original=True,
    ),
    Option(
        "language",
        "NAME",
        Group.OTHER,
        "The language of the messages: en, de or fr. Default: that of the system. Logs and --json "
        "are always in English.",
    ),
    Option("version", None, Group.OTHER, "Print the version."),
    Option("help", None, Group.OTHER, "Print this help."),
)

# The switches that --noX switches off again: those of the Perl script, and --protect, where
# --no_protect has a meaning of its own.
NEGATABLE = frozenset(
    {"startover", "local", "localssl", "remotebrowser", "debug", "thunderbird", "protect"}
)
