"""What the token endpoint says of a device code, at every provider (RFC 8628 section 3.5).

These come before the tables of providers and of the other standards, which take the same names for
those of a refresh token.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_SOURCE = "https://www.rfc-editor.org/rfc/rfc8628#section-3.5"
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "oauth_device_code_expired",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The code for the other device has expired or was used already"),
        N_("A code is valid for some minutes and works only once."),
        N_("Start the sign-in again."),
        source=_SOURCE,
        patterns=(
            Pattern(
                # The last one is Microsoft's name.
                errors=("expired_token", "invalid_grant", "bad_verification_code"),
                grant=_GRANT,
            ),
            Pattern(origins=(Origin.AUTHORIZATION,), errors=("expired_token",)),
        ),
    ),
    Verdict(
        "oauth_device_code_denied",
        Kind.DEAD_GRANT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("The sign-in was refused on the other device"),
        N_(
            "The user can refuse it. Some sign-in pages also refuse it if an administrator does "
            "not allow the application."
        ),
        N_(
            "Sign in again and accept the request. If the page does not let you accept it, ask the "
            "administrator to allow {application}."
        ),
        source=_SOURCE,
        patterns=(Pattern(errors=("access_denied", "authorization_declined"), grant=_GRANT),),
    ),
)
