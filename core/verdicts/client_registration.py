"""What a sign-in server answers when this program registers itself there (RFC 7591).

The mapper says "foreign_answer" where a success holds no client ID that can be used.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_HERE = (Origin.REGISTRATION,)
_ERRORS = "https://www.rfc-editor.org/rfc/rfc7591#section-3.2.2"
_GIVE_ONE = N_("Register an application at the provider, or ask for one, and give its client ID.")

VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "registration_busy",
        Kind.PASSING,
        Actor.PROVIDER,
        Action.WAIT,
        N_("{issuer} is overloaded and registers no application now"),
        "",
        N_("Wait some minutes, then try again."),
        source="https://www.rfc-editor.org/rfc/rfc7591#section-5",
        patterns=(
            Pattern(origins=_HERE, statuses=range(429, 430)),
            Pattern(origins=_HERE, statuses=range(500, 600)),
        ),
    ),
    Verdict(
        "registration_redirect_refused",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_REGISTRATION,
        N_("{issuer} registers no application whose answer comes to this computer"),
        N_("It refuses {redirect_uri}, the redirect URI that programs on a computer need."),
        _GIVE_ONE,
        source="https://www.rfc-editor.org/rfc/rfc8252#section-7.3; seen at Fastmail",
        patterns=(
            Pattern(origins=_HERE, errors=("invalid_redirect_uri",)),
            Pattern(origins=_HERE, words="redirect_uri"),
        ),
    ),
    Verdict(
        "registration_needs_token",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_REGISTRATION,
        N_("{issuer} lets only applications register that it knows already"),
        N_("It wants an initial access token, which only its administrators give."),
        _GIVE_ONE,
        source="https://www.rfc-editor.org/rfc/rfc7591#section-3",
        patterns=(
            Pattern(origins=_HERE, statuses=range(401, 402)),
            Pattern(origins=_HERE, statuses=range(403, 404)),
        ),
    ),
    Verdict(
        "registration_answer_unusable",
        Kind.MISCONFIGURED,
        Actor.PROVIDER,
        Action.MEND_REGISTRATION,
        N_("{issuer} sent an unexpected answer to the registration"),
        N_("The answer has no client ID that can be used."),
        _GIVE_ONE,
        source="https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1",
        patterns=(Pattern(origins=_HERE, errors=("foreign_answer",)),),
    ),
    Verdict(
        "registration_refused",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.MEND_REGISTRATION,
        N_("{issuer} refused to register oauth2_imap as an application"),
        "",
        _GIVE_ONE,
        source=_ERRORS,
        patterns=(Pattern(origins=_HERE),),
    ),
)
