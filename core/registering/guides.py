"""The table of guides: what to click, what to type and what to choose, at each kind of provider.

The names of buttons and pages are those of the providers, as of 2026. docs/OWN_REGISTRATION.md is
made of this table.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ..i18n.translation import N_
from ..model import FlowKind
from .guide import Guide, Step

MICROSOFT = Guide(
    N_("Microsoft (Office 365)"),
    "https://learn.microsoft.com/entra/identity-platform/quickstart-register-app",
    N_(
        "You need a work or school account that may register applications in Microsoft Entra. A "
        "personal Microsoft account can't register applications any more. By Microsoft's default "
        "settings, an administrator must allow your application before others can sign in with "
        "it. You need no registration of your own where Thunderbird's is accepted."
    ),
    (
        Step(
            N_("Registration"),
            N_(
                "Open https://entra.microsoft.com, App registrations, New registration. Type a "
                "name. The sign-in page shows this name."
            ),
            ("ms_application_disabled",),
        ),
        Step(
            N_("Supported account types"),
            N_(
                "Choose the accounts in this organizational directory only, and give oauth2_imap "
                "the tenant in the last step. Choose multiple organizations only if mailboxes of "
                "other organizations use the registration too."
            ),
            (
                "ms_single_tenant_application",
                "ms_not_for_personal_accounts",
                "ms_account_not_in_tenant",
                "ms_personal_accounts_only",
                "ms_work_accounts_only",
            ),
        ),
        Step(
            N_("Redirect URI"),
            N_(
                'Under Authentication, add the platform "Mobile and desktop applications" with the '
                'redirect URI http://localhost. Don\'t use "Web" or "Single-page application". '
                'There, also switch on "Allow public client flows".'
            ),
            (
                "ms_redirect_not_registered",
                "ms_public_client_switched_off",
                "ms_spa_token_ended",
                "redirect_not_registered",
                "oauth_client_not_allowed",
                "oauth_secret_missing",
            ),
        ),
        Step(
            N_("API permissions"),
            N_(
                "Under API permissions, Add a permission, choose Microsoft Graph, Delegated "
                "permissions, and add IMAP.AccessAsUser.All and offline_access."
            ),
            (
                "ms_application_lacks_permission",
                "ms_scope_wrong",
                "oauth_scope_refused",
                "oauth_scope_missing",
            ),
        ),
        Step(
            N_("Admin consent"),
            N_(
                'An administrator clicks "Grant admin consent" under API permissions. Without it, '
                'most users only see "Need admin approval".'
            ),
            (
                "ms_admin_consent_needed",
                "ms_consent_missing",
                "ms_consent_declined",
                "ms_user_not_assigned",
                "oauth_access_denied",
                "oauth_consent_required",
            ),
        ),
        Step(
            N_("Client ID and tenant"),
            N_(
                "Under Overview, copy the Application (client) ID and the Directory (tenant) ID. "
                "Create no client secret: a desktop program needs none."
            ),
            (
                "ms_application_unknown",
                "ms_tenant_unknown",
                "ms_exchange_not_in_tenant",
                "ms_secret_not_wanted",
                "ms_secret_expired",
                "ms_secret_wrong",
                "oauth_client_refused",
            ),
        ),
    ),
    has_tenant=True,
)

GOOGLE = Guide(
    N_("Google (Gmail, Google Workspace)"),
    "https://support.google.com/cloud/answer/15544987",
    N_(
        "Every Google account can register an application. You need no registration of your own "
        "where Thunderbird's is accepted."
    ),
    (
        Step(
            N_("Project"),
            N_(
                "Open https://console.cloud.google.com, create a project, and open Google Auth "
                "Platform, Get started. Type a name. The sign-in page shows this name."
            ),
            ("google_application_deleted",),
        ),
        Step(
            N_("Audience"),
            N_(
                "Choose Internal if all mailboxes belong to your Google Workspace organization. "
                "Otherwise choose External, and add each address under Audience, Test users. In "
                "testing, Google ends each sign-in after seven days, until you publish the "
                "application."
            ),
            (
                "google_internal_application",
                "google_not_a_test_user",
                "oauth_access_denied",
                "google_testing_week_ended",
                "google_application_blocked",
                "google_unverified_warning",
            ),
        ),
        Step(
            N_("Scope"),
            N_("Under Data access, add the scope https://mail.google.com/ by hand."),
            ("oauth_scope_refused", "oauth_scope_missing"),
        ),
        Step(
            N_("Client"),
            N_(
                'Under Clients, create a client of the type "Desktop app". It needs no redirect '
                "URI: Google accepts http://localhost for it."
            ),
            (
                "google_redirect_not_registered",
                "redirect_not_registered",
                "oauth_client_not_allowed",
            ),
        ),
        Step(
            N_("Administrator"),
            N_(
                "If the Google Workspace organization restricts applications, its administrator "
                "trusts the client ID in the Admin console, under Security, API controls."
            ),
            ("google_administrator_policy",),
        ),
        Step(
            N_("Client ID and client secret"),
            N_(
                "Copy the client ID and the client secret. Google wants the secret of a desktop "
                "program too. Keep it: later Google may not show it again."
            ),
            (
                "google_application_unknown",
                "google_secret_missing",
                "google_secret_wrong",
                "oauth_client_refused",
                "oauth_secret_missing",
            ),
        ),
    ),
    has_secret=True,
)

OPENID = Guide(
    N_("Another provider with OAuth2 or OpenID Connect"),
    "https://www.rfc-editor.org/rfc/rfc8252",
    N_(
        "Whoever runs the sign-in server can register an application. Some servers let programs "
        "register themselves; then oauth2_imap does it, and you need no client ID."
    ),
    (
        Step(
            N_("Client"),
            N_(
                "Register a client for a native (desktop) application that uses the authorization "
                "code with PKCE, and allow it refresh tokens."
            ),
            ("oauth_client_not_allowed",),
        ),
        Step(
            N_("Redirect URI"),
            N_(
                "Register the redirect URI http://localhost, with any port. If the server wants a "
                "fixed port, register one, and give the same address as the redirect URI here."
            ),
            ("redirect_not_registered", "oauth_request_malformed"),
        ),
        Step(
            N_("Scopes"),
            N_(
                "Allow the client the scope for IMAP and the scope offline_access. Only the "
                "provider knows the name of the first."
            ),
            ("oauth_scope_refused", "oauth_scope_missing", "no_mail_scope"),
        ),
        Step(
            N_("Users"),
            N_("Allow the users of the mailboxes to sign in with this client."),
            (
                "oauth_access_denied",
                "oauth_access_denied_at_token",
                "oauth_consent_required",
            ),
        ),
        Step(
            N_("Client ID"),
            N_("Copy the client ID, and the client secret if the server has made one."),
            ("oauth_client_refused", "oauth_secret_missing"),
        ),
    ),
    has_secret=True,
)

# By the library for the sign-in, which is the kind of provider too.
GUIDES: Mapping[FlowKind, Guide] = MappingProxyType(
    {FlowKind.MICROSOFT: MICROSOFT, FlowKind.GOOGLE: GOOGLE, FlowKind.PLAIN: OPENID}
)
