"""Mailboxes that are signed in, with any clock, for soak.py and faults.py."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import proving  # noqa: F401  # the folders to import from

from core.cancel import Cancellation
from core.mailbox.get_token import get_token
from core.mailbox.job import Dependencies, Job, Request
from core.net.network import Network
from core.oauth.sign_in.certificate import Certificate
from core.oauth.sign_in.methods import SignInMethods
from core.providers.catalog import Catalog, Provider
from servers import ADDRESS, NO_DNS, PATIENT, Browser, fixed


@dataclass(frozen=True, slots=True)
class Household:
    """A folder, a certificate, and how to make jobs in it."""

    folder: Path
    certificate: Certificate
    clock: Callable[[], float]

    def job(self, number: int, providers: Mapping[str, Provider], cancelled: Cancellation) -> Job:
        """Return a job for one of many mailboxes."""
        request = Request(
            address=f"mailbox{number}@demo.example",
            folder=self.folder / "tokens",
            provider="demo",
            login_hint=ADDRESS,  # the server's one account signs in for all
            check=False,  # a login in simulated time proves nothing
            network=Network(PATIENT, self.folder / "ca.pem"),
        )
        own_file = self.folder / "providers.toml"
        dependencies = Dependencies(fixed(Catalog(providers, {}), own_file), NO_DNS, self.clock)
        return Job(request, dependencies, lambda event: None, cancelled)

    def sign_in(self, job: Job) -> Path:
        """Sign in by a browser that consents; return the path of the token file."""
        browser = Browser(self.certificate)
        outcome = get_token(job, SignInMethods(open_browser=browser, paste=None, wait=30))
        browser.close()
        return Path(outcome.file)


@contextmanager
def household(
    certificate: Certificate, *, trusted: bytes = b"", clock: Callable[[], float]
) -> Iterator[Household]:
    """Make a household in a temporary folder; `trusted` are further certificates."""
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_proof_") as name:
        folder = Path(name)
        (folder / "ca.pem").write_bytes(certificate.certificate_pem + trusted)
        # The machine's own certificates take 27 ms to read, for each question.
        (folder / "no_certificates.pem").touch()
        os.environ["SSL_CERT_FILE"] = str(folder / "no_certificates.pem")
        yield Household(folder, certificate, clock)
