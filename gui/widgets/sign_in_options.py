"""The options of the next sign-in; their dialog is made when it is first needed."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.i18n.translation import _
from gui.model.plain_text import plain

if TYPE_CHECKING:  # imported when they are first needed
    from gui.model.option_values import OptionValues
    from gui.widgets.options_dialog import OptionsDialog


class SignInOptions(QObject):
    """Empty until the user, or the command line, sets something."""

    changed = Signal(bool)  # whether something is set
    edited = Signal()  # by the user
    get_token_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        """The dialog belongs to this window."""
        super().__init__(window)
        self._window = window
        self._is_made = False
        self._address = ""
        self._provider: tuple[str, Sequence[tuple[str, str]], bool] = ("", (), False)
        self._remarks: Mapping[str, str] = {}

    @cached_property
    def dialog(self) -> "OptionsDialog":
        """The dialog."""
        from gui.widgets.options_dialog import OptionsDialog

        dialog = OptionsDialog(self._window)
        self._is_made = True
        dialog.setWindowTitle(_title(self._address))
        label, applications, is_other = self._provider
        dialog.set_provider(label, applications, is_other=is_other, remarks=self._remarks)
        dialog.changed.connect(lambda: self.changed.emit(self.is_set))
        dialog.edited.connect(self.edited)
        dialog.get_token_wanted.connect(self.get_token_wanted)
        return dialog

    @property
    def is_set(self) -> bool:
        """Whether something is set."""
        return self._is_made and self.dialog.values() != _nothing()

    def values(self) -> "OptionValues":
        """Return what is set, right or wrong."""
        return self.dialog.values() if self._is_made else _nothing()

    def show_values(self, values: "OptionValues") -> None:
        """Replace what is set."""
        self.dialog.show_values(values)

    def clear(self) -> None:
        """Set nothing."""
        if self._is_made:
            self.dialog.show_values(_nothing())

    def set_address(self, address: str) -> None:
        """Say in the title whose sign-in it is; empty for one that has no address yet."""
        self._address = address
        if self._is_made:
            self.dialog.setWindowTitle(_title(address))

    def set_provider(
        self,
        label: str,
        applications: Sequence[tuple[str, str]],
        *,
        is_other: bool,
        remarks: Mapping[str, str],
    ) -> None:
        """Offer the applications (name, label) of a provider; an empty label for no provider yet.

        `is_other`: the provider isn't in the list. `remarks` are those of the applications, as
        `remarks_of` returns them.
        """
        self._provider, self._remarks = (label, applications, is_other), remarks
        if self._is_made:
            self.dialog.set_provider(label, applications, is_other=is_other, remarks=remarks)

    def validate(self) -> bool:
        """Return whether all is right; the dialog shows what is wrong."""
        if not self._is_made or self.dialog.validate():
            return True
        self.open()
        self.dialog.validate()  # only a visible field takes the focus
        self.dialog.fit_height()
        return False

    def open(self) -> None:
        """Show the dialog."""
        self.dialog.show()
        self.dialog.fit_height()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def close(self) -> None:
        """Hide the dialog; what is set stays."""
        if self._is_made:
            self.dialog.hide()


def _title(address: str) -> str:
    if not address:
        return _('Options for the next "Get token"')
    return _("Options for the sign-in of {address}", address=plain(address))


def _nothing() -> "OptionValues":
    from gui.model.option_values import OptionValues

    return OptionValues()
