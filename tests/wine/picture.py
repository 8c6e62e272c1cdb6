"""Writes a picture of a window on the X display: `picture.py WINDOW FILE`, 0 for all of it."""

import sys

from PySide6.QtGui import QGuiApplication

app = QGuiApplication(sys.argv[:1])
screen = QGuiApplication.primaryScreen()
if not screen.grabWindow(int(sys.argv[1])).save(sys.argv[2], "PNG"):
    sys.exit("there is nothing to save")
