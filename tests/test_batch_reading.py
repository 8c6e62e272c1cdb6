"""Lists of mailboxes: what is read from them, and how each mistake is named."""

from pathlib import Path

import pytest

from core.batch.entries import Listed, MailboxList, PasswordLogin
from core.batch.reading import list_in, read_list
from core.errors import AppError

FOLDER = Path(__file__).parent
ONE, TWO = "one@example.com", "two@example.com"
PASSWORD = "p4ss;w0rd@example"


def read(text: str, coding: str = "utf-8") -> MailboxList:
    """The list with this text."""
    return list_in(text.encode(coding), FOLDER)


def mistakes(found: MailboxList) -> list[tuple[int, str, str]]:
    """The line, the column and the verdict of each mistake."""
    return [(m.line, m.column, m.error.verdict.id) for m in found.mistakes]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_form_of_a_list(coding: str, delimiter: str, end: str) -> None:
    """As spreadsheets save it: the columns in any order, by their names."""
    lines = [["Provider", "E-Mail", "Login hint"], ["office365", "ÖNE <one@example.com>", TWO]]
    found = read(end.join(delimiter.join(line) for line in lines), coding)
    assert ([], []) == (found.mistakes, found.ignored_columns)
    assert [Listed(2, ONE, "office365", login_hint=TWO)] == found.mailboxes


def test_all_columns_of_a_mailbox() -> None:
    """A token file is relative to the folder of the list."""
    found = read(
        "address,provider,application,grant,login_hint,token_file,side,Department\n"
        f"{ONE},gmail,mine,client_credentials,{TWO},one.txt,2,Sales\n"
    )
    expected = Listed(
        2, ONE, "gmail", "mine", "client_credentials", TWO, FOLDER / "one.txt", side=2
    )
    assert [expected] == found.mailboxes
    assert ["Department"] == found.ignored_columns


def test_a_list_of_addresses_alone() -> None:
    """It needs no first line; comments and empty lines are left out, but counted."""
    found = read(f"# all of them\n{ONE}\n\n{TWO}\n")
    assert [(2, ONE), (4, TWO)] == [(m.line, m.address) for m in found.mailboxes]


def test_the_lists_of_imapsync() -> None:
    """Without a header, each line ends with a separator, and quotes mean nothing."""
    found = read(f'h1;user;"secret;H2;{TWO};;\nh1;{ONE};;h2;{TWO};;--dry --exclude "Junk Mail"\n')
    first, second = found.pairs
    assert PasswordLogin("h1", "user", '"secret') == first.source
    assert Listed(1, TWO, side=2, host="h2") == first.destination
    assert ("--dry", "--exclude", "Junk Mail") == second.options


def test_columns_of_imapsync_with_names_of_ours() -> None:
    """Each side by a password or a token; a mailbox in two pairs is asked for once."""
    found = read(
        "host1;user1;password1;host2;user2;password2;application2\n"
        f"h1;a;1;h2;{TWO};;app\n"
        f"h1;b;2;h2;{TWO};;app\n"
    )
    assert [] == found.mistakes
    assert [(2, TWO, "app")] == [(m.line, m.address, m.application) for m in found.mailboxes]
    assert [2, 3] == [pair.line for pair in found.pairs]


def test_each_mistake_is_named_and_the_rest_goes_on() -> None:
    """5,000 lines with 50 mistakes."""
    lines = [f"user{number}@example.com,," for number in range(5_000)]
    wrong = [f"user{number},," for number in range(50)]
    lines[::100] = wrong
    found = read("address,provider,token_file\n" + "\n".join(lines))
    assert [(2 + 100 * n, "address", "not_an_address") for n in range(50)] == mistakes(found)
    assert 4_950 == len(found.mailboxes)


@pytest.mark.parametrize(
    ("line", "column", "verdict"),
    [
        (b"one@example.com,3,", "side", "line_with_wrong_side"),
        (b",1,", "address", "line_without_value"),
        (b"one@example.com,1", "", "line_of_other_length"),
        (b'one@example.com,"1,', "", "line_badly_quoted"),
        (b"one@example.com,1,\xff.txt", "", "line_badly_encoded"),
        (b"one@example.com,1,used.txt", "token_file", "line_with_used_file"),
    ],
)
def test_a_mistake_in_a_line(line: bytes, column: str, verdict: str) -> None:
    """The lines around it are read."""
    around = (b"address,side,token_file", b"two@example.com,,used.txt", line, b"a@example.com,,")
    found = list_in(b"\n".join(around), FOLDER)
    assert [(3, column, verdict)] == mistakes(found)
    assert [2, 4] == [m.line for m in found.mailboxes]


@pytest.mark.parametrize(
    ("line", "column", "verdict"),
    [
        (f"h1;a;{PASSWORD};h2;{TWO};", "", "line_of_other_length"),
        (f"h1;a;x;h2;;{PASSWORD.replace(';', '')}", "user2", "line_without_value"),
        (f"h1;{PASSWORD.replace(';', ' ')};;h2;{TWO};", "user1", "address_with_wrong_character"),
    ],
)
def test_no_mistake_repeats_a_password(line: str, column: str, verdict: str) -> None:
    """Not even where it stands in the wrong column."""
    found = read(f"host1;user1;password1;host2;user2;password2\n{line}\n")
    assert [(2, column, verdict)] == mistakes(found)
    error = found.mistakes[0].error
    assert "w0rd" not in " ".join([error.message, error.explanation, error.hint, *error.notes])
    assert "w0rd" not in repr(found)


def test_a_password_among_the_options_is_refused() -> None:
    """It would stand on a command line."""
    found = read(f"h1;a;1;h2;{TWO};;--password2=x\n")
    assert [(1, "options", "line_with_secret_option")] == mistakes(found)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "list_empty"),
        ("# nothing\n", "list_empty"),
        ("name,provider\nx,y\n", "list_without_header"),
        ("address,provider,address\n", "list_column_twice"),
    ],
)
def test_a_list_that_can_not_be_used(text: str, verdict: str) -> None:
    """The whole list is refused, with the reason."""
    with pytest.raises(AppError) as caught:
        read(text)
    assert verdict == caught.value.verdict.id


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The message names it."""
    with pytest.raises(AppError, match=r"missing\.csv can't be read"):
        read_list(tmp_path / "missing.csv")
