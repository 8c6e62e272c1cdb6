"""Makes the requests to core: the same network, secret and protection for all mailboxes."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.address import parse_address
from core.mailbox.inventory import MailboxInfo
from core.mailbox.job import Request
from core.net.network import Network
from core.providers.overrides import Overrides
from gui.model.rehearsal import Rehearsal
from gui.model.token_files import TokenFiles

if TYPE_CHECKING:  # imported by the first sign-in
    from gui.model.option_values import OptionValues


@dataclass(slots=True)
class RequestMaker:
    """`environment_secret` is the client secret given there; `protect` is as in `Request`.

    A pretend mailbox needs nothing of all that.
    """

    files: TokenFiles
    rehearsal: Rehearsal
    network: Network
    environment_secret: str
    protect: bool | None = None

    def for_address(self, address: str) -> Request:
        """Return the request for an address of which nothing else is known."""
        return Request(
            address=address,
            folder=self.files.folder,
            overrides=Overrides(secret_from_environment=self.environment_secret),
            protect=self.protect,
            network=self.network,
        )

    def for_fields(self, address: str, provider: str, values: "OptionValues") -> Request:
        """Return the request that the fields describe; raises `AppError` for a wrong one."""
        return Request(
            address=parse_address(address),
            folder=self.files.folder,
            provider=provider,
            application=values.application,
            overrides=values.overrides(self.environment_secret),
            login_hint=parse_address(values.login_hint) if values.login_hint else "",
            check=values.check,
            protect=self.protect,
            network=self.network,
        )

    def for_file(self, info: MailboxInfo) -> Request:
        """Return the request for an existing token file, which names its registration."""
        if self.rehearsal.has(info.path):
            return self.rehearsal.request(info.address, info.path)
        request = self.for_address(info.address)
        return replace(request, token_file=info.path, login_hint=info.login_hint)

    def for_sign_in(self, info: MailboxInfo) -> Request:
        """Return the request for a new sign-in, even if the token is still valid."""
        return replace(
            self.for_file(info),
            provider=info.provider,
            application=info.application,
            start_over=True,
        )
