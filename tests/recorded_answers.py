"""Answers as providers and IMAP servers really gave them, and the verdict that each one means.

The words are from public threads and from documentation; names, addresses and ids are changed.
`tests/test_verdicts.py` walks the table. Each row: the verdict's id, and the symptom.
"""

from typing import Any

from core.verdicts.verdict import Origin, Symptom

REFRESH, CODE = "refresh_token", "authorization_code"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
CREDENTIALS = "client_credentials"
SIGNED = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DAY = 86400.0


def microsoft(
    error: str, *codes: int, words: str = "", grant: str = REFRESH, **facts: Any
) -> Symptom:
    """An answer of Microsoft's token endpoint."""
    text = words or f"AADSTS{codes[0]}: Something happened."
    return Symptom(
        Origin.TOKEN, error, codes=codes, words=text, flow="microsoft", grant=grant, **facts
    )


def google(error: str, words: str = "", *, grant: str = REFRESH, **facts: Any) -> Symptom:
    """An answer of Google's token endpoint."""
    return Symptom(Origin.TOKEN, error, words=words, flow="google", grant=grant, **facts)


def other(error: str, words: str = "", *, grant: str = REFRESH, **facts: Any) -> Symptom:
    """An answer of another provider's token endpoint."""
    return Symptom(Origin.TOKEN, error, words=words, flow="generic", grant=grant, **facts)


def page(error: str, words: str = "", *codes: int, flow: str = "generic", **facts: Any) -> Symptom:
    """What a sign-in page sent back to the redirect URI, or what it shows."""
    return Symptom(Origin.AUTHORIZATION, error, words=words, codes=codes, flow=flow, **facts)


def registration(error: str, words: str = "", *, status: int = 400) -> Symptom:
    """What a server answered when the program registered itself."""
    return Symptom(Origin.REGISTRATION, error, words=words, status=status)


def shown(words: str, flow: str) -> Symptom:
    """What a page shows that never leads back to the redirect URI; its text is pasted."""
    return page("", words, flow=flow)


def login(words: str, code: str = "", **facts: Any) -> Symptom:
    """What an IMAP server answered to AUTHENTICATE."""
    return Symptom(Origin.LOGIN, code, words=words, **facts)


def listing(words: str, code: str = "", **facts: Any) -> Symptom:
    """What an IMAP server answered to LIST."""
    return Symptom(Origin.LIST, code, words=words, **facts)


def fault(name: str, words: str = "", *codes: int) -> Symptom:
    """A fault on the way to a server."""
    return Symptom(Origin.NETWORK, name, words=words, codes=codes)


APP_ONLY = [
    *(
        (verdict, microsoft(error, code, grant=CREDENTIALS))
        for verdict, error, code in (
            ("ms_certificate_refused", "invalid_client", 700027),
            ("ms_certificate_refused", "invalid_client", 700030),
            ("ms_certificate_outdated", "invalid_client", 700024),
            ("ms_certificate_outdated", "invalid_client", 1000502),
            ("ms_application_blocked_here", "access_denied", 53003),
            ("ms_application_not_in_tenant", "unauthorized_client", 700016),
            ("ms_application_not_in_tenant", "unauthorized_client", 7000229),
            ("ms_application_not_in_tenant", "invalid_grant", 501051),
            ("ms_default_scope_needed", "invalid_scope", 1002012),
            ("ms_default_scope_needed", "invalid_scope", 70011),
            ("ms_tenant_unknown", "invalid_request", 90002),
        )
    ),
    ("ms_secret_expired", microsoft("invalid_client", 7000222, grant=CREDENTIALS, has_secret=True)),
    ("ms_secret_wrong", microsoft("invalid_client", 7000215, grant=CREDENTIALS, has_secret=True)),
    *(
        (verdict, google(error, words, grant=SIGNED))
        for verdict, error, words in (
            (
                "google_not_delegated",
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client "
                "not authorized for any of the scopes requested.",
            ),
            ("google_not_delegated", "access_denied", "Requested client not authorized."),
            ("google_no_such_mailbox", "invalid_grant", "Invalid email or User ID"),
            ("google_no_such_mailbox", "invalid_grant", "Not a valid email or user ID."),
            ("google_key_refused", "invalid_grant", "Invalid JWT Signature."),
            ("google_key_refused", "invalid_grant", "Invalid grant: account not found"),
            (
                "google_clock_wrong",
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            ),
        )
    ),
    (
        "imap_app_only_not_connected",
        listing("User is authenticated but not connected.", grant=CREDENTIALS),
    ),
    ("imap_app_only_not_connected", listing("", "no_folders", grant=CREDENTIALS)),
    ("imap_app_only_refused", login("AUTHENTICATE failed.", grant=CREDENTIALS)),
    (
        "imap_app_only_refused",
        login(
            "[AUTHENTICATIONFAILED] AUTHENTICATE failed.",
            "authenticationfailed",
            grant=CREDENTIALS,
        ),
    ),
]

MICROSOFT = [
    (
        "ms_admin_consent_needed",
        page(
            "access_denied",
            "AADSTS90094: An administrator has set a "
            "policy that prevents you from granting Thunderbird the permissions",
            90094,
        ),
    ),
    ("ms_admin_consent_needed", microsoft("access_denied", 90095, grant=CODE)),
    ("ms_admin_consent_needed", microsoft("invalid_grant", 90093)),
    ("ms_admin_consent_needed", microsoft("access_denied", 900941)),
    (
        "ms_application_lacks_permission",
        page("access_denied", "AADSTS65005: The application needs access to a service", 65005),
    ),
    ("ms_application_lacks_permission", microsoft("invalid_request", 650053)),
    ("ms_application_lacks_permission", microsoft("invalid_client", 650056)),
    ("ms_application_lacks_permission", microsoft("invalid_resource", 650057)),
    ("ms_exchange_not_in_tenant", microsoft("invalid_resource", 500011)),
    ("ms_exchange_not_in_tenant", microsoft("invalid_resource", 500014)),
    ("ms_exchange_not_in_tenant", microsoft("invalid_client", 650052)),
    ("ms_exchange_not_in_tenant", microsoft("invalid_resource", 50001)),
    ("ms_consent_declined", page("access_denied", "AADSTS65004: User declined to consent", 65004)),
    ("ms_consent_declined", page("consent_required", "AADSTS65004: User declined", 65004)),
    ("ms_consent_missing", microsoft("invalid_grant", 65001, suberror="consent_required")),
    ("ms_account_disabled", microsoft("invalid_grant", 50057)),
    ("ms_account_disabled", microsoft("invalid_grant", 500571)),
    ("ms_account_deleted", microsoft("invalid_grant", 500341)),
    ("ms_account_locked", microsoft("invalid_grant", 50053)),
    ("ms_account_not_in_tenant", microsoft("invalid_grant", 50020)),
    ("ms_account_not_in_tenant", microsoft("invalid_grant", 50034)),
    ("ms_account_not_in_tenant", microsoft("invalid_grant", 51004)),
    ("ms_account_not_in_tenant", microsoft("invalid_grant", 90072)),
    ("ms_account_not_in_tenant", microsoft("invalid_grant", 16003)),
    ("ms_account_not_in_tenant", microsoft("invalid_grant", 500207)),
    ("ms_account_not_in_tenant", microsoft("invalid_grant", 500208)),
    ("ms_password_expired", microsoft("invalid_grant", 50055, suberror="user_password_expired")),
    ("ms_password_expired", microsoft("invalid_grant", 50135)),
    ("ms_password_expired", microsoft("invalid_grant", 50144)),
    ("ms_password_expired", microsoft("invalid_grant", 1, suberror="user_password_expired")),
    ("ms_wrong_password", microsoft("invalid_grant", 50126)),
    ("ms_wrong_password", microsoft("invalid_grant", 50056)),
    ("ms_wrong_password", microsoft("invalid_grant", 50064)),
    ("ms_user_not_assigned", microsoft("access_denied", 50105)),
    (
        "ms_user_not_assigned",
        page(
            "access_denied",
            "AADSTS50105: Your administrator has configured the application to block users",
            50105,
        ),
    ),
    ("ms_conditional_access", microsoft("invalid_grant", 53003, suberror="message_only")),
    ("ms_conditional_access", microsoft("invalid_grant", 530032)),
    ("ms_conditional_access", microsoft("invalid_grant", 530034)),
    ("ms_conditional_access", microsoft("invalid_grant", 530035)),
    ("ms_conditional_access", microsoft("invalid_grant", 53004)),
    ("ms_conditional_access", microsoft("invalid_grant", 53011)),
    ("ms_conditional_access", microsoft("interaction_required", 50131)),
    ("ms_conditional_access", microsoft("interaction_required", 50005)),
    ("ms_conditional_access", microsoft("access_denied", 500021)),
    *(
        ("ms_device_code_blocked", microsoft("invalid_grant", code, grant=DEVICE))
        for code in (
            *(53003, 530032, 530034, 530035, 53004, 53011, 50131, 50005, 500021),
            *(53000, 53001, 53002, 530002, 530003, 50097, 700003, 135011, 50199),
        )
    ),
    ("ms_device_policy", microsoft("interaction_required", 53000, suberror="message_only")),
    ("ms_device_policy", microsoft("interaction_required", 53001)),
    ("ms_device_policy", microsoft("interaction_required", 53002)),
    ("ms_device_policy", microsoft("interaction_required", 530002)),
    (
        "ms_device_policy",
        microsoft("interaction_required", 530003, suberror="device_authentication_failed"),
    ),
    ("ms_device_policy", microsoft("interaction_required", 50097)),
    ("ms_device_policy", microsoft("invalid_grant", 700003)),
    ("ms_device_policy", microsoft("invalid_grant", 135011)),
    ("ms_sign_in_frequency", microsoft("invalid_grant", 70043, suberror="token_expired")),
    ("ms_sign_in_frequency", microsoft("interaction_required", 70044)),
    ("ms_grant_revoked", microsoft("invalid_grant", 50173, suberror="bad_token")),
    ("ms_grant_revoked", microsoft("invalid_grant", 50133)),
    ("ms_grant_revoked", microsoft("invalid_grant", 50089)),
    ("ms_spa_token_ended", microsoft("invalid_grant", 700084, suberror="token_expired")),
    ("ms_grant_unused", microsoft("invalid_grant", 700082)),
    # The first number can mislead: a revoked token came with both.
    ("ms_grant_unused", microsoft("invalid_grant", 70002, 70008)),
    ("ms_code_expired", microsoft("invalid_grant", 70008, grant=CODE)),
    ("ms_code_expired", microsoft("invalid_grant", 54005, grant=CODE)),
    ("ms_code_expired", microsoft("expired_token", 70020, grant=CODE)),
    ("ms_multi_factor_needed", microsoft("invalid_grant", 50074, suberror="basic_action")),
    ("ms_multi_factor_needed", microsoft("invalid_grant", 50076, suberror="basic_action")),
    ("ms_multi_factor_needed", microsoft("invalid_grant", 50078, grant=CODE)),
    ("ms_multi_factor_needed", microsoft("interaction_required", 50158)),
    ("ms_multi_factor_needed", microsoft("invalid_grant", 500121)),
    ("ms_second_factor_place", microsoft("interaction_required", 53010)),
    ("ms_multi_factor_registration", microsoft("invalid_grant", 50079)),
    ("ms_multi_factor_registration", microsoft("invalid_grant", 50072)),
    ("ms_multi_factor_registration", microsoft("invalid_grant", 50203)),
    *[
        ("ms_sign_in_interrupted", microsoft("interaction_required", code))
        for code in (
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
        )
    ],
    ("ms_shipped_application_gone", microsoft("invalid_client", 7000112, shipped=True)),
    ("ms_application_disabled", microsoft("invalid_client", 7000112, shipped=False)),
    ("ms_application_unknown", microsoft("unauthorized_client", 700016)),
    ("ms_application_unknown", microsoft("invalid_client", 70001)),
    ("ms_application_unknown", microsoft("unauthorized_client", 700038)),
    ("ms_application_unknown", microsoft("invalid_client", 7000229)),
    ("ms_public_client_switched_off", microsoft("invalid_client", 7000218, has_secret=False)),
    ("ms_public_client_switched_off", microsoft("invalid_client", 7000216)),
    ("ms_secret_not_wanted", microsoft("invalid_client", 700025, has_secret=True)),
    ("ms_secret_expired", microsoft("invalid_client", 7000222, has_secret=True)),
    ("ms_secret_wrong", microsoft("invalid_client", 7000215, has_secret=True)),
    *[
        ("ms_tenant_unknown", microsoft("invalid_request", code))
        for code in (90002, 900021, 900023, 90019, 50049, 50059, 50128)
    ],
    ("ms_single_tenant_application", microsoft("invalid_request", 50194)),
    ("ms_personal_accounts_only", microsoft("invalid_request", 9002331)),
    ("ms_personal_accounts_only", microsoft("invalid_request", 9002346)),
    ("ms_work_accounts_only", microsoft("invalid_request", 9001023)),
    ("ms_work_accounts_only", microsoft("invalid_request", 9002332)),
    *[
        ("ms_redirect_not_registered", microsoft("invalid_client", code, grant=CODE))
        for code in (50011, 500113, 500117, 900971, 9002325, 9002326, 9002327)
    ],
    ("ms_scope_wrong", microsoft("invalid_scope", 70011)),
    ("ms_scope_wrong", microsoft("invalid_scope", 28000)),
    ("ms_scope_wrong", microsoft("invalid_scope", 28002)),
    ("ms_scope_wrong", microsoft("invalid_scope", 28003)),
    ("ms_request_malformed", microsoft("invalid_grant", 9002313, grant=CODE)),
    *[
        ("ms_request_malformed", microsoft("invalid_request", code))
        for code in (
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
        )
    ],
    ("ms_request_loop", microsoft("invalid_grant", 50196)),
    ("ms_request_loop", microsoft("server_error", 90055)),
    *[
        ("ms_trouble", microsoft("server_error", code))
        for code in (50087, 90006, 90012, 90024, 90025, 90033, 90036)
    ],
    ("ms_page_out_of_order", microsoft("invalid_request", 900561)),
    ("ms_page_out_of_order", microsoft("invalid_request", 90056)),
    (
        "ms_scopes_changed",
        microsoft(
            "invalid_grant",
            70000,
            words="AADSTS70000: The request was "
            "denied because one or more scopes requested are unauthorized or expired.",
        ),
    ),
    ("ms_refresh_token_refused", microsoft("invalid_grant", 70000)),
    ("ms_refresh_token_refused", microsoft("invalid_grant", 70002)),
    ("ms_refresh_token_refused", microsoft("invalid_grant", 9002313)),
    ("ms_code_refused", microsoft("invalid_grant", 70000, grant=CODE)),
    ("ms_code_refused", microsoft("invalid_grant", 70002, grant=CODE)),
    ("ms_code_refused", microsoft("invalid_grant", 700005, grant=CODE)),
    ("ms_tenant_unknown", Symptom(Origin.TOKEN, "invalid_tenant", flow="microsoft", status=400)),
    ("ms_unknown_reason", microsoft("invalid_grant", 500999)),
    ("ms_unknown_reason", microsoft("interaction_required", 500999, grant=CODE)),
]

HTTP_ANSWERS = [
    ("too_many_requests", google("rate_limit_exceeded", "Rate Limit Exceeded", status=403)),
    ("too_many_requests", google("resource_exhausted", "Rate Limit Exceeded", status=403)),
    ("too_many_requests", google("foreign_answer", "User Rate Limit Exceeded", status=403)),
    ("too_many_requests", other("slow", status=429)),
    ("too_many_requests", other("rate_limit", status=403)),
    (
        "too_many_requests",
        other(
            "access denied",
            "You have made too many requests continuously. Please try again after some time.",
        ),
    ),
    ("too_many_requests", google("invalid_grant", "Bad Request", status=429)),
    ("oauth_server_trouble", google("internal_failure")),
    ("oauth_server_trouble", page("temporarily_unavailable")),
    ("oauth_server_trouble", other("foreign_answer", status=502)),
    ("oauth_server_trouble", other("invalid_grant", status=503)),
    ("oauth_server_trouble", other("foreign_answer", status=408)),
    ("oauth_server_trouble", other("foreign_answer", status=425)),
    *[
        ("filter_refused", other("foreign_answer", "Access to this site is blocked", status=status))
        for status in (401, 403, 404, 407, 451, 511)
    ],
    ("answer_not_the_providers", other("foreign_answer", "Sign in to the Wi-Fi", status=200)),
    ("answer_not_the_providers", other("foreign_answer", status=302)),
    ("answer_not_the_providers", other("foreign_answer", "Bad Request", status=400)),
    ("token_of_answer_too_long", other("token_too_long", status=200)),
    ("token_unusable", other("token_unusable", status=200)),
]

MICROSOFT_PAGES = [
    (name, shown(words, "microsoft"))
    for name, words in (
        ("ms_admin_consent_needed", "Need admin approval"),
        (
            "ms_admin_consent_needed",
            "imapsync needs permission to access resources in your organization that only an admin "
            "can grant. Please ask an admin to grant permission to this app before you can use it.",
        ),
        (
            "ms_admin_consent_needed",
            "Approval required This app requires your admin\u2019s approval",
        ),
        (
            "ms_conditional_access",
            "You cannot access this right now. Your sign-in was successful but does not meet the "
            "criteria to access this resource.",
        ),
        ("ms_conditional_access", "You can't access this right now"),
        ("ms_device_policy", "You can\u2019t get there from here"),
        ("ms_device_policy", "Set up your device to get access"),
        (
            "ms_account_locked",
            "Your account is temporarily locked to prevent unauthorized use. Try again later.",
        ),
        (
            "ms_trouble",
            "We're unable to complete your request. Microsoft account is experiencing technical "
            "problems. Please try again later.",
        ),
        (
            "ms_not_for_personal_accounts",
            "unauthorized_client: The client does not exist or is not enabled for consumers.",
        ),
    )
]

_REVOKED = "Token has been expired or revoked."
GOOGLE = [
    ("google_account_deleted", google("invalid_grant", "Account has been deleted")),
    ("google_account_disabled", google("invalid_grant", "Account disabled")),
    (
        "google_session_length",
        google("invalid_grant", "reauth related error (invalid_rapt)", suberror="invalid_rapt"),
    ),
    ("google_session_length", google("invalid_grant", "reauth related error (rapt_required)")),
    ("google_advanced_protection", page("policy_enforced", flow="google")),
    (
        "google_advanced_protection",
        page(
            "",
            "Error 400: policy_enforced. Advanced Protection "
            "prevented your Google Account from signing in.",
            flow="google",
        ),
    ),
    (
        "google_administrator_policy",
        google(
            "admin_policy_enforced",
            "Access to your account data is restricted by policies within your organization.",
        ),
    ),
    ("google_administrator_policy", google("access_denied", "Account restricted", status=403)),
    ("google_administrator_policy", page("", "Error 400: admin_policy_enforced", flow="google")),
    (
        "google_internal_application",
        google("org_internal", "This client is restricted to users within its organization."),
    ),
    ("google_internal_application", page("", "Error 403: org_internal", flow="google")),
    (
        "google_not_a_test_user",
        page(
            "access_denied",
            "The app has not completed the Google "
            "verification process. It can only be accessed by developer-approved testers.",
            flow="google",
        ),
    ),
    (
        "google_application_blocked",
        page(
            "",
            "This app is blocked. This app tried to access sensitive info in your Google Account.",
            flow="google",
        ),
    ),
    ("google_application_blocked", google("restricted_client")),
    (
        "google_shipped_application_gone",
        google("deleted_client", "The OAuth client was deleted.", shipped=True),
    ),
    (
        "google_shipped_application_gone",
        google("invalid_client", "The OAuth client was not found.", shipped=True),
    ),
    (
        "google_application_deleted",
        google("deleted_client", "The OAuth client was deleted.", shipped=False),
    ),
    (
        "google_application_deleted",
        google("disabled_client", "The OAuth client was disabled.", shipped=False),
    ),
    (
        "google_application_deleted",
        google("invalid_client", "The OAuth client was deleted.", shipped=False),
    ),
    ("google_redirect_not_registered", page("redirect_uri_mismatch", flow="google")),
    (
        "google_embedded_browser",
        page("", "Error 403: disallowed_useragent", flow="google"),
    ),
    (
        "google_application_unknown",
        google("invalid_client", "The OAuth client was not found.", shipped=False),
    ),
    (
        "google_application_unknown",
        google("invalid_request", "Could not determine client ID from request."),
    ),
    (
        "google_secret_missing",
        google("invalid_request", "client_secret is missing.", has_secret=False),
    ),
    ("google_secret_wrong", google("invalid_client", "Unauthorized", has_secret=True)),
    ("google_redirect_not_registered", page("", "Error 400: redirect_uri_mismatch", flow="google")),
    ("google_embedded_browser", page("disallowed_useragent", flow="google")),
    (
        "google_other_account_active",
        page("invalid_request", "Required parameter is missing: response_type", flow="google"),
    ),
    ("google_testing_week_ended", google("invalid_grant", _REVOKED, shipped=False, age=7.1 * DAY)),
    ("google_grant_ended_own_registration", google("invalid_grant", _REVOKED, shipped=False)),
    (
        "google_grant_ended_own_registration",
        google("invalid_grant", _REVOKED, shipped=False, age=3 * DAY),
    ),
    ("google_grant_ended", google("invalid_grant", _REVOKED, shipped=True, age=7.1 * DAY)),
    ("google_grant_ended", google("invalid_grant", "Bad Request")),
    ("google_code_refused", google("invalid_grant", "Bad Request", grant=CODE)),
    ("google_code_refused", google("invalid_grant", "Malformed auth code.", grant=CODE)),
    ("google_code_refused", google("invalid_grant", _REVOKED, shipped=False, grant=CODE)),
]

GOOGLE_PAGES = [
    (name, shown(words, "google"))
    for name, words in (
        (
            "google_administrator_policy",
            "Access blocked: Your institution\u2019s admin needs to review Thunderbird",
        ),
        (
            "google_internal_application",
            "Access blocked: App can only be used within its organization",
        ),
        (
            "google_not_a_test_user",
            "The developer hasn\u2019t given you access to this app. It\u2019s currently being "
            "tested and it hasn\u2019t been verified by Google.",
        ),
        ("google_not_a_test_user", "Error 403: access_denied"),
        (
            "google_redirect_not_registered",
            "Access blocked: This app\u2019s request is invalid. Error 400: redirect_uri_mismatch",
        ),
        ("google_embedded_browser", "This browser or app may not be secure."),
        ("google_unverified_warning", "Google hasn\u2019t verified this app"),
        ("google_unverified_warning", "This app isn't verified"),
        ("google_application_blocked", "Access blocked: Authorization Error"),
        (
            "google_application_blocked",
            "You can't sign in to this app because it doesn't comply with Google's OAuth 2.0 "
            "policy for keeping apps secure.",
        ),
    )
] + [
    (
        "google_application_unknown",
        page("invalid_client", "Error 401: invalid_client", flow="google", shipped=False),
    ),
    (
        "google_shipped_application_gone",
        page("invalid_client", "Error 401: invalid_client", flow="google", shipped=True),
    ),
]

OTHER_PROVIDERS = [
    (
        "refresh_token_refused",
        other("invalid_refresh_token", "Failed to decode/encode refresh token"),
    ),
    ("refresh_token_refused", other("token not found", "token not found")),
    ("refresh_token_refused", other("expired_token", "The refresh token is expired")),
    ("refresh_token_refused", other("invalid_token", "refresh token is invalid", status=401)),
    ("account_closed", other("invalid_grant", "Account is suspended")),
    ("code_refused_by_name", other("invalid_code", grant=CODE, status=200)),
    ("code_refused_by_name", other("token not found", grant=CODE)),
    ("zoho_other_data_centre", other("invalid_client", status=200, has_secret=True)),
    ("zoho_code_for_other_client", other("invalid_client_secret", status=200)),
    (
        "yahoo_request_refused",
        other("invalid_input", "client request is not acceptable or not supported"),
    ),
    ("redirect_not_registered", page("invalid_request", "redirect_uri does not match")),
    (
        "redirect_not_registered",
        page(
            "invalid_request",
            "The provided value for the input parameter 'redirect_uri' is not valid.",
        ),
    ),
    ("redirect_not_registered", page("redirect_uri_mismatch")),
    ("fastmail_resource_missing", page("invalid_target")),
]

OAUTH = [
    ("oauth_code_refused", other("invalid_grant", grant=CODE)),
    ("oauth_grant_ended", other("invalid_grant")),
    ("oauth_sign_in_required", other("interaction_required")),
    ("oauth_sign_in_required", page("login_required")),
    ("oauth_consent_required", page("consent_required")),
    ("oauth_access_denied", page("access_denied", "The resource owner denied the request")),
    ("oauth_access_denied_at_token", other("access_denied", status=403)),
    ("oauth_secret_missing", other("invalid_client", status=401, has_secret=False)),
    (
        "oauth_secret_missing",
        other("invalid_request", "client_secret is required", has_secret=False),
    ),
    ("oauth_client_refused", other("invalid_client", status=401, has_secret=True)),
    ("oauth_client_not_allowed", other("unauthorized_client", has_secret=True)),
    ("oauth_client_not_allowed", other("unsupported_grant_type", has_secret=True)),
    (
        "oauth_client_not_allowed",
        page("invalid_request", "requested response_type is not allowed for this client"),
    ),
    ("oauth_client_refused", page("invalid_client", "client is invalid", has_secret=False)),
    ("oauth_scope_refused", page("invalid_scope")),
    ("oauth_scope_refused", other("insufficient_scope", has_secret=True)),
    ("oauth_scope_missing", other("scope_missing", grant=CODE)),
    ("oauth_role_missing", other("role_missing", grant="")),
    ("oauth_other_audience", other("other_audience", grant=CODE)),
    ("oauth_device_code_expired", page("expired_token")),
    ("oauth_device_code_expired", other("expired_token", grant=DEVICE)),
    ("oauth_device_code_expired", other("invalid_grant", grant=DEVICE)),
    ("oauth_device_code_expired", microsoft("bad_verification_code", 70018, grant=DEVICE)),
    ("oauth_device_code_denied", other("access_denied", grant=DEVICE)),
    ("oauth_device_code_denied", microsoft("authorization_declined", 70019, grant=DEVICE)),
    ("oauth_still_waiting", microsoft("authorization_pending", 70016, grant=DEVICE)),
    ("too_many_requests", other("slow_down", grant=DEVICE)),
    ("oauth_still_waiting", other("authorization_pending", grant=CODE)),
    (
        "oauth_request_malformed",
        other("invalid_request", "A parameter is missing", has_secret=True),
    ),
    ("oauth_unknown_error", other("flux_capacitor_empty", "Nobody knows this", has_secret=True)),
]

IMAP = [
    (
        "imap_too_many_connections",
        login("[ALERT] Too many simultaneous connections. (Failure)", "alert", status=400),
    ),
    ("imap_too_many_connections", login("[LIMIT] Too many connections for this user", "limit")),
    (
        "imap_too_many_connections",
        login(
            "[LIMIT] Maximum number of connections from user+IP "
            "exceeded (mail_max_userip_connections=10)",
            "limit",
        ),
    ),
    ("imap_too_many_connections", login("Maximum connection limit reached for ::ffff:10.0.0.1")),
    (
        "imap_throttled",
        login("[THROTTLED] Account exceeded command or bandwidth limits. (Failure)", "throttled"),
    ),
    (
        "imap_throttled",
        login("[OVERQUOTA] Account exceeded command or bandwidth limits.", "overquota"),
    ),
    ("imap_throttled", listing("Request is throttled. Suggested Backoff Time: 89117 milliseconds")),
    ("imap_throttled", login("[LIMIT] Rate limit hit.", "limit")),
    ("imap_throttled", login("", status=429)),
    ("imap_too_many_connections", login("Too many concurrent sessions for this account")),
    ("imap_unavailable", login("[UNAVAILABLE] Temporary authentication failure", "unavailable")),
    (
        "imap_unavailable",
        login(
            "[UNAVAILABLE] Internal error occurred. Contact your administrator. "
            "[mail:2026-01-31 10:00:00]",
            "unavailable",
        ),
    ),
    (
        "imap_unavailable",
        login("[SERVERBUG] Server error - Please try again later", "serverbug"),
    ),
    ("imap_unavailable", listing("[INUSE] Mailbox is locked by another session", "inuse")),
    (
        "imap_switched_off_by_administrator",
        login(
            "[ALERT] IMAP access is disabled for your domain. "
            "Please contact your domain administrator for questions about this feature.",
            "alert",
        ),
    ),
    (
        "imap_switched_off",
        login(
            "[ALERT] Your account is not enabled for IMAP use. Please visit "
            "your settings page and enable your account for IMAP access. (Failure)",
            "alert",
        ),
    ),
    (
        "imap_switched_off",
        login(
            "[AUTHENTICATIONFAILED] AUTHENTICATE invalid credentials or IMAP is disabled",
            "authenticationfailed",
        ),
    ),
    (
        "imap_web_login_required",
        login(
            "[ALERT] Please log in via your web browser: "
            "https://support.google.com/mail/accounts/answer/78754 (Failure)",
            "alert",
        ),
    ),
    (
        "imap_web_login_required",
        login(
            "[WEBALERT https://accounts.google.com/signin/continue] Web login required.", "webalert"
        ),
    ),
    (
        "imap_account_closed",
        login("[AUTHENTICATIONFAILED] Your account is locked", "authenticationfailed"),
    ),
    ("imap_contact_administrator", login("[CONTACTADMIN] Please contact support", "contactadmin")),
    ("imap_contact_administrator", login("Please contact your administrator.")),
    ("imap_busy", login("Server Unavailable. 15")),
    (
        "imap_busy",
        listing('[Error="ConnectionFailedTransientException: Cannot open mailbox."]', "error"),
    ),
    ("imap_busy", login("", status=503)),
    ("imap_busy", login("Your account is temporarily locked")),
    ("imap_busy", login("Mailbox is currently being moved")),
    ("imap_busy", login("[ALERT] Lookup failed abcdef", "alert")),
    ("imap_busy", login("Connection is closed. 13", "bye")),
    ("imap_busy", listing("Connection closed. 14", "bye")),
    ("imap_busy", login("Temporary problem, please try again later", "bye")),
    ("imap_token_expired", login("[EXPIRED] That password is not correct any more", "expired")),
    ("imap_token_expired", login("Session invalidated - AccessTokenExpired", "bye")),
    ("imap_no_oauth2", login("", "no_xoauth2")),
    ("imap_no_oauth2", login("Authentication mechanism unavailable")),
    ("imap_no_oauth2", login("", "preauth")),
    (
        "imap_no_oauth2",
        login("[PRIVACYREQUIRED] Plaintext authentication disallowed", "privacyrequired"),
    ),
    ("imap_no_oauth2", login("Unsupported authentication mechanism.")),
    ("imap_no_starttls", login("", "no_starttls")),
    (
        "imap_other_account_not_connected",
        listing("User is authenticated but not connected.", same_account=False),
    ),
    ("imap_other_account_not_connected", listing("", "no_folders", same_account=False)),
    ("imap_other_account", login("AUTHENTICATE failed.", same_account=False)),
    (
        "imap_other_account",
        login(
            "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
            "authenticationfailed",
            same_account=False,
        ),
    ),
    ("imap_not_connected", listing("User is authenticated but not connected.")),
    ("imap_not_connected", listing("", "no_folders")),
    ("imap_no_permission", login("[AUTHORIZATIONFAILED] Not allowed", "authorizationfailed")),
    ("imap_no_permission", listing("[NOPERM] Permission denied", "noperm")),
    (
        "imap_token_refused",
        login(
            "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
            "authenticationfailed",
            status=400,
        ),
    ),
    ("imap_token_refused", login("AUTHENTICATE failed.")),
    ("imap_token_refused", login("Login failed.")),
    ("imap_token_refused", login("Login failed. Please try again.")),
    ("imap_answer_unusable", login("", "not_imap")),
    ("imap_refused_unknown", login("Computer says no")),
    ("imap_refused_unknown", listing("Not today")),
]

NETWORK = [
    ("proxy_name_not_found", fault("proxy_name_not_found")),
    ("proxy_unreachable", fault("proxy_unreachable")),
    ("proxy_unreachable", fault("proxy_timeout")),
    (
        "proxy_wants_password",
        fault("proxy_refused", "Tunnel connection failed: 407 Proxy Authentication Required"),
    ),
    (
        "proxy_cannot_reach",
        fault("proxy_refused", "Tunnel connection failed: 502 Bad Gateway"),
    ),
    ("proxy_refused", fault("proxy_refused", "Tunnel connection failed: 403 Forbidden")),
    ("proxy_address_wrong", fault("proxy_address_wrong")),
    ("name_not_found", fault("name_not_found", "Name or service not known")),
    ("name_server_silent", fault("name_server_silent")),
    ("connection_refused", fault("connection_refused")),
    ("network_unreachable", fault("network_unreachable", "No route to host")),
    ("connection_broken", fault("connection_broken")),
    ("no_answer_in_time", fault("timeout")),
    ("tls_not_yet_valid", fault("tls_untrusted", "certificate is not yet valid")),
    ("tls_expired", fault("tls_untrusted", "certificate has expired")),
    (
        "tls_antivirus_without_name",
        fault("tls_untrusted", "No SNI provided; please fix your client."),
    ),
    (
        "tls_wrong_name",
        fault(
            "tls_untrusted", "Hostname mismatch, certificate is not valid for 'imap.example.com'."
        ),
    ),
    ("tls_expired", fault("tls_untrusted", "abgelaufen", 0x800B0101)),
    ("tls_expired", fault("tls_untrusted", "", -67818)),
    ("tls_wrong_name", fault("tls_untrusted", "Der CN-Name stimmt nicht", 0x800B010F)),
    ("tls_wrong_name", fault("tls_untrusted", "", -67602)),
    ("tls_unknown_issuer", fault("tls_untrusted", "unable to get local issuer certificate")),
    ("tls_unknown_issuer", fault("tls_untrusted", "self-signed certificate in certificate chain")),
    ("tls_failed", fault("tls_failed", "wrong version number")),
    ("not_http", fault("not_http")),
    ("answer_too_large", fault("too_large")),
    ("endpoint_elsewhere", fault("endpoint_elsewhere")),
    ("network_failed", fault("nobody_knows")),
]

CLIENT_REGISTRATION: list[tuple[str, Symptom]] = [
    ("registration_busy", registration("", status=503)),
    ("registration_busy", registration("", status=429)),
    ("registration_redirect_refused", registration("invalid_redirect_uri")),
    (
        "registration_redirect_refused",
        registration("invalid_client_metadata", "redirect_uris must only contain https uris"),
    ),
    ("registration_needs_token", registration("invalid_token", status=401)),
    ("registration_needs_token", registration("access_denied", status=403)),
    ("registration_answer_unusable", registration("foreign_answer", status=200)),
    ("registration_refused", registration("invalid_client_metadata", "client_name is taken")),
    ("registration_refused", registration("", "Not found", status=404)),
]

RECORDED: list[tuple[str, Symptom]] = [
    *MICROSOFT,
    *MICROSOFT_PAGES,
    *HTTP_ANSWERS,
    *CLIENT_REGISTRATION,
    *GOOGLE,
    *GOOGLE_PAGES,
    *APP_ONLY,
    *OTHER_PROVIDERS,
    *OAUTH,
    *IMAP,
    *NETWORK,
]
