"""What a token says of itself: read from any token, never trusted."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Misconfigured
from core.mailbox.get_token import get_token
from core.model import FlowKind
from core.oauth.claims import Claims, accounts_of, read_claims
from core.oauth.permissions import permission_error
from core.oauth.tokens import Tokens
from faulty_servers.responses import Fault
from servers import ADDRESS, MakeStage, Stage

NOW = 1_800_000_000.0
OUTLOOK = "https://outlook.office.com"
MAIL = "IMAP.AccessAsUser.All"
APPLICATION = "9e5f94bc-e8a4-4e73-b8be-63364c29d753"
TENANT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


def jwt(**claims: Any) -> str:
    """A token with these claims and a signature that nobody checks."""
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    coded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
    return ".".join([*(part.rstrip("=") for part in coded), "c2ln"])


OF_A_USER = {
    "aud": OUTLOOK,
    "iss": f"https://sts.windows.net/{TENANT}/",
    "iat": NOW,
    "exp": NOW + 3600,
    "appid": APPLICATION,
    "app_displayname": "Thunderbird",
    "scp": f"{MAIL} SMTP.Send",
    "tid": TENANT,
    "unique_name": "you@contoso.example",
    "upn": "you@contoso.example",
}


def test_a_token_of_a_user() -> None:
    """All that helps to see why a server refuses it."""
    assert read_claims(jwt(**OF_A_USER)) == Claims(
        accounts=("you@contoso.example",),
        tenant=TENANT,
        application="Thunderbird",
        client_id=APPLICATION,
        scopes=(MAIL, "SMTP.Send"),
        audience=(OUTLOOK,),
        issuer=f"https://sts.windows.net/{TENANT}/",
        issued_at=NOW,
        expires_at=NOW + 3600,
    )


def test_a_token_of_an_application() -> None:
    """It names no user; an administrator has given it roles."""
    claims = read_claims(jwt(aud=OUTLOOK, azp=APPLICATION, roles=["IMAP.AccessAsApp"]))
    assert claims == Claims(client_id=APPLICATION, roles=("IMAP.AccessAsApp",), audience=(OUTLOOK,))


@pytest.mark.parametrize(
    "token",
    ["", "ya29.opaque", "EwB4A8l6BAAU", "a.b", "a.b.c", "eyJ9.e30.", "a.b.c.d.e", "..", "a.WzFd.c"],
)
def test_no_jwt(token: str) -> None:
    """Google's, those of personal Microsoft accounts, encrypted ones, and scraps."""
    assert read_claims(token) is None


@pytest.mark.parametrize(
    "claims",
    [
        {"upn": 1, "email": ["a@b"], "scp": {"x": 1}, "aud": [1, None, {}], "exp": "soon"},
        {"email": "no address", "iat": True, "exp": -1, "roles": [[]]},
        {"email": "a\x1b[31m@b.example", "exp": 1e300, "iat": float("nan")},
        {"email": f"{'x' * 400}@b.example"},
    ],
)
def test_claims_of_other_types(claims: dict[str, Any]) -> None:
    """What can't be meant is not there; nothing fails."""
    assert Claims() == read_claims(jwt(**claims))


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["email", "upn", "scp", "scope", "roles", "aud", "iss", "tid", "iat", "exp"]
)


@given(st.dictionaries(NAMES, VALUES))
def test_any_claims(claims: dict[str, Any]) -> None:
    """Whatever a token says, reading it never fails, and every text can be printed."""
    found = read_claims(jwt(**claims))
    if found:
        texts = (found.tenant, found.issuer, *found.accounts, *found.scopes, *found.audience)
        assert all(text.isprintable() for text in (*texts, *found.roles))


def test_text_from_outside() -> None:
    """It is bounded, and controls no terminal."""
    claims = read_claims(jwt(tid="a\x1b[31mb\u202e", iss="x" * 5000, roles=["y"] * 5000))
    assert claims is not None
    assert r"a\x1b[31mb\u202e" == claims.tenant
    assert (1000, 50) == (len(claims.issuer), len(claims.roles))


def test_all_names_of_an_account() -> None:
    """An address and a sign-in name may differ; personal accounts have a prefix."""
    token = jwt(
        email="info@contoso.example",
        preferred_username="you@contoso.example",
        unique_name="live.com#you@outlook.com",
    )
    names = ("info@contoso.example", "you@contoso.example", "you@outlook.com")
    assert names == accounts_of(token)
    assert names == accounts_of("opaque", token)
    assert ("a@b.example",) == accounts_of(jwt(email="a@b.example"), token)
    assert () == accounts_of("opaque", "")


@pytest.mark.parametrize(
    ("claims", "scopes", "fault"),
    [
        ({}, (), ""),
        ({"aud": OUTLOOK, "scp": MAIL}, (), ""),
        ({"aud": "https://outlook.office365.us", "scp": MAIL}, (), ""),
        ({"aud": "https://graph.microsoft.com/"}, (), "oauth_other_audience"),
        ({"aud": "00000003-0000-0000-c000-000000000000"}, (MAIL,), "oauth_other_audience"),
        ({"aud": OUTLOOK, "scp": "SMTP.Send"}, (), "oauth_scope_missing"),
        ({"aud": OUTLOOK, "roles": ["IMAP.AccessAsApp"]}, (), ""),
        ({"aud": OUTLOOK, "roles": ["imap.accessasapp", "x"]}, (), ""),
        ({"aud": OUTLOOK, "roles": ["POP.AccessAsApp"]}, (), "oauth_role_missing"),
        ({"aud": OUTLOOK}, (), "oauth_role_missing"),
        ({"aud": OUTLOOK}, (MAIL,), ""),
    ],
)
def test_permissions_at_microsoft(
    stage: Stage, claims: dict[str, Any], scopes: tuple[str, ...], fault: str
) -> None:
    """The scope, the role or the service that is wrong is named, but never before a login."""
    asked = (f"{OUTLOOK}/{MAIL}", "offline_access")
    registration = replace(stage.registration, flow=FlowKind.MICROSOFT, scopes=asked)
    tokens = Tokens(jwt(**claims), "refresh", NOW, None, scopes=scopes)
    error = permission_error(tokens, registration, ADDRESS, certain=False)
    assert fault == (error.verdict.id if error else "")
    assert permission_error(tokens, registration, ADDRESS, certain=True) is None


@pytest.mark.parametrize("opens", [True, False])
def test_a_login_outweighs_claims(make_stage: MakeStage, opens: bool) -> None:
    """If it opens the mailbox, the token is saved, else the claims say why it doesn't."""
    stage = make_stage(flow=FlowKind.MICROSOFT, scopes=(f"{OUTLOOK}/{MAIL}",))
    content = {"access_token": jwt(aud="https://graph.microsoft.com"), "scope": MAIL}
    stage.server.faults.append(Fault(200, json.dumps(content).encode()))
    stage.mailbox.account_of = lambda token: ADDRESS if opens else None
    if opens:
        assert get_token(stage.job(), stage.methods()).checked
        return
    with pytest.raises(Misconfigured) as caught:
        get_token(stage.job(), stage.methods())
    assert "oauth_other_audience" == caught.value.verdict.id
    assert "aud: https://graph.microsoft.com" == caught.value.detail
    assert [] == stage.names()


def test_permissions_at_others(stage: Stage) -> None:
    """Nobody documents the claims of their access tokens, so they decide nothing."""
    tokens = Tokens(jwt(aud="https://graph.microsoft.com"), "refresh", NOW, None)
    assert permission_error(tokens, stage.registration, ADDRESS, certain=False) is None
