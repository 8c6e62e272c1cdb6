"""The fields of providers and applications: add a field here, with its check and its default.

Reading a providers.toml, merging tables, the user's own values and saving them derive from this
list. The annotation of a field names the check of its value. A field without a default is required.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from types import MappingProxyType
from typing import Annotated, Any

from ..model import DEFAULT_GRANT, IMAPS_PORT, ClientAuthentication, FlowKind
from . import values

Check = Callable[[object], object]
Table = dict[str, Any]  # values of fields by name


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFields:
    """What a provider sets for its sign-ins. Each of its applications may set it differently.

    `{tenant}` in an endpoint is a placeholder for `tenant`. `device_authorization_uri` (RFC 8628)
    and `revocation_uri` (RFC 7009) are empty if there is no such endpoint. `refresh_repeats_scope`
    says whether a refresh request has the scopes too. `grant` names the way to new tokens
    (oauth/grant.py). `scopes_without_user` are the scopes of an application whose grant needs no
    sign-in, unless it has scopes of its own; `fallback_scopes` are asked for if those are refused.
    `resource` is the server that the tokens are for (RFC 8707), where the provider wants to know
    it. With `exact_redirect` the provider refuses a redirect URI with a port of ours, so nothing
    listens there and the user pastes the address. `pkce` says whether the provider is known to
    check the verifier (RFC 7636), which is sent in any case. `revocation_pages` are web pages where
    the user can end the access of an application. `issuer` is the name of the sign-in server (RFC
    8414): an answer of another one is refused. With `sends_issuer`, an answer that names none is
    refused too (RFC 9207). `consent` is a sentence on who must allow an application, by the
    provider's default settings. `verified` says whether sign-ins with these values are known to
    work.
    """

    label: Annotated[str, values.non_empty_text]
    flow: Annotated[FlowKind, values.flow] = FlowKind.PLAIN
    issuer: Annotated[str, values.page] = ""
    sends_issuer: Annotated[bool, values.boolean] = False
    authorize_uri: Annotated[str, values.endpoint]
    token_uri: Annotated[str, values.endpoint]
    device_authorization_uri: Annotated[str, values.endpoint] = ""
    tenant: Annotated[str, values.tenant] = ""
    scopes: Annotated[tuple[str, ...], values.scopes]
    refresh_repeats_scope: Annotated[bool, values.boolean] = False
    grant: Annotated[str, values.name] = DEFAULT_GRANT
    scopes_without_user: Annotated[tuple[str, ...], values.texts] = ()
    fallback_scopes: Annotated[tuple[str, ...], values.texts] = ()
    authorize_parameters: Annotated[Mapping[str, str], values.parameters] = field(
        default_factory=dict
    )
    resource: Annotated[str, values.resource] = ""
    client_authentication: Annotated[ClientAuthentication, values.client_authentication] = (
        ClientAuthentication.BODY
    )
    redirect_uri: Annotated[str, values.redirect_uri] = "http://localhost"
    exact_redirect: Annotated[bool, values.boolean] = False
    pkce: Annotated[bool, values.boolean] = True
    revocation_uri: Annotated[str, values.endpoint] = ""
    revocation_pages: Annotated[tuple[str, ...], values.pages] = ()
    imap_host: Annotated[str, values.host]
    imap_port: Annotated[int, values.port] = IMAPS_PORT
    imap_starttls: Annotated[bool, values.boolean] = False
    consent: Annotated[str, values.text] = ""
    verified: Annotated[bool, values.boolean] = True
    note: Annotated[str, values.text] = ""


# There are no objects of it, and to make methods for so many fields takes milliseconds.
@dataclass(frozen=True, slots=True, kw_only=True, init=False, repr=False, eq=False)
class ApplicationFields(ProviderFields):
    """What an application (OAuth2 client) sets: a provider's fields and those of its own.

    `application_label` is the name that the sign-in page shows; it is empty if it is unknown.
    `client_secret` is empty for a public client; `client_secret_entry` names the entry of the
    system's secret store that has the secret in place of the file. `confidential` means that the
    application has a secret which only its owner knows, so the user has to give it. `certificate`
    is the path of a PEM or PFX file, with which an application signs in place of sending a secret
    (the grant client_credentials); then `client_secret` is the password of that file. `key_file` is
    the path of a service account's key at Google (the grant jwt_bearer). `default_for` are domains
    whose addresses use this application if no other is chosen.
    """

    application_label: Annotated[str, values.non_empty_text] = ""
    client_id: Annotated[str, values.non_empty_text]
    client_secret: Annotated[str, values.text] = field(default="", repr=False)
    client_secret_entry: Annotated[str, values.store_entry] = field(default="", repr=False)
    confidential: Annotated[bool, values.boolean] = False
    certificate: Annotated[str, values.full_path] = ""
    key_file: Annotated[str, values.full_path] = ""
    default_for: Annotated[tuple[str, ...], values.hosts] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(ApplicationFields):
    """One application at one provider, with all that a sign-in and a refresh need.

    `provider` and `application` are their names. `shipped` says whether the client ID comes with
    the program. The secret is sent only to `token_uri`, `device_authorization_uri` and
    `revocation_uri`.
    """

    provider: str
    application: str
    shipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutOAuth:
    """A provider whose IMAP server takes no OAuth2 tokens, so that nobody searches for a way.

    `page` is its own page on passwords for mail programs.
    """

    label: Annotated[str, values.non_empty_text]
    domains: Annotated[tuple[str, ...], values.hosts] = ()
    mx_suffixes: Annotated[tuple[str, ...], values.suffixes] = ()
    page: Annotated[str, values.page]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Where a mail domain may name its sign-in server; `{domain}` stands for the domain.

    `resources` are protected resources (RFC 9728), `configurations` the files of PACC, `autoconfig`
    those of mail autoconfig, `issuers` sign-in servers with the domain's own name, and
    `imap_servers` those that are asked to name one (RFC 7628). The first of `mail_scopes` that a
    server offers is asked for, else the first of `account_scopes`; one entry may have several.
    """

    resources: Annotated[tuple[str, ...], values.page_templates] = ()
    configurations: Annotated[tuple[str, ...], values.page_templates] = ()
    autoconfig: Annotated[tuple[str, ...], values.page_templates] = ()
    issuers: Annotated[tuple[str, ...], values.page_templates] = ()
    imap_servers: Annotated[tuple[str, ...], values.server_templates] = ()
    mail_scopes: Annotated[tuple[str, ...], values.texts] = ()
    account_scopes: Annotated[tuple[str, ...], values.texts] = ()


def checks_of(kind: type[ProviderFields | WithoutOAuth | Discovery]) -> Mapping[str, Check]:
    """The check of each field; it returns the converted value, or raises `values.Invalid`."""
    annotations: Mapping[str, Any] = {known.name: known.type for known in fields(kind)}
    return {name: annotated.__metadata__[0] for name, annotated in annotations.items()}


def required_of(kind: type[ProviderFields | WithoutOAuth]) -> list[str]:
    """The names of the fields without a default value."""
    return [
        known.name
        for known in fields(kind)
        if known.default is MISSING and known.default_factory is MISSING
    ]


def defaults_of(kind: type[ProviderFields]) -> Table:
    """The values of the fields that a table doesn't set; `MISSING` for a required field."""
    return {
        known.name: known.default if known.default_factory is MISSING else known.default_factory()
        for known in fields(kind)
    }


def scopes_of_grant(table: Table) -> Table:
    """The scopes that take the place of the provider's if a table names a grant; {} for none."""
    without_user = table.get("scopes_without_user", ())
    is_other = table.get("grant", DEFAULT_GRANT) != DEFAULT_GRANT
    return {"scopes": without_user} if is_other and without_user else {}


def provider_part(of: ProviderFields) -> Table:
    """The values of the fields that a provider sets."""
    return {known.name: getattr(of, known.name) for known in fields(ProviderFields)}


# What shows that an address belongs to a provider; catalog.Provider describes it.
DETECTION_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "company": values.text,
        "domains": values.hosts,
        "mx_suffixes": values.suffixes,
        "host_suffixes": values.suffixes,
        "tenant_discovery_uri": values.endpoint,
        "tenant_clouds": values.texts,
    }
)
PROVIDER_CHECKS = checks_of(ProviderFields)
APPLICATION_CHECKS = checks_of(ApplicationFields)
WITHOUT_OAUTH_CHECKS = checks_of(WithoutOAuth)
DISCOVERY_CHECKS = checks_of(Discovery)
