"""The test bed refuses what the real providers refuse; that it accepts, all tests at it show."""

import pytest

from bed import flow, imap
from bed.fixtures import Bed, do_without
from bed.install import MissingPart
from bed.users import ALICE, BOB, CAROL


def sign_in(bed: Bed, client_id: str, user: str) -> dict[str, str]:
    """Tokens for a user who consents."""
    return flow.sign_in(bed.issuer, bed.ca_file, client_id, user)


def refresh(bed: Bed, client_id: str, refresh_token: str) -> dict[str, str]:
    """Tokens for a refresh token."""
    return flow.refresh(bed.issuer, bed.ca_file, client_id, refresh_token)


def count_messages(bed: Bed, user: str, token: str, *, starttls: bool = False) -> int:
    """Log in and count what is in the inbox."""
    port = bed.starttls_port if starttls else bed.imap_port
    with imap.login(user, token, port=port, ca_file=bed.ca_file, starttls=starttls) as session:
        _, [count] = session.select("INBOX", readonly=True)
        assert count is not None
        return int(count)


def test_the_authorization_server_ends_grants(bed: Bed) -> None:
    """A rotated refresh token that comes again ends its grant; a revocation ends all of a user."""
    old = sign_in(bed, "public-rotating", ALICE)["refresh_token"]
    new = refresh(bed, "public-rotating", old)["refresh_token"]
    static = sign_in(bed, "public-static", ALICE)["refresh_token"]
    his = sign_in(bed, "public-static", BOB)["refresh_token"]
    for client, token in (("public-rotating", old), ("public-rotating", new)):
        with pytest.raises(flow.Refused, match="invalid_grant"):
            refresh(bed, client, token)
    assert static == refresh(bed, "public-static", static)["refresh_token"]

    bed.revoke(ALICE)

    with pytest.raises(flow.Refused, match="invalid_grant"):
        refresh(bed, "public-static", static)
    refresh(bed, "public-static", his)


@pytest.mark.parametrize("starttls", [False, True], ids=["imaps", "starttls"])
def test_dovecot_accepts_its_users_alone(bed: Bed, starttls: bool) -> None:
    """A JWT and an opaque token open their user's mailbox, until the opaque one is revoked."""
    jwt = sign_in(bed, "public-static", BOB)["access_token"]
    opaque = sign_in(bed, "public-opaque", CAROL)["access_token"]
    assert 3 == count_messages(bed, BOB, jwt, starttls=starttls)
    assert 3 == count_messages(bed, CAROL, opaque, starttls=starttls)
    bed.revoke(CAROL)
    for user, token in ((ALICE, jwt), (CAROL, opaque)):
        with pytest.raises(imap.LoginRefused, match="AUTHENTICATIONFAILED"):
            count_messages(bed, user, token, starttls=starttls)


def test_issued_has_every_secret(bed: Bed) -> None:
    """The watch over secrets knows all tokens, even those from before a restart."""
    answer = sign_in(bed, "public-static", ALICE)
    bed.stop_server()
    bed.start_server()
    given = {answer[name] for name in ("access_token", "refresh_token", "id_token")}
    assert given < bed.issued()


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_a_missing_part_fails_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    """Elsewhere it skips the test, with the reason."""
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Dovecot"):
        do_without(MissingPart("no Dovecot"))
