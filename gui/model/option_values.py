"""What the options of one sign-in hold, and what it replaces."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.providers.overrides import Overrides


@dataclass(frozen=True, slots=True)
class OptionValues:
    """What the user typed, without surrounding blanks; empty (0) for the provider's own value."""

    application: str = ""
    tenant: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    certificate: str = ""
    key_file: str = ""
    issuer: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    scope: str = ""
    redirect_uri: str = ""
    imap_host: str = ""
    imap_port: int = 0  # negative for a wrong one, which core refuses
    login_hint: str = ""
    check: bool = True
    device_code: bool = False

    @property
    def describes_provider(self) -> bool:
        """Whether these are the endpoints of a provider, which then needs more fields."""
        return bool(self.authorization_endpoint or self.token_endpoint)

    def overrides(self, environment_secret: str = "") -> "Overrides":
        """Return what replaces the provider's own values; a key file names the client ID."""
        from core.providers.by_hand import by_hand  # imported by the first sign-in

        client_id = self.client_id
        if self.key_file and not client_id:
            from core.oauth.service_account import read_key_file

            client_id = read_key_file(Path(self.key_file))["client_id"]
        return by_hand(
            client_id=client_id,
            client_secret=self.client_secret or None,
            certificate=self.certificate,
            key_file=self.key_file,
            issuer=self.issuer,
            authorize_uri=self.authorization_endpoint,
            token_uri=self.token_endpoint,
            redirect_uri=self.redirect_uri,
            scopes=tuple(self.scope.split()),
            imap_host=self.imap_host,
            imap_port=self.imap_port,
            tenant=self.tenant,
            secret_from_environment=environment_secret,
        )
