"""A sign-in that was begun: all that is needed to finish it, perhaps in another run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BegunSignIn:
    """The link, its state, and what the library needs to finish (`CodeClient.kept`)."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    kept: Mapping[str, Any] = field(repr=False)
