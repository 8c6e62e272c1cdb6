"""What the procedures for one mailbox find out themselves, without a server's answer."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_OURS = "oauth2_imap"

NO_TOKEN = Verdict(
    "no_token_of_mailbox",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN,
    N_("There is no token of {address} in {path}"),
    N_("Nobody has signed in to this mailbox with this token file."),
    N_("Sign in."),
    source=_OURS,
)
SIGN_IN_NEEDED = Verdict(
    "sign_in_needed",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("{address} must sign in again"),
    N_("The tokens in the file can't be refreshed any more, and no browser can be opened now."),
    N_("Sign in again from a terminal or from the window."),
    source=_OURS,
)
SIGNED_IN_AS_ANOTHER = Verdict(
    "signed_in_as_another",
    Kind.REFUSED_ACCOUNT,
    Actor.YOU,
    Action.SIGN_IN_AS_ANOTHER,
    N_("The sign-in was made as {account}, not as {address}"),
    N_(
        "A sign-in with another account is saved only if its login opens the mailbox, or if you "
        "say that the mailbox is shared. The login failed, or it was not tested."
    ),
    N_("Sign in as {address}. For a shared mailbox, say that {account} signs in."),
    source=_OURS,
)
VERDICTS = (NO_TOKEN, SIGN_IN_NEEDED, SIGNED_IN_AS_ANOTHER)
