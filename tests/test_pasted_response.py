"""Responses of the sign-in page as users paste them, and what they paste in their place."""

import base64
import contextlib
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AppError, Misconfigured, SignInNeeded
from core.oauth.sign_in.authorization_response import (
    AuthorizationResponse,
    NotThisAnswer,
    PendingSignIn,
)
from core.oauth.sign_in.error_page import numbers_in
from core.oauth.sign_in.pasted_response import MAX_LENGTH, read_pasted
from core.verdicts.match import match
from pending_sign_in import ADDRESS, AT_GOOGLE, AT_MICROSOFT, ELSEWHERE, STATE, sign_in_at
from recorded_answers import GOOGLE_PAGES, MICROSOFT, MICROSOFT_PAGES, page

MICROSOFT_CODE = "M.C552_BL2.2.U.e63dbda3-980d-2c99-11c5-52b6193c5b0a"
PERSONAL = "M.C5xx_BAY.2.U.abc-DEF!ghi*jkl$$"
ENTRA = "1.AXkAtW8zX-" + "aB3_" * 300 + "."
GOOGLE_CODE = "4/0AeanS0Zk-w+x/y=="
GOOGLE_ENCODED = "4%2F0AeanS0Zk-w%2Bx%2Fy%3D%3D"
URL = f"http://localhost:49152/?code={MICROSOFT_CODE}&state={STATE}&session_state=00aa"
PAGE_OF_OURS = sign_in_at("office365", redirect_uri="https://mail.example/cgi-bin/auth")


def read(text: str, pending: PendingSignIn = AT_MICROSOFT) -> AuthorizationResponse:
    """The response in the text."""
    return read_pasted(text, pending)


def refused(text: str, pending: PendingSignIn = AT_MICROSOFT) -> NotThisAnswer:
    """Why the text is not the response; the wait goes on, and no secret is told."""
    with pytest.raises(NotThisAnswer) as raised:
        read_pasted(text, pending)
    assert STATE not in told(raised.value)
    assert raised.value.hint
    return raised.value


def told(error: AppError) -> str:
    """Everything that a user reads of an error."""
    return f"{error.message} {error.explanation} {error.detail} {error.hint} {error.parameters}"


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        (MICROSOFT_CODE, MICROSOFT_CODE),
        (PERSONAL, PERSONAL),
        (GOOGLE_CODE, GOOGLE_CODE),
        (GOOGLE_ENCODED, GOOGLE_CODE),
        (ENTRA, ENTRA),
        ("c" * 6000, "c" * 6000),
        ("7fk3wzu", "7fk3wzu"),
        (f"  {MICROSOFT_CODE}\r\n", MICROSOFT_CODE),
        (f'"{MICROSOFT_CODE}"', MICROSOFT_CODE),
        (f" ' <{MICROSOFT_CODE}> '\n", MICROSOFT_CODE),
        (f"\ufeff\u201c{MICROSOFT_CODE}\u201d\u200b", MICROSOFT_CODE),
        (f"{ENTRA[:80]}\n{ENTRA[80:160]}\r\n  {ENTRA[160:]}", ENTRA),
        (f"code={GOOGLE_ENCODED}", GOOGLE_CODE),
        (URL, MICROSOFT_CODE),
        (URL.replace("http:", "https:") + "#", MICROSOFT_CODE),
        (f"<{URL}>", MICROSOFT_CODE),
        (URL.replace("?", "#"), MICROSOFT_CODE),
        (URL.replace("&state", "#state"), MICROSOFT_CODE),
        (URL.replace("http://", ""), MICROSOFT_CODE),
        (URL.replace("http://localhost", "127.0.0.1"), MICROSOFT_CODE),
        (URL.replace("localhost", "127.0.0.1"), MICROSOFT_CODE),
        (URL.replace("localhost", "[::1]"), MICROSOFT_CODE),
        (URL.replace("localhost", "LOCALHOST"), MICROSOFT_CODE),
        (URL.replace(":49152/", ""), MICROSOFT_CODE),
        (URL.replace(":49152", ":80"), MICROSOFT_CODE),
        (URL.partition("?")[2], MICROSOFT_CODE),
        ("?" + URL.partition("?")[2], MICROSOFT_CODE),
        ("#" + URL.partition("?")[2], MICROSOFT_CODE),
        (f"state={STATE}&code={MICROSOFT_CODE}", MICROSOFT_CODE),
        (f"scope=a%20b&state={STATE}&code={MICROSOFT_CODE}", MICROSOFT_CODE),
        (f"{URL[:30]}\n{URL[30:60]}\r\n   {URL[60:]}\n", MICROSOFT_CODE),
        (f"{URL[:30]} {URL[30:60]}\u2028{URL[60:]}", MICROSOFT_CODE),
        (f"http://localhost/?code={GOOGLE_CODE}&state={STATE}", GOOGLE_CODE),
        (f"http://localhost/?code={GOOGLE_ENCODED}&state={STATE}", GOOGLE_CODE),
        (f"http://localhost/?code={PERSONAL}&state={STATE}", PERSONAL),
        (f"http://localhost/?code=ab+cd%252Fef%3D%3D&state={STATE}", "ab+cd%2Fef=="),
        (f"http://localhost/?code=abc%23def%26g&state={STATE}", "abc#def&g"),
        (f"http://localhost/?code={'c' * 6000}&state={STATE}", "c" * 6000),
        (f"http://localhost/?code={MICROSOFT_CODE}", MICROSOFT_CODE),
        (f"http://localhost/?code=12345678&state={STATE}", "12345678"),
        (f"{URL}&session_state=other&scope=a&scope=b&state={STATE}", MICROSOFT_CODE),
    ],
)
def test_takes_what_a_person_would_copy(pasted: str, code: str) -> None:
    """A code, an address and a query string are accepted, also wrapped, quoted or encoded."""
    answer = read(pasted)

    assert (code, STATE) == (answer.code, answer.state)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("origin", ["https://mail.example", "http://mail.example:8443"])
def test_a_redirect_uri_on_a_page_of_ones_own(origin: str, slash: str) -> None:
    """Host and path are compared, so a page on the web may be the redirect URI too."""
    query = f"?code={MICROSOFT_CODE}&state={STATE}"

    assert MICROSOFT_CODE == read(f"{origin}/cgi-bin/auth{slash}{query}", PAGE_OF_OURS).code
    for foreign in (f"{origin}/cgi-bin{query}", f"{origin}/CGI-BIN/auth{query}", URL):
        assert "paste_of_foreign_address" == refused(foreign, PAGE_OF_OURS).verdict.id


@pytest.mark.parametrize(
    ("pasted", "verdict"),
    [
        ("", "paste_empty"),
        (" \r\n\t \"' ", "paste_empty"),
        ("x" * (MAX_LENGTH + 1), "paste_too_long"),
        ("hello", "paste_too_short"),
        ("yes", "paste_too_short"),
        ("somebody.private@example.com", "paste_of_email_address"),
        ("<o'neil+private@sub.example.com>", "paste_of_email_address"),
        ("I can't find the private code that you want", "paste_of_unknown_text"),
        ("Größe-Straße", "paste_of_unknown_text"),
        ("需要管理员批准", "paste_of_unknown_text"),
        ("abc%00defghi", "paste_of_unknown_text"),
        ("abc%20defghi", "paste_of_unknown_text"),
        ("50", "paste_too_short"),
        ("123456", "paste_of_number"),
        ("123456789", "paste_of_number"),
        ("http://localhost/?code=123456", "paste_of_number"),
        ("http://localhost:49152/", "paste_without_code"),
        ("localhost", "paste_without_code"),
        (f"?state={STATE}", "paste_without_code"),
        (f"state={STATE}&session_state=1", "paste_without_code"),
        (f"http://localhost/?code=&state={STATE}", "paste_without_code"),
        ("client_id=1&response_type=code", "paste_of_sign_in_page"),
        (f"http://localhost/?code=one-code&code=two-code&state={STATE}", "paste_contradictory"),
        (f"code=one-code&state={STATE}&state=another", "paste_contradictory"),
        (f"http://localhost/?error=a&error=b&state={STATE}", "paste_contradictory"),
    ],
)
def test_says_what_was_pasted_in_place_of_the_answer(pasted: str, verdict: str) -> None:
    """The message names the mistake and what to paste; it doesn't repeat the pasted text."""
    error = refused(pasted)

    assert verdict == error.verdict.id
    assert "private" not in told(error)


FOREIGN = [
    ("https://example.org/invite?code=SUMMER2026", "paste_of_foreign_address"),
    (f"https://example.org/?code=stolen-code&state={STATE}", "paste_of_foreign_address"),
    (f"https://localhost.example.org/?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    (f"http://localhost@example.org/?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    (f"http://localhost:80@example.org/?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    (f"http://127.0.0.2/?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    (f"http://localhost/callback?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    (f"http://[::1?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    (f"com.example.app:/done?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    (f"example.org/?code=c0de123&state={STATE}", "paste_of_foreign_address"),
    ("example.org", "paste_of_foreign_address"),
    ("https://imapsync.example/help?topic=oauth", "paste_of_foreign_address"),
    ("https://example.org/?code=a&code=b", "paste_of_foreign_address"),
    ("https://login.microsoftonline.com/common/wrongplace", "paste_of_wrongplace"),
    ("login.microsoftonline.com/common/wrongplace/", "paste_of_wrongplace"),
    ("https://login.microsoftonline.com/common/reprocess?ctx=rQQIA", "paste_of_sign_in_page"),
    (
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x&"
        "response_type=code",
        "paste_of_sign_in_page",
    ),
    (f"https://login.example/?response_type=code&state={STATE}", "paste_of_sign_in_page"),
    ("https://login.microsoftonline.com/error", "paste_of_error_page"),
    ("https://login.live.com/err.srf?lc=1033", "paste_of_error_page"),
    ("https://login.example/x?error=flux_capacitor", "paste_of_error_page"),
    ("https://accounts.google.com/signin/oauth/error?authError=ChVh&client_id=1", None),
    ("https://accounts.google.com/signin/oauth/error/v2?authError=%21&client_id=1", None),
    ("about:blank", "paste_of_browser_page"),
    ("about:neterror?e=connectionFailure&u=http%3A//localhost/", "paste_of_browser_page"),
    ("chrome-error://chromewebdata/", "paste_of_browser_page"),
    ("edge://newtab/", "paste_of_browser_page"),
    ("file:///C:/Users/you/Downloads/page.html", "paste_of_browser_page"),
    ("view-source:http://example.org/", "paste_of_browser_page"),
]


@pytest.mark.parametrize(("pasted", "verdict"), FOREIGN)
def test_a_foreign_address_is_never_taken_for_the_answer(pasted: str, verdict: str | None) -> None:
    """Its code is somebody else's; the user is told what the address is."""
    assert (verdict or "paste_of_error_page") == refused(pasted).verdict.id


def test_pages_of_google_in_a_sign_in_at_google() -> None:
    """The host of the authorization URL is where the sign-in goes on."""
    page = "https://accounts.google.com/v3/signin/challenge/dp?state=x&continue=y"

    assert "paste_of_sign_in_page" == refused(page, AT_GOOGLE).verdict.id


TROUBLE = "Sorry, but we're having trouble signing you in."


@pytest.mark.parametrize(
    ("pasted", "verdict", "detail"),
    [
        ("AADSTS50011", "ms_redirect_not_registered", "AADSTS50011"),
        ("aadsts50011:", "ms_redirect_not_registered", "AADSTS50011"),
        ("50105", "ms_user_not_assigned", "AADSTS50105"),
        ("7000112", "ms_shipped_application_gone", "AADSTS7000112"),
        ("AADSTS999999: Something new.", "oauth_unknown_error", "AADSTS999999"),
        (
            "AADSTS700016: Application with identifier '9e5f94bc' was not found in 'Contoso'.",
            "ms_application_unknown",
            "AADSTS700016",
        ),
        (
            f"{TROUBLE}\n\nAADSTS50105: Your administrator has configured the application",
            "ms_user_not_assigned",
            "AADSTS50105",
        ),
        (
            "AADSTS50011: The redirect URI 'http://localhost:1/?code=x' does not match",
            "ms_redirect_not_registered",
            "AADSTS50011",
        ),
        (
            "You cannot access this right now\nError Code: 53003\nRequest Id: 1\nApp name: T",
            "ms_conditional_access",
            "AADSTS53003",
        ),
        ("https://login.microsoftonline.com/error?code=50105", "ms_user_not_assigned", None),
        ("login.microsoftonline.com/error?code=53003", "ms_conditional_access", None),
        (
            "https://login.live.com/err.srf?lc=1033#error=invalid_request&error_description=The+"
            "provided+value+for+the+input+parameter+'redirect_uri'+is+not+valid.&state=" + STATE,
            "redirect_not_registered",
            "invalid_request",
        ),
        ("consent_required", "oauth_consent_required", ""),
        ("access_denied", "oauth_access_denied", ""),
        ('{"error":"temporarily_unavailable"}', "oauth_server_trouble", "temporarily_unavailable"),
        ("error: warp_core_breach", "oauth_unknown_error", "warp_core_breach"),
        # Where an organisation signs in to Microsoft with Google.
        (
            "Error 400: admin_policy_enforced",
            "google_administrator_policy",
            "admin_policy_enforced",
        ),
    ],
)
def test_an_error_page_is_explained(pasted: str, verdict: str, detail: str | None) -> None:
    """The text or the address of an error page is looked up like an error in the redirect."""
    error = refused(pasted)

    assert verdict == error.verdict.id
    if detail is not None:
        assert detail == error.detail
    assert ADDRESS == error.parameters["address"]
    assert "still waits" in " ".join(error.notes)


@pytest.mark.parametrize(
    ("pasted", "verdict"),
    [
        ("Error 400: admin_policy_enforced", "google_administrator_policy"),
        ("admin_policy_enforced", "google_administrator_policy"),
        ("Error 403: org_internal", "google_internal_application"),
        ("Error 400: policy_enforced", "google_advanced_protection"),
        ("Error 401: deleted_client", "google_shipped_application_gone"),
        ("Error 401: invalid_client The OAuth client was not found.", None),
        ("Access blocked: Authorization Error", "google_application_blocked"),
        ("This app is blocked", "google_application_blocked"),
        ("400. That's an error.\nError: redirect_uri_mismatch", "google_redirect_not_registered"),
        ("AADSTS50105: Your administrator has configured it", "ms_user_not_assigned"),
        ("50105", "ms_user_not_assigned"),
    ],
)
def test_an_error_page_of_google_is_explained(pasted: str, verdict: str | None) -> None:
    """By its heading, or by the error's name at the end of the page."""
    assert (verdict or "google_shipped_application_gone") == refused(pasted, AT_GOOGLE).verdict.id


@pytest.mark.parametrize(
    ("text", "ours", "other"),
    [
        ("Error 400: admin_policy_enforced", AT_GOOGLE, AT_MICROSOFT),
        ("AADSTS700016: Application was not found", AT_MICROSOFT, AT_GOOGLE),
    ],
)
def test_the_page_of_another_provider_speaks_of_another_application(
    text: str, ours: PendingSignIn, other: PendingSignIn
) -> None:
    """Where an organisation signs in to one with the other, the client id is not ours."""
    assert ours.registration.client_id in told(refused(text, ours))
    assert other.registration.client_id not in told(refused(text, other))
    assert other.registration.application_label not in told(refused(text, other))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("AADSTS50105: x AADSTS50105", (50105,)),
        ("AADSTS70000: x. AADSTS70008", (70000, 70008)),
        ("https://login.microsoftonline.com/error?code=50105&x=1", (50105,)),
        ("Error Code: 53003", (53003,)),
        ("error 50105", (50105,)),
        ("Error 400: admin_policy_enforced", ()),
        ("Correlation ID: 66666666-7777-8888-9999-000000000000", ()),
        ("at 2026-01-31 10:00:00Z", ()),
    ],
)
def test_numbers_in_a_text(text: str, numbers: tuple[int, ...]) -> None:
    """Microsoft's numbers are told from other digits."""
    assert numbers == numbers_in(text)


def auth_error(name: str, words: str) -> str:
    """Google's parameter: a protobuf message, here with a third field as they have."""
    text = words.encode()
    size = [len(text)] if len(text) < 128 else [len(text) & 0x7F | 0x80, len(text) >> 7]
    message = b"\n%c%b\x12%b%b\x1a\x05https" % (len(name), name.encode(), bytes(size), text)
    return base64.urlsafe_b64encode(message).decode()


@pytest.mark.parametrize("pending", [AT_GOOGLE, AT_MICROSOFT])
@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        # Three that were found in public; the middle one is cut off inside its words.
        (
            "Cg9pbnZhbGlkX3JlcXVlc3QSKE1pc3NpbmcgcmVxdWlyZWQgcGFyYW1ldGVyOiByZWRpcmVjdF91cmkaN2h0dHB"
            "zOi8vZGV2ZWxvcGVycy5nb29nbGUuY29tL2lkZW50aXR5L3Byb3RvY29scy9vYXV0aDIgkAM%3D",
            "oauth_request_malformed",
        ),
        (
            "Cg1hY2Nlc3NfZGVuaWVkEtEBVGhlIGRldmVsb3BlciBoYXNu4oCZdCBnaXZlbiB5b3UgYWNjZXNzIHRvIHRoaXM"
            "gYXBwLiBJdOKAmXMgY3VycmVudGx5IGJlaW5nIHRlc3RlZCBhbmQgaXQgaGFzbuKAmXQgYmVlbiB2ZXJpZmllZA",
            "google_not_a_test_user",
        ),
        (
            "Cg9pbnZhbGlkX3JlcXVlc3QS3gEKWW91IGNhbid0IHNpZ24gaW4gdG8gdGhpcyBhcHAgYmVjYXVzZSBpdCBkb2V"
            "zbid0IGNvbXBseSB3aXRoIEdvb2dsZSdzIE9BdXRoIDIuMCBwb2xpY3kgZm9yIGtlZXBpbmcgYXBwcyBzZWN1cmU",
            "google_application_blocked",
        ),
        (
            auth_error("admin_policy_enforced", "Access is restricted"),
            "google_administrator_policy",
        ),
        (auth_error("org_internal", "x" * 300), "google_internal_application"),
        (auth_error("invalid_client", "The OAuth client was not found."), None),
        (auth_error("flux_capacitor", "Nobody knows this."), "paste_of_error_page"),
    ],
)
def test_the_address_of_an_error_page_of_google_is_explained(
    pending: PendingSignIn, value: str, verdict: str | None
) -> None:
    """Its parameter authError holds the error's name and words."""
    for path in ("error", "error/v2"):
        url = f"https://accounts.google.com/signin/oauth/{path}?authError={value}&client_id=1"
        shipped = verdict or "google_shipped_application_gone"
        assert shipped == refused(url, pending).verdict.id


def test_a_page_that_is_recorded_is_explained_as_recorded() -> None:
    """The texts of the pages are those that the table was made from."""
    for pending, pages in ((AT_MICROSOFT, MICROSOFT_PAGES), (AT_GOOGLE, GOOGLE_PAGES)):
        for verdict, symptom in pages:
            if not symptom.error:
                assert verdict == refused(symptom.words, pending).verdict.id


@pytest.mark.parametrize("code", sorted({c for _, s in MICROSOFT for c in s.codes if c > 9999}))
def test_a_number_of_the_table_is_explained(code: int) -> None:
    """With and without the word AADSTS, and in the address of Microsoft's look-up page."""
    description = f"AADSTS{code}: Something happened. Trace ID: 1"
    expected = match(page("", description, code, flow="microsoft", shipped=True, has_secret=False))

    lookup = f"https://login.microsoftonline.com/error?code={code}"
    for text in (description, f"{TROUBLE} {description}", f"AADSTS{code}", lookup):
        assert expected is refused(text).verdict
    if expected.id.startswith("ms_"):
        assert expected is refused(str(code)).verdict


@pytest.mark.parametrize(
    ("pending", "accepts"), [(AT_MICROSOFT, False), (AT_GOOGLE, False), (ELSEWHERE, True)]
)
def test_a_number_may_be_a_code_elsewhere(pending: PendingSignIn, accepts: bool) -> None:
    """Yandex's codes are numbers; those of Microsoft and Google never are."""
    if accepts:
        assert "4760187" == read("4760187", pending).code
    else:
        assert "paste_of_number" == refused("4760187", pending).verdict.id


@pytest.mark.parametrize(
    "pasted",
    [
        f"http://localhost/?code={MICROSOFT_CODE}&state=of-another",
        f"code={MICROSOFT_CODE}&state=of-another",
        f"code={MICROSOFT_CODE}&state={STATE}x",
        f"code={MICROSOFT_CODE}&state={STATE[:-1]}",
        f"code={MICROSOFT_CODE}&state=%FF\udcff",
        "http://localhost/?error=access_denied&state=of-another",
    ],
)
def test_refuses_the_answer_of_another_sign_in(pasted: str) -> None:
    """A wrong state is refused; neither state nor code is in the error."""
    error = refused(pasted)

    assert "answer_of_another_sign_in" == error.verdict.id
    assert not any(secret in told(error) for secret in (MICROSOFT_CODE, "of-another"))


@pytest.mark.parametrize(
    "origin", ["http://localhost", "https://127.0.0.1:8080", "localhost:1", ""]
)
@pytest.mark.parametrize("state", ["", f"&state={STATE}"])
def test_a_pasted_refusal_ends_the_sign_in(origin: str, state: str) -> None:
    """An error in the redirect has its verdict and the page's words, with or without a state."""
    query = "error=access_denied&error_description=AADSTS65004%3a+User+declined."

    with pytest.raises(SignInNeeded) as raised:
        read(f"{origin}/?{query}{state}" if origin else query + state)

    assert "ms_consent_declined" == raised.value.verdict.id
    assert "access_denied: AADSTS65004: User declined." == raised.value.detail


def test_half_a_character_is_made_harmless() -> None:
    """Bytes that are not UTF-8 cause no error; a terminal passes them on as lone surrogates."""
    with pytest.raises(Misconfigured):
        read("error=x&code=\udcf0\udc9f")


def test_a_long_text_costs_no_time() -> None:
    """A text that is nearly a mail address is compared with its form in linear time."""
    started = time.process_time()
    with contextlib.suppress(AppError):
        read("you@" + "." * (MAX_LENGTH - 5) + "@")
    assert time.process_time() - started < 1


def test_a_repr_shows_no_secret() -> None:
    """The repr holds no secret, since it may be logged by mistake."""
    assert "AuthorizationResponse()" == repr(read(URL))
    assert STATE not in repr(AT_MICROSOFT)


@settings(database=None)
@given(
    name=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1).filter(
        lambda name: name not in ("code", "state", "error")
    ),
    values=st.lists(st.text(), min_size=2),
)
def test_a_harmless_parameter_may_come_twice(name: str, values: list[str]) -> None:
    """The answer stays valid, with the same code."""
    query = urlencode([(name, value) for value in values], errors="replace")
    url = f"http://localhost:1/?{query}&code={MICROSOFT_CODE}&state={STATE}"

    assert MICROSOFT_CODE == read(url).code


@settings(database=None)
@given(
    st.text()
    | st.text(alphabet="?#&=%+:/@.<>'\" \r\nabc\ud800\u2028")
    | st.lists(
        st.sampled_from(
            [URL, STATE, MICROSOFT_CODE, "code=", "&", "?", "#", "error=", "\n", "AADSTS", "50105"]
        )
    ).map("".join),
    st.sampled_from([AT_MICROSOFT, AT_GOOGLE, ELSEWHERE]),
)
def test_anything_is_taken_or_explained(pasted: str, pending: PendingSignIn) -> None:
    """Any text gives a response of this sign-in, or an error without our secrets."""
    with contextlib.suppress(AppError):
        assert STATE == read(pasted, pending).state
        return
    with pytest.raises(AppError) as raised:
        read(pasted, pending)
    assert STATE not in told(raised.value)


@settings(database=None)
@given(
    host=st.from_regex(r"([a-z0-9]{1,9}\.){1,3}(com|org|example)", fullmatch=True),
    path=st.text(st.characters(codec="ascii", categories=["L", "N"])),
    code=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1),
    state=st.sampled_from(["", f"&state={STATE}"]),
    scheme=st.sampled_from(["https://", "http://", ""]),
)
def test_no_code_of_another_host_is_taken(
    host: str, path: str, code: str, state: str, scheme: str
) -> None:
    """Whatever the address, and even with the right state."""
    refused(f"{scheme}{host}/{path}?code={quote(code, safe='')}{state}")


@settings(database=None)
@given(
    code=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1),
    encode=st.sampled_from([quote, quote_plus, lambda text: quote(text, safe="")]),
)
def test_every_code_survives_an_address(code: str, encode: Callable[[str], str]) -> None:
    """Each code without spaces that the RFC allows is read correctly from an address."""
    url = f"http://localhost:1/?state={STATE}&code={encode(code)}"

    assert code == read(url).code
