"""What the soak and the faults share: options, figures, mailboxes that are really signed in.

Import it first: it makes the project's own modules importable, wherever a script is started from.
"""

import argparse
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.cancel import Cancellation
from core.job import Job, Request, Surroundings
from core.network import Network
from core.procedure import get_token
from core.providers.catalog import Catalog, Provider
from core.signin.certificate import Certificate
from core.signin.sign_in import Ways
from servers import PATIENT, Browser, no_dns


@dataclass(slots=True)
class Proof:
    """Prints figures as they come, and counts what must not be."""

    seed: int
    short: bool
    random: random.Random
    minutes: float
    breaches: int = 0
    began: float = field(default_factory=time.monotonic)

    def figure(self, what: str, value: object) -> None:
        """A line of the result."""
        print(f"{what:<58} {value}", flush=True)

    def check(self, holds: bool, breach: str) -> None:
        """Where it doesn't hold, say so."""
        if not holds:
            self.breaches += 1
            print(f"BREACH {breach}", flush=True)

    def end(self) -> int:
        """The exit code, after the last figures."""
        self.figure("seconds", f"{time.monotonic() - self.began:.0f}")
        self.figure("breaches", self.breaches)
        return 1 if self.breaches else 0


def begin(description: str, *, minutes: float = 0.0) -> Proof:
    """From the command line: `--short`, `--seed N`, `--minutes N`; the seed is printed."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="what CI has time for")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    if minutes:
        parser.add_argument("--minutes", type=float, help=f"of real time ({minutes:.0f})")
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311  # to be repeated, not to be secret
    proof = Proof(given.seed, given.short, chance, vars(given).get("minutes") or minutes)
    proof.figure("seed", given.seed)
    return proof


@dataclass(frozen=True, slots=True)
class Household:
    """A folder, a certificate, and how to make jobs in it."""

    folder: Path
    certificate: Certificate
    clock: Callable[[], float]

    def job(self, number: int, providers: Mapping[str, Provider], cancelled: Cancellation) -> Job:
        """For one of many mailboxes."""
        request = Request(
            address=f"mailbox{number}@demo.example",
            folder=self.folder / "tokens",
            provider="demo",
            check=False,  # a login in simulated time proves nothing
            network=Network(PATIENT, self.folder / "ca.pem"),
        )
        own_file = self.folder / "providers.toml"
        surroundings = Surroundings(Catalog(providers, {}), own_file, no_dns, self.clock)
        return Job(request, surroundings, lambda event: None, cancelled)

    def sign_in(self, job: Job) -> Path:
        """By a browser that consents; where the token file lies."""
        browser = Browser(self.certificate)
        outcome = get_token(job, Ways(open_browser=browser, paste=None, wait=30))
        browser.close()
        return Path(outcome.file)


@contextmanager
def household(
    certificate: Certificate, *, trusted: bytes = b"", clock: Callable[[], float]
) -> Iterator[Household]:
    """In a folder that is gone afterwards; `trusted` are further certificates."""
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_proof_") as name:
        folder = Path(name)
        (folder / "ca.pem").write_bytes(certificate.certificate_pem + trusted)
        # The machine's own certificates take 27 ms to read, for each question.
        (folder / "no_certificates.pem").touch()
        os.environ["SSL_CERT_FILE"] = str(folder / "no_certificates.pem")
        yield Household(folder, certificate, clock)
