"""Which scopes a sign-in asks for, out of those that a server offers.

Some servers refuse a sign-in that asks for all of them, and no program should ask for more than it
needs. The names are data: `Discovery` in providers.toml.
"""

from collections.abc import Collection, Sequence

from ..providers.fields import Discovery
from .finding import Finding
from .sign_in_server import SignInServer

# OpenID Connect Core, section 11: this one asks for a refresh token.
OFFLINE = "offline_access"


def mail_scopes(offered: Collection[str], known: Discovery) -> tuple[str, ...]:
    """The scopes of IMAP among those that are offered; empty if none is known."""
    return _first_offered(known.mail_scopes, offered)


def scopes_to_ask(server: SignInServer, finding: Finding, known: Discovery) -> tuple[str, ...]:
    """The scopes for a sign-in; empty if none is known.

    What the mail domain says comes first. A server whose scopes say nothing of mail may give the
    mailbox to whoever proves to be its user.
    """
    scopes = (
        finding.scopes
        or mail_scopes(server.scopes, known)
        or _first_offered(known.account_scopes, server.scopes)
    )
    wants_offline = scopes and OFFLINE in server.scopes and OFFLINE not in scopes
    return (*scopes, OFFLINE) if wants_offline else scopes


def _first_offered(choices: Sequence[str], offered: Collection[str]) -> tuple[str, ...]:
    """The scopes of the first choice that is offered whole."""
    split = (tuple(choice.split()) for choice in choices)
    return next((scopes for scopes in split if set(scopes) <= set(offered)), ())
