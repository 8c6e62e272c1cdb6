"""What a button of the message bar does beside signing in: it leads to what the error names."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.i18n.translation import N_
from core.verdicts.verdict import Action
from gui.model.next_act import SOLVED_BY_SIGN_IN


class Act(StrEnum):
    """The words on the button."""

    OPTIONS = N_("Open the options")
    SETTINGS = N_("Open the settings")
    PROVIDER = N_("Choose the provider")
    OWN_PROVIDERS = N_("Open your providers.toml")
    REMOVE = N_("Remove…")
    REPORT = N_("Save a report…")
    RUN = N_("Show the run")


# Each of these names, in gui.model.messages, a field or a button that is somewhere else.
ACTS: Mapping[Action, Act] = MappingProxyType(
    {
        Action.SIGN_IN_AS_ANOTHER: Act.OPTIONS,
        Action.ASK_FOR_CONSENT: Act.OPTIONS,
        Action.CHOOSE_TENANT: Act.OPTIONS,
        Action.CHOOSE_APPLICATION: Act.OPTIONS,
        Action.CHOOSE_PROVIDER: Act.PROVIDER,
        Action.DESCRIBE_PROVIDER: Act.PROVIDER,
        Action.GIVE_SECRET: Act.OPTIONS,
        Action.REMOVE_SECRET: Act.OPTIONS,
        Action.MEND_REGISTRATION: Act.OPTIONS,
        Action.CHECK_SERVER: Act.OPTIONS,
        Action.NAME_CA: Act.SETTINGS,
        Action.USE_BROWSER: Act.OPTIONS,
        Action.USE_DEVICE_CODE: Act.OPTIONS,
        Action.CHOOSE_FILE: Act.SETTINGS,
        Action.MEND_FILE: Act.REMOVE,
        Action.MEND_FOLDER: Act.SETTINGS,
        Action.MEND_SETTINGS: Act.OWN_PROVIDERS,
        Action.LEAVE_STORE: Act.SETTINGS,
        Action.REPORT: Act.REPORT,
    }
)
# A mailbox with one of these errors has a button to sign in.
NAMES_SIGN_IN = (
    *SOLVED_BY_SIGN_IN,
    Action.CHANGE_PASSWORD,
    Action.CONFIRM_SERVER,
    Action.USE_BROWSER,
    Action.LEAVE_STORE,
)


def helps_as_it_was(action: Action) -> bool:
    """Whether a sign-in that has failed can be tried again without any change in the window."""
    return action in SOLVED_BY_SIGN_IN or action not in ACTS
