"""Tests of registrations from names and options, and of what is saved for later runs."""

import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import AppError, UsageProblem
from core.model import FlowKind
from core.providers.by_hand import by_hand, has_endpoints, provider_name_of
from core.providers.catalog import load_catalog
from core.providers.fields import Registration
from core.providers.overrides import Overrides
from core.providers.registration import resolve, with_tenant
from core.providers.save_overrides import save_overrides
from core.verdicts import local_settings

CATALOG = load_catalog()
SECRET = "Hush-hush-42"
MICROSOFT = "https://login.microsoftonline.com/{}/oauth2/v2.0/{}"
GOVERNMENT = "https://login.microsoftonline.us/{}/oauth2/v2.0/{}"


def whole(**changes: Any) -> Overrides:
    """All fields that a provider needs, as the user gives them."""
    fields: dict[str, Any] = {
        "client_id": "desk-id",
        "client_secret": SECRET,
        "authorize_uri": "https://login.acme.example/authorize",
        "token_uri": "https://login.acme.example/token",
        "scopes": ("mail", "offline"),
        "imap_host": "imap.acme.example",
    }
    return by_hand(**fields | changes)


WHOLE = whole()


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
        by_hand(tenant="contoso.example"),
        by_hand(authorize_uri=MICROSOFT.format("contoso.example", "authorize")),
        by_hand(
            authorize_uri=MICROSOFT.format("contoso.example", "authorize"),
            token_uri=MICROSOFT.format("contoso.example", "token"),
        ),
        by_hand(tenant="contoso.example", authorize_uri=MICROSOFT.format("common", "authorize")),
    ],
)
def test_another_tenant_is_no_other_provider(overrides: Overrides) -> None:
    """Another tenant changes only the endpoints, however it is given; nothing is saved."""
    shipped = resolve(CATALOG, "office365", "", Overrides())
    registration = resolve(CATALOG, "office365", "", overrides)

    expected = {"tenant", "authorize_uri", "token_uri", "device_authorization_uri"}
    assert expected == differences(shipped, registration)
    assert MICROSOFT.format("contoso.example", "token") == registration.token_uri
    assert "contoso.example" == registration.tenant
    assert not has_endpoints(overrides, CATALOG)


@pytest.mark.parametrize(
    ("provider", "overrides"),
    [
        ("gmail", by_hand(tenant="t.example")),
        ("gmail", by_hand(tenant="t.example", client_id="own-id")),
        ("acme", whole(tenant="t.example")),
        ("fixed", by_hand(tenant="t.example")),
    ],
)
def test_a_tenant_without_effect_is_refused(provider: str, overrides: Overrides) -> None:
    """The endpoints have no place for it, or a fixed tenant."""
    one = with_tenant(CATALOG.providers["office365"].applications["thunderbird"], "contoso.example")
    fixed = replace(CATALOG.providers["office365"], name="fixed", applications={"thunderbird": one})
    catalog = CATALOG._replace(providers={**CATALOG.providers, "fixed": fixed})

    with pytest.raises(UsageProblem) as raised:
        resolve(catalog, provider, "", overrides)
    assert "tenant_without_place" == raised.value.verdict.id
    assert one == resolve(catalog, "fixed", "", by_hand(tenant="contoso.example"))


@pytest.mark.parametrize("tenant", ["..", "a/b", "x?y=", "{tenant}", "a b", "%2e%2e", "@evil"])
def test_a_tenant_is_a_word(tenant: str) -> None:
    """A tenant is a single word, since it becomes part of an address."""
    uri = MICROSOFT.format(tenant, "authorize")
    ways: list[Callable[[], Overrides]] = [
        lambda: by_hand(tenant=tenant),
        lambda: by_hand(authorize_uri=uri, client_id="id"),
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
    overrides = by_hand(
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
    assert ("login-acme-example-desk-id", "desk-id", SECRET) == (
        registration.application,
        registration.client_id,
        registration.client_secret,
    )
    assert (WHOLE.text("authorize_uri"), WHOLE.text("token_uri")) == (
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
        resolve(CATALOG, "acme", "", whole(**{field: empty}))

    assert "provider_incomplete" == raised.value.verdict.id
    assert {"provider": "acme", "missing": option} == raised.value.parameters
    assert f"acme is incomplete: it also needs {option}" == raised.value.message


@pytest.mark.parametrize("port", [0, 143, 993, 1993])
def test_starttls_goes_by_the_port(port: int) -> None:
    """Port 143 uses STARTTLS; every other port uses TLS from the start."""
    registration = resolve(CATALOG, "gmail", "", by_hand(imap_port=port))

    assert (port or 993, port == 143) == (registration.imap_port, registration.imap_starttls)


@pytest.mark.parametrize(
    ("port", "starttls"), [(0, True), (993, False), (1143, True), (1993, False)]
)
def test_starttls_ends_with_the_port_that_had_it(port: int, starttls: bool) -> None:
    """Another port than that of a registration with STARTTLS uses TLS from the start."""
    gmail = CATALOG.providers["gmail"]
    known = replace(gmail.applications["thunderbird"], imap_port=1143, imap_starttls=True)
    changed = replace(gmail, applications={"thunderbird": known})
    catalog = CATALOG._replace(providers={"gmail": changed})
    registration = resolve(catalog, "gmail", "", by_hand(imap_port=port))

    assert (port or 1143, starttls) == (registration.imap_port, registration.imap_starttls)


@pytest.mark.parametrize(
    "overrides",
    [
        by_hand(token_uri="https://evil.example/token"),
        by_hand(authorize_uri="https://a.example/a", token_uri="https://evil.example/token"),
        by_hand(authorize_uri=GOVERNMENT.format("common", "authorize")),
    ],
)
def test_a_secret_never_goes_elsewhere(overrides: Overrides) -> None:
    """A secret is never used with an endpoint or a client of another source."""
    assert resolve(CATALOG, "gmail", "thunderbird", Overrides()).client_secret
    assert resolve(CATALOG, "gmail", "thunderbird", overrides).client_secret == ""


@pytest.mark.parametrize(
    "overrides",
    [
        by_hand(token_uri="https://www.googleapis.com/oauth2/v3/token"),
        by_hand(authorize_uri="https://accounts.google.com/o/oauth2/auth"),
        by_hand(
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
        ("imapsync", by_hand(secret_from_environment="env"), "env"),
        ("imapsync", by_hand(secret_from_environment="env", client_secret=SECRET), SECRET),
        ("imapsync", Overrides(), ""),
        ("thunderbird", by_hand(secret_from_environment="env"), ""),
        ("", by_hand(secret_from_environment="env", client_id="own"), "env"),
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
        by_hand(**dict[str, Any]({field: value}))

    error = raised.value
    words = f"{error.message} {error.explanation} {error.hint}"
    assert ("value_invalid", option) == (error.verdict.id, error.parameters["field"])
    assert error.parameters["rule"] == error.explanation
    assert SECRET not in words
    assert "evil" not in words


@pytest.mark.parametrize(
    ("provider", "application", "verdict"),
    [
        ("nomail", "", "provider_unknown"),
        ("a\x1b[31m", "", "provider_unknown"),
        ("", "", "provider_unknown"),
        ("gmail", "outlook", "application_unknown"),
        ("gmail", "a\x1b[31m", "application_unknown"),
    ],
)
def test_unknown_names_get_a_choice(provider: str, application: str, verdict: str) -> None:
    """The error for an unknown name lists the known ones."""
    with pytest.raises(UsageProblem) as raised:
        resolve(CATALOG, provider, application, Overrides())

    error = raised.value
    assert verdict == error.verdict.id
    assert error.message.isprintable()
    assert (application or provider).partition("\x1b")[0] in error.message
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
        (by_hand(client_id="x", scopes=("y",), tenant="z"), False),
        (by_hand(authorize_uri="https://a.example/"), True),
        (by_hand(token_uri="https://a.example/"), True),
        (by_hand(authorize_uri=GOVERNMENT.format("common", "authorize")), True),
    ],
)
def test_whether_endpoints_are_given(overrides: Overrides, given: bool) -> None:
    """Given endpoints are recognised, since they decide the name of the token file."""
    assert given == has_endpoints(overrides, CATALOG)


def test_another_token_endpoint_has_another_issuer(own: Path) -> None:
    """So an answer is not compared with the issuer of the shipped one, by hand or in a file."""
    assert "https://accounts.google.com" == resolve(CATALOG, "gmail", "", Overrides()).issuer
    assert "" == resolve(CATALOG, "gmail", "", WHOLE).issuer

    own.parent.mkdir()
    own.write_text('[providers.gmail]\ntoken_uri = "https://login.acme.example/token"\n')
    assert "" == load_catalog(own).providers["gmail"].issuer


def test_a_repr_shows_no_secret() -> None:
    """The repr holds no secret, since it may be logged by mistake."""
    overrides = whole(secret_from_environment=SECRET)

    assert SECRET not in repr(overrides) + repr(resolve(CATALOG, "acme", "", overrides))
    assert SECRET not in repr(CATALOG)


KEPT = [
    ("acme", "", WHOLE),
    ("acme", "desk", whole(imap_port=143, redirect_uri="https://localhost/x")),
    ("acme", "", whole(client_secret="")),
    ("acme", "", whole(client_secret="quo\"te'\\ \u00fc#=[]")),
    (
        "gov",
        "",
        whole(authorize_uri=GOVERNMENT.format("t.example", "authorize"), token_uri=""),
    ),
    ("gmail", "thunderbird", whole(client_id="", client_secret=None, scopes=())),
    ("gmail", "", WHOLE),
    ("gmail", "", by_hand(client_id="own-id")),
    ("gmail", "thunderbird", by_hand(client_id="own-id")),
    ("gmail", "thunderbird", by_hand(client_id="own-id", client_secret=SECRET)),
    ("gmail", "", by_hand(imap_host="imap.acme.example")),
    ("office365", "thunderbird", by_hand(scopes=("other",))),
    ("gmail", "imapsync", by_hand(client_secret=SECRET)),
    ("office365", "imapsync", by_hand(client_secret=SECRET)),
    ("office365", "desk", by_hand(client_id="own-id", client_secret=SECRET)),
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
    save_overrides(registration, overrides, catalog=catalog, own_file=own)
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
    assert {own.name, f"{own.name}.lock"} == {file.name for file in own.parent.iterdir()}
    assert keep(own, provider, application, overrides) == (later, later)
    assert written == own.read_bytes().decode()


def test_what_is_kept_already_is_not_written_again(own: Path) -> None:
    """Unchanged values are not written again, but the file is made private."""
    overrides = by_hand(client_id="own-id", client_secret=SECRET)
    keep(own, "gmail", "", overrides)
    os.utime(own, (1e9, 1e9))
    own.chmod(0o644)
    keep(own, "gmail", "", overrides)

    assert 1e9 == own.stat().st_mtime
    assert os.name == "nt" or 0o600 == own.stat().st_mode & 0o777


def test_a_secret_of_the_environment_is_not_kept(own: Path) -> None:
    """A secret of the environment is not saved; later runs read it again if they need it."""
    overrides = by_hand(client_id="own-id", secret_from_environment=SECRET)
    registration, later = keep(own, "office365", "", overrides)

    assert (SECRET, SECRET) == (registration.client_secret, later.client_secret)
    assert SECRET not in own.read_text("utf-8")


@pytest.mark.parametrize(
    "overrides", [Overrides(), by_hand(tenant="t.example", redirect_uri="https://localhost")]
)
def test_nothing_by_hand_nothing_kept(overrides: Overrides, own: Path) -> None:
    """Without given values no file is created."""
    registration = resolve(CATALOG, "office365", "", overrides)

    assert not save_overrides(registration, overrides, catalog=CATALOG, own_file=own)
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
        keep(own, "gmail", "", by_hand(client_id="own-id", client_secret=SECRET))

    assert "settings_not_extensible" == raised.value.verdict.id
    assert "[providers.gmail.applications.gmail-own-id]" in raised.value.hint
    assert SECRET not in raised.value.message + raised.value.hint
    assert text == own.read_text("utf-8")


def test_a_file_that_can_not_be_written_is_said(own: Path) -> None:
    """A file that can't be written is reported; the tokens are saved already."""
    own.parent.touch()
    registration = resolve(CATALOG, "acme", "", WHOLE)

    with pytest.raises(AppError) as raised:
        save_overrides(registration, WHOLE, catalog=CATALOG, own_file=own)
    assert "settings_not_written" == raised.value.verdict.id
    assert SECRET not in raised.value.message + raised.value.detail


@pytest.mark.only_on("posix", reason="on Windows, links need a privilege")
def test_a_planted_new_file_is_not_written_through(own: Path, tmp_path: Path) -> None:
    """The secret is written neither through a link nor into a file that others can read."""
    own.parent.mkdir()
    (tmp_path / "elsewhere").write_text("precious")
    own.with_name("providers.toml.new").symlink_to(tmp_path / "elsewhere")
    keep(own, "acme", "", WHOLE)

    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert not own.is_symlink()


def test_a_new_client_id_has_neither_secret_nor_name_of_another() -> None:
    """A client ID that is not in the catalog is a new application of the provider."""
    thunderbird = resolve(CATALOG, "gmail", "", Overrides())
    new = resolve(CATALOG, "gmail", "", by_hand(client_id="Mine.Apps"))
    assert ("gmail-mine-apps", "", "") == (
        new.application,
        new.client_secret,
        new.application_label,
    )
    assert thunderbird.client_secret
    assert new == resolve(CATALOG, "gmail", "thunderbird", by_hand(client_id="Mine.Apps"))


def test_a_saved_name_belongs_to_one_client_id(own: Path) -> None:
    """Another client ID under the same name is refused."""
    keep(own, "gmail", "ours", by_hand(client_id="own-id", client_secret=SECRET))
    with pytest.raises(UsageProblem) as raised:
        resolve(load_catalog(own), "gmail", "ours", by_hand(client_id="other-id"))
    assert "application_name_taken" == raised.value.verdict.id


SEVERAL = [
    ("office365", "", by_hand(client_id="first-id", client_secret=SECRET)),
    ("office365", "", by_hand(client_id="second-id", client_secret="second-secret")),
    ("office365", "", by_hand(client_id="third-id")),
    ("office365", "", by_hand(client_id="first/id", client_secret="of-a-like-name")),
    ("office365", "ours", by_hand(client_id="fourth-id", scopes=("mail",))),
    ("office365", "", by_hand(imap_host="imap.acme.example")),
    ("office365", "", whole(client_id="fifth-id")),
    ("acme", "", whole(client_id="first-id")),
    ("acme", "", whole(client_id="second-id", client_secret=None)),
    ("acme", "", whole(client_id="second-id", token_uri="https://login.acme.example/2/token")),
]


@pytest.mark.parametrize("turn", [1, -1])
def test_several_by_hand_stay_apart(own: Path, turn: int) -> None:
    """In any order, each keeps its client ID, its secret and its other values."""
    saved = [keep(own, *given)[0] for given in SEVERAL[::turn]]
    catalog = load_catalog(own)
    names = {(registration.provider, registration.application) for registration in saved}
    assert len(SEVERAL) == len(names)
    for registration in saved:
        later = resolve(catalog, registration.provider, registration.application, Overrides())
        assert set() == differences(registration, later) - {"tenant"}
    for given, registration in zip(SEVERAL[::turn], saved, strict=True):
        again, _ = keep(own, *given)
        assert set() == differences(registration, again) - {"tenant"}
    shipped = {
        name: CATALOG.providers[name].applications["thunderbird"] for name in ("gmail", "office365")
    }
    assert shipped == {
        name: catalog.providers[name].applications["thunderbird"] for name in shipped
    }


def test_a_name_of_ones_own_can_be_changed(own: Path) -> None:
    """With the same name and client ID, the user's new values replace the old ones."""
    keep(own, "office365", "ours", by_hand(client_id="own-id", scopes=("mail",)))
    _, later = keep(own, "office365", "ours", by_hand(client_id="own-id", scopes=("more",)))
    assert ("ours", ("more",)) == (later.application, later.scopes)


@pytest.mark.parametrize(
    ("given", "secret", "replaced"),
    [
        (by_hand(client_id="own-id"), SECRET, None),
        (by_hand(client_id="own-id", client_secret=SECRET), SECRET, None),
        (by_hand(client_id="own-id", client_secret="new"), "new", True),
        (by_hand(client_id="own-id", client_secret=""), "", True),
        (by_hand(client_id="own-id", client_secret="", secret_from_environment="e"), "", True),
    ],
)
def test_a_saved_secret_is_not_replaced_silently(
    own: Path, given: Overrides, secret: str, replaced: bool | None
) -> None:
    """Only a secret that the user gave replaces it, also an empty one, and the result says so."""
    keep(own, "office365", "", by_hand(client_id="own-id", client_secret=SECRET))
    catalog = load_catalog(own)
    registration = resolve(catalog, "office365", "", given)
    saved = save_overrides(registration, given, catalog=catalog, own_file=own)
    assert secret == registration.client_secret
    assert replaced == (saved.replaced_secret if saved else None)
    later = resolve(load_catalog(own), "office365", registration.application, Overrides())
    assert secret == later.client_secret


def test_a_registration_without_secret_takes_none_from_the_environment(own: Path) -> None:
    """Neither when the user says that it has none, nor in later runs."""
    keep(own, "office365", "", by_hand(client_id="own-id", secret_from_environment=SECRET))
    given = by_hand(client_id="own-id", client_secret="", secret_from_environment=SECRET)
    registration, later = keep(own, "office365", "", given)
    assert ("", "") == (registration.client_secret, later.client_secret)


def test_the_secret_of_a_shipped_application_is_replaced_if_it_is_the_users(own: Path) -> None:
    """That of a confidential one can be renewed; a public one with a secret is another one."""
    keep(own, "office365", "imapsync", by_hand(client_secret=SECRET))
    _, later = keep(own, "office365", "imapsync", by_hand(client_secret="new"))
    assert ("imapsync", "new") == (later.application, later.client_secret)
    _, later = keep(own, "office365", "thunderbird", by_hand(client_secret=SECRET))
    assert SECRET == later.client_secret
    assert "" == resolve(load_catalog(own), "office365", "thunderbird", Overrides()).client_secret


def test_a_name_that_was_taken_meanwhile(own: Path) -> None:
    """Another program may save another client ID under the same name: it stays."""
    given = by_hand(client_id="own-id", client_secret=SECRET)
    registration = resolve(CATALOG, "office365", "ours", given)
    keep(own, "office365", "ours", by_hand(client_id="other-id", client_secret="theirs"))
    before = own.read_bytes()
    with pytest.raises(AppError) as raised:
        save_overrides(registration, given, catalog=CATALOG, own_file=own)
    assert "application_name_taken" == raised.value.verdict.id
    assert before == own.read_bytes()


def test_a_provider_without_application() -> None:
    """Its error says that a registration of one's own is needed; with one it works."""
    provider = replace(CATALOG.providers["office365"], applications={}, default_application="")
    catalog = CATALOG._replace(providers={"office365": provider})
    with pytest.raises(UsageProblem) as raised:
        resolve(catalog, "office365", "", Overrides())
    assert "provider_without_application" == raised.value.verdict.id
    assert "own-id" == resolve(catalog, "office365", "", by_hand(client_id="own-id")).client_id


@pytest.mark.parametrize("tenant", ["evil.example/x", "..", "@evil.example", "{tenant}", "a b"])
def test_the_tenant_of_a_token_file_is_checked_too(tenant: str) -> None:
    """Somebody else may have placed the file, and the tenant becomes part of an address."""
    with pytest.raises(UsageProblem) as raised:
        resolve(CATALOG, "office365", "", Overrides(), tenant=tenant)
    assert "value_invalid" == raised.value.verdict.id
    assert "evil" not in raised.value.message + raised.value.hint
