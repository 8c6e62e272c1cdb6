"""Faults of settings: providers.toml, registrations, endpoints by hand, detection, addresses.

Each entry is raised by name. The rules are whole sentences on the form of a single value.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

# E-mail addresses.
_SMTP = "https://www.rfc-editor.org/rfc/rfc5321"
NOT_AN_ADDRESS = Verdict(
    "not_an_address",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("{text} is not an e-mail address"),
    N_("It has no @, or there is nothing before the @ or after it."),
    N_("Write the address like you@example.com."),
    source=_SMTP,
)
ADDRESS_NOT_ASCII = Verdict(
    "address_not_ascii",
    Kind.USAGE,
    Actor.ADMINISTRATOR,
    Action.CORRECT_INPUT,
    N_("The address {text} has special letters before the @ (not ASCII)"),
    N_("A login with OAuth2 does not work with such letters."),
    N_(
        "Ask your administrator for another address of this mailbox that has only the letters a to "
        "z before the @."
    ),
    source="https://developers.google.com/gmail/imap/xoauth2-protocol",
)
ADDRESS_WITH_WRONG_CHARACTER = Verdict(
    "address_with_wrong_character",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The address {text} has a character or a dot before the @ that is not allowed there"),
    N_("Spaces, quotes, slashes and double dots are not allowed."),
    N_("Correct the address."),
    source=_SMTP,
)
ADDRESS_WITH_SEVERAL_AT = Verdict(
    "address_with_several_at",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The address {text} has more than one @"),
    N_("An e-mail address has one @, between the name and the domain."),
    N_("Correct the address."),
    source=_SMTP,
)
ADDRESS_WITH_SPACE = Verdict(
    "address_with_space",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The address {text} has a space in it"),
    N_("An e-mail address has no spaces."),
    N_("Remove the space. If there is a name before the address, remove the name too."),
    source=_SMTP,
)
ADDRESS_TOO_LONG = Verdict(
    "address_too_long",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The address {text} is longer than an e-mail address can be"),
    N_("At most 64 characters are allowed before the @, and at most 254 in the whole address."),
    N_("Check the address. Perhaps too much text was pasted."),
    source=f"{_SMTP}#section-4.5.3.1",
)
ADDRESS_WITHOUT_DOMAIN = Verdict(
    "address_without_domain",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The address {text} has no valid domain after the @"),
    N_("A domain has at least two parts, for example example.com."),
    N_("Write the address like you@example.com."),
    source="https://www.rfc-editor.org/rfc/rfc5890",
)
# Which provider an address belongs to.
DOMAIN_UNKNOWN = Verdict(
    "domain_unknown",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("{domain} does not exist"),
    N_("The name servers know no domain with this name."),
    N_("Check how the address is spelled."),
    source="https://www.rfc-editor.org/rfc/rfc8020",
)
DOMAIN_WITHOUT_MAIL = Verdict(
    "domain_without_mail",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_PROVIDER,
    N_("{domain} has no server that receives mail"),
    N_("The domain has no MX record, or its MX record says that it receives no mail."),
    N_("Check how the address is spelled. If it is right, choose the mailbox's provider."),
    source="https://www.rfc-editor.org/rfc/rfc7505",
)
NAME_SERVERS_SILENT = Verdict(
    "name_servers_silent",
    Kind.PASSING,
    Actor.YOU,
    Action.CHECK_NETWORK,
    N_("The name servers (DNS) did not answer for {domain}"),
    N_("The program must ask them for the mail server, which shows the provider of the mailbox."),
    N_("Check the network connection and try again, or choose the mailbox's provider."),
    source="https://dnspython.readthedocs.io/en/stable/exceptions.html",
)
MAIL_FILTER_HIDES_PROVIDER = Verdict(
    "mail_filter_hides_provider",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_PROVIDER,
    N_("{filter} receives the mail of {domain}, so the mailbox's provider can't be found"),
    N_(
        "The MX record of the domain is {mx_host}. It shows only this service, not the provider "
        "behind it."
    ),
    N_("Choose the mailbox's provider. If you do not know it, ask your administrator."),
    source="oauth2_imap",
)
PROVIDER_UNCERTAIN = Verdict(
    "provider_uncertain",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_PROVIDER,
    N_("The provider of {domain} is not certain: perhaps {candidates}"),
    N_("What was found: {clues}."),
    N_("Choose the mailbox's provider. If you do not know it, ask your administrator."),
    source="oauth2_imap",
)
PROVIDER_NOT_FOUND = Verdict(
    "provider_not_found",
    Kind.USAGE,
    Actor.YOU,
    Action.DESCRIBE_PROVIDER,
    N_("{domain} does not belong to a provider that oauth2_imap knows"),
    N_("The MX record of the domain is {mx_host}."),
    N_(
        "Ask the provider whether its IMAP server supports OAuth2. If it does, give the endpoints, "
        "the client ID, the scopes and the IMAP server. If it does not, use a password in "
        "imapsync. If only the domain's mail has moved and the mailbox has not, name the provider "
        "that still has the mailbox."
    ),
    source="oauth2_imap",
)
PROVIDER_WITHOUT_OAUTH = Verdict(
    "provider_without_oauth",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("{provider} doesn't offer OAuth2 for IMAP"),
    N_("Its IMAP server takes only passwords, so no token would help."),
    N_("Use imapsync with an app password: {page}."),
    source="https://github.com/thunderbird/autoconfig/tree/master/ispdb",
)
# Registrations and endpoints that the user gives.
TOKEN_URI_ALONE = Verdict(
    "token_uri_alone",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("token_uri also needs authorize_uri"),
    N_("A sign-in begins at the authorization endpoint."),
    N_("Give authorize_uri too, or choose a known provider."),
    source="https://www.rfc-editor.org/rfc/rfc6749#section-3",
)
PROVIDER_UNKNOWN = Verdict(
    "provider_unknown",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_PROVIDER,
    N_("{name} is not a known provider"),
    N_("Known providers: {known}."),
    N_(
        "Choose one of them. Another provider needs all of these: the authorization endpoint, the "
        "token endpoint, a client ID, the scopes and the IMAP server."
    ),
    source="oauth2_imap",
)
PROVIDER_INCOMPLETE = Verdict(
    "provider_incomplete",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("{provider} is incomplete: it also needs {missing}"),
    N_("A provider that is not in the list of oauth2_imap needs all these values."),
    N_("Give the missing values."),
    source="oauth2_imap",
)
APPLICATION_UNKNOWN = Verdict(
    "application_unknown",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_APPLICATION,
    N_("{provider} has no application {application}"),
    N_("Its applications: {known}."),
    N_("Choose one of them. To use your own registration, give its client_id."),
    source="oauth2_imap",
)
APPLICATION_NAME_TAKEN = Verdict(
    "application_name_taken",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_APPLICATION,
    N_("{provider} already has an application {application}, with another client ID"),
    N_("Mailboxes that were signed in with that application need its client ID."),
    N_("Choose another name for your registration, or give no name."),
    source="oauth2_imap",
)
PROVIDER_WITHOUT_APPLICATION = Verdict(
    "provider_without_application",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_APPLICATION,
    N_("oauth2_imap has no client ID for {provider}"),
    N_("This provider needs an application that you or your administrator registers there."),
    N_("Register an application at the provider, and give its client ID."),
    source="https://www.rfc-editor.org/rfc/rfc6749#section-2",
)
RECORDED_PROVIDER_UNKNOWN = Verdict(
    "recorded_provider_unknown",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_PROVIDER,
    N_("The token file belongs to an unknown provider: {name}"),
    N_("Probably your file providers.toml described this provider, but the file is missing now."),
    N_("Choose the provider, or restore your own providers.toml."),
    source="oauth2_imap",
)
VALUE_INVALID = Verdict(
    "value_invalid",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("The value of {field} is not valid"),
    N_("{rule}"),
    N_("Correct the value and try again."),
    source="oauth2_imap",
)
# The user's own providers.toml.
SETTINGS_UNREADABLE = Verdict(
    "settings_unreadable",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} can't be read"),
    "",
    N_("Correct the permissions of the file."),
    source="https://man7.org/linux/man-pages/man2/open.2.html",
)
SETTINGS_TOO_LARGE = Verdict(
    "settings_too_large",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} is too large for a list of providers"),
    N_("Probably the file contains something else."),
    N_("Move the file away."),
    source="oauth2_imap",
)
SETTINGS_NOT_TOML = Verdict(
    "settings_not_toml",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} is not valid TOML"),
    N_(
        "Text values need quotes. In double quotes, write each backslash twice. The file must be "
        "saved as UTF-8."
    ),
    N_("Correct the file."),
    source="https://toml.io/en/v1.0.0",
)
SETTING_UNKNOWN = Verdict(
    "setting_unknown",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} has a field that oauth2_imap does not know: {field}"),
    N_("Known names there: {known}."),
    N_("Correct the name of the field, or remove it."),
    source="oauth2_imap",
)
SETTING_MISSING = Verdict(
    "setting_missing",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} has no {field}"),
    N_(
        "A provider needs authorize_uri, token_uri, scopes and imap_host. An application needs a "
        "client_id. If an endpoint contains a placeholder for the tenant, the provider also needs "
        "tenant."
    ),
    N_("Add the field to the file."),
    source="oauth2_imap",
)
SETTING_INVALID = Verdict(
    "setting_invalid",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("{file} has a value that is not valid: {field}"),
    N_("{rule}"),
    N_("Correct that line of the file."),
    source="oauth2_imap",
)
DOMAIN_OF_TWO_PROVIDERS = Verdict(
    "domain_of_two_providers",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("In {file}, {domain} belongs to two providers: {provider} and {other}"),
    N_("A domain can belong to only one provider."),
    N_("Remove the domain from one of the two providers."),
    source="oauth2_imap",
)
SETTINGS_NOT_EXTENSIBLE = Verdict(
    "settings_not_extensible",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("Your endpoints and client ID can't be added to {file}"),
    N_("The file is not valid TOML, or its providers are not written as tables."),
    N_("Write the application as a table in the file: {table}."),
    source="https://toml.io/en/v1.0.0#table",
)
SETTINGS_NOT_WRITTEN = Verdict(
    "settings_not_written",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("Your endpoints and client ID can't be saved in {file}"),
    "",
    N_(
        "Correct the permissions of the folder. Or give the endpoints and the client ID again next "
        "time."
    ),
    source="https://man7.org/linux/man-pages/man2/open.2.html",
)
NAME_SERVER_SETTINGS_INVALID = Verdict(
    "name_server_settings_invalid",
    Kind.LOCAL,
    Actor.ADMINISTRATOR,
    Action.CHECK_NETWORK,
    N_("The name server (DNS) settings of this computer can't be used"),
    N_(
        "On Linux and macOS they are in /etc/resolv.conf. It must name at least one name server by "
        "its IP address."
    ),
    N_("Correct these settings, or choose the mailbox's provider."),
    source="https://man7.org/linux/man-pages/man5/resolv.conf.5.html",
)

# Rules for a single value: the `rule` of VALUE_INVALID and SETTING_INVALID.
MUST_BE_NAME = N_("It must have only lower-case letters, digits, dots, dashes and _.")
MUST_BE_LINE = N_("It must be one line of text. In providers.toml it needs quotes.")
MUST_NOT_BE_EMPTY = N_("It must not be empty.")
MUST_BE_LIST = N_('It must be a list like ["…", "…"].')
MUST_HAVE_SCOPE = N_("It must have at least one scope.")
MUST_BE_SUFFIXES = N_(
    "Each of its values must be the end of a host name in lower case and begin with a dot, for "
    'example ".example.com".'
)
MUST_BE_BOOLEAN = N_("It must be true or false.")
MUST_BE_PARAMETERS = N_('It must be a table like { prompt = "consent" }.')
MUST_NOT_SET_PARAMETER = N_("It must not have a parameter that the sign-in sets itself.")
MUST_BE_FLOW = N_("It must be microsoft, google or plain.")
MUST_BE_CLIENT_AUTHENTICATION = N_("It must be body or basic.")
MUST_BE_RESOURCE = N_("It must be a full address like imap://imap.example.com, without a #.")
NOT_AT_MICROSOFT = N_("Microsoft doesn't know this parameter, so it must be empty.")
MUST_BE_HOST = N_("It must be a host name in lower case.")
MUST_BE_FULL_PATH = N_("It must be the full path of a file.")
MUST_BE_STORE_ENTRY = N_("It must be the name of a store entry, as oauth2_imap writes it.")
MUST_BE_ONE_SECRET = N_("It can't be set together with client_secret.")
MUST_BE_PORT = N_("It must be a port number from 1 to 65535.")
MUST_BE_TENANT = N_("It must be a tenant: common, a domain name or an id.")
MUST_BE_HTTPS = N_("It must be an address that begins with https://.")
MUST_BE_REDIRECT = N_(
    "It must be http://localhost, https://localhost or another address that begins with https://."
)
MUST_BE_PLAIN_REDIRECT = N_("It must have neither a fragment nor a user name.")
MUST_BE_ADDRESS = N_("It must be a web address, without spaces and accents.")
MUST_NAME_DOMAIN_ONCE = N_("A domain can have only one application.")
MUST_BE_TABLE = N_("It must be a table.")
MUST_BE_TABLES = N_("Each of its values must be a table.")
MUST_NAME_PROVIDER = N_("It must name another provider, which does not extend this one.")
MUST_FIT_MICROSOFT = N_(
    'With flow = "microsoft", the endpoints must be https://HOST/TENANT/oauth2/v2.0/authorize and '
    "https://HOST/TENANT/oauth2/v2.0/token."
)
MUST_NAME_APPLICATION = N_("It must be the name of an application of this provider.")

# More on e-mail addresses.
SEVERAL_ADDRESSES = Verdict(
    "several_addresses",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("{text} contains more than one e-mail address"),
    N_("One address was expected here."),
    N_("Give the addresses one by one, without quotes around them and without commas."),
    source=_SMTP,
)
TENANT_WITHOUT_PLACE = Verdict(
    "tenant_without_place",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("{provider} can't use this tenant"),
    N_("Its endpoints have no place for a tenant, or they have a fixed one."),
    N_("Give no tenant. For another tenant at Microsoft, give its authorization endpoint."),
    source="https://learn.microsoft.com/entra/identity-platform/v2-protocols",
)
HOME_NOT_ABSOLUTE = Verdict(
    "home_not_absolute",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("{name} is not an absolute path: {value}"),
    N_("imapsync runs oauth2_imap in other folders, where this path means another place."),
    N_("Set the variable to a full path, or remove it."),
    source="oauth2_imap",
)

VERDICTS: tuple[Verdict, ...] = (
    NOT_AN_ADDRESS,
    ADDRESS_NOT_ASCII,
    ADDRESS_WITH_WRONG_CHARACTER,
    ADDRESS_WITH_SEVERAL_AT,
    ADDRESS_WITH_SPACE,
    ADDRESS_TOO_LONG,
    ADDRESS_WITHOUT_DOMAIN,
    DOMAIN_UNKNOWN,
    DOMAIN_WITHOUT_MAIL,
    NAME_SERVERS_SILENT,
    MAIL_FILTER_HIDES_PROVIDER,
    PROVIDER_UNCERTAIN,
    PROVIDER_NOT_FOUND,
    PROVIDER_WITHOUT_OAUTH,
    TOKEN_URI_ALONE,
    PROVIDER_UNKNOWN,
    PROVIDER_INCOMPLETE,
    APPLICATION_UNKNOWN,
    APPLICATION_NAME_TAKEN,
    PROVIDER_WITHOUT_APPLICATION,
    RECORDED_PROVIDER_UNKNOWN,
    VALUE_INVALID,
    SETTINGS_UNREADABLE,
    SETTINGS_TOO_LARGE,
    SETTINGS_NOT_TOML,
    SETTING_UNKNOWN,
    SETTING_MISSING,
    SETTING_INVALID,
    DOMAIN_OF_TWO_PROVIDERS,
    SETTINGS_NOT_EXTENSIBLE,
    SETTINGS_NOT_WRITTEN,
    SEVERAL_ADDRESSES,
    NAME_SERVER_SETTINGS_INVALID,
    TENANT_WITHOUT_PLACE,
    HOME_NOT_ABSOLUTE,
)
