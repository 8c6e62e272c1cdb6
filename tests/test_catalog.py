"""The user's own providers.toml over the shipped one, and the errors in it."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from core.errors import AppError
from core.model import ClientAuthentication, FlowKind
from core.paths import own_providers_file
from core.providers import values
from core.providers.by_hand import by_hand
from core.providers.catalog import Catalog, load_catalog
from core.providers.fields import PROVIDER_CHECKS
from core.providers.overrides import Overrides
from core.providers.registration import resolve
from core.verdicts import local_settings as rules

CATALOG = load_catalog()
SECRET = "Hush-hush-42"
ACME = """\
[providers.acme]
authorize_uri = "https://login.acme.example/authorize"
token_uri = "https://login.acme.example/token"
scopes = ["mail"]
imap_host = "imap.acme.example"

[providers.acme.applications.desk]
client_id = "desk-id"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The path of the user's own file, which doesn't exist yet."""
    return tmp_path / "providers.toml"


def load(own: Path, text: str | bytes) -> Catalog:
    """The catalog with this text as the user's own file."""
    own.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_catalog(own)


def test_a_missing_own_file_is_no_error(own: Path) -> None:
    """The user's own file is optional; it is called providers.toml."""
    assert CATALOG == load_catalog(own)
    assert own == own_providers_file(own.parent)
    assert "providers.toml" == own_providers_file().name


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff# by Notepad\r\n", "[providers]\n"])
def test_an_empty_own_file_changes_nothing(text: str, own: Path) -> None:
    """A file with comments, a BOM or CR LF and without tables changes nothing."""
    assert CATALOG == load(own, text)


def test_single_fields_are_laid_over(own: Path) -> None:
    """A single field replaces only that field; everything else stays."""
    catalog = load(
        own,
        """
        [providers.gmail]
        imap_port = 143
        authorize_parameters = { prompt = "consent" }
        [providers.gmail.applications.thunderbird]
        label = "Thunderbird here"
        [mail_filters]
        Ours = [".filter.example"]
        """,
    )
    gmail, shipped = catalog.providers["gmail"], CATALOG.providers["gmail"]
    mine, theirs = gmail.applications["thunderbird"], shipped.applications["thunderbird"]

    assert (143, {"prompt": "consent"}) == (gmail.imap_port, gmail.authorize_parameters)
    assert (shipped.token_uri, shipped.scopes) == (gmail.token_uri, gmail.scopes)
    assert ("Thunderbird here", theirs.client_id) == (mine.application_label, mine.client_id)
    assert (theirs.client_secret, theirs.token_uri) == (mine.client_secret, mine.token_uri)
    imapsync = gmail.applications["imapsync"]
    assert shipped.applications["imapsync"].client_id == imapsync.client_id
    assert (143, {"prompt": "consent"}) == (imapsync.imap_port, imapsync.authorize_parameters)
    assert CATALOG.providers["office365"] == catalog.providers["office365"]
    assert (".filter.example",) == catalog.mail_filters["Ours"]
    assert CATALOG.mail_filters.items() < catalog.mail_filters.items()


def test_a_provider_of_ones_own(own: Path) -> None:
    """Four fields and a client are enough for a new provider; the rest has defaults."""
    provider = load(own, ACME).providers["acme"]

    assert ("acme", FlowKind.PLAIN, 993, False) == (
        provider.label,
        provider.flow,
        provider.imap_port,
        provider.imap_starttls,
    )
    assert "desk" == provider.default_application
    application = provider.applications["desk"]
    assert ("", "http://localhost", "", False) == (
        application.application_label,
        application.redirect_uri,
        application.client_secret,
        application.confidential,
    )


def test_a_provider_without_oauth(own: Path) -> None:
    """The user's file adds one, and corrects a field of a shipped one."""
    catalog = load(
        own,
        """
        [without_oauth.gmx]
        page = "https://help.example/passwords"
        [without_oauth.acme]
        label = "Acme Mail"
        mx_suffixes = [".acme.example"]
        page = "https://acme.example/passwords"
        """,
    )
    assert "https://help.example/passwords" == catalog.without_oauth["gmx"].page
    assert CATALOG.without_oauth["gmx"].domains == catalog.without_oauth["gmx"].domains
    assert ((), (".acme.example",)) == (
        catalog.without_oauth["acme"].domains,
        catalog.without_oauth["acme"].mx_suffixes,
    )
    with pytest.raises(AppError) as raised:
        load(own, '[without_oauth.acme]\nlabel = "Acme Mail"')
    assert "setting_missing" == raised.value.verdict.id
    assert "[without_oauth.acme] page" == raised.value.parameters["field"]


def test_an_old_key_is_accepted(own: Path) -> None:
    """Earlier releases wrote dead_grant_errors; the table of verdicts knows the errors now."""
    text = ACME.replace("imap_host", 'dead_grant_errors = ["odd"]\nimap_host', 1)
    assert load(own, ACME) == load(own, text)


def test_what_is_shipped(own: Path) -> None:
    """An application comes with the program by its client ID, whatever else the user changed."""
    text = (
        '[providers.gmail.applications.thunderbird]\nlabel = "Mine"\n'
        '[providers.office365.applications.thunderbird]\nclient_id = "of-mine"\n' + ACME
    )
    catalog = load(own, text)
    mine = by_hand(client_id="of-mine")
    assert [True, False, False, False] == [
        resolve(catalog, "gmail", "thunderbird", Overrides()).shipped,
        resolve(catalog, "gmail", "", mine).shipped,
        resolve(catalog, "office365", "thunderbird", Overrides()).shipped,
        resolve(catalog, "acme", "desk", Overrides()).shipped,
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[providers.gmail]\ntoken_uri = "https://evil.example/token"',
        '[providers.gmail]\ntoken_uri = "https://evil.example/token"\n'
        "[providers.gmail.applications.thunderbird]\nlabel = 'Thunderbird'",
        "[providers.gmail.applications.thunderbird]\ntoken_uri = 'https://evil.example/token'",
        "[providers.gmail.applications.thunderbird]\nclient_id = 'of-mine'",
    ],
)
def test_a_moved_token_endpoint_leaves_the_secret_behind(text: str, own: Path) -> None:
    """A secret is sent only to the token endpoint, and with the client, of the same file."""
    shipped = resolve(CATALOG, "gmail", "thunderbird", Overrides())
    moved = resolve(load(own, text), "gmail", "thunderbird", Overrides())

    assert shipped.client_secret
    assert moved.client_secret == ""
    assert "evil" in moved.token_uri or "of-mine" == moved.client_id


def test_a_secret_beside_the_moved_endpoint_is_its_own(own: Path) -> None:
    """A secret and a token endpoint in the same file belong together."""
    text = '[providers.gmail.applications.thunderbird]\ntoken_uri = "https://a.example/t"\n'
    text += f'client_secret = "{SECRET}"\n'
    registration = resolve(load(own, text), "gmail", "thunderbird", Overrides())

    assert ("https://a.example/t", SECRET) == (registration.token_uri, registration.client_secret)


def test_an_entry_of_the_store_replaces_the_secret(own: Path) -> None:
    """The shipped secret doesn't count beside it. With another endpoint, the entry doesn't."""
    table = f'[providers.gmail.applications.thunderbird]\nclient_secret_entry = "{ENTRY}"\n'
    registration = resolve(load(own, table), "gmail", "thunderbird", Overrides())
    assert ("", ENTRY) == (registration.client_secret, registration.client_secret_entry)
    extending = '[providers.beta]\nextends = "gmail"\ntoken_uri = "https://a.example/t"\n'
    beta = load(own, table + extending).providers["beta"]
    assert {} == beta.applications
    moved = Overrides({"token_uri": "https://a.example/t"})
    elsewhere = resolve(load(own, table), "gmail", "thunderbird", moved)
    assert ("", "") == (elsewhere.client_secret, elsewhere.client_secret_entry)


@pytest.mark.parametrize(
    "text",
    [
        '[providers.gmail]\ntoken_uri = "https://a.example/t"\n',
        '[providers.gmail.applications.thunderbird]\ntoken_uri = "https://a.example/t"\n',
        '[providers.gmail.applications.thunderbird]\nclient_id = "mine"\n'
        'token_uri = "https://a.example/t"\n',
    ],
    ids=["provider", "application", "another client"],
)
def test_a_moved_token_endpoint_leaves_the_revocation_behind(text: str, own: Path) -> None:
    """Tokens of one server are never sent to another server's revocation endpoint."""
    before = resolve(CATALOG, "gmail", "thunderbird", Overrides())
    after = resolve(load(own, text), "gmail", "thunderbird", Overrides())
    assert ("https://oauth2.googleapis.com/revoke", "") == (
        before.revocation_uri,
        after.revocation_uri,
    )


def test_a_revocation_endpoint_of_ones_own(own: Path) -> None:
    """A new token endpoint and a new provider can have their own revocation endpoint."""
    text = ACME.replace("scopes", 'revocation_uri = "https://a.example/r"\nscopes')
    registration = resolve(load(own, text), "acme", "desk", Overrides())
    assert "https://a.example/r" == registration.revocation_uri


def test_an_own_authorization_endpoint_holds_for_all_applications(own: Path) -> None:
    """It replaces Thunderbird's own endpoint too, together with the token endpoint."""
    text = '[providers.gmail]\nauthorize_uri = "https://a.example/a"\n'
    text += 'token_uri = "https://a.example/t"\n'
    registration = resolve(load(own, text), "gmail", "thunderbird", Overrides())

    assert "https://a.example/a" == registration.authorize_uri


APP = "[providers.acme.applications.desk]"
ENTRY = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("old", "new", "field", "what"),
    [
        ("authorize_uri = ", "# ", "[providers.acme] authorize_uri", "setting_missing"),
        ("token_uri = ", "# ", "[providers.acme] token_uri", "setting_missing"),
        ("scopes = ", "# ", "[providers.acme] scopes", "setting_missing"),
        ("imap_host = ", "# ", "[providers.acme] imap_host", "setting_missing"),
        ('client_id = "desk-id"', "", f"{APP} client_id", "setting_missing"),
        ('"desk-id"', '""', f"{APP} client_id", rules.MUST_NOT_BE_EMPTY),
        ('"desk-id"', '" "', f"{APP} client_id", rules.MUST_NOT_BE_EMPTY),
        ('"desk-id"', "42", f"{APP} client_id", rules.MUST_BE_LINE),
        ('"desk-id"', f'"""{SECRET}\n"""', f"{APP} client_id", rules.MUST_BE_LINE),
        (
            "client_id",
            f'client_secret = "{SECRET}\\u0007"\nclient_id',
            f"{APP} client_secret",
            rules.MUST_BE_LINE,
        ),
        (
            "client_id",
            f'client_secret_entry = "{SECRET}"\nclient_id',
            f"{APP} client_secret_entry",
            rules.MUST_BE_STORE_ENTRY,
        ),
        (
            "client_id",
            f'client_secret = "{SECRET}"\nclient_secret_entry = "{ENTRY}"\nclient_id',
            f"{APP} client_secret_entry",
            rules.MUST_BE_ONE_SECRET,
        ),
        (
            "client_id",
            f'clientsecret = "{SECRET}"\nclient_id',
            f"{APP} clientsecret",
            "setting_unknown",
        ),
        (
            "client_id",
            'confidential = "yes"\nclient_id',
            f"{APP} confidential",
            rules.MUST_BE_BOOLEAN,
        ),
        (
            "client_id",
            'redirect_uri = "http://a.example"\nclient_id',
            f"{APP} redirect_uri",
            rules.MUST_BE_REDIRECT,
        ),
        (
            "client_id",
            f'token_uri = "http://{SECRET}"\nclient_id',
            f"{APP} token_uri",
            rules.MUST_BE_HTTPS,
        ),
        ("client_id", 'label = ""\nclient_id', f"{APP} label", rules.MUST_NOT_BE_EMPTY),
        (
            "applications.desk",
            "applications.Desk",
            "[providers.acme.applications] Desk",
            rules.MUST_BE_NAME,
        ),
        (
            "applications.desk",
            'applications."../x"',
            "[providers.acme.applications] ../x",
            rules.MUST_BE_NAME,
        ),
        ("providers.acme", 'providers."a b"', "[providers] a b", rules.MUST_BE_NAME),
        ("providers.acme", "provider.acme", "provider", "setting_unknown"),
        ("imap_host", 'flow = "magic"\nimap_host', "[providers.acme] flow", rules.MUST_BE_FLOW),
        ("imap_host", "flow = []\nimap_host", "[providers.acme] flow", rules.MUST_BE_FLOW),
        ("imap_host", 'labels = "x"\nimap_host', "[providers.acme] labels", "setting_unknown"),
        ("imap_host", "imap_port = 0\nimap_host", "[providers.acme] imap_port", rules.MUST_BE_PORT),
        (
            "imap_host",
            "imap_port = 65536\nimap_host",
            "[providers.acme] imap_port",
            rules.MUST_BE_PORT,
        ),
        (
            "imap_host",
            'imap_port = "993"\nimap_host',
            "[providers.acme] imap_port",
            rules.MUST_BE_PORT,
        ),
        (
            "imap_host",
            "imap_port = true\nimap_host",
            "[providers.acme] imap_port",
            rules.MUST_BE_PORT,
        ),
        (
            "imap_host",
            "imap_starttls = 1\nimap_host",
            "[providers.acme] imap_starttls",
            rules.MUST_BE_BOOLEAN,
        ),
        (
            '"imap.acme.example"',
            '"https://i.example"',
            "[providers.acme] imap_host",
            rules.MUST_BE_HOST,
        ),
        ('"imap.acme.example"', '"IMAP.example"', "[providers.acme] imap_host", rules.MUST_BE_HOST),
        ('["mail"]', '"mail"', "[providers.acme] scopes", rules.MUST_BE_LIST),
        ('["mail"]', "[]", "[providers.acme] scopes", rules.MUST_HAVE_SCOPE),
        ('["mail"]', '[""]', "[providers.acme] scopes", rules.MUST_NOT_BE_EMPTY),
        ('["mail"]', "[1]", "[providers.acme] scopes", rules.MUST_BE_LINE),
        (
            "imap_host",
            'mx_suffixes = ["a.b"]\nimap_host',
            "[providers.acme] mx_suffixes",
            rules.MUST_BE_SUFFIXES,
        ),
        (
            "imap_host",
            'mx_suffixes = [".A"]\nimap_host',
            "[providers.acme] mx_suffixes",
            rules.MUST_BE_SUFFIXES,
        ),
        (
            "imap_host",
            'domains = ["A.example"]\nimap_host',
            "[providers.acme] domains",
            rules.MUST_BE_HOST,
        ),
        (
            "imap_host",
            'domains = ["@a.example"]\nimap_host',
            "[providers.acme] domains",
            rules.MUST_BE_HOST,
        ),
        ("imap_host", 'domains = ["gmail.com"]\nimap_host', "", "domain_of_two_providers"),
        ("imap_host", 'tenant = "a/b"\nimap_host', "[providers.acme] tenant", rules.MUST_BE_TENANT),
        (
            "imap_host",
            "authorize_parameters = 1\nimap_host",
            "[providers.acme] authorize_parameters",
            rules.MUST_BE_PARAMETERS,
        ),
        (
            "imap_host",
            "authorize_parameters = {a=1}\nimap_host",
            "[providers.acme] authorize_parameters",
            rules.MUST_BE_LINE,
        ),
        (
            "imap_host",
            'authorize_parameters = {state="1"}\nimap_host',
            "[providers.acme] authorize_parameters",
            rules.MUST_NOT_SET_PARAMETER,
        ),
        (
            "imap_host",
            'authorize_parameters = {code_challenge_method="plain"}\nimap_host',
            "[providers.acme] authorize_parameters",
            rules.MUST_NOT_SET_PARAMETER,
        ),
        (
            "imap_host",
            'flow = "microsoft"\nauthorize_parameters = {access_type="x"}\nimap_host',
            "[providers.acme.authorize_parameters] access_type",
            "setting_unknown",
        ),
        (
            "imap_host",
            'dead_grant_errors = "x"\nimap_host',
            "[providers.acme] dead_grant_errors",
            rules.MUST_BE_LIST,
        ),
        (
            "imap_host",
            'default_application = "x"\nimap_host',
            "[providers.acme] default_application",
            rules.MUST_NAME_APPLICATION,
        ),
        (
            "imap_host",
            'revocation_uri = "http://a.example"\nimap_host',
            "[providers.acme] revocation_uri",
            rules.MUST_BE_HTTPS,
        ),
        (
            "imap_host",
            'revocation_pages = "https://a"\nimap_host',
            "[providers.acme] revocation_pages",
            rules.MUST_BE_LIST,
        ),
        (
            "imap_host",
            'revocation_pages = ["file:///x"]\nimap_host',
            "[providers.acme] revocation_pages",
            rules.MUST_BE_HTTPS,
        ),
        (
            "client_id",
            'revocation_uri = "x"\nclient_id',
            f"{APP} revocation_uri",
            rules.MUST_BE_HTTPS,
        ),
        ("acme.example/token", "a.example/{tenant}", "[providers.acme] tenant", "setting_missing"),
        (
            "https://login.acme.example/token",
            "http://a.example",
            "[providers.acme] token_uri",
            rules.MUST_BE_HTTPS,
        ),
        (
            "https://login.acme.example/token",
            "file:///etc/passwd",
            "[providers.acme] token_uri",
            rules.MUST_BE_HTTPS,
        ),
        (
            "https://login.acme.example/token",
            "https://u@a.example",
            "[providers.acme] token_uri",
            rules.MUST_BE_HTTPS,
        ),
        (
            "https://login.acme.example/token",
            "https://a.example/#x",
            "[providers.acme] token_uri",
            rules.MUST_BE_HTTPS,
        ),
        (
            "https://login.acme.example/token",
            "https:///token",
            "[providers.acme] token_uri",
            rules.MUST_BE_HTTPS,
        ),
        (
            "https://login.acme.example/token",
            "https://a.example:x/",
            "[providers.acme] token_uri",
            rules.MUST_BE_ADDRESS,
        ),
        (
            "https://login.acme.example/token",
            "https://a.example/ x",
            "[providers.acme] token_uri",
            rules.MUST_BE_ADDRESS,
        ),
        (
            "https://login.acme.example/token",
            "https://ä.example/",
            "[providers.acme] token_uri",
            rules.MUST_BE_ADDRESS,
        ),
        (
            "https://login.acme.example/token",
            r"https://a.example\\@b",
            "[providers.acme] token_uri",
            rules.MUST_BE_ADDRESS,
        ),
        ("https://login.acme.example/token", "", "[providers.acme] token_uri", rules.MUST_BE_HTTPS),
    ],
)
def test_a_broken_own_file_is_explained(
    old: str, new: str, field: str, what: str, own: Path
) -> None:
    """The error names the file, the table, the key and the rule, but not the value."""
    assert old in ACME
    with pytest.raises(AppError) as raised:
        load(own, ACME.replace(old, new))

    error = raised.value
    assert what in (error.verdict.id, error.parameters.get("rule"))
    assert (own, field) == (error.parameters["file"], error.parameters.get("field", ""))
    assert SECRET not in f"{error.message} {error.explanation} {error.hint} {error.detail}"


@pytest.mark.parametrize(
    ("text", "field", "rule"),
    [
        ("providers = 1", "[providers]", rules.MUST_BE_TABLES),
        ("[[providers]]", "[providers]", rules.MUST_BE_TABLES),
        ("[providers]\nacme = 1", "[providers]", rules.MUST_BE_TABLES),
        (
            ACME.replace(APP, "[providers.acme.applications]"),
            "[providers.acme.applications]",
            rules.MUST_BE_TABLES,
        ),
        ("mail_filters = 1", "[mail_filters]", rules.MUST_BE_TABLE),
        ("[mail_filters]\nOurs = '.x'", "[mail_filters] Ours", rules.MUST_BE_LIST),
        ("[mail_filters]\nOurs = ['x']", "[mail_filters] Ours", rules.MUST_BE_SUFFIXES),
        ("[without_oauth]\nx = 1", "[without_oauth]", rules.MUST_BE_TABLES),
        (
            "[without_oauth.x]\npage = 'http://x.example'",
            "[without_oauth.x] page",
            rules.MUST_BE_HTTPS,
        ),
    ],
)
def test_a_wrong_shape_is_explained(text: str, field: str, rule: str, own: Path) -> None:
    """A table in the wrong place and a missing table are reported."""
    with pytest.raises(AppError) as raised:
        load(own, text)

    assert "setting_invalid" == raised.value.verdict.id
    assert {"file": own, "field": field, "rule": rule} == raised.value.parameters
    assert str(own) in raised.value.message
    assert rule == raised.value.explanation


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (f"x = 1\nclient_secret = {SECRET}\n", "line 2, column "),
        (f'client_secret = "{SECRET}', "end of document"),
        (f"client_secret = '{SECRET}'\nclient_secret = '{SECRET}'", ""),
        (SECRET.encode("utf-16"), ""),
        (b"label = 'Gr\xfc\xdfe'", ""),
        ("a = " + "[" * 5000, ""),
    ],
)
def test_what_is_not_toml_is_explained(text: str | bytes, detail: str, own: Path) -> None:
    """The error names the position in the file, but not the text there."""
    with pytest.raises(AppError) as raised:
        load(own, text)

    error = raised.value
    assert "settings_not_toml" == error.verdict.id
    assert str(own) in error.message
    assert error.detail.startswith(detail)
    assert SECRET not in f"{error.message} {error.explanation} {error.hint} {error.detail}"


def test_what_is_no_list_of_providers_is_explained(own: Path) -> None:
    """A file that is far too large and a folder are reported."""
    with pytest.raises(AppError) as raised:
        load(own, "#" * (1 << 20) + "\n")
    assert "settings_too_large" == raised.value.verdict.id
    own.unlink()
    own.mkdir()
    with pytest.raises(AppError) as raised:
        load_catalog(own)
    assert "settings_unreadable" == raised.value.verdict.id


def test_braces_are_taken_as_they_are(own: Path) -> None:
    """Only {tenant} is a placeholder; other braces stay."""
    text = ACME.replace("acme.example/token", "acme.example/{x}/{0}/{tenant.__class__}")
    registration = resolve(load(own, text), "acme", "", Overrides())

    assert "https://login.acme.example/{x}/{0}/{tenant.__class__}" == registration.token_uri


OTHER_VALUES: dict[str, tuple[str, object]] = {
    "flow": ('"google"', FlowKind.GOOGLE),
    "issuer": ('"https://b.example"', "https://b.example"),
    "sends_issuer": ("true", True),
    "authorize_uri": ('"https://b.example/a"', "https://b.example/a"),
    "token_uri": ('"https://b.example/t"', "https://b.example/t"),
    "device_authorization_uri": ('"https://b.example/d"', "https://b.example/d"),
    "tenant": ('"t.example"', "t.example"),
    "scopes": ('["other"]', ("other",)),
    "refresh_repeats_scope": ("true", True),
    "fallback_scopes": ('["of-all"]', ("of-all",)),
    "scopes_without_user": ('["of-all"]', ("of-all",)),
    "grant": ('"client_credentials"', "client_credentials"),
    "authorize_parameters": ('{ prompt = "none" }', {"prompt": "none"}),
    "redirect_uri": ('"https://localhost"', "https://localhost"),
    "revocation_uri": ('"https://b.example/r"', "https://b.example/r"),
    "revocation_pages": ('["https://b.example/p"]', ("https://b.example/p",)),
    "imap_host": ('"b.example"', "b.example"),
    "imap_port": ("143", 143),
    "imap_starttls": ("true", True),
    "resource": ('"imap://b.example"', "imap://b.example"),
    "client_authentication": ('"basic"', ClientAuthentication.BASIC),
    "exact_redirect": ("true", True),
    "pkce": ("false", False),
    "consent": ('"Ask Bob"', "Ask Bob"),
    "verified": ("false", False),
    "note": ('"Read this"', "Read this"),
}


@pytest.mark.parametrize("field", [f for f in PROVIDER_CHECKS if f != "label"])
def test_an_application_may_set_each_field_of_its_provider(own: Path, field: str) -> None:
    """It counts for this application alone."""
    written, value = OTHER_VALUES[field]
    text = f"{ACME}{field} = {written}\n[providers.acme.applications.plain]\nclient_id = 'p'\n"
    provider = load(own, text).providers["acme"]
    assert value == getattr(provider.applications["desk"], field)
    assert getattr(provider, field) == getattr(provider.applications["plain"], field) != value


def extending(text: str) -> str:
    """Acme, and a provider that extends it."""
    return ACME + "client_secret = 'of-desk'\n[providers.beta]\nextends = 'acme'\n" + text


def test_a_provider_extends_another(own: Path) -> None:
    """It has the other's fields and applications, but not its domains and its label."""
    text = extending("imap_host = 'imap.beta.example'\n").replace(
        "scopes", "domains = ['acme.example']\nmx_suffixes = ['.acme.example']\nscopes", 1
    )
    catalog = load(own, text)
    acme, beta = catalog.providers["acme"], catalog.providers["beta"]
    assert (acme.token_uri, "imap.beta.example") == (beta.token_uri, beta.imap_host)
    assert ("beta", (), ()) == (beta.label, beta.domains, beta.mx_suffixes)
    desk = resolve(catalog, "beta", "", Overrides())
    assert ("beta", "desk", "desk-id", "of-desk") == (
        desk.provider,
        desk.application,
        desk.client_id,
        desk.client_secret,
    )
    assert "imap.beta.example" == desk.imap_host


def test_a_national_cloud(own: Path) -> None:
    """With its own token endpoint it has none of the other's client IDs, secrets and pages."""
    text = """
    [providers.gov]
    extends = "office365"
    authorize_uri = "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/authorize"
    token_uri = "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token"
    [providers.gov.applications.ours]
    client_id = "ours-id"
    """
    gov = load(own, text).providers["gov"]
    assert ({"ours"}, "ours", ()) == (
        set(gov.applications),
        gov.default_application,
        gov.revocation_pages,
    )
    assert (FlowKind.MICROSOFT, "common") == (gov.flow, gov.tenant)


@pytest.mark.parametrize(
    "text",
    [
        "[providers.a]\nextends = 'nobody'",
        "[providers.a]\nextends = 'a'",
        "[providers.a]\nextends = 'b'\n[providers.b]\nextends = 'a'",
        "[providers.a]\nextends = 'b'\n[providers.b]\nextends = 'c'\n[providers.c]\nextends = 'b'",
        "[providers.office365]\nextends = 'office365'",
    ],
)
def test_nothing_to_extend(own: Path, text: str) -> None:
    """A provider must extend another one, in the end one that extends none."""
    with pytest.raises(AppError) as raised:
        load(own, text)
    assert ("setting_invalid", rules.MUST_NAME_PROVIDER) == (
        raised.value.verdict.id,
        raised.value.explanation,
    )
    assert "extends" in raised.value.message


def test_a_provider_needs_no_application(own: Path) -> None:
    """Then every user brings a registration."""
    provider = load(own, ACME.partition("[providers.acme.applications")[0]).providers["acme"]
    assert ({}, "") == (provider.applications, provider.default_application)


@pytest.mark.parametrize(
    ("authorize_uri", "token_uri", "fits"),
    [
        (
            "https://a.example/{tenant}/oauth2/v2.0/authorize",
            "https://a.example/{tenant}/oauth2/v2.0/token",
            True,
        ),
        (
            "https://a.example/t/oauth2/v2.0/authorize",
            "https://a.example/t/oauth2/v2.0/token",
            True,
        ),
        (
            "https://a.example/t/oauth2/v2.0/authorize",
            "https://a.example/u/oauth2/v2.0/token",
            False,
        ),
        (
            "https://a.example/t/oauth2/v2.0/authorize",
            "https://b.example/t/oauth2/v2.0/token",
            False,
        ),
        ("https://a.example/t/oauth2/authorize", "https://a.example/t/oauth2/token", False),
        ("https://a.example/oauth2/v2.0/authorize", "https://a.example/oauth2/v2.0/token", False),
        ("https://a.example/authorize", "https://a.example/token", False),
    ],
)
@pytest.mark.parametrize("place", ["provider", "application"])
def test_microsofts_flow_needs_microsofts_endpoints(
    own: Path, place: str, authorize_uri: str, token_uri: str, fits: bool
) -> None:
    """msal builds the endpoints itself, so others would not be used; the file's reader says it."""
    fields = f"""
    flow = "microsoft"
    authorize_uri = "{authorize_uri}"
    token_uri = "{token_uri}"
    tenant = "t.example"
    """
    start, name, rest = ACME.partition("[providers.acme.applications.desk]")
    if place == "provider":
        text = f"[providers.acme]{fields}scopes = ['mail']\nimap_host = 'i.example'\n{name}{rest}"
    else:
        text = f"{start}{name}{fields}{rest}"
    if fits:
        assert FlowKind.MICROSOFT is resolve(load(own, text), "acme", "", Overrides()).flow
        return
    with pytest.raises(AppError) as raised:
        load(own, text)
    assert rules.MUST_FIT_MICROSOFT == raised.value.explanation


@pytest.mark.parametrize(
    "name",
    [
        *("client_secret", "code_verifier", "request", "request_uri", "state", "redirect_uri"),
        *("STATE", "Code_Challenge", " nonce ", "client_assertion", "refresh_token", "password"),
        *("url", "uri", "self"),
    ],
)
def test_a_parameter_can_not_weaken_the_sign_in(name: str) -> None:
    """The address of the sign-in page is public, and the sign-in sets what protects it."""
    with pytest.raises(values.Invalid) as raised:
        values.parameters({"prompt": "consent", name: "fixed"})
    with pytest.raises(values.Invalid) as in_address:
        values.endpoint(f"https://login.example/authorize?p=policy&{quote(name)}=fixed")

    assert rules.MUST_NOT_SET_PARAMETER == raised.value.rule == in_address.value.rule
    assert values.endpoint("https://login.example/authorize?p=policy")
    assert {"prompt": "consent"} == values.parameters({"prompt": "consent"})


@pytest.mark.parametrize(
    "key", ["a." * 20_000 + "b = 1", "[" + "a." * 20_000 + "b]", "x." * 60 + "=1"]
)
def test_a_key_of_many_parts_costs_no_time(own: Path, key: str) -> None:
    """tomllib takes seconds for it; no field needs it."""
    with pytest.raises(AppError) as raised:
        load(own, key)
    assert "settings_not_toml" == raised.value.verdict.id


def test_dots_in_values_are_no_parts_of_a_key(own: Path) -> None:
    """Such as those of a list of domains on one line."""
    domains = ", ".join(f'"sub{number}.example.com"' for number in range(100))
    text = ACME.replace("scopes", f"domains = [{domains}]\nscopes")
    assert 100 == len(load(own, text).providers["acme"].domains)


@pytest.mark.only_on("posix", reason="Windows has no named pipes in folders")
def test_a_pipe_in_the_files_place_is_not_waited_for(own: Path) -> None:
    """It is no settings file."""
    os.mkfifo(own)
    with pytest.raises(AppError) as raised:
        load_catalog(own)
    assert "settings_unreadable" == raised.value.verdict.id


def test_where_a_domain_may_name_its_server(own: Path) -> None:
    """Each list of the user's file replaces the shipped one; nobody is asked by an empty list."""
    discovery = load(
        own, '[discovery]\nautoconfig = []\nimap_servers = ["mx.{domain}:1"]'
    ).discovery
    assert () == discovery.autoconfig
    assert ("mx.{domain}:1",) == discovery.imap_servers
    assert load_catalog().discovery.resources == discovery.resources


@pytest.mark.parametrize(
    "line",
    [
        'autoconfig = ["http://{domain}/"]',
        'autoconfig = ["https://{address}/"]',
        'autoconfig = "https://{domain}/"',
        'imap_servers = ["{domain}:0"]',
        'imap_servers = ["{domain}:"]',
        'imap_servers = ["-"]',
        'other = ["https://{domain}/"]',
    ],
)
def test_a_wrong_place_is_refused(line: str, own: Path) -> None:
    """It must be an https page, or a host with or without a port."""
    with pytest.raises(AppError) as raised:
        load(own, f"[discovery]\n{line}")
    assert "discovery" in raised.value.message
