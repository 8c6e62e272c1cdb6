"""The sentences that an event carries for the command line and the window."""

import pytest

from core.events import WaitingForBrowser


@pytest.mark.parametrize(
    ("label", "warning", "beginnings"),
    [
        ("Thunderbird", False, ['The page asks you to allow "Thunderbird". That is expected']),
        (
            "",
            False,
            ['The page asks you to allow your application "acme", which has the client ID'],
        ),
        (
            "Demo",
            True,
            ['The page asks you to allow "Demo".', "At the end, the browser will warn about"],
        ),
    ],
)
def test_what_the_browser_will_show(label: str, warning: bool, beginnings: list[str]) -> None:
    """The application by its name, if that is known, and the certificate of https://localhost."""
    event = WaitingForBrowser(
        url="https://provider.example/authorize",
        seconds=300.0,
        sign_in_as="you@example.com",
        application_label=label,
        application="acme",
        client_id="1234",
        opens_browser=True,
        takes_paste=True,
        takes_device_code=False,
        certificate_warning=warning,
    )
    sentences = event.expectations
    assert len(beginnings) == len(sentences)
    assert all(map(str.startswith, sentences, beginnings))
