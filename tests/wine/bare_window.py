"""The yardstick: a window with one label that ends after its first painted frame."""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class Painted(QObject):
    """Ends the program, as the window's --smoke-test does."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Once the frame has been painted."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, QApplication.quit)
        return False


app = QApplication(sys.argv[:1])
window = QMainWindow()
window.setCentralWidget(QLabel("Hello"))
window.resize(920, 800)
watcher = Painted()
window.installEventFilter(watcher)
window.show()
sys.exit(app.exec())
