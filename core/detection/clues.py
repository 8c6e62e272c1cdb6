"""A clue says which provider a domain seems to have, by what it is known, and what that weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from ..i18n.translation import N_, _
from ..plain_text import visible

_LONGEST_SHOWN = 253  # characters of a host name: RFC 1035 section 3.1


class Reason(StrEnum):
    """By what a provider, or that there is none, is known; `detect --json` shows these."""

    OWN_DOMAIN = "own_domain"
    MX = "mx"
    LATER_MX = "later_mx"
    AUTODISCOVER = "autodiscover"
    SRV = "srv"
    SPF = "spf"
    TENANT = "tenant"
    NATIONAL_CLOUD = "national_cloud"
    AUTOCONFIG = "autoconfig"
    MAIL_FILTER = "mail_filter"
    OTHER_MX = "other_mx"
    NO_MAIL = "no_mail"


class Meaning(NamedTuple):
    """What a reason weighs, and its words."""

    weight: int
    words: str


# The weights are an estimate of how often each clue is right. Whoever runs a domain sets MX,
# autodiscover, SRV and autoconfig for the mailboxes themselves. An SPF record also lists services
# that only send newsletters, and many domains have a tenant at Microsoft without mailboxes. A
# tenant in a national cloud is rare, and made for mailboxes.
MEANINGS: Mapping[Reason, Meaning] = MappingProxyType(
    {
        Reason.OWN_DOMAIN: Meaning(100, N_("{seen} is {owner}'s")),
        Reason.MX: Meaning(100, N_("the MX record of {domain} is {seen}")),
        Reason.LATER_MX: Meaning(20, N_("a later MX record is {seen}")),
        Reason.AUTODISCOVER: Meaning(40, N_("autodiscover points to {seen}")),
        Reason.SRV: Meaning(40, N_("the SRV record for IMAP names {seen}")),
        Reason.AUTOCONFIG: Meaning(40, N_("autoconfig names {seen}")),
        Reason.SPF: Meaning(20, N_("the SPF record includes {seen}")),
        Reason.TENANT: Meaning(20, N_("{owner} has a tenant for the domain ({seen})")),
        Reason.NATIONAL_CLOUD: Meaning(40, N_("{owner} has a tenant for the domain ({seen})")),
        Reason.MAIL_FILTER: Meaning(
            0, N_("the MX record of {domain} is {seen}: {owner}, which hides the provider")
        ),
        Reason.OTHER_MX: Meaning(0, N_("the MX record of {domain} is {seen}")),
        Reason.NO_MAIL: Meaning(0, N_("{domain} has no server that receives mail")),
    }
)


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that was seen.

    `provider` is the name of a provider, or of one without OAuth2; it is empty if the clue points
    to none. `seen` is a host or a domain, as plain text. `owner` is who has it, in words.
    """

    reason: Reason
    seen: str = ""
    provider: str = ""
    owner: str = ""

    @property
    def weight(self) -> int:
        """How much it counts for its provider."""
        return MEANINGS[self.reason].weight

    def words(self, domain: str) -> str:
        """What was seen, as a part of a sentence."""
        return _(
            MEANINGS[self.reason].words, domain=domain, seen=shown(self.seen), owner=self.owner
        )


def shown(seen: str) -> str:
    """A name from outside, bounded and without anything that acts on a terminal."""
    return visible(seen[:_LONGEST_SHOWN])
