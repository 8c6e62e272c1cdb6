"""The icons: sharp at all sizes, visible on light and dark, different without colours."""

from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.model import icons
from gui.model.icons import IconState, app_icon, badged_icon, state_icon


def _contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of WCAG 2.2."""

    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("size", [16, 24, 32, 256])
def test_every_icon_has_every_size(qtbot: QtBot, size: int) -> None:
    """No icon is scaled by the system, and none is empty."""
    for icon in (app_icon(), *map(state_icon, IconState), *map(badged_icon, IconState)):
        image = icon.pixmap(size, size).toImage()
        assert QSize(size, size) in icon.availableSizes()
        assert QColor(image.pixelColor(size // 2, size // 2)).alpha() == 255


@pytest.mark.parametrize("colour", [icons.GREEN, icons.BLUE, icons.ORANGE, icons.RED])
@pytest.mark.parametrize("background", ["#ffffff", "#1e1e1e"])
def test_colours_stand_out(colour: str, background: str) -> None:
    """WCAG asks for 3:1, on light and on dark windows."""
    assert _contrast(QColor(colour), QColor(background)) >= 3


@pytest.mark.parametrize(("one", "other"), list(combinations(IconState, 2)))
def test_states_differ_by_shape(qtbot: QtBot, one: IconState, other: IconState) -> None:
    """Without colours the states still differ: in many pixels that are white or transparent."""

    def marks(state: IconState) -> list[bool]:
        image = state_icon(state).pixmap(32, 32).toImage()
        pixels = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
        return [p.alpha() < 128 or p.lightness() > 200 for p in pixels]

    differing = sum(a != b for a, b in zip(marks(one), marks(other), strict=True))
    assert differing > 60


def test_an_unknown_state_is_a_mistake(qtbot: QtBot) -> None:
    """A state without an icon raises an error."""
    with pytest.raises(ValueError, match="nonsense"):
        state_icon("nonsense")


def test_plain_names_will_do(qtbot: QtBot) -> None:
    """The rows of the model use the names of the states."""
    assert state_icon("sign-in").cacheKey() == state_icon(IconState.SIGN_IN).cacheKey()
