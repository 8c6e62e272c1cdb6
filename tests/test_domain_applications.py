"""An application that is the default for the addresses of some domains.

So an organization can hand out one file, and its members need no option.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import AppError
from core.mailbox.get_token import get_token
from core.providers.by_hand import by_hand
from core.providers.catalog import load_catalog
from core.providers.registration import resolve
from core.providers.save_overrides import save_overrides
from core.verdicts import local_settings as rules
from program import program_of
from servers import ADDRESS, MakeStage, Stage, changed
from window import MakeWindow

CONTOSO = """
[providers.office365.applications.contoso]
label = "Contoso Migration"
client_id = "of-contoso"
tenant = "contoso.example"
default_for = ["contoso.example", "contoso.test"]
"""
OWN_FIELD = "[providers.office365] default_for"


def load(folder: Path, text: str = CONTOSO) -> Path:
    """The organization's file."""
    own = folder / "providers.toml"
    own.write_text(text, "utf-8")
    return own


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider whose default application is refused, and one that is right for the domain."""
    stage = make_stage()
    right = stage.provider.applications["demo"]
    wrong = replace(right, application="wrong", client_id="unknown-here")
    ours = replace(right, application="ours", default_for=("demo.example",))
    applications = {"wrong": wrong, "ours": ours}
    stage.provider = changed(stage.provider, applications=applications, default_application="wrong")
    return stage


def test_the_domains_belong_to_the_provider(tmp_path: Path) -> None:
    """The address tells both: no name server is asked for the domain."""
    office = load_catalog(load(tmp_path)).providers["office365"]
    assert {"contoso.example", "contoso.test", "outlook.com"} <= set(office.domains)
    assert ["contoso", "", ""] == [
        office.application_for(domain) for domain in ("contoso.test", "outlook.com", "a.example")
    ]
    assert "thunderbird" == office.default_application


@pytest.mark.parametrize(
    ("more", "verdict", "field"),
    [
        (
            '[providers.office365.applications.b]\nclient_id = "b"\ndefault_for = ["contoso.test"]',
            "setting_invalid",
            OWN_FIELD,
        ),
        ('[providers.gmail]\ndomains = ["contoso.test"]', "domain_of_two_providers", None),
    ],
)
def test_a_domain_has_one_application(
    tmp_path: Path, more: str, verdict: str, field: str | None
) -> None:
    """Two of one provider, or two providers, are a mistake in the file."""
    with pytest.raises(AppError) as caught:
        load_catalog(load(tmp_path, CONTOSO + more))
    assert verdict == caught.value.verdict.id
    assert field == caught.value.parameters.get("field")
    if field:
        assert rules.MUST_NAME_DOMAIN_ONCE == caught.value.parameters["rule"]


def test_a_provider_that_extends_another_leaves_them(tmp_path: Path) -> None:
    """It has the application, but the domains stay with the first provider."""
    text = CONTOSO + '[providers.second]\nextends = "office365"\n'
    second = load_catalog(load(tmp_path, text)).providers["second"]
    assert ("of-contoso", ()) == (second.applications["contoso"].client_id, second.domains)


def test_a_registration_by_hand_is_nobodys_default(tmp_path: Path) -> None:
    """With other scopes it is saved under a name of its own, without the domains."""
    own = load(tmp_path)
    overrides = by_hand(client_id="of-contoso", scopes=("other",))
    catalog = load_catalog(own)
    registration = resolve(catalog, "office365", "", overrides)
    saved = save_overrides(registration, overrides, catalog=catalog, own_file=own)
    assert saved is not None
    known = load_catalog(own).providers["office365"]
    assert () == known.applications[saved.application].default_for
    assert "contoso" == known.application_for("contoso.test")


def test_an_address_uses_it(stage: Stage) -> None:
    """Nothing was chosen; the token file names it, and the refresh uses it too."""
    for _ in range(2):
        assert get_token(stage.job(), stage.methods()).renewed
        assert "ours" == stage.file().application
    assert 1 == len(stage.browser.opened)


def test_the_file_is_stronger(stage: Stage) -> None:
    """A mailbox keeps the application that it was signed in with."""
    stage.sign_in()
    known = stage.provider.applications
    other = replace(known["wrong"], default_for=("demo.example",))
    kept = replace(known["ours"], default_for=())
    stage.provider = changed(stage.provider, applications={"wrong": other, "ours": kept})
    assert get_token(stage.job(), stage.methods()).renewed
    assert [] == stage.browser.opened


def test_the_users_choice_is_stronger(stage: Stage) -> None:
    """The chosen application is refused, so the sign-in was really its own."""
    with pytest.raises(AppError):
        get_token(stage.job(application="wrong"), stage.methods(wait=1.0))
    assert "client_id=unknown-here" in stage.browser.opened[0]


def test_one_file_for_an_organization(stage: Stage) -> None:
    """The command line: the address alone is enough."""
    program = program_of(stage)
    text = program.own_file.read_text("utf-8")
    program.configure(
        text.replace('client_id = "demo"', 'client_id = "unknown-here"')
        + '[providers.demo.applications.ours]\nclient_id = "demo"\n'
        'default_for = ["demo.example"]\n'
    )
    done = program.run(ADDRESS, "--ca_file", str(stage.ca_file))
    assert 0 == done.code, done.err
    assert "ours" == stage.file().application


def test_the_window_uses_it(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Type the address and press the button."""
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "ours" == stage.file().application
