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
    ("text", "verdict"),
    [
        ("", "not_an_address"),
        ("@", "not_an_address"),
        ("foo", "not_an_address"),
        ("foo@", "not_an_address"),
        ("@example.com", "not_an_address"),
        ("jürgen@example.com", "address_not_ascii"),
        ("a@b@example.com", "address_with_wrong_character"),
        ("foo bar@example.com", "address_with_wrong_character"),
        (" foo@example.com", "address_with_wrong_character"),
        ('"foo"@example.com', "address_with_wrong_character"),
        ("foo/bar@example.com", "address_with_wrong_character"),
        ("foo\\bar@example.com", "address_with_wrong_character"),
        ("..@example.com", "address_with_wrong_character"),
        ("foo..bar@example.com", "address_with_wrong_character"),
        (".foo@example.com", "address_with_wrong_character"),
        ("foo.@example.com", "address_with_wrong_character"),
        ("foo:ads@example.com", "address_with_wrong_character"),
        ("foo\x00@example.com", "address_with_wrong_character"),
        ("foo\x1b[31m@example.com", "address_with_wrong_character"),
        ("foo\n@example.com", "address_with_wrong_character"),
        ("foo*@example.com", "address_with_wrong_character"),
        ("foo?@example.com", "address_with_wrong_character"),
        ("foo|bar@example.com", "address_with_wrong_character"),
        ("<foo@example.com>", "address_with_wrong_character"),
        ("foo@localhost", "address_without_domain"),
        ("foo@example.com\n", "address_without_domain"),
        ("foo@example.com ", "address_without_domain"),
        ("foo@example.com.", "address_without_domain"),
        ("foo@.example.com", "address_without_domain"),
        ("foo@example..com", "address_without_domain"),
        ("foo@../../etc", "address_without_domain"),
        ("foo@example.com/..", "address_without_domain"),
        ("foo@-example.com", "address_without_domain"),
        ("foo@exa_mple.com", "address_without_domain"),
        ("foo@[127.0.0.1]", "address_without_domain"),
        (f"foo@b{DOMAIN_63}.example", "address_without_domain"),
        ("foo@exa mple.müller", "address_without_domain"),
        ("foo@mü/ller.example", "address_without_domain"),
        ("foo@\u202emüller.example", "address_without_domain"),
        ("foo@\ud800.example", "address_without_domain"),
        ("foo@" + "ü" * 300 + ".example", "address_without_domain"),
        ("a" * 65 + "@example.com", "address_too_long"),
        (f"foo@{DOMAIN_63}.{DOMAIN_63}.{DOMAIN_63}.{DOMAIN_63}", "address_too_long"),
    ],
)
def test_refuses_what_is_none(text: str, verdict: str) -> None:
    """Other texts are refused with exit code 2.

    The error says why and doesn't repeat the text.
    """
    with pytest.raises(UsageProblem) as raised:
        parse_address(text)

    assert verdict == raised.value.verdict.id
    assert {} == raised.value.parameters


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
