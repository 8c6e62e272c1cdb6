"""What is wrong with a registration of one's own before a server is asked, and with its file."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_OURS = "oauth2_imap"


def _usage(name: str, message: str, remedy: str) -> Verdict:
    """The user has to write something else; nothing was changed."""
    return Verdict(
        name, Kind.USAGE, Actor.YOU, Action.CORRECT_INPUT, message, remedy=remedy, source=_OURS
    )


REGISTER_TAKES = _usage(
    "register_takes",
    N_("The command register takes one provider and one address, and no other words"),
    N_("Name the provider first, then an address with a mailbox there."),
)
REGISTER_NEEDS_ADDRESS = _usage(
    "register_needs_address",
    N_("A registration is tested with a sign-in, and no address was given for it"),
    N_("Add the address of a mailbox at this provider."),
)
REGISTER_NEEDS_CLIENT_ID = _usage(
    "register_needs_client_id",
    N_("The client ID of the registration is missing"),
    N_("Follow the steps, then give the client ID that the provider shows."),
)
SHARING_TAKES_ONE_FILE = _usage(
    "sharing_takes_one_file",
    N_("An export and an import of a registration need one file, and no other words"),
    N_("Name the file."),
)
NOT_YOUR_OWN = _usage(
    "not_your_own_registration",
    N_("You have no registration of your own with the name {name}"),
    N_("Give the name under which your registration is saved."),
)
SEVERAL_HAVE_THE_NAME = _usage(
    "several_registrations_have_the_name",
    N_("You have a registration with the name {name} at several providers: {known}"),
    N_("Choose the provider too."),
)
NOT_ONE_REGISTRATION = _usage(
    "not_one_registration",
    N_("The file {file} does not hold exactly one registration"),
    N_("Ask for a file that oauth2_imap has exported."),
)
NOT_FOR_COLLEAGUES = _usage(
    "not_for_colleagues",
    N_("The file {file} sets {field}, which a file for colleagues can't set"),
    N_("Ask for a file that oauth2_imap has exported."),
)
NAME_IS_TAKEN = _usage(
    "registration_name_is_taken",
    N_("You already have the application {name} at {provider}, and it is not replaced"),
    N_("Import the registration under another name."),
)
IMPORT_NOT_CONFIRMED = _usage(
    "registration_import_not_confirmed",
    N_("Nobody has confirmed the servers of this registration"),
    N_("Check the servers. Then repeat the import and confirm it."),
)
EXPORT_FILE_EXISTS = _usage(
    "registration_export_exists",
    N_("The file {file} already exists"),
    N_("Choose another file name."),
)
EXPORT_NOT_WRITTEN = Verdict(
    "registration_export_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("The file {file} can't be written"),
    remedy=N_("Choose another folder."),
    source=_OURS,
)

VERDICTS: tuple[Verdict, ...] = tuple(
    value for value in globals().values() if isinstance(value, Verdict)
)
