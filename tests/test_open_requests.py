"""Tests of what is kept of an open request: any text comes back, any content is read or refused.

That a sign-in is finished by what came back is in test_ask_owner.py, with each library.
"""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.oauth.sign_in.begun_sign_in import BegunSignIn
from core.open_requests.letter import letter
from core.open_requests.open_request import (
    OpenRequest,
    SecretPart,
    request_from_json,
    request_to_json,
    secret_from_json,
    secret_to_json,
)

TEXT = st.text(max_size=40)
TIME = st.floats(min_value=0, max_value=4e9)
REQUESTS = st.builds(OpenRequest, *[TEXT] * 6, TIME, TIME, TEXT)
# What the libraries keep: texts and lists of texts.
KEPT = st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=3), max_size=5)
SECRETS = st.builds(
    SecretPart,
    st.builds(BegunSignIn, TEXT, TEXT, KEPT),
    TEXT,
    TEXT,
    st.tuples(TEXT, TEXT),
    st.dictionaries(TEXT, TEXT | st.booleans() | st.none() | st.dictionaries(TEXT, TEXT)),
)


@given(REQUESTS, SECRETS)
def test_everything_comes_back(request: OpenRequest, secret: SecretPart) -> None:
    """Whatever the texts are."""
    content = request_to_json(request, secret_to_json(secret))
    read, text = request_from_json(content)
    assert (request, secret) == (read, secret_from_json(text))


@given(st.binary(max_size=200))
def test_no_content_raises_another_error(content: bytes) -> None:
    """A file of another program is one that can't be read."""
    with contextlib.suppress(ValueError):
        request_from_json(content)
    with contextlib.suppress(ValueError):
        secret_from_json(content.decode(errors="replace"))


@pytest.mark.parametrize(
    ("name", "value"), [("ends_at", "soon"), ("token_file", None), ("address", ["a"]), ("x", "y")]
)
def test_a_wrong_field_is_refused(name: str, value: object) -> None:
    """The request can't be used, so it is left out as a whole."""
    request = OpenRequest("a", "b", "c", "d", "e", "f", 1.0, 2.0)
    fields = {**json.loads(request_to_json(request, "")), name: value}
    with pytest.raises(ValueError, match="not the file of a request"):
        request_from_json(json.dumps(fields).encode())


@given(REQUESTS)
def test_the_letter_takes_any_text(request: OpenRequest) -> None:
    """A name with a brace in it is no placeholder."""
    assert "https://link.example/?state=x" in letter(request, "https://link.example/?state=x")
