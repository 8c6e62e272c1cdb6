"""Tests of core/address.py: which addresses are accepted, and in which form."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.address import _USUAL, did_you_mean, domain_of, parse_address, same_address
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
        ("a@b@example.com", "address_with_several_at"),
        ("anna@@example.com", "address_with_several_at"),
        ("foo bar@example.com", "address_with_space"),
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
        ("foo@localhost", "address_without_domain"),
        ("foo@example.com.", "address_without_domain"),
        ("foo@.example.com", "address_without_domain"),
        ("foo@example..com", "address_without_domain"),
        ("foo@../../etc", "address_without_domain"),
        ("foo@example.com/..", "address_without_domain"),
        ("foo@-example.com", "address_without_domain"),
        ("foo@exa_mple.com", "address_without_domain"),
        ("foo@[127.0.0.1]", "address_without_domain"),
        (f"foo@b{DOMAIN_63}.example", "address_without_domain"),
        ("foo@exa mple.müller", "address_with_space"),
        ("foo @example.com", "address_with_space"),
        ("foo  bar@exa mple.com", "address_with_space"),
        ("foo\tbar@example.com", "address_with_wrong_character"),
        ("foo bar@localhost", "address_with_wrong_character"),
        ("foo@mü/ller.example", "address_without_domain"),
        ("foo@\u202emüller.example", "address_without_domain"),
        ("foo@\ud800.example", "address_without_domain"),
        ("foo@" + "ü" * 300 + ".example", "address_without_domain"),
        ('"foo bar"@example.com', "address_with_wrong_character"),
        ("foo@example.com\x00", "address_without_domain"),
        ("\x1bfoo@example.com", "address_with_wrong_character"),
        ("foo@exam\nple.com", "address_without_domain"),
        ("foo\u200b@example.com", "address_not_ascii"),
        ("foo\xa0bar@example.com", "address_not_ascii"),
        ("o\u2019neil@example.com", "address_not_ascii"),
        ("x\x07 <foo@example.com>", "address_with_wrong_character"),
        ("foo@example.com:993", "address_without_domain"),
        ("example.com\\foo@example.com", "address_with_wrong_character"),
        ("foo@example.com, bar@example.com", "several_addresses"),
        ("foo@example.com;bar@example.com", "several_addresses"),
        ("foo@example.com\r\nbar@example.com\r\n", "several_addresses"),
        ("Foo <foo@example.com>, Bar <bar@example.com>", "several_addresses"),
        ("foo@example.com <bar@example.com>", "several_addresses"),
        ('"foo@example.com via Docs" <bar@example.com>', "several_addresses"),
        ("a" * 65 + "@example.com", "address_too_long"),
        (f"foo@{DOMAIN_63}.{DOMAIN_63}.{DOMAIN_63}.{DOMAIN_63}", "address_too_long"),
    ],
)
def test_refuses_what_is_none(text: str, verdict: str) -> None:
    """Other texts are refused with exit code 2. The error says why, on one printable line."""
    with pytest.raises(UsageProblem) as raised:
        parse_address(text)

    assert verdict == raised.value.verdict.id
    assert raised.value.message.isprintable()
    assert len(raised.value.message) < 500


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("foo\x1b[31m@example.com", "The address foo\\x1b[31m@example.com has a"),
        ("foo@exam\r\nple.com", "The address foo@exam\\r\\nple.com has no"),
        ("f\xa0o@example.com", "The address f\\xa0o@example.com has special"),
        ("f\u202eo@example.com", "The address f\\u202eo@example.com has special"),
        ("f\ud800o@example.com", "The address f\\ud800o@example.com has special"),
        (" <foo@localhost> ", "The address foo@localhost has no"),
        ("foo@", "foo@ is not"),
        ("foo bar@example.com", "The address foo bar@example.com has a space in it"),
        ("a" * 400 + "@example.com", "The address " + "a" * 300 + "… is longer"),
        ("kSm8Q~secret", "This is not an e-mail address"),
    ],
)
def test_the_error_shows_what_was_read(text: str, shown: str) -> None:
    """What can't be seen is shown as an escape. A word without @ may be a secret in its place."""
    with pytest.raises(UsageProblem) as raised:
        parse_address(text)
    assert raised.value.message.startswith(shown)


@pytest.mark.parametrize("blank", [*" \t\r\n\v\f\xa0\u200b\u200e\u2060\u3000\ufeff", "\r\n"])
def test_blanks_around_an_address_do_not_count(blank: str) -> None:
    """Tables, web pages and lists with CR LF leave them, and most of them can't be seen."""
    for text in (f"{blank}foo@example.com", f"foo@example.com{blank}", f"{blank} foo@example.com"):
        assert "foo@example.com" == parse_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "mailto:foo@example.com",
        "MAILTO:foo@example.com",
        "mailto:foo@example.com?subject=a%20b&cc=bar@example.org",
        "mailto:foo%40example.com",
        "<foo@example.com>",
        "<mailto:foo@example.com>",
        "Foo Bar <foo@example.com>",
        "Bar, Foo <foo@example.com>",
        '"Bar, Foo" <foo@example.com>',
        "Föö\xa0Bär <foo@example.com>;",
        "foo@example.com <foo@example.com>",
        "foo@example.com<mailto:foo@example.com>",
        "'foo@example.com' <foo@example.com>",
        '"foo@example.com"',
        "'foo@example.com'",
        "\u201cfoo@example.com\u201d",
        "\u201efoo@example.com\u201c",
        "«\xa0foo@example.com\xa0»",
        "`foo@example.com`",
        "(foo@example.com)",
        "[foo@example.com]",
        "foo@example.com,",
        "foo@example.com;",
        "foo@example.com ;\r\n",
        ", foo@example.com",
        '"<foo@example.com>",',
        "foo\uff20example.com",
        "\u202afoo@example.com\u202c",
    ],
)
def test_what_surrounds_an_address_is_removed(text: str) -> None:
    """It is taken as mail programs, browsers and tables give it to the clipboard."""
    assert "foo@example.com" == parse_address(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("foo@gmail", "foo@gmail.com"),
        ("foo@gmail,com", "foo@gmail.com"),
        ("foo@gmailcom", "foo@gmail.com"),
        ("foo@gmail..com", "foo@gmail.com"),
        ("foo@gmail.com.", "foo@gmail.com"),
        ("foo@gmail.com:993", "foo@gmail.com"),
        ("foo@ outlok.com", "foo@outlook.com"),
        ("foo @gmail.com", "foo@gmail.com"),
        ("foo(at)gmail.com", "foo@gmail.com"),
        ("foo [AT] gmail.com", "foo@gmail.com"),
        ("o\u2019neil@gmail.com", "o'neil@gmail.com"),
        ("foo\u200b@gmail.com", "foo@gmail.com"),
        ("foo@example", ""),
        ("jürgen@example.com", ""),
        ("foo", ""),
        ("foo bar@gmail.com", ""),
    ],
)
def test_the_error_asks_what_was_meant(text: str, meant: str) -> None:
    """The question stands beside the error. Nothing is changed by it."""
    with pytest.raises(UsageProblem) as raised:
        parse_address(text)
    assert ((f"Did you mean {meant}?",) if meant else ()) == raised.value.notes


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        *((name, "gmail.com") for name in ("gmial.com", "gmai.com", "gmaill.com", "gnail.com")),
        *((name, "gmail.com") for name in ("gamil.com", "gmal.com", "gmail.con", "gmail.co")),
        *((name, "gmail.com") for name in ("gmail.cm", "gmail.fr", "gmail.comm")),
        *((name, "hotmail.com") for name in ("hotmial.com", "hotmal.com", "hotmail.con")),
        *((name, "outlook.com") for name in ("outlok.com", "outloook.com", "oulook.com")),
        *((name, "yahoo.com") for name in ("yaho.com", "yahho.com", "yahoo.cmo")),
        ("iclod.com", "icloud.com"),
        ("gmx.dee", "gmx.de"),
        ("mail.com", ""),
        ("ymail.com", ""),
        ("gmx.at", ""),
        ("example.com", ""),
        ("love.com", ""),
        ("gmail.com", ""),
    ],
)
def test_mistyped_domains_of_big_providers(domain: str, meant: str) -> None:
    """Swapped, missing, doubled and wrong letters are found; domains that exist are not."""
    question = f"Did you mean foo@{meant}?" if meant else ""
    assert question == did_you_mean(f"foo@{domain}")
    assert f"foo@{domain}" == parse_address(f"foo@{domain}")


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
    assert address == parse_address(f' "Foo" <mailto:{quote(address)}>;\r\n')


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 10**6 + "@example.com",
        "a@" + "ü." * 10**5,
        "@" * 10**6,
        " " * 10**6 + "a",
        "(" * 10**6,
        "a@b <" * 10**5 + ">" * 10**5,
        "a@b, " * 199,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_pasted_novel_is_refused_at_once(text: str) -> None:
    """A very long text is refused quickly, and not repeated."""
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


@given(
    st.from_regex(r"[A-Za-z0-9_+.-]{1,66}@[a-z0-9.-]{1,66}", fullmatch=True)
    | st.from_regex(_USUAL, fullmatch=True)
)
def test_the_short_way_is_right(text: str) -> None:
    """An address of the usual form is taken as it is; in angle brackets it goes the long way."""
    try:
        address = parse_address(f"<{text}>")
    except UsageProblem:
        assert not _USUAL.fullmatch(text) or len(text) > 254
    else:
        assert address == parse_address(text) == text
