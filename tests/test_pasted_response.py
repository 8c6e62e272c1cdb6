"""Tests of pasted responses of the sign-in page."""

import contextlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AppError, TryAgain
from core.oauth.sign_in.authorization_response import NotThisAnswer, parse_form, read_parameters
from core.oauth.sign_in.pasted_response import MAX_LENGTH, read_pasted

STATE = "st-4te_OF-this-sign-in"
MICROSOFT = "M.C552_BL2.2.U.e63dbda3-980d-2c99-11c5-52b6193c5b0a"
ENTRA = "1.AXkAtW8zX-" + "aB3_" * 300 + "."
GOOGLE = "4/0AeanS0Zk-w+x/y=="
GOOGLE_ENCODED = "4%2F0AeanS0Zk-w%2Bx%2Fy%3D%3D"
URL = f"http://localhost:49152/?code={MICROSOFT}&state={STATE}&session_state=00aa"


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        (MICROSOFT, MICROSOFT),
        (GOOGLE, GOOGLE),
        (GOOGLE_ENCODED, GOOGLE),
        (ENTRA, ENTRA),
        ("7fk3wzu", "7fk3wzu"),
        ("4760187", "4760187"),
        (f"  {MICROSOFT}\r\n", MICROSOFT),
        (f'"{MICROSOFT}"', MICROSOFT),
        (f" ' <{MICROSOFT}> '\n", MICROSOFT),
        (f"\ufeff\u201c{MICROSOFT}\u201d\u200b", MICROSOFT),
        (f"{ENTRA[:80]}\n{ENTRA[80:160]}\r\n  {ENTRA[160:]}", ENTRA),
        (f"code={GOOGLE_ENCODED}", GOOGLE),
        (URL, MICROSOFT),
        (URL.replace("http:", "https:") + "#", MICROSOFT),
        (f"<{URL}>", MICROSOFT),
        (URL.replace("?", "#"), MICROSOFT),
        (URL.replace("&state", "#state"), MICROSOFT),
        (URL.replace("http://localhost:49152/", "com.example.app:/done"), MICROSOFT),
        (URL.replace("http://localhost:49152/", "localhost:49152/"), MICROSOFT),
        (URL.partition("?")[2], MICROSOFT),
        ("?" + URL.partition("?")[2], MICROSOFT),
        ("#" + URL.partition("?")[2], MICROSOFT),
        (f"state={STATE}&code={MICROSOFT}", MICROSOFT),
        (f"{URL[:30]}\n{URL[30:60]}\r\n   {URL[60:]}\n", MICROSOFT),
        (f"{URL[:30]} {URL[30:60]}\u2028{URL[60:]}", MICROSOFT),
        (f"http://localhost/?code={GOOGLE}&state={STATE}", GOOGLE),
        (f"http://localhost/?code={GOOGLE_ENCODED}&state={STATE}", GOOGLE),
        (f"http://localhost/?code={MICROSOFT}", MICROSOFT),
    ],
)
def test_takes_what_a_person_would_copy(pasted: str, code: str) -> None:
    """A code, an address and a query string are accepted, also wrapped, quoted or encoded."""
    answer = read_pasted(pasted, state=STATE)

    assert (code, STATE) == (answer.code, answer.state)


@pytest.mark.parametrize(
    ("pasted", "seen"),
    [
        ("", "Nothing was pasted"),
        (" \r\n\t \"' ", "Nothing was pasted"),
        ("x" * (MAX_LENGTH + 1), "too long"),
        ("hello", "too short"),
        ("yes", "too short"),
        ("somebody.private@example.com", "an e-mail address"),
        ("<o'neil+x@sub.example.com>", "an e-mail address"),
        ("I can't find the code that you want", "a sentence"),
        ("Größe-Straße", "can't be a code"),
        ("abc%00defghi", "can't be a code"),
        ("abc%20defghi", "can't be a code"),
        ("http://localhost:49152/", "an address without a code"),
        ("https://imapsync.example/help?topic=oauth", "an address without a code"),
        (f"?state={STATE}", "an address without a code"),
        (f"state={STATE}&session_state=1", "an address without a code"),
        (f"http://localhost/?code=&state={STATE}", "an address without a code"),
        (
            "https://login.example/authorize?client_id=1&response_type=code",
            "address of the sign-in",
        ),
        (f"https://login.example/?response_type=code&state={STATE}", "address of the sign-in"),
        (f"{URL}\n{URL.replace('M.C552', 'M.C553')}", "twice"),
        (f"http://localhost/?code=one-code&code=two-code&state={STATE}", "twice"),
    ],
)
def test_says_what_was_pasted_in_place_of_the_answer(pasted: str, seen: str) -> None:
    """The message names the mistake and what to paste; it doesn't repeat the pasted text."""
    with pytest.raises(NotThisAnswer) as raised:
        read_pasted(pasted, state=STATE)

    words = f"{raised.value.message} {raised.value.detail} {raised.value.hint}"
    assert seen in raised.value.message
    assert raised.value.hint
    assert "private" not in words
    assert STATE not in words


@pytest.mark.parametrize(
    "pasted",
    [
        f"http://localhost/?code={MICROSOFT}&state=of-another",
        f"code={MICROSOFT}&state=of-another",
        f"code={MICROSOFT}&state={STATE}x",
        f"code={MICROSOFT}&state={STATE[:-1]}",
        f"code={MICROSOFT}&state=%FF\udcff",
        "http://localhost/?error=access_denied&state=of-another",
    ],
)
def test_refuses_the_answer_of_another_sign_in(pasted: str) -> None:
    """A wrong state is refused; neither state nor code is in the error."""
    with pytest.raises(NotThisAnswer, match="another sign-in") as raised:
        read_pasted(pasted, state=STATE)

    words = f"{raised.value.message} {raised.value.detail} {raised.value.hint}"
    assert not any(secret in words for secret in (STATE, MICROSOFT, "of-another"))


@pytest.mark.parametrize("state", ["", f"&state={STATE}"])
def test_explains_a_refusal(state: str) -> None:
    """access_denied is explained, with the page's text, with or without a state."""
    url = "http://localhost/?error=access_denied&error_description=AADSTS65004%3a+User+declined."

    with pytest.raises(AppError, match="Access was refused") as raised:
        read_pasted(url + state, state=STATE)

    assert "access_denied: AADSTS65004: User declined." == raised.value.detail
    assert not isinstance(raised.value, NotThisAnswer)
    assert 1 == raised.value.exit_code


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_passing_trouble_is_told_from_failure(error: str) -> None:
    """The two temporary errors of the server give exit code 4."""
    with pytest.raises(TryAgain):
        read_parameters({"error": error, "state": STATE}, STATE)


@pytest.mark.parametrize("error", ["consent_required", "interaction_required", "invalid_scope"])
def test_other_errors_are_passed_on(error: str) -> None:
    """Any other error of the page is quoted."""
    with pytest.raises(AppError, match="answered with an error") as raised:
        read_parameters({"error": error, "state": STATE}, STATE)

    assert error == raised.value.detail
    assert not isinstance(raised.value, (TryAgain, NotThisAnswer))


def test_what_the_page_said_is_made_harmless() -> None:
    """The page's text becomes one short line without control characters, code and state."""
    described = f"a\x1b[31m\r\nb\u202ec {STATE} {MICROSOFT} " + "x" * 5000
    parameters = {"error": "e", "error_description": described, "code": MICROSOFT}

    with pytest.raises(AppError) as raised:
        read_parameters(parameters, STATE)

    assert raised.value.detail.startswith("e: a [31m b c … … xxx")
    assert 401 == len(raised.value.detail)
    assert raised.value.detail.endswith("x…")


def test_half_a_character_is_made_harmless() -> None:
    """Bytes that are not UTF-8 cause no error; a terminal passes them on as lone surrogates."""
    with pytest.raises(AppError, match="answered with an error"):
        read_pasted("error=x&code=\udcf0\udc9f", state=STATE)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "no code"),
        ({"state": STATE}, "no code"),
        ({"state": STATE, "code": "a\nb"}, "no code"),
        ({"code": MICROSOFT}, "doesn't say which sign-in"),
    ],
)
def test_an_answer_needs_code_and_state(parameters: dict[str, str], message: str) -> None:
    """A response needs both a code and a state (RFC 6749 §4.1.2)."""
    with pytest.raises(NotThisAnswer, match=message):
        read_parameters(parameters, STATE)


def test_a_repr_shows_no_secret() -> None:
    """The repr holds no secret, since it may be logged by mistake."""
    assert "AuthorizationResponse()" == repr(read_pasted(URL, state=STATE))


@pytest.mark.parametrize(
    ("form", "parameters"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=&b", {}),
        ("a=1&a=1", {"a": "1"}),
        ("code=a+b%2Bc&error_description=d+e", {"code": "a+b+c", "error_description": "d e"}),
        ("code=a=b", {"code": "a=b"}),
    ],
)
def test_reads_a_form(form: str, parameters: dict[str, str]) -> None:
    """Empty parameters are omitted (RFC 6749 §3.1), and a plus in a code stays a plus."""
    assert parameters == parse_form(form)


def test_a_contradictory_form_is_refused() -> None:
    """Two different values of one parameter are refused."""
    with pytest.raises(ValueError, match="twice"):
        parse_form("code=a&code=b")


@settings(database=None)
@given(
    st.text()
    | st.text(alphabet="?#&=%+:/@.<>'\" \r\nabc\ud800\u2028")
    | st.lists(
        st.sampled_from([URL, STATE, MICROSOFT, "code=", "&", "?", "#", "error=", "\n"])
    ).map("".join)
)
def test_anything_is_taken_or_explained(pasted: str) -> None:
    """Any text gives a response of this sign-in, or an error without our secrets."""
    with contextlib.suppress(AppError):
        assert STATE == read_pasted(pasted, state=STATE).state
        return
    with pytest.raises(AppError) as raised:
        read_pasted(pasted, state=STATE)
    assert STATE not in f"{raised.value.message} {raised.value.detail} {raised.value.hint}"


@settings(database=None)
@given(
    code=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1),
    encode=st.sampled_from([quote, quote_plus, lambda text: quote(text, safe="")]),
)
def test_every_code_survives_an_address(code: str, encode: Callable[[str], str]) -> None:
    """Each code without spaces that the RFC allows is read correctly from an address."""
    url = f"http://localhost:1/?state={STATE}&code={encode(code)}"

    assert code == read_pasted(url, state=STATE).code
