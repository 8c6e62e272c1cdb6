"""Detects the provider of an address: collects the clues of its domain, and weighs them.

The domain itself comes first, then its MX records. Only if they leave a doubt, the other sources
are asked too. If a doubt is left then, the error says what was found and what the user can choose.
"""

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from ..address import did_you_mean, domain_of
from ..errors import AppError, as_error
from ..i18n.translation import N_, _, joined
from ..net.network import Network
from ..providers.catalog import Catalog
from ..verdicts import local_settings
from .clues import Clue, Reason, shown
from .dns_records import hosts_of
from .hosts import clues_of_domain, clues_of_filter, clues_of_mx
from .question import Lookups, Question

# The weight that a provider must have more than the next one. Neither an SPF record nor a tenant is
# enough alone: many domains have both without a mailbox there.
SURE = 30
_FOUND = N_("{provider} ({clues})")
_CONTRADICTED = N_("{provider} ({clues}). Other clues: {others}.")
_POINTS_TO = N_("{clue} ({provider})")
_UNANSWERED = N_("Not everything answered in time: {sources}.")
_WITHOUT_CANDIDATES = {
    Reason.NO_MAIL: local_settings.DOMAIN_WITHOUT_MAIL,
    Reason.MAIL_FILTER: local_settings.MAIL_FILTER_HIDES_PROVIDER,
    Reason.OTHER_MX: local_settings.PROVIDER_NOT_FOUND,
}


@dataclass(frozen=True, slots=True)
class Detection:
    """What is known of the provider of a domain.

    `unanswered` are the sources that gave no answer in time. `error` says why there is no provider
    beyond doubt, or why its mailboxes can't be opened with OAuth2.
    """

    domain: str
    clues: tuple[Clue, ...] = ()
    unanswered: tuple[Reason, ...] = ()
    error: AppError | None = None

    @property
    def weights(self) -> dict[str, int]:
        """The weight of each provider that a clue points to, the heaviest first."""
        once = {(clue.provider, clue.reason): clue.weight for clue in self.clues if clue.provider}
        found: Counter[str] = Counter()
        for (provider, _reason), weight in once.items():
            found[provider] += weight
        return dict(found.most_common())

    @property
    def provider(self) -> str:
        """The provider's name; empty if the clues leave a doubt."""
        (best, weight), (_next, next_weight), *_rest = [*self.weights.items(), ("", 0), ("", 0)]
        return best if weight - next_weight >= SURE else ""

    def sentence(self, label: str = "") -> str:
        """What was detected and why; `label` replaces the provider's name."""
        pro = self.told({"", self.provider})
        contra = [
            _(_POINTS_TO, clue=words, provider=name)
            for name in self.weights
            for words in self.told({name})
            if words not in pro
        ]
        template = _CONTRADICTED if contra else _FOUND
        return _(
            template,
            provider=label or self.provider,
            clues=joined(pro, "; "),
            others=joined(contra, "; "),
        )

    def told(self, providers: Collection[str]) -> list[str]:
        """The words of the clues that point to these providers, or to none (""); each once."""
        clues = (clue for clue in self.clues if clue.provider in providers)
        return list(dict.fromkeys(clue.words(self.domain) for clue in clues))


def detect(
    address: str,
    catalog: Catalog,
    *,
    lookups: Lookups | None = None,
    network: Network | None = None,
) -> Detection:
    """Detect the provider of a parsed address, beyond doubt.

    Raises `UsageProblem` if the user has to choose it, and `TryAgain` if DNS doesn't answer.
    """
    found = examine(address, catalog, lookups=lookups, network=network)
    if found.error is not None:
        raise found.error
    return found


def examine(
    address: str,
    catalog: Catalog,
    *,
    lookups: Lookups | None = None,
    network: Network | None = None,
) -> Detection:
    """What is known of the provider of a parsed address, also if that leaves a doubt."""
    network = network or Network()
    deadline = time.monotonic() + network.timeout
    question = Question(domain_of(address), catalog, lookups or Lookups(), network, deadline)
    found = Detection(question.domain)
    try:
        found = _collected(question)
        _refuse_doubt(found, catalog)
    except AppError as exc:
        if meant := did_you_mean(address):
            exc.add_note(meant)
        if found.unanswered:
            exc.add_note(_(_UNANSWERED, sources=", ".join(found.unanswered)))
        return replace(found, error=exc)
    return found


def _collected(question: Question) -> Detection:
    """As few clues as are enough."""
    domain = question.domain
    if clues := clues_of_domain(domain, question.catalog):
        return Detection(domain, tuple(clues))
    found = Detection(domain, tuple(_by_mx(question)))
    if found.provider or found.clues[0].reason is Reason.NO_MAIL:
        return found
    from .sources import TIME_LIMIT, ask_side_by_side  # imported late: most domains need no other

    deadline = min(question.deadline, time.monotonic() + TIME_LIMIT)
    clues, unanswered = ask_side_by_side(replace(question, deadline=deadline))
    return Detection(domain, (*found.clues, *clues), unanswered)


def _by_mx(question: Question) -> list[Clue]:
    """The clues of the MX hosts that belong to providers, or the one that says that none does."""
    records = question.lookups.records(question.domain, "MX", question.left)
    hosts = [host for host in hosts_of(records) if host]
    if not hosts:  # RFC 7505: "MX 0 ." means that the domain takes no mail
        return [Clue(Reason.NO_MAIL)]
    found: list[Clue] = []
    for host in hosts:
        reason = Reason.LATER_MX if found else Reason.MX
        known = {clue.provider for clue in found}
        clues = clues_of_mx(reason, host, question.catalog)
        found += [clue for clue in clues if clue.provider not in known]
    if found:
        return found
    for host in hosts:
        if clues := clues_of_filter(host, question.catalog):
            return clues
    return [Clue(Reason.OTHER_MX, hosts[0])]


def _refuse_doubt(found: Detection, catalog: Catalog) -> None:
    """Raise the `UsageProblem` that says what to do if there is no provider with OAuth2."""
    if found.provider in catalog.providers:
        return
    if other := catalog.without_oauth.get(found.provider):
        raise as_error(local_settings.PROVIDER_WITHOUT_OAUTH, provider=other.label, page=other.page)
    if found.weights:
        raise as_error(
            local_settings.PROVIDER_UNCERTAIN,
            domain=found.domain,
            candidates=joined((_label(name, catalog) for name in found.weights), _(" or ")),
            clues=joined(found.told({"", *found.weights}), "; "),
        )
    clue = found.clues[0]
    raise as_error(
        _WITHOUT_CANDIDATES[clue.reason],
        domain=found.domain,
        mx_host=shown(clue.seen),
        filter=clue.owner,
    )


def _label(name: str, catalog: Catalog) -> str:
    if name in catalog.providers:
        return f"{catalog.providers[name].label} ({name})"
    return _("{provider} (without OAuth2)", provider=catalog.without_oauth[name].label)
