"""Look up what an answer means: the first entry of the tables that fits."""

from . import (
    app_only,
    client_registration,
    device_code,
    google,
    http_answers,
    imap,
    microsoft,
    network,
    oauth,
    other_providers,
)
from .verdict import Symptom, Verdict

# In this order: what is said to one grant alone. Microsoft's codes say most. An overloaded server
# says nothing about a token. Then a provider's own words say more than the standards' names.
TABLES: tuple[tuple[Verdict, ...], ...] = (
    app_only.VERDICTS,
    microsoft.VERDICTS,
    http_answers.VERDICTS,
    client_registration.VERDICTS,
    device_code.VERDICTS,
    google.VERDICTS,
    other_providers.VERDICTS,
    oauth.VERDICTS,
    imap.VERDICTS,
    network.VERDICTS,
)


def match(symptom: Symptom) -> Verdict:
    """The verdict on an answer; each table ends with an entry for what nobody foresaw."""
    return next(
        verdict
        for table in TABLES
        for verdict in table
        if any(pattern.fits(symptom) for pattern in verdict.patterns)
    )
