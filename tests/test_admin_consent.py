"""The request to an administrator, with the link and the commands in it."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cli.output import Console
from core.errors import AppError, as_error
from core.events import PasteRefused
from core.oauth.admin_consent import (
    THUNDERBIRD,
    consent_command,
    consent_link,
    request_for_consent,
)
from core.oauth.sign_in.authorization_response import read_parameters
from core.providers.catalog import load_catalog
from core.verdicts.match import TABLES
from core.verdicts.verdict import Action
from pending_sign_in import ADDRESS, AT_GOOGLE, AT_MICROSOFT, sign_in_at

OWN = "11111111-2222-3333-4444-555555555555"
SCOPE = "https://outlook.office.com/IMAP.AccessAsUser.All"
MAY_BE_SETTLED = {"ms_admin_consent_needed", "ms_consent_missing"}


def refusal(code: int, **changes: object) -> AppError:
    """Microsoft's answer in the redirect."""
    pending = sign_in_at("office365", **changes)
    description = f"AADSTS{code}: The administrator of the organisation has to allow it."
    with pytest.raises(AppError) as raised:
        read_parameters({"error": "access_denied", "error_description": description}, pending)
    return raised.value


@pytest.mark.parametrize("code", [90094, 90095, 65001])
def test_the_request_holds_all_that_an_administrator_needs(code: int) -> None:
    """Application, mailbox, permission, the link for all and the commands for one."""
    error = refusal(code, client_id=OWN, tenant="contoso.example")
    text = request_for_consent(error)

    assert text.startswith("Subject: ")
    for words in (
        f"Client ID: {OWN}",
        f"Mailbox: {ADDRESS}",
        "IMAP.AccessAsUser.All of Office 365 Exchange Online",
        consent_link(error.parameters),
        consent_command(error.parameters),
    ):
        assert words in text
    assert "{" not in text.replace("{ $client = New-MgServicePrincipal -AppId $clientId }", "")


def test_thunderbird_is_told_from_other_applications() -> None:
    """Microsoft's default policy exempts it, so the organisation itself must be stricter."""
    shipped = {app.client_id for app in load_catalog().providers["office365"].applications.values()}
    assert THUNDERBIRD in shipped

    assert "may allow this application by themselves" in request_for_consent(refusal(90094))
    other = request_for_consent(refusal(90094, client_id=OWN))
    assert "no other applications by themselves" in other


def test_only_what_consent_settles_is_asked_for() -> None:
    """Each verdict with this action has the text, and each that is about a missing permission."""
    parameters = AT_MICROSOFT.parameters
    errors = [as_error(verdict, **parameters) for table in TABLES for verdict in table]
    asked = {error.verdict.id for error in errors if request_for_consent(error)}

    assert asked == MAY_BE_SETTLED
    assert {e.verdict.id for e in errors if e.action is Action.ASK_FOR_CONSENT} <= asked
    assert "" == request_for_consent(as_error(refusal(90094).verdict))


@pytest.mark.parametrize(
    ("tenant", "path"),
    [
        ("", "organizations"),
        ("common", "organizations"),
        ("Common", "organizations"),
        ("consumers", "organizations"),
        ("organizations", "organizations"),
        ("contoso.example", "contoso.example"),
        (OWN, OWN),
    ],
)
def test_the_link_is_for_the_tenant(tenant: str, path: str) -> None:
    """Where no organisation is named, the administrator's own is taken."""
    link = consent_link({"client_id": OWN, "tenant": tenant})

    assert (
        f"https://login.microsoftonline.com/{path}/v2.0/adminconsent?client_id={OWN}"
        "&scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All"
        "&redirect_uri=http%3A%2F%2Flocalhost"
    ) == link
    assert ("-TenantId" in consent_command({"client_id": OWN, "tenant": tenant})) == (
        path != "organizations"
    )


def test_the_link_is_for_the_registration() -> None:
    """Its redirect URI, since Microsoft refuses another one, its cloud and its scope."""
    pending = sign_in_at(
        "office365",
        authorize_uri="https://login.microsoftonline.us/common/oauth2/v2.0/authorize",
        redirect_uri="https://mail.example/a?b=c&d",
        scopes=("offline_access", "https://outlook.office365.us/IMAP.AccessAsUser.All"),
    )
    link = urlsplit(consent_link(pending.parameters))

    assert ("https", "login.microsoftonline.us") == (link.scheme, link.netloc)
    assert {
        "client_id": [THUNDERBIRD],
        "scope": ["https://outlook.office365.us/IMAP.AccessAsUser.All"],
        "redirect_uri": ["https://mail.example/a?b=c&d"],
    } == parse_qs(link.query)


def test_the_link_never_leaves_https() -> None:
    """Whatever the endpoint is, a wrong one gives Microsoft's own."""
    for endpoint in ("", "http://x.example/a", "file:///etc/passwd", "x"):
        link = consent_link({"client_id": OWN, "authorize_uri": endpoint})
        assert link.startswith("https://login.microsoftonline.com/")


def test_the_command_allows_one_user_alone() -> None:
    """consentType Principal, for Exchange's permission and for those of every sign-in."""
    command = consent_command({"client_id": OWN, "address": ADDRESS})

    assert 2 == command.count("-ConsentType Principal -PrincipalId $user.Id")
    assert f"$clientId = '{OWN}'" in command
    assert f"Get-MgUser -UserId '{ADDRESS}'" in command
    assert "00000002-0000-0ff1-ce00-000000000000" in command
    assert "-Scope 'IMAP.AccessAsUser.All'" in command
    assert "AllPrincipals" not in command


def test_the_terminal_prints_it_below_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Its lines are printed as they are, so that they can be copied; a quiet run prints none."""
    error = refusal(90094, client_id=OWN)
    tellers: list[Callable[[], None]] = [
        lambda: Console().error(error),
        lambda: Console().progress(PasteRefused(error)),
    ]
    for tell in tellers:
        tell()
        printed = capsys.readouterr().err
        assert printed.startswith(error.message)
        assert printed.endswith(request_for_consent(error))
    Console(quiet=True).error(error)
    Console().error(refusal(50105))
    assert "Subject:" not in capsys.readouterr().err


@settings(database=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"))
    | st.text(alphabet="a'\"`$(){};|&%<>\\\u2018\u2019\u201a\u201b ")
)
def test_no_value_gets_out_of_its_quotes(value: str) -> None:
    """Between apostrophes PowerShell reads nothing but apostrophes, which are doubled."""
    parameters = {"client_id": value, "address": value, "tenant": f"x{value}"}
    apostrophes = "'\u2018\u2019\u201a\u201b"
    doubled = "".join(2 * sign if sign in apostrophes else sign for sign in value)

    command = consent_command(parameters)
    for words in (
        f"$clientId = '{doubled}'\n",
        f"-TenantId 'x{doubled}' -",
        f"-UserId '{doubled}'",
    ):
        assert words in command
    query = urlsplit(consent_link(parameters)).query
    assert [value] == parse_qs(query, keep_blank_values=True)["client_id"]


def test_another_provider_has_no_such_request() -> None:
    """Google's administrators have their own way, which the verdict tells."""
    with pytest.raises(AppError) as raised:
        read_parameters({"error": "admin_policy_enforced"}, AT_GOOGLE)

    assert "" == request_for_consent(raised.value)
