"""What a token endpoint gives."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that a token endpoint sent; `refresh` is empty if it sent no refresh token.

    `accounts` are the names of the account that signed in, as the tokens say: a hint, not a proof.
    `refresh_expires_at` is when the refresh token ends, and `scopes` are those that were granted,
    where the answer says so.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    issued_at: float | None
    expires_at: float | None
    accounts: tuple[str, ...] = ()
    refresh_expires_at: float | None = None
    scopes: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        """The first name of the account; empty if the tokens name none."""
        return next(iter(self.accounts), "")
