"""Responses of the sign-in page: their parameters, and what the errors in them mean."""

from urllib.parse import urlencode

import pytest

from core.errors import AppError, Misconfigured, Refused, SignInNeeded, TryAgain
from core.oauth.sign_in.authorization_response import (
    NotThisAnswer,
    PendingSignIn,
    parse_form,
    read_parameters,
)
from core.oauth.sign_in.pasted_response import read_pasted
from core.verdicts.match import match
from core.verdicts.verdict import Origin, Symptom
from pending_sign_in import AT_GOOGLE, AT_MICROSOFT, STATE, sign_in_at
from recorded_answers import MICROSOFT

CODE = "M.C552_BL2.2.U.e63dbda3-980d-2c99-11c5-52b6193c5b0a"


def in_redirect(parameters: dict[str, str], pending: PendingSignIn = AT_MICROSOFT) -> AppError:
    """The error for an error in the redirect, by the browser as by paste."""
    with pytest.raises(AppError) as raised:
        read_parameters({**parameters, "state": STATE}, pending)
    pasted = f"http://localhost:1/?{urlencode({**parameters, 'state': STATE})}"
    with pytest.raises(AppError) as again:
        read_pasted(pasted, pending)
    assert raised.value.verdict is again.value.verdict
    assert type(raised.value) is type(again.value)
    assert raised.value.detail == again.value.detail
    assert not isinstance(raised.value, NotThisAnswer)
    return raised.value


@pytest.mark.parametrize(
    ("parameters", "verdict", "kind"),
    [
        ({"error": "access_denied"}, "oauth_access_denied", SignInNeeded),
        ({"error": "server_error"}, "oauth_server_trouble", TryAgain),
        ({"error": "temporarily_unavailable"}, "oauth_server_trouble", TryAgain),
        ({"error": "consent_required"}, "oauth_consent_required", SignInNeeded),
        ({"error": "interaction_required"}, "oauth_sign_in_required", SignInNeeded),
        ({"error": "invalid_scope"}, "oauth_scope_refused", Misconfigured),
        ({"error": "warp_core_breach"}, "oauth_unknown_error", Misconfigured),
        (
            {"error": "access_denied", "error_description": "AADSTS90094: An administrator of …"},
            "ms_admin_consent_needed",
            Misconfigured,
        ),
        (
            {
                "error": "access_denied",
                "error_uri": "https://login.microsoftonline.com/error?code=65005",
            },
            "ms_application_lacks_permission",
            Misconfigured,
        ),
        (
            {"error": "access_denied", "error_description": "The&nbsp;account is&nbsp;suspended."},
            "account_closed",
            Refused,
        ),
    ],
)
def test_an_error_in_the_redirect_is_looked_up(
    parameters: dict[str, str], verdict: str, kind: type[AppError]
) -> None:
    """By its name, the numbers in its description, and those in its error_uri."""
    error = in_redirect(parameters)

    assert verdict == error.verdict.id
    assert isinstance(error, kind)


@pytest.mark.parametrize(
    ("error", "code"), sorted({(s.error, s.codes[0]) for _, s in MICROSOFT if len(s.codes) == 1})
)
def test_every_known_number_is_told_alike(error: str, code: int) -> None:
    """Beside any error's name, the number in the description decides."""
    description = f"AADSTS{code}: Something happened.\r\nTrace ID: 1\r\nCorrelation ID: 2"
    symptom = Symptom(
        Origin.AUTHORIZATION,
        error,
        codes=(code,),
        words=description,
        flow="microsoft",
        shipped=True,
        has_secret=False,
    )

    assert match(symptom) is in_redirect({"error": error, "error_description": description}).verdict


def test_the_facts_of_the_registration_decide() -> None:
    """A disabled application that comes with the program is another matter than one's own."""
    own = sign_in_at("office365", client_id="own-client", application_label="", shipped=False)
    disabled = {"error": "invalid_client", "error_description": "AADSTS7000112: It is disabled."}

    assert "ms_shipped_application_gone" == in_redirect(disabled).verdict.id
    error = in_redirect(disabled, own)
    assert "ms_application_disabled" == error.verdict.id
    assert "own-client" in error.message
    deleted = {"error": "deleted_client"}
    assert "google_shipped_application_gone" == in_redirect(deleted, AT_GOOGLE).verdict.id


def test_what_the_page_said_is_made_harmless() -> None:
    """The page's text has no control characters, no code and no state."""
    described = f"a\x1b[31m\r\nb\u202ec {STATE} {CODE} end"
    error = in_redirect({"error": "e", "error_description": described, "code": CODE})

    assert "e: a [31m b c … … end" == error.detail


@pytest.mark.parametrize(
    ("parameters", "verdict"),
    [
        ({}, "answer_without_code"),
        ({"state": STATE}, "answer_without_code"),
        ({"state": STATE, "code": "a\nb"}, "answer_without_code"),
        ({"code": CODE}, "answer_without_state"),
    ],
)
def test_an_answer_needs_code_and_state(parameters: dict[str, str], verdict: str) -> None:
    """A response needs both a code and a state (RFC 6749 §4.1.2)."""
    with pytest.raises(NotThisAnswer) as raised:
        read_parameters(parameters, AT_MICROSOFT)

    assert verdict == raised.value.verdict.id


@pytest.mark.parametrize(
    ("form", "parameters"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=&b", {}),
        ("a=1&a=1", {"a": "1"}),
        ("a=1&a=2", {"a": "1"}),
        ("code=1&code=1&state=2&state=2", {"code": "1", "state": "2"}),
        ("code=&code=1", {"code": "1"}),
        ("code=a+b%2Bc&error_description=d+e", {"code": "a+b+c", "error_description": "d e"}),
        ("code=a=b", {"code": "a=b"}),
    ],
)
def test_reads_a_form(form: str, parameters: dict[str, str]) -> None:
    """Empty parameters are omitted (RFC 6749 §3.1), and a plus in a code stays a plus."""
    assert parameters == parse_form(form)


@pytest.mark.parametrize("name", ["code", "state", "error", "iss", "%63ode"])
def test_a_contradictory_form_is_refused(name: str) -> None:
    """What is read must have one value."""
    with pytest.raises(ValueError, match="twice"):
        parse_form(f"{name}=a&x=1&{name}=b")


ISSUER = "https://accounts.google.com"
NAMES_ITSELF = sign_in_at("gmail", sends_issuer=True)


@pytest.mark.parametrize(
    ("issuer", "pending", "is_taken"),
    [
        (ISSUER, AT_GOOGLE, True),
        ("", AT_GOOGLE, True),
        ("https://evil.example", AT_GOOGLE, False),
        (f"{ISSUER}/", AT_GOOGLE, False),
        (ISSUER, NAMES_ITSELF, True),
        ("", NAMES_ITSELF, False),
        ("https://evil.example", NAMES_ITSELF, False),
        ("https://evil.example", AT_MICROSOFT, True),
    ],
)
def test_the_issuer_must_be_the_one_that_was_asked(
    issuer: str, pending: PendingSignIn, is_taken: bool
) -> None:
    """RFC 9207: exactly the same text, and there if the provider is known to send it."""
    parameters = {"code": CODE, "state": STATE, "iss": issuer}
    if is_taken:
        assert CODE == read_parameters(parameters, pending).code
        return
    with pytest.raises(Misconfigured) as raised:
        read_parameters(parameters, pending)
    assert "answer_of_another_server" == raised.value.verdict.id
    assert ISSUER in raised.value.message
    with pytest.raises(Misconfigured):
        read_pasted(f"http://localhost:1/?{urlencode(parameters)}", pending)
