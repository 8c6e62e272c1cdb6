"""What a registration lacks to get tokens without a user."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_GRANT = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"

SECRET_MISSING = Verdict(
    "app_only_secret_missing",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.GIVE_SECRET,
    N_("The client secret of {application} is missing"),
    N_("The application gets its tokens without a user, so it must show who it is."),
    N_("Give the client secret."),
    source=_GRANT,
)
TENANT_NOT_ONE = Verdict(
    "app_only_tenant_not_one",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.CHOOSE_TENANT,
    N_('The tenant "{tenant}" is not one organisation'),
    N_(
        "Without a user, a token is for the mailboxes of one organisation, which has allowed the "
        "application."
    ),
    N_("Give the domain or the tenant ID of the organisation."),
    source=_GRANT,
)
_CERTIFICATE = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"

CERTIFICATE_UNREADABLE = Verdict(
    "app_only_certificate_unreadable",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The certificate file {file} can't be read"),
    N_("The application signs with the key in this file. Without it there is no token."),
    N_("Check that the file exists and that this user may read it. Or correct its path."),
    source="oauth2_imap",
)
CERTIFICATE_UNUSABLE = Verdict(
    "app_only_certificate_unusable",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} has no certificate with a private key that oauth2_imap can use"),
    N_(
        "It must be a PEM or PFX file that has the certificate and its private key. The key must "
        "be an RSA key. A file that needs a password is not read without it. The certificate store "
        "of Windows can't be used, because it does not give the private key away."
    ),
    N_(
        "Export the certificate together with its private key. If the file has a password, give it "
        "in place of the client secret."
    ),
    source=_CERTIFICATE,
)
CERTIFICATE_PASSWORD = Verdict(
    "app_only_certificate_password",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.GIVE_SECRET,
    N_("The password does not open the certificate file {file}"),
    N_("The password of the file is given in place of the client secret."),
    N_("Give the right password. If it is right, export the certificate again."),
    source="oauth2_imap",
)
CERTIFICATE_OF_ANOTHER_KEY = Verdict(
    "app_only_certificate_of_another_key",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The private key in {file} belongs to another certificate"),
    N_("Microsoft knows the certificate and would not accept a signature of this key."),
    N_("Put the certificate and its own private key into the file."),
    source=_CERTIFICATE,
)
CERTIFICATE_EXPIRED = Verdict(
    "app_only_certificate_expired",
    Kind.MISCONFIGURED,
    Actor.REGISTRATION_OWNER,
    Action.MEND_REGISTRATION,
    N_("The certificate in {file} expired at {time}"),
    N_("Microsoft refuses signatures of an expired certificate."),
    N_(
        "Make a new certificate. Upload it in Microsoft Entra, under App registrations, "
        "Certificates & secrets, and replace the file."
    ),
    source=_CERTIFICATE,
)
_KEY = "https://developers.google.com/identity/protocols/oauth2/service-account"

KEY_FILE_MISSING = Verdict(
    "service_account_key_missing",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The key file of the service account {application} is missing"),
    N_("A service account gets its tokens with the key in this file."),
    N_("Give the path of the JSON file that Google gave out when the key was made."),
    source=_KEY,
)
KEY_FILE_UNREADABLE = Verdict(
    "service_account_key_unreadable",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The key file {file} can't be read"),
    N_("A service account gets its tokens with the key in this file."),
    N_("Check that the file exists and that this user may read it. Or correct its path."),
    source="oauth2_imap",
)
KEY_FILE_UNUSABLE = Verdict(
    "service_account_key_unusable",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} is not the key file of a service account"),
    N_("The JSON file has the fields client_email, client_id and private_key."),
    N_("Make a new key for the service account in the Google Cloud console, of the type JSON."),
    source=_KEY,
)
KEY_FILE_OF_ANOTHER = Verdict(
    "service_account_key_of_another",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The key file {file} belongs to the service account {name}, not to {client_id}"),
    N_("The client ID of the settings is another one than that in the key file."),
    N_("Correct the client ID or the path of the key file."),
    source="oauth2_imap",
)
CLIENT_SECRET_FILE_UNUSABLE = Verdict(
    "client_secret_file_unusable",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The file {file} has no client secret that oauth2_imap can read"),
    N_("The environment variable {name} names this file."),
    N_(
        "Check that the file exists, that this user may read it, and that the secret is its only "
        "line. Or correct the path."
    ),
    source="oauth2_imap",
)
CLIENT_SECRET_NOT_IN_STORE = Verdict(
    "client_secret_not_in_store",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.GIVE_SECRET,
    N_("The client secret of {application} is not in this user's secret store"),
    N_(
        "The file providers.toml says that the secret is in the system's secret store. Each user "
        "of each computer has a store of their own."
    ),
    N_("Give the client secret again."),
    source="oauth2_imap",
)

VERDICTS = (
    SECRET_MISSING,
    CLIENT_SECRET_FILE_UNUSABLE,
    CLIENT_SECRET_NOT_IN_STORE,
    TENANT_NOT_ONE,
    CERTIFICATE_UNREADABLE,
    CERTIFICATE_UNUSABLE,
    CERTIFICATE_PASSWORD,
    CERTIFICATE_OF_ANOTHER_KEY,
    CERTIFICATE_EXPIRED,
    KEY_FILE_MISSING,
    KEY_FILE_UNREADABLE,
    KEY_FILE_UNUSABLE,
    KEY_FILE_OF_ANOTHER,
)
