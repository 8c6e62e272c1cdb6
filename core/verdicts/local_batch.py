"""What is wrong with a list of mailboxes, or with one line of it.

No message repeats the text of a line: the list may contain passwords.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_DOCUMENTED = "docs/COMMAND_LINE.md"


def _list(name: str, message: str, explanation: str, remedy: str) -> Verdict:
    """The user has to correct the list; the other lines are not affected."""
    return Verdict(
        name,
        Kind.USAGE,
        Actor.YOU,
        Action.CORRECT_INPUT,
        message,
        explanation,
        remedy,
        source=_DOCUMENTED,
    )


# The whole list.
LIST_UNREADABLE = Verdict(
    "list_unreadable",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("{path} can't be read"),
    "",
    N_("Correct the path, or the permissions of the file."),
    source=_DOCUMENTED,
)
REPORT_NOT_WRITTEN = Verdict(
    "batch_report_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("The report {path} can't be written"),
    N_("The tokens are saved. The report is written beside the list."),
    N_("Copy the list into a folder in which you can write, and run the command again."),
    source=_DOCUMENTED,
)
SCRIPT_NOT_WRITTEN = Verdict(
    "batch_script_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("The script {path} can't be written"),
    N_("The tokens are saved."),
    N_("Choose a folder in which you can write, and run the command again."),
    source=_DOCUMENTED,
)
SCRIPT_OF_UNKNOWN_KIND = _list(
    "batch_script_of_unknown_kind",
    N_("The name of the script does not say its kind"),
    "",
    N_("Give it a name with one of these endings: {suffixes}."),
)
LIST_WITHOUT_PAIRS = _list(
    "list_without_pairs",
    N_("The list names no pairs of mailboxes, so there is no script for it"),
    N_("The columns of a pair are host1, user1, password1, host2, user2 and password2."),
    N_("Add these columns. Or give the source and the destination of an address a side each."),
)
LIST_TOO_LARGE = _list(
    "list_too_large",
    N_("The list is too large"),
    N_("It has more than 32 million bytes."),
    N_("Divide it into several lists."),
)
LIST_EMPTY = _list(
    "list_empty",
    N_("The list has no lines with mailboxes"),
    "",
    N_("Add a line for each mailbox."),
)
LIST_WITHOUT_HEADER = _list(
    "list_without_header",
    N_("The first line of the list does not name its columns"),
    N_(
        "It must name the column address, or the columns host1, user1, host2 and user2 as for "
        "imapsync."
    ),
    N_("Add a first line with the names of the columns."),
)
LIST_COLUMN_TWICE = _list(
    "list_column_twice",
    N_("The first line of the list names the column {column} twice"),
    "",
    N_("Rename or remove one of the two columns."),
)

# One line.
LINE_OF_OTHER_LENGTH = _list(
    "line_of_other_length",
    N_("The line has {count} fields, but the list has {columns} columns"),
    N_("Perhaps a field contains the separator."),
    N_("Write a field with the separator in double quotes."),
)
LINE_BADLY_QUOTED = _list(
    "line_badly_quoted",
    N_("The double quotes in the line do not match"),
    "",
    N_("Write a field with a double quote in double quotes, and double the quote inside."),
)
LINE_BADLY_ENCODED = _list(
    "line_badly_encoded",
    N_("The line has bytes that are not UTF-8 text"),
    "",
    N_("Save the list as UTF-8."),
)
LINE_WITHOUT_VALUE = _list(
    "line_without_value",
    N_("The line has no value for {column}"),
    "",
    N_("Add the value."),
)
LINE_WITH_WRONG_SIDE = _list(
    "line_with_wrong_side",
    N_("The side must be 1 or 2"),
    N_("Side 1 is the source, and side 2 the destination."),
    N_("Correct the side, or leave the field empty."),
)
LINE_WITH_USED_FILE = _list(
    "line_with_used_file",
    N_("Another line has the same token file, but another mailbox"),
    N_("A token file belongs to one mailbox."),
    N_("Name another token file, or leave the field empty."),
)
LINE_WITH_UNKNOWN_PROVIDER = _list(
    "line_with_unknown_provider",
    N_("There is no provider with the name in this line"),
    "",
    N_("Correct the name, or leave the field empty."),
)
LINE_WITH_UNKNOWN_GRANT = _list(
    "line_with_unknown_grant",
    N_("No application of the provider uses the grant of this line"),
    "",
    N_("Name the application in the list, or set the grant in your providers.toml."),
)
LINE_WITH_SEVERAL_APPLICATIONS = _list(
    "line_with_several_applications",
    N_("Several applications use the grant of this line: {names}"),
    "",
    N_("Name the application in the list."),
)
LINE_WITH_SECRET_OPTION = _list(
    "line_with_secret_option",
    N_("The options in the line contain a password"),
    N_("Other users of the computer can read a password on a command line."),
    N_("Write the password in the column password1 or password2."),
)

VERDICTS: tuple[Verdict, ...] = tuple(
    value for value in globals().values() if isinstance(value, Verdict)
)
