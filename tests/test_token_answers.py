"""One reader of token answers: what a refresh takes, each sign-in takes too, and the same of it."""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import AppError
from core.model import FlowKind
from core.oauth.permissions import permission_error
from core.oauth.refresh_request import post_refresh_request
from core.oauth.sign_in.authorization_response import AuthorizationResponse
from core.oauth.sign_in.clients import new_client
from core.oauth.tokens import Tokens
from core.tokenfile.format import TokenFile
from faulty_servers.responses import Fault
from servers import ADDRESS, Stage

NOW = 1_000_000.0
ACCESS, REFRESH = "the-access-token.0123", "the-refresh/token+1"
GOOD = {
    "access_token": ACCESS,
    "token_type": "Bearer",
    "expires_in": 3600,
    "refresh_token": REFRESH,
}
Read = Callable[[Stage, Fault], Tokens]


def by_refresh(stage: Stage, fault: Fault) -> Tokens:
    """The tokens that a refresh reads in this response."""
    stage.server.faults.append(fault)
    old = TokenFile("the-old-access-token", "the-old-refresh-token")
    return post_refresh_request(
        stage.registration, old, network=stage.network(), now=NOW, address=ADDRESS
    )


def by_sign_in(kind: FlowKind) -> Read:
    """A function that reads the same by a sign-in with this library."""

    def read(stage: Stage, fault: Fault) -> Tokens:
        registration = replace(stage.registration, flow=kind)
        client = new_client(registration, stage.network(), clock=lambda: NOW)
        _, state = client.begin("http://localhost:1/", "you@demo.example")
        stage.server.faults.append(fault)
        return client.finish(AuthorizationResponse("the-code-of-the-page", state))

    return read


SIGN_INS = {str(kind): by_sign_in(kind) for kind in FlowKind}


def plain(content: Mapping[str, Any]) -> bytes:
    """JSON, as the RFC wants it."""
    return json.dumps(content).encode()


def form(content: Mapping[str, Any]) -> bytes:
    """A form; its values are texts."""
    return urlencode({name: value for name, value in content.items() if value}).encode()


def raw_deflate(content: bytes) -> bytes:
    """Deflate without zlib's header."""
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(content) + compressor.flush()


ENCODINGS: dict[str, Callable[[Mapping[str, Any]], bytes]] = {
    "utf-8": plain,
    "indented": lambda content: b"\r\n " + json.dumps(content, indent=4).encode(),
    "byte order mark": lambda content: b"\xef\xbb\xbf" + plain(content),
    "utf-16": lambda content: json.dumps(content).encode("utf-16"),
    "utf-16 without mark": lambda content: json.dumps(content).encode("utf-16-be"),
    "utf-32": lambda content: json.dumps(content).encode("utf-32"),
    "latin-1": lambda content: json.dumps(content, ensure_ascii=False).encode("latin-1"),
    "junk behind": lambda content: plain(content) + b"\n<!-- served by proxy -->",
    "zeros behind": lambda content: plain(content) + b"\0" * 9,
    "form": form,
}
COMPRESSIONS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "none": ("", bytes),
    "gzip": ("gzip", gzip.compress),
    "gzip, not told": ("", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate, not told": ("", zlib.compress),
    "deflate, raw": ("deflate", raw_deflate),
    "gzip, told only": ("gzip", bytes),
}
TYPES = (
    "application/json",
    "application/json;charset=UTF8",
    'application/json; charset="nonsense"',
    "text/html",
    "text/plain; charset=iso-8859-1",
    "application/x-www-form-urlencoded",
)
# What servers sent in these places; the tokens beside them are good.
ODD: dict[str, tuple[Any, ...]] = {
    "token_type": ("BEARER", "bearer", None, ""),
    "expires_in": (None, "", "3599.0", 3599.5, "3600", 0, -1, True, "never", 31536000, [], {}),
    "refresh_token": (None, "", 0, False, "1//0-another.refresh_token"),
    "refresh_token_expires_in": (604799, "604799", None, "", "never"),
    "scope": (None, "", "mail", "mail openid", "mail,openid", ["mail", "openid"], {}, 7, "Jürgen"),
    "id_token": (None, "", "not-a-jwt", "a.b.c", "a.W10.c", "..", 7, ["x"], {"x": 1}),
    "error": (None, "", False, {}, []),
    "error_description": (None, ""),
    "nonce": ("another",),
    "expires_at": ("soon", None),
    "access_token_": ("x",),
}
MISSING = object()


def responses() -> st.SearchStrategy[Fault]:
    """A response with good tokens, in one of the forms that servers send."""
    contents = st.fixed_dictionaries(
        {}, optional={name: st.sampled_from([*values, MISSING]) for name, values in ODD.items()}
    )
    return st.builds(
        response,
        contents,
        st.sampled_from(sorted(ENCODINGS)),
        st.sampled_from(sorted(COMPRESSIONS)),
        st.sampled_from(TYPES),
        st.sampled_from([200, 200, 201, 202, 203, 299]),
    )


def response(
    changes: Mapping[str, Any], encoding: str, compression: str, content_type: str, status: int
) -> Fault:
    """One such response."""
    content = {k: v for k, v in (GOOD | dict(changes)).items() if v is not MISSING}
    header, compress = COMPRESSIONS[compression]
    headers = {"Content-Encoding": header} if header else {}
    return Fault(status, compress(ENCODINGS[encoding](content)), content_type, headers)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fault=responses())
def test_whatever_a_refresh_takes_each_sign_in_takes(stage: Stage, fault: Fault) -> None:
    """The tokens are taken, and every library's sign-in reads the same in the same answer."""
    expected = by_refresh(stage, fault)
    assert ACCESS == expected.access
    for name, read in SIGN_INS.items():
        assert expected == read(stage, fault), name


BYTES = st.binary(max_size=60) | st.sampled_from(
    [plain(GOOD)[:n] for n in (1, 20, 60)] + [b"<html>", b"{}", b"[]", b'{"error": "odd"}']
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BYTES, status=st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 429, 500]))
def test_what_a_refresh_refuses_each_sign_in_refuses(
    stage: Stage, body: bytes, status: int
) -> None:
    """And for the same reason, whatever the bytes are."""
    fault = Fault(status, body, "text/html")
    with pytest.raises(AppError) as expected:
        by_refresh(stage, fault)
    for name, read in SIGN_INS.items():
        with pytest.raises(AppError) as caught:
            read(stage, fault)
        assert expected.value.verdict == caught.value.verdict, name


@pytest.mark.parametrize("read", [by_refresh, *SIGN_INS.values()], ids=["refresh", *SIGN_INS])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_forms(stage: Stage, read: Read, encoding: str, compression: str) -> None:
    """Each form of an answer gives both tokens and their lives."""
    content = {"scope": "mail", "refresh_token_expires_in": 604800}
    tokens = read(stage, response(content, encoding, compression, "text/plain", 200))
    assert (ACCESS, REFRESH, NOW + 3600) == (tokens.access, tokens.refresh, tokens.expires_at)
    assert (NOW + 604800, ("mail",)) == (tokens.refresh_expires_at, tokens.scopes)


@pytest.mark.parametrize("read", SIGN_INS.values(), ids=SIGN_INS)
@pytest.mark.parametrize("variable", ["OAUTHLIB_STRICT_TOKEN_TYPE", "OAUTHLIB_RELAX_TOKEN_SCOPE"])
def test_variables_of_a_library(
    stage: Stage, read: Read, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable of the environment makes a library refuse an answer."""
    monkeypatch.setenv(variable, "1")
    content = {"token_type": MISSING, "scope": "less"}
    assert ACCESS == read(stage, response(content, "utf-8", "none", "text/plain", 200)).access


MICROSOFT = ("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access")
GOOGLE = ("https://mail.google.com/",)


@pytest.mark.parametrize(
    ("wanted", "granted", "missing", "certain"),
    [
        (("mail",), "", False, False),
        (("mail",), "mail", False, False),
        (("mail",), "MAIL profile", False, False),
        (("mail",), "profile openid email offline_access", True, True),
        (("mail", "openid"), "openid", True, True),
        (("mail",), "the-same-under-another-name", True, False),
        (("mail",), "openid the-same-under-another-name", True, False),
        (MICROSOFT, "User.Read", True, True),
        (MICROSOFT, "https://graph.microsoft.com/Mail.Read openid profile", True, True),
        (MICROSOFT, "https://outlook.office.com/SMTP.Send offline_access", True, True),
        (MICROSOFT, "https://outlook.office365.com/imap.accessasuser.all openid", False, False),
        (MICROSOFT, "IMAP.AccessAsUser.All", False, False),
        (("https://outlook.office.com/.default",), "User.Read", False, False),
        (GOOGLE, "https://mail.google.com/ openid", False, False),
        (GOOGLE, "https://www.googleapis.com/auth/userinfo.email openid", True, True),
        (GOOGLE, "https://www.googleapis.com/auth/gmail.readonly", True, True),
        (("openid", "profile", "email", "offline_access"), "openid", False, False),
    ],
)
def test_the_mail_scope(
    stage: Stage, wanted: tuple[str, ...], granted: str, missing: bool, certain: bool
) -> None:
    """An answer that names its scopes, and none for mail among them, opens no mailbox.

    Where a name is unknown it may be an alias, so that isn't certain.
    """
    registration = replace(stage.registration, scopes=wanted)
    tokens = Tokens("x", "y", NOW, None, scopes=tuple(granted.split()))
    for expected, only_certain in ((missing, False), (certain, True)):
        error = permission_error(tokens, registration, "you@demo.example", certain=only_certain)
        assert expected == (error is not None)
        if error is not None:
            assert "oauth_scope_missing" == error.verdict.id
            assert granted in error.detail
