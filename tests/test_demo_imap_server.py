"""The demo's mailbox, and the tests' own, asked by the standard library's IMAP client."""

import imaplib
import ssl

import pytest

from core.demo.imap_server import ImapServer
from core.oauth.sign_in.certificate import Certificate
from faulty_servers.imap_server import Behaviour, FaultyImapServer

ACCOUNT, SHARED = "you@demo.example", "shared@demo.example"
TOKEN = "good-token"


def log_in(client: imaplib.IMAP4, user: str = ACCOUNT, token: str = TOKEN) -> None:
    """As the program does."""
    credentials = f"user={user}\x01auth=Bearer {token}\x01\x01".encode()
    client.authenticate("XOAUTH2", lambda challenge: b"" if challenge else credentials)


@pytest.fixture
def context(demo_certificate: Certificate) -> ssl.SSLContext:
    """Of a client that trusts the servers."""
    return ssl.create_default_context(cadata=demo_certificate.certificate_pem.decode())


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_session(demo_certificate: Certificate, context: ssl.SSLContext, host: str) -> None:
    """A token opens its account's mailbox and no other; a refusal leaves the session alive."""
    with (
        ImapServer(demo_certificate, {TOKEN: ACCOUNT}.get) as mailbox,
        imaplib.IMAP4_SSL(host, mailbox.port, ssl_context=context, timeout=20) as client,
    ):
        for user, token in ((SHARED, TOKEN), (ACCOUNT, "another")):
            with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
                log_in(client, user, token)
        log_in(client, ACCOUNT.upper())
        assert 3 == len(client.list()[1])
        with pytest.raises(imaplib.IMAP4.error, match="Unknown command"):
            client.getquotaroot("INBOX")


def test_its_folders_are_empty(demo_certificate: Certificate, context: ssl.SSLContext) -> None:
    """imapsync finds no message in them, after the login."""
    with (
        ImapServer(demo_certificate, {TOKEN: ACCOUNT}.get) as mailbox,
        imaplib.IMAP4_SSL("localhost", mailbox.port, ssl_context=context, timeout=20) as client,
    ):
        client.state = "AUTH"  # else imaplib refuses it by itself
        with pytest.raises(imaplib.IMAP4.error, match="not before the login"):
            client.select()
        client.state = "NONAUTH"
        log_in(client)
        assert ("OK", [b"0"]) == client.select("Sent")
        for found in (client.search(None, "ALL"), client.uid("SEARCH", "ALL")):
            assert ("OK", [b""]) == found
        _, [status] = client.status("Archive", "(MESSAGES)")
        assert status.startswith(b"Archive (MESSAGES 0 ")
        for answer in (client.create("New"), client.noop(), client.close()):
            assert "OK" == answer[0]


def test_the_faulty_mailbox(demo_certificate: Certificate, context: ssl.SSLContext) -> None:
    """It opens by STARTTLS to a delegate too, and changes its behaviour while a session is on."""
    with (
        FaultyImapServer(
            {TOKEN: ACCOUNT}.get,
            certificate=demo_certificate,
            starttls=True,
            delegates=[(ACCOUNT, SHARED)],
        ) as mailbox,
        imaplib.IMAP4("localhost", mailbox.port, timeout=20) as client,
    ):
        with pytest.raises(imaplib.IMAP4.error, match="CANNOT"):
            log_in(client)
        client.starttls(context)
        mailbox.behaviour = Behaviour.REFUSE
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            log_in(client)
        mailbox.behaviour = Behaviour.NORMAL
        log_in(client, SHARED)
        mailbox.behaviour = Behaviour.LIST_EMPTY
        assert ("OK", [None]) == client.list()
        assert ([TOKEN] * 2, 1, 1) == (mailbox.tokens_seen, mailbox.logins, mailbox.refusals)
