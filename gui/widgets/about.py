"""The About dialog: version, licence, libraries, and the folders of log and configuration."""

from collections.abc import Callable
from pathlib import Path

import PySide6
from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from core import __version__
from core.i18n.translation import N_, _
from core.paths import own_providers_file, user_log_folder
from core.verdicts.verdict import NEWEST_RELEASE
from gui.model.icons import app_icon
from gui.system.open_external import NO_PROGRAM, open_external
from gui.widgets.close_button import buttons_with_close
from gui.widgets.licences import LicencesDialog
from gui.widgets.plain_label import PlainLabel

_QT_LICENCE_URL = "https://doc.qt.io/qt-6/lgpl.html"
_WIDEST = 60  # characters of a path that are visible at least
_TEXT = N_(
    "<h2>oauth2_imap {version}</h2>"
    "<p>Sign in once. oauth2_imap then keeps a valid OAuth2 token in a file for imapsync.</p>"
    '<p><a href="{releases}">Latest release</a></p>'
    "<p>Free software under the MIT licence. The window uses Qt {qt} and PySide6 {pyside} under "
    'the <a href="{qt_licence}">LGPL version 3</a>.</p>'
)


class AboutDialog(QDialog):
    """Opens links in the browser, and files and folders in the system's own programs."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        log_folder: Path | None = None,
        own_file: Path | None = None,
        open_url: Callable[[QUrl], object] = open_external,
    ) -> None:
        """`own_file` is the user's own providers.toml, which need not exist."""
        super().__init__(parent)
        self._log_folder = log_folder or user_log_folder()
        self._own_file = own_file or own_providers_file()
        self._open_url = open_url
        self.setWindowTitle(_("About oauth2_imap"))
        self._text = QLabel(
            _(
                _TEXT,
                version=__version__,
                releases=NEWEST_RELEASE,
                qt=qVersion(),
                pyside=PySide6.__version__,
                qt_licence=_QT_LICENCE_URL,
            )
        )
        self._open_log = QPushButton(_("Open the &log folder"))
        self._open_own = QPushButton(_("Open your &providers.toml"))
        self._problem = PlainLabel()
        self._buttons = buttons_with_close()
        self._licences = self._buttons.addButton(
            _("L&icences"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._text.setAccessibleName(_("About oauth2_imap"))
        size = self.style().pixelMetric(QStyle.PixelMetric.PM_LargeIconSize) * 2
        picture = PlainLabel()
        picture.setPixmap(app_icon().pixmap(size, size))
        self._problem.setWordWrap(True)
        self._problem.hide()
        places = QGridLayout()
        places.addWidget(_path_field(self._log_folder, _("Path of the log folder")), 0, 0)
        places.addWidget(self._open_log, 0, 1)
        places.addWidget(_path_field(self._own_file, _("Path of your providers.toml")), 1, 0)
        places.addWidget(self._open_own, 1, 1)
        places.setColumnStretch(0, 1)
        top = QHBoxLayout()
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._text, 1)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(places)
        column.addWidget(self._problem)
        column.addWidget(self._buttons)
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setFocus()

    def _connect(self) -> None:
        self._text.linkActivated.connect(lambda link: self._open(QUrl(link)))
        self._open_log.clicked.connect(lambda: self._open_folder(self._log_folder))
        self._open_own.clicked.connect(self._open_own_file)
        self._licences.clicked.connect(lambda: LicencesDialog(self).open())
        self._buttons.rejected.connect(self.reject)

    def _open_own_file(self) -> None:
        if self._own_file.exists():
            self._open(QUrl.fromLocalFile(str(self._own_file)))
        else:  # the folder in which the user can create it
            self._open_folder(self._own_file.parent)

    def _open_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            self._show_problem(
                _("The folder {folder} can't be created: {why}", folder=folder, why=exc.strerror)
            )
            return
        self._open(QUrl.fromLocalFile(str(folder)))

    def _open(self, url: QUrl) -> None:
        self._problem.hide()
        if not self._open_url(url):
            self._show_problem(_(NO_PROGRAM, address=url.toDisplayString()))

    def _show_problem(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.show()


def _path_field(path: Path, name: str) -> QLineEdit:
    field = QLineEdit(str(path))
    field.setReadOnly(True)
    field.setAccessibleName(name)
    field.setCursorPosition(0)
    metrics = field.fontMetrics()
    room = metrics.horizontalAdvance(field.text() + "MM")
    field.setMinimumWidth(min(room, metrics.averageCharWidth() * _WIDEST))
    return field
