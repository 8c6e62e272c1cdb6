"""Registrations of the user's own in one window that stays open, on the test bed."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit

from bed.as_provider import providers_toml
from bed.fixtures import Bed
from bed.users import ALICE, BOB, CAROL
from bed.walker import deliver, walk
from core.mailbox.job import Dependencies
from core.providers.live_catalog import LiveCatalog
from gui.widgets.address_bar import OTHER
from program import Program
from servers import NO_DNS
from window import Driven, MakeWindow

SCOPE = "openid offline_access https://outlook.office.com/IMAP.AccessAsUser.All"
LATER = 31 * 60.0  # seconds; more than the interval of the refreshes


@dataclass(frozen=True, slots=True)
class Own:
    """A mailbox, and the registration that its user gives by hand."""

    address: str
    provider: str
    client_id: str
    has_secret: bool = False


OWN = (
    Own(ALICE, OTHER, "public-rotating"),
    Own(BOB, "office365", "public-static"),
    Own(ALICE, "office365", "desktop-secret", has_secret=True),
    Own(CAROL, "office365", "public-opaque"),
)


class Clock:
    """The time of this computer, put forward."""

    def __init__(self) -> None:
        """Begin with the true time."""
        self.ahead = 0.0

    def __call__(self) -> float:
        """The time in seconds since the epoch."""
        return time.time() + self.ahead


@pytest.fixture
def program(bed: Bed, tmp_path: Path) -> Program:
    """The command line, with the folder and the providers.toml of the window."""
    made = Program(tmp_path, tmp_path / "home")
    made.configure(providers_toml(bed))
    return made


@pytest.fixture
def clock() -> Clock:
    """The clock of the window."""
    return Clock()


@pytest.fixture
def driven(bed: Bed, make_window: MakeWindow, program: Program, clock: Clock) -> Driven:
    """The window."""
    dependencies = Dependencies(LiveCatalog(program.own_file), NO_DNS, clock)
    folder = program.folder / "tokens"
    return make_window(dependencies, folder, ca_file=bed.ca_file)


def sign_in(driven: Driven, bed: Bed, own: Own) -> Path:
    """Fill the fields as the user does, and sign in with a browser; return the token file."""
    providers = driven.named(QComboBox, "Provider")
    providers.setCurrentIndex(providers.findData(own.provider))
    driven.click("Options…")
    fields = {"Client ID": own.client_id}
    if own.has_secret:
        fields["Client secret"] = bed.client_secrets[own.client_id]
    if own.provider == OTHER:
        fields |= {
            "Authorization endpoint": bed.authorize_uri,
            "Token endpoint": bed.token_uri,
            "Scope": SCOPE,
            "IMAP server": bed.imap_host,
            "Port": str(bed.imap_port),
        }
    for name, text in fields.items():
        driven.named(QLineEdit, name).setText(text)
    driven.click("Close")
    driven.type_address(own.address)
    QGuiApplication.clipboard().clear()
    before = {row.path for row in driven.model.rows}
    driven.click("Get token")
    driven.wait(lambda: driven.shows("Copy the link"))
    driven.click("Copy the link")
    deliver(walk(QGuiApplication.clipboard().text(), own.address))
    driven.wait(lambda: len(driven.model.rows) > len(before) and not driven.busy())
    (path,) = {row.path for row in driven.model.rows} - before
    return path


def act(driven: Driven, path: Path, text: str) -> None:
    """Select the row of a token file, choose from its menu, and wait until all is done."""
    driven.click_row([row.path for row in driven.model.rows].index(path))
    driven.act(text)
    driven.rest()


def changed(paths: list[Path], before: list[bytes]) -> bool:
    """Whether each of the files has changed."""
    return all(path.read_bytes() != old for path, old in zip(paths, before, strict=True))


def secrets_sent(bed: Bed) -> set[tuple[str, str]]:
    """Which clients asked for tokens, and whose secret each of them sent."""
    return {(client, owner) for client, owner in bed.stats()["clients"]}


def test_four_registrations_in_one_window(
    bed: Bed, driven: Driven, program: Program, clock: Clock
) -> None:
    """Each is used for its own mailbox only, in the window, by the command line and the loop.

    They are a provider by hand, a client ID at a known provider, another one with a secret for a
    second mailbox of the first address, and a public one again.
    """
    paths: list[Path] = []
    for own in OWN:
        path = sign_in(driven, bed, own)
        paths.append(path)
        clock.ahead += 120  # a new token is not refreshed
        signed_in = path.read_bytes()
        act(driven, path, "Refresh now")
        assert signed_in != path.read_bytes()
        act(driven, path, "Test the login")
    assert ([], ["Fresh"] * 4) == (driven.failed, driven.states())

    before = [path.read_bytes() for path in paths]
    clock.ahead += LATER
    driven.mailboxes.refresh_due()
    driven.wait(lambda: changed(paths, before))
    driven.rest()
    assert ([], ["Fresh"] * 4) == (driven.failed, driven.states())

    before = [path.read_bytes() for path in paths]
    options = ("--ca_file", str(bed.ca_file), "--no_check", "--timeout", "30")
    for own, path in zip(OWN, paths, strict=True):
        done = program.run_here(*options, "--token_file", str(path), own.address)
        assert 0 == done.code, done.err
    assert changed(paths, before)

    before = [path.read_bytes() for path in paths]
    for provider, addresses in (("localhost", [ALICE]), ("office365", [ALICE, BOB, CAROL])):
        loop = ("--loop", "--until", "1s", "--provider", provider)
        done = program.run_here(*options, *loop, *addresses)
        assert 0 == done.code, done.err
    assert changed(paths, before)

    expected = {(own.client_id, own.client_id if own.has_secret else "") for own in OWN}
    assert expected == secrets_sent(bed)
