"""The order in which Tab goes through widgets that are made only when they are shown."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_into_tab_order(made: QWidget, panel: QWidget) -> None:
    """Let Tab reach the widgets in `made` where their panel is; Qt puts new ones at the end."""
    last = _before(panel)
    for widget in made.findChildren(QWidget):
        if _takes_tab(widget) and widget.window() is panel.window():  # no list of a combo box
            QWidget.setTabOrder(last, widget)
            last = widget


def _before(panel: QWidget) -> QWidget:
    """Return the widget from which Tab comes to the panel; itself if there is none."""
    widget = panel.previousInFocusChain()
    while widget not in (None, panel) and not _takes_tab(widget):
        widget = widget.previousInFocusChain()
    return widget or panel


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
