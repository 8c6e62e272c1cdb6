"""The error names of the OAuth2 standards, for every provider: RFC 6749, 6750, 7009, 8628, OpenID.

These come after the providers' own tables, which know more than a name.
"""

from .verdict import N_, Action, Actor, Kind, Origin, Pattern, Verdict

_RFC = "https://www.rfc-editor.org/rfc/rfc"
_ASKED = (Origin.AUTHORIZATION, Origin.TOKEN)
_REFRESH, _CODE = "refresh_token", "authorization_code"

VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "oauth_code_refused",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{provider} does not accept the code from the sign-in page"),
        N_("A code is valid for a few minutes and works once."),
        N_("Sign in again."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(Pattern(origins=_ASKED, errors=("invalid_grant",), grant=_CODE),),
    ),
    Verdict(
        "oauth_grant_ended",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{provider} does not accept the refresh token of {address} any more"),
        N_("The sign-in was ended, or the password was changed, or the token was too old."),
        N_("Sign in again."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(Pattern(origins=_ASKED, errors=("invalid_grant",)),),
    ),
    Verdict(
        "oauth_sign_in_required",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{provider} wants {address} to sign in again"),
        "",
        N_("Sign in again and answer what the page asks."),
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
        N_("Nobody has given the permission yet, or it was taken back."),
        N_("Sign in again and accept the request."),
        source="https://openid.net/specs/openid-connect-core-1_0.html#AuthError",
        patterns=(Pattern(origins=_ASKED, errors=("consent_required",)),),
    ),
    Verdict(
        "oauth_access_denied",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The access was declined, by whoever signed in or by the sign-in page"),
        N_(
            "Some pages decline by themselves where an administrator does not allow the "
            "application."
        ),
        N_(
            "Sign in again and accept the request. If the page does not offer that, ask the "
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
        N_("{provider} wants the client secret of {application}"),
        "",
        N_("Give the client secret. The owner of the registration has it."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(
            Pattern(errors=("invalid_client",), has_secret=False),
            Pattern(origins=_ASKED, words=r"client_secret", has_secret=False),
        ),
    ),
    Verdict(
        "oauth_client_refused",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{provider} does not accept the client id or the client secret of {application}"),
        N_("The client id is unknown there, or the secret does not belong to it."),
        N_("Check the client id and the client secret, or choose another application."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(Pattern(origins=_ASKED, errors=("invalid_client",)),),
    ),
    Verdict(
        "oauth_client_not_allowed",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{provider} does not let {application} ask for tokens in this way"),
        N_("The registration is of another kind, or does not list what is asked for."),
        N_("Ask the owner of the registration, or choose another application."),
        source=f"{_RFC}6749#section-5.2",
        patterns=(
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
        N_("{provider} does not know, or does not give, a scope that was asked for"),
        "",
        N_("Check the scopes. The registration must list them too."),
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
            "On the consent page a permission can be left unticked, and an administrator can limit "
            "what is given. imapsync can't log in with such a token."
        ),
        N_("Sign in again and allow everything that the page asks for."),
        source=f"{_RFC}6749#section-5.1",
        patterns=(Pattern(origins=_ASKED, errors=("scope_missing",)),),
    ),
    Verdict(
        "oauth_device_code_expired",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The sign-in was not finished in time"),
        "",
        N_("Start the sign-in again."),
        source=f"{_RFC}8628#section-3.5",
        patterns=(Pattern(origins=(Origin.AUTHORIZATION,), errors=("expired_token",)),),
    ),
    Verdict(
        "oauth_still_waiting",
        Kind.PASSING,
        Actor.YOU,
        Action.WAIT,
        N_("The sign-in is not finished yet"),
        "",
        N_("Finish it in the browser."),
        source=f"{_RFC}8628#section-3.5",
        patterns=(Pattern(origins=_ASKED, errors=("authorization_pending",)),),
    ),
    Verdict(
        "oauth_request_malformed",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{provider} does not accept the request of {application}"),
        N_("A value is missing or wrong: the client id, a scope, the redirect URI or an endpoint."),
        N_("Check the registration's values, or choose another application."),
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
        N_("{provider} answered with an error that oauth2_imap does not know"),
        N_("The server's words above may say more; whoever runs the service understands them."),
        N_(
            "Show the server's words to the administrator or the provider, and please report them "
            "to oauth2_imap, so that the next release explains them."
        ),
        source="the last resort of this table",
        patterns=(Pattern(origins=_ASKED),),
    ),
)
