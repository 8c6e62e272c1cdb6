"""From what stands in the fields to a request of the core."""

from pathlib import Path

from core.address import parse_address
from core.errors import UsageProblem
from core.mailbox.job import Request
from gui.widgets.address_bar import OTHER
from gui.widgets.advanced_panel import AdvancedValues


def build_request(
    address: str, provider: str, values: AdvancedValues, *, folder: Path, timeout: float = 15.0
) -> Request:
    """The request behind "Get token"; raises `UsageProblem` with the field's sentence."""
    if provider == OTHER and not values.authorization_endpoint:
        raise UsageProblem(
            "Another provider needs its endpoints",
            hint="Fill in the fields below: endpoints, client id, scope and IMAP server",
        )
    return Request(
        address=parse_address(address),
        folder=folder,
        provider="" if provider == OTHER else provider,
        application=values.application,
        overrides=values.overrides(),
        login_hint=parse_address(values.login_hint) if values.login_hint else "",
        check=values.check,
        protect=values.protect,
        network=values.network(timeout),
    )
