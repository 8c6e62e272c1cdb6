"""Tests of registrations from names and options, and of what is saved for later runs."""

import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from core.errors import AppError, UsageProblem
from core.model import FlowKind, Registration
from core.providers.catalog import load_catalog
from core.providers.registration import Overrides, has_endpoints, provider_name_of, resolve
from core.providers.save_overrides import save_overrides
from core.verdicts import local_settings

CATALOG = load_catalog()
SECRET = "Hush-hush-42"
MICROSOFT = "https://login.microsoftonline.com/{}/oauth2/v2.0/{}"
GOVERNMENT = "https://login.microsoftonline.us/{}/oauth2/v2.0/{}"
WHOLE = Overrides(
    client_id="desk-id",
    client_secret=SECRET,
    authorize_uri="https://login.acme.example/authorize",
    token_uri="https://login.acme.example/token",
    scopes=("mail", "offline"),
    imap_host="imap.acme.example",
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The path of the user's own file, which doesn't exist yet."""
    return tmp_path / "config" / "providers.toml"


def differences(one: Registration, other: Registration) -> set[str]:
    """The names of the fields that differ."""
    names = [f.name for f in fields(one)]
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def test_the_default_application() -> None:
    """Without options the shipped data is used, with the tenant filled in."""
    registration = resolve(CATALOG, "office365", "", Overrides())

    assert ("office365", "thunderbird") == (registration.provider, registration.application)
    assert MICROSOFT.format("common", "authorize") == registration.authorize_uri
    assert MICROSOFT.format("common", "token") == registration.token_uri
    assert ("common", "") == (registration.tenant, registration.client_secret)
    assert (FlowKind.MICROSOFT, True) == (registration.flow, registration.refresh_repeats_scope)


def test_an_application_with_endpoints_of_its_own() -> None:
    """An application's endpoints replace those of the provider."""
    thunderbird = resolve(CATALOG, "gmail", "thunderbird", Overrides())
    imapsync = resolve(CATALOG, "gmail", "imapsync", Overrides())

    assert "https://accounts.google.com/o/oauth2/auth" == thunderbird.authorize_uri
    assert "https://oauth2.googleapis.com/token" == imapsync.token_uri


@pytest.mark.parametrize(
    "overrides",
    [
        Overrides(tenant="contoso.example"),
        Overrides(authorize_uri=MICROSOFT.format("contoso.example", "authorize")),
        Overrides(
            authorize_uri=MICROSOFT.format("contoso.example", "authorize"),
            token_uri=MICROSOFT.format("contoso.example", "token"),
        ),
        Overrides(tenant="contoso.example", authorize_uri=MICROSOFT.format("common", "authorize")),
    ],
)
def test_another_tenant_is_no_other_provider(overrides: Overrides) -> None:
    """Another tenant changes only the endpoints, however it is given; nothing is saved."""
    shipped = resolve(CATALOG, "office365", "", Overrides())
    registration = resolve(CATALOG, "office365", "", overrides)

    assert {"tenant", "authorize_uri", "token_uri"} == differences(shipped, registration)
    assert MICROSOFT.format("contoso.example", "token") == registration.token_uri
    assert "contoso.example" == registration.tenant
    assert not has_endpoints(overrides, CATALOG)


@pytest.mark.parametrize("tenant", ["..", "a/b", "x?y=", "{tenant}", "a b", "%2e%2e", "@evil"])
def test_a_tenant_is_a_word(tenant: str) -> None:
    """A tenant is a single word, since it becomes part of an address."""
    uri = MICROSOFT.format(tenant, "authorize")
    ways: list[Callable[[], Overrides]] = [
        lambda: Overrides(tenant=tenant),
        lambda: Overrides(authorize_uri=uri, client_id="id"),
    ]
    for given in ways:
        try:
            registration = resolve(CATALOG, "office365", "", given())
        except UsageProblem:
            continue
        assert not registration.tenant
        assert FlowKind.PLAIN is registration.flow


def test_a_microsoft_cloud_by_hand() -> None:
    """An endpoint of Microsoft's form tells the flow, the tenant and the token endpoint."""
    overrides = Overrides(
        client_id="desk-id",
        authorize_uri=GOVERNMENT.format("contoso.example", "authorize"),
        scopes=("mail",),
        imap_host="imap.acme.example",
    )
    registration = resolve(CATALOG, "gov", "", overrides)

    assert (FlowKind.MICROSOFT, "contoso.example") == (registration.flow, registration.tenant)
    assert GOVERNMENT.format("contoso.example", "token") == registration.token_uri
    assert GOVERNMENT.format("contoso.example", "authorize") == registration.authorize_uri
    assert registration.refresh_repeats_scope


def test_a_provider_wholly_by_hand() -> None:
    """All values are the given ones; the name is the given one or the host."""
    registration = resolve(CATALOG, provider_name_of(WHOLE), "", WHOLE)

    assert "login.acme.example" == registration.provider
    assert ("own", "desk-id", SECRET) == (
        registration.application,
        registration.client_id,
        registration.client_secret,
    )
    assert (WHOLE.authorize_uri, WHOLE.token_uri) == (
        registration.authorize_uri,
        registration.token_uri,
    )
    assert FlowKind.PLAIN is registration.flow
    assert (("mail", "offline"), "imap.acme.example", 993, False) == (
        registration.scopes,
        registration.imap_host,
        registration.imap_port,
        registration.imap_starttls,
    )


@pytest.mark.parametrize(
    ("field", "option"),
    [
        ("token_uri", "token_uri"),
        ("client_id", "client_id"),
        ("scopes", "scope_string"),
        ("imap_host", "imap_server"),
    ],
)
def test_what_is_missing_by_hand_is_named(field: str, option: str) -> None:
    """One error names all missing options."""
    empty: object = () if field == "scopes" else ""
    with pytest.raises(UsageProblem) as raised:
        resolve(CATALOG, "acme", "", replace(WHOLE, **{field: empty}))  # type: ignore[arg-type]

    assert "provider_incomplete" == raised.value.verdict.id
    assert {"provider": "acme", "missing": option} == raised.value.parameters
    assert f"acme is incomplete: it also needs {option}" == raised.value.message


@pytest.mark.parametrize("port", [0, 143, 993, 1993])
def test_starttls_goes_by_the_port(port: int) -> None:
    """Port 143 uses STARTTLS; every other port uses TLS from the start."""
    registration = resolve(CATALOG, "gmail", "", Overrides(imap_port=port))

    assert (port or 993, port == 143) == (registration.imap_port, registration.imap_starttls)


@pytest.mark.parametrize(
    "overrides",
    [
        Overrides(token_uri="https://evil.example/token"),
        Overrides(authorize_uri="https://a.example/a", token_uri="https://evil.example/token"),
        Overrides(authorize_uri=GOVERNMENT.format("common", "authorize")),
        Overrides(client_id="another"),
    ],
)
def test_a_secret_never_goes_elsewhere(overrides: Overrides) -> None:
    """A secret is never used with an endpoint or a client of another source."""
    assert resolve(CATALOG, "gmail", "thunderbird", Overrides()).client_secret
    assert resolve(CATALOG, "gmail", "thunderbird", overrides).client_secret == ""


@pytest.mark.parametrize(
    "overrides",
    [
        Overrides(token_uri="https://www.googleapis.com/oauth2/v3/token"),
        Overrides(authorize_uri="https://accounts.google.com/o/oauth2/auth"),
        Overrides(
            authorize_uri="https://accounts.google.com/o/oauth2/auth",
            token_uri="https://www.googleapis.com/oauth2/v3/token",
        ),
    ],
)
def test_what_is_known_may_be_given_by_hand(overrides: Overrides) -> None:
    """Endpoints that equal the provider's change nothing; old scripts give them."""
    shipped = resolve(CATALOG, "gmail", "thunderbird", Overrides())

    assert shipped == resolve(CATALOG, "gmail", "thunderbird", overrides)


@pytest.mark.parametrize(
    ("application", "overrides", "secret"),
    [
        ("imapsync", Overrides(secret_from_environment="env"), "env"),
        ("imapsync", Overrides(secret_from_environment="env", client_secret=SECRET), SECRET),
        ("imapsync", Overrides(), ""),
        ("thunderbird", Overrides(secret_from_environment="env"), ""),
        ("", Overrides(secret_from_environment="env", client_id="own"), "env"),
    ],
)
def test_the_environment_has_a_secret_where_one_is_needed(
    application: str, overrides: Overrides, secret: str
) -> None:
    """A public client gets no secret from the environment, since Microsoft would refuse it."""
    assert secret == resolve(CATALOG, "office365", application, overrides).client_secret


@pytest.mark.parametrize(
    ("field", "value", "option"),
    [
        ("authorize_uri", "http://a.example/", "authorize_uri"),
        ("authorize_uri", "file:///etc/passwd", "authorize_uri"),
        ("authorize_uri", "https://u:p@a.example/", "authorize_uri"),
        ("authorize_uri", "javascript:alert(1)", "authorize_uri"),
        ("token_uri", "http://localhost/token", "token_uri"),
        ("token_uri", "https://a.example/\n", "token_uri"),
        ("token_uri", "https://a.example:99999/", "token_uri"),
        ("redirect_uri", "http://a.example/", "redirect_uri"),
        ("redirect_uri", "http://localhost.evil.example/", "redirect_uri"),
        ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob", "redirect_uri"),
        ("imap_host", "imap.example/x", "imap_server"),
        ("imap_host", "IMAP", "imap_server"),
        ("imap_port", 65536, "imap_port"),
        ("imap_port", -1, "imap_port"),
        ("tenant", "a/b", "tenant"),
        ("client_id", "a\nb", "client_id"),
        ("client_secret", f"{SECRET}\x07", "client_secret"),
    ],
)
def test_bad_options_are_named(field: str, value: object, option: str) -> None:
    """A bad option gives exit code 2; the error names it and the rule, not its value."""
    with pytest.raises(UsageProblem) as raised:
        Overrides(**{field: value})  # type: ignore[arg-type]

    error = raised.value
    words = f"{error.message} {error.explanation} {error.hint}"
    assert ("value_invalid", option) == (error.verdict.id, error.parameters["field"])
    assert error.parameters["rule"] == error.explanation
    assert SECRET not in words
    assert "evil" not in words


@pytest.mark.parametrize(
    ("provider", "application", "verdict"),
    [
        ("yahoo", "", "provider_unknown"),
        ("a\x1b[31m", "", "provider_unknown"),
        ("", "", "provider_unknown"),
        ("gmail", "outlook", "application_unknown"),
    ],
)
def test_unknown_names_get_a_choice(provider: str, application: str, verdict: str) -> None:
    """The error for an unknown name lists the known ones."""
    with pytest.raises(UsageProblem) as raised:
        resolve(CATALOG, provider, application, Overrides())

    error = raised.value
    assert verdict == error.verdict.id
    assert error.message.isprintable()
    assert ("thunderbird" if application else "office365") in error.explanation


@pytest.mark.parametrize("name", ["ACME", "a/b", "..", "a b", "\u00e4"])
def test_names_by_hand_fit_into_a_file_name(name: str) -> None:
    """A given name must be usable as part of a file name."""
    for field, names in (("provider", (name, "")), ("application", ("acme", name))):
        with pytest.raises(UsageProblem) as raised:
            resolve(CATALOG, *names, WHOLE)
        expected = {"field": field, "rule": local_settings.MUST_BE_NAME}
        assert ("value_invalid", expected) == (raised.value.verdict.id, raised.value.parameters)


@pytest.mark.parametrize(
    ("overrides", "given"),
    [
        (Overrides(), False),
        (Overrides(client_id="x", scopes=("y",), tenant="z"), False),
        (Overrides(authorize_uri="https://a.example/"), True),
        (Overrides(token_uri="https://a.example/"), True),
        (Overrides(authorize_uri=GOVERNMENT.format("common", "authorize")), True),
    ],
)
def test_whether_endpoints_are_given(overrides: Overrides, given: bool) -> None:
    """Given endpoints are recognised, since they decide the name of the token file."""
    assert given == has_endpoints(overrides, CATALOG)


def test_a_repr_shows_no_secret() -> None:
    """The repr holds no secret, since it may be logged by mistake."""
    overrides = replace(WHOLE, secret_from_environment=SECRET)

    assert SECRET not in repr(overrides) + repr(resolve(CATALOG, "acme", "", overrides))
    assert SECRET not in repr(CATALOG)


KEPT = [
    ("acme", "", WHOLE),
    ("acme", "desk", replace(WHOLE, imap_port=143, redirect_uri="https://localhost/x")),
    ("acme", "", replace(WHOLE, client_secret="")),
    ("acme", "", replace(WHOLE, client_secret="quo\"te'\\ \u00fc#=[]")),
    (
        "gov",
        "",
        replace(WHOLE, authorize_uri=GOVERNMENT.format("t.example", "authorize"), token_uri=""),
    ),
    ("gmail", "thunderbird", replace(WHOLE, client_id="", client_secret="", scopes=())),
    ("gmail", "", WHOLE),
    ("gmail", "", Overrides(client_id="own-id")),
    ("gmail", "thunderbird", Overrides(client_id="own-id")),
    ("gmail", "thunderbird", Overrides(client_id="own-id", client_secret=SECRET)),
    ("gmail", "imapsync", Overrides(client_secret=SECRET)),
    ("office365", "imapsync", Overrides(client_secret=SECRET)),
    ("office365", "desk", Overrides(client_id="own-id", client_secret=SECRET)),
]
LAID_OUT = [
    None,
    "",
    "# mine\n",
    "# mine\r\n[providers.gmail]\r\nlabel = 'Mail' # why\r\n",
    "\ufeff[mail_filters]\nOurs = ['.x.example'] # why\n",
    "[providers.gmail]\nlabel = 'Mail'\n[mail_filters]\nx = ['.x']\n"
    "[providers.office365]\nlabel = 'Office'\n",
    "[providers.gmail.applications.mine]\nclient_id = 'mine-id'\n",
    "providers.gmail.label = 'Mail'\n",
    "[providers]\n[providers.gmail]\n[providers.gmail.applications]\n",
]


def keep(
    own: Path, provider: str, application: str, overrides: Overrides
) -> tuple[Registration, Registration]:
    """Save the user's values.

    Returns the registration, and the one of a later run without options.
    """
    catalog = load_catalog(own)
    registration = resolve(catalog, provider, application, overrides)
    endpoints = has_endpoints(overrides, catalog)
    assert save_overrides(registration, overrides, own_file=own, endpoints=endpoints)
    again = replace(Overrides(), secret_from_environment=overrides.secret_from_environment)
    return registration, resolve(
        load_catalog(own), registration.provider, registration.application, again
    )


@pytest.mark.parametrize("text", LAID_OUT)
@pytest.mark.parametrize(("provider", "application", "overrides"), KEPT)
def test_what_is_kept_resolves_to_the_same(
    provider: str, application: str, overrides: Overrides, text: str | None, own: Path
) -> None:
    """A later run gets the same registration.

    The rest of the file stays, and the file is private.
    """
    if text is not None:
        own.parent.mkdir()
        own.write_bytes(text.encode())
        own.chmod(0o644)
    registration, later = keep(own, provider, application, overrides)
    written = own.read_bytes().decode()

    assert set() == differences(registration, later)
    assert all(line in written for line in (text or "").lstrip("\ufeff").splitlines())
    assert os.name == "nt" or 0o600 == own.stat().st_mode & 0o777
    assert [own] == list(own.parent.iterdir())
    assert keep(own, provider, application, overrides) == (later, later)
    assert written == own.read_bytes().decode()


def test_what_is_kept_already_is_not_written_again(own: Path) -> None:
    """Unchanged values are not written again, but the file is made private."""
    overrides = Overrides(client_id="own-id", client_secret=SECRET)
    keep(own, "gmail", "", overrides)
    os.utime(own, (1e9, 1e9))
    own.chmod(0o644)
    keep(own, "gmail", "", overrides)

    assert 1e9 == own.stat().st_mtime
    assert os.name == "nt" or 0o600 == own.stat().st_mode & 0o777


def test_a_secret_of_the_environment_is_not_kept(own: Path) -> None:
    """A secret of the environment is not saved; later runs read it again if they need it."""
    overrides = Overrides(client_id="own-id", secret_from_environment=SECRET)
    registration, later = keep(own, "office365", "", overrides)

    assert (SECRET, SECRET) == (registration.client_secret, later.client_secret)
    assert SECRET not in own.read_text("utf-8")


@pytest.mark.parametrize(
    "overrides", [Overrides(), Overrides(tenant="t.example", imap_host="i.example")]
)
def test_nothing_by_hand_nothing_kept(overrides: Overrides, own: Path) -> None:
    """Without given values no file is created."""
    registration = resolve(CATALOG, "office365", "", overrides)

    assert not save_overrides(registration, overrides, own_file=own, endpoints=False)
    assert not own.parent.exists()


@pytest.mark.parametrize(
    "text",
    [
        "providers = { gmail = { label = 'Mail' } }\n",
        "[providers]\ngmail.label = 'Mail'\n",
        "[providers.gmail]\napplications.x.client_id = 'x-id'\n",
        "[providers.gmail]\napplications = { x = { client_id = 'x-id' } }\n",
    ],
)
def test_a_file_that_can_not_be_amended_stays(text: str, own: Path) -> None:
    """A file that can't be changed safely stays; the error says which table to write."""
    own.parent.mkdir()
    own.write_text(text, "utf-8")

    with pytest.raises(AppError) as raised:
        keep(own, "gmail", "", Overrides(client_id="own-id", client_secret=SECRET))

    assert "settings_not_extensible" == raised.value.verdict.id
    assert "[providers.gmail.applications.own]" in raised.value.hint
    assert SECRET not in raised.value.message + raised.value.hint
    assert text == own.read_text("utf-8")


def test_a_file_that_can_not_be_written_is_said(own: Path) -> None:
    """A file that can't be written is reported; the tokens are saved already."""
    own.parent.touch()
    registration = resolve(CATALOG, "acme", "", WHOLE)

    with pytest.raises(AppError) as raised:
        save_overrides(registration, WHOLE, own_file=own, endpoints=True)
    assert "settings_not_written" == raised.value.verdict.id
    assert SECRET not in raised.value.message + raised.value.detail


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_planted_new_file_is_not_written_through(own: Path, tmp_path: Path) -> None:
    """The secret is written neither through a link nor into a file that others can read."""
    own.parent.mkdir()
    (tmp_path / "elsewhere").write_text("precious")
    own.with_name("providers.toml.new").symlink_to(tmp_path / "elsewhere")
    keep(own, "acme", "", WHOLE)

    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert not own.is_symlink()
