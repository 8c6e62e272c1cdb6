"""The window where it can do nothing, since the person's own providers.toml can't be read."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import AppError
from gui.widgets.about import AboutDialog
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.main_window import MainWindow


def explain(window: MainWindow, error: AppError) -> None:
    """Say why, and leave what helps: About opens that file."""
    window.address_bar.setEnabled(False)
    window.program_menu.addAction("&Quit").triggered.connect(window.close)
    window.help_menu.addAction("&About").triggered.connect(lambda: AboutDialog(window).exec())
    panel = ErrorPanel()
    panel.dismissed.connect(window.close)
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(panel)
    column.addStretch()
    window.furnish(content)
    panel.show_error(error)
