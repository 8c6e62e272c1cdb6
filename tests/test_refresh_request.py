"""Tests of the refresh request: what is sent, and what each answer means."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest
import trustme

from core.errors import AppError, ExitCode, Misconfigured, Refused, SignInNeeded, TryAgain
from core.model import FlowKind
from core.net.compression import LARGEST_ANSWER
from core.net.network import Network
from core.net.response import HttpResponse
from core.oauth.refresh_request import post_refresh_request
from core.oauth.token_response import TokenRequest, read_tokens
from core.oauth.tokens import Tokens
from core.tokenfile.format import TokenFile
from core.verdicts.verdict import Action, Actor
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.responses import Fault
from servers import ADDRESS, AT_ONCE, QUICK, MakeStage, Stage, issued_by

NOW = 1_000_000.0
ACCESS, REFRESH, NEXT = "the-access-token", "the-refresh/token+1", "the-next-refresh-token"
GOOD = {"access_token": ACCESS, "token_type": "Bearer", "expires_in": 3600, "refresh_token": NEXT}
FILE = TokenFile("the-old-access-token", REFRESH)
DAY = 86400.0


def answered(stage: Stage, fault: Fault, *, age: float | None = None, **changes: Any) -> Tokens:
    """The result of a refresh with this response."""
    stage.server.faults.append(fault)
    return post_refresh_request(
        replace(stage.registration, **changes),
        replace(FILE, signed_in_at=None if age is None else NOW - age),
        network=stage.network(),
        now=NOW,
        address=ADDRESS,
    )


def failed(stage: Stage, fault: Fault, **changes: Any) -> AppError:
    """The error of a refresh with this response."""
    with pytest.raises(AppError) as caught:
        answered(stage, fault, **changes)
    assert 1 == stage.server.token_requests
    return caught.value


def body(**content: Any) -> bytes:
    """A good response with some fields changed."""
    return json.dumps(GOOD | content).encode()


def error(name: str, description: str = "", **more: Any) -> bytes:
    """An error response."""
    content = {"error": name} | ({"error_description": description} if description else {})
    return json.dumps(content | more).encode()


def fresh(tokens: Tokens) -> tuple[str, str, float | None]:
    """Both tokens and the expiry."""
    return tokens.access, tokens.refresh, tokens.expires_at


def all_words(failure: AppError) -> str:
    """Everything that is shown of an error."""
    texts = (failure.message, failure.detail, failure.explanation, failure.hint, repr(failure))
    return "\n".join((*texts, repr(failure.parameters)))


def test_the_form(stage: Stage) -> None:
    """The request is the form of RFC 6749, without an empty secret."""
    answered(stage, Fault(200, body()))
    assert {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
        "client_id": "demo",
        "scope": "mail openid",
    } == stage.server.last_token_form


def test_the_form_of_others(stage: Stage) -> None:
    """The secret is sent if there is one, and the scope only if the catalog says so."""
    answered(stage, Fault(200, body()), client_secret="a secret+&", refresh_repeats_scope=False)
    assert {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
        "client_id": "demo",
        "client_secret": "a secret+&",
    } == stage.server.last_token_form


def test_a_real_answer(stage: Stage) -> None:
    """A real authorization server's response gives both tokens and the expiry."""
    stage.sign_in()
    tokens = post_refresh_request(
        stage.registration, stage.file(), network=stage.network(), now=NOW, address=ADDRESS
    )
    access, refresh, expires_at = fresh(tokens)
    assert stage.server.account == stage.server.account_of(access)
    assert refresh not in ("", stage.file().refresh)
    assert NOW + 3600 == expires_at
    assert ("mail", "openid") == tokens.scopes


LIVES: list[tuple[object, float | None]] = [
    (3600, 3600),
    ("3600", 3600),
    (" 3600 ", 3600),
    (3599.5, 3599.5),
    ("3599.0", 3599),
    (31536000, 31536000),
    (None, None),
    (0, None),
    (-5, None),
    ("never", None),
    ("", None),
    (True, None),
    ([], None),
    ({}, None),
    (float("nan"), None),
    (float("inf"), None),
    (10**12, None),
    (10**400, None),
    ("9" * 5000, None),
    ("NaN", None),
]


@pytest.mark.parametrize(("life", "expected"), LIVES, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("name", ["expires_in", "refresh_token_expires_in"])
def test_lives(stage: Stage, name: str, life: object, expected: float | None) -> None:
    """A plausible lifetime is used; any other value is ignored and the tokens are saved."""
    tokens = answered(stage, Fault(200, body(**{name: life})))
    moment = None if expected is None else NOW + expected
    known = {"expires_in": NOW + 3600, "refresh_token_expires_in": None} | {name: moment}
    assert (ACCESS, NEXT, known["expires_in"]) == fresh(tokens)
    assert known["refresh_token_expires_in"] == tokens.refresh_expires_at


def test_a_life_with_more_digits_than_python_reads(stage: Stage) -> None:
    """One absurd number doesn't lose the tokens beside it."""
    content = body()[:-1] + b', "expires_in": ' + b"9" * 5000 + b"}"
    assert (ACCESS, NEXT, None) == fresh(answered(stage, Fault(200, content)))


def test_expires_in_missing(stage: Stage) -> None:
    """Without a lifetime the expiry is unknown."""
    content = {key: value for key, value in GOOD.items() if key != "expires_in"}
    assert (ACCESS, NEXT, None) == fresh(answered(stage, Fault(200, json.dumps(content).encode())))


@pytest.mark.parametrize("refresh", [None, "", 0, 17, ["x"], {"x": 1}, "two words", "x" * 40_000])
def test_no_usable_refresh_token(stage: Stage, refresh: object) -> None:
    """A provider that doesn't rotate sends none; one that can't be used costs no access token."""
    tokens = answered(stage, Fault(200, body(refresh_token=refresh)))
    assert (ACCESS, "", NOW + 3600) == fresh(tokens)


@pytest.mark.parametrize("error", ["", None, False, 0, {}, [], "none"])
def test_an_error_beside_tokens(stage: Stage, error: object) -> None:
    """Tokens are taken, whatever else the answer says."""
    tokens = answered(stage, Fault(200, body(error=error)))
    assert (ACCESS, NEXT, NOW + 3600) == fresh(tokens)


@pytest.mark.parametrize(
    "token",
    [
        "two\nlines",
        "a space",
        "tab\there",
        "t\u00f6ken-of-words",
        "\x00" * 9,
        "short",
    ],
    ids=lambda value: repr(value)[:12],
)
def test_access_tokens_that_can_be_none(stage: Stage, token: object) -> None:
    """An access token that the token file can't hold is refused, and told as such."""
    failure = failed(stage, Fault(200, body(access_token=token)))
    assert ("token_unusable", Actor.PROVIDER) == (failure.verdict.id, failure.actor)
    assert isinstance(failure, TryAgain)


def test_the_length_of_an_access_token_that_is_too_long_is_told(stage: Stage) -> None:
    """The user can report it, and the token itself is not shown."""
    failure = failed(stage, Fault(200, body(access_token="x" * 40_000)))
    assert "token_of_answer_too_long" == failure.verdict.id
    assert "too long for a token file: 40000 characters" in failure.message
    assert "xxx" not in f"{failure.message} {failure.detail} {failure.parameters}"


FOREIGN: list[tuple[Fault, str]] = [
    (Fault(200, b"<html><body>Sign in to the Wi-Fi</body></html>", "text/html"), "not_the_p"),
    (Fault(200, body()[:40]), "not_the_p"),
    (Fault(200, b""), "not_the_p"),
    (Fault(200, b"null"), "not_the_p"),
    (Fault(200, b"[]"), "not_the_p"),
    (Fault(200, b'"text"'), "not_the_p"),
    (Fault(200, b"\xff\xfe\x00"), "not_the_p"),
    (Fault(200, b'{"a":' * 20_000), "not_the_p"),
    (Fault(200, b"[" * 60_000), "not_the_p"),
    (Fault(200, b'{"token_type": "Bearer"}'), "not_the_p"),
    (Fault(200, b'{"access_token": 17}'), "not_the_p"),
    (Fault(200, b"<a href='?a=b&error=invalid_grant&access_token=x'>", "text/html"), "not_the_p"),
    (Fault(204, b""), "not_the_p"),
    (Fault(302, b"", headers={"Location": "https://localhost:1/"}), "not_the_p"),
    (Fault(307, b"", headers={"Location": "https://localhost:1/"}), "not_the_p"),
    (Fault(400, b"<html>Bad Request", "text/html"), "not_the_p"),
    (Fault(400, b"{}"), "not_the_p"),
    (Fault(400, b'{"error": null}'), "not_the_p"),
    (Fault(400, body()), "not_the_p"),
    (Fault(401, b"", headers={"WWW-Authenticate": "Basic"}), "filter_refused"),
    (Fault(403, b"<html>Blocked by policy", "text/html"), "filter_refused"),
    (Fault(403, b"<html>This account has been suspended", "text/html"), "filter_refused"),
    (Fault(403, b"<html>Access blocked", "text/html"), "filter_refused"),
    (Fault(404, b"not here", "text/plain"), "filter_refused"),
    (Fault(404, b"{}"), "filter_refused"),
    (Fault(407, b"<html>", "text/html"), "filter_refused"),
    (Fault(451, b"<html>", "text/html"), "filter_refused"),
    (Fault(511, b"<html>", "text/html"), "filter_refused"),
]
BUSY: list[tuple[Fault, str]] = [
    (Fault(408, b""), "server_trouble"),
    (Fault(425, b""), "server_trouble"),
    (Fault(500, b"", "text/html"), "server_trouble"),
    (Fault(500, body()), "server_trouble"),
    (Fault(502, b"<html>Bad Gateway", "text/html"), "server_trouble"),
    (Fault(503, error("invalid_grant", "Token has been expired or revoked.")), "server_trouble"),
    (Fault(400, error("temporarily_unavailable")), "server_trouble"),
    (Fault(400, error("server_error")), "server_trouble"),
    (Fault(400, error("internal_failure")), "server_trouble"),
    (Fault(400, error("INTERNAL_ERROR")), "server_trouble"),
    (Fault(500, b'{"error": {"code": 500, "status": "INTERNAL"}}'), "server_trouble"),
    (Fault(429, b""), "too_many"),
    (Fault(429, error("invalid_grant")), "too_many"),
    (Fault(400, error("slow_down")), "too_many"),
    (Fault(403, error("rate_limit_exceeded", "Rate Limit Exceeded")), "too_many"),
    (Fault(403, b"<html><style>p{}</style>User Rate Limit Exceeded", "text/html"), "too_many"),
    (Fault(403, b'{"message": "Too Many Requests"}'), "too_many"),
    (
        Fault(400, error("Access Denied", "You have made too many requests continuously.")),
        "too_many",
    ),
    (
        Fault(
            403,
            b'{"error": {"code": 403, "message": "Limit", "status": "RESOURCE_EXHAUSTED"}}',
        ),
        "too_many",
    ),
    (
        Fault(
            403,
            b'{"error": {"code": 403, "message": "Wait", "status": "PERMISSION_DENIED",'
            b' "errors": [{"reason": "userRateLimitExceeded"}]}}',
        ),
        "too_many",
    ),
]


@pytest.mark.parametrize("flow", [FlowKind.GOOGLE, FlowKind.MICROSOFT, FlowKind.PLAIN])
@pytest.mark.parametrize(
    ("fault", "verdict"),
    FOREIGN + BUSY,
    ids=[f"{fault.status} {fault.body[:24]!r}" for fault, _ in FOREIGN + BUSY],
)
def test_what_says_nothing_about_the_grant(
    stage: Stage, fault: Fault, verdict: str, flow: FlowKind
) -> None:
    """Answers of somebody else and of overloaded servers are temporary problems."""
    failure = failed(stage, fault, flow=flow)
    assert isinstance(failure, TryAgain)
    assert verdict in failure.verdict.id
    assert failure.hint
    assert REFRESH not in all_words(failure)


def test_a_dropped_connection(stage: Stage) -> None:
    """A fault of the network is told as one."""
    assert "connection_broken" == failed(stage, Fault(drop=True)).verdict.id


def test_an_answer_that_is_far_too_long(stage: Stage) -> None:
    """It is told as too long, not as something else."""
    fault = Fault(200, b" " * (LARGEST_ANSWER + 1))
    assert "answer_too_large" == failed(stage, fault).verdict.id


def test_a_long_answer_is_read(stage: Stage) -> None:
    """What else is in it doesn't count."""
    assert ACCESS == answered(stage, Fault(200, body(other="x" * 300_000))).access


def test_a_minute_of_silence(stage: Stage) -> None:
    """A silent server is given up after the time limit."""
    stage.server.faults.append(Fault(delay=60))
    began = time.monotonic()
    with pytest.raises(TryAgain) as caught:
        post_refresh_request(
            stage.registration, FILE, network=stage.network(QUICK), now=NOW, address=ADDRESS
        )
    assert "no_answer_in_time" == caught.value.verdict.id
    assert time.monotonic() - began < AT_ONCE


def test_a_wrong_certificate(stage: Stage) -> None:
    """A server with a wrong certificate gets no request."""
    certificate = issued_by(trustme.CA(), "localhost")
    with FaultyAuthorizationServer(certificate=certificate) as server:
        registration = replace(stage.registration, token_uri=server.token_uri)
        with pytest.raises(TryAgain) as caught:
            post_refresh_request(
                registration, FILE, network=stage.network(), now=NOW, address=ADDRESS
            )
        assert "tls_unknown_issuer" == caught.value.verdict.id
        assert 0 == server.token_requests


def test_a_useless_ca_file(stage: Stage) -> None:
    """A CA file that can't be read is not a temporary problem."""
    network = Network(ca_file=stage.folder / "nowhere.pem")
    with pytest.raises(AppError, match=r"nowhere\.pem"):
        post_refresh_request(stage.registration, FILE, network=network, now=NOW, address=ADDRESS)


@pytest.mark.parametrize("status", [200, 400, 401])
@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (error("invalid_grant"), "oauth_grant_ended"),
        (error("INVALID_GRANT"), "oauth_grant_ended"),
        (b'{"error": ["invalid_grant"]}', "oauth_grant_ended"),
        (b'{"error": {"code": "invalid_grant", "message": "gone"}}', "oauth_grant_ended"),
        (b"error=invalid_grant&error_description=gone", "oauth_grant_ended"),
        (b"\xef\xbb\xbf" + error("invalid_grant"), "oauth_grant_ended"),
        (error("invalid_grant").decode().encode("utf-16"), "oauth_grant_ended"),
        (error("consent_required"), "oauth_consent_required"),
        (error("interaction_required"), "oauth_sign_in_required"),
        (error("login_required"), "oauth_sign_in_required"),
        (error("INVALID_REFRESH_TOKEN", "Failed to decode"), "refresh_token_refused"),
        (error("expired_token", "The refresh token is expired"), "refresh_token_refused"),
        (error("invalid_token"), "refresh_token_refused"),
        (error("token not found", error_code=6), "refresh_token_refused"),
    ],
)
def test_a_dead_grant(stage: Stage, status: int, content: bytes, verdict: str) -> None:
    """A new sign-in is needed, under whatever name and in whatever form a server says so."""
    failure = failed(stage, Fault(status, content))
    assert (SignInNeeded, verdict) == (type(failure), failure.verdict.id)
    assert Action.SIGN_IN_AGAIN is failure.action


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("unauthorized_client", "oauth_client_not_allowed"),
        ("unsupported_grant_type", "oauth_client_not_allowed"),
        ("invalid_scope", "oauth_scope_refused"),
        ("invalid_request", "oauth_request_malformed"),
        ("odd", "oauth_unknown_error"),
        (17, "oauth_unknown_error"),
        (True, "oauth_unknown_error"),
        ({"code": 400, "message": "Google's style"}, "oauth_unknown_error"),
    ],
)
def test_misconfigured(stage: Stage, word: object, verdict: str) -> None:
    """Any other error would occur again after a sign-in."""
    failure = failed(stage, Fault(400, json.dumps({"error": word}).encode()))
    assert (Misconfigured, verdict) == (type(failure), failure.verdict.id)
    assert ExitCode.FAILED == failure.exit_code


def microsoft(code: int, error_name: str = "invalid_grant", **more: Any) -> Fault:
    """An error in the shape that Microsoft gives it."""
    ids = f"Trace ID: {'1' * 8}-{'2' * 27} Correlation ID: {'a' * 36} Timestamp: 2026-01-31"
    description = f"AADSTS{code}: Something happened. {ids}"
    return Fault(400, error(error_name, description, error_codes=[code], **more))


@pytest.mark.parametrize(
    ("fault", "verdict", "kind"),
    [
        (microsoft(50057), "ms_account_disabled", Refused),
        (microsoft(53003, suberror="message_only"), "ms_conditional_access", Refused),
        (microsoft(530003, "interaction_required"), "ms_device_policy", Refused),
        (microsoft(50055, suberror="user_password_expired"), "ms_password_expired", SignInNeeded),
        (microsoft(50196), "ms_request_loop", TryAgain),
        (microsoft(700084), "ms_spa_token_ended", Misconfigured),
        (microsoft(90002, "invalid_request"), "ms_tenant_unknown", Misconfigured),
        (microsoft(70000), "ms_refresh_token_refused", SignInNeeded),
        (microsoft(7000222, "invalid_client"), "ms_secret_expired", Misconfigured),
        (microsoft(500999), "ms_unknown_reason", SignInNeeded),
        (
            Fault(400, error("x", error_uri="https://a.example/?code=50057")),
            "ms_account_di",
            Refused,
        ),
        (Fault(400, error("x", "see AADSTS50057")), "ms_account_disabled", Refused),
        (
            Fault(400, error("invalid_grant", error_codes=[70002, 70008])),
            "ms_grant_unused",
            SignInNeeded,
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_microsofts_codes(stage: Stage, fault: Fault, verdict: str, kind: type[AppError]) -> None:
    """The code decides, wherever it stands."""
    failure = failed(stage, fault, flow=FlowKind.MICROSOFT)
    assert kind is type(failure)
    assert failure.verdict.id.startswith(verdict)


def test_the_ids_in_microsofts_words(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Code and correlation ID are whole, in the message and in the log at its usual level."""
    caplog.set_level(logging.INFO)
    ids = f"Trace ID: {'1' * 8}-{'2' * 27} Correlation ID: {'a' * 36} Timestamp: 2026-01-31"
    description = f"AADSTS700016: {'Application was not found. ' * 40} {ids}"
    fault = Fault(400, error("unauthorized_client", description, error_codes=[700016]))
    failure = failed(stage, fault, flow=FlowKind.MICROSOFT)
    for text in (failure.detail, caplog.text):
        assert "unauthorized_client: AADSTS700016:" in text
        assert f"Correlation ID: {'a' * 36}" in text


REVOKED = error("invalid_grant", "Token has been expired or revoked.")


@pytest.mark.parametrize(
    ("content", "shipped", "age", "verdict"),
    [
        (REVOKED, True, 7.1, "google_grant_ended"),
        (REVOKED, False, 7.1, "google_testing_week_ended"),
        (REVOKED, False, 3.0, "google_grant_ended_own_registration"),
        (REVOKED, False, None, "google_grant_ended_own_registration"),
        (
            error("invalid_grant", "reauth related error", error_subtype="invalid_rapt"),
            True,
            1.0,
            "google_session_length",
        ),
        (error("invalid_grant", "Account has been deleted"), True, None, "google_account_deleted"),
        (error("invalid_grant", "Account&nbsp;disabled"), True, None, "google_account_disabled"),
        (error("deleted_client"), True, None, "google_shipped_application_gone"),
        (error("deleted_client"), False, None, "google_application_deleted"),
        (error("admin_policy_enforced"), True, None, "google_administrator_policy"),
        (
            error("invalid_request", "client_secret is missing."),
            False,
            None,
            "google_secret_missing",
        ),
    ],
)
@pytest.mark.parametrize("flow", [FlowKind.GOOGLE, FlowKind.PLAIN])
def test_googles_words(
    stage: Stage, content: bytes, shipped: bool, age: float | None, verdict: str, flow: FlowKind
) -> None:
    """Registration and age decide where the words are the same; also at endpoints by hand."""
    registration = replace(
        stage.registration,
        flow=flow,
        shipped=shipped,
        token_uri="https://oauth2.googleapis.com/token",
    )
    days = None if age is None else age * DAY
    request = TokenRequest(registration, "refresh_token", age=days)
    with pytest.raises(AppError) as caught:
        read_tokens(HttpResponse(400, {}, content), request, now=NOW)
    assert verdict == caught.value.verdict.id


@pytest.mark.parametrize(
    ("secret", "verdict", "actor"),
    [
        ("", "oauth_secret_missing", Actor.YOU),
        ("wrong", "oauth_client_refused", Actor.REGISTRATION_OWNER),
    ],
)
def test_invalid_client(make_stage: MakeStage, secret: str, verdict: str, actor: Actor) -> None:
    """A missing secret and a wrong secret give different errors."""
    stage = make_stage(server={"client_secret": "right"})
    registration = replace(stage.registration, client_secret=secret)
    with pytest.raises(Misconfigured) as caught:
        post_refresh_request(registration, FILE, network=stage.network(), now=NOW, address=ADDRESS)
    assert (verdict, actor) == (caught.value.verdict.id, caught.value.actor)


def test_who_and_where_is_named(stage: Stage) -> None:
    """The texts name provider, application and address; a nameless application by its client id."""
    failure = failed(stage, Fault(400, error("invalid_client")), application_label="")
    expected = {
        "provider": "Demo Mail",
        "application": "demo",
        "client_id": "demo",
        "tenant": "demo",
        "address": "you@demo.example",
        "host": "localhost",
    }
    assert expected.items() <= failure.parameters.items()


def test_a_shipped_application_is_named_by_its_label(stage: Stage) -> None:
    """That is the name that the sign-in page shows."""
    failure = failed(stage, Fault(400, error("invalid_client")), shipped=True)
    assert "Demo" == failure.parameters["application"]


SERVER_TIME = 1_700_000_000.0  # its clock, not ours


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        ("7", 7),
        ("0", 0),
        ("-3", 0),
        ("nan", 0),
        ("9" * 500, 0),
        ("soon", 0),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        (formatdate(SERVER_TIME + 120, usegmt=True), 120),
        (formatdate(SERVER_TIME + 120, localtime=True), 120),
        ("Friday, 31-Dec-99 23:59:59 GMT", 0),
    ],
)
@pytest.mark.parametrize("status", [400, 429, 503])
def test_retry_after(stage: Stage, status: int, retry_after: str, expected: float) -> None:
    """Retry-After is seconds or a date, which is compared with the server's own time."""
    headers = {"Retry-After": retry_after, "Date": formatdate(SERVER_TIME, usegmt=True)}
    failure = failed(stage, Fault(status, error("slow_down"), headers=headers))
    assert isinstance(failure, TryAgain)
    assert expected == failure.retry_after


def test_retry_after_without_the_servers_time(stage: Stage) -> None:
    """Then this computer's time counts."""
    headers = {"Retry-After": formatdate(time.time() + 120, usegmt=True), "Date": "nonsense"}
    failure = failed(stage, Fault(503, headers=headers))
    assert failure.retry_after == pytest.approx(120, abs=10)


ECHOES: list[Callable[[str], str]] = [
    lambda secret: json.dumps({"error": "invalid_grant", "error_description": f"not {secret}!"}),
    lambda secret: json.dumps({"error": "odd", "error_description": f"refresh_token={secret}"}),
    lambda secret: json.dumps({"error": secret}),
    lambda secret: json.dumps({"error": "odd", "error_description": {"token": secret}}),
    lambda secret: json.dumps({"error": "odd", "error_description": "x" * 790 + secret}),
    lambda secret: json.dumps({"error": {"message": secret}}),
    lambda secret: json.dumps({"message": secret}),
    lambda secret: f"<html>{secret}",
]


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize(
    ("secret", "sent"),
    [(REFRESH, REFRESH), ("the-refresh%2Ftoken%2B1", REFRESH), ("s3cret&client", "s3cret&client")],
)
def test_echoed_secrets(
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    echo: Callable[[str], str],
    secret: str,
    sent: str,
) -> None:
    """A secret that the server repeats is neither in messages nor in the log."""
    caplog.set_level(logging.DEBUG)
    fault = Fault(400, echo(secret).encode(), f"text/html; {secret}")
    failure = failed(stage, fault, client_secret="s3cret&client")
    for text in (all_words(failure), caplog.text):
        assert secret not in text
        assert sent not in text


def test_control_characters_of_others(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A server can't send control characters to the terminal or forge lines of the log."""
    caplog.set_level(logging.DEBUG)
    content = {"error": "odd\n2026 root: forged", "error_description": "\x1b[31mred\u202e"}
    failure = failed(stage, Fault(400, json.dumps(content).encode()))
    assert "odd 2026 root: forged: [31mred" == failure.detail
    assert not any("\n" in record.getMessage() for record in caplog.records)


def test_tokens_are_not_shown(stage: Stage) -> None:
    """The repr of the tokens holds none of them."""
    tokens = answered(stage, Fault(200, body(id_token="a.b.c")))
    assert ACCESS not in repr(tokens)
    assert NEXT not in repr(tokens)
