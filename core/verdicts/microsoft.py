"""Microsoft's errors: AADSTS codes, as the token endpoint and the sign-in page send them.

The meanings are Microsoft's own (`_CODES`) unless an entry names another source. A code can be
looked up at https://login.microsoftonline.com/error?code=NUMBER.
"""

from typing import Any

from ..i18n.translation import N_
from .verdict import NEWEST_RELEASE, Action, Actor, Kind, Origin, Pattern, Verdict

_CODES = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
_CONSENT = "https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies"
_MY_APPS = "https://mysignins.microsoft.com/security-info"
_REFRESH, _CODE = "refresh_token", "authorization_code"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def _codes(*codes: int, **parts: Any) -> tuple[Pattern, ...]:
    return (Pattern(codes=codes, **parts),)


def _page(words: str) -> Pattern:
    """What a page of Microsoft's says that never leads back; its text is pasted by the user."""
    return Pattern(origins=(Origin.AUTHORIZATION,), flow="microsoft", words=words)


# Ordered: the first entry that fits counts, so the codes that Microsoft sends beside a more telling
# one (70002, 70000) come last.
VERDICTS: tuple[Verdict, ...] = (
    # The application needs an administrator.
    Verdict(
        "ms_admin_consent_needed",
        Kind.MISCONFIGURED,
        Actor.ADMINISTRATOR,
        Action.ASK_FOR_CONSENT,
        N_("The organisation lets only an administrator allow {application}"),
        N_(
            "By default, Microsoft lets users allow only a few well-known mail programs for IMAP, "
            "for example Thunderbird. An organisation can have stricter rules."
        ),
        N_(
            "If you use another application than Thunderbird, use Thunderbird's registration. "
            "Otherwise ask the administrator to allow {application} for IMAP."
        ),
        source=_CONSENT,
        patterns=(
            *_codes(90094, 90095, 90093, 900941),
            _page(
                r"need admin approval|only an admin can grant|approval required|"
                r"prevents you from granting",
            ),
        ),
    ),
    Verdict(
        "ms_application_lacks_permission",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("The registration of {application} does not list the permission for IMAP"),
        N_("Microsoft gives an application only the permissions that its registration lists."),
        N_(
            "In Microsoft Entra, under App registrations, API permissions, add the delegated "
            "permission IMAP.AccessAsUser.All of Office 365 Exchange Online or Microsoft Graph."
        ),
        source=_CODES,
        patterns=_codes(65005, 650053, 650056, 650057),
    ),
    Verdict(
        "ms_exchange_not_in_tenant",
        Kind.MISCONFIGURED,
        Actor.ADMINISTRATOR,
        Action.CHOOSE_TENANT,
        N_("This organisation (tenant) has no Exchange Online"),
        N_(
            "The organisation has no subscription with mailboxes, or it has switched Exchange "
            "Online off. Or the sign-in used the wrong tenant."
        ),
        N_(
            "Check the tenant. If it is right, ask the administrator whether Exchange Online is "
            "switched on."
        ),
        source=_CODES,
        patterns=_codes(500011, 500014, 650052, 50001),
    ),
    # The user said no, or didn't finish.
    Verdict(
        "ms_consent_declined",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The user who signed in did not allow {application} to open the mailbox"),
        N_("Without that permission the application gets no token for the mailbox."),
        N_("Sign in again and accept the request."),
        source=_CODES,
        patterns=_codes(65004),
    ),
    Verdict(
        "ms_consent_missing",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{application} has no permission for the mailbox of {address}"),
        N_("Nobody has given the permission yet, or somebody has removed it."),
        N_(
            "Sign in again and accept the request. If the page asks for an administrator's "
            "approval, send the request to the administrator."
        ),
        source=_CODES,
        patterns=_codes(65001),
    ),
    # The account.
    Verdict(
        "ms_account_disabled",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("Sign-in is disabled for {address}"),
        N_("A disabled account can't sign in, so a new sign-in does not help."),
        N_("Ask the administrator to enable the account. Then try again."),
        source=_CODES,
        patterns=_codes(50057, 500571),
    ),
    Verdict(
        "ms_account_deleted",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.SIGN_IN_AS_ANOTHER,
        N_("Microsoft says that {address} was deleted"),
        "",
        N_("Sign in with the account that owns the mailbox now, or ask the administrator."),
        source=_CODES,
        patterns=_codes(500341),
    ),
    Verdict(
        "ms_account_locked",
        Kind.PASSING,
        Actor.YOU,
        Action.WAIT,
        N_("The account is locked for some time, or this computer's network address is blocked"),
        N_(
            "Microsoft locks an account after many wrong passwords. It sends the same code if it "
            "blocks the network address, even if the password is right."
        ),
        N_(
            "Wait some minutes, then try again. If the error stays, ask the administrator to "
            "unlock the account."
        ),
        source=_CODES,
        patterns=(*_codes(50053), _page(r"temporarily locked")),
    ),
    Verdict(
        "ms_account_not_in_tenant",
        Kind.REFUSED_ACCOUNT,
        Actor.YOU,
        Action.SIGN_IN_AS_ANOTHER,
        N_("The account does not exist in the organisation (tenant) that was used"),
        N_(
            "Another account was chosen on the sign-in page, or the sign-in used the wrong "
            "organisation."
        ),
        N_("Sign in with the account of the mailbox, or choose the tenant of this account."),
        source=_CODES,
        patterns=_codes(50020, 50034, 51004, 90072, 16003, 500207, 500208),
    ),
    Verdict(
        "ms_password_expired",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.CHANGE_PASSWORD,
        N_("The password of {address} has expired"),
        "",
        N_("Change the password on Microsoft's page. Then sign in again."),
        source=_CODES,
        link="https://mysignins.microsoft.com/password/change",
        patterns=(
            *_codes(50055, 50135, 50144),
            Pattern(suberrors=("user_password_expired",)),
        ),
    ),
    Verdict(
        "ms_wrong_password",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Microsoft does not accept the user name or the password"),
        "",
        N_("Sign in again with the right password."),
        source=_CODES,
        patterns=_codes(50126, 50056, 50064),
    ),
    Verdict(
        "ms_user_not_assigned",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{address} is not assigned to {application}"),
        N_("In this organisation, only selected users can use this application."),
        N_(
            "Ask the administrator to assign the user. The place is: Microsoft Entra, Enterprise "
            "applications, {application}, Users and groups."
        ),
        source=_CODES,
        patterns=_codes(50105),
    ),
    # Policies of the organisation.
    Verdict(
        "ms_device_code_blocked",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.USE_BROWSER,
        N_("The organisation does not allow sign-ins with a code on another device"),
        N_(
            "Many organisations block this way, as Microsoft recommends. A sign-in without a code "
            "may still be allowed."
        ),
        N_(
            "Sign in without a code, with a browser. If that is blocked too, ask the administrator "
            "which Conditional Access policy blocks it."
        ),
        source="https://github.com/Azure/azure-cli/issues/32420; "
        "https://github.com/Azure/azure-cli/issues/32809",
        link="https://learn.microsoft.com/entra/identity/conditional-access/"
        "policy-block-authentication-flows",
        patterns=_codes(
            *(53003, 530032, 530034, 530035, 53004, 53011, 50131, 50005, 500021),
            *(53000, 53001, 53002, 530002, 530003, 50097, 700003, 135011, 50199),
            grant=_DEVICE,
        ),
    ),
    Verdict(
        "ms_conditional_access",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("A Conditional Access policy of the organisation blocks this sign-in"),
        N_(
            "The policy checks the place, the device and the application. It also blocks the next "
            "sign-in from the same place, device and application."
        ),
        N_(
            "Ask the administrator which policy blocks it: the sign-in log shows the policy under "
            "the correlation ID. The sign-in may work on a managed device or in the office network."
        ),
        source=_CODES,
        patterns=(
            *_codes(53003, 530032, 530034, 530035, 53004, 53011, 50131, 50005, 500021),
            _page(r"meet the criteria to access this|can(no|.)t access this right now"),
        ),
    ),
    Verdict(
        "ms_device_policy",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("The organisation requires a managed or compliant device for this sign-in"),
        N_(
            "This computer is not registered with the organisation, or the browser did not show "
            "that it is."
        ),
        N_(
            "Sign in on a device that the organisation manages, in Microsoft Edge with the work "
            "profile. Or ask the administrator for an exception."
        ),
        source=_CODES,
        patterns=(
            *_codes(53000, 53001, 53002, 530002, 530003, 50097, 700003, 135011),
            _page(r"can.t get there from here|set up your device to get access"),
        ),
    ),
    # Grants that ended.
    Verdict(
        "ms_sign_in_frequency",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The organisation requires {address} to sign in again after a fixed time"),
        N_(
            'This is the policy "sign-in frequency". It ends each sign-in after the same time, so '
            "the error will come again."
        ),
        N_(
            "Sign in again. For a long migration, ask the administrator for an exception from this "
            "policy until the migration ends."
        ),
        source=_CODES,
        patterns=_codes(70043, 70044),
    ),
    Verdict(
        "ms_grant_revoked",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The sign-in of {address} is no longer valid"),
        N_(
            "The password was changed, or an administrator or the user ended all sign-ins of the "
            "account."
        ),
        N_("Sign in again."),
        source=_CODES,
        patterns=_codes(50173, 50133, 50089),
    ),
    Verdict(
        "ms_spa_token_ended",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_(
            "The refresh token has expired: Microsoft limits it to 24 hours for this kind of "
            "registration"
        ),
        N_(
            'The redirect URI is registered under "Single-page application". Refresh tokens of '
            "this kind expire after 24 hours."
        ),
        N_(
            'Remove the redirect URI there and register http://localhost under "Mobile and desktop '
            'applications". Then sign in again.'
        ),
        source=_CODES,
        patterns=_codes(700084),
    ),
    Verdict(
        "ms_grant_unused",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The sign-in of {address} has expired: it was not used for a long time"),
        N_("A refresh token at Microsoft expires if it is not used for 90 days."),
        N_("Sign in again."),
        source=_CODES,
        patterns=_codes(700082, 70008, grant=_REFRESH),
    ),
    Verdict(
        "ms_code_expired",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The code from the sign-in page has expired or was used already"),
        N_("A code is valid for a few minutes and works only once."),
        N_("Sign in again."),
        source=_CODES,
        patterns=_codes(70008, 54005, 70020),
    ),
    Verdict(
        "ms_multi_factor_needed",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Microsoft wants {address} to confirm the sign-in with a second factor"),
        N_(
            "A policy has changed, the place is new, or the last confirmation is too old. The "
            "tokens of the old sign-in can't be refreshed any more."
        ),
        N_("Sign in again and confirm with the second factor."),
        source=_CODES,
        link=_MY_APPS,
        patterns=_codes(50074, 50076, 50078, 50158, 500121),
    ),
    Verdict(
        "ms_multi_factor_registration",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{address} must register a second factor first"),
        N_("The organisation requires multi-factor authentication, and none is set up yet."),
        N_("Sign in again. The sign-in page shows how to register the second factor."),
        source=_CODES,
        link=_MY_APPS,
        patterns=_codes(50079, 50072, 50203),
    ),
    Verdict(
        "ms_second_factor_place",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{address} can register a second factor only in certain places or on certain devices"),
        N_(
            "The account has no second factor yet, and the organisation limits where it can be "
            "registered."
        ),
        N_(
            "Ask the administrator where you can register it, for example in the office network or "
            "on a device of the organisation. Register the second factor there. Then sign in again."
        ),
        source=_CODES,
        link=_MY_APPS,
        patterns=_codes(53010),
    ),
    Verdict(
        "ms_sign_in_interrupted",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{address} must answer a question on Microsoft's sign-in page"),
        N_("Microsoft gives no token until the question is answered in a browser."),
        N_("Sign in again and answer the questions on the page."),
        source=_CODES,
        patterns=_codes(
            16000,
            16001,
            16002,
            50058,
            50085,
            50125,
            50127,
            50129,
            50132,
            50140,
            50143,
            50199,
        ),
    ),
    # The registration.
    Verdict(
        "ms_shipped_application_gone",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_APPLICATION,
        N_("Microsoft has disabled the registration of {application} that this program uses"),
        N_(
            "Registrations change over the years. A newer release of oauth2_imap may have the new "
            "registration."
        ),
        N_("Install the newest release, or choose another application. Then sign in again."),
        source="https://github.com/simonrob/email-oauth2-proxy/issues/267",
        link=NEWEST_RELEASE,
        patterns=_codes(7000112, shipped=True),
    ),
    Verdict(
        "ms_application_disabled",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.CHOOSE_APPLICATION,
        N_("{application} is disabled at Microsoft"),
        N_(
            "The owner of the registration, Microsoft, or an administrator of your organisation "
            "has disabled it."
        ),
        N_(
            "Choose another application. Or ask the owner of the registration or your "
            "administrator to enable it."
        ),
        source=_CODES,
        patterns=_codes(7000112),
    ),
    Verdict(
        "ms_application_unknown",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_APPLICATION,
        N_("Microsoft does not know the application {client_id} in this tenant"),
        N_(
            "The client ID is wrong, the sign-in used the wrong tenant, or the application was "
            "deleted. A newer release of oauth2_imap may have a newer registration."
        ),
        N_(
            "Check the client ID and the tenant, install the newest release, or choose another "
            "application."
        ),
        source=_CODES,
        link=NEWEST_RELEASE,
        patterns=_codes(700016, 70001, 700038, 7000229),
    ),
    Verdict(
        "ms_not_for_personal_accounts",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_APPLICATION,
        N_("Microsoft does not offer {application} to personal accounts"),
        N_(
            "The registration is only for work and school accounts. Perhaps a personal account was "
            "chosen by mistake."
        ),
        N_("Sign in with the work or school account, or choose another application."),
        source="https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/272",
        patterns=(_page(r"not enabled for consumers"),),
    ),
    Verdict(
        "ms_public_client_switched_off",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{application} needs a client secret, but no secret was sent"),
        N_("A desktop program needs no secret if its registration allows public clients."),
        N_(
            'In Microsoft Entra, under App registrations, Authentication, switch on "Allow public '
            'client flows". There, register http://localhost under "Mobile and desktop '
            'applications". Or give the secret.'
        ),
        source="https://github.com/mguessan/davmail/issues/184",
        patterns=_codes(7000216, 7000218),
    ),
    Verdict(
        "ms_secret_not_wanted",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.REMOVE_SECRET,
        N_("A client secret was sent, but {application} works without a secret"),
        "",
        N_("Remove the client secret."),
        source=_CODES,
        patterns=_codes(700025),
    ),
    Verdict(
        "ms_secret_expired",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.GIVE_SECRET,
        N_("The client secret of {application} has expired"),
        N_("Client secrets of Microsoft Entra are valid for at most two years."),
        N_(
            "Create a new secret in Microsoft Entra, under App registrations, Certificates & "
            "secrets. Then give its value."
        ),
        source=_CODES,
        patterns=_codes(7000222),
    ),
    Verdict(
        "ms_secret_wrong",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.GIVE_SECRET,
        N_("Microsoft does not accept the client secret of {application}"),
        N_("Often the ID of the secret was given instead of its value."),
        N_(
            "Give the value of the secret. Microsoft shows the value only once, when the secret is "
            "created."
        ),
        source=_CODES,
        patterns=_codes(7000215),
    ),
    Verdict(
        "ms_tenant_unknown",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_TENANT,
        N_("Microsoft does not know the tenant {tenant}"),
        N_(
            "The name or ID is wrong, or the tenant is in another Microsoft cloud (US Government, "
            "China)."
        ),
        N_("Give the organisation's domain or tenant ID."),
        source=_CODES,
        patterns=(
            *_codes(90002, 900021, 900023, 90019, 50049, 50059, 50128),
            Pattern(errors=("invalid_tenant",), flow="microsoft"),
        ),
    ),
    Verdict(
        "ms_single_tenant_application",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_TENANT,
        N_("{application} works only in one organisation (tenant), but no tenant was given"),
        N_('The registration is single-tenant, so it can\'t sign in with the tenant "common".'),
        N_(
            "Give the domain or the tenant ID of the organisation where the application is "
            "registered."
        ),
        source=_CODES,
        patterns=_codes(50194),
    ),
    Verdict(
        "ms_personal_accounts_only",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_TENANT,
        N_("{application} is registered for personal Microsoft accounts only"),
        N_('Such an application must use the tenant "consumers".'),
        N_('Set the tenant to "consumers".'),
        source=_CODES,
        patterns=_codes(9002331, 9002346),
    ),
    Verdict(
        "ms_work_accounts_only",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_TENANT,
        N_("{application} is registered for work and school accounts only"),
        N_("Such an application must use the tenant of the organisation."),
        N_("Give the organisation's domain or tenant ID."),
        source=_CODES,
        patterns=_codes(9001023, 9002332),
    ),
    Verdict(
        "ms_redirect_not_registered",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("The redirect URI is not registered for {application}"),
        N_(
            "Microsoft sends its answer only to the addresses in the registration. A desktop "
            "program needs the address http://localhost."
        ),
        N_(
            "In Microsoft Entra, under App registrations, Authentication, add http://localhost "
            'under "Mobile and desktop applications". If the registration has only '
            "https://localhost, give that as the redirect URI."
        ),
        source="https://github.com/simonrob/email-oauth2-proxy/issues/267",
        patterns=_codes(50011, 500113, 500117, 900971, 9002325, 9002326, 9002327),
    ),
    Verdict(
        "ms_scope_wrong",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_SETTINGS,
        N_("Microsoft does not know a requested scope"),
        "",
        N_(
            "Use the scopes https://outlook.office.com/IMAP.AccessAsUser.All and offline_access. "
            "Or remove your own scopes: oauth2_imap then uses the right ones."
        ),
        source=_CODES,
        patterns=_codes(70011, 28000, 28002, 28003),
    ),
    Verdict(
        "ms_request_malformed",
        Kind.MISCONFIGURED,
        Actor.PROVIDER,
        Action.REPORT,
        N_("Microsoft does not understand the request"),
        N_(
            "This can be an error in oauth2_imap. Or a proxy or a filter changes the requests to "
            "Microsoft."
        ),
        N_("Start the sign-in again. If the error stays, please report it."),
        source=_CODES,
        patterns=(
            *_codes(9002313, grant=_CODE),
            *_codes(
                50148,
                501481,
                70003,
                70005,
                70007,
                700054,
                90014,
                90015,
                90023,
                90100,
                900144,
                9000411,
            ),
        ),
    ),
    # What passes by itself.
    Verdict(
        "ms_request_loop",
        Kind.PASSING,
        Actor.NOBODY,
        Action.WAIT,
        N_("Microsoft received too many requests and accepts no more for some time"),
        N_("Perhaps another program requests tokens for the same account again and again."),
        N_("Wait some minutes. A new sign-in does not help."),
        source="https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        patterns=_codes(50196, 90055),
    ),
    Verdict(
        "ms_trouble",
        Kind.PASSING,
        Actor.PROVIDER,
        Action.WAIT,
        N_("Microsoft's sign-in service has a technical problem"),
        "",
        N_("Wait some minutes, then try again."),
        source=_CODES,
        patterns=(
            *_codes(50087, 90006, 90012, 90024, 90025, 90033, 90036),
            _page(r"experiencing technical problems"),
        ),
    ),
    Verdict(
        "ms_page_out_of_order",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The steps of the sign-in page were not done in the right order"),
        N_(
            "This happens if a sign-in page is loaded again. It also happens if Conditional Access "
            'blocks the sign-in and somebody chooses "Next".'
        ),
        N_(
            "Start the sign-in again. If the page says that access is blocked, show that page to "
            "the administrator."
        ),
        source="public threads on AADSTS900561",
        patterns=_codes(90056, 900561),
    ),
    # The codes that say little; Microsoft sends them beside others.
    Verdict(
        "ms_scopes_changed",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The last sign-in did not allow the permissions that are requested now"),
        N_("The refresh requested other scopes than the scopes that were allowed at the sign-in."),
        N_("Sign in again."),
        source="https://github.com/ZeroPointSix/outlookEmailPlus/issues/107",
        patterns=_codes(70000, words=r"scopes? .*(unauthorized|expired)"),
    ),
    Verdict(
        "ms_refresh_token_refused",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Microsoft refused to refresh the token of {address}"),
        N_(
            "The sign-in is no longer valid, or the token belongs to another application. "
            "Sometimes Microsoft refuses a valid token, which then works at the next try."
        ),
        N_("Sign in again."),
        source="https://github.com/BingAds/BingAds-Python-SDK/issues/279",
        patterns=_codes(70000, 70002, 9002313, grant=_REFRESH),
    ),
    Verdict(
        "ms_code_refused",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Microsoft does not accept the code from the sign-in page"),
        N_("A code is valid for a few minutes. It works only once, and only for its own sign-in."),
        N_("Sign in again."),
        source=_CODES,
        patterns=_codes(70000, 70002, 700005, grant=_CODE),
    ),
    Verdict(
        "ms_unknown_reason",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("Microsoft requires a new sign-in, but oauth2_imap does not know the reason"),
        N_("Microsoft has a page that explains the code in the server's answer."),
        N_(
            "Sign in again. If the error stays, show the server's answer to the administrator. "
            "Please also report the code, so that the next release can explain it."
        ),
        source="the last resort for AADSTS codes",
        link="https://login.microsoftonline.com/error",
        patterns=(Pattern(errors=("invalid_grant", "interaction_required"), words=r"\bAADSTS\d"),),
    ),
)
