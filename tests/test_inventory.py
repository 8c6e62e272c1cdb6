"""Tests of what the list of mailboxes knows of a token file."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from core.mailbox.inventory import mailbox_at, mailboxes_in
from core.paths import user_data_folder
from core.providers.catalog import Catalog, load_catalog
from core.tokenfile.format import TokenFile, serialize

ADDRESS = "you@example.com"
OWN = """
[providers.office365.applications.ours]
client_id = "ours-id"
imap_host = "imap.ours.example"
imap_port = 143
imap_starttls = true
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The shipped providers, and an application of the user's own with another server."""
    own = tmp_path / "providers.toml"
    own.write_text(OWN)
    return load_catalog(own)


def put(folder: Path, name: str, **facts: Any) -> Path:
    """Write a token file."""
    path = folder / name
    file = TokenFile("an-access-token", "a-refresh-token", account=ADDRESS, **facts)
    path.write_bytes(serialize(file, now=0))
    return path


@pytest.mark.parametrize(
    ("application", "server"),
    [
        ("ours", ("imap.ours.example", 143, True)),
        ("thunderbird", ("outlook.office365.com", 993, False)),
        ("", ("outlook.office365.com", 993, False)),
        ("gone", ("outlook.office365.com", 993, False)),
    ],
)
def test_the_imap_server_is_that_of_the_application(
    tmp_path: Path, catalog: Catalog, application: str, server: tuple[str, int, bool]
) -> None:
    """An application may have another server than its provider."""
    path = put(tmp_path, "x.txt", provider="office365", application=application)
    info = mailbox_at(path, catalog)
    assert server == (info.imap_host, info.imap_port, info.imap_starttls)
    assert ("office365", application) == (info.provider, info.application)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        (f"oauth2_tokens_office365_{ADDRESS}.txt", ("office365", "")),
        (f"oauth2_tokens_imapsync_gmail_{ADDRESS}.txt", ("gmail", "imapsync")),
        (f"oauth2_tokens_{ADDRESS}.txt", ("", "")),
        ("mine.txt", ("", "")),
    ],
)
def test_a_file_of_the_perl_script_is_known_by_its_name(
    tmp_path: Path, catalog: Catalog, name: str, known: tuple[str, str]
) -> None:
    """It names no provider in its lines."""
    info = mailbox_at(put(tmp_path, name), catalog)
    assert known == (info.provider, info.application)
    assert bool(known[0]) == bool(info.imap_host)


def test_the_users_folder_is_looked_up_once_for_all_files(tmp_path: Path, catalog: Catalog) -> None:
    """A lookup takes longer than reading a token file."""
    for number in range(3):
        put(tmp_path, f"oauth2_tokens_{number}{ADDRESS}.txt")
    lookups = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is user_data_folder.__code__:
            lookups.append(frame)

    sys.setprofile(watch)
    try:
        infos = mailboxes_in(tmp_path, catalog)
    finally:
        sys.setprofile(None)
    assert (3, 1) == (len(infos), len(lookups))
