"""x"""

import pytest
from servers import ADDRESS, Stage
from window import MakeWindow
from gui.mailbox_model import Column


def test_get_token(stage: Stage, make_stage_window: MakeWindow) -> None:
    """x"""
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    assert driven.busy()
    driven.wait(lambda: driven.model.rowCount() == 1)
    print(driven.noted, driven.status(), driven.cells(Column.STATE))
    assert not driven.busy()
