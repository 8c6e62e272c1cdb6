"""Faults of discovery: what a sign-in server or a mail domain says about itself can't be used."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_METADATA = "https://www.rfc-editor.org/rfc/rfc8414"
_NATIVE_APPS = "https://www.rfc-editor.org/rfc/rfc8252"

NOT_AN_ISSUER = Verdict(
    "not_an_issuer",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The issuer is not the address of a sign-in server"),
    N_("{rule}"),
    N_("Write it like https://login.example.com, exactly as the provider publishes it."),
    source=f"{_METADATA}#section-2",
)
NOTHING_DISCOVERED = Verdict(
    "nothing_discovered",
    Kind.USAGE,
    Actor.YOU,
    Action.DESCRIBE_PROVIDER,
    N_("The servers of {domain} do not say where its users sign in"),
    "",
    N_(
        "Ask the provider whether its IMAP server supports OAuth2. If it does, give its sign-in "
        "server or its endpoints. If it does not, use a password in imapsync."
    ),
    source="oauth2_imap",
)
NO_METADATA = Verdict(
    "no_metadata",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.DESCRIBE_PROVIDER,
    N_("{issuer} does not describe its sign-in server"),
    N_("A sign-in server publishes its endpoints at an address that the standards fix."),
    N_("Check the issuer. If it is right, ask the provider for the endpoints and give them."),
    source=f"{_METADATA}#section-3",
)
ISSUER_DIFFERS = Verdict(
    "issuer_differs",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.DESCRIBE_PROVIDER,
    N_("The description at {issuer} belongs to another sign-in server"),
    N_("The issuer in it must be exactly the one that was asked, also in its last slash."),
    N_("If you know the sign-in server that it names, use that as the issuer."),
    source=f"{_METADATA}#section-3.3",
)
METADATA_INVALID = Verdict(
    "metadata_invalid",
    Kind.MISCONFIGURED,
    Actor.PROVIDER,
    Action.DESCRIBE_PROVIDER,
    N_("{issuer} describes its sign-in server with an invalid {field}"),
    N_("{rule}"),
    N_("Tell the provider. Or give the endpoints by hand."),
    source=f"{_METADATA}#section-2",
)
SERVER_LACKS = Verdict(
    "sign_in_server_lacks",
    Kind.REFUSED_WAY,
    Actor.PROVIDER,
    Action.NONE,
    N_("{issuer} does not offer {feature}"),
    N_("A program on your computer can't sign in safely without it."),
    N_("Ask the provider which mail programs can sign in there. Or use a password in imapsync."),
    source=f"{_NATIVE_APPS}#section-6",
)
NO_MAIL_SCOPE = Verdict(
    "no_mail_scope",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.DESCRIBE_PROVIDER,
    N_("{issuer} names no permission for mail that oauth2_imap knows"),
    "",
    N_("Ask the provider which scopes a mail program needs for IMAP, and give them."),
    source="https://datatracker.ietf.org/doc/draft-ietf-mailmaint-oauth-public/",
)
NO_FREE_REGISTRATION = Verdict(
    "no_free_registration",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_REGISTRATION,
    N_("{issuer} lets no application register itself"),
    N_("A sign-in there needs the client ID of an application that is registered already."),
    N_("Register an application at the provider, or ask for one, and give its client ID."),
    source="https://www.rfc-editor.org/rfc/rfc7591#section-3",
)
IMAP_SERVER_NOT_FOUND = Verdict(
    "imap_server_not_found",
    Kind.USAGE,
    Actor.YOU,
    Action.CHECK_SERVER,
    N_("The IMAP server of {domain} is not known"),
    N_("The domain names a sign-in server, but no IMAP server."),
    N_("Give the name of the IMAP server."),
    source="oauth2_imap",
)
HOST_NOT_CONFIRMED = Verdict(
    "host_not_confirmed",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.CONFIRM_SERVER,
    N_("{address} would sign in at {host}, which nobody has confirmed"),
    N_(
        "The mail settings published for {domain} name this sign-in server. A false one could "
        "take a password, so you have to say yes once."
    ),
    N_("If you know that your provider uses this server, name it yourself."),
    source=f"{_NATIVE_APPS}#section-8.10",
)

VERDICTS: tuple[Verdict, ...] = (
    NOT_AN_ISSUER,
    NOTHING_DISCOVERED,
    NO_METADATA,
    ISSUER_DIFFERS,
    METADATA_INVALID,
    SERVER_LACKS,
    NO_MAIL_SCOPE,
    NO_FREE_REGISTRATION,
    IMAP_SERVER_NOT_FOUND,
    HOST_NOT_CONFIRMED,
)
