"""What each action of a verdict is in the window: its fields, buttons and menus."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from core.error_lines import sentence, step_lines
from core.errors import AppError
from core.i18n.translation import N_, _, joined
from core.verdicts.verdict import Action

_FOLDER = N_('Field: "Token folder" in the Settings')
_OWN_PROVIDERS = N_('Button: "Open your providers.toml" in the menu Help, About')

# Nothing where the user acts outside this program: then the verdict's own text says all. And
# nothing for a sign-in: whatever it solves has a button for it.
ACTIONS: Mapping[Action, Sequence[str]] = MappingProxyType(
    {
        Action.NONE: (),
        Action.WAIT: (),
        Action.SIGN_IN: (),
        Action.SIGN_IN_AGAIN: (),
        Action.SIGN_IN_AS_ANOTHER: (
            N_('For a shared mailbox: enter {account} under Options, "Sign in as"'),
        ),
        Action.ASK_FOR_CONSENT: (N_('Field: "{application}" under Options'),),
        Action.ASK_ADMINISTRATOR: (),
        Action.CHOOSE_TENANT: (N_('Field: "{tenant}" under Options'),),
        Action.CHOOSE_APPLICATION: (N_('Field: "{application}" under Options'),),
        Action.CHOOSE_PROVIDER: (N_('List: "Provider", with "Other…" for another provider'),),
        Action.DESCRIBE_PROVIDER: (N_('List: "Provider", with "Other…"'),),
        Action.CONFIRM_SERVER: (N_('Button: "Get token", then "Sign in there"'),),
        Action.GIVE_SECRET: (N_('Field: "{client_secret}" under Options'),),
        Action.REMOVE_SECRET: (
            N_('Field to empty: "{client_secret}" under Options'),
            _OWN_PROVIDERS,
        ),
        Action.MEND_REGISTRATION: (
            N_('Fields: "{client_id}", "{redirect_uri}", "{scope}" under Options'),
            N_('Field for another registration: "{application}" under Options'),
        ),
        Action.CHANGE_PASSWORD: (),
        Action.SWITCH_IMAP_ON: (),
        Action.CHECK_NETWORK: (),
        Action.CHECK_PROXY: (),
        Action.CHECK_CLOCK: (),
        Action.CHECK_SERVER: (N_('Fields: "{imap_host}", "{imap_port}" under Options'),),
        Action.NAME_CA: (N_('Field: "CA file" in the Settings'),),
        Action.ALLOW_MORE_TIME: (N_("Option of the program for the terminal: --timeout SECONDS"),),
        Action.PASTE_ANSWER: (N_('Field: beside "Browser on another computer?"'),),
        Action.USE_BROWSER: (
            N_('Box to untick: "Sign in with a code on another device" under Options'),
        ),
        Action.USE_DEVICE_CODE: (
            N_('Box to tick: "Sign in with a code on another device" under Options'),
        ),
        Action.CORRECT_INPUT: (),
        Action.READ_HELP: (N_("Command in a terminal: {program} --help"),),
        Action.USE_COMMAND: (N_("Command: {command}"),),
        Action.CHOOSE_FILE: (_FOLDER,),
        Action.MEND_FILE: (N_('Button: "Remove…" deletes the file, "Get token" makes a new one'),),
        Action.MEND_FOLDER: (_FOLDER,),
        Action.MEND_SETTINGS: (_OWN_PROVIDERS,),
        Action.LEAVE_STORE: (
            N_(
                'Box to untick: "Keep refresh tokens in the system\'s secret store" in the Settings'
            ),
        ),
        Action.IMPORT_DECRYPTED: (N_("Command in a terminal: gpg -d FILE | {program} import -"),),
        Action.GIVE_ADDRESS: (),  # the dialog of the import has a field for it
        Action.GIVE_CLIENT_ID: (),
        Action.REPLACE_FILE: (N_('Button: "Replace the tokens there"'),),
        Action.REPORT: (N_('Menu: Help, "Save a report…"'),),
    }
)


def steps(error: AppError, next_try: str = "") -> Iterator[str]:
    """What to do, with the fields and buttons for it, and when the program itself tries again."""
    return step_lines(error, means=_action_lines(error), next_try=next_try)


def in_one_paragraph(error: AppError) -> str:
    """What happened and what to do, for a note beside the field that it is about."""
    return joined((sentence(error.message), error.hint, *error.notes))


def request_to_administrator(error: AppError) -> str:
    """A request that the user can send, where an administrator can settle the error; or nothing."""
    from core.oauth.admin_consent import request_for_consent  # needed after an error only

    return request_for_consent(error)


def _action_lines(error: AppError) -> Iterator[str]:
    from core.cli.actions import program_name  # needed after an error only
    from gui.model.option_fields import APPLICATION, FIELDS

    words = {
        "program": program_name(),
        "command": str(error.parameters.get("command", "")),
        "account": str(error.parameters.get("account") or _("your own address")),
    }
    labels = {field.name: field.plain_label for field in (APPLICATION, *FIELDS)}
    for line in ACTIONS[error.action]:
        yield _(line, **labels, **words)
    if request_to_administrator(error):
        yield _('Button: "Copy details" also copies a request to your administrator')
