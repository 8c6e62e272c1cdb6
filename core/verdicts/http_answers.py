"""What an answer means by its HTTP status, and answers of somebody else than the provider.

These come before the names that an answer holds: a server that is overloaded says nothing about a
token, whatever its answer reads like. The mapper says "foreign_answer" where an answer has neither
tokens nor an OAuth2 error in it.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_ASKED = (Origin.AUTHORIZATION, Origin.TOKEN)
_FOREIGN = ("foreign_answer",)


def _foreign(*statuses: range) -> tuple[Pattern, ...]:
    return tuple(
        Pattern(origins=(Origin.TOKEN,), errors=_FOREIGN, statuses=status) for status in statuses
    )


VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "too_many_requests",
        Kind.PASSING,
        Actor.NOBODY,
        Action.WAIT,
        N_("{provider} received too many requests and accepts no more for some time"),
        "",
        N_("Wait some minutes, then try again."),
        source="https://developers.google.com/gmail/api/guides/handle-errors; "
        'https://help.zoho.com/portal/en/community ("too many requests continuously"), '
        "not verified",
        patterns=(
            Pattern(origins=_ASKED, statuses=range(429, 430)),
            Pattern(
                origins=_ASKED,
                errors=(
                    "too_many_requests",
                    "slow_down",
                    "slow",
                    "rate_limited",
                    "throttled",
                    "limit_exceeded",
                    "rate_limit",
                    "rate_limit_exceeded",
                    "ratelimitexceeded",
                    "userratelimitexceeded",
                    "resource_exhausted",
                    "quota_exceeded",
                    "quotaexceeded",
                ),
            ),
            Pattern(
                origins=_ASKED,
                words=r"too many requests|try again (later|after)|rate.?limit|quota exceeded|"
                r"throttl|temporarily (blocked|unavailable)",
            ),
        ),
    ),
    Verdict(
        "filter_refused",
        Kind.PASSING,
        Actor.ADMINISTRATOR,
        Action.CHECK_PROXY,
        N_("Something between this computer and {host} refused the request"),
        N_(
            "The answer does not look like an answer of {provider}. It can come from a web filter, "
            "a proxy or the sign-in page of a Wi-Fi network. Or the server's address is wrong."
        ),
        N_(
            "Open a web page in a browser. If a Wi-Fi sign-in page comes, sign in there. In a "
            "company network, ask the administrator to allow {host}."
        ),
        source="seen behind filters: HTTP 403, 404, 407 and 511 in HTML",
        patterns=_foreign(range(401, 402), range(403, 408), range(451, 452), range(511, 512)),
    ),
    Verdict(
        "oauth_server_trouble",
        Kind.PASSING,
        Actor.PROVIDER,
        Action.WAIT,
        N_("{provider} has a technical problem or is overloaded"),
        "",
        N_("Wait some minutes, then try again."),
        source="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1",
        patterns=(
            Pattern(origins=_ASKED, statuses=range(500, 600)),
            Pattern(origins=_ASKED, statuses=range(425, 426)),
            Pattern(origins=_ASKED, statuses=range(408, 409)),
            Pattern(
                origins=_ASKED,
                errors=(
                    "server_error",
                    "temporarily_unavailable",
                    "internal_server_error",
                    "service_unavailable",
                    "internal_error",
                    "internal_failure",
                    "backend_error",
                    "backenderror",
                    "unavailable",
                ),
            ),
        ),
    ),
    Verdict(
        "answer_not_the_providers",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("{host} sent an unexpected answer"),
        N_(
            "It does not look like an answer of {provider}. It can come from a Wi-Fi sign-in page, "
            "a web filter or a proxy."
        ),
        N_(
            "Open a web page in a browser. If a Wi-Fi sign-in page comes, sign in there. Then try "
            "again."
        ),
        source="https://www.rfc-editor.org/rfc/rfc6749#section-5",
        patterns=(Pattern(origins=(Origin.TOKEN,), errors=_FOREIGN),),
    ),
    Verdict(
        "token_of_answer_too_long",
        Kind.PASSING,
        Actor.PROVIDER,
        Action.REPORT,
        N_("{provider} sent a token that is too long for a token file: {length} characters"),
        N_("The tokens of all known providers are much shorter."),
        N_(
            "Try again later. If the error stays, please report it with the length of the token. "
            "Never send the token itself."
        ),
        source="oauth2_imap",
        patterns=(Pattern(origins=(Origin.TOKEN,), errors=("token_too_long",)),),
    ),
    Verdict(
        "token_unusable",
        Kind.PASSING,
        Actor.PROVIDER,
        Action.REPORT,
        N_("{provider} sent a token that can't be saved in a token file"),
        N_("The token is too short, or it contains characters that are not allowed in a token."),
        N_(
            "Try again later. If the error stays, please report it with the length of the token. "
            "Never send the token itself."
        ),
        source="https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12",
        patterns=(Pattern(origins=(Origin.TOKEN,), errors=("token_unusable",)),),
    ),
)
