"""A flat button that folds and unfolds what is below it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyleOptionToolButton, QToolButton, QWidget


class FoldButton(QToolButton):
    """Has an arrow that shows whether it is unfolded, which is whether it is checked."""

    def __init__(self, text: str, description: str, parent: QWidget | None = None) -> None:
        """`description` is for screen readers: what is folded."""
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleDescription(description)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.toggled.connect(self._turn)
        self._turn(False)

    def _turn(self, unfolded: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """The arrow tells the state: a button that looks pressed would tell it twice."""
        from PySide6.QtWidgets import QStyle  # its enumerations are slow to load

        super().initStyleOption(option)
        option.state &= ~(QStyle.StateFlag.State_On | QStyle.StateFlag.State_Sunken)
