"""The manual: in the Help menu, in the user's language, without a network."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QTextBrowser

from core.i18n.translation import LANGUAGES, use_language
from gui.widgets.manual import ManualDialog, manual_text
from program import ROOT
from servers import Stage
from test_gui_accessibility import clashes, nameless
from test_gui_mailboxes import Desktop
from window import Driven, MakeWindow


def opened(driven: Driven) -> ManualDialog:
    """Open it by its key."""
    driven.qtbot.keyClick(driven.window, Qt.Key.Key_F1)
    (dialog,) = driven.visible(ManualDialog)
    return dialog


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_is_in_the_language_of_the_window(
    stage: Stage, make_stage_window: MakeWindow, code: str
) -> None:
    """The page of the documentation, with all its headings and tables."""
    use_language(code)
    dialog = opened(make_stage_window(stage))
    page = dialog.findChildren(QTextBrowser)[0]
    name = "WINDOW.md" if "en" == code else f"WINDOW.{code}.md"
    source = (ROOT / "docs" / name).read_text("utf-8").replace("\xa0", " ")  # as in toPlainText
    shown = page.toPlainText()
    headings = re.findall(r"^#+ (.+)$", source, re.MULTILINE)
    assert 5 < len(headings)
    assert [] == [heading for heading in headings if heading not in shown]
    assert "|" not in shown
    assert ([], []) == (nameless(dialog), clashes(dialog))


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("en", ("Space or Enter", "Alt+1, Alt+2", "Ctrl+1, Ctrl+2", "Ctrl+, (comma)")),
        ("de", ("Leertaste oder Eingabetaste", "Alt+1, Alt+2", "Strg+1, Strg+2", "Strg+, (Komma)")),
        ("fr", ("Espace ou Entrée", "Alt+1, Alt+2", "Ctrl+1, Ctrl+2", "Ctrl+, (virgule)")),
    ],
)
def test_it_names_the_keys_that_no_letter_shows(code: str, keys: tuple[str, ...]) -> None:
    """In its table, in each language."""
    use_language(code)
    text = manual_text()
    assert [] == [key for key in keys if f"\n| {key} | " not in text]


def test_it_stays_open_beside_the_window(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is not modal, and there is one of it."""
    driven = make_stage_window(stage)
    dialog = opened(driven)
    assert not dialog.isModal()
    driven.qtbot.keyClick(driven.window, Qt.Key.Key_F1)
    assert [dialog] == driven.visible(ManualDialog)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_picture_and_no_link_is_broken(code: str) -> None:
    """What isn't shipped isn't named."""
    use_language(code)
    text = manual_text()
    assert "](" not in text.replace("](https://", "")
    assert "![" not in text


def test_a_link_to_another_page_is_its_text(tmp_path: Path) -> None:
    """One to the web stays a link."""
    page = "# A\n\n![x](x.png)\n\nSee [the log](LOG.md#a), or [it](https://imapsync.example/).\n"
    (tmp_path / "WINDOW.md").write_text(page, "utf-8")
    shown = "# A\n\nSee the log, or [it](https://imapsync.example/).\n"
    assert shown == manual_text((tmp_path / "nowhere", tmp_path))


def test_a_copy_without_it_says_so(tmp_path: Path) -> None:
    """It was built by somebody else."""
    assert "doesn't contain the manual" in manual_text((tmp_path,))


def test_a_link_opens_in_the_browser(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The page stays where it is."""
    page = opened(make_stage_window(stage)).findChildren(QTextBrowser)[0]
    before = page.toPlainText()
    desktop = Desktop()
    # The stub asks for bytes, which the function itself refuses.
    QDesktopServices.setUrlHandler("https", desktop, "open")  # type: ignore[arg-type]
    page.anchorClicked.emit(QUrl("https://imapsync.example/"))
    QDesktopServices.unsetUrlHandler("https")
    assert 1 == len(desktop.opened)
    assert before == page.toPlainText()
