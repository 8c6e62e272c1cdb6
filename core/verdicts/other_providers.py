"""The errors of Yahoo, AOL, Zoho, mail.ru, Yandex and Fastmail where they differ from the RFCs.

All of them were seen in public threads; none was tried by the project ("not verified").
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_TOKEN = (Origin.TOKEN,)
_REFRESH, _CODE = "refresh_token", "authorization_code"

# Some providers say the same of a code.
_TOKEN_REFUSED = (
    "invalid_refresh_token",
    "expired_token",
    "invalid_token",
    "token not found",
    "token_expired",
    "refresh_token_expired",
)

VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "code_refused_by_name",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{provider} does not accept the code from the sign-in page"),
        N_("A code is valid for a few minutes and works once."),
        N_("Sign in again."),
        source="https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html",
        patterns=(
            Pattern(
                origins=_TOKEN,
                errors=("invalid_code", "code_expired", "bad_verification_code"),
            ),
            Pattern(origins=_TOKEN, errors=_TOKEN_REFUSED, grant=_CODE),
        ),
    ),
    Verdict(
        "refresh_token_refused",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The sign-in of {address} at {provider} is no longer valid"),
        N_("The access was withdrawn, or the sign-in is too old."),
        N_("Sign in again."),
        source="https://github.com/josuebrunel/yahoo-oauth/issues/51 (Yahoo, AOL); mail.ru: "
        "not verified",
        patterns=(
            Pattern(origins=_TOKEN, errors=_TOKEN_REFUSED),
            Pattern(
                origins=_TOKEN,
                words=r"token not found|(refresh )?token (is|has|was) (expired|revoked|invalid)|"
                r"decode/encode refresh token",
                grant=_REFRESH,
            ),
        ),
    ),
    Verdict(
        "account_closed",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{provider} says that {address} is disabled, locked or deleted"),
        N_("Such an account can't sign in, so a new sign-in does not help."),
        N_("Ask the administrator or the provider to enable the account again."),
        source="the words of several providers; not verified",
        patterns=(
            Pattern(
                origins=(Origin.AUTHORIZATION, Origin.TOKEN),
                words=r"account (has been |is |was )?"
                r"(disabled|suspended|locked|deleted|deactivated)",
            ),
        ),
    ),
    Verdict(
        "zoho_other_data_centre",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHOOSE_PROVIDER,
        N_("{provider} does not know the application in this region"),
        N_(
            "Zoho has a data centre for each region (.com, .eu, .in, .com.au, .jp). In the wrong "
            "region it refuses even the right client ID and secret."
        ),
        N_("Use the endpoints of the region where the account was created."),
        source="https://github.com/asciisd/zoho/issues/18",
        patterns=(
            Pattern(
                origins=_TOKEN,
                errors=("invalid_client",),
                statuses=range(200, 300),
                has_secret=True,
            ),
        ),
    ),
    Verdict(
        "zoho_code_for_other_client",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.GIVE_SECRET,
        N_("{provider} does not accept the client secret of {application}"),
        "",
        N_("Give the client secret that belongs to the client ID {client_id}."),
        source="https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html",
        patterns=(Pattern(origins=_TOKEN, errors=("invalid_client_secret",)),),
    ),
    Verdict(
        "yahoo_request_refused",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("{provider} does not accept the request of {application}"),
        N_("Yahoo and AOL send this error if the redirect URI or a scope is not registered."),
        N_("Check the redirect URI and the scopes of the registration."),
        source="https://github.com/josuebrunel/yahoo-oauth/issues/51",
        patterns=(
            Pattern(origins=_TOKEN, errors=("invalid_input",)),
            Pattern(
                origins=(Origin.AUTHORIZATION, Origin.TOKEN),
                words=r"client request is not acceptable",
            ),
        ),
    ),
    Verdict(
        "redirect_not_registered",
        Kind.MISCONFIGURED,
        Actor.REGISTRATION_OWNER,
        Action.MEND_REGISTRATION,
        N_("The redirect URI is not registered for {application} at {provider}"),
        "",
        N_(
            "Add the redirect URI of this sign-in to the registration, or choose another "
            "application."
        ),
        source="https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2.4",
        patterns=(
            Pattern(errors=("invalid_redirect_uri", "redirect_uri_mismatch")),
            Pattern(
                origins=(Origin.AUTHORIZATION, Origin.TOKEN),
                words=r"redirect[_ ]uri.{0,40}"
                r"(mismatch|not match|invalid|not valid|not registered|not allowed)",
            ),
        ),
    ),
    Verdict(
        "fastmail_resource_missing",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_SETTINGS,
        N_("{provider} needs to know which server the token is for"),
        N_('The request needs the parameter "resource" (RFC 8707). Fastmail requires it.'),
        N_(
            'Add the field "resource" to the provider, with the address of its IMAP server. Or '
            "choose another application."
        ),
        source="https://github.com/pimalaya/ortie README",
        patterns=(Pattern(errors=("invalid_target",)),),
    ),
)
