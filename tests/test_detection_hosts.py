"""Whose a domain or a mail server is, by the catalog."""

from functools import partial
from pathlib import Path

import pytest

from core.detection.clues import Clue, Reason
from core.detection.detect import detect
from core.detection.hosts import clues_of_host, ends_with_label
from core.detection.question import Lookups
from core.errors import UsageProblem
from core.providers.catalog import load_catalog
from core.verdicts.verdict import Action
from servers import mail_servers, no_page

CATALOG = load_catalog()


def _filtered(mx: str, name: str, kind: str, timeout: float) -> list[str]:
    """A domain with this MX record, another one, and nothing else."""
    return ["20 mail.a.example", mx] if kind == "MX" else []


@pytest.mark.parametrize("label", CATALOG.mail_filters)
def test_a_filter_hides_the_mailbox(label: str) -> None:
    """Each shipped mail filter is named in the error; the user has to choose the provider."""
    for suffix in CATALOG.mail_filters[label]:
        lookups = Lookups(partial(_filtered, f"10 mx1.a{suffix}"), no_page)
        with pytest.raises(UsageProblem) as raised:
            detect("a@a.example", CATALOG, lookups=lookups)

        error = raised.value
        assert "mail_filter_hides_provider" == error.verdict.id
        assert Action.CHOOSE_PROVIDER is error.action
        expected = {"filter": label, "domain": "a.example", "mx_host": f"mx1.a{suffix}"}
        assert expected == error.parameters


@pytest.mark.parametrize(
    ("host", "suffix", "under"),
    [
        ("smtp.google.com", ".google.com", True),
        ("google.com", ".google.com", True),
        ("notgoogle.com", ".google.com", False),
        ("google.com.evil.example", ".google.com", False),
        ("ogle.com", ".google.com", False),
        ("", ".google.com", False),
    ],
)
def test_suffixes_end_on_label_borders(host: str, suffix: str, under: bool) -> None:
    """A suffix matches the host itself and its subdomains only."""
    assert under == ends_with_label(host, (".other.example", suffix))
    assert not ends_with_label(host, ())


def test_a_provider_of_ones_own_is_found(tmp_path: Path) -> None:
    """Domains and suffixes of the user's own providers are used too, before those without OAuth2.

    Whoever describes a provider knows that it offers OAuth2.
    """
    own = tmp_path / "providers.toml"
    own.write_text(
        """
        [providers.acme]
        authorize_uri = "https://login.acme.example/authorize"
        token_uri = "https://login.acme.example/token"
        scopes = ["mail"]
        imap_host = "imap.acme.example"
        domains = ["acme.example", "gmx.de"]
        mx_suffixes = [".mail.own.example"]
        applications.desk.client_id = "desk-id"
        """
    )
    catalog = load_catalog(own)
    lookups = mail_servers(lambda domain: ["10 mail.own.example"])
    for domain in ("acme.example", "gmx.de", "own.example"):
        assert "acme" == detect(f"foo@{domain}", catalog, lookups=lookups).provider


def test_a_shared_imap_server_is_that_of_its_owner(tmp_path: Path) -> None:
    """A provider that extends another takes none of its domains; a host of its own is its own."""
    own = tmp_path / "providers.toml"
    own.write_text(
        """
        [providers.ours]
        extends = "office365"
        [providers.acme]
        extends = "office365"
        imap_host = "imap.acme.example"
        """
    )
    catalog = load_catalog(own)
    for host, provider in (("outlook.office365.com", "office365"), ("imap.acme.example", "acme")):
        clues = clues_of_host(Reason.SRV, host, catalog)
        assert [Clue(Reason.SRV, host, provider)] == clues
