"""A line of the options: what to know of the application that is chosen."""

from collections.abc import Mapping

from gui.model.option_remarks import OWN
from gui.widgets.plain_label import PlainLabel


class ApplicationRemark(PlainLabel):
    """Hidden where there is nothing to say; `remarks` are as `remarks_of` returns them."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.remarks: Mapping[str, str] = {}

    def show_for(self, application: str, client_id: str) -> str:
        """Show the remark on an application, or on the user's own registration; return it."""
        is_own = bool(client_id) or application not in self.remarks
        remark = self.remarks.get(OWN if is_own else application, "")
        self.setText(remark)
        self.setVisible(bool(remark))
        return remark
