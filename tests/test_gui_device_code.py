"""The wait for a sign-in on another device: the code, the QR code, and the browser beside it."""

from collections import deque
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QProgressBar

from core.events import WaitingForDevice
from core.qr_code import QUIET_ZONE, qr_modules
from faulty_servers.device_codes import ALLOWED, DENIED, PENDING
from gui.widgets.qr_code import QrCode
from servers import ADDRESS, MakeStage, Stage
from window import Driven, MakeWindow

PAGE = "https://microsoft.com/devicelogin"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A user who has not decided yet, in the browser and on the other device."""
    stage.browser.visits_pages = False
    stage.server.device_codes.states = deque([PENDING])
    return stage


def begun(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """A window that waits for the browser."""
    driven: Driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(driven.parts.waiting.isVisible)
    return driven


def with_code(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """A window that shows a code, while the browser waits too."""
    driven = begun(stage, make_stage_window)
    driven.click("On another device")
    driven.wait(lambda: driven.visible(QrCode))
    return driven


def buttons(driven: Driven) -> list[str]:
    """The texts of all visible buttons."""
    return [button.text().replace("&", "") for button in driven.visible(QAbstractButton)]


def test_the_code_is_shown(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Large and selectable, with the page and the time left; both can be copied or opened."""
    driven = with_code(stage, make_stage_window)
    given = stage.server.device_codes.given[0]
    code = next(label for label in driven.visible(QLabel) if label.text() == given["user_code"])
    assert code.font().pointSizeF() > 1.5 * driven.window.font().pointSizeF()
    assert code.textInteractionFlags() & code.textInteractionFlags().TextSelectableByKeyboard
    said = " ".join(label.text() for label in driven.visible(QLabel))
    assert f"Page: {given['verification_uri']}" in said
    assert f"Sign in as {ADDRESS}." in said
    assert [True] == [800 < bar.value() <= 900 for bar in driven.visible(QProgressBar)]
    driven.click("Copy code")
    assert given["user_code"] == QGuiApplication.clipboard().text()
    driven.click("Open page")
    driven.wait(lambda: stage.browser.opened[-1] == given["verification_uri_complete"])
    assert given["user_code"] in driven.parts.waiting.accessibleName()
    driven.click("Cancel")
    assert given["user_code"] not in [label.text() for label in driven.window.findChildren(QLabel)]


def test_the_device_wins(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The mailbox is in the list, though nobody used the browser."""
    stage.server.device_codes.states = deque([PENDING, ALLOWED])
    driven = with_code(stage, make_stage_window)
    driven.wait(lambda: driven.model.rows and not driven.busy())
    assert ADDRESS == stage.server.account_of(stage.file().access)
    assert not driven.parts.waiting.isVisible()


def test_back_to_the_browser(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Both wait; the button for the device shows the same code again."""
    driven = with_code(stage, make_stage_window)
    driven.click("Use the browser")
    assert not driven.visible(QrCode)
    driven.click("On another device")
    assert driven.visible(QrCode)
    assert 1 == len(stage.server.device_codes.given)


def test_a_code_that_fails(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The reason is shown beside the browser, which still waits; another code can be tried."""
    stage.server.device_codes.states = deque([DENIED, PENDING])
    driven = with_code(stage, make_stage_window)
    told = driven.label("paste_refused")
    driven.wait(lambda: told.isVisible() and "refused on the other device" in told.text())
    assert not driven.visible(QrCode)
    driven.click("On another device")
    driven.wait(lambda: driven.visible(QrCode))
    assert 2 == len(stage.server.device_codes.given)


def test_only_a_code(stage: Stage, make_stage_window: MakeWindow) -> None:
    """By the box in the options: no browser opens, and none can be chosen."""
    driven: Driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    dialog = driven.parts.options.dialog
    box = next(b for b in dialog.findChildren(QCheckBox) if "co&de" in b.text())
    box.click()
    assert driven.parts.options.values().device_code
    driven.click("Get token")
    driven.wait(lambda: driven.visible(QrCode))
    assert [] == stage.browser.opened
    assert "Use the browser" not in buttons(driven)


def test_a_provider_without_device_codes(
    make_stage: MakeStage, make_stage_window: MakeWindow
) -> None:
    """Nothing is offered that can't work."""
    stage = make_stage(device_authorization_uri="")
    stage.browser.visits_pages = False
    driven = begun(stage, make_stage_window)
    assert "On another device" not in buttons(driven)


@pytest.fixture
def code(qtbot: object) -> Iterator[QrCode]:
    """The QR code of Microsoft's page."""
    widget = QrCode()
    widget.show_text(PAGE)
    yield widget
    widget.deleteLater()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_it_is_crisp(code: QrCode, ratio: float) -> None:
    """Black on white whatever the theme is; each module is a whole number of pixels."""
    code.resize(code.sizeHint())
    side = int(code.width() * ratio)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill("red")
    code.render(image)
    colours = {image.pixel(x, y) & 0xFFFFFF for x in range(side) for y in range(side)}
    assert {0x000000, 0xFFFFFF} == colours
    modules = qr_modules(PAGE)
    dark = [(x, y) for x in range(side) for y in range(side) if not image.pixel(x, y) & 0xFFFFFF]
    left, top = min(x for x, _ in dark), min(y for _, y in dark)
    pixels = (max(x for x, _ in dark) - left + 1) / len(modules)
    assert pixels == int(pixels) >= 3
    assert min(left, top) >= QUIET_ZONE * pixels - 1
    middles = [int((n + 0.5) * pixels) for n in range(len(modules))]
    found = set(dark)
    assert modules == tuple(tuple((left + x, top + y) in found for x in middles) for y in middles)


def test_the_event_hides_the_code() -> None:
    """Neither a log nor an error can tell it."""
    event = WaitingForDevice("THE-CODE", PAGE, f"{PAGE}?c=THE-CODE", 900, ADDRESS, "", "a", "b")
    assert "THE-CODE" not in repr(event)
