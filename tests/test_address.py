"""Tests of core/address.py: which addresses are accepted, and in which form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.address import domain_of, parse_address, same_address
from core.errors import UsageProblem

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
WINDOWS_FORBIDS = set('<>:"/\\|?*') | {chr(code) for code in range(32)}
DOMAIN_63 = "b" * 63


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("foo@example.com", "foo@example.com"),
        ("Foo.Bar@Example.COM", "Foo.Bar@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("foo+imapsync@example.com", "foo+imapsync@example.com"),
        ("a_b-c%d&e=f@example.com", "a_b-c%d&e=f@example.com"),
        ("1@1.example", "1@1.example"),
        ("foo@müller.example", "foo@xn--mller-kva.example"),
        ("foo@MÜLLER.example", "foo@xn--mller-kva.example"),
        ("foo@mu\u0308ller.example", "foo@xn--mller-kva.example"),
        ("foo@例え。テスト", "foo@xn--r8jz45g.xn--zckzah"),
        ("foo@straße.example", "foo@xn--strae-oqa.example"),
        ("foo@xn--mller-kva.example", "foo@xn--mller-kva.example"),
        ("foo@\uff45xample.com", "foo@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
        (f"foo@{DOMAIN_63}.example", f"foo@{DOMAIN_63}.example"),
    ],
)
def test_takes_addresses(text: str, address: str) -> None:
    """The local part stays as it is; the domain becomes lower case and A-labels."""
    assert address == parse_address(text)
    assert address == parse_address(address)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not an e-mail address"),
        ("@", "is not an e-mail address"),
        ("foo", "is not an e-mail address"),
        ("foo@", "is not an e-mail address"),
        ("@example.com", "is not an e-mail address"),
        ("jürgen@example.com", "letters before the @"),
        ("a@b@example.com", "character or a dot"),
        ("foo bar@example.com", "character or a dot"),
        (" foo@example.com", "character or a dot"),
        ('"foo"@example.com', "character or a dot"),
        ("foo/bar@example.com", "character or a dot"),
        ("foo\\bar@example.com", "character or a dot"),
        ("..@example.com", "character or a dot"),
        ("foo..bar@example.com", "character or a dot"),
        (".foo@example.com", "character or a dot"),
        ("foo.@example.com", "character or a dot"),
        ("foo:ads@example.com", "character or a dot"),
        ("foo\x00@example.com", "character or a dot"),
        ("foo\x1b[31m@example.com", "character or a dot"),
        ("foo\n@example.com", "character or a dot"),
        ("foo*@example.com", "character or a dot"),
        ("foo?@example.com", "character or a dot"),
        ("foo|bar@example.com", "character or a dot"),
        ("<foo@example.com>", "character or a dot"),
        ("foo@localhost", "no valid domain"),
        ("foo@example.com\n", "no valid domain"),
        ("foo@example.com ", "no valid domain"),
        ("foo@example.com.", "no valid domain"),
        ("foo@.example.com", "no valid domain"),
        ("foo@example..com", "no valid domain"),
        ("foo@../../etc", "no valid domain"),
        ("foo@example.com/..", "no valid domain"),
        ("foo@-example.com", "no valid domain"),
        ("foo@exa_mple.com", "no valid domain"),
        ("foo@[127.0.0.1]", "no valid domain"),
        (f"foo@b{DOMAIN_63}.example", "no valid domain"),
        ("foo@exa mple.müller", "domain"),
        ("foo@mü/ller.example", "domain"),
        ("foo@\u202emüller.example", "domain that doesn't exist"),
        ("foo@\ud800.example", "domain that doesn't exist"),
        ("foo@" + "ü" * 300 + ".example", "no valid domain"),
        ("a" * 65 + "@example.com", "longer"),
        (f"foo@{DOMAIN_63}.{DOMAIN_63}.{DOMAIN_63}.{DOMAIN_63}", "longer"),
    ],
)
def test_refuses_what_is_none(text: str, message: str) -> None:
    """Other texts are refused with exit code 2.

    The message says why and doesn't repeat the text.
    """
    with pytest.raises(UsageProblem, match=message) as raised:
        parse_address(text)

    assert raised.value.hint
    assert "foo" not in f"{raised.value.message} {raised.value.hint}"


@settings(database=None)
@given(st.text() | st.emails() | st.from_regex(r"[a-z.'+/\\:]{1,9}@[a-zü.\-_]{1,9}\.[a-zé]{2,5}"))
def test_whatever_is_taken_is_a_file_name_on_every_system(text: str) -> None:
    """An accepted address is a short ASCII file name that Windows allows too.

    Parsing it again changes nothing.
    """
    try:
        address = parse_address(text)
    except UsageProblem:
        return
    assert address.isascii()
    assert not WINDOWS_FORBIDS & set(address)
    assert ".." not in address
    assert len(address) <= 254
    assert address == parse_address(address)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("text", ["a" * 10**6 + "@example.com", "a@" + "ü." * 10**5, "@" * 10**6])
def test_a_pasted_novel_is_refused_at_once(text: str) -> None:
    """A very long text is refused quickly."""
    with pytest.raises(UsageProblem):
        parse_address(text)


def test_the_domain_of_an_address() -> None:
    """The domain is what follows the last @."""
    assert "example.com" == domain_of("o'neil@example.com")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("foo@example.com", "foo@example.com", True),
        ("Foo@example.com", "fOO@EXAMPLE.com", True),
        ("foo@example.com", "foo@example.org", False),
        ("foo@example.com", "oo@example.com", False),
        ("foo@example.com", "", False),
    ],
)
def test_case_makes_no_other_mailbox(one: str, other: str, same: bool) -> None:
    """Addresses that differ only in case name the same mailbox."""
    assert same == same_address(one, other)
