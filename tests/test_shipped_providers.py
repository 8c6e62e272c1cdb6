"""The shipped providers.toml: what must be true for each of its entries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from core.model import FlowKind
from core.net.network import LOOPBACK_HOSTS, Network
from core.oauth.sign_in.clients import new_client
from core.providers import values
from core.providers.catalog import SHIPPED, Provider, load_catalog
from core.providers.fields import Registration, WithoutOAuth
from core.providers.overrides import Overrides
from core.providers.registration import resolve

CATALOG = load_catalog()
PROVIDERS = list(CATALOG.providers.values())
APPLICATIONS = [(p, a) for p in PROVIDERS for a in p.applications.values()]
WITHOUT_OAUTH = list(CATALOG.without_oauth.values())


def name_of(value: Provider | Registration) -> str:
    """A name for pytest's list of tests."""
    return value.name if isinstance(value, Provider) else value.application


def endpoints(provider: Provider) -> Iterator[str]:
    """All endpoints of a provider and its applications."""
    owners: tuple[Provider | Registration, ...] = (provider, *provider.applications.values())
    for owner in owners:
        uris = (owner.authorize_uri, owner.token_uri, owner.revocation_uri)
        yield from (uri for uri in uris if uri)


def test_the_shipped_names() -> None:
    """The shipped names stay, since existing scripts use them."""
    for name in ("office365", "gmail"):
        provider = CATALOG.providers[name]
        assert "thunderbird" == provider.default_application
        assert ["thunderbird", "imapsync"] == list(provider.applications)


@pytest.mark.parametrize("provider", PROVIDERS, ids=name_of)
class TestShippedProvider:
    """What must be true for each shipped provider."""

    def test_name_and_label(self, provider: Provider) -> None:
        """The name may be part of a file name; the label is a text for the user."""
        assert provider.name == values.name(provider.name)
        assert provider == CATALOG.providers[provider.name]
        assert provider.label.strip()
        assert provider.label != provider.name

    def test_endpoints(self, provider: Provider) -> None:
        """All endpoints use https on the standard port, and the provider has both of its own."""
        assert provider.authorize_uri
        assert provider.token_uri
        for uri in endpoints(provider):
            parts = urlsplit(uri)
            assert ("https", parts.hostname) == (parts.scheme, parts.netloc)
            assert not parts.query
            assert not parts.fragment

    def test_the_end_of_a_grant(self, provider: Provider) -> None:
        """Each provider names a page where the user can end the access."""
        assert provider.revocation_pages
        for uri in provider.revocation_pages:
            assert "https" == urlsplit(uri).scheme

    def test_flow_and_scopes(self, provider: Provider) -> None:
        """The flow is known; the scopes are unique words. msal adds those of OpenID itself."""
        assert isinstance(provider.flow, FlowKind)
        assert provider.scopes
        assert len(set(provider.scopes)) == len(provider.scopes)
        if provider.flow is FlowKind.MICROSOFT:
            assert not {"openid", "profile", "email"} & set(provider.scopes)
        assert not any(" " in scope or not scope for scope in provider.scopes)

    def test_imap(self, provider: Provider) -> None:
        """IMAP uses TLS from the start, or STARTTLS on the port for it."""
        assert provider.imap_host == values.host(provider.imap_host)
        assert provider.imap_starttls == (provider.imap_port == 143)

    def test_domains_and_suffixes(self, provider: Provider) -> None:
        """Domains and suffixes are unique and in lower case; suffixes begin with a dot."""
        assert all(d == d.lower() and "." in d and d[0] != "." for d in provider.domains)
        assert len(set(provider.domains)) == len(provider.domains)
        assert provider.mx_suffixes
        suffixes = (*provider.mx_suffixes, *provider.host_suffixes)
        assert all(s == s.lower() and s[0] == "." for s in suffixes)

    def test_the_default_application(self, provider: Provider) -> None:
        """The default application exists, if the provider has any application."""
        assert bool(provider.applications) == (
            provider.default_application in provider.applications
        )

    def test_the_tenant(self, provider: Provider) -> None:
        """A tenant is given if and only if the endpoints contain its placeholder."""
        asked = any("{tenant}" in uri for uri in endpoints(provider))
        assert asked == bool(provider.tenant)


@pytest.mark.parametrize(("provider", "application"), APPLICATIONS, ids=name_of)
class TestShippedApplication:
    """What must be true for each shipped application."""

    def test_name_and_label(self, provider: Provider, application: Registration) -> None:
        """The same rules as for a provider."""
        assert application.application == values.name(application.application)
        assert application == provider.applications[application.application]
        assert application.application_label.strip()

    def test_client(self, provider: Provider, application: Registration) -> None:
        """Each application has a client ID.

        Secrets are only those that are public, and none is Microsoft's.
        """
        assert application.client_id.strip()
        assert not (application.confidential and application.client_secret)
        assert not (provider.flow is FlowKind.MICROSOFT and application.client_secret)

    def test_redirect(self, provider: Provider, application: Registration) -> None:
        """The redirect is on this computer, or an https page with a note for the user."""
        assert application.redirect_uri == values.redirect_uri(application.redirect_uri)
        elsewhere = urlsplit(application.redirect_uri).hostname not in LOOPBACK_HOSTS
        assert not elsewhere or "paste" in application.note

    def test_resolves(self, provider: Provider, application: Registration) -> None:
        """The registration contains no placeholder any more."""
        registration = resolve(CATALOG, provider.name, application.application, Overrides())
        assert "{" not in registration.authorize_uri + registration.token_uri
        assert (provider.flow, application.client_secret) == (
            registration.flow,
            registration.client_secret,
        )


@pytest.mark.parametrize("known", WITHOUT_OAUTH, ids=lambda known: known.label)
def test_a_provider_without_oauth(known: WithoutOAuth) -> None:
    """It is known by domains or by MX hosts, has a page, and no provider claims its MX hosts."""
    assert known.label.strip()
    assert all(d == d.lower() and "." in d and d[0] != "." for d in known.domains)
    assert all(s == s.lower() and s[0] == "." for s in known.mx_suffixes)
    assert known.mx_suffixes
    assert set() == set(known.mx_suffixes) & {s for p in PROVIDERS for s in p.mx_suffixes}
    assert known.page == values.page(known.page)


@pytest.mark.parametrize(("provider", "application"), APPLICATIONS, ids=name_of)
def test_the_authorization_url(provider: Provider, application: Registration) -> None:
    """What the browser opens: each value as registered, PKCE, a state and the address.

    msal asks Microsoft before it makes the URL, so there the plain library makes it.
    """
    known = resolve(CATALOG, provider.name, application.application, Overrides())
    kind = FlowKind.GOOGLE if known.flow is FlowKind.GOOGLE else FlowKind.PLAIN
    client = new_client(replace(known, flow=kind), Network())
    url, state = client.begin(known.redirect_uri, "you@example.com")
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{known.authorize_uri}?")
    expected = {
        "response_type": "code",
        "client_id": known.client_id,
        "redirect_uri": known.redirect_uri,
        "scope": " ".join(known.scopes),
        "code_challenge_method": "S256",
        "login_hint": "you@example.com",
        "state": state,
        **known.authorize_parameters,
        **({"resource": known.resource} if known.resource else {}),
    }
    assert expected.items() <= query.items()
    assert {"code_challenge"} == query.keys() - expected.keys() - {"access_type"}


@pytest.mark.parametrize("provider", PROVIDERS, ids=name_of)
def test_an_exact_redirect_has_no_port(provider: Provider) -> None:
    """A redirect URI with a port of its own could be listened on."""
    for known in (provider, *provider.applications.values()):
        if known.exact_redirect:
            assert urlsplit(known.redirect_uri).port is None
            assert urlsplit(known.redirect_uri).hostname in LOOPBACK_HOSTS


def test_ids_and_domains_are_unique() -> None:
    """No client ID, no domain and no MX suffix belongs to two entries.

    A provider that extends another one may have its applications. The MX hosts of the DoD are those
    of GCC High.
    """
    for all_of_a_kind in (
        [client_id for client_id, _ in {(a.client_id, a.token_uri) for _, a in APPLICATIONS}],
        [s for p in PROVIDERS if p.name != "office365_dod" for s in p.mx_suffixes],
        [cloud for p in PROVIDERS for cloud in p.tenant_clouds],
        [d for p in PROVIDERS for d in p.domains] + [d for p in WITHOUT_OAUTH for d in p.domains],
        [s for filtered in CATALOG.mail_filters.values() for s in filtered],
        [suffix for p in WITHOUT_OAUTH for suffix in p.mx_suffixes],
    ):
        assert [] == [thing for thing, count in Counter(all_of_a_kind).items() if count > 1]


def test_each_shipped_stanza_says_where_it_is_from() -> None:
    """A comment before each provider and application holds the address of its source."""
    blocks = SHIPPED.read_text("utf-8").split("\n\n")
    stanzas = [block for block in blocks if "\n[providers." in block or "\n[mail_f" in block]
    inherited = len(CATALOG.providers["att"].applications)

    assert len(PROVIDERS) + len(APPLICATIONS) - inherited + 1 == len(stanzas)
    for stanza in stanzas:
        comments = [line for line in stanza.splitlines() if line.startswith("#")]
        assert any("https://" in line for line in comments) or "[mail_filters]" in stanza
