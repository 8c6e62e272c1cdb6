"""Google's errors, as its token endpoint and its sign-in pages say them.

Sources: Google's own pages where they say it, else public threads. Google uses few error names, so
the words beside them decide.
"""

from typing import Any

from ..i18n.translation import N_
from .verdict import NEWEST_RELEASE, Action, Actor, Kind, Origin, Pattern, Verdict

_OAUTH = "https://developers.google.com/identity/protocols/oauth2"
_NATIVE = f"{_OAUTH}/native-app"
_EXPIRATION = f"{_OAUTH}#expiration"
_SESSION = "https://support.google.com/a/answer/9368756"
_THIRD_PARTY = "https://support.google.com/a/answer/7281227"
_WEEK = 7 * 86400.0
_REVOKED_WORDS = r"expired or revoked"


def _said(**parts: Any) -> Pattern:
    """What Google itself says, at either of its endpoints."""
    return Pattern(origins=(Origin.AUTHORIZATION, Origin.TOKEN), flow="google", **parts)


def _at_page(**parts: Any) -> Pattern:
    """What Google's sign-in page says, where no client secret is asked for."""
    return Pattern(origins=(Origin.AUTHORIZATION,), flow="google", **parts)


VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "google_account_deleted",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("Google says that {address} was deleted"),
        N_("A deleted account can't sign in, so a new sign-in does not help."),
        N_(
            "For a work or school account, ask the administrator. For a personal account, recover "
            "it on Google's page."
        ),
        source="https://github.com/FlowCrypt/flowcrypt-browser/issues/1244",
        link="https://accounts.google.com/signin/recovery",
        patterns=(_said(errors=("invalid_grant",), words=r"account has been deleted"),),
    ),
    Verdict(
        "google_account_disabled",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("Google says that {address} is disabled"),
        N_("A disabled account can't sign in, so a new sign-in does not help."),
        N_(
            "For a work or school account, ask the administrator to enable it. For a personal "
            "account, ask Google on its page to restore it."
        ),
        source="https://github.com/FlowCrypt/flowcrypt-browser/issues/1244",
        link="https://support.google.com/accounts/answer/40695",
        patterns=(
            _said(
                words=r"account (has been |is |was )?(disabled|suspended)",
            ),
        ),
    ),
    Verdict(
        "google_session_length",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The sign-in of {address} is too old for the rules of the organisation at Google"),
        N_(
            "The administrator has limited how long a sign-in is valid (Google Cloud session "
            "control). So the error will come again."
        ),
        N_(
            "Sign in again. For a long migration, ask the administrator to trust the application "
            "or to remove the limit for this account."
        ),
        source=_SESSION,
        link=_SESSION,
        patterns=(
            _said(suberrors=("invalid_rapt", "rapt_required")),
            _said(words=r"invalid_rapt|rapt_required|reauth related error"),
        ),
    ),
    Verdict(
        "google_advanced_protection",
        Kind.REFUSED_ACCOUNT,
        Actor.MAILBOX_OWNER,
        Action.NONE,
        N_(
            "Google's Advanced Protection does not allow {application} to open the mailbox of "
            "{address}"
        ),
        N_("In the Advanced Protection Program, only a few applications can read mail."),
        N_(
            "Leave the Advanced Protection Program during the migration. Turn it on again "
            "afterwards."
        ),
        source="https://github.com/FlowCrypt/flowcrypt-browser/issues/1409",
        link="https://myaccount.google.com/advanced-protection",
        patterns=(
            _said(errors=("policy_enforced",)),
            _said(words=r"advanced protection|(?<!admin_)policy_enforced"),
        ),
    ),
    Verdict(
        "google_administrator_policy",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("The organisation's Google administrator does not allow {application}"),
        N_(
            "In Google Workspace, the administrator decides which applications can read mail. The "
            "same message can also come from Google's Advanced Protection Program."
        ),
        N_(
            "Ask the administrator to trust the client ID {client_id}. The place is: Admin "
            "console, Security, API controls, App access control."
        ),
        source=_THIRD_PARTY,
        link=_THIRD_PARTY,
        patterns=(
            _said(errors=("admin_policy_enforced", "access_not_configured")),
            _said(
                words=r"admin_policy_enforced|account restricted|restricted by policies|"
                r"institution.?s admin",
            ),
        ),
    ),
    Verdict(
        "google_internal_application",
        Kind.REFUSED_ACCOUNT,
        Actor.REGISTRATION_OWNER,
        Action.SIGN_IN_AS_ANOTHER,
        N_("Only accounts of the organisation that owns {application} can use it"),
        N_('The user type of this registration is "Internal".'),
        N_(
            "Sign in with an account of that organisation, or choose another application. Or ask "
            'the owner of the registration to change the user type to "External".'
        ),
        source=_NATIVE,
        patterns=(
            _said(errors=("org_internal",)),
            _said(words=r"org_internal|within its organi[sz]ation"),
        ),
    ),
    Verdict(
        "google_not_a_test_user",
        Kind.REFUSED_ACCOUNT,
        Actor.REGISTRATION_OWNER,
        Action.CHOOSE_APPLICATION,
        N_("{address} is not a test user of {application}, which is still in testing at Google"),
        "",
        N_(
            "Choose another application. Or ask the owner of the registration to add the address "
            "as a test user or to publish the application."
        ),
        source="https://support.google.com/cloud/answer/15549945",
        patterns=(
            _said(
                words=r"has not completed the google verification|developer-approved testers|"
                r"test users?|has(n.t| not) given you access|error 403: access_denied",
            ),
        ),
    ),
    # The registration.
    Verdict(
        "google_shipped_application_gone",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_APPLICATION,
        N_("Google no longer accepts the registration of {application}"),
        N_(
            "Registrations change over the years. A newer release of oauth2_imap may have the new "
            "registration."
        ),
        N_("Install the newest release, or choose another application. Then sign in again."),
        source=_NATIVE,
        link=NEWEST_RELEASE,
        patterns=(
            _said(errors=("deleted_client", "disabled_client"), shipped=True),
            _at_page(errors=("invalid_client",), shipped=True),
            _said(
                errors=("invalid_client",),
                words=r"client was (not found|deleted|disabled)",
                shipped=True,
            ),
        ),
    ),
    Verdict(
        "google_application_deleted",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.CHOOSE_APPLICATION,
        N_("The registration of {application} at Google was deleted or disabled"),
        N_("Google also deletes OAuth clients that were not used for six months."),
        N_(
            "Choose another application. Or restore the client in the Google Cloud console: this "
            "is possible for 30 days."
        ),
        source="https://support.google.com/cloud/answer/15549257",
        patterns=(
            _said(errors=("deleted_client", "disabled_client")),
            _said(errors=("invalid_client",), words=r"client was (deleted|disabled)"),
        ),
    ),
    Verdict(
        "google_application_unknown",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_APPLICATION,
        N_("Google does not know the client ID {client_id}"),
        N_("The client ID is wrong or empty, or it was deleted."),
        N_("Check the client ID, or choose another application."),
        source=_NATIVE,
        patterns=(
            _at_page(errors=("invalid_client",)),
            _said(errors=("invalid_client",), words=r"client was not found"),
            _said(words=r"could not determine client id"),
        ),
    ),
    Verdict(
        "google_secret_missing",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.GIVE_SECRET,
        N_("Google needs the client secret of {application}"),
        N_("Google requires a client secret even for a desktop program."),
        N_(
            "Give the client secret. The owner of the registration can find it next to the client "
            "ID."
        ),
        source="https://github.com/neomutt/neomutt/issues/3477",
        patterns=(_said(words=r"client_secret is missing"),),
    ),
    Verdict(
        "google_secret_wrong",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.GIVE_SECRET,
        N_("Google does not accept the client secret of {application}"),
        "",
        N_("Give the client secret that belongs to the client ID {client_id}."),
        source=_NATIVE,
        patterns=(_said(errors=("invalid_client",), words=r"\bunauthorized\b"),),
    ),
    Verdict(
        "google_redirect_not_registered",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("The redirect URI is not registered for {application} at Google"),
        N_(
            'A client of the type "Desktop app" can use http://localhost without a registered '
            "redirect URI."
        ),
        N_('Create a client of the type "Desktop app", or choose another application.'),
        source=_NATIVE,
        patterns=(
            _said(errors=("redirect_uri_mismatch",)),
            _said(words=r"redirect_uri_mismatch"),
        ),
    ),
    Verdict(
        "google_embedded_browser",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Google does not allow a sign-in inside the window of another program"),
        "",
        N_("Open the link in a normal browser, for example Firefox or Chrome."),
        source=_NATIVE,
        patterns=(
            _said(errors=("disallowed_useragent",)),
            _said(words=r"disallowed_useragent|browser or app may not be secure"),
        ),
    ),
    Verdict(
        "google_other_account_active",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Google's sign-in page lost a part of the request"),
        N_(
            "This happens if the browser is signed in to several Google accounts and the wrong "
            "account is active."
        ),
        N_("Open the link in a private window and sign in with the mailbox's account."),
        source="https://github.com/googleworkspace/cli/issues/150",
        patterns=(_said(words=r"required parameter is missing: response_type"),),
    ),
    # Limits, which pass.
    Verdict(
        "google_code_refused",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Google does not accept the code from the sign-in page"),
        N_("A code is valid for a few minutes and works once."),
        N_("Sign in again."),
        source=_NATIVE,
        patterns=(
            _said(
                errors=("invalid_grant",),
                words=rf"\bbad request\b|malformed auth code|{_REVOKED_WORDS}",
                grant="authorization_code",
            ),
        ),
    ),
    # One sentence of Google's for several causes: the age of the sign-in decides.
    Verdict(
        "google_testing_week_ended",
        Kind.DEAD_GRANT,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("The sign-in of {address} ended after seven days"),
        N_(
            'If a registration is in "Testing", Google ends each sign-in after seven days. This '
            "sign-in was seven days old. Google sends the same answer if the access was removed."
        ),
        N_(
            "Sign in again. To make the next sign-in last longer, the owner of the registration "
            "must publish it: Google Cloud console, OAuth consent screen, Publish app."
        ),
        source="https://github.com/tarickb/sasl-xoauth2/issues/29",
        patterns=(
            _said(
                errors=("invalid_grant",),
                words=_REVOKED_WORDS,
                shipped=False,
                older_than=_WEEK - 3600,
                younger_than=_WEEK + 2 * 86400,
            ),
        ),
    ),
    Verdict(
        "google_grant_ended_own_registration",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Google has ended the sign-in of {address}"),
        N_(
            "The access was removed or the password was changed. Or the registration is in "
            '"Testing": then each sign-in ends after seven days, until the owner publishes the '
            "registration."
        ),
        N_("Sign in again."),
        source=_EXPIRATION,
        link="https://myaccount.google.com/connections",
        patterns=(_said(errors=("invalid_grant",), words=_REVOKED_WORDS, shipped=False),),
    ),
    Verdict(
        "google_grant_ended",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Google has ended the sign-in of {address}"),
        N_(
            "The access was removed, the password was changed, or the sign-in was not used for six "
            "months. Or the account has signed in to this application too often."
        ),
        N_("Sign in again."),
        source=_EXPIRATION,
        link="https://myaccount.google.com/connections",
        patterns=(
            _said(errors=("invalid_grant",), words=_REVOKED_WORDS),
            _said(
                errors=("invalid_grant",),
                words=r"\bbad request\b",
                grant="refresh_token",
            ),
        ),
    ),
    # The headings of pages, which may name another cause below: so these come last.
    Verdict(
        "google_unverified_warning",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Google warns that it has not verified {application}"),
        N_("This is only a warning. You can continue if you trust the owner of the registration."),
        N_(
            'On that page, choose "Advanced". Then choose the link that continues to {application}.'
        ),
        source="https://support.google.com/cloud/answer/7454865",
        patterns=(_said(words=r"has(n.t| not) verified this app|app is(n.t| not) verified"),),
    ),
    Verdict(
        "google_application_blocked",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.CHOOSE_APPLICATION,
        N_("Google blocks {application}"),
        N_(
            "Google has not verified the application for mail, or the sign-in uses an old address "
            "of Google."
        ),
        N_("Choose another application, or ask the owner of the registration."),
        source="https://github.com/pimalaya/ortie README",
        patterns=(
            _said(errors=("restricted_client", "access_blocked")),
            _said(words=r"app is blocked|access blocked|comply with google.s"),
        ),
    ),
)
