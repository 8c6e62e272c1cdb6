"""The error names of the OAuth2 standards, for every provider: RFC 6749, 6750, 7009, 8628, OpenID.

These come after the providers' own tables, which know more than a name.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_RFC = "https://www.rfc-editor.org/rfc/rfc"
_ASKED = (Origin.AUTHORIZATION, Origin.TOKEN)
_REFRESH, _CODE = "refresh_token", "authorization_code"
_ROLES = (
    "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/"
    "how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"
)

VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "oauth_code_refused",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{provider} does not accept the code from the sign-in page"),
        N_("A code is valid for a few minutes and works only once."),
        N_("Sign in again."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(Pattern(origins=_ASKED, errors=("invalid_grant",), grant=_CODE),),
    ),
    Verdict(
        "oauth_grant_ended",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The sign-in of {address} at {provider} is no longer valid"),
        N_("The password was changed, the access was withdrawn, or the sign-in is too old."),
        N_("Sign in again."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(Pattern(origins=_ASKED, errors=("invalid_grant",)),),
    ),
    Verdict(
        "oauth_sign_in_required",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{provider} requires {address} to sign in again"),
        "",
        N_("Sign in again and answer the questions on the page."),
        source="https://openid.net/specs/openid-connect-core-1_0.html#AuthError",
        patterns=(
            Pattern(
                origins=_ASKED,
                errors=(
                    "interaction_required",
                    "login_required",
                    "account_selection_required",
                    "reauthentication_required",
                ),
            ),
        ),
    ),
    Verdict(
        "oauth_consent_required",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{application} has no permission for the mailbox of {address}"),
        N_("Nobody has given the permission yet, or somebody has removed it."),
        N_("Sign in again and accept the request."),
        source="https://openid.net/specs/openid-connect-core-1_0.html#AuthError",
        patterns=(Pattern(origins=_ASKED, errors=("consent_required",)),),
    ),
    Verdict(
        "oauth_access_denied",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The request for access was refused on the sign-in page"),
        N_(
            "The user can refuse the request. Some sign-in pages also refuse it if an "
            "administrator does not allow the application."
        ),
        N_(
            "Sign in again and accept the request. If the page does not let you accept it, ask the "
            "administrator to allow {application}."
        ),
        source=f"{_RFC}6749#section-4.1.2.1",
        patterns=(
            Pattern(
                origins=(Origin.AUTHORIZATION,),
                errors=("access_denied", "access denied"),
            ),
        ),
    ),
    Verdict(
        "oauth_access_denied_at_token",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{provider} does not give {application} access to {address}"),
        "",
        N_("Ask the administrator to allow {application}, or choose another application."),
        source=f"{_RFC}8628#section-3.5",
        patterns=(Pattern(origins=(Origin.TOKEN,), errors=("access_denied", "access denied")),),
    ),
    Verdict(
        "oauth_secret_missing",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.GIVE_SECRET,
        N_("{provider} needs the client secret of {application}"),
        "",
        N_("Give the client secret. The owner of the registration has it."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(
            Pattern(origins=(Origin.TOKEN,), errors=("invalid_client",), has_secret=False),
            Pattern(origins=_ASKED, words=r"client_secret", has_secret=False),
        ),
    ),
    Verdict(
        "oauth_client_refused",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{provider} does not accept the client ID or the client secret of {application}"),
        N_("The provider does not know the client ID, or the secret belongs to another client ID."),
        N_("Check the client ID and the client secret, or choose another application."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(Pattern(origins=_ASKED, errors=("invalid_client",)),),
    ),
    Verdict(
        "oauth_client_not_allowed",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{provider} does not allow {application} to request tokens in this way"),
        N_(
            "The registration is for another type of application, or it does not list the "
            "requested permission."
        ),
        N_("Ask the owner of the registration, or choose another application."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(
            Pattern(
                origins=_ASKED,
                errors=("invalid_request",),
                words=r"response_type is not allowed for this client",  # oidc-provider
            ),
            Pattern(
                origins=_ASKED,
                errors=(
                    "unauthorized_client",
                    "unsupported_grant_type",
                    "unsupported_response_type",
                    "unsupported_token_type",
                ),
            ),
        ),
    ),
    Verdict(
        "oauth_scope_refused",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_SETTINGS,
        N_("{provider} does not allow a requested scope"),
        "",
        N_("Check the scopes. The registration must also list them."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(Pattern(origins=_ASKED, errors=("invalid_scope", "insufficient_scope")),),
    ),
    Verdict(
        "oauth_scope_missing",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{provider} gave a token without the permission to read mail by IMAP"),
        N_(
            "Perhaps a permission was not selected on the sign-in page, or an administrator limits "
            "the permissions. imapsync can't log in with such a token."
        ),
        N_("Sign in again and allow everything that the page asks for."),
        source=f"{_RFC}6749#section-5.1",
        patterns=(Pattern(origins=_ASKED, errors=("scope_missing",)),),
    ),
    Verdict(
        "oauth_role_missing",
        Kind.MISCONFIGURED,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{provider} does not allow {application} to read mail by IMAP"),
        N_(
            "The application signs in without a user. For this it needs the application "
            "permission IMAP.AccessAsApp, and an administrator must consent to it."
        ),
        N_(
            "Ask the administrator to add the permission IMAP.AccessAsApp to the registration of "
            "{application} and to consent to it."
        ),
        source=_ROLES,
        link=_ROLES,
        patterns=(Pattern(origins=_ASKED, errors=("role_missing",)),),
    ),
    Verdict(
        "oauth_other_audience",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_REGISTRATION,
        N_("{provider} gave a token for another service than IMAP"),
        N_(
            "A token is for one service, and the scopes decide for which one. The mail server "
            "refuses a token for another service."
        ),
        N_("Use the scopes of the mail server."),
        source="https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
        patterns=(Pattern(origins=_ASKED, errors=("other_audience",)),),
    ),
    Verdict(
        "oauth_still_waiting",
        Kind.PASSING,
        Actor.YOU,
        Action.WAIT,
        N_("The sign-in is not finished yet"),
        "",
        N_("Finish the sign-in in the browser."),
        source=f"{_RFC}8628#section-3.5",
        patterns=(Pattern(origins=_ASKED, errors=("authorization_pending",)),),
    ),
    Verdict(
        "oauth_request_malformed",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{provider} does not accept the request of {application}"),
        N_("A value is missing or wrong: the client ID, a scope, the redirect URI or an endpoint."),
        N_("Check the values of the registration, or choose another application."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(
            Pattern(
                origins=_ASKED,
                errors=(
                    "invalid_request",
                    "invalid_resource",
                    "invalid_redirect_uri",
                    "unsupported_response_mode",
                    "request_not_supported",
                    "invalid_request_object",
                    "invalid_request_uri",
                ),
            ),
        ),
    ),
    Verdict(
        "oauth_unknown_error",
        Kind.MISCONFIGURED,
        Actor.PROVIDER,
        Action.REPORT,
        N_("{provider} sent an error that oauth2_imap does not know"),
        N_("The server's answer above may explain the error."),
        N_(
            "Show the server's answer to the administrator or to the provider. Please also report "
            "it to oauth2_imap, so that the next release can explain it."
        ),
        source="the last resort of this table",
        patterns=(Pattern(origins=_ASKED),),
    ),
)
