"""Why a file of another program, or a part of it, can't be imported."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_DOCUMENTED = "docs/COMING_FROM.md"


def _import(
    name: str,
    message: str,
    explanation: str,
    remedy: str,
    action: Action = Action.NONE,
    *,
    kind: Kind = Kind.LOCAL,
    source: str = _DOCUMENTED,
) -> Verdict:
    """The file stays as it is, and the user can do something else."""
    return Verdict(name, kind, Actor.YOU, action, message, explanation, remedy, source)


# The whole file.
UNKNOWN_FILE = _import(
    "import_unknown_file",
    N_("oauth2_imap can't import this file: its kind is unknown"),
    N_(
        "Known are token files, scripts that call oauth2_imap, the files of mutt_oauth2 and "
        "email-oauth2-proxy, the token cache of msal, and the credentials of google-auth."
    ),
    N_("Sign in once."),
    Action.SIGN_IN,
)
FILE_UNREADABLE = _import(
    "import_file_unreadable",
    N_("{path} can't be read"),
    "",
    N_("Correct the path, or the permissions of the file."),
)
FILE_TOO_LARGE = _import(
    "import_file_too_large",
    N_("oauth2_imap can't import this file: it is too large to be a file with tokens"),
    "",
    N_("Choose the file in which the other program keeps its tokens."),
)
ENCRYPTED_WITH_PGP = _import(
    "import_encrypted_with_pgp",
    N_("oauth2_imap can't read this file: it is encrypted with OpenPGP"),
    N_("mutt_oauth2 keeps its tokens in such a file. Only your key can decrypt it."),
    N_("Decrypt the file with gpg, and pipe the result into the import."),
    Action.IMPORT_DECRYPTED,
    source="Debian, mutt 2.2.12: /usr/share/doc/mutt/examples/mutt_oauth2.py",
)
PYTHON_PICKLE = _import(
    "import_python_pickle",
    N_("oauth2_imap does not read this file: it is a Python pickle"),
    N_("Reading a pickle can run any program that is in it."),
    N_("Let your script save the credentials as JSON: credentials.to_json() returns the text."),
    source="https://docs.python.org/3/library/pickle.html",
)
SERVICE_ACCOUNT = _import(
    "import_service_account",
    N_("This file is the key of a Google service account. It contains no tokens"),
    N_("imapsync can use this file itself, without a token file."),
    N_("Give the file to imapsync as its password, with the authentication mechanism XOAUTH2."),
    source="https://github.com/imapsync/imapsync/blob/master/FAQ.d/FAQ.Gmail.txt",
)
CLIENT_FILE = _import(
    "import_client_file",
    N_("This file describes a registered application. It contains no tokens"),
    N_("It has the client ID {client_id} and its secret."),
    N_("Sign in with this client ID and this secret."),
    Action.MEND_REGISTRATION,
    source="https://developers.google.com/identity/protocols/oauth2/native-app",
)
NO_CALL = _import(
    "import_no_call",
    N_("The script does not start oauth2_imap with an address"),
    "",
    N_("Sign in once."),
    Action.SIGN_IN,
)
NO_MAILBOX = _import(
    "import_no_mailbox",
    N_("There is no mailbox in this file"),
    "",
    N_("Choose the file in which the other program keeps its tokens."),
)

# One mailbox in the file.
NO_ADDRESS = _import(
    "import_no_address",
    N_("The file does not say to which mailbox its tokens belong"),
    "",
    N_("Import the file again and give the address."),
    Action.GIVE_ADDRESS,
    kind=Kind.USAGE,
)
NO_CLIENT_ID = _import(
    "import_no_client_id",
    N_("The file does not say the client ID of the application that got its tokens"),
    N_("A provider accepts a refresh token only together with this client ID."),
    N_(
        "Import the file again and give the client ID, which is in the script that wrote the file. "
        "Or sign in once."
    ),
    Action.GIVE_CLIENT_ID,
    kind=Kind.USAGE,
    source="https://datatracker.ietf.org/doc/html/rfc6749#section-6",
)
NO_TOKENS = _import(
    "import_no_tokens",
    N_("The file contains no tokens of {address}"),
    "",
    N_("Sign in once."),
    Action.SIGN_IN,
)
TOKENS_UNUSABLE = _import(
    "import_tokens_unusable",
    N_("The tokens of {address} in this file do not look like tokens"),
    N_("Perhaps the file is damaged, or its tokens are encrypted."),
    N_("Sign in once."),
    Action.SIGN_IN,
)
TOKENS_EXPIRED = _import(
    "import_tokens_expired",
    N_("The file contains only an expired access token of {address}, and no refresh token"),
    "",
    N_("Sign in once."),
    Action.SIGN_IN,
)
TOKENS_FOR_OTHER_USE = _import(
    "import_tokens_for_other_use",
    N_("The tokens of {address} are not for mail"),
    N_("They are for these scopes: {scopes}."),
    N_("Sign in once."),
    Action.SIGN_IN,
    source="https://developers.google.com/gmail/imap/xoauth2-protocol",
)
ENCRYPTED_BY_PROXY = _import(
    "import_encrypted_by_proxy",
    N_("The tokens of {address} are encrypted"),
    N_(
        "email-oauth2-proxy encrypts them with the password that the mail program sends to it. "
        "oauth2_imap does not know this password."
    ),
    N_("Sign in once."),
    Action.SIGN_IN,
    source="https://github.com/simonrob/email-oauth2-proxy: emailproxy.py, class Cryptographer",
)
TOKENS_WITHOUT_SIGN_IN = _import(
    "import_tokens_without_sign_in",
    N_("email-oauth2-proxy gets the tokens of {address} without a sign-in"),
    N_(
        "The provider gives them to the application itself. This registration is not for the "
        "sign-in of a user, so it was not taken."
    ),
    N_("Sign in once, as a user who may open the mailbox."),
    Action.SIGN_IN,
    source="https://github.com/simonrob/email-oauth2-proxy: emailproxy.py, oauth2_flow",
)
ENCRYPTED_BY_DAVMAIL = _import(
    "import_encrypted_by_davmail",
    N_("The tokens of {address} are encrypted"),
    N_(
        "DavMail encrypts them with the password that the mail program sends to it. oauth2_imap "
        "does not know this password."
    ),
    N_("Sign in once."),
    Action.SIGN_IN,
    source="https://github.com/mguessan/davmail: src/java/davmail/Settings.java",
)
IN_SECRET_STORE = _import(
    "import_in_secret_store",
    N_("The refresh token of {address} is not in this file"),
    N_("It is in the secret store of the computer and the user that wrote the file."),
    N_("Sign in once."),
    Action.SIGN_IN,
)
EXAMPLE_VALUES = _import(
    "import_example_values",
    N_("The settings of {address} are still those of the example"),
    "",
    N_("Enter your own values in the file, or sign in once."),
    Action.SIGN_IN,
)
ADDRESS_IN_VARIABLE = _import(
    "import_address_in_variable",
    N_("The script takes an address from a variable that it does not set: {variables}"),
    N_("oauth2_imap reads a script, but does not run it."),
    N_("Sign in once for each of these addresses."),
    Action.SIGN_IN,
)
TOKEN_FILE_KEPT = _import(
    "import_token_file_kept",
    N_("There are other tokens of {address} already, in {path}"),
    N_("They can be refreshed, so they were not replaced."),
    N_("Import the file again, and replace the token file if the new tokens are better."),
    Action.REPLACE_FILE,
    kind=Kind.USAGE,
)

VERDICTS: tuple[Verdict, ...] = tuple(
    value for value in globals().values() if isinstance(value, Verdict)
)
