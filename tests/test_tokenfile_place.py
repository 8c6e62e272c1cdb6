"""Where the token file of an address lies."""

from pathlib import Path

import pytest

from core.address import parse_address
from core.errors import UsageProblem
from core.paths import user_data_folder
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import Candidate, candidates, file_name, names_of, place_of, tokens_folder
from privileges import run_as_nobody, small_disk

FOO = "foo@example.com"
KNOWN = {"office365", "gmail", "thunderbird", "imapsync", "own", "my_mail", ""}


def fill(folder: Path, *names: str) -> None:
    """Token files of the original, with these words between prefix and `.txt`."""
    for name in names:
        (folder / f"oauth2_tokens_{name}.txt").write_text("access-token\nrefresh-token\n")


def place(
    folder: Path,
    *,
    address: str = FOO,
    provider: str = "",
    application: str = "",
    detected: str = "gmail",
) -> str:
    """The words in the name of the address's file."""
    path = place_of(
        address,
        folder,
        provider=provider,
        application=application,
        known_names=lambda: KNOWN,
        unnamed_belongs_to=lambda: detected,
    )
    assert folder == path.parent
    return path.name.removeprefix("oauth2_tokens_").removesuffix(".txt")


@pytest.mark.parametrize("provider", ["", "gmail"])
def test_names_a_new_file(provider: str, tmp_path: Path) -> None:
    """Prefix and address, as public recipes expect it; also if the folder isn't there yet."""
    assert f"oauth2_tokens_{FOO}.txt" == file_name(FOO)
    assert f"oauth2_tokens_gmail_{FOO}.txt" == file_name(FOO, "gmail")
    assert FOO == place(tmp_path / "tokens", provider=provider)


@pytest.mark.parametrize(
    ("there", "provider", "application", "expected"),
    [
        ([], "", "", FOO),
        ([], "gmail", "", FOO),
        ([], "gmail", "imapsync", FOO),
        ([FOO], "", "", FOO),
        ([FOO], "gmail", "", FOO),
        ([FOO, f"gmail_{FOO}"], "", "", FOO),
        ([FOO, f"gmail_{FOO}"], "gmail", "", f"gmail_{FOO}"),
        ([FOO, f"gmail_{FOO}"], "office365", "", f"office365_{FOO}"),
        ([f"gmail_{FOO}"], "", "", f"gmail_{FOO}"),
        ([f"gmail_{FOO}"], "gmail", "", f"gmail_{FOO}"),
        ([f"gmail_{FOO}"], "office365", "", FOO),
        ([f"gmail_{FOO}", f"office365_{FOO}"], "office365", "", f"office365_{FOO}"),
        ([f"thunderbird_office365_{FOO}"], "", "", f"thunderbird_office365_{FOO}"),
        ([f"thunderbird_office365_{FOO}"], "office365", "", f"thunderbird_office365_{FOO}"),
        ([f"thunderbird_office365_{FOO}"], "gmail", "", FOO),
        ([f"thunderbird_office365_{FOO}"], "", "imapsync", FOO),
        (
            [f"thunderbird_gmail_{FOO}", f"imapsync_gmail_{FOO}"],
            "gmail",
            "imapsync",
            f"imapsync_gmail_{FOO}",
        ),
        (
            [f"thunderbird_gmail_{FOO}", f"thunderbird_office365_{FOO}"],
            "office365",
            "",
            f"thunderbird_office365_{FOO}",
        ),
        ([f"my_mail_{FOO}"], "", "", f"my_mail_{FOO}"),
        ([f"own_my_mail_{FOO}"], "my_mail", "", f"own_my_mail_{FOO}"),
        ([f"jane_{FOO}"], "", "", FOO),
        ([f"own{FOO}"], "", "", FOO),
        ([f"gmail{FOO}"], "", "", FOO),
        ([f"_{FOO}"], "", "", FOO),
        ([f"gmail_gmail_gmail_{FOO}"], "", "", FOO),
        ([f"{FOO}.bak"], "", "", FOO),
        (["bar@example.com"], "", "", FOO),
    ],
)
def test_finds_the_file_under_its_names(
    there: list[str], provider: str, application: str, expected: str, tmp_path: Path
) -> None:
    """That of its name; else the only one under another of the names; else a new one."""
    fill(tmp_path, *there)

    assert expected == place(tmp_path, provider=provider, application=application)


@pytest.mark.parametrize(
    ("recorded", "detected", "provider", "expected"),
    [
        ("office365", "gmail", "gmail", f"gmail_{FOO}"),
        ("office365", "gmail", "office365", FOO),
        ("office365", "gmail", "", FOO),
        ("", "gmail", "gmail", FOO),
        ("", "office365", "gmail", f"gmail_{FOO}"),
        ("", "office365", "", FOO),
        ("", "", "gmail", FOO),
    ],
)
def test_one_address_has_both_sides(
    recorded: str, detected: str, provider: str, expected: str, tmp_path: Path
) -> None:
    """The other provider's file isn't taken, so neither sent there nor replaced.

    One that names none is that of the provider which the address has; where nobody can tell, the
    person's word counts.
    """
    file = TokenFile("access-token", "refresh-token", account=FOO, provider=recorded)
    (tmp_path / file_name(FOO)).write_bytes(serialize(file, now=0))

    assert expected == place(tmp_path, provider=provider, detected=detected)


@pytest.mark.parametrize(("recorded", "provider"), [("gmail", "office365"), ("", "")])
def test_nobody_is_asked_in_vain(recorded: str, provider: str, tmp_path: Path) -> None:
    """Finding out whose the unnamed file is may cost a DNS question."""
    file = TokenFile("access-token", "refresh-token", account=FOO, provider=recorded)
    (tmp_path / file_name(FOO)).write_bytes(serialize(file, now=0))

    def detected() -> str:
        raise AssertionError

    place_of(
        FOO,
        tmp_path,
        provider=provider,
        application="",
        known_names=lambda: KNOWN,
        unnamed_belongs_to=detected,
    )


@pytest.mark.parametrize(
    ("words", "provider", "application"),
    [
        (FOO, "", ""),
        (f"gmail_{FOO}", "gmail", ""),
        (f"imapsync_gmail_{FOO.upper()}", "gmail", "imapsync"),
        (f"jane_{FOO}", "", ""),
        ("somebody@else.example", "", ""),
    ],
)
def test_what_a_name_says(words: str, provider: str, application: str, tmp_path: Path) -> None:
    """Provider and application of the original's names; nothing where it is another name."""
    path = tmp_path / f"oauth2_tokens_{words}.txt"

    assert Candidate(path, provider, application) == names_of(path, FOO, KNOWN)


@pytest.mark.parametrize(
    "there",
    [
        [f"gmail_{FOO}", f"office365_{FOO}"],
        [f"gmail_{FOO}", f"thunderbird_gmail_{FOO}"],
        [f"thunderbird_gmail_{FOO}", f"imapsync_gmail_{FOO}"],
    ],
)
def test_two_files_are_a_question(there: list[str], tmp_path: Path) -> None:
    """Exit 2, with their names."""
    fill(tmp_path, *there)

    with pytest.raises(UsageProblem) as raised:
        place(tmp_path)

    assert "several_token_files" == raised.value.verdict.id
    assert all(name in raised.value.explanation for name in there)


def test_case_makes_no_other_file(tmp_path: Path) -> None:
    """The original kept the case that was typed; the mailbox is the same."""
    fill(tmp_path, "thunderbird_office365_Foo@Example.com")

    assert "thunderbird_office365_Foo@Example.com" == place(tmp_path)


@pytest.mark.parametrize("address", ["jane_doe@example.com", "gmail_x@example.com"])
def test_an_underscore_may_be_part_of_the_address(address: str, tmp_path: Path) -> None:
    """The longer address has its own file, and the shorter one's isn't that."""
    fill(tmp_path, address)

    assert address == place(tmp_path, address=address)
    assert [] == candidates("doe@example.com", tmp_path, KNOWN)


def test_what_is_no_token_file_still_bears_the_name(tmp_path: Path) -> None:
    """Whoever reads it says what it is; it is not passed over in silence."""
    path = tmp_path / f"oauth2_tokens_gmail_{FOO}.txt"
    path.write_bytes(b"\xff\xfe")
    other = tmp_path / f"oauth2_tokens_{FOO.upper()}.txt"
    other.mkdir()

    assert {Candidate(path, "gmail", ""), Candidate(other, "", "")} == set(
        candidates(FOO, tmp_path, KNOWN)
    )


def test_the_longest_address_is_no_crash(tmp_path: Path) -> None:
    """Its file's name may be longer than the file system takes: reading says so."""
    address = parse_address("a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".com")

    assert address == place(tmp_path, address=address)


def test_the_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """imapsync takes the text itself for a token when the path is wrong."""
    monkeypatch.chdir(tmp_path)

    assert tmp_path / "tokens" == tokens_folder(Path("."))
    assert tmp_path / "tokens" == tokens_folder(tmp_path / "below" / "..")


def test_the_folder_falls_back(tmp_path: Path) -> None:
    """Where there is no base the user's data folder has one."""
    assert user_data_folder() / "tokens" == tokens_folder(tmp_path / "gone")


def test_the_folder_falls_back_without_permission() -> None:
    """A folder that may not be written or entered is none; an own `tokens` in it is one.

    Token files that are there already are used where they lie.
    """
    with small_disk("1m") as disk:
        for name, mode in (("shut", 0o700), ("fixed", 0o755), ("ready", 0o755), ("used", 0o755)):
            (disk / name).mkdir(mode)
        own = disk / "ready" / "tokens"
        own.mkdir(0o777)
        own.chmod(0o777)
        (disk / "used" / "tokens").mkdir()
        (disk / "used" / "tokens" / "oauth2_tokens_a@b.example.txt").touch()
        printed = run_as_nobody(
            """
for name in ("", "shut", "fixed", "ready", "shut/below", "used"):
    print(place.tokens_folder(Path(sys.argv[1], name)) == Path(sys.argv[1], name, "tokens"))
path = place.place_of(
    "a@b.example",
    Path(sys.argv[1], "shut"),
    provider="",
    application="",
    known_names=set,
    unnamed_belongs_to=str,
)
print(path.name)
""",
            disk,
        )

    *folders, name = printed.splitlines()
    assert ["True", "False", "False", "True", "False", "True"] == folders
    assert "oauth2_tokens_a@b.example.txt" == name


@pytest.mark.only_on("linux", reason="elsewhere the longest path has another length")
def test_a_folder_too_deep_for_a_token_file_moves_to_the_users_data(tmp_path: Path) -> None:
    """The short name of a probe would fit there, a token file's wouldn't."""
    longest, left_over = 4095, 60  # linux/limits.h
    folder = tmp_path
    while longest - len(str(folder)) > left_over + 100:
        folder /= "x" * 100
        folder.mkdir()
    folder /= "x" * (longest - len(str(folder)) - left_over - 1)
    folder.mkdir()

    assert user_data_folder() / "tokens" == tokens_folder(folder)


def test_a_folder_that_may_not_be_read_is_said() -> None:
    """Token files that are in it must not seem to be missing."""
    with small_disk("256k") as disk:
        folder = disk / "tokens"
        folder.mkdir(mode=0o700)
        printed = run_as_nobody(
            """
try:
    place.tokens_folder(Path(sys.argv[1]))
except AppError as exc:
    print(exc.verdict.id, exc.parameters["folder"], exc.detail)
""",
            disk,
        )
    assert f"tokens_folder_unreadable {folder} Permission denied\n" == printed
