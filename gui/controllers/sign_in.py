"""The sign-in story on the screen: address, advanced fields, waiting, and how it ends."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.address import parse_address
from core.errors import AppError, UsageProblem
from core.mailbox.job import Request
from core.model import Outcome
from core.providers.catalog import Catalog
from gui.model.mailboxes import Mailboxes
from gui.model.messages import for_window
from gui.model.provider_lookup import ProviderLookup
from gui.model.settings import Settings
from gui.model.sign_in_task import SignInTask
from gui.model.start_arguments import StartArguments
from gui.widgets.address_bar import OTHER, AddressBar
from gui.widgets.advanced_panel import AdvancedPanel, AdvancedValues
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.waiting_panel import WaitingPanel


class SignInController(QObject):
    """Connects the parts that a person signs in with; owns none of them."""

    noted = Signal(str, bool)  # text, warning
    signed_in = Signal(Outcome)

    def __init__(
        self,
        *,
        address_bar: AddressBar,
        advanced: AdvancedPanel,
        waiting: WaitingPanel,
        error_panel: ErrorPanel,
        mailboxes: Mailboxes,
        settings: Settings,
        sign_in: SignInTask,
        lookup: ProviderLookup,
        parent: QObject | None = None,
    ) -> None:
        """The parts are the window's."""
        super().__init__(parent)
        self._bar = address_bar
        self._advanced = advanced
        self._waiting = waiting
        self._error_panel = error_panel
        self._mailboxes = mailboxes
        self._settings = settings
        self._sign_in = sign_in
        self._lookup = lookup
        self._start = StartArguments()
        self._connect()

    def _connect(self) -> None:
        bar, sign_in, waiting = self._bar, self._sign_in, self._waiting
        self._advanced.protect_chosen.connect(self._take_protect)
        bar.submitted.connect(self.get_token)
        bar.cancelled.connect(sign_in.cancel)
        bar.address_changed.connect(self._look_up)
        bar.provider_changed.connect(self._choose_provider)
        self._lookup.found.connect(bar.show_detection)
        sign_in.noted.connect(self.noted)
        sign_in.waiting.connect(waiting.wait)
        sign_in.paste_refused.connect(self._refuse)
        sign_in.succeeded.connect(self._succeed)
        sign_in.rehearsed.connect(self._end_rehearsal)
        sign_in.failed.connect(self._fail)
        sign_in.cancelled.connect(self._cancel)
        waiting.pasted.connect(sign_in.paste)
        waiting.open_again.connect(sign_in.open_again)

    def restore(self) -> None:
        """Fill the fields with the places that were chosen before."""
        settings = self._settings
        kept = AdvancedValues(
            token_folder=settings.token_folder, ca_file=settings.ca_file, protect=settings.protect
        )
        self._advanced.show_values(kept)
        self._mailboxes.protect = settings.protect

    def get_token(self, address: str, provider: str) -> None:
        """The button: what the fields say, or the first of them that is wrong."""
        self._error_panel.clear()
        if not self._advanced.validate():
            return
        values = self._advanced.values()
        self._take_places(values)
        folder = self._mailboxes.folder
        try:
            request = build_request(address, provider, values, folder=folder)
        except UsageProblem as exc:
            if provider == OTHER:
                self._advanced.show_for_other()
            self._error_panel.show_error(exc)
            return
        self._mailboxes.network = request.network
        start = self._start
        self.start(replace(request, token_file=start.token_file, start_over=start.start_over))
        self._start = replace(start, token_file=None, start_over=False)

    def obey(self, start: StartArguments) -> None:
        """Do as the command line says: file and start over count for the next sign-in alone."""
        self._start = start

    def start(self, request: Request) -> None:
        """Begin, and let the button cancel."""
        # First: it cancels one that is under way.
        self._sign_in.start(request, remote=self._start.remote)
        self._busy()

    def rehearse(self) -> None:
        """The whole job without an account."""
        self._sign_in.rehearse()
        self._busy()

    def _take_places(self, values: AdvancedValues) -> None:
        """Another token folder is the window's from now on; an emptied field: at the next start."""
        self._settings.ca_file = values.ca_file
        if values.token_folder == self._settings.token_folder:
            return
        self._settings.token_folder = values.token_folder
        if values.token_folder:
            self._mailboxes.folder = Path(values.token_folder).absolute()
            self._mailboxes.reload()
            for warning in self._mailboxes.folder_warnings():
                self.noted.emit(warning, True)

    def _take_protect(self, on: bool) -> None:
        """It holds for what is there too: nobody presses Get token for that."""
        self._mailboxes.protect = self._settings.protect = on

    def _busy(self) -> None:
        self._error_panel.clear()
        self._lookup.cancel()
        self._bar.set_busy(True)

    def _idle(self) -> None:
        self._waiting.end()
        self._bar.set_busy(False)

    def _look_up(self, address: str) -> None:
        if self._bar.provider():
            self._lookup.cancel()
            self._bar.show_detection("")
        else:
            self._lookup.look_up(address)

    def _choose_provider(self, name: str) -> None:
        catalog: Catalog = self._mailboxes.catalog
        provider = catalog.providers.get(name)
        applications = provider.applications.values() if provider else ()
        self._advanced.set_provider(
            provider.name if provider else "",
            provider.label if provider else "",
            [(a.name, a.label) for a in applications],
        )
        if name == OTHER:
            self._advanced.show_for_other()
        self._look_up(self._bar.address())

    def _refuse(self, error: AppError) -> None:
        self._waiting.refuse(f"{error.message}. {for_window(error.hint)}")

    def _succeed(self, outcome: Outcome) -> None:
        self._idle()
        self.noted.emit(f"The token of {outcome.address} is in {outcome.file}", False)
        self.signed_in.emit(outcome)

    def _end_rehearsal(self, outcome: Outcome) -> None:
        self._idle()
        self.noted.emit(f"The rehearsal went well; its token file is {outcome.file}", False)

    def _fail(self, error: AppError) -> None:
        self._idle()
        self._error_panel.show_error(error)

    def _cancel(self) -> None:
        self._idle()
        self.noted.emit("Cancelled; the token file is usable as before", False)


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
