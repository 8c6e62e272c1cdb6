"""What each action of a verdict is in the terminal: options to add, or commands to run."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from ..child_environment import bundle
from ..errors import AppError
from ..i18n.translation import N_, _
from ..imapsync.shell_quoting import join, own_shells, quote
from ..paths import own_providers_file, program_for_scripts
from ..verdicts.verdict import Action

_ANYONE = "you@example.com"
_SIGN_IN = N_("Command: {program} --startover {mailbox}")
_ENDPOINTS = (
    "--authorize_uri URI, --token_uri URI, --client_id ID, --scope_string SCOPES, "
    "--imap_server HOST"
)
_LIST = N_("Command that lists the names: {program} providers")

# Nothing where the user acts outside this program: then the verdict's own text says all.
ACTIONS: Mapping[Action, Sequence[str]] = MappingProxyType(
    {
        Action.NONE: (),
        Action.WAIT: (),
        Action.SIGN_IN: (N_("Command: {program} {mailbox}"),),
        Action.SIGN_IN_AGAIN: (_SIGN_IN,),
        Action.SIGN_IN_AS_ANOTHER: (
            _SIGN_IN,
            N_(
                "Command for a shared mailbox: {program} --startover {mailbox} --login_hint "
                "{account}"
            ),
        ),
        Action.ASK_FOR_CONSENT: (N_("Option: --application thunderbird"),),
        Action.ASK_ADMINISTRATOR: (),
        Action.CHOOSE_TENANT: (N_("Option: --tenant NAME"),),
        Action.CHOOSE_APPLICATION: (N_("Option: --application NAME"), _LIST),
        Action.CHOOSE_PROVIDER: (
            N_("Option: --provider NAME"),
            _LIST,
            N_("Options for another provider: {endpoints}"),
        ),
        Action.DESCRIBE_PROVIDER: (
            N_("Options: {endpoints}"),
            N_("Option if you know the address of the sign-in server: --issuer URL"),
        ),
        Action.CONFIRM_SERVER: (N_("Command: {program} --issuer {issuer} {mailbox}"),),
        Action.GIVE_SECRET: (
            N_("Environment variable: OAUTH2_IMAP_CLIENT_SECRET"),
            N_("Or option: --client_secret SECRET"),
        ),
        Action.REMOVE_SECRET: (
            N_(
                "Places: --client_secret, OAUTH2_IMAP_CLIENT_SECRET, and client_secret in "
                "{settings}"
            ),
        ),
        Action.MEND_REGISTRATION: (
            N_("Options: --client_id ID, --redirect_uri URI, --scope_string SCOPES"),
            N_("Option for another registration: --application NAME"),
        ),
        Action.CHANGE_PASSWORD: (_SIGN_IN,),
        Action.SWITCH_IMAP_ON: (),
        Action.CHECK_NETWORK: (),
        Action.CHECK_PROXY: (),
        Action.CHECK_CLOCK: (),
        Action.CHECK_SERVER: (N_("Options: --imap_server HOST, --imap_port PORT"),),
        Action.NAME_CA: (N_("Option: --ca_file PATH"),),
        Action.ALLOW_MORE_TIME: (N_("Option: --timeout SECONDS"),),
        Action.PASTE_ANSWER: (N_("Command: {program} --remotebrowser {mailbox}"),),
        Action.USE_BROWSER: (
            N_("Option to remove: --device_code"),
            N_("Option for a browser on another computer: --remotebrowser"),
        ),
        Action.USE_DEVICE_CODE: (
            N_("Command: {program} --device_code {mailbox}"),
            N_(
                "Command for a browser on another computer, in a terminal: "
                "{program} --remotebrowser {mailbox}"
            ),
        ),
        Action.CORRECT_INPUT: (),
        Action.READ_HELP: (N_("Command: {program} --help"),),
        Action.USE_COMMAND: (N_("Command: {command}"),),
        Action.CHOOSE_FILE: (N_("Option: --token_file PATH"),),
        Action.MEND_FILE: (N_("Command: {program} doctor --fix {file}"),),
        Action.MEND_FOLDER: (N_("Option for a file in another folder: --token_file PATH"),),
        Action.MEND_SETTINGS: (N_("File: {settings}"),),
        Action.LEAVE_STORE: (N_("Command: {program} --startover --no_protect {mailbox}"),),
        Action.IMPORT_DECRYPTED: (N_("Command: gpg -d {file} | {program} import -"),),
        Action.GIVE_ADDRESS: (N_("Option: --address ADDRESS"),),
        Action.GIVE_CLIENT_ID: (
            N_("Option: --client_id ID"),
            N_("Environment variable for its secret, if it has one: OAUTH2_IMAP_CLIENT_SECRET"),
        ),
        Action.REPLACE_FILE: (N_("Option: --replace"),),
        Action.REPORT: (N_("Command that writes a report to send: {program} report"),),
    }
)


def action_lines(error: AppError, mailbox: Sequence[str] = ()) -> Iterator[str]:
    """The lines for an error's action, with commands that can be copied.

    `mailbox` are the words that name the mailbox on a command line: its options and its address.
    """
    lines = ACTIONS[error.action]
    if not lines:
        return
    shell, known = own_shells(sys.platform)[0], error.parameters
    words = {
        "program": program_name(),
        "mailbox": join(mailbox or [str(known.get("address", _ANYONE))], shell),
        "account": quote(str(known.get("account") or "YOUR_OWN_ADDRESS"), shell),
        "file": quote(str(known.get("path") or known.get("file") or "PATH"), shell),
        "issuer": quote(str(known.get("issuer", "URL")), shell),
        "endpoints": _ENDPOINTS,
        "settings": str(own_providers_file())
        if any("{settings}" in line for line in lines)
        else "",
        "command": str(known.get("command", program_name())),
    }
    for line in lines:
        yield _(line, **words)


def program_name() -> str:
    """The program for the terminal, as the user types it: downloaded, or from source."""
    return Path(program_for_scripts()[0]).stem if bundle() else "oauth2_imap"
