"""Values that the user gave by hand and that replace those of the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Overrides:
    """The given fields by name, checked, as `by_hand` returns them.

    An empty `client_secret` means that there is none. `secret_from_environment` is used only for an
    application that needs a secret and has none.
    """

    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    secret_from_environment: str = field(default="", repr=False)

    def text(self, name: str) -> str:
        """A given field that is a text; empty if it was not given."""
        return str(self.given.get(name, ""))
