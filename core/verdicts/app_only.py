"""What servers answer to an application that signs in without a user.

The same answers mean something else after a sign-in, so each entry is for one grant.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_CODES = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
_CERTIFICATE = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"
_CREDENTIALS = (
    "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"
)
_WORKLOAD = "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity"
_DELEGATION = "https://support.google.com/a/answer/162106"
_SERVICE_ACCOUNT = "https://developers.google.com/identity/protocols/oauth2/service-account"
NOT_DELEGATED = "google_not_delegated"  # the id of the verdict


def _microsoft(*codes: int) -> tuple[Pattern, ...]:
    return (Pattern(codes=codes, grant="client_credentials"),)


def _google(*errors: str, words: str = "") -> tuple[Pattern, ...]:
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return (Pattern(origins=(Origin.TOKEN,), errors=errors, words=words, grant=grant),)


VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "ms_certificate_refused",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("Microsoft does not accept the certificate of {application}"),
        N_("The certificate is not uploaded for this application, or it was removed or replaced."),
        N_(
            "Upload the certificate (without its key) in Microsoft Entra, under App registrations, "
            "Certificates & secrets. Or use the certificate that is listed there."
        ),
        source=_CODES,
        link=_CERTIFICATE,
        patterns=_microsoft(700027, 700030),
    ),
    Verdict(
        "ms_certificate_outdated",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHECK_CLOCK,
        N_("Microsoft says that the signature of {application} is not valid at this time"),
        N_(
            "The certificate has expired or is not valid yet, or the clock of this computer is "
            "wrong."
        ),
        N_("Check the clock and the time zone. Then check until when the certificate is valid."),
        source=_CODES,
        patterns=_microsoft(700024, 1000502),
    ),
    Verdict(
        "ms_application_blocked_here",
        Kind.MISCONFIGURED,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("A Conditional Access policy of the organisation blocks {application} from this place"),
        N_("Policies for workload identities can allow an application in some networks only."),
        N_(
            "Ask the administrator to allow {application} from the address of this network, or "
            "start the program in a network that is allowed."
        ),
        source=_WORKLOAD,
        patterns=_microsoft(53003),
    ),
    Verdict(
        "ms_application_not_in_tenant",
        Kind.MISCONFIGURED,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("The organisation {tenant} has not allowed {application} yet"),
        N_(
            "An organisation knows an application after an administrator has consented to it. Or "
            "the client ID or the tenant is wrong."
        ),
        N_("Check the client ID and the tenant. Then ask the administrator for the consent."),
        source=_CODES,
        patterns=_microsoft(700016, 7000229, 501051),
    ),
    Verdict(
        "ms_default_scope_needed",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_SETTINGS,
        N_("Microsoft does not give a token without a user for the requested scope"),
        N_("Without a user, the scope must be the address of the service followed by /.default."),
        N_("Remove your own scopes: oauth2_imap then uses the right one."),
        source=_CREDENTIALS,
        patterns=_microsoft(1002012, 70011),
    ),
    Verdict(
        NOT_DELEGATED,
        Kind.MISCONFIGURED,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("Google Workspace does not let the service account open the mailbox of {address}"),
        N_(
            "An administrator must allow the client ID {client_id} for exactly this scope: "
            "{scopes}. Google needs some minutes, and up to 24 hours, until the change counts."
        ),
        N_(
            "1. As an administrator, open {delegation_page}. 2. Check that the client ID is "
            "{client_id} and the scope is {scopes}, letter for letter. 3. Select Authorize. 4. Try "
            "again later."
        ),
        source=_DELEGATION,
        link=_DELEGATION,
        patterns=_google("unauthorized_client", "access_denied"),
    ),
    Verdict(
        "google_no_such_mailbox",
        Kind.REFUSED_ACCOUNT,
        Actor.YOU,
        Action.CORRECT_INPUT,
        N_("Google Workspace has no user {address}"),
        N_(
            "The address is misspelled, the user was deleted or is suspended, or the user belongs "
            "to another organisation. The address of a group has no mailbox."
        ),
        N_("Give the main address of the user."),
        source=_SERVICE_ACCOUNT,
        patterns=_google("invalid_grant", words=r"email or user id"),
    ),
    Verdict(
        "google_key_refused",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("Google does not accept the key of the service account"),
        N_("The key was deleted, or the service account was deleted or disabled."),
        N_("Make a new key for the service account in the Google Cloud console."),
        source=_SERVICE_ACCOUNT,
        patterns=_google("invalid_grant", words=r"jwt signature|account not found"),
    ),
    Verdict(
        "google_clock_wrong",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHECK_CLOCK,
        N_("Google does not accept the time in the request of the service account"),
        N_("The clock of this computer is wrong by several minutes."),
        N_("Set the clock, and check the time zone."),
        source=_SERVICE_ACCOUNT,
        patterns=_google("invalid_grant", words=r"short-lived|timeframe|iat and exp"),
    ),
)
