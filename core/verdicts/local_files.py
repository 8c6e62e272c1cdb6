"""Faults of files on this computer: token files, their locks, copies and folders, secret stores.

The report, the log and faults of the program itself are here too. Each entry is raised by name.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

# Token files: reading.
TOKEN_FILE_UNREADABLE = Verdict(
    "token_file_unreadable",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{path} can't be read"),
    N_("You are not allowed to read it, or it is a pipe, a device or a folder."),
    N_("Correct the permissions of the file, or choose another token file."),
    source="https://man7.org/linux/man-pages/man2/open.2.html",
)
TOKEN_FILE_EMPTY = Verdict(
    "token_file_empty",
    Kind.LOCAL,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("{path} contains no token"),
    "",
    N_("Sign in again."),
    source="oauth2_imap",
)
TOKEN_FILE_TOO_LARGE = Verdict(
    "token_file_too_large",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{path} is too large for a token file"),
    N_("Probably the file contains something else."),
    N_("Move the file away, or choose another token file."),
    source="oauth2_imap",
)
TOKEN_FILE_NOT_TEXT = Verdict(
    "token_file_not_text",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{path} is not a token file: it does not contain text in UTF-8"),
    N_("PowerShell 5 writes UTF-16. A failed disk or an interrupted copy leaves zero bytes."),
    N_("Repair the file, move it away, or choose another token file."),
    source="oauth2_imap",
)
TOKEN_FILE_WITHOUT_TOKENS = Verdict(
    "token_file_without_tokens",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{path} is not a token file: its first two lines are not tokens"),
    N_("The first line is the access token and the second line is the refresh token."),
    N_("Repair the file, move it away, or choose another token file."),
    source="oauth2_imap",
)
TOKEN_TOO_LONG = Verdict(
    "token_too_long",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{path} has a token that is too long: {length} characters"),
    N_("The tokens of all known providers are much shorter."),
    N_("Repair the file, move it away, or choose another token file."),
    source="oauth2_imap",
)
TOKEN_FILE_WITH_MORE_LINES = Verdict(
    "token_file_with_more_lines",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{path} is not a token file: it has more than two lines that do not begin with #"),
    "",
    N_("Repair the file, move it away, or choose another token file."),
    source="oauth2_imap",
)
TOKEN_FILE_OF_OTHER_FORMAT = Verdict(
    "token_file_of_other_format",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{path} is not a token file: it is written in another format"),
    N_("Perhaps the file is JSON or HTML. imapsync needs a first line with only the token."),
    N_("Repair the file, move it away, or choose another token file."),
    source="oauth2_imap",
)
LINK_TO_OTHER_FOLDER = Verdict(
    "link_to_other_folder",
    Kind.LOCAL,
    Actor.YOU,
    Action.CHOOSE_FILE,
    N_("{path} is a link to a file in another folder"),
    N_(
        "Each refresh replaces the token file. This works with a link only if the file is in the "
        "same folder."
    ),
    N_("Choose the file itself, not the link."),
    source="oauth2_imap",
)
# Token files: whose they are.
TOKEN_FILE_OF_ANOTHER = Verdict(
    "token_file_of_another",
    Kind.REFUSED_ACCOUNT,
    Actor.YOU,
    Action.CHOOSE_FILE,
    N_("{path} belongs to {account}, not to {address}"),
    N_("oauth2_imap does not use or replace the token file of another account."),
    N_("Choose another token file, or give the address that the file belongs to."),
    source="oauth2_imap",
)
TOKEN_FILE_OF_OTHER_PROVIDER = Verdict(
    "token_file_of_other_provider",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_FILE,
    N_("The token file contains tokens of {other}, not of {provider}"),
    N_(
        "oauth2_imap never sends tokens to another provider, and never replaces them with tokens "
        "of another provider."
    ),
    N_("Choose another token file, or do not choose a provider."),
    source="oauth2_imap",
)
SEVERAL_TOKEN_FILES = Verdict(
    "several_token_files",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_PROVIDER,
    N_("There are several token files for {address}"),
    N_("The token files in {folder} are: {files}."),
    N_("Choose the provider, or choose the token file."),
    source="oauth2_imap",
)
NO_TOKEN_FILE = Verdict(
    "no_token_file",
    Kind.LOCAL,
    Actor.YOU,
    Action.CHOOSE_FILE,
    N_("There is no token file of {address} to delete"),
    N_("The program looked for {path}."),
    N_("Choose the token file, or go to the folder that contains the folder `tokens`."),
    source="oauth2_imap",
)
# Token files: locks, saving, deleting.
TOKEN_FILE_IN_USE = Verdict(
    "token_file_in_use",
    Kind.PASSING,
    Actor.YOU,
    Action.WAIT,
    N_("Another program uses {path}"),
    N_("Only one program at a time can refresh a token file. The others must wait."),
    N_("Wait until the other program has finished, or end it. Then try again."),
    source="oauth2_imap",
)
TOKEN_FILE_NOT_LOCKED = Verdict(
    "token_file_not_locked",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("{path} can't be locked"),
    N_("The program needs to create a lock file in the same folder."),
    N_("Change the permissions so that you can write in the folder, or choose another token file."),
    source="oauth2_imap",
)
FOLDER_NOT_MADE = Verdict(
    "folder_not_made",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("{folder} can't be created"),
    "",
    N_("Go to a folder where you are allowed to write, or choose another token file."),
    source="https://man7.org/linux/man-pages/man2/mkdir.2.html",
)
NO_ROOM_FOR_TOKEN = Verdict(
    "no_room_for_token",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("A new token can't be saved in {path}, so no token was requested"),
    N_("The disk is full, or you are not allowed to write in the folder."),
    N_("Free some space, or correct the permissions of the folder. Then try again."),
    source="oauth2_imap",
)
TOKEN_FILE_IS_MOUNTED = Verdict(
    "token_file_is_mounted",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("{path} is mounted as a single file, so it can't be replaced"),
    N_("Docker can mount a file or a folder. Only a file in a mounted folder can be replaced."),
    N_("Mount the folder, not the file."),
    source="https://man7.org/linux/man-pages/man2/rename.2.html (EBUSY)",
)
TOKENS_FOLDER_UNREADABLE = Verdict(
    "tokens_folder_unreadable",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("The folder of the token files can't be read: {folder}"),
    N_("Token files that are in it can't be found."),
    N_("Correct the permissions of the folder, or choose another one."),
    source="https://man7.org/linux/man-pages/man2/open.2.html",
)
TOKENS_NOT_WRITTEN = Verdict(
    "tokens_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("A disk error occurred while the new tokens were saved in {path}"),
    "",
    N_("Check the disk, then try again. You may have to sign in again."),
    source="https://man7.org/linux/man-pages/man2/write.2.html",
)
TOKENS_WRITTEN_ELSEWHERE = Verdict(
    "tokens_written_elsewhere",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("The new tokens could not be saved in {path}, so they are in {new_file} now"),
    N_("The disk or the folder of the token file failed while they were written."),
    N_("Check the disk, then try again: the program then moves the tokens into the token file."),
    source="oauth2_imap",
)
READERS_WOULD_LOSE_ACCESS = Verdict(
    "readers_would_lose_access",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("{path} belongs to another user or group, who could not read it after a refresh"),
    N_("Only its owner or root can keep its owner and its group. Nothing was sent."),
    N_("Run the program as the owner of the file, or sign in again to get a file of your own."),
    source="https://man7.org/linux/man-pages/man2/chown.2.html",
)
FOLDER_OPEN_TO_OTHERS = Verdict(
    "folder_open_to_others",
    Kind.LOCAL,
    Actor.ADMINISTRATOR,
    Action.MEND_FOLDER,
    N_("Other users can write in {folder}, so root does not refresh {path} there"),
    N_("They could replace the token file while root writes it, and get the tokens."),
    N_("Run the program as the owner of the file, or let only the owner write in the folder."),
    source="https://man7.org/linux/man-pages/man7/symlink.7.html",
)
TOKEN_FILE_NOT_REPLACED = Verdict(
    "token_file_not_replaced",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("{path} can't be replaced, so the new tokens are still in {new_file}"),
    N_("Another program has the file open, or you are not allowed to write in the folder."),
    N_(
        "Close the other program, or correct the permissions of the folder. Then try again: "
        "oauth2_imap uses the tokens in the new file."
    ),
    source="https://man7.org/linux/man-pages/man2/rename.2.html",
)
NEW_FILE_UNUSABLE = Verdict(
    "new_file_unusable",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FILE,
    N_("{new_file} can't be read, and it may contain newer tokens"),
    N_("Earlier, oauth2_imap was interrupted before it could replace the token file."),
    N_("Correct the permissions of that file, or delete it."),
    source="oauth2_imap",
)
COPY_NOT_WRITTEN = Verdict(
    "copy_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("{path} can't be copied, so it was not changed"),
    N_("Before a change, the program keeps what is in the file as a copy in the same folder."),
    N_("Free some space, or correct the permissions of the folder."),
    source="oauth2_imap",
)
FILE_NOT_DELETED = Verdict(
    "file_not_deleted",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("{file} can't be deleted"),
    N_("Another program has the file open, or you are not allowed to write in the folder."),
    N_("Close the other program, or correct the permissions of the folder. Then try again."),
    source="https://man7.org/linux/man-pages/man2/unlink.2.html",
)
CURRENT_FOLDER_GONE = Verdict(
    "current_folder_gone",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("The current folder does not exist any more"),
    "",
    N_("Go to another folder, then try again."),
    source="https://man7.org/linux/man-pages/man3/getcwd.3.html",
)
# Secret stores.
STORE_LOCKED = Verdict(
    "store_locked",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("The system's secret store is locked"),
    N_(
        "oauth2_imap does not ask for the password of the store, because a refresh can run when "
        "nobody is at the computer."
    ),
    N_(
        "Unlock the store: log in to the desktop, or open its password manager. Or sign in again "
        "without the store."
    ),
    source="https://specifications.freedesktop.org/secret-service-spec/",
)
STORE_WITHOUT_KEYRING = Verdict(
    "store_without_keyring",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("The system's secret store has no keyring yet"),
    "",
    N_(
        "Create a keyring: log in to the desktop, or open its password manager. Or sign in again "
        "without the store."
    ),
    source="https://specifications.freedesktop.org/secret-service-spec/",
)
NO_STORE = Verdict(
    "no_store",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("The system's secret store does not answer"),
    N_(
        "On Linux, the secret store is the Secret Service. It runs in a desktop session and is "
        "reached over D-Bus."
    ),
    N_(
        "Run oauth2_imap in a desktop session, or start dbus-run-session with "
        "gnome-keyring-daemon. Or sign in again without the store."
    ),
    source="https://specifications.freedesktop.org/secret-service-spec/",
)
STORE_UNRELIABLE = Verdict(
    "store_unreliable",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("The system's secret store does not return what was saved in it"),
    N_("The program saved a random text in the store as a test, but could not read it again."),
    N_("Repair the store, or sign in again without it."),
    source="oauth2_imap",
)
KEYCHAIN_REFUSED = Verdict(
    "keychain_refused",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("The keychain does not let oauth2_imap use its entry"),
    "",
    N_(
        "Unlock the login keychain and allow oauth2_imap to use it. Or sign in again without the "
        "keychain."
    ),
    source="https://developer.apple.com/documentation/security/keychain-services; not verified",
)
_DPAPI = "https://learn.microsoft.com/windows/win32/api/dpapi/nf-dpapi-cryptunprotectdata"
PROTECTED_TOKEN_UNREADABLE = Verdict(
    "protected_token_unreadable",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("Windows can't decrypt the protected refresh token"),
    N_("Only the user who signed in can decrypt it, and only on the same computer."),
    N_("Run oauth2_imap as the user who signed in. Or sign in again without the protection."),
    source=_DPAPI,
)
PROTECTED_TOKEN_NOT_WRITTEN = Verdict(
    "protected_token_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("The protected refresh token can't be saved (Windows data protection)"),
    "",
    N_("Run oauth2_imap as the user who signed in. Or sign in again without the protection."),
    source=_DPAPI,
)
PROTECTED_TOKEN_NOT_DELETED = Verdict(
    "protected_token_not_deleted",
    Kind.LOCAL,
    Actor.YOU,
    Action.LEAVE_STORE,
    N_("The protected refresh token can't be deleted (Windows data protection)"),
    N_("Perhaps another program has the file of the token open."),
    N_("Close the other program. Then run oauth2_imap as the user who signed in."),
    source=_DPAPI,
)
STORE_ENTRY_OF_ANOTHER = Verdict(
    "store_entry_of_another",
    Kind.LOCAL,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("The token file of {address} refers to a secret of another mailbox or provider"),
    N_("Probably somebody has changed the file."),
    N_("Delete the token file and sign in again."),
    source="oauth2_imap",
)
# The report, the log, the program itself.
REPORT_NOT_WRITTEN = Verdict(
    "report_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("The report can't be written to {folder}"),
    "",
    N_("Choose a folder where you are allowed to write."),
    source="oauth2_imap",
)
LOG_UNREADABLE = Verdict(
    "log_unreadable",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("The log can't be read"),
    "",
    N_("Send the report without the log."),
    source="oauth2_imap",
)
WINDOW_SETTINGS_UNREADABLE = Verdict(
    "window_settings_unreadable",
    Kind.LOCAL,
    Actor.YOU,
    Action.NONE,
    N_("The settings of the window can't be read"),
    "",
    N_("Send the report without the settings."),
    source="oauth2_imap",
)
NO_CERTIFICATE = Verdict(
    "no_certificate",
    Kind.LOCAL,
    Actor.YOU,
    Action.CHECK_NETWORK,
    N_("{host} showed no certificate"),
    "",
    N_("You can send the report without the certificate."),
    source="oauth2_imap",
)
INTERNAL_ERROR = Verdict(
    "internal_error",
    Kind.LOCAL,
    Actor.YOU,
    Action.REPORT,
    N_("Internal error in oauth2_imap"),
    "",
    N_("Please create a report with oauth2_imap and send it to its developers."),
    source="oauth2_imap",
)
FILE_LOCK_REFUSED = Verdict(
    "file_lock_refused",
    Kind.LOCAL,
    Actor.ADMINISTRATOR,
    Action.CHOOSE_FILE,
    N_("The file system of {path} refuses to lock files"),
    N_(
        "Without a lock, two programs could use the same refresh token at the same time. Some "
        "network drives, FUSE file systems and container volumes have no locks."
    ),
    N_(
        "Choose a token file on a local disk, or ask the administrator to allow file locks on this "
        "file system."
    ),
    source="https://man7.org/linux/man-pages/man2/flock.2.html; seen: ENOLCK, ENOSYS, EOPNOTSUPP",
)

# A note for errors of a revocation.
NOTHING_DELETED = N_(
    "Nothing was deleted. You can also delete the files without revoking the tokens."
)

VERDICTS: tuple[Verdict, ...] = (
    TOKEN_FILE_UNREADABLE,
    TOKEN_FILE_EMPTY,
    TOKEN_FILE_TOO_LARGE,
    TOKEN_FILE_NOT_TEXT,
    TOKEN_FILE_WITHOUT_TOKENS,
    TOKEN_TOO_LONG,
    TOKEN_FILE_WITH_MORE_LINES,
    TOKEN_FILE_OF_OTHER_FORMAT,
    LINK_TO_OTHER_FOLDER,
    TOKEN_FILE_OF_ANOTHER,
    TOKEN_FILE_OF_OTHER_PROVIDER,
    SEVERAL_TOKEN_FILES,
    NO_TOKEN_FILE,
    TOKEN_FILE_IN_USE,
    TOKEN_FILE_NOT_LOCKED,
    FOLDER_NOT_MADE,
    NO_ROOM_FOR_TOKEN,
    TOKEN_FILE_IS_MOUNTED,
    TOKENS_FOLDER_UNREADABLE,
    TOKENS_NOT_WRITTEN,
    TOKENS_WRITTEN_ELSEWHERE,
    READERS_WOULD_LOSE_ACCESS,
    FOLDER_OPEN_TO_OTHERS,
    TOKEN_FILE_NOT_REPLACED,
    NEW_FILE_UNUSABLE,
    COPY_NOT_WRITTEN,
    FILE_NOT_DELETED,
    CURRENT_FOLDER_GONE,
    STORE_LOCKED,
    STORE_WITHOUT_KEYRING,
    NO_STORE,
    STORE_UNRELIABLE,
    KEYCHAIN_REFUSED,
    PROTECTED_TOKEN_UNREADABLE,
    PROTECTED_TOKEN_NOT_WRITTEN,
    PROTECTED_TOKEN_NOT_DELETED,
    STORE_ENTRY_OF_ANOTHER,
    REPORT_NOT_WRITTEN,
    LOG_UNREADABLE,
    WINDOW_SETTINGS_UNREADABLE,
    NO_CERTIFICATE,
    INTERNAL_ERROR,
    FILE_LOCK_REFUSED,
)
