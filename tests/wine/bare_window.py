"""The yardstick: a window with one label that closes after its first painted frame."""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class Painted(QObject):
    """Ends the program like --smoke-test, once a frame was painted."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Quit after a paint event."""
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
