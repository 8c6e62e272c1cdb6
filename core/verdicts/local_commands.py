"""What is wrong with a command line, and what only the command line, `run` or the window can meet.

A usage error may name the option that was typed: it is what the message is about.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_OURS = "oauth2_imap"


def _usage(name: str, message: str, remedy: str, action: Action = Action.CORRECT_INPUT) -> Verdict:
    """The user has to write something else; nothing was tried."""
    return Verdict(name, Kind.USAGE, Actor.YOU, action, message, remedy=remedy, source=_OURS)


CANCELLED = Verdict(
    "cancelled",
    Kind.CANCELLED,
    Actor.NOBODY,
    Action.NONE,
    N_("Cancelled"),
    source=_OURS,
)

# How options are written.
UNKNOWN_OPTION = _usage(
    "unknown_option",
    N_("There is no option {option}"),
    N_("Look for the name in the help."),
    Action.READ_HELP,
)
UNREADABLE_OPTION = _usage(  # what was typed may be a secret, so the message doesn't repeat it
    "unreadable_option",
    N_("A word begins with a dash, but it is not an option"),
    N_("Look for the name of the option in the help."),
    Action.READ_HELP,
)
AMBIGUOUS_OPTION = _usage(
    "ambiguous_option",
    N_("{option} can mean several options: {candidates}"),
    N_("Write the full name of the option."),
)
OPTION_TAKES_NO_VALUE = _usage(
    "option_takes_no_value",
    N_("{option} takes no value"),
    N_("Remove the equals sign and the text after it."),
)
OPTION_NEEDS_VALUE = _usage(
    "option_needs_value",
    N_("{option} needs a value, but no value comes after it"),
    N_("Write {option} {value}."),
)
OPTION_NEEDS_MINUTES = _usage(
    "option_needs_minutes",
    N_("{option} needs a number of minutes greater than 0, for example {example}"),
    N_("Correct the number."),
)
OPTION_NEEDS_MINUTES_OR_0 = _usage(
    "option_needs_minutes_or_0",
    N_("{option} needs a number of minutes, 0 or more, for example {example}"),
    N_("Correct the number."),
)
OPTION_NEEDS_SECONDS = _usage(
    "option_needs_seconds",
    N_("{option} needs a number of seconds greater than 0, for example {example}"),
    N_("Correct the number."),
)
OPTION_NEEDS_WHOLE_NUMBER = _usage(
    "option_needs_whole_number",
    N_("{option} needs a whole number, for example {example}"),
    N_("Correct the number."),
)
OPTION_TOO_LARGE = _usage(
    "option_too_large",
    N_("The number after {option} is too large"),
    N_("Choose a number of {largest} or less."),
)
LANGUAGE_UNKNOWN = _usage(
    "language_unknown",
    N_("oauth2_imap does not speak the language {name}"),
    N_("Choose one of these languages: {known}."),
)
SIDE_NOT_1_OR_2 = _usage(
    "side_not_1_or_2",
    N_("--side must be 1 (source) or 2 (destination)"),
    N_("Write --side 1 or --side 2."),
)

# Which options and words go together.
NO_ADDRESS = _usage(
    "no_address",
    N_("No e-mail address was given"),
    N_("Add the address of the mailbox, like you@example.com."),
    Action.READ_HELP,
)
NOT_A_COMMAND = _usage(
    "not_a_command",
    N_("The first word is neither an e-mail address nor a command"),
    N_("Begin with an address like you@example.com, or with one of these commands: {commands}."),
    Action.READ_HELP,
)
OPTION_OF_A_COMMAND = _usage(
    "option_of_a_command",
    N_("{option} works only with the command {command}"),
    N_("Remove {option}, or use it with that command."),
    Action.READ_HELP,
)
OPTION_FOR_ONE_ADDRESS = _usage(
    "option_for_one_address",
    N_("{option} can be used with one address only, but {count} addresses were given"),
    N_("Run the command once for each address."),
)
OPTIONS_EXCLUDE = _usage(
    "options_exclude",
    N_("{option} and {other} can't be used together"),
    N_("Remove one of them."),
)
OPTION_NEEDS_LOOP = _usage(
    "option_needs_loop",
    N_("{option} works only with --loop"),
    N_("Add --loop, or remove {option}."),
)
OPTION_NEEDS_CHECK = _usage(
    "option_needs_check",
    N_("With this command, {option} works only with --check"),
    N_("Add --check, or remove {option}."),
)
FORGET_TAKES_ONE_ADDRESS = _usage(
    "forget_takes_one_address",
    N_("The command forget needs one address, but {count} words were given"),
    N_("Run the command once for each address."),
)
REQUEST_TAKES_ONE_ADDRESS = _usage(
    "request_takes_one_address",
    N_("The command request needs one address, but {count} words were given"),
    N_("Run the command once for each address."),
)
COMMAND_TAKES_NOTHING = _usage(
    "command_takes_nothing",
    N_("The command {command} can't be used with other words"),
    N_("Remove the words after the command."),
)
ADMIN_ONLY_MICROSOFT = _usage(
    "admin_only_microsoft",
    N_("The command admin is for Microsoft 365, and not for {provider}"),
    N_("Remove --provider, or choose one of Microsoft's clouds."),
)
ADMIN_CHECK_NEEDS_ADDRESS = _usage(
    "admin_check_needs_address",
    N_("The command admin --check needs an address"),
    N_("Write one or more addresses after the command."),
)
SCHEDULE_FOR_WHAT = _usage(
    "schedule_for_what",
    N_("The command schedule needs --for with one of these names: {names}"),
    N_("Add --for NAME."),
)
SCHEDULE_EVERY = _usage(
    "schedule_every",
    N_("The command schedule can't use --every {minutes}"),
    N_("Choose one of these numbers of minutes: {numbers}."),
)
SCHEDULE_UNWRITABLE = _usage(
    "schedule_unwritable",
    N_("{name} can't start a command with this text in it: {text}"),
    N_("Use a folder and a file whose names have only letters, digits, dots and dashes."),
)
SCHEDULE_FILE_EXISTS = _usage(
    "schedule_file_exists",
    N_("{path} is there already, with another content"),
    N_("Delete the file, or choose another folder with --to."),
)
SCHEDULE_NOT_INSTALLED = _usage(
    "schedule_not_installed",
    N_("There is no program oauth2_imap that {name} could start"),
    N_("Install oauth2_imap as its README says, and run this command with the installed program."),
)
SCHEDULE_NOT_WRITTEN = Verdict(
    "schedule_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("{path} can't be written"),
    remedy=N_("Choose a folder in which you can write with --to."),
    source=_OURS,
)
BATCH_NEEDS_FILE = _usage(
    "batch_needs_file",
    N_("The command batch needs one file with a list of mailboxes"),
    N_("Write the file after the command."),
)
HOOK_UNREADABLE = _usage(
    "hook_unreadable",
    N_("The command of {option} has a quote without an end"),
    N_("Write the second quote. A quote that belongs to a word needs quotes around it."),
)
HOOK_NOT_FOUND = _usage(
    "hook_not_found",
    N_("{option} can't start {program}: there is no such program, or it is not executable"),
    N_("Write the whole path of the program. For a script, write its interpreter before it."),
)
DETECT_NEEDS_ADDRESS = _usage(
    "detect_needs_address",
    N_("The command detect needs an address"),
    N_("Write one or more addresses after the command."),
)
TOKEN_FILE_WITHOUT_ADDRESS = _usage(
    "token_file_without_address",
    N_("The token file {path} does not say which mailbox it belongs to"),
    N_("Add the address of the mailbox to the command."),
)

# Where the token files are.
NO_TOKEN_FILES = Verdict(
    "no_token_files",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN,
    N_("There is no token file in {folder}"),
    N_("Nobody has signed in yet, or the token files are in another folder."),
    N_("Sign in first, or go to the folder where you signed in."),
    _OURS,
)
NO_TOKEN_FILE_OF = Verdict(
    "no_token_file_of",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN,
    N_("There is no token file of {address} in {folder}"),
    N_("Nobody has signed in yet, or the token file is in another folder."),
    N_("Sign in first, or go to the folder where you signed in."),
    _OURS,
)
NO_SUCH_TOKEN_FILE = Verdict(
    "no_such_token_file",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN,
    N_("There is no token file {path}"),
    N_("Nobody has signed in yet, or the file is in another folder."),
    N_("Check the path, or sign in first."),
    _OURS,
)

# When refreshing stops.
UNTIL_UNREADABLE = _usage(
    "until_unreadable",
    N_("--until needs a time or a duration"),
    N_("Write a time like 18:30 or 2026-01-31T18:30, or a duration like 8h or 1h30m."),
)
UNTIL_PAST = _usage(
    "until_past",
    N_("The time after --until is in the past: {time}"),
    N_("Write a later time."),
)
UNTIL_TOO_FAR = _usage(
    "until_too_far",
    N_("The time after --until is more than a year away: {time}"),
    N_("Write an earlier time."),
)
NO_SUCH_PROCESS = _usage(
    "no_such_process",
    N_("The process {pid} does not exist or can't be watched"),
    N_("Give the number of a process that is running now and that belongs to you."),
)

# `run` and the lines for imapsync.
OPTION_NOT_WITH_RUN = _usage(
    "option_not_with_run",
    N_("{option} can't be used with the command run"),
    N_("Remove {option}. Options of imapsync come after the two dashes."),
)
RUN_NEEDS_COMMAND = _usage(
    "run_needs_command",
    N_("The command run needs two dashes and then the command of imapsync"),
    N_("Write the two dashes and the command after the addresses."),
    Action.READ_HELP,
)
RUN_TAKES_TWO_MAILBOXES = _usage(
    "run_takes_two_mailboxes",
    N_("The command run needs one or two mailboxes, but {count} were given"),
    N_("Write the addresses before the two dashes, or as --user1 and --user2 of imapsync."),
)
PROGRAM_NOT_FOUND = _usage(
    "program_not_found",
    N_("The program {program} was not found on this computer"),
    N_("Install imapsync, or write its whole path after the two dashes."),
)
SIDE_FOR_ONE_MAILBOX = _usage(
    "side_for_one_mailbox",
    N_("--side can be used with one mailbox only, but two mailboxes were given"),
    N_("Remove --side, and write the source first and the destination second."),
)
SIDE_UNKNOWN = _usage(
    "side_unknown",
    N_("The command does not say whether {address} is the source or the destination"),
    N_("Add --side 1 (source) or --side 2 (destination) before the two dashes."),
)
PROGRAM_NOT_STARTED = Verdict(
    "program_not_started",
    Kind.LOCAL,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The program {program} can't be started"),
    "",
    N_("Check the command after the two dashes."),
    _OURS,
)
REFRESHING_ENDED = Verdict(
    "refreshing_ended",
    Kind.LOCAL,
    Actor.YOU,
    Action.REPORT,
    N_("Internal error: oauth2_imap no longer refreshes the tokens"),
    N_("imapsync continues until its access token expires."),
    N_("Restart oauth2_imap. Please report the error: the log shows what happened."),
    _OURS,
)
NO_SCRIPT_FOR_BATCH_FILE = _usage(
    "no_script_for_batch_file",
    N_("The chosen imapsync is a batch file, and a script can't go on after it: {path}"),
    N_("Choose an imapsync that is a program, or copy the commands."),
)
NOT_FROM_DOCKER = _usage(
    "not_from_docker",
    N_("imapsync in Docker can't start a program on this computer"),
    N_("Keep oauth2_imap open while imapsync runs. It refreshes the token file."),
)
FOLDER_NOT_SEEN = _usage(
    "folder_not_seen",
    N_("{shell} has no access to {path}"),
    N_("Keep the token files on a drive of this computer (C:, D: …)."),
)


# The window.
WINDOW_NOT_SHOWN = _usage(
    "window_not_shown",
    N_("The window can't be shown, because Qt can't use this screen"),
    N_(
        "On Debian and Ubuntu, the package libxcb-cursor0 is often missing. Install it with: sudo "
        "apt install libxcb-cursor0. The command line works without a window."
    ),
    Action.NONE,
)
LOG_NOT_SAVED = Verdict(
    "log_not_saved",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("The log can't be saved as {path}"),
    "",
    N_("Choose another folder."),
    _OURS,
)
AUTOSTART_NOT_CHANGED = Verdict(
    "autostart_not_changed",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("The setting to start at login can't be changed"),
    "",
    N_("After each restart of the computer, start oauth2_imap yourself."),
    _OURS,
)
RUN_WITHOUT_DASHES = _usage(
    "run_without_dashes",
    N_("The two dashes before the command of imapsync are missing"),
    N_("Write two dashes before it, for example: you@example.com -- imapsync --automap."),
    Action.READ_HELP,
)
PROGRAM_NOT_EXECUTABLE = _usage(
    "program_not_executable",
    N_("The file {program} is there, but it is not an executable program"),
    N_(
        "Make the file executable. If it is a script, you can also write its interpreter before "
        "it, for example perl."
    ),
)

# More on which options and words go together.
OPTION_NOT_TAKEN = _usage(
    "option_not_taken",
    N_("{option} can't be used with {command}, because it would have no effect"),
    N_("Remove {option}."),
)
MIN_LEFT_ALONE = _usage(
    "min_left_alone",
    N_("--min_left works only with --refresh_only or --print_token"),
    N_("Add one of these options, or remove --min_left."),
)
OPTION_RAN_TESTS = _usage(
    "option_ran_tests",
    N_("There is no option {option}: it ran the tests of the Perl script itself"),
    N_("Remove the option. --demo shows whether oauth2_imap works on this computer."),
)
OLD_POSITIONAL_FORM = _usage(
    "old_positional_form",
    N_("Only other addresses can follow an address, not a token file"),
    N_("Give the token file with its option. Remove other words after the address."),
    Action.USE_COMMAND,
)
TOKEN_FILE_OF_OTHER_ADDRESS = _usage(
    "token_file_of_other_address",
    N_("The token file {path} does not belong to {address}"),
    N_("Remove the address, or give the token file of this address."),
)
IMPORT_NEEDS_FILES = _usage(
    "import_needs_files",
    N_("The command import needs a file"),
    N_("Name the files of the other program. - stands for the standard input."),
)
DEMO_TAKES_NOTHING = _usage(
    "demo_takes_nothing",
    N_("--demo can't be used with an address or another word"),
    N_("Remove the words. The demo has an address of its own."),
)

VERDICTS: tuple[Verdict, ...] = tuple(
    value for value in globals().values() if isinstance(value, Verdict)
)
