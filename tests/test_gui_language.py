"""The language of the window: how it is chosen, and that Qt's own texts and numbers follow."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from core.i18n.translation import LANGUAGES
from core.paths import SETTINGS_FILE
from gui.model.settings import Settings
from program import Program
from servers import Stage
from window import MakeWindow

# Runs the program, and prints what it speaks once its window has appeared.
_SPOKEN = """
import sys
from PySide6.QtCore import QCoreApplication, QLocale, QTimer
from core.i18n.translation import language
from gui.startup import app, window_face
from gui.widgets.key_button import key_button
begin = app.MainWindow
def made(geometry):
    window = begin(geometry)
    window.completed.connect(lambda: QTimer.singleShot(0, lambda: tell(window)))
    return window
def tell(window):
    cancel = QCoreApplication.translate("QPlatformTheme", "Cancel")
    tip = key_button("", "", "Ctrl+2").toolTip()
    print(language(), cancel, QLocale().toString(1234567) + tip)
    window.close()
app.MainWindow = made
sys.exit(window_face.main(sys.argv[1:]))
"""
GERMAN = "de Abbrechen 1.234.567 (Strg+2)"
FRENCH, ENGLISH = "fr Annuler 1\u202f234\u202f567 (Ctrl+2)", "en Cancel 1,234,567 (Ctrl+2)"
Speak = Callable[..., str]


@pytest.fixture
def spoken(tmp_path: Path) -> Speak:
    """Start the window on a system in a language; return what it speaks."""

    def speak(*arguments: str, system: str = "C.UTF-8", chosen: str = "") -> str:
        shown = {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": system}
        program = Program(tmp_path, tmp_path / "home", shown)
        file = program.own_file.with_name(SETTINGS_FILE)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"[General]\nlanguage={chosen}\n", "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", _SPOKEN, *arguments],
            cwd=tmp_path,
            env={**program.environment(), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return speak


@pytest.mark.parametrize(
    ("arguments", "chosen", "expected"),
    [
        ([], "", ENGLISH),
        ([], "de", GERMAN),
        ([], "tlh", ENGLISH),
        (["--language", "fr"], "", FRENCH),
        (["--language", "fr"], "de", FRENCH),
        (["--language", "en"], "de", ENGLISH),
    ],
)
def test_the_command_line_counts_before_the_settings(
    spoken: Speak, arguments: list[str], chosen: str, expected: str
) -> None:
    """What nobody has chosen, and what the program doesn't have, is the system's."""
    assert spoken(*arguments, chosen=chosen) == expected


@pytest.mark.only_on("linux", reason="other systems don't look at the variables")
@pytest.mark.parametrize(
    ("system", "chosen", "expected"),
    [("de_AT.UTF-8", "", "de"), ("fr_FR.UTF-8", "en", "en"), ("nl_NL.UTF-8", "", "en")],
)
def test_the_system_counts_where_nothing_is_chosen(
    spoken: Speak, system: str, chosen: str, expected: str
) -> None:
    """A language that the program doesn't have is English."""
    assert spoken(system=system, chosen=chosen).split()[0] == expected


def test_it_is_chosen_in_the_settings(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Each language in its own words; the dialog says when it counts."""
    driven = make_stage_window(stage)
    driven.click("Settings")
    box = driven.named(QComboBox, "Language")
    offered = [box.itemText(number) for number in range(box.count())]
    assert offered == ["As the system", *LANGUAGES.values()]
    assert "when you start oauth2_imap again" in box.accessibleDescription()
    box.setFocus()
    for code in LANGUAGES:
        driven.qtbot.keyClick(box, Qt.Key.Key_Down)
        assert driven.settings.language == code
    assert driven.button("Close")  # this window stays as it is


def test_it_is_remembered(tmp_path: Path) -> None:
    """By its code; empty for the system's."""
    settings = Settings(tmp_path / "s.ini")
    assert settings.language == ""
    settings.language = "fr"
    assert settings.language == "fr"
