"""The options of a sign-in: what they offer, and that they count for one mailbox only."""

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.address import domain_of, parse_address, same_address
from core.errors import UsageProblem
from core.i18n.translation import _
from gui.controllers.parts import Parts
from gui.model.option_remarks import remarks_of
from gui.widgets.address_bar import DETECT, OTHER

if TYPE_CHECKING:  # imported when something is set
    from core.providers.fields import Registration
    from gui.model.option_values import OptionValues


class OptionsController(QObject):
    """Once a sign-in has used the options, they belong to its address, and to no other one."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._used_for = ""
        bar, options = parts.window.address_bar, parts.options
        bar.options_wanted.connect(self._open)
        bar.address_changed.connect(self._drop_for_another)
        bar.address_changed.connect(options.set_address)
        bar.provider_changed.connect(self._follow_choice)
        parts.provider_lookup.found.connect(self.offer_applications)
        options.changed.connect(bar.mark_options)
        options.edited.connect(self._belong_to_the_next)
        options.get_token_wanted.connect(bar.submit)

    def use(self, address: str) -> "OptionValues | None":
        """Return the options for the sign-in of an address; None if the user has to mend them."""
        options = self._parts.options
        self._drop_for_another(address)
        options.set_address(address)
        if not options.validate():
            return None
        options.close()
        self._used_for = address
        return options.values()

    def forget(self, address: str) -> None:
        """Empty them after the sign-in of this address: what worked is saved."""
        if self._used_for and same_address(_parsed(self._used_for), address):
            self._empty()

    def offer_applications(self) -> None:
        """Offer those of the provider that is chosen, or else detected, as they are now."""
        chosen = self._parts.window.address_bar.provider()
        name = chosen or self._parts.provider_lookup.provider
        provider = self._parts.mailboxes.catalog.providers.get(name)
        applications = provider.applications.values() if provider else ()
        address = _parsed(self._parts.window.address_bar.address())
        self._parts.options.set_provider(
            provider.label if provider else "",
            _named(applications),
            is_other=name == OTHER,
            remarks=remarks_of(provider, domain_of(address)) if provider else {},
        )

    def _follow_choice(self, name: str) -> None:
        """Offer those of another choice; if it is to be detected, the result of that tells more.

        Until then an application stays chosen that the detected provider may have too.
        """
        if name != DETECT:
            self.offer_applications()

    def _open(self) -> None:
        """Show the options; the default application depends on the address."""
        self.offer_applications()
        self._parts.options.set_address(self._parts.window.address_bar.address())
        self._parts.options.open()

    def _drop_for_another(self, address: str) -> None:
        used = self._used_for
        if used and not same_address(_parsed(used), _parsed(address)):
            had_some = self._parts.options.is_set
            self._empty()
            if had_some:
                self._parts.window.note(
                    _("The options for {address} are not used for another address", address=used)
                )

    def _empty(self) -> None:
        self._used_for = ""
        self._parts.options.clear()

    def _belong_to_the_next(self) -> None:
        """What the user changes is for the next sign-in, whatever its address."""
        self._used_for = ""


def _named(applications: Collection["Registration"]) -> list[tuple[str, str]]:
    """Return their names and labels; where two have the same label, it is followed by the name."""
    labels = {a.application: a.application_label or a.application for a in applications}
    times = Counter(labels.values())
    return [(n, f"{text} ({n})" if times[text] > 1 else text) for n, text in labels.items()]


def _parsed(text: str) -> str:
    """Return the address in a text, or the text."""
    try:
        return parse_address(text)
    except UsageProblem:
        return text
