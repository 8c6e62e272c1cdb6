"""How options may be written: as with the original program, and in new ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cli.arguments import parse_arguments, refuse_old_form
from core.cli.grammar import Given, read_options
from core.cli.option import Option
from core.cli.options import OPTIONS
from core.errors import UsageProblem

# The original's own options, and whether they take a value (Getopt::Long, v1.44)
ORIGINAL_VALUES = (
    "provider",
    "application",
    "client_id",
    "client_secret",
    "authorize_uri",
    "token_uri",
    "redirect_uri",
    "scope_string",
    "imap_server",
    "token_file",
)
ORIGINAL_SWITCHES = ("startover", "local", "localssl", "remotebrowser", "thunderbird", "debug")


PIECES = ("--", "-", "", "=", "\r", *(f"--{option.name}" for option in OPTIONS), "--timeout=--")


def written(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The words, and the options in full."""
    words, options = read_options(arguments)
    return words, [_in_full(option) for option in options]


def _in_full(given: Given) -> str:
    if given.option.metavar is None:
        return f"--{'no_' if given.negated else ''}{given.option.name}"
    return f"--{given.option.name}={given.text}"


@pytest.mark.parametrize("name", ORIGINAL_VALUES)
def test_every_option_with_a_value_of_the_original(name: str) -> None:
    """Each has its own name and takes its value after = or a space."""
    assert ([], [f"--{name}=x"]) == written([f"--{name}", "x"])
    assert ([], [f"--{name}=x"]) == written([f"--{name}=x"])


@pytest.mark.parametrize("name", ORIGINAL_SWITCHES)
def test_every_switch_of_the_original_can_be_negated(name: str) -> None:
    """--noX, --no-X and --no_X negate --X, and the last one counts."""
    assert ([], [f"--{name}"]) == written([f"--{name}"])
    assert getattr(parse_arguments([f"--{name}"]).options, name)
    for negation in (f"--no{name}", f"--no-{name}", f"--no_{name}"):
        assert not getattr(parse_arguments([f"--{name}", negation]).options, name)
        assert getattr(parse_arguments([negation, f"--{name}"]).options, name)


def test_protect_and_its_negation_are_wishes() -> None:
    """Without the option each file stays as it is; of several the last one counts."""
    assert parse_arguments([]).options.protect is None
    assert parse_arguments(["--no_protect", "--protect"]).options.protect is True
    for negation in ("--noprotect", "--no-protect", "--no_protect"):
        assert parse_arguments(["--protect", negation]).options.protect is False


def _prefixes_of_the_original() -> list[tuple[str, str]]:
    names = (*ORIGINAL_VALUES, *ORIGINAL_SWITCHES)
    return [
        (name[:length], name)
        for name in names
        for length in range(1, len(name))
        if [name] == [other for other in names if other.startswith(name[:length])]
    ]


@pytest.mark.parametrize(("prefix", "name"), _prefixes_of_the_original())
def test_prefixes_of_the_original_keep_their_meaning(prefix: str, name: str) -> None:
    """A prefix that was unique in the original program still means the same option."""
    taken = [option.name for option in OPTIONS if option.name == prefix]
    _, options = written([f"--{prefix}=x" if name in ORIGINAL_VALUES else f"--{prefix}"])
    assert options[0].partition("=")[0] == f"--{taken[0] if taken else name}"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--app", "imapsync"], ([], ["--application=imapsync"])),
        (["--token-file", "a b"], ([], ["--token_file=a b"])),
        (["-provider=gmail"], ([], ["--provider=gmail"])),
        (["--Provider", "gmail"], ([], ["--provider=gmail"])),
        (["a@b.example", "--loop", "c@d.example"], (["a@b.example", "c@d.example"], ["--loop"])),
        (["--client_id", "--odd"], ([], ["--client_id=--odd"])),
        (["--scope_string=a=b"], ([], ["--scope_string=a=b"])),
        (["--", "--loop"], (["--loop"], [])),
        (["--imap_p", "143"], ([], ["--imap_port=143"])),
        (["--no-check"], ([], ["--no_check"])),
        (["-"], (["-"], [])),
        (["a@b.example\r"], (["a@b.example"], [])),
        (["a@b.example", "--provider", "gmail\r\n"], (["a@b.example"], ["--provider=gmail"])),
        (["--loop\r", "a@b.example", "\r"], (["a@b.example"], ["--loop"])),
        (["status\r"], (["status"], [])),
        (["a@b.example", ""], (["a@b.example", ""], [])),
        (
            ["run", "a@b.example\r", "--", "x\r", "\r"],
            (["run", "a@b.example", "--", "x\r", "\r"], []),
        ),
    ],
)
def test_forms(arguments: list[str], expected: tuple[list[str], list[str]]) -> None:
    """One dash, capital letters, values like options, and words between options work."""
    assert expected == written(arguments)


@pytest.mark.parametrize(
    ("arguments", "verdict", "words"),
    [
        (["--nonsense"], "unknown_option", "--nonsense"),
        (["--tok", "x"], "ambiguous_option", "--tok can mean several options: "),
        (["--tok", "x"], "ambiguous_option", ": --token_file, --token_uri"),
        (["--token_file"], "option_needs_value", "--token_file"),
        (["--loop=3"], "option_takes_no_value", "--loop"),
        (["--every", "often"], "option_needs_minutes", "for example --every 30"),
        (["--every", "0"], "option_needs_minutes", "--every"),
        (["--every", "1e7"], "option_too_large", "--every"),
        (["--timeout", "inf"], "option_too_large", "--timeout"),
        (["--timeout", "nan"], "option_needs_seconds", "--timeout"),
        (["--min_left=-1"], "option_needs_minutes_or_0", "--min_left"),
        (["--min_left", "nan"], "option_needs_minutes_or_0", "--min_left"),
        (["--imap_port", "x"], "option_needs_whole_number", "--imap_port"),
        (["--while_pid", "1.5"], "option_needs_whole_number", "--while_pid"),
        (["--side", "two"], "side_not_1_or_2", "--side"),
        (["--\n\x1b"], "unreadable_option", "not an option"),
        *((["--tests"[:n]], "option_ran_tests", "--tests"[:n]) for n in (6, 7)),
        (["--testsone"], "option_ran_tests", "--testsone"),
        (["-Tests"], "option_ran_tests", "--tests"),
    ],
)
def test_mistakes_get_a_sentence(arguments: list[str], verdict: str, words: str) -> None:
    """A wrong command line is a usage error that names the problem."""
    with pytest.raises(UsageProblem) as caught:
        parse_arguments(arguments)
    assert verdict == caught.value.verdict.id
    assert words in caught.value.message
    assert "\x1b" not in caught.value.message


@pytest.mark.parametrize("option", [o for o in OPTIONS if o.metavar], ids=lambda o: o.name)
def test_two_dashes_are_no_value(option: Option) -> None:
    """A value was forgotten there, whichever option it is and however it is written."""
    name = f"--{option.name}"
    for arguments in (
        [name, "--", "x@y.example"],
        [f"{name}=--", "x@y.example"],
        [name],
        [name, "--"],
    ):
        with pytest.raises(UsageProblem) as caught:
            parse_arguments(arguments)
        assert ("option_needs_value", f"Write {name} {option.metavar}.") == (
            caught.value.verdict.id,
            caught.value.hint,
        )


@settings(database=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=5))
def test_any_command_line_is_parsed_or_refused(arguments: list[str]) -> None:
    """Nothing but a usage error comes out, and every value is of its option's type."""
    try:
        parsed = parse_arguments(arguments)
    except UsageProblem:
        return
    for option in OPTIONS:
        value = getattr(parsed.options, option.name)
        assert isinstance(value, bool | int | float | str) or value is None


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (
            ["foo@outlook.com", "tokens/t.txt", "localhost"],
            "--token_file tokens/t.txt foo@outlook.com",
        ),
        (["foo@outlook.com", "t.TXT"], "--token_file t.TXT foo@outlook.com"),
        (["foo@outlook.com", "my_tokens/foo"], "--token_file my_tokens/foo foo@outlook.com"),
        (
            ["foo@outlook.com", "tokens/oauth2_tokens_foo@outlook.com.txt", "localhost"],
            "--token_file tokens/oauth2_tokens_foo@outlook.com.txt foo@outlook.com",
        ),
        (["foo@outlook.com", "", "localhost"], "foo@outlook.com"),
        (["foo@outlook.com", "token", "localhost"], "--token_file token foo@outlook.com"),
        (
            ["--provider", "office365", "foo@outlook.com", "t.txt"],
            "--provider office365 --token_file t.txt foo@outlook.com",
        ),
        (["foo@outlook.com", "localhost"], ""),
        (["foo@outlook.com", "me@outlook.com"], ""),
        (["foo@outlook.com", "me@outlook.com", "t.txt"], ""),
        (["foo@outlook.com", "t.txt", "me@outlook.com"], ""),
        (["foo@outlook.com", "kSm8Q~secret"], ""),
        (["foo@outlook.com", "me@outlook.com", "localhost"], ""),
        (["--token_file", "x", "foo@outlook.com", "t.txt"], ""),
    ],
)
def test_the_old_form_is_told(words: list[str], command: str) -> None:
    """`ADDRESS TOKEN_FILE localhost` is refused with the command to write instead."""
    parsed = parse_arguments(words)
    if not command:
        refuse_old_form(parsed.words, parsed.options)
        return
    with pytest.raises(UsageProblem) as caught:
        refuse_old_form(parsed.words, parsed.options)
    assert "old_positional_form" == caught.value.verdict.id
    assert f"oauth2_imap {command}" == caught.value.parameters["command"]
