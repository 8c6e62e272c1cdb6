"""What to know of an application before it is chosen for a sign-in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.i18n.translation import N_, _

if TYPE_CHECKING:
    from core.providers.catalog import Provider
    from core.providers.fields import ProviderFields

OWN = "*"  # stands for a registration of the user's own; no application has this name
_NOT_VERIFIED = N_("Not verified live: nobody has signed in with these values so far.")


def remarks_of(provider: "Provider", domain: str) -> Mapping[str, str]:
    """What to know of each application, by its name: who must allow it, and whether it was tried.

    The empty name is the default for this domain.
    """
    remarks = {name: _remark(known) for name, known in provider.applications.items()}
    default = provider.application_for(domain) or provider.default_application
    own = _remark(provider)
    return {**remarks, "": remarks.get(default, own), OWN: own}


def _remark(known: "ProviderFields") -> str:
    return " ".join(filter(None, (known.consent, "" if known.verified else _(_NOT_VERIFIED))))
