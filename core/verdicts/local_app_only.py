"""What a registration lacks to get tokens without a user."""

from .verdict import N_, Action, Actor, Kind, Verdict

_GRANT = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"

SECRET_MISSING = Verdict(
    "app_only_secret_missing",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.GIVE_SECRET,
    N_("The client secret of {application} is missing"),
    N_("The application gets its tokens without a user, so it must show who it is."),
    N_("Give the client secret."),
    source=_GRANT,
)
TENANT_NOT_ONE = Verdict(
    "app_only_tenant_not_one",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.CHOOSE_TENANT,
    N_('The tenant "{tenant}" is not one organisation'),
    N_(
        "Without a user, a token is for the mailboxes of one organisation, which has allowed the "
        "application."
    ),
    N_("Give the domain or the tenant ID of the organisation."),
    source=_GRANT,
)

VERDICTS = (SECRET_MISSING, TENANT_NOT_ONE)
